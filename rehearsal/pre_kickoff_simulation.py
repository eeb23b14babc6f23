"""The simulation before the kickoff: applications, answers to proposals and invitations, and what staff do."""

import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from domain.applications.applying import typed_answers
from domain.cohort.dates import cohort_dates
from rehearsal.applying import personal_page_url, request_link, submit_application
from rehearsal.delivery import wait_for_delivery, wait_for_delivery_to_cohort
from rehearsal.environment import Environment
from rehearsal.http_client import open_page, submit_form
from rehearsal.inbox import ReceivedInvitation
from rehearsal.mentorship_simulation import Action, ScheduledAction
from rehearsal.personas import SimulatedParticipant
from rehearsal.program_events import program_events
from rehearsal.public_visitors import (
    ask_question,
    ineligible_newcomer,
    mentors_imported_at,
    newcomer_arrives_at,
    public_page_viewed_at,
    view_public_page,
)
from rehearsal.subcommittee import Subcommittee
from rehearsal.time_skipping import EARLIEST_TIME
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import CohortOverview
from schemas.enums import CohortStage, EmailKind
from schemas.errors import MileError
from schemas.ids import applicant_scope
from services.workflow_calls import Handle
from storage.rehearsals import draft_of

BEFORE_THE_START = (
    CohortStage.IMPORTING,
    CohortStage.APPLYING,
    CohortStage.MATCHING,
    CohortStage.PUBLISHED,
    CohortStage.STARTING,
)
# Staff look around when the last day begins; the welcomes leave half an hour later.
ATTENDANCE_CONFIRMED_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class Newcomer:
    """Somebody who applies through the pages: when they enter their address, and their answers."""

    at: datetime
    application: MentorApplication | MenteeApplication


class PreKickoffSimulation:
    """Runs one cohort up to and including the start of its mentorships."""

    def __init__(
        self,
        environment: Environment,
        folder: CohortFolder,
        participant_of: Callable[[str], SimulatedParticipant],
        handle: Handle,
        staff: Subcommittee,
    ) -> None:
        self._environment = environment
        self._settings = folder.settings
        self._participant_of = participant_of
        people = (*folder.mentors, *folder.mentees)
        self._participants: dict[str, SimulatedParticipant] = {
            person.id: participant_of(person.id) for person in people
        }
        self._answers: dict[str, Mapping[str, str]] = {person.id: typed_answers(person) for person in people}
        self._handle = handle
        self._staff = staff
        self._actions: list[ScheduledAction] = []
        self._order: Iterator[int] = itertools.count()
        # Drafts already scheduled for publication: the overview shows one at every step until it is published.
        self._publishing: set[int] = set()

    async def run(self, newcomers: Iterable[Newcomer] = ()) -> CohortOverview:
        """Run until the mentorships have started, and return the cohort's overview then.

        ``newcomers`` apply through the pages; everybody else is in the folder.
        """
        overview = await self._wait_until_idle(EARLIEST_TIME)
        self._schedule_known_actions(overview.now, newcomers)
        self._environment.clock.set(self._settings.id, overview.now)
        await view_public_page(self._environment, self._settings.id, overview.now)
        while overview.stage in BEFORE_THE_START:
            await self._read_inbox()
            overview = await self._advance_to(self._next_moment(overview), overview)
            self._schedule_new_draft(overview)
        for cohort in (self._settings.id, program_events(self._settings).earlier.settings.id):
            await view_public_page(self._environment, cohort, overview.now)
        return overview

    def _schedule_known_actions(self, now: datetime, newcomers: Iterable[Newcomer]) -> None:
        """Schedule everything whose moment is known on the first day."""
        self._schedule(self._staff.matching_at(now), self._match)
        if window := self._settings.applications:
            zone = self._settings.time_zone
            self._schedule(mentors_imported_at(window, zone), self._staff.import_mentors)
            for at in public_page_viewed_at(window, zone):
                self._schedule(at, partial(view_public_page, self._environment, self._settings.id, at))
            arrives_at = newcomer_arrives_at(window, zone)
            self._schedule(arrives_at, partial(ask_question, self._environment, self._settings.id, arrives_at))
            application = ineligible_newcomer(self._settings)
            newcomers = [*newcomers, *([Newcomer(arrives_at, application)] if application else [])]
        for newcomer in newcomers:
            self._schedule(newcomer.at, partial(self._begin_application, newcomer))
        self._schedule(
            cohort_dates(self._settings).kickoff_at + ATTENDANCE_CONFIRMED_AFTER, self._staff.confirm_attendance
        )

    def _next_moment(self, overview: CohortOverview) -> datetime:
        # Who answers a late email may have meant to do so before it came.
        actions = [max(self._actions[0].at, overview.now)] if self._actions else []
        return min([*actions, *([overview.next_due_at] if overview.next_due_at else [])])

    async def _advance_to(self, moment: datetime, overview: CohortOverview) -> CohortOverview:
        due = moment == overview.next_due_at
        await self._environment.workflow_clocks.advance_to(self._handle, moment, overview.clock_offset, due=due)
        self._environment.clock.set(self._settings.id, moment)
        while self._actions and self._actions[0].at <= moment:
            await heapq.heappop(self._actions).run()
        return await self._wait_until_idle(moment)

    async def _begin_application(self, newcomer: Newcomer) -> None:
        """Request a link on the public page; the newcomer has an id from then on."""
        cohort, email = self._settings.id, newcomer.application.email
        await request_link(self._environment.http, self._environment.settings.public_url, cohort, email)
        person = await draft_of(self._environment.pool, cohort, email)
        if person is None:
            raise MileError(f"Somebody typed an address on the public page of {cohort}, and nothing came of it.")
        self._participants[person] = self._participant_of(person)
        self._answers[person] = typed_answers(newcomer.application)
        # So that the link is opened at the same moment in every rehearsal.
        await wait_for_delivery(self._environment.pool, applicant_scope(cohort, person))

    async def _read_inbox(self) -> None:
        for person, participant in list(self._participants.items()):
            scope = applicant_scope(self._settings.id, person)
            for email in await self._environment.inbox.new_invitations(
                self._environment.pool, self._environment.settings, scope
            ):
                self._answer(person, participant, email)

    def _answer(self, person: str, participant: SimulatedParticipant, email: ReceivedInvitation) -> None:
        """Schedule the answer to an email, if the participant answers it."""
        responders: dict[EmailKind, tuple[Callable[[datetime], Action], int]] = {
            EmailKind.APPLICATION_LINK: (lambda _: partial(self._submit_application, person, email), 0),
            EmailKind.INTAKE: (lambda at: partial(self._complete_intake, person, email, at), self._intake_reminders),
            EmailKind.PROPOSAL: (
                lambda at: partial(self._respond_to_proposal, participant, email, at),
                self._reminders,
            ),
            EmailKind.KICKOFF: (lambda at: partial(self._respond_to_kickoff, participant, email, at), 1),
        }
        if email.kind in responders:
            responder, reminders = responders[email.kind]
            if at := participant.response_time(email, reminders=reminders):
                self._schedule(at, responder(at))

    @property
    def _reminders(self) -> int:
        return len(self._settings.proposals.reminders) if self._settings.proposals else 0

    @property
    def _intake_reminders(self) -> int:
        return len(self._settings.applications.intake_reminders) if self._settings.applications else 0

    async def _submit_application(self, person: str, email: ReceivedInvitation) -> None:
        for page in await submit_application(
            self._environment.http, personal_page_url(email.url), self._answers[person]
        ):
            self._environment.pages_seen.add_form(self._settings.id, page.html)

    async def _complete_intake(self, person: str, email: ReceivedInvitation, at: datetime) -> None:
        """Complete the missing answers of an intake, unless the participant only opens pages."""
        participant = self._participants[person]
        if participant.submissions(at):
            self._answers[person] = participant.complete_intake(self._answers[person])
            await self._submit_application(person, email)

    async def _respond_to_proposal(
        self, participant: SimulatedParticipant, email: ReceivedInvitation, at: datetime
    ) -> None:
        page = await open_page(self._environment.http, email.url)
        self._environment.pages_seen.add_form(self._settings.id, page.html)
        # The page asks nothing where the match became final, or was withdrawn, since the email was sent.
        submissions = participant.submissions(at) if page.hidden else 0
        answer = {**page.hidden, **(participant.answer_proposal() if submissions else {})}
        for time in range(submissions):
            await submit_form(self._environment.http, email.url, answer, again=time > 0)

    async def _respond_to_kickoff(
        self, participant: SimulatedParticipant, email: ReceivedInvitation, at: datetime
    ) -> None:
        page = await open_page(self._environment.http, email.url)
        self._environment.pages_seen.add_form(self._settings.id, page.html)
        for time in range(participant.submissions(at) if page.fields else 0):
            await submit_form(
                self._environment.http, email.url, participant.fill_form(page, email.key, at), again=time > 0
            )

    async def _match(self) -> None:
        await self._publish(await self._staff.match())

    async def _publish(self, run: int) -> None:
        if confirmed_at := await self._staff.publish(run):
            self._schedule(confirmed_at, self._staff.confirm)

    def _schedule_new_draft(self, overview: CohortOverview) -> None:
        """Schedule the publication of a draft that was made because a match was declined."""
        draft = overview.match_run or 0
        if overview.published_run and draft > overview.published_run and draft not in self._publishing:
            self._publishing.add(draft)
            self._schedule(self._staff.republishing_at(overview.now), partial(self._publish, draft))

    def _schedule(self, at: datetime, run: Action) -> None:
        heapq.heappush(self._actions, ScheduledAction(at, next(self._order), run))

    async def _wait_until_idle(self, reached: datetime) -> CohortOverview:
        overview = await self._environment.workflow_clocks.progress(self._handle, CohortOverview, reached)
        await wait_for_delivery_to_cohort(self._environment.pool, self._settings.id)
        return overview
