"""The simulation of one mentorship: time advances to the next due moment, visit or call, whichever comes first."""

import heapq
import itertools
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import Protocol

from temporalio.client import WorkflowHandle

from domain.calendar import local_day
from rehearsal.delivery import wait_until_mentorship_idle
from rehearsal.environment import Environment
from rehearsal.http_client import FormValues, open_page, open_steps, submit_form
from rehearsal.inbox import ReceivedEmail
from rehearsal.opportunity_choices import choose_opportunities
from rehearsal.pages_seen import OpportunityChoice
from rehearsal.personas import SimulatedParticipant, Visit
from rehearsal.staff_actions import Call, carry_out, planned_calls
from rehearsal.time_skipping import EARLIEST_TIME, LATEST_TIME
from schemas.enums import MilestoneKind, Side
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.state import Progress

# Visits so close together share one jump of the clock, which is then a few minutes ahead of the first of them.
SAME_ACTION_WITHIN = timedelta(minutes=4)

# Forms whose answers cause an email or a new plan at once (domain/mentorship/response_effects.py).
IMMEDIATE_FORMS = (MilestoneKind.AGREEMENT, MilestoneKind.MEETING, MilestoneKind.THANKS, MilestoneKind.CHECK_IN)

# The button that saves a form and leads to the next one.
GOES_ON, GO_ON = 'name="act" value="continue"', {"act": "continue"}

Action = Callable[[], Awaitable[None]]
# Returns the mentorship that takes over, where one does.
StaffStep = Callable[[], Awaitable[str | None]]


class ProgressObserver(Protocol):
    """Observes how far a simulation has got."""

    def expect(self, mentorships: int) -> None:
        """Take note of how many mentorships will run."""
        ...

    def reached(self, mentorship: str, moment: datetime) -> None:
        """Learn that a mentorship got to a moment."""
        ...


class VisitDependency(Enum):
    """What a workflow needs of an action: its exact moment, only its response, or nothing."""

    TIMING = auto()
    RESPONSE = auto()
    NONE = auto()


@dataclass(frozen=True, order=True)
class ScheduledAction:
    """Something participants or staff do at a moment; ``order`` decides between actions at the same one.

    An answer without immediate effects needs no jump of the workflow's clock: only the time at which the page saved it
    counts.
    """

    at: datetime
    order: int
    run: Action = field(compare=False)
    dependency: VisitDependency = field(compare=False, default=VisitDependency.TIMING)


@dataclass
class MentorshipSimulation:
    """Simulates one mentorship; ``successors`` are the mentorships that took over from it so far.

    Everything before ``simulated_until`` has been done.
    """

    environment: Environment
    mentorship: str
    participants: Mapping[Side, SimulatedParticipant]
    time_zone: str
    observer: ProgressObserver
    successors: list[str] = field(default_factory=list)
    simulated_until: datetime = EARLIEST_TIME
    _actions: list[ScheduledAction] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=itertools.count)
    _due_at: datetime | None = None
    _clock_offset: timedelta = timedelta(0)
    _unfinished: tuple[str, FormValues] | None = None

    async def start(self) -> None:
        """Read the progress on the first day, and schedule the calls that participants will make."""
        self._due_at = await self._wait_until_idle(EARLIEST_TIME)
        progress = await self._progress()
        self._clock_offset = progress.clock_offset
        for side, participant in self.participants.items():
            for call in planned_calls(side, participant.script, self.time_zone):
                if call.at > progress.now:
                    self._schedule(call.at, partial(self._contact_staff, call))

    def schedule_staff_step(self, at: datetime, step: StaffStep) -> None:
        """Have staff do something at a moment that has not come yet."""
        self._schedule(at, partial(self._carry_out, step))

    async def resume(self) -> None:
        """Read again what the workflow waits for, where a database was restored."""
        self._due_at = await self._wait_until_idle(EARLIEST_TIME)
        self.simulated_until = self._next_moment() or LATEST_TIME

    async def run_until(self, until: datetime | None) -> None:
        """Run up to and including a moment; without one, until nothing is due and nobody has anything left to do."""
        await self._read_inbox()
        while (moment := self._next_moment()) is not None and (until is None or moment <= until):
            await self._run_actions_at(moment)
            await self._read_inbox()
            self.simulated_until = self._next_moment() or LATEST_TIME
            self.observer.reached(self.mentorship, moment)
        self.simulated_until = self._next_moment() or LATEST_TIME

    @property
    def _handle(self) -> WorkflowHandle[object, object]:
        return self.environment.client.get_workflow_handle(mentorship_workflow_id(self.mentorship))

    async def _run_actions_at(self, moment: datetime) -> None:
        due = moment == self._due_at
        actions = self._actions_from(moment)
        # Once nothing is due any more, the workflow has ended, and its clock with it.
        timed = self._due_at is not None and any(action.dependency is VisitDependency.TIMING for action in actions)
        if due or timed:
            await self.environment.workflow_clocks.advance_to(
                self._handle, actions[-1].at if actions else moment, self._clock_offset, due=due
            )
        for action in actions:
            self.environment.clock.set(self.mentorship, action.at)
            await action.run()
        await self._finish_form()
        self.environment.clock.set(self.mentorship, actions[-1].at if actions else moment)
        if due or any(action.dependency is not VisitDependency.NONE for action in actions):
            self._due_at = await self._wait_until_idle(moment)

    def _actions_from(self, moment: datetime) -> list[ScheduledAction]:
        """Return the actions that share one jump from a moment on: none at or after the next due moment."""
        limit = moment + SAME_ACTION_WITHIN
        actions: list[ScheduledAction] = []
        while (
            self._actions
            and self._actions[0].at <= limit
            and (self._due_at is None or self._actions[0].at < self._due_at)
        ):
            actions.append(heapq.heappop(self._actions))
        return actions

    def _next_moment(self) -> datetime | None:
        moments = [self._due_at, self._actions[0].at if self._actions else None]
        return min((moment for moment in moments if moment), default=None)

    async def _read_inbox(self) -> None:
        for email in await self.environment.inbox.new_emails(
            self.environment.pool, self.environment.settings, self.mentorship
        ):
            for visit in self.participants[email.to].visits_for(email):
                self._schedule(visit.at, partial(self._visit, email.to, visit), _dependency_of(visit))
            if at := self.participants[email.to].opportunities_time(email):
                self._schedule(at, partial(self._choose_opportunities, email, at), VisitDependency.NONE)

    def _schedule(self, at: datetime, run: Action, dependency: VisitDependency = VisitDependency.TIMING) -> None:
        heapq.heappush(self._actions, ScheduledAction(at, next(self._order), run, dependency))

    async def _visit(self, side: Side, visit: Visit) -> None:
        opened = open_steps if visit.milestone == MilestoneKind.AGREEMENT else open_page
        page = await opened(self.environment.http, visit.url)
        self.environment.pages_seen.add_page(self.mentorship, visit.milestone, side, visit.at, page.html)
        values = self.participants[side].respond_to(visit, page) if visit.submissions else None
        if not values:
            return
        goes_on = visit.goes_on and GOES_ON in page.html
        for time in range(visit.submissions):
            html = await submit_form(
                self.environment.http, visit.url, {**values, **GO_ON} if goes_on else values, again=time > 0
            )
            # Whoever goes on sees the next form, which is another visit.
            if not goes_on:
                self.environment.pages_seen.add_page(self.mentorship, visit.milestone, side, visit.at, html)
        self._unfinished = (visit.url, values) if goes_on else None

    async def _finish_form(self) -> None:
        """Submit the last form once more where there was none to go on to: what was said is then signaled at once."""
        if self._unfinished:
            await submit_form(self.environment.http, *self._unfinished)
            self._unfinished = None

    async def _choose_opportunities(self, email: ReceivedEmail, at: datetime) -> None:
        persona = self.participants[email.to].script.on(local_day(at, self.time_zone))
        choice = OpportunityChoice(mentorship=self.mentorship, side=email.to, at=at)
        await choose_opportunities(self.environment, email.opportunities_url, persona, choice)

    async def _contact_staff(self, call: Call) -> None:
        # Staff are not called about a mentorship that has ended, and its workflow would refuse the change.
        if (await self._progress()).outcome is None:
            await self._carry_out(partial(carry_out, call, self.environment, self.mentorship))

    async def _carry_out(self, step: StaffStep) -> None:
        successor = await step()
        self.successors += [successor] if successor else []

    async def _progress(self) -> Progress:
        return await self.environment.workflow_clocks.progress(self._handle, Progress, EARLIEST_TIME)

    async def _wait_until_idle(self, reached: datetime) -> datetime | None:
        return await wait_until_mentorship_idle(self.environment, self._handle, self.mentorship, reached)


def _dependency_of(visit: Visit) -> VisitDependency:
    if not visit.submissions:
        return VisitDependency.NONE
    kind = MilestoneKind(visit.milestone.partition("-")[0])
    return VisitDependency.TIMING if kind in IMMEDIATE_FORMS or visit.asks_for_call else VisitDependency.RESPONSE
