"""Why two people were matched, fit for both; when an answer is taken; and what a new match run must keep (A23, A25)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.matching.proposals import (
    ProposalClosedReason,
    next_match_request,
    proposal_closed_reason,
    proposal_deadline,
    read_proposal_answer,
    shared_reasons,
)
from domain.matching.run import match
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings, Institute, MatchingSettings, ProgramContact, ProposalSettings
from schemas.enums import Availability, Commitment, DeclineReason, GoalArea, Side, WorkingStyle
from schemas.matching.messages import MatchRequest
from schemas.matching.proposals import ProposedMatch, SideAnswer
from schemas.matching.results import CriterionScore, Pair

PROPOSED = datetime(2019, 4, 15, 15, tzinfo=UTC)
COHORT = CohortSettings(
    id="mile-2019",
    title="2019 Mentorship Program",
    institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=date(2019, 5, 10)),
    contact=ProgramContact(role="Chair", email="chair@example.org"),
    proposals=ProposalSettings(answer_days=10),
)


def criterion(name: str, mentor: str | None, mentee: str | None) -> CriterionScore:
    return CriterionScore(name=name, points=5, of=10, question="?", answers=(mentor, mentee), reason="private")


def reasons(*criteria: CriterionScore) -> tuple[str, ...]:
    return shared_reasons(Pair(mentee="P01", mentor="M01", score=7000, criteria=criteria))


@pytest.mark.parametrize(
    ("answered", "sentence"),
    [
        (("goals", "budgeting, leadership", "leadership, networking"), "what the mentee is looking for: leadership."),
        (("library_type", "public", "public"), "Both work in the same kind of library: public."),
        (("library_type", "public", "school"), "Each knows another kind of library: public and school."),
        (("distance", "Duluth", "Cloquet"), "Their places of work are about 17 miles apart."),
        (("distance", "Ely", "ely"), "Both work in Ely."),
        (("distance", "Ely", "Duluth"), "Both work in the same part of the state (Northeast)."),
        (("availability", "evenings, lunch", "evenings"), "Both can usually meet at these times: evenings."),
        (("working_style", "hands_on", "hands_on"), "Both like to work the same way: hands on."),
    ],
)
def test_reason_says_what_both_have_in_common(answered: tuple[str, str, str], sentence: str) -> None:
    [told_both] = reasons(criterion(*answered))
    assert told_both.endswith(sentence)


@pytest.mark.parametrize(
    "answered",
    [
        ("goals", "budgeting", "leadership"),
        ("goals", None, "leadership"),
        ("career_path", "20", "3"),
        ("distance", "Ely", "Worthington"),
        ("distance", "Ely", "Nowhere at all"),
        ("availability", "evenings", "lunch"),
        ("working_style", "structured", "flexible"),
        ("rankings", "choice 1 of 3", "not ranked"),
        ("words", "I rebuilt a library", "I want to leave mine"),
        ("something new", "a", "a"),
    ],
)
def test_reasons_name_nothing_against_a_match_and_nothing_private(
    answered: tuple[str, str, str],
) -> None:
    assert reasons(criterion(*answered)) == ()


told = st.fixed_dictionaries(
    {
        "town": st.sampled_from(["Ely", "Duluth", "Worthington", "Atlantis"]),
        "areas": st.sets(st.sampled_from(GoalArea), max_size=4),
        "availability": st.sets(st.sampled_from(Availability), max_size=3),
        "working_style": st.none() | st.sampled_from(WorkingStyle),
        "years": st.integers(0, 60),
    }
)


def application(id_: str, said: dict[str, object], areas: str) -> dict[str, object]:
    """Return what somebody applied with; ``areas`` is what their side calls its areas."""
    shared = {"id": id_, "name": id_, "email": f"{id_}@example.org", "library": id_, "role": "Clerk"}
    answers = {name: sorted(answer) if isinstance(answer, set) else answer for name, answer in said.items()}
    areas_named = answers.pop("areas")
    return {**shared, **answers, "library_type": "public", areas: areas_named}


@given(mentor=told, mentee=told)
def test_reasons_of_a_real_match_name_no_area_and_no_time_that_only_one_side_named(
    mentor: dict[str, object], mentee: dict[str, object]
) -> None:
    one = MentorApplication.model_validate(application("M01", mentor, "offers") | {"ranks": ["P01"]})
    other = MenteeApplication.model_validate(application("P01", mentee, "wants") | {"goals": ["My own words"]})
    [pair] = match([one], [other], MatchingSettings()).pairs
    shown = " ".join(shared_reasons(pair))
    only_one = {*one.offers} ^ {*other.wants} | {*one.availability} ^ {*other.availability}
    assert not [named for named in only_one if named.replace("_", " ") in shown]
    for private in ("rank", "best", "year", "own words"):
        assert private not in shown


def proposed(**different: object) -> ProposedMatch:
    made = {
        "mentor_id": "M01",
        "mentee_id": "P01",
        "run": 1,
        "proposed_at": PROPOSED,
        "final": False,
        "declined": False,
    }
    return ProposedMatch.model_validate(made | different)


def said(commitment: Commitment) -> SideAnswer:
    return SideAnswer(commitment=commitment, at=PROPOSED)


COMMITTED, ASKED, DECLINED = map(said, Commitment)
DUE = proposal_deadline(COHORT, PROPOSED)
KICKOFF = datetime(2019, 5, 10, 14, tzinfo=UTC)


def test_answers_are_due_when_the_tenth_local_day_is_over() -> None:
    assert datetime(2019, 4, 26, 5, tzinfo=UTC) == DUE


@pytest.mark.parametrize(
    ("different", "now", "why"),
    [
        ({}, PROPOSED, None),
        ({}, DUE, None),
        ({}, KICKOFF, ProposalClosedReason.BEGUN),
        ({"mentor": COMMITTED}, DUE - timedelta(seconds=1), None),
        ({"mentor": COMMITTED}, DUE, ProposalClosedReason.LATE),
        ({"mentor": DECLINED}, DUE, ProposalClosedReason.LATE),
        ({"mentor": ASKED}, DUE, None),
        ({"mentee": DECLINED}, DUE, None),
        ({"final": True}, PROPOSED, ProposalClosedReason.FINAL),
        ({"mentor": COMMITTED, "mentee": COMMITTED, "gone": (Side.MENTEE,)}, PROPOSED, None),
        ({"gone": (Side.MENTOR,)}, PROPOSED, ProposalClosedReason.GONE),
        (
            {"mentor": COMMITTED, "mentee": COMMITTED, "withdrawn_at": PROPOSED},
            PROPOSED,
            ProposalClosedReason.WITHDRAWN,
        ),
    ],
)
def test_mentor_can_answer_until_it_is_settled_or_too_late(
    different: dict[str, object], now: datetime, why: ProposalClosedReason | None
) -> None:
    assert proposal_closed_reason(proposed(**different), Side.MENTOR, COHORT, now) is why


@pytest.mark.parametrize(
    ("posted", "commitment", "problems"),
    [
        ({"act": "committed", "question": "left over", "reason": "time"}, Commitment.COMMITTED, set()),
        ({"act": "asked", "question": "How often?"}, Commitment.ASKED, set()),
        ({"act": "declined", "reason": "time"}, Commitment.DECLINED, set()),
        ({"act": "asked", "reason": "time"}, None, {"question"}),
        ({"act": "declined", "question": "How often?"}, None, {"reason"}),
        ({"act": ""}, None, {"act"}),
        ({}, None, {"act"}),
    ],
)
def test_each_button_takes_what_belongs_to_it(
    posted: dict[str, str], commitment: Commitment | None, problems: set[str]
) -> None:
    read = read_proposal_answer(posted)
    assert (read.answer.commitment if read.answer else None) is commitment
    assert set(read.problems) == problems
    if read.answer and commitment is Commitment.COMMITTED:
        assert (read.answer.question, read.answer.reason) == ("", None)


outcomes: st.SearchStrategy[dict[str, object]] = st.sampled_from(
    [
        {},
        {"final": True},
        {"declined": True},
        {"withdrawn_at": PROPOSED},
        {"declined": True, "withdrawn_at": PROPOSED},
        {"gone": (Side.MENTOR,)},
        {"declined": True, "gone": (Side.MENTEE,)},
    ]
)


@given(
    st.lists(outcomes.map(lambda outcome: proposed(**outcome))),
    *[st.sets(st.sampled_from([("M0", "P0"), ("M1", "P1"), ("M2", "P2"), ("M9", "P0")])).map(tuple) for _ in range(2)],
)
def test_new_run_never_pins_what_it_forbids_and_never_names_who_withdrew(
    made: list[ProposedMatch], pinned: tuple[tuple[str, str], ...], forbidden: tuple[tuple[str, str], ...]
) -> None:
    ids = [{"mentor_id": f"M{number}", "mentee_id": f"P{number}"} for number in range(len(made))]
    named = [each.model_copy(update=changed) for each, changed in zip(made, ids, strict=True)]
    there = {
        changed[f"{side}_id"] for each, changed in zip(made, ids, strict=True) for side in Side if side not in each.gone
    }
    request = next_match_request(named, MatchRequest(pins=pinned, forbid=forbidden, close_to=4), there=there)
    assert not set(request.pins) & set(request.forbid)
    assert {person for pair in request.pins + request.forbid for person in pair} <= there
    for each in named:
        pair = (each.mentor_id, each.mentee_id)
        wished = pair in pinned and not each.declined
        assert (pair in request.pins) is ((each.final or wished) and not each.gone)
        ruled_out = each.declined or (pair in forbidden and pair not in request.pins)
        assert (pair in request.forbid) is (ruled_out and not each.gone)


def test_where_nothing_was_said_nothing_is_fixed() -> None:
    assert next_match_request([proposed()], MatchRequest(close_to=2), there={"M01", "P01"}) == MatchRequest(close_to=2)


def test_request_of_the_published_run_applies_to_the_next_draft_while_both_take_part() -> None:
    asked = MatchRequest(
        pins=(("M01", "P01"), ("M02", "P02"), ("M03", "P03")),
        forbid=(("M01", "P04"), ("M05", "P05"), ("M09", "P04")),
        objective="total",
        close_to=3,
    )
    made = [
        proposed(declined=True),
        proposed(mentor_id="M02", mentee_id="P02"),
        proposed(mentor_id="M03", mentee_id="P03", gone=(Side.MENTEE,)),
        proposed(mentor_id="M04", mentee_id="P04", final=True),
    ]
    assert next_match_request(
        made, asked, there={"P01", "P02", "P04", "P05", "M01", "M02", "M03", "M04", "M05"}
    ) == MatchRequest(
        pins=(("M02", "P02"), ("M04", "P04")),
        forbid=(("M01", "P01"), ("M01", "P04"), ("M05", "P05")),
        objective="total",
        close_to=3,
    )


def test_reason_and_question_never_stand_together() -> None:
    read = read_proposal_answer({"act": "declined", "reason": "time", "question": "How often?"})
    assert read.answer
    assert (read.answer.reason, read.answer.question) == (DeclineReason.TIME, "")
