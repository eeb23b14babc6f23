"""Every email of an invented cohort: letters before its kickoff, all emails of a mentorship, notes to staff."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from cli.emails.sample_letters import sample_inquiry, sample_letters
from cli.emails.sample_pair import SAMPLE_COHORT, sample_digest, sample_facts, sample_pair, sample_plan
from emails.applicants import KickoffEmail
from emails.calendar_file import calendar_file
from emails.facts import Facts
from emails.kinds import EmailContext
from emails.letters import participant_email
from emails.links import MilestoneLinks
from emails.rendering import Rendered, render
from emails.staff import staff_digest, staff_note
from schemas.applications.applicant import MentorPlaces
from schemas.applications.people import Person
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import SendEmail
from schemas.enums import ChangeKind, EmailKind, EndingReason, MilestoneKind, Outcome, Recipient, Side, StaffReason
from schemas.ids import email_key
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.state import Ask, Plan, PlannedEmail
from schemas.mentorship.terms import Ending

__all__ = ["SAMPLE_COHORT", "Sample", "samples"]

PAGES = MilestoneLinks(public_url="https://mile.example.org", secret=b"nobody answers a preview")
BOTH = (Recipient.MENTOR, Recipient.MENTEE)
# What follows at once on somebody's act: to whom it goes, and the milestones it names.
AT_ONCE: tuple[tuple[EmailKind, tuple[Recipient, ...], tuple[str, ...]], ...] = (
    (EmailKind.AGREEMENT_CHANGED, BOTH, ("agreement",)),
    (EmailKind.AGREED, BOTH, ("agreement",)),
    (EmailKind.GRATITUDE, (Recipient.MENTOR,), ("thanks-1",)),
    (EmailKind.PARTNER_UNREACHABLE, BOTH, ()),
)
CHANGES = (ChangeKind.PAUSE, ChangeKind.RESUME, ChangeKind.EXTEND, ChangeKind.CADENCE)
EARLY_ENDINGS = (Outcome.ENDED_EARLY, Outcome.MENTOR_WITHDREW, Outcome.MENTEE_WITHDREW)
NOTES: dict[StaffReason, Side | None] = {
    StaffReason.CALL_REQUESTED: Side.MENTEE,
    StaffReason.UNDELIVERABLE: Side.MENTOR,
    StaffReason.NOT_UNDERSTOOD: None,
    StaffReason.REPORT_READY: None,
    StaffReason.APPLICATIONS_CLOSED: None,
    StaffReason.INTAKE_INCOMPLETE: None,
    StaffReason.PROPOSAL_DECLINED: None,
    StaffReason.PROPOSALS_UNANSWERED: None,
    StaffReason.NOT_STARTED: None,
    StaffReason.DRIFT_FOUND: None,
}
ABOUT_A_MENTORSHIP = {StaffReason.CALL_REQUESTED, StaffReason.UNDELIVERABLE, StaffReason.NOT_UNDERSTOOD}
PLACES = MentorPlaces(mentor_places=11, mentees=12)
PAUSED_FOR = timedelta(days=60)


class Sample(FrozenModel):
    """One email as it would go out; ``person`` is its recipient, None where it goes to staff."""

    name: str
    order: SendEmail
    person: Person | None
    rendered: Rendered
    calendar: bytes | None = None


def samples(cohort: CohortSettings) -> Iterator[Sample]:
    """Write every email of this cohort: letters, those of one mentorship with reminders and merged ones, all notes."""
    yield from _before_the_kickoff(cohort)
    pair = sample_pair(cohort)
    foreseen = sample_plan(pair)
    facts = sample_facts(pair, foreseen)
    yield from _planned(facts, foreseen)
    acted_at = foreseen.milestone(MilestoneKind.AGREEMENT).closes_at
    yield from _at_once(facts, acted_at)
    yield from _endings(pair, acted_at)
    yield from _to_staff(facts, acted_at)


def _before_the_kickoff(cohort: CohortSettings) -> Iterator[Sample]:
    order, inquiry = sample_inquiry(cohort)
    yield _sample_to_staff(order.kind, order, inquiry)
    for letter in sample_letters(cohort):
        rendered, person, kickoff = render(letter.order.kind, letter.context), letter.person, letter.context
        calendar = None
        if isinstance(kickoff, KickoffEmail):
            calendar = calendar_file(kickoff.cohort, person, letter.rsvp, sequence=1)
        yield Sample(name=letter.name, order=letter.order, person=person, rendered=rendered, calendar=calendar)


def _planned(facts: Facts, foreseen: Plan) -> Iterator[Sample]:
    shown: set[str] = set()
    for planned in foreseen.emails:
        for email in _as_answered(planned, foreseen):
            for stuck in _goals_stuck_twice(email, foreseen):
                name = _name(email, foreseen, stuck)
                if name not in shown:
                    shown.add(name)
                    kind = EmailKind(foreseen.milestone(email.asks[0].milestone).kind)
                    order = _order(kind, email.to, email.at, facts, email.asks)
                    yield _to_participant(name, order, facts.model_copy(update={"stuck": stuck}))


def _as_answered(email: PlannedEmail, foreseen: Plan) -> Iterator[PlannedEmail]:
    """Give an email that asks for several things as it is, and as it is when only one of them is still open."""
    yield email
    if all(foreseen.milestone(ask.milestone).asked for ask in email.asks):
        yield from (email.model_copy(update={"asks": (ask,)}) for ask in email.asks)


def _goals_stuck_twice(email: PlannedEmail, foreseen: Plan) -> tuple[frozenset[int], ...]:
    first = foreseen.milestone(email.asks[0].milestone)
    recalled = email.to is Recipient.MENTOR and first.kind is MilestoneKind.CHECK_IN
    return (frozenset(), frozenset({2})) if recalled else (frozenset(),)


def _name(email: PlannedEmail, foreseen: Plan, stuck: frozenset[int]) -> str:
    first, *others = email.asks
    parts: list[str] = [foreseen.milestone(first.milestone).kind, email.to]
    parts += [f"reminder-{first.occurrence}"] if first.occurrence else []
    parts += [f"with-{foreseen.milestone(ask.milestone).kind}" for ask in others]
    parts += ["stuck-goal"] if stuck else []
    return ".".join(parts)


def _at_once(facts: Facts, at: datetime) -> Iterator[Sample]:
    for kind, recipients, milestones in AT_ONCE:
        for to in recipients:
            asks = tuple(Ask(milestone=milestone) for milestone in milestones)
            yield _to_participant(f"{kind}.{to}", _order(kind, to, at, facts, asks), facts)
    for change in CHANGES:
        order = _order(EmailKind.TERMS_CHANGED, Recipient.MENTEE, at, facts, ())
        told = order.model_copy(
            update={"change": change, "pause_from_on": at.date(), "pause_until_on": (at + PAUSED_FOR).date()}
        )
        yield _to_participant(f"{order.kind}.{order.to}.{change}", told, facts)


def _endings(pair: MentorshipPair, at: datetime) -> Iterator[Sample]:
    asks = (Ask(milestone=MilestoneKind.FAREWELL), Ask(milestone=MilestoneKind.CLOSURE_SURVEY))
    for outcome in EARLY_ENDINGS:
        ending = Ending(on=at.date(), outcome=outcome, reason=EndingReason.CIRCUMSTANCES)
        ended = pair.model_copy(update={"ends_on": ending.on})
        facts = sample_facts(ended, sample_plan(pair, ending)).model_copy(update={"outcome": outcome, "coming": ()})
        for to in BOTH:
            order = _order(EmailKind.FAREWELL, to, at, facts, asks)
            yield _to_participant(f"{order.kind}.{to}.{outcome}", order, facts)


def _order(kind: EmailKind, to: Recipient, at: datetime, facts: Facts, asks: tuple[Ask, ...]) -> SendEmail:
    scope, subject = facts.pair.mentorship_id, asks[0].milestone if asks else str(kind)
    occurrence = asks[0].occurrence if asks else 0
    key = email_key(scope, kind, subject, to, occurrence)
    return SendEmail(key=key, kind=kind, scope_id=scope, to=to, at=at, now=at, asks=asks)


def _to_participant(name: str, order: SendEmail, facts: Facts) -> Sample:
    rendered = render(order.kind, participant_email(order, facts, PAGES))
    return Sample(name=name, order=order, person=facts.pair.of(Side(order.to)), rendered=rendered)


def _to_staff(facts: Facts, at: datetime) -> Iterator[Sample]:
    pair, cohort = facts.pair, facts.pair.cohort
    for reason, about in NOTES.items():
        of_pair = reason in ABOUT_A_MENTORSHIP
        scope = pair.mentorship_id if of_pair else cohort.id
        order = _order(EmailKind.STAFF_NOTE, Recipient.STAFF, at, facts, ())
        key = email_key(scope, order.kind, reason, Recipient.STAFF)
        order = order.model_copy(update={"key": key, "scope_id": scope, "reason": reason, "about": about})
        note = staff_note(order, cohort, pair if of_pair else None, count=2, places=PLACES)
        yield _sample_to_staff(f"{order.kind}.{reason}", order, note)
    order = _order(EmailKind.STAFF_DIGEST, Recipient.STAFF, at, facts, ())
    order = order.model_copy(update={"scope_id": cohort.id})
    yield _sample_to_staff(order.kind, order, staff_digest(order, cohort, sample_digest(pair)))


def _sample_to_staff(name: str, order: SendEmail, context: EmailContext) -> Sample:
    return Sample(name=name, order=order, person=None, rendered=render(order.kind, context))
