"""Every email of one invented mentorship, taken from its plan: what the plan can send is what is shown."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from domain.calendar import months_after
from domain.timeline import plan
from emails.letters import Pages, participant_email, staff_note
from emails.rendering import Rendered, render
from schemas.base import Value
from schemas.cohort import CohortSettings, Contact, Institute
from schemas.ids import email_key, mentorship_id
from schemas.mentorship import Milestone, Plan, PlannedEmail, Terms
from schemas.messages import SendEmail
from schemas.pages import DueMilestone, Partners
from schemas.people import Person
from schemas.words import EmailKind, MilestoneKind, Recipient, Side, StaffReason

SAMPLE_COHORT = CohortSettings(
    id="mile-2019",
    title="2019 Mentorship Program",
    institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=date(2019, 5, 10)),
    contact=Contact(role="Mentorship Subcommittee Chair", email="mentorship.chair@example.org"),
)
MENTOR = Person(
    id="M03",
    side=Side.MENTOR,
    name="Ingeborg Tamarack",
    email="ingeborg.tamarack@example.org",
    library="Birch Point Public Library",
    town="Bemidji",
    role="Library director",
)
MENTEE = Person(
    id="P07",
    side=Side.MENTEE,
    name="Pao Lindqvist",
    email="pao.lindqvist@example.org",
    library="Prairie School District Media Center",
    town="Worthington",
    role="Media specialist",
)
GOALS = ("Lead the reference team's weekly meeting", "Write a grant application on my own")
PAGES = Pages(public_url="https://mile.example.org", secret=b"nobody answers a preview")

# What a note to staff is about: the side concerned and the kind of milestone that brought it about.
NOTES: dict[StaffReason, tuple[Side | None, MilestoneKind | None]] = {
    StaffReason.CALL_REQUESTED: (Side.MENTEE, MilestoneKind.CHECK_IN),
    StaffReason.NO_FIRST_CONTACT: (None, MilestoneKind.FIRST_CONTACT),
    StaffReason.SILENT: (None, MilestoneKind.CHECK_IN),
    StaffReason.UNDELIVERABLE: (Side.MENTOR, MilestoneKind.CHECK_IN),
}


class Sample(Value):
    """One email as it would go out; ``person`` is its recipient, None where it goes to staff."""

    name: str
    order: SendEmail
    person: Person | None
    rendered: Rendered


def samples(cohort: CohortSettings) -> Iterator[Sample]:
    """Write every email of a mentorship in this cohort: first ones, reminders, merged ones, notes for each reason."""
    pair = Partners(
        mentorship_id=mentorship_id(cohort.id, 7),
        cohort=cohort,
        mentor=MENTOR,
        mentee=MENTEE,
        goals=GOALS,
        starts_on=cohort.kickoff,
        ends_on=months_after(cohort.kickoff, cohort.timeline.months),
    )
    foreseen = plan(_terms(pair), datetime.combine(cohort.kickoff, time(), UTC))
    yield from _to_participants(pair, foreseen)
    for reason in StaffReason:
        yield _to_staff(pair, foreseen, reason)


def _terms(pair: Partners) -> Terms:
    cohort = pair.cohort
    return Terms(
        mentorship_id=pair.mentorship_id,
        cohort_id=cohort.id,
        kickoff_on=cohort.kickoff,
        time_zone=cohort.time_zone,
        timeline=cohort.timeline,
        goals=len(pair.goals),
    )


def _to_participants(pair: Partners, foreseen: Plan) -> Iterator[Sample]:
    shown: set[str] = set()
    for planned in foreseen.emails:
        for email in _as_answered(planned, foreseen):
            for stuck in _goals_stuck_twice(email, foreseen):
                name = _name(email, foreseen, stuck)
                if name not in shown:
                    shown.add(name)
                    yield _to_participant(name, pair, foreseen, email, stuck)


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


def _to_participant(name: str, pair: Partners, foreseen: Plan, email: PlannedEmail, stuck: frozenset[int]) -> Sample:
    first = email.asks[0]
    kind = EmailKind(foreseen.milestone(first.milestone).kind)
    order = SendEmail(
        key=email_key(pair.mentorship_id, kind, first.milestone, email.to, first.occurrence),
        kind=kind,
        scope_id=pair.mentorship_id,
        to=email.to,
        at=email.at,
        now=email.at,
        asks=email.asks,
    )
    context = participant_email(order, pair, _due(foreseen), PAGES, stuck)
    return Sample(name=name, order=order, person=pair.of(Side(email.to)), rendered=render(kind, context))


def _to_staff(pair: Partners, foreseen: Plan, reason: StaffReason) -> Sample:
    about, kind = NOTES.get(reason, (None, None))
    milestone = next((due for due in foreseen.milestones if due.kind is kind), None)
    scope = pair.mentorship_id if milestone else pair.cohort.id
    at = milestone.closes_at if milestone else foreseen.ends_at
    order = SendEmail(
        key=email_key(scope, EmailKind.STAFF_NOTE, reason, Recipient.STAFF),
        kind=EmailKind.STAFF_NOTE,
        scope_id=scope,
        to=Recipient.STAFF,
        at=at,
        now=at,
        reason=reason,
        about=about,
    )
    context = staff_note(order, pair.cohort, pair if milestone else None, _known(milestone) if milestone else None)
    rendered = render(EmailKind.STAFF_NOTE, context)
    return Sample(name=f"{EmailKind.STAFF_NOTE}.{reason}", order=order, person=None, rendered=rendered)


def _due(foreseen: Plan) -> dict[str, DueMilestone]:
    return {milestone.id: _known(milestone) for milestone in foreseen.milestones}


def _known(milestone: Milestone) -> DueMilestone:
    return DueMilestone(id=milestone.id, kind=milestone.kind, number=milestone.number, closes_on=milestone.closes_on)
