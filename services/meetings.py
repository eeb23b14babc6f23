"""Finding a date: one side proposes times, the other chooses, and what both agreed on is moved or cancelled."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from domain.availability.busy_times import is_busy
from domain.calendar import local_day, office_moment
from domain.languages import gettext
from domain.mentorship.meeting_times import meeting_for, suggested_times, zone_of
from domain.mentorship.my_mentorship import next_due_on
from schemas.actor import Actor
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient, Side
from schemas.errors import Refusal, TemporalUnavailable
from schemas.ids import MEETING_DATE, email_key
from schemas.mentorship.meetings import MOST_TIMES, MeetingDate, MeetingProposal, ProposedTimes
from schemas.mentorship.my_mentorship import MyMentorship
from schemas.mentorship.responses import SavedResponse
from schemas.mentorship.state import Answer
from schemas.mentorship.terms import AgreedMeeting
from schemas.translatable import gettext_noop
from services.context import ServiceContext
from services.failures import Failures
from services.signals import ResponseSignaler
from storage import calendar_subscriptions, meetings, mentorships, outbox, reminders
from storage.database import Connection, transaction

# Each proposal is an email to the partner.
MOST_PROPOSALS_A_DAY = 5
# Each revision of a date is an email to both.
MOST_DATES_OF_A_MEETING = 50
REMINDED_AFTER = timedelta(days=3)
# As in the plan: at most one automatic email to a person within that time.
ONE_EMAIL_EVERY = timedelta(days=3)
_ENDED = gettext_noop("Your mentorship has ended, so there are no more meetings to plan here.")

_log = structlog.get_logger(__name__)


class MeetingService:
    """Takes the steps of a participant about the pair's meetings; each is stored with its emails and audit event."""

    def __init__(self, services: ServiceContext) -> None:
        self._services = services
        self._signaler = ResponseSignaler(services.pool, services.client)

    async def suggestions(self, page: MyMentorship) -> tuple[datetime, ...]:
        """Return times to suggest to whoever proposes, around the next meeting that has no date."""
        usual = await meetings.usual_times(self._services.pool, page.pair.mentorship_id)
        zone = zone_of(page.pair.of(page.side), page.cohort.time_zone)
        around = next_due_on(page) or local_day(page.now, zone)
        times = suggested_times(usual[page.side], usual[page.side.partner], page.now, zone, around=around)
        return tuple(at for at in times if local_day(at, page.cohort.time_zone) <= page.pair.ends_on)

    async def busy_at(self, page: MyMentorship, times: Sequence[datetime], minutes: int) -> frozenset[datetime]:
        """Return at which of these times the calendar of whoever opened their page is busy; nobody else is told."""
        if not times:
            return frozenset()
        length, person = timedelta(minutes=minutes), page.pair.of(page.side).id
        busy = await calendar_subscriptions.busy_times(
            self._services.pool, page.cohort.id, person, min(times), max(times) + length
        )
        return frozenset(at for at in times if is_busy(busy, at, length))

    async def propose(self, page: MyMentorship, proposed: ProposedTimes) -> int:
        """Propose times to the partner, in place of those that either side proposed before; return their number.

        Raises Refusal after the end, for a time that is past or after it, and after too many proposals.
        """
        _check_times(page, proposed)
        mentorship, now = page.pair.mentorship_id, proposed.proposed_at
        async with transaction(self._services.pool) as db:
            await meetings.lock(db, mentorship)
            if await meetings.count_proposals(db, mentorship, now - timedelta(days=1)) >= MOST_PROPOSALS_A_DAY:
                raise Refusal(
                    gettext(
                        "The two of you proposed times %(count)s times today. Write to %(partner)s.",
                        count=MOST_PROPOSALS_A_DAY,
                        partner=page.pair.of(page.side.partner).short_name,
                    )
                )
            number = await meetings.save_proposal(db, mentorship, proposed)
            await outbox.enqueue(db, _proposal_email(mentorship, number, page.side.partner, now))
            await self._audit(db, page, "meeting_proposed", number=number)
        return number

    async def choose(self, page: MyMentorship, number: int, times: Sequence[datetime], question: str) -> MeetingDate:
        """Choose among the times that the partner proposed; the first that suits both becomes the meeting.

        Raises Refusal where these times are not open any more, or none of those chosen is ahead.
        """
        mentorship, now = page.pair.mentorship_id, self._services.now(page.pair.mentorship_id)
        async with transaction(self._services.pool) as db:
            await meetings.lock(db, mentorship)
            proposed = await meetings.open_proposal(db, mentorship)
            if page.outcome is not None:
                raise Refusal(gettext(_ENDED))
            if proposed is None or proposed.number != number or proposed.side is page.side:
                raise Refusal(gettext("These times are not open any more. Your page shows what you two have planned."))
            suiting = sorted(at for at in times if at in proposed.times and at > now)
            if not suiting:
                raise Refusal(gettext("None of these times is still ahead. Propose others instead."))
            await meetings.close_proposal(db, mentorship, now)
            date = await self._dated(db, page, proposed, suiting[0], question, now)
            saved = await self._save(db, page, date, EmailKind.MEETING_AGREED, "meeting_agreed")
        await self._signal(saved)
        return date

    async def take_back(self, page: MyMentorship) -> None:
        """Take back the times that one proposed; nothing where they are not open any more."""
        mentorship = page.pair.mentorship_id
        async with transaction(self._services.pool) as db:
            await meetings.lock(db, mentorship)
            proposed = await meetings.open_proposal(db, mentorship)
            if proposed and proposed.side is page.side:
                await meetings.close_proposal(db, mentorship, self._services.now(mentorship))
                await self._audit(db, page, "meeting_times_taken_back", number=proposed.number)

    async def change_place(
        self, page: MyMentorship, milestone: str, minutes: int, place: str, question: str, *, seen: int
    ) -> None:
        """Change where a meeting is, how long it takes and what the mentee asks; both get the invitation again.

        Raises Refusal where it is not any more as the page that was open showed it, in its revision ``seen``.
        """
        async with transaction(self._services.pool) as db:
            before = await self._meeting_ahead(db, page, milestone)
            asked = question if page.side is Side.MENTEE else before.question
            changed = before.model_copy(update={"minutes": minutes, "place": place, "question": asked})
            if changed == before:
                return
            _check_seen(before, seen)
            saved = await self._save(
                db, page, self._revised(page, changed), EmailKind.MEETING_AGREED, "meeting_changed"
            )
        await self._signal(saved)

    async def cancel(self, page: MyMentorship, milestone: str, *, seen: int) -> None:
        """Cancel a meeting that is ahead; both are told, and their calendars drop it.

        Raises Refusal where it is not any more as the page that was open showed it, in its revision ``seen``.
        """
        async with transaction(self._services.pool) as db:
            date = await self._meeting_ahead(db, page, milestone)
            _check_seen(date, seen)
            proposed = await meetings.open_proposal(db, page.pair.mentorship_id)
            if proposed and proposed.moves == milestone:
                await meetings.close_proposal(db, page.pair.mentorship_id, self._services.now(page.pair.mentorship_id))
            off = self._revised(page, date.model_copy(update={"cancelled": True}))
            saved = await self._save(db, page, off, EmailKind.MEETING_CANCELLED, "meeting_cancelled")
        await self._signal(saved)

    async def _meeting_ahead(self, db: Connection, page: MyMentorship, milestone: str) -> MeetingDate:
        if page.outcome is not None:
            raise Refusal(gettext(_ENDED))
        mentorship = page.pair.mentorship_id
        await meetings.lock(db, mentorship)
        date = (await meetings.dates(db, mentorship)).get(milestone)
        if date is None or date.cancelled or date.ends_at <= self._services.now(mentorship):
            raise Refusal(gettext("This meeting is over, or was cancelled. Your page shows what you two have planned."))
        return date

    async def _dated(  # noqa: PLR0917 - it is called once
        self,
        db: Connection,
        page: MyMentorship,
        proposed: MeetingProposal,
        starts_at: datetime,
        question: str,
        now: datetime,
    ) -> MeetingDate:
        """Return the next revision of the meeting that a time was chosen for."""
        dates = await meetings.dates(db, page.pair.mentorship_id)
        moved = dates.get(proposed.moves or "")
        opens = page.cohort.timeline.meeting.opens
        moved_id = moved.milestone_id if moved and not moved.cancelled and moved.ends_at > now else None
        milestone = moved_id or meeting_for(
            local_day(starts_at, page.cohort.time_zone), page.milestones, dates, now, opens
        )
        before = dates.get(milestone)
        return MeetingDate(
            mentorship_id=page.pair.mentorship_id,
            milestone_id=milestone,
            revision=before.revision + 1 if before else 1,
            side=page.side,
            starts_at=starts_at,
            minutes=proposed.minutes,
            place=proposed.place,
            question=question or proposed.question or (before.question if before and moved_id else ""),
            event=before.event if before and not before.cancelled else (before.revision + 1 if before else 1),
            received_at=now,
        )

    def _revised(self, page: MyMentorship, date: MeetingDate) -> MeetingDate:
        changed = {"revision": date.revision + 1, "side": page.side}
        return date.model_copy(update=changed | {"received_at": self._services.now(date.mentorship_id)})

    async def _save(
        self, db: Connection, page: MyMentorship, date: MeetingDate, kind: EmailKind, action: str
    ) -> SavedResponse:
        if date.revision > MOST_DATES_OF_A_MEETING:
            raise Refusal(gettext("You two changed this meeting many times. Please write to each other instead."))
        saved = await meetings.save_date(db, date, _answer(date, page.cohort.time_zone))
        await outbox.enqueue(db, *(_date_email(date, kind, Recipient(side)) for side in Side))
        await self._audit(db, page, action, milestone=date.milestone_id, revision=date.revision)
        return saved

    async def _audit(self, db: Connection, page: MyMentorship, action: str, **details: int | str) -> None:
        person = page.pair.of(page.side).id
        await self._services.audit_in(
            db, Actor.participant(person), action, page.cohort.id, page.pair.mentorship_id, person, **details
        )

    async def _signal(self, saved: SavedResponse) -> None:
        try:
            await self._signaler.signal(saved)
        except TemporalUnavailable:
            _log.warning("meeting_date_left_to_the_sweeper", date=saved.id, revision=saved.answer.revision)


async def remind_of_proposals(services: ServiceContext) -> int:
    """Remind each partner once of times that were proposed three days ago; return how many were.

    It leaves in office hours, not within three days of another automatic email, and not to whoever paused reminders.
    Raises an ExceptionGroup of what failed, when the others had their turn.
    """
    reminded, failures = 0, Failures("reminder_of_times_failed")
    for proposed in await meetings.unanswered_proposals(services.pool):
        with failures.collected(mentorship=proposed.mentorship_id):
            reminded += await _remind(services, proposed)
    failures.raise_all()
    return reminded


async def _remind(services: ServiceContext, proposed: MeetingProposal) -> bool:
    mentorship, to = proposed.mentorship_id, proposed.side.partner
    now = services.now(mentorship)
    if now < proposed.proposed_at + REMINDED_AFTER:
        return False
    pair = await mentorships.partners(services.pool, mentorship)
    due = office_moment(proposed.proposed_at + REMINDED_AFTER, pair.cohort.time_zone)
    if now < due or office_moment(now, pair.cohort.time_zone) != now:
        return False
    async with transaction(services.pool) as db:
        if await meetings.has_automatic_email(db, mentorship, to, now - ONE_EMAIL_EVERY, now):
            return False
        if not await meetings.set_reminded(db, proposed, now):
            return False
        link = await reminders.link_of(db, pair.cohort.id, pair.of(to).id)
        ended = await mentorships.outcome_of(db, mentorship) is not None
        if ended or max(proposed.times) <= now or (link and link.is_paused(now)):
            return False
        await outbox.enqueue(db, _proposal_email(mentorship, proposed.number, to, now, reminder=True))
    return True


def _check_seen(date: MeetingDate, seen: int) -> None:
    if date.revision != seen:
        raise Refusal(gettext("This meeting was changed while you had its page open. Please look at it again."))


def _check_times(page: MyMentorship, proposed: ProposedTimes) -> None:
    if page.outcome is not None:
        raise Refusal(gettext(_ENDED))
    if len(set(proposed.times)) > MOST_TIMES:
        raise Refusal(gettext("Please choose at most %(most)s times.", most=MOST_TIMES))
    if min(proposed.times) <= proposed.proposed_at:
        raise Refusal(gettext("One of these times is past. Please choose times that are ahead."))
    if local_day(max(proposed.times), page.cohort.time_zone) > page.pair.ends_on:
        raise Refusal(gettext("One of these times is after the end of your mentorship. Please choose earlier ones."))


def _answer(date: MeetingDate, zone: str) -> Answer:
    number = int(date.milestone_id.rpartition("-")[2])
    return Answer(
        milestone=f"{MEETING_DATE}-{number}",
        side=date.side,
        revision=date.revision,
        received_at=date.received_at,
        meeting=AgreedMeeting(
            number=number,
            on=local_day(date.starts_at, zone),
            cancelled=date.cancelled,
            revision=date.revision,
            by=date.side,
            agreed_at=date.received_at,
        ),
    )


def _proposal_email(mentorship: str, number: int, to: Side, now: datetime, *, reminder: bool = False) -> QueuedEmail:
    kind = EmailKind.MEETING_PROPOSED
    return QueuedEmail(
        key=email_key(mentorship, kind, f"times-{number}", Recipient(to), int(reminder)),
        kind=kind,
        scope_id=mentorship,
        to=Recipient(to),
        at=now,
        now=now,
        automatic=reminder,
    )


def _date_email(date: MeetingDate, kind: EmailKind, to: Recipient) -> QueuedEmail:
    return QueuedEmail(
        key=email_key(date.mentorship_id, kind, f"{date.milestone_id}-{date.revision}", to),
        kind=kind,
        scope_id=date.mentorship_id,
        to=to,
        at=date.received_at,
        now=date.received_at,
        automatic=False,
    )
