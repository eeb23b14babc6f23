"""For Hypothesis: terms that a cohort's settings allow, and histories of a mentorship, executed as by its workflow."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from hypothesis import settings
from hypothesis import strategies as st

from domain.calendar import local_day, morning
from domain.mentorship.changes import apply_change, successor_terms
from domain.mentorship.plan import plan
from domain.mentorship.progression import (
    complete_moment,
    is_plan_stale,
    next_moment,
    plan_of,
    planned_email_key,
    sent_emails,
)
from domain.mentorship.response_effects import apply_answer, record_undeliverable, request_resend, resolve_concerns
from schemas.enums import EndingReason, MilestoneKind, Outcome, Side, WindowStatus
from schemas.errors import Refusal
from schemas.mentorship.changes import CadenceRequest, Change, EndRequest, ExtendRequest, PauseRequest, ResumeRequest
from schemas.mentorship.state import Agreed, Answer, EmailRequest, MentorshipState, Milestone, PlannedEmail
from schemas.mentorship.terms import EXTRA_MEETINGS, AgreedMeeting, Rhythm, Terms, TimelineSettings, Window

ZONES = (
    "America/Chicago",
    "America/Anchorage",
    "America/Havana",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Honolulu",
    "UTC",
)
KICKOFFS = st.dates(date(2000, 1, 1), date(2100, 12, 31)) | st.sampled_from(
    [date(2000, 2, 29), date(2019, 5, 10), date(2023, 8, 31), date(2024, 2, 29), date(2099, 12, 31)]
)
AN_HOUR = timedelta(hours=1)
# A history takes as long to draw as dozens of terms.
A_FEW_HISTORIES = settings(max_examples=25)


# Hypothesis examines a strategy when it is first drawn from, which takes longer than drawing: so each is made once.
OPENINGS = st.integers(-60, 30) | st.integers(-366, 359)
MONTHS = st.sampled_from((3, 4, 6, 12, 18, 25))
MEETINGS_EVERY = st.sampled_from((1, 2, 3, 6))
REVIEWS_EVERY = st.integers(1, 24)
FOLLOW_UPS = st.lists(st.integers(1, 36), max_size=3)


@cache
def closings(opens: int) -> st.SearchStrategy[int]:
    """Any day from a week after a window opens."""
    return st.integers(opens + 7, min(opens + 60, 366)) | st.integers(opens + 7, 366)


@cache
def reminders(opens: int, closes: int) -> st.SearchStrategy[list[int]]:
    """A few days while a window is open."""
    return st.lists(st.integers(opens + 1, closes - 1), max_size=4)


@cache
def dividing(months: int) -> st.SearchStrategy[int]:
    """An interval after which these months are over."""
    return st.sampled_from([every for every in range(1, 13) if months % every == 0])


@st.composite
def windows(draw: st.DrawFn) -> Window:
    opens = draw(OPENINGS)
    closes = draw(closings(opens))
    return Window(opens=opens, closes=closes, reminders=tuple(draw(reminders(opens, closes))))


WINDOWS = windows()


@st.composite
def timelines(draw: st.DrawFn) -> TimelineSettings:
    """Any rhythm a cohort can have, however odd."""
    months = draw(MONTHS)
    asked = [name for name, field in TimelineSettings.model_fields.items() if field.annotation is Window]
    return TimelineSettings(
        months=months,
        check_in_every_months=draw(dividing(months)),
        goal_check_in_every_months=draw(dividing(months)),
        meetings_every_months=draw(MEETINGS_EVERY),
        agreement_review_every_months=draw(REVIEWS_EVERY),
        follow_up_after_months=tuple(draw(FOLLOW_UPS)),
        **{name: draw(WINDOWS) for name in asked},
    )


RHYTHMS = st.just(TimelineSettings()) | timelines()


@cache
def some_terms(rhythms: st.SearchStrategy[TimelineSettings]) -> st.SearchStrategy[Terms]:
    """Terms of a pair at kickoff."""
    return st.builds(
        Terms,
        mentorship_id=st.just("mile-2019-001"),
        cohort_id=st.just("mile-2019"),
        kickoff_on=KICKOFFS,
        time_zone=st.sampled_from(ZONES),
        timeline=rhythms,
        goals=st.integers(0, 3),
    )


def begin(terms: Terms) -> MentorshipState:
    """Begin a mentorship on its first morning, an hour before anybody is written to."""
    return MentorshipState(terms=terms, plan=plan(terms, morning(terms.first_day, terms.time_zone) - AN_HOUR))


def redrawn(state: MentorshipState, now: datetime) -> MentorshipState:
    """Draw up the plan anew where the terms changed, as the workflow has it done."""
    if not is_plan_stale(state):
        return state
    return state.model_copy(update={"plan": plan(state.terms, now, sent_emails(state))})


def told(state: MentorshipState) -> tuple[MentorshipState, tuple[EmailRequest, ...]]:
    """Send all pending emails."""
    return state.model_copy(update={"pending_emails": ()}), state.pending_emails


def day_in(state: MentorshipState, now: datetime) -> date:
    """Return the pair's local day."""
    return local_day(now, state.terms.time_zone)


@st.composite
def rhythms(draw: st.DrawFn, today: date) -> Rhythm:
    """Monthly, every other month, quarterly, twice a year, yearly, or days of their own."""
    if draw(st.booleans()):
        return Rhythm(every_months=draw(st.sampled_from((1, 2, 3, 6, 12))))
    ahead = draw(st.lists(st.integers(1, 500), min_size=1, max_size=6))
    return Rhythm(on=tuple(sorted({today + timedelta(days=days) for days in ahead})))


@st.composite
def changes(draw: st.DrawFn, today: date) -> Change:
    """Anything staff may ask for, refused or not."""
    starts = today + timedelta(days=draw(st.integers(0, 200)))
    pause = PauseRequest(from_on=starts, until_on=starts + timedelta(days=draw(st.integers(0, 120))))
    cadence = CadenceRequest(meetings=draw(st.none() | rhythms(today)), goal_updates=draw(st.none() | rhythms(today)))
    outcome = draw(st.sampled_from((Outcome.ENDED_EARLY, Outcome.MENTOR_WITHDREW, Outcome.MENTEE_WITHDREW)))
    others: tuple[Change, ...] = (ResumeRequest(), ExtendRequest(months=draw(st.integers(1, 9))), cadence, pause)
    end = EndRequest(outcome=outcome, reason=draw(st.sampled_from(EndingReason)))
    return draw(st.sampled_from((*others, *others, *others, end)))


def changed_if_allowed(state: MentorshipState, change: Change, now: datetime) -> MentorshipState:
    """Make a change and draw up the plan for it; what is refused changes nothing."""
    try:
        return redrawn(apply_change(state, change, now), now)
    except Refusal:
        return state


@st.composite
def answers(draw: st.DrawFn, state: MentorshipState, now: datetime) -> Answer:
    """Any answer to anything in the plan: early, late, again, or out of order."""
    due: Milestone = draw(st.sampled_from([due for due in plan_of(state).milestones if due.asked]))
    agreement = due.kind is MilestoneKind.AGREEMENT
    agreed = draw(st.none() | agreed_on(day_in(state, now))) if agreement else None
    return Answer(
        milestone=due.id,
        side=draw(st.sampled_from(Side)),
        revision=draw(st.integers(1, 4)),
        received_at=now,
        status=draw(st.sampled_from(WindowStatus)) if due.kind is MilestoneKind.CHECK_IN else None,
        call_requested=draw(st.integers(0, 4)) == 0,
        met=due.kind is MilestoneKind.MEETING and draw(st.booleans()),
        version=draw(st.integers(1, 4)) if agreement else None,
        confirmed=agreement and (agreed is not None or draw(st.booleans())),
        agreed=agreed,
    )


@st.composite
def agreed_on(draw: st.DrawFn, today: date) -> Agreed:
    """What a pair may agree on."""
    return Agreed(meetings=draw(rhythms(today)), goal_updates=draw(rhythms(today)), goals=draw(st.integers(1, 5)))


@st.composite
def meeting_dates(draw: st.DrawFn, state: MentorshipState, now: datetime) -> Answer:
    """Any date for any meeting, agreed on, moved or cancelled: one of the rhythm, or an extra one."""
    number = draw(st.sampled_from((1, 2, 5, EXTRA_MEETINGS)))
    meeting = AgreedMeeting(
        number=number,
        on=day_in(state, now) + timedelta(days=draw(st.integers(0, 90))),
        cancelled=draw(st.integers(0, 3)) == 0,
        revision=draw(st.integers(1, 4)),
        agreed_at=now,
    )
    side = draw(st.sampled_from(Side))
    return Answer(milestone=f"meeting_date-{number}", side=side, received_at=now, meeting=meeting)


@st.composite
def acts(draw: st.DrawFn, state: MentorshipState, now: datetime) -> MentorshipState:
    """Let somebody do something: a participant answers, staff change something, an address refuses."""
    act = draw(st.sampled_from(("answer", "answer", "answer", "change", "refuse", "resend", "attend", "meet")))
    side = draw(st.sampled_from(Side))
    if act == "answer":
        return redrawn(apply_answer(state, draw(answers(state, now))), now)
    if act == "meet":
        return redrawn(apply_answer(state, draw(meeting_dates(state, now))), now)
    if act == "change":
        return changed_if_allowed(state, draw(changes(day_in(state, now))), now)
    if act == "refuse":
        return record_undeliverable(state, side, now)
    if act == "resend":
        return _resent_if_sent(state, side, now)
    return resolve_concerns(state)


def _resent_if_sent(state: MentorshipState, side: Side, now: datetime) -> MentorshipState:
    try:
        return request_resend(state, side, now)
    except Refusal:
        return state


class Sent(NamedTuple):
    """An email that went out: its key, and the windows it asked about, each with the day it opened on."""

    key: str
    email: PlannedEmail
    windows: tuple[tuple[str, date, int], ...]


class History(NamedTuple):
    """A mentorship at some moment of its history, and what went out so far because it was due."""

    state: MentorshipState
    now: datetime
    sent: tuple[Sent, ...] = ()

    def __repr__(self) -> str:
        said = [f"{answer.side}:{answer.milestone}" for answer in self.state.answers]
        return f"History({self.state.terms!r}, now={self.now}, done_through={self.state.done_through}, answers={said})"


@st.composite
def histories(draw: st.DrawFn, rhythms_of_cohorts: st.SearchStrategy[TimelineSettings] = RHYTHMS) -> History:
    """Live a mentorship up to some moment, with acts of everybody in between."""
    terms = draw(some_terms(rhythms_of_cohorts))
    if draw(st.integers(0, 3)) == 0:
        terms = draw(taken_over(terms))
    history = History(begin(terms), morning(terms.first_day, terms.time_zone) - AN_HOUR)
    for _ in range(draw(st.sampled_from((6, 3, 1, 0)))):
        history = draw(continued(history))
        for _ in range(draw(st.sampled_from((1, 2, 0)))):
            history = history._replace(state=draw(acts(history.state, history.now)))
        history = history._replace(state=told(history.state)[0])
    return history


@st.composite
def taken_over(draw: st.DrawFn, terms: Terms) -> Terms:
    """Return the terms by which another mentor takes over some day, where enough is left."""
    state = begin(terms)
    today = terms.kickoff_on + timedelta(days=draw(st.integers(1, 30 * terms.timeline.months)))
    before = morning(terms.kickoff_on, terms.time_zone)
    for _ in range(draw(st.integers(0, 2))):
        change = draw(changes(terms.kickoff_on))
        state = state if isinstance(change, EndRequest) else changed_if_allowed(state, change, before)
    try:
        return successor_terms(state, today).model_copy(update={"mentorship_id": "mile-2019-002"})
    except Refusal:
        return terms


@st.composite
def continued(draw: st.DrawFn, history: History) -> History:
    """Live on through a few moments, and stop before the next one, or shortly after where the worker was away."""
    for _ in range(draw(st.sampled_from((2, 1, 5, 9, 0)))):
        history = after_one_moment(history)
    moment = next_moment(history.state)
    room = max(moment.at - history.now, timedelta(0)) if moment else timedelta(days=30)
    return history._replace(now=history.now + room * draw(st.sampled_from((0, 0.001, 0.3, 0.9, 1.1))))


def after_one_moment(history: History) -> History:
    """Live through the next moment, if there is one, and write down what went out."""
    moment = next_moment(history.state)
    if moment is None:
        return history
    sent = tuple(_sent(history.state, email) for email in moment.emails)
    return History(complete_moment(history.state, moment), max(history.now, moment.at), (*history.sent, *sent))


def executed_to_the_end(history: History) -> History:
    """Live on without another answer until nothing is due any more."""
    while next_moment(history.state):
        history = after_one_moment(history)
    return history


def _sent(state: MentorshipState, email: PlannedEmail) -> Sent:
    drawn = plan_of(state)
    windows = tuple((ask.milestone, drawn.milestone(ask.milestone).opens_on, ask.occurrence) for ask in email.asks)
    return Sent(planned_email_key(state, email), email, windows)
