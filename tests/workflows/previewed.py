"""Steps of staff at several moments of a cohort: what was printed beforehand, and what then stood in the outbox."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from domain.cohort.dates import cohort_dates
from domain.labels import label
from domain.previews import email_lines
from rehearsal.environment import Environment
from rehearsal.time_skipping import EARLIEST_TIME
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import CohortOverview
from schemas.cohort.settings import (
    ApplicationWindow,
    CohortSettings,
    HalfDay,
    HalfDaySession,
    Institute,
    ProgramContact,
    ProposalSettings,
)
from schemas.enums import Recipient
from schemas.errors import Refusal
from schemas.ids import mentorship_workflow_id
from schemas.preview import StepResult
from services.cohort_workflows import cohort_workflow
from storage import cohorts as stored
from storage import mentorships, outbox

ZONE = ZoneInfo("America/Chicago")
KICKOFF = date(2027, 5, 14)
# Early: nothing is due. In time: people apply. Late: invitations are out. Past: the kickoff is over.
MOMENTS = {
    "early": datetime(2027, 1, 12, 10, tzinfo=ZONE),
    "in time": datetime(2027, 2, 10, 10, tzinfo=ZONE),
    "late": datetime(2027, 4, 20, 10, tzinfo=ZONE),
    "night": datetime(2027, 4, 17, 23, tzinfo=ZONE),
    "eve": datetime(2027, 5, 13, 22, tzinfo=ZONE),
    "kickoff": datetime(2027, 5, 14, 14, tzinfo=ZONE),
    "past": datetime(2027, 5, 20, 10, tzinfo=ZONE),
}
OFFICE_HOURS_CAME = """
    update outbox set state = 'sent', sent_at = requested_at where cohort_id = $1 and state = 'queued'
"""
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
    leaving: list[tuple[str, str, datetime]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def previewed(self) -> Emails:
        """Return the emails that the printed preview has for this moment."""
        return _read(self.printed, later=False)

    @property
    def previewed_later(self) -> Emails:
        """Return the emails that the printed preview has for later."""
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
        overview = await clocks.progress(handle, CohortOverview, EARLIEST_TIME)
        for row in await mentorships.mentorships(self.environment.pool, self.id):
            pair = self.services.workflow(mentorship_workflow_id(row["id"]))
            await clocks.wait_until_idle(pair, EARLIEST_TIME)
        await self.delivered()
        # Staff act after what has happened, as in real time.
        self.environment.clock.set(self.id, overview.now)
        return overview

    async def delivered(self) -> None:
        """Wait until the sender has sent all emails but those that wait for office hours."""
        while await self.environment.pool.fetchval(TO_BE_SENT, self.id):  # noqa: ASYNC110 - the sender does not tell
            await asyncio.sleep(0.05)

    async def leaving(self, *, but: Collection[str] = ()) -> list[tuple[str, str, datetime]]:
        """Return (kind, to, when it leaves) of every email to anybody but staff, except those with the keys named."""
        return [
            (label(row["kind"]), row["scope_id"], row["requested_at"] + _delay(row))
            for row in await outbox.emails_of_cohort(self.environment.pool, self.id)
            if row["recipient"] != Recipient.STAFF and row["key"] not in but
        ]

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
        taken.subjects, taken.leaving = self._subjects(new), await self.leaving()
        return taken

    async def live_on(self, taken: Taken) -> None:
        """Let time pass until the kickoff while nobody acts, and add what was enqueued meanwhile."""
        overview, before = await self.idle(), await self.emails()
        # The sender waits for office hours in real time, so they are taken to have come.
        await self.environment.pool.execute(OFFICE_HOURS_CAME, self.id)
        clocks, handle = self.environment.workflow_clocks, cohort_workflow(self.services, self.id)
        end = cohort_dates(await self.settings()).kickoff_at
        while overview.next_due_at and overview.next_due_at < end:
            due_at = overview.next_due_at
            await clocks.advance_to(handle, due_at, overview.clock_offset, due=True)
            self.environment.clock.set(self.id, due_at)
            overview = await clocks.progress(handle, CohortOverview, due_at)
            await self.delivered()
        new = {key: one for key, one in (await self.emails()).items() if key not in before}
        taken.really_later += Counter((kind, to) for kind, to, _ in new.values())
        taken.subjects += self._subjects(new)
        taken.leaving += await self.leaving(but=before)

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


def names_past_day(subject: str, sent_at: datetime) -> bool:
    """Tell whether a subject names a day before the one on which it was sent."""
    for month, day in re.findall(
        r"\b(January|February|March|April|May|June|July|August|September|October|November|December) (\d{1,2})\b",
        subject,
    ):
        named = datetime.strptime(f"{month} {day} {sent_at.year}", "%B %d %Y").date()  # noqa: DTZ007 - a day
        if named < sent_at.date():
            return True
    return False


def _delay(row: asyncpg.Record) -> timedelta:
    """Return how long an email waits in the outbox, which is real time."""
    waits: timedelta = row["next_attempt_at"] - row["enqueued_at"]
    return max(waits, timedelta(0)) if row["state"] == "queued" else timedelta(0)


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
