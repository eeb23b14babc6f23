from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from domain.matching.employers import is_same_employer, parse_employer
from domain.matching.geography import distance_km, find_town
from domain.matching.run import match
from domain.matching.run_differences import mentor_changes
from domain.matching.scoring import points_per_criterion
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import Eligibility, MatchingSettings, Weights
from schemas.errors import Refusal

KICKOFF = date(2019, 5, 10)


def mentor(id_: str, **answers: Any) -> MentorApplication:
    plain = {
        "name": f"Mentor {id_}",
        "email": f"{id_.casefold()}@example.org",
        "library": f"{id_} Town Library",
        "library_type": "public",
        "town": "Duluth",
        "role": "Director",
        "years": 12,
        "offers": ("leadership", "networking"),
    }
    return MentorApplication.model_validate({"id": id_, **plain, **answers})


def mentee(id_: str, **answers: Any) -> MenteeApplication:
    plain = {
        "name": f"Mentee {id_}",
        "email": f"{id_.casefold()}@example.org",
        "library": f"{id_} School Library",
        "library_type": "school",
        "town": "Ely",
        "role": "Librarian",
        "wants": ("leadership",),
    }
    return MenteeApplication.model_validate({"id": id_, **plain, **answers})


def why_nobody(mentors: list[MentorApplication], someone: MenteeApplication, **wishes: Any) -> str:
    result = match(mentors, [someone], MatchingSettings(), **wishes)
    assert result.pairs == ()
    return result.unplaced[0].why


def test_points_of_the_criteria_add_up_to_the_score() -> None:
    mentors = [mentor("M1", ranks=("P2",), town="Nowhere"), mentor("M2", offers=(), working_style="structured")]
    people = [mentee("P1", ranks=("M2",), availability=("lunch",)), mentee("P2", wants=())]
    for pair in match(mentors, people, MatchingSettings()).pairs:
        assert sum(each.points for each in pair.criteria) == pair.score
        assert sum(each.of for each in pair.criteria) == 10_000


def test_best_in_everything_scores_full_points() -> None:
    same = {"library_type": "public", "town": "Ely", "working_style": "flexible", "availability": ("lunch",)}
    best = mentor("M1", ranks=("P1",), **same)
    result = match([best], [mentee("P1", ranks=("M1",), **same)], MatchingSettings())
    assert result.pairs[0].score == 10_000


def test_missing_answer_counts_half_and_is_shown_as_missing() -> None:
    pair = match([mentor("M1", offers=())], [mentee("P1")], MatchingSettings()).pairs[0]
    goals = next(each for each in pair.criteria if each.name == "goals")
    assert goals.answers == (None, "leadership")
    assert goals.points * 2 == goals.of
    assert "missing" in goals.reason


def test_goals_count_the_share_of_needs_met_not_the_overlap() -> None:
    offers_much = mentor("M1", offers=("leadership", "networking", "advocacy", "budgeting"))
    wants = mentee("P1", wants=("leadership", "networking", "teaching", "outreach"))
    pair = match([offers_much], [wants], MatchingSettings()).pairs[0]
    goals = next(each for each in pair.criteria if each.name == "goals")
    assert goals.points * 2 == goals.of
    assert goals.answers == (
        "advocacy, budgeting, leadership, networking",
        "leadership, networking, outreach, teaching",
    )


def test_unknown_town_is_neutral_and_named() -> None:
    pair = match([mentor("M1", town="Lake Wobegon")], [mentee("P1")], MatchingSettings()).pairs[0]
    distance = next(each for each in pair.criteria if each.name == "distance")
    # Half of them, in whole points.
    assert distance.of - 1 <= distance.points * 2 <= distance.of
    assert "Lake Wobegon" in distance.reason


def test_switched_off_criterion_does_not_appear() -> None:
    weights = Weights(goals=1, rankings=0, career_path=0, library_type=0, distance=0, availability=0, working_style=0)
    pair = match([mentor("M1")], [mentee("P1")], MatchingSettings(weights=weights)).pairs[0]
    assert [each.name for each in pair.criteria] == ["goals"]
    assert pair.score == 10_000


@pytest.mark.parametrize(("ranks", "points"), [((), [0, 10_000]), (("P9",), [2000, 8000])])
def test_rankings_count_only_in_a_class_in_which_somebody_ranked(ranks: tuple[str, ...], points: list[int]) -> None:
    weights = Weights(goals=80, rankings=20, career_path=0, library_type=0, distance=0, availability=0, working_style=0)
    pair = match([mentor("M1", ranks=ranks)], [mentee("P1")], MatchingSettings(weights=weights)).pairs[0]
    of = {each.name: each.of for each in pair.criteria}
    assert [of.get("rankings", 0), of["goals"]] == points


def test_weights_share_ten_thousand_points_without_loss() -> None:
    weights = Weights(goals=1, rankings=1, career_path=1, library_type=1, distance=1, availability=1, working_style=1)
    points = points_per_criterion(weights)
    assert sum(points.values()) == 10_000
    assert max(points.values()) - min(points[name] for name in points if name != "words") <= 1


@pytest.mark.parametrize(
    ("mentor_says", "mentee_says", "because"),
    [
        ({"library": "Cloquet Public Library"}, {"library": "cloquet library"}, "same employer"),
        ({"vetoes": ("P1",)}, {}, "asked not to"),
        ({}, {"vetoes": ("M1",)}, "asked not to"),
        ({"conflicts": ("P1",)}, {}, "conflict"),
        ({}, {"reports_to": "M1"}, "reports to"),
        ({"reports_to": "P1"}, {}, "reports to"),
    ],
)
def test_forbidden_pair_stays_apart_and_says_why(
    mentor_says: dict[str, Any], mentee_says: dict[str, Any], because: str
) -> None:
    assert because in why_nobody([mentor("M1", **mentor_says)], mentee("P1", **mentee_says))


def test_same_employer_is_allowed_where_the_cohort_says_so() -> None:
    both = {"library": "Cloquet Public Library"}
    settings = MatchingSettings(allow_same_employer=True)
    assert match([mentor("M1", **both)], [mentee("P1", **both)], settings).coverage == 1


def test_mentor_needs_the_years_the_cohort_asks_for() -> None:
    eligibility = Eligibility(min_years=5)
    assert "5 years" in why_nobody([mentor("M1", years=4)], mentee("P1"), eligibility=eligibility)
    assert match([mentor("M1", years=5)], [mentee("P1")], MatchingSettings(), eligibility=eligibility).coverage == 1


def test_mentor_sits_out_after_the_own_class() -> None:
    eligibility = Eligibility(sit_out_years=4)
    recent, long_ago = mentor("M1", last_attended=2017), mentor("M1", last_attended=2015)
    assert "sits out" in why_nobody([recent], mentee("P1"), eligibility=eligibility, kickoff_on=KICKOFF)
    found = match([long_ago], [mentee("P1")], MatchingSettings(), eligibility=eligibility, kickoff_on=KICKOFF)
    assert found.coverage == 1


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("St. Cloud State University", "Saint Cloud State University Library", True),
        ("Hennepin County Library", "Hennepin County Library - Southdale", True),
        ("Hennepin County Library", "Hennepin Couny Library", True),
        ("Anoka County Library", "Dakota County Library", False),
        ("University of Minnesota, Duluth", "University of Minnesota, Crookston", False),
        ("Independent School District 622", "Independent School District 623", False),
        ("East Central Regional Technical College", "West Central Regional Technical College", False),
        ("Duluth Public Library", "University of Minnesota Duluth", False),
    ],
)
def test_employers_are_distinguished_however_they_are_written(first: str, second: str, same: bool) -> None:
    assert is_same_employer(parse_employer(first), parse_employer(second)) is same
    assert is_same_employer(parse_employer(second), parse_employer(first)) is same
    result = match([mentor("M1", library=first)], [mentee("P1", library=second)], MatchingSettings())
    assert (result.coverage == 0) is same


def test_towns_are_found_however_saint_is_written() -> None:
    assert find_town("St. Paul") == find_town("Saint Paul") == find_town("ST PAUL, MN")
    assert find_town("Lake Wobegon") is None


def test_minneapolis_lies_220_km_from_duluth() -> None:
    first, second = find_town("Minneapolis"), find_town("Duluth")
    assert first is not None
    assert second is not None
    assert distance_km(first, second) == pytest.approx(220, abs=5)


def test_shortage_names_the_smallest_set_that_competes() -> None:
    libraries = {"library": "Ely Public Library"}
    mentors = [mentor("M1"), mentor("M2", **libraries), mentor("M3", **libraries)]
    people = [mentee("P1", **libraries), mentee("P2", **libraries), mentee("P3")]
    result = match(mentors, people, MatchingSettings())
    assert result.coverage == 2
    assert "These 2 mentees share only 1 possible place: P1, P2 compete for M1." in result.unplaced[0].why


def test_waiting_mentee_gets_the_only_place() -> None:
    better, waited = mentee("P1"), mentee("P2", wants=("teaching",), waited=True)
    assert match([mentor("M1")], [better, waited], MatchingSettings()).pairs[0].mentee == "P2"


def test_any_order_of_people_gives_the_same_result() -> None:
    mentors = [mentor(f"M{n}", capacity=1 + n % 2) for n in range(12)]
    people = [mentee(f"P{n}") for n in range(20)]
    first = match(mentors, people, MatchingSettings())
    chance = random.Random(2019)  # noqa: S311
    for _ in range(5):
        chance.shuffle(mentors)
        chance.shuffle(people)
        assert match(mentors, people, MatchingSettings()) == first


def test_hash_changes_with_every_input() -> None:
    people, mentors = [mentee("P1"), mentee("P2")], [mentor("M1"), mentor("M2")]
    hashes = {
        match(mentors, people, MatchingSettings()).inputs_sha256,
        match(mentors, people, MatchingSettings(objective="total")).inputs_sha256,
        match(mentors, people, MatchingSettings(), pins=[("M1", "P1")]).inputs_sha256,
        match(mentors, people, MatchingSettings(), forbid=[("M1", "P1")]).inputs_sha256,
        match([mentors[0], mentor("M2", years=13)], people, MatchingSettings()).inputs_sha256,
    }
    assert len(hashes) == 5


def test_pin_costs_what_it_costs_the_program() -> None:
    mentors = [mentor("M1"), mentor("M2", offers=("teaching",))]
    people = [mentee("P1"), mentee("P2", wants=("teaching",))]
    free, pinned = (
        match(mentors, people, MatchingSettings()),
        match(mentors, people, MatchingSettings(), pins=[("M2", "P1")]),
    )
    assert [pair.pinned for pair in pinned.pairs] == [True, False]
    assert pinned.pins[0].program_cost == free.total - pinned.total > 0


def test_drop_out_changes_only_the_pair_it_must() -> None:
    mentors = [mentor(f"M{n}", town=name) for n, name in enumerate(("Ely", "Duluth", "Winona", "Morris", "Edina"))]
    people = [mentee(f"P{n}", town=name) for n, name in enumerate(("Duluth", "Edina", "Ely", "Winona"))]
    before = match(mentors, people, MatchingSettings())
    had = {pair.mentee: pair.mentor for pair in before.pairs}
    left = [each for each in mentors if each.id != had["P0"]]
    after = match(left, people, MatchingSettings(), earlier=had)
    assert [change.mentee for change in mentor_changes(before, after)] == ["P0"]
    assert mentor_changes(before, before) == ()


@pytest.mark.parametrize(
    ("mentors", "people", "wishes", "says"),
    [
        ([], [mentee("P1")], {}, "no mentors"),
        ([mentor("M1")], [], {}, "no mentees"),
        ([mentor("M1"), mentor("M1")], [mentee("P1")], {}, "id M1"),
        ([mentor("M1", email="a@example.org")], [mentee("P1", email="A@example.org")], {}, "both"),
        ([mentor("M1")], [mentee("P1")], {"pins": [("M1", "P9")]}, "P9"),
        ([mentor("M1")], [mentee("P1")], {"forbid": [("M9", "P1")]}, "M9"),
        (
            [mentor("M1"), mentor("M2")],
            [mentee("P1")],
            {"pins": [("M1", "P1"), ("M2", "P1")]},
            "P1 is pinned to two",
        ),
        (
            [mentor("M1")],
            [mentee("P1"), mentee("P2")],
            {"pins": [("M1", "P1"), ("M1", "P2")]},
            "M1 can take 1",
        ),
        ([mentor("M1", vetoes=("P1",))], [mentee("P1")], {"pins": [("M1", "P1")]}, "breaks a rule"),
        ([mentor("M1")], [mentee("P1")], {"pins": [("M1", "P1")], "forbid": [("M1", "P1")]}, "staff forbade"),
    ],
)
def test_impossible_request_is_refused_with_the_reason(
    mentors: list[MentorApplication], people: list[MenteeApplication], wishes: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refusal, match=says):
        match(mentors, people, MatchingSettings(), **wishes)
