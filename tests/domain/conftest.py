"""One pair of MILE 2019, and for Hypothesis: any terms a cohort's settings allow, any life a mentorship can have."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import strategies as st

from domain.calendar import morning
from domain.steps import after, next_moment, received
from domain.timeline import plan
from schemas.mentorship import Answer, MentorshipState, Milestone, Terms, Timeline, Window
from schemas.words import MilestoneKind, Side, WindowStatus

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


@st.composite
def windows(draw: st.DrawFn) -> Window:
    opens = draw(st.integers(-60, 30) | st.integers(-366, 359))
    closes = draw(st.integers(opens + 7, min(opens + 60, 366)) | st.integers(opens + 7, 366))
    reminders = draw(st.lists(st.integers(opens + 1, closes - 1), max_size=4))
    return Window(opens=opens, closes=closes, reminders=tuple(reminders))


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    months = draw(st.sampled_from((3, 4, 6, 12, 18, 25)))
    dividing = [every for every in range(1, 13) if months % every == 0]
    asked = {kind: draw(windows()) for kind in ("first_contact", "check_in", "goal_check_in", "closure_survey")}
    return Timeline(
        months=months,
        check_in_every_months=draw(st.sampled_from(dividing)),
        goal_check_in_every_months=draw(st.sampled_from(dividing)),
        **asked,
    )


def some_terms(rhythms: st.SearchStrategy[Timeline]) -> st.SearchStrategy[Terms]:
    return st.builds(
        Terms,
        mentorship_id=st.just("mile-2019-001"),
        cohort_id=st.just("mile-2019"),
        kickoff_on=st.dates(date(2000, 1, 1), date(2100, 12, 31)),
        time_zone=st.sampled_from(ZONES),
        timeline=rhythms,
        goals=st.integers(0, 3),
    )


@st.composite
def lives(draw: st.DrawFn) -> MentorshipState:
    """Live a mentorship up to some moment, with answers that come whenever they like."""
    terms = draw(some_terms(st.just(Timeline()) | timelines()))
    state = MentorshipState(terms=terms, plan=plan(terms, morning(terms.kickoff_on, terms.time_zone)))
    for _ in range(draw(st.integers(0, 25))):
        for answer in draw(st.lists(answers(state), max_size=2)):
            state = received(state, answer)
        if moment := next_moment(state):
            state = after(state, moment)
    return state


@st.composite
def answers(draw: st.DrawFn, state: MentorshipState) -> Answer:
    assert state.plan is not None
    milestone: Milestone = draw(st.sampled_from([due for due in state.plan.milestones if due.asked]))
    status = draw(st.sampled_from(WindowStatus)) if milestone.kind is MilestoneKind.CHECK_IN else None
    return Answer(
        milestone=milestone.id,
        side=draw(st.sampled_from(Side)),
        revision=draw(st.integers(1, 3)),
        received_at=milestone.closes_at + timedelta(hours=draw(st.integers(-1000, 20))),
        status=status,
    )


st.register_type_strategy(Terms, some_terms(st.just(Timeline()) | timelines()))
st.register_type_strategy(MentorshipState, lives())


@pytest.fixture
def mile_2019() -> Terms:
    """The terms of a pair of the 2019 class, with the programme's own rhythm."""
    return Terms(mentorship_id="mile-2019-001", cohort_id="mile-2019", kickoff_on=date(2019, 5, 10))


@pytest.fixture
def begun(mile_2019: Terms) -> MentorshipState:
    """A mentorship of the 2019 class on its first morning."""
    return MentorshipState(terms=mile_2019, plan=plan(mile_2019, datetime(2019, 5, 10, 13, tzinfo=UTC)))
