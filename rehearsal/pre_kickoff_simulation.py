"""The play before the kickoff: rounds of letters, what people say to their matches and invitations, staff's steps."""

import asyncio
import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from domain.applications.applying import as_typed
from domain.cohort.dates import cohort_dates
from rehearsal.applying import begin, hand_in, own_page
from rehearsal.environment import Environment
from rehearsal.http_client import open_page, press_button
from rehearsal.inbox import ReceivedInvitation
from rehearsal.mentorship_simulation import Deed, SimulationContext
from rehearsal.personas import SimulatedParticipant
from rehearsal.public_visitors import ask, comes_along_at, look, looks_at, mentors_imported_at, too_new
from rehearsal.subcommittee import Handle, Subcommittee
from rehearsal.time_skipping import BEFORE_ALL_TIMES
from schemas.applications.people import MentorApplication, ParticipantApplication
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import CohortOverview
from schemas.enums import CohortStage, EmailKind
from schemas.errors import MileError
from schemas.ids import applicant_scope
from storage import outbox
from storage.rehearsals import draft_of

BEFORE_THE_START = (CohortStage.IMPORTING, CohortStage.APPLYING, CohortStage.MATCHING, CohortStage.PUBLISHED)
ATTENDANCE_NOTED_BEFORE = timedelta(hours=1)
ARRIVES_WITHIN_SECONDS = 60.0
LOOKS_AGAIN_AFTER_SECONDS = 0.05


@dataclass(frozen=True)
class Newcomer:
    """Somebody who applies through the pages: when they type their address, and what they answer."""

    at: datetime
    application: MentorApplication | ParticipantApplication


class PreKickoffSimulation:
    """Plays one cohort up to and with the start of its mentorships."""

    def __init__(
        self, stage: Environment, folder: CohortFolder, actor_of: Callable[[str], SimulatedParticipant], handle: Handle
    ) -> None:
        self._stage = stage
        self._folder = folder
        self._settings = folder.settings
        self._actor_of = actor_of
        people = (*folder.mentors, *folder.participants)
        self._actors: dict[str, SimulatedParticipant] = {person.id: actor_of(person.id) for person in people}
        self._answers: dict[str, Mapping[str, str]] = {person.id: as_typed(person) for person in people}
        self._handle = handle
        self._staff = Subcommittee(stage, folder, handle)
        self._scenes: list[SimulationContext] = []
        self._order: Iterator[int] = itertools.count()
        self._publishing: set[int] = set()

    async def play(self, walk_ins: Iterable[Newcomer] = ()) -> CohortOverview:
        """Play with those of the folder, and those who apply through the pages, until the mentorships have started.

        Return where the cohort stands then.
        """
        where = await self._settled(BEFORE_ALL_TIMES)
        self._foresee(where.now, walk_ins)
        self._stage.clock.set(self._settings.id, where.now)
        await look(self._stage, self._settings.id, where.now)
        while where.stage in BEFORE_THE_START:
            await self._open_letters()
            where = await self._live_until(self._next_moment(where), where)
            self._see_to_drafts(where)
        await look(self._stage, self._settings.id, where.now)
        return where

    def _foresee(self, now: datetime, walk_ins: Iterable[Newcomer]) -> None:
        """Note all that is done at moments that are known on the first day."""
        self._expect(self._staff.matches_at(now), self._match)
        if window := self._settings.applications:
            zone = self._settings.time_zone
            self._expect(mentors_imported_at(window, zone), self._staff.import_mentors)
            for at in looks_at(window, zone):
                self._expect(at, partial(look, self._stage, self._settings.id, at))
            comes_at = comes_along_at(window, zone)
            self._expect(comes_at, partial(ask, self._stage, self._settings.id, comes_at))
            newcomer = too_new(self._settings)
            walk_ins = [*walk_ins, *([Newcomer(comes_at, newcomer)] if newcomer else [])]
        for walk_in in walk_ins:
            self._expect(walk_in.at, partial(self._walk_in, walk_in))
        self._expect(cohort_dates(self._settings).kickoff_at - ATTENDANCE_NOTED_BEFORE, self._staff.note_attendance)

    def _next_moment(self, where: CohortOverview) -> datetime:
        scenes = [self._scenes[0].at] if self._scenes else []
        return min([*scenes, *([where.next_due_at] if where.next_due_at else [])])

    async def _live_until(self, moment: datetime, where: CohortOverview) -> CohortOverview:
        due = moment == where.next_due_at
        await self._stage.engine.skip_to(self._handle, moment, where.clock_offset, due=due)
        self._stage.clock.set(self._settings.id, moment)
        while self._scenes and self._scenes[0].at <= moment:
            await heapq.heappop(self._scenes).deed()
        return await self._settled(moment)

    async def _walk_in(self, walk_in: Newcomer) -> None:
        """Have somebody type their address on the public page, and know them by their id from then on."""
        cohort, email = self._settings.id, walk_in.application.email
        await begin(self._stage.http, self._stage.settings.public_url, cohort, email)
        person = await draft_of(self._stage.pool, cohort, email)
        if person is None:
            raise MileError(f"Somebody typed an address on the public page of {cohort}, and nothing came of it.")
        self._actors[person] = self._actor_of(person)
        self._answers[person] = as_typed(walk_in.application)
        await self._delivered(applicant_scope(cohort, person))

    async def _delivered(self, scope: str) -> None:
        """Wait for a letter that is under way, so that its recipient opens it in every play at the same moment."""
        async with asyncio.timeout(ARRIVES_WITHIN_SECONDS):
            while True:
                rows = await outbox.emails_of(self._stage.pool, scope)
                if any(row["state"] == "sent" for row in rows):
                    return
                await asyncio.sleep(LOOKS_AGAIN_AFTER_SECONDS)

    async def _open_letters(self) -> None:
        for person, actor in list(self._actors.items()):
            scope = applicant_scope(self._settings.id, person)
            for letter in await self._stage.letters.invitations(self._stage.pool, self._stage.settings, scope):
                self._answer(person, actor, letter)

    def _answer(self, person: str, actor: SimulatedParticipant, letter: ReceivedInvitation) -> None:
        """Have somebody sit down to what a letter asks, if they do."""
        acts: dict[EmailKind, tuple[Callable[[datetime], Deed], int]] = {
            EmailKind.APPLICATION_LINK: (lambda _: partial(self._apply, person, letter), 0),
            EmailKind.INTAKE: (lambda at: partial(self._complete, person, letter, at), self._intake_reminders),
            EmailKind.PROPOSAL: (lambda at: partial(self._commit, actor, letter, at), self._reminders),
            EmailKind.KICKOFF: (lambda at: partial(self._reply, actor, letter, at), 1),
        }
        if letter.kind in acts:
            act, reminders = acts[letter.kind]
            if at := actor.sits_down_at(letter, reminders=reminders):
                self._expect(at, act(at))

    @property
    def _reminders(self) -> int:
        return len(self._settings.proposals.reminders) if self._settings.proposals else 0

    @property
    def _intake_reminders(self) -> int:
        return len(self._settings.applications.intake_reminders) if self._settings.applications else 0

    async def _apply(self, person: str, letter: ReceivedInvitation) -> None:
        for page in await hand_in(self._stage.http, own_page(letter.url), self._answers[person]):
            self._stage.seen.keep_form(self._settings.id, page.html)

    async def _complete(self, person: str, letter: ReceivedInvitation, at: datetime) -> None:
        """Have a participant tell what their intake lacks, unless they only look."""
        actor = self._actors[person]
        if actor.presses(at):
            self._answers[person] = actor.completed(self._answers[person])
            await self._apply(person, letter)

    async def _commit(self, actor: SimulatedParticipant, letter: ReceivedInvitation, at: datetime) -> None:
        page = await open_page(self._stage.http, letter.url)
        self._stage.seen.keep_form(self._settings.id, page.html)
        # Nothing is asked where the match became final, or was withdrawn, since the letter came.
        presses = actor.presses(at) if page.sent_along else 0
        answer = {**page.sent_along, **(actor.says_to_match() if presses else {})}
        for time in range(presses):
            await press_button(self._stage.http, letter.url, answer, again=time > 0)

    async def _reply(self, actor: SimulatedParticipant, letter: ReceivedInvitation, at: datetime) -> None:
        page = await open_page(self._stage.http, letter.url)
        self._stage.seen.keep_form(self._settings.id, page.html)
        for time in range(actor.presses(at) if page.fields else 0):
            await press_button(self._stage.http, letter.url, actor.answers(page, letter.key, at), again=time > 0)

    async def _match(self) -> None:
        await self._publish(await self._staff.match())

    async def _publish(self, run: int) -> None:
        if confirmed_at := await self._staff.publish(run):
            self._expect(confirmed_at, self._staff.confirm)

    def _see_to_drafts(self, where: CohortOverview) -> None:
        """Have staff publish a draft that was drawn up because a match was declined."""
        draft = where.match_run or 0
        if where.published_run and draft > where.published_run and draft not in self._publishing:
            self._publishing.add(draft)
            self._expect(self._staff.publishes_anew_at(where.now), partial(self._publish, draft))

    def _expect(self, at: datetime, deed: Deed) -> None:
        heapq.heappush(self._scenes, SimulationContext(at, next(self._order), deed))

    async def _settled(self, reached: datetime) -> CohortOverview:
        return await self._stage.engine.settled(self._handle, CohortOverview, reached)
