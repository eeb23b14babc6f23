"""Steps of staff at several moments of a cohort: what was printed beforehand, and what then stood in the outbox."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cli.common.preview_words import email_lines
from domain.cohort.dates import cohort_dates
from domain.labels import label
from rehearsal.environment import STAFF, Environment
from rehearsal.time_skipping import EARLIEST_TIME
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import CohortOverview
from schemas.cohort.roles import NewRoleHolder
from schemas.cohort.settings import (
    ApplicationWindow,
    CohortSettings,
    HalfDay,
    HalfDaySession,
    Institute,
    ProgramContact,
    ProposalSettings,
)
from schemas.enums import Recipient, Side
from schemas.errors import Refusal
from schemas.ids import mentorship_workflow_id
from schemas.matching.messages import MatchRequest
from schemas.mentorship.state import Progress
from schemas.preview import StepResult
from services import application_window, cohorts, matching, proposals, roles, settings
from services.applications.review import Decision, preview_review, review
from services.cohort_workflows import cohort_workflow
from services.kickoff import starts
from storage import cohorts as stored
from storage import kickoff, mentorships, outbox

ZONE = ZoneInfo("America/Chicago")
KICKOFF = date(2027, 5, 14)
# Early: nothing is due. In time: people apply. Late: invitations are out. Past: the kickoff is over.
MOMENTS = {
    "early": datetime(2027, 1, 12, 10, tzinfo=ZONE),
    "in time": datetime(2027, 2, 10, 10, tzinfo=ZONE),
    "late": datetime(2027, 4, 20, 10, tzinfo=ZONE),
    "eve": datetime(2027, 5, 13, 22, tzinfo=ZONE),
    "past": datetime(2027, 5, 20, 10, tzinfo=ZONE),
}
TO_BE_SENT = """
    select count(*) from outbox where cohort_id = $1
    and (state = 'sending' or (state = 'queued' and next_attempt_at < now() + interval '1 minute'))
"""
Emails = Counter[tuple[str, str]]
UseCase = Callable[["Class"], Awaitable[Any]]


@dataclass
class Taken:
    """A step that was taken: what its preview printed, and the emails that it really led to, as (kind, to)."""

    printed: list[str] = field(default_factory=list)
    refused: tuple[str, str] | None = None
    really: Emails = field(default_factory=Counter)
    really_later: Emails = field(default_factory=Counter)
    subjects: list[tuple[datetime, str]] = field(default_factory=list)

    @property
    def foretold(self) -> Emails:
        """Return the emails that the printed preview foretells for this moment."""
        return _read(self.printed, later=False)

    @property
    def foretold_later(self) -> Emails:
        """Return the emails that the printed preview foretells for later."""
        return _read(self.printed, later=True)


@dataclass
class Class:
    """One cohort of the matrix at one moment."""

    environment: Environment
    folder: CohortFolder
    now: datetime

    @property
    def id(self) -> str:
        return self.folder.settings.id

    @property
    def services(self) -> Any:
        return self.environment.services

    def moved(self, **changes: object) -> CohortSettings:
        return self.folder.settings.model_copy(update=changes)

    async def idle(self) -> CohortOverview:
        """Wait until the cohort and its mentorships have done what is due, and all emails have left that may."""
        clocks = self.environment.workflow_clocks
        handle = cohort_workflow(self.services, self.id)
        overview = await clocks.wait_until_idle(handle, CohortOverview, EARLIEST_TIME)
        for row in await mentorships.mentorships(self.environment.pool, self.id):
            pair = self.services.workflow(mentorship_workflow_id(row["id"]))
            await clocks.wait_until_idle(pair, Progress, EARLIEST_TIME)
        await self.delivered()
        return overview

    async def delivered(self) -> None:
        """Wait until the sender has sent all emails but those that wait for office hours."""
        while await self.environment.pool.fetchval(TO_BE_SENT, self.id):  # noqa: ASYNC110 - the sender does not tell
            await asyncio.sleep(0.05)

    async def emails(self) -> dict[str, tuple[str, str, str]]:
        """Return (kind, to, state) of every email in the outbox, by key; ``to`` is a person's id, or staff."""
        pool = self.environment.pool
        pairs = {row["id"]: row for row in await mentorships.mentorships(pool, self.id)}
        found = {}
        for row in await outbox.emails_of_cohort(pool, self.id):
            person = row["scope_id"].partition("/")[2]
            if row["scope_id"] in pairs and row["recipient"] != Recipient.STAFF:
                person = pairs[row["scope_id"]][f"{row['recipient']}_id"]
            found[row["key"]] = label(row["kind"]), person or row["recipient"], row["state"]
        return found

    async def take(self, preview: UseCase, step: UseCase) -> Taken:
        """Ask for the preview, take the step, and look into the outbox once everything has come to rest."""
        taken, before = Taken(), await self.emails()
        try:
            previewed: StepResult = await preview(self)
            assert previewed.preview is not None
            taken.printed = list(email_lines(previewed.preview, ids=True)) if previewed.preview.changes else []
        except Refusal as refusal:
            taken.refused = str(refusal), ""
        try:
            await step(self)
        except Refusal as refusal:
            taken.refused = (taken.refused or ("", ""))[0], str(refusal)
        # What is refused leaves no trace, so nothing has to come to rest.
        if taken.refused is None:
            await self.idle()
        new = {key: one for key, one in (await self.emails()).items() if key not in before}
        taken.really = Counter((kind, to) for kind, to, state in new.values() if state == "sent")
        taken.really_later = Counter((kind, to) for kind, to, state in new.values() if state != "sent")
        taken.subjects = self._subjects(new)
        return taken

    async def live_on(self, taken: Taken) -> None:
        """Let time pass until the kickoff while nobody acts, and add what was enqueued meanwhile."""
        overview, before = await self.idle(), await self.emails()
        clocks, handle = self.environment.workflow_clocks, cohort_workflow(self.services, self.id)
        end = cohort_dates(await self.settings()).kickoff_at
        while overview.next_due_at and overview.next_due_at < end:
            due_at = overview.next_due_at
            await clocks.advance_to(handle, due_at, overview.clock_offset, due=True)
            self.environment.clock.set(self.id, due_at)
            overview = await clocks.wait_until_idle(handle, CohortOverview, due_at)
            await self.delivered()
        new = {key: one for key, one in (await self.emails()).items() if key not in before}
        taken.really_later += Counter((kind, to) for kind, to, _ in new.values())
        taken.subjects += self._subjects(new)

    async def settings(self) -> CohortSettings:
        return await stored.cohort_settings(self.environment.pool, self.id)

    def _subjects(self, emails: dict[str, tuple[str, str, str]]) -> list[tuple[datetime, str]]:
        messages = [
            self.environment.inbox.message(self.environment.settings, key)
            for key, (_, _, state) in emails.items()
            if state == "sent"
        ]
        return [(message["Date"].datetime, str(message["Subject"])) for message in messages]


def class_at(environment: Environment, folder: CohortFolder, name: str, now: datetime, **changes: object) -> Class:
    """Return a class of three mentors and three participants that nobody has created yet, at a moment."""
    half = HalfDay(id="last", label="Farewell", day=KICKOFF, begins=time(9), ends=time(12))
    given: dict[str, object] = {
        "id": name,
        "title": "A class",
        "institute": Institute(venue="Lodge", town="Ely", last_day=KICKOFF),
        "contact": ProgramContact(role="Chair", email="chair@example.org"),
        "applications": ApplicationWindow(opens_on=date(2027, 2, 1), closes_on=date(2027, 3, 15)),
        "proposals": ProposalSettings(),
        "session": HalfDaySession(half_days=(half,)),
    }
    people = {
        side: tuple(
            one.model_copy(update={"email": f"{name}.{one.email}", "ranks": (), "vetoes": (), "conflicts": ()})
            for one in getattr(folder, side)[:3]
        )
        for side in ("mentors", "mentees")
    }
    environment.clock.set(name, now.astimezone(UTC))
    own = CohortFolder(settings=CohortSettings.model_validate(given | changes), personas={}, **people)
    return Class(environment, own, now)


def _read(lines: list[str], *, later: bool) -> Emails:
    """Read the printed lines of a preview: who gets which kind of email, at once or later."""
    found: Emails = Counter()
    takes_in = False
    for line in lines:
        if counted := re.match(r"\d+ emails? leaves? (at once|on [\d :-]+):", line):
            takes_in = (counted[1] != "at once") is later
        elif line.startswith("  ") and takes_in:
            kind, _, people = line.strip().partition(": ")
            found.update((kind, person) for person in people.split(", "))
    return found


async def created(cohort: Class) -> None:
    await cohorts.create(cohort.services, STAFF, cohort.folder)
    await cohort.idle()


async def drafted(cohort: Class) -> None:
    await created(cohort)
    await matching.match_cohort(cohort.services, STAFF, cohort.id, MatchRequest())


async def proposed(cohort: Class) -> None:
    await drafted(cohort)
    await matching.publish(cohort.services, STAFF, cohort.id, 1, None)
    await cohort.idle()


async def all_final(cohort: Class) -> None:
    await proposed(cohort)
    for pair in await kickoff.published_pairs(cohort.environment.pool, cohort.id):
        await proposals.confirm(cohort.services, STAFF, cohort.id, pair.mentor_id, pair.mentee_id, note="by phone")
    await cohort.idle()


async def withdrawn(cohort: Class) -> None:
    await created(cohort)
    await review(cohort.services, STAFF, cohort.id, "P03", Decision.WITHDRAW, note="asked for it")
    await cohort.idle()


async def one_pair(cohort: Class) -> tuple[str, str]:
    pair = (await kickoff.published_pairs(cohort.environment.pool, cohort.id))[0]
    return pair.mentor_id, pair.mentee_id


@dataclass(frozen=True)
class Step:
    """A step of staff: what comes before it, its preview and itself; ``lives_on`` are the moments to follow up."""

    before: UseCase | None
    preview: UseCase
    take: UseCase
    moments: tuple[str, ...] = ("early", "in time", "late", "past")
    lives_on: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


def _window(action: application_window.WindowAction, until: date | None = None) -> tuple[UseCase, UseCase]:
    change = application_window.WindowChange(action=action, until=until)
    return (
        lambda one: application_window.preview_change(one.services, one.id, change),
        lambda one: application_window.change_window(one.services, STAFF, one.id, change),
    )


def _update(**changes: object) -> tuple[UseCase, UseCase]:
    return (
        lambda one: settings.preview_update(one.services, one.moved(**changes)),
        lambda one: settings.update(one.services, STAFF, one.moved(**changes)),
    )


def _review(decision: Decision) -> tuple[UseCase, UseCase]:
    return (
        lambda one: preview_review(one.services, one.id, "P03", decision),
        lambda one: review(one.services, STAFF, one.id, "P03", decision, note="on the phone"),
    )


async def _preview_confirm(one: Class) -> Any:
    return await proposals.preview_confirm(one.services, one.id, *await one_pair(one))


async def _confirm(one: Class) -> Any:
    return await proposals.confirm(one.services, STAFF, one.id, *await one_pair(one), note="by phone")


async def _decline(one: Class) -> proposals.ProposalDecline:
    mentor, mentee = await one_pair(one)
    return proposals.ProposalDecline(mentor=mentor, mentee=mentee, side=Side.MENTOR)


async def _preview_decline(one: Class) -> Any:
    return await proposals.preview_decline(one.services, one.id, await _decline(one))


async def _decline_for(one: Class) -> Any:
    return await proposals.decline_for(one.services, STAFF, one.id, await _decline(one), note="by phone")


TWO_DAYS_LATER = KICKOFF + timedelta(days=2)
MOVED = {
    "institute": Institute(venue="Lodge", town="Ely", first_day=KICKOFF, last_day=TWO_DAYS_LATER),
    "kickoff_on": TWO_DAYS_LATER,
}
ELSEWHERE = {"institute": Institute(venue="Camp", town="Ely", last_day=KICKOFF)}
CHAIR = NewRoleHolder(role="Chair", email="new.chair@example.org", starts_on=KICKOFF)
PUBLISH = (
    lambda one: matching.preview_publish(one.services, one.id, 1, None),
    lambda one: matching.publish(one.services, STAFF, one.id, 1, None),
)
STEPS = {
    "create": Step(
        None,
        lambda one: cohorts.preview_create(one.services, one.folder),
        lambda one: cohorts.create(one.services, STAFF, one.folder),
        lives_on=("early", "in time", "late"),
    ),
    "publish": Step(drafted, *PUBLISH, lives_on=("late",)),
    "publish unasked": Step(drafted, *PUBLISH, lives_on=("late",), settings={"proposals": None}),
    "confirm": Step(proposed, _preview_confirm, _confirm),
    "decline": Step(proposed, _preview_decline, _decline_for),
    "withdraw": Step(created, *_review(Decision.WITHDRAW)),
    "accept": Step(withdrawn, *_review(Decision.ACCEPT)),
    "open": Step(created, *_window(application_window.WindowAction.OPEN)),
    "extend": Step(created, *_window(application_window.WindowAction.EXTEND, date(2027, 4, 28))),
    "close": Step(created, *_window(application_window.WindowAction.CLOSE)),
    "move the kickoff": Step(all_final, *_update(**MOVED), lives_on=("late",)),
    "change the venue": Step(all_final, *_update(**ELSEWHERE), moments=("eve",)),
    "role": Step(
        created,
        lambda one: roles.preview_set_role(one.services, one.id, CHAIR),
        lambda one: roles.set_role(one.services, STAFF, one.id, CHAIR),
        moments=("late",),
    ),
    "start": Step(
        all_final,
        lambda one: starts.preview_start(one.services, one.id),
        lambda one: starts.start(one.services, STAFF, one.id),
        moments=("late", "past"),
    ),
}


async def take_twice(environment: Environment, folder: CohortFolder, name: str, moment: str) -> tuple[Taken, Taken]:
    """Take a step at a moment for the first time and again; nobody acts between the two."""
    step = STEPS[name]
    cohort_id = f"{name}-{moment}".replace(" ", "-")
    cohort = class_at(environment, folder, cohort_id, MOMENTS[moment], **step.settings)
    if step.before:
        await step.before(cohort)
    first = await cohort.take(step.preview, step.take)
    again = await cohort.take(step.preview, step.take)
    if moment in step.lives_on:
        await cohort.live_on(first)
    return first, again


async def take_all(environment: Environment, folder: CohortFolder) -> dict[tuple[str, str], tuple[Taken, Taken]]:
    """Take every step at every moment, side by side; classes that begin come last, for they make past mentors."""
    cells = [(name, moment) for name, step in STEPS.items() for moment in step.moments]
    taken: dict[tuple[str, str], tuple[Taken, Taken]] = {}
    for last in (False, True):
        group = [cell for cell in cells if (cell[1] == "past") is last]
        several = await asyncio.gather(*(take_twice(environment, folder, *cell) for cell in group))
        taken |= dict(zip(group, several, strict=True))
    return taken
