"""The play before the kickoff: rounds of letters, what people say to their matches and invitations, staff's steps."""

import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from temporalio.client import WorkflowHandle

from domain.applying import as_typed
from domain.calendar import first_morning_from
from domain.rounds import answer_by
from rehearsal.acting import Actor
from rehearsal.applying import begin, hand_in
from rehearsal.engine import BEFORE_ALL_TIMES
from rehearsal.letters import Invitation
from rehearsal.scenes import Deed, Scene
from rehearsal.stage import Stage
from rehearsal.visiting import open_page, press_button
from schemas.cohort import CohortSettings
from schemas.errors import MileError
from schemas.ids import applicant_scope
from schemas.messages import CohortOverview, MatchRunSummary
from schemas.people import MentorApplication, ParticipantApplication
from schemas.words import CohortStage, Commitment, EmailKind
from storage.proposal_answers import confirm
from storage.rehearsals import draft_of
from storage.rounds import open_proposals

Handle: TypeAlias = WorkflowHandle[object, object]

BEFORE_THE_START = (CohortStage.IMPORTING, CohortStage.APPLYING, CohortStage.MATCHING, CohortStage.PUBLISHED)
# Staff look at a draft for three days before they publish it, and for an hour where one match was declined.
STAFF_MATCH_AFTER = timedelta(days=3)
STAFF_PUBLISH_AFTER = timedelta(hours=1)
STAFF_CONFIRM_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class WalkIn:
    """Somebody who applies through the pages: when they type their address, and what they answer."""

    at: datetime
    application: MentorApplication | ParticipantApplication


class Gathering:
    """Plays one cohort up to and with the start of its mentorships."""

    def __init__(
        self, stage: Stage, settings: CohortSettings, actor_of: Callable[[str], Actor], handle: Handle
    ) -> None:
        self._stage = stage
        self._settings = settings
        self._actor_of = actor_of
        self._actors: dict[str, Actor] = {}
        self._answers: dict[str, Mapping[str, str]] = {}
        self._handle = handle
        self._scenes: list[Scene] = []
        self._order: Iterator[int] = itertools.count()
        self._publishing: set[int] = set()

    async def play(self, people: Iterable[str], walk_ins: Iterable[WalkIn] = ()) -> CohortOverview:
        """Play with those who were imported, and those who apply through the pages, until the mentorships have started.

        Return where the cohort stands then.
        """
        self._actors = {person: self._actor_of(person) for person in people}
        where = await self._settled(BEFORE_ALL_TIMES)
        self._expect(self._staff_match_at(where.now), self._match)
        for walk_in in walk_ins:
            self._expect(walk_in.at, partial(self._walk_in, walk_in))
        while where.stage in BEFORE_THE_START:
            await self._open_letters()
            where = await self._live_until(self._next_moment(where), where)
            self._see_to_drafts(where)
        return where

    def _staff_match_at(self, now: datetime) -> datetime:
        closes_at = self._settings.applications_close_at
        return first_morning_from(closes_at + STAFF_MATCH_AFTER, self._settings.time_zone) if closes_at else now

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

    async def _walk_in(self, walk_in: WalkIn) -> None:
        """Have somebody type their address on the public page, and know them by their id from then on."""
        cohort, email = self._settings.id, walk_in.application.email
        await begin(self._stage.http, self._stage.settings.public_url, cohort, email)
        person = await draft_of(self._stage.pool, cohort, email)
        if person is None:
            raise MileError(f"Somebody typed an address on the public page of {cohort}, and nothing came of it.")
        self._actors[person] = self._actor_of(person)
        self._answers[person] = as_typed(walk_in.application)

    async def _open_letters(self) -> None:
        for person, actor in list(self._actors.items()):
            scope = applicant_scope(self._settings.id, person)
            for letter in await self._stage.letters.invitations(self._stage.pool, self._stage.settings, scope):
                self._answer(person, actor, letter)

    def _answer(self, person: str, actor: Actor, letter: Invitation) -> None:
        """Have somebody sit down to what a letter asks, if they do."""
        acts: dict[EmailKind, tuple[Callable[[datetime], Deed], int]] = {
            EmailKind.APPLICATION_LINK: (lambda _: partial(self._apply, person, letter), 0),
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

    async def _apply(self, person: str, letter: Invitation) -> None:
        await hand_in(self._stage.http, letter.url, self._answers.get(person, {}))

    async def _commit(self, actor: Actor, letter: Invitation, at: datetime) -> None:
        page = await open_page(self._stage.http, letter.url)
        for time in range(actor.presses(at)):
            committed = {**page.sent_along, "act": Commitment.COMMITTED}
            await press_button(self._stage.http, letter.url, committed, again=time > 0)

    async def _reply(self, actor: Actor, letter: Invitation, at: datetime) -> None:
        page = await open_page(self._stage.http, letter.url)
        for time in range(actor.presses(at) if page.fields else 0):
            await press_button(self._stage.http, letter.url, actor.answers(page, letter.key, at), again=time > 0)

    async def _match(self) -> None:
        drawn_up: MatchRunSummary = await self._handle.execute_update("match", result_type=MatchRunSummary)
        await self._publish(drawn_up.run)

    async def _publish(self, run: int) -> None:
        await self._handle.execute_update("publish", run, result_type=int)
        if self._settings.proposals:
            published_at = self._stage.clock.now(self._settings.id)
            asked_until = answer_by(self._settings.proposals, published_at, self._settings.time_zone)
            self._expect(asked_until + STAFF_CONFIRM_AFTER, self._confirm)

    async def _confirm(self) -> None:
        """Have staff confirm what nobody spoke against, as they would after a call."""
        cohort, pool = self._settings.id, self._stage.pool
        for open_one in await open_proposals(pool, cohort):
            if Commitment.ASKED not in (open_one.mentor_answer, open_one.mentee_answer):
                now = self._stage.clock.now(cohort)
                await confirm(pool, cohort, open_one.mentor_id, open_one.mentee_id, now)

    def _see_to_drafts(self, where: CohortOverview) -> None:
        """Have staff publish a draft that was drawn up because a match was declined."""
        draft = where.match_run or 0
        if where.published_run and draft > where.published_run and draft not in self._publishing:
            self._publishing.add(draft)
            self._expect(where.now + STAFF_PUBLISH_AFTER, partial(self._publish, draft))

    def _expect(self, at: datetime, deed: Deed) -> None:
        heapq.heappush(self._scenes, Scene(at, next(self._order), deed))

    async def _settled(self, reached: datetime) -> CohortOverview:
        return await self._stage.engine.settled(self._handle, CohortOverview, reached)
