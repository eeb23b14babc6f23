"""One class with a single pair, as its two people see it: their emails, their keyboards, and what is stored of them."""

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import parseaddr

import asyncpg

from domain.calendar import local_time, morning
from rehearsal.cohort_simulation import SET_UP_BEFORE
from rehearsal.delivery import wait_for_delivery_to_cohort
from rehearsal.environment import Environment
from rehearsal.inbox import plain_text
from rehearsal.subcommittee import Subcommittee
from rehearsal.time_skipping import EARLIEST_TIME
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import CohortOverview
from schemas.cohort.state import CohortState
from schemas.enums import EmailKind, Side
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id, mentorship_workflow_id
from services.workflow_calls import Handle
from storage import cohorts, mentorships, outbox
from tests.web.keyboard import Keyboard
from tests.workflows.one_pair import OnePair

LINK = re.compile(r"https?://[^/\s]+(/(?:a|r|m|address)/\S+)")


@dataclass
class Life:
    """Two people of a class, from the day before applications open; the pair is there once it has begun."""

    environment: Environment
    folder: CohortFolder
    keyboards: dict[Side, Keyboard]
    people: dict[Side, str] = field(default_factory=dict)
    addresses: dict[Side, str] = field(default_factory=dict)
    own: dict[Side, str] = field(default_factory=dict)
    pair: OnePair | None = None

    @property
    def cohort(self) -> str:
        """The class's id."""
        return self.folder.settings.id

    @property
    def pool(self) -> asyncpg.Pool:
        """The database."""
        return self.environment.pool

    async def create(self) -> None:
        """Create the class with its participants, the day before people may apply."""
        settings = self.folder.settings
        assert settings.applications
        starts_at = morning(settings.applications.opens_on - timedelta(days=1), settings.time_zone) - SET_UP_BEFORE
        await cohorts.save_cohort(self.pool, settings, (), self.folder.mentees, starts_at)
        state = CohortState(cohort_id=self.cohort, clock_offset=starts_at - datetime.now(starts_at.tzinfo))
        self._handle: Handle = await self.environment.client.start_workflow(
            COHORT_WORKFLOW, state, id=cohort_workflow_id(self.cohort), task_queue=self.environment.settings.task_queue
        )
        self.environment.clock.set(self.cohort, starts_at)
        self._overview = await self._idle(EARLIEST_TIME)

    async def until(self, moment: datetime) -> None:
        """Let time pass before the kickoff."""
        clocks = self.environment.workflow_clocks
        while (due := self._overview.next_due_at) and due <= moment:
            await clocks.advance_to(self._handle, due, self._overview.clock_offset, due=True)
            self.environment.clock.set(self.cohort, due)
            self._overview = await self._idle(due)
        await clocks.advance_to(self._handle, moment, self._overview.clock_offset, due=False)
        self.environment.clock.set(self.cohort, moment)
        self._overview = await self._idle(moment)

    async def on(self, day: date, at: time = time(12)) -> None:
        """Let time pass until a day, before the kickoff or after it."""
        if self.pair:
            await self.pair.on(day, at)
        else:
            await self.until(local_time(day, at, self.folder.settings.time_zone))

    @property
    def staff(self) -> Subcommittee:
        """Staff, who take their steps by the same use cases as the commands."""
        return Subcommittee(self.environment, self.folder)

    async def begin(self) -> None:
        """Take up the mentorship that has started."""
        [row] = await mentorships.mentorships(self.pool, self.cohort)
        handle: Handle = self.environment.client.get_workflow_handle(mentorship_workflow_id(row["id"]))
        self.pair = OnePair(self.environment, self.folder, row["id"], handle)
        self.environment.clock.set(row["id"], (await self.pair.progress_at()).now)

    async def settle(self) -> None:
        """Wait until what somebody did has had its effects, and its emails have arrived."""
        if self.pair:
            await self.pair.progress_at()
        await wait_for_delivery_to_cohort(self.pool, self.cohort)

    async def email(self, side: Side, kind: EmailKind) -> str:
        """Return the newest email of a kind that one side got, at the address that they have now."""
        message = await self.message(side, kind)
        assert parseaddr(str(message["To"]))[1] == self.addresses[side]
        return plain_text(message)

    async def message(self, side: Side, kind: EmailKind) -> EmailMessage:
        """Return the newest email of a kind to one side as it arrived."""
        await self.settle()
        rows = await outbox.emails_of_cohort(self.pool, self.cohort)
        mine = [row for row in rows if (row["kind"], row["recipient"]) == (kind, side)]
        assert mine, f"no {kind} to {side}: {[(row['kind'], row['recipient']) for row in rows]}"
        newest = max(mine, key=lambda row: row["enqueued_at"])
        return self.environment.inbox.message(self.environment.settings, newest["key"])

    async def open_email(self, side: Side, kind: EmailKind, part: str = "") -> Keyboard:
        """Open the first link of the newest email of a kind, or the first that has a part."""
        text = await self.email(side, kind)
        links = [link for link in LINK.findall(text) if part in link]
        await self.keyboards[side].open(links[0])
        return self.keyboards[side]

    async def own_page(self, side: Side) -> Keyboard:
        """Open one side's own page."""
        await self.keyboards[side].open(self.own[side])
        return self.keyboards[side]

    async def on_own_page(self, side: Side) -> str:
        """Return what one side's own page says now."""
        return await (await self.own_page(side)).text()

    async def answers(self, side: Side, milestone: str) -> dict[str, str]:
        """Return what is stored of one side's newest answers to a milestone."""
        row = await self.pool.fetchval(
            "select answers from response where mentorship_id = $1 and milestone_id = $2 and side = $3"
            " order by revision desc limit 1",
            self.mentorship,
            milestone,
            side,
        )
        return dict(json.loads(row or "{}"))

    @property
    def mentorship(self) -> str:
        """The mentorship's id."""
        assert self.pair
        return self.pair.mentorship

    async def _idle(self, reached: datetime) -> CohortOverview:
        overview = await self.environment.workflow_clocks.progress(self._handle, CohortOverview, reached)
        await wait_for_delivery_to_cohort(self.pool, self.cohort)
        return overview
