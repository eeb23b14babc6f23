"""Who could take over a mentee whose mentor withdraws: best score first, rules kept, free places only (A25)."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest

from domain.matching.replacement_candidates import EarlierPair, find_replacement_candidates
from domain.matching.run import match
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import Eligibility, MatchingSettings
from schemas.enums import GoalArea, Outcome
from schemas.matching.results import ReplacementCandidate

KICKOFF = date(2019, 5, 10)
OFFERS = (GoalArea.LEADERSHIP, GoalArea.NETWORKING, GoalArea.TEACHING)


def _someone(id_: str, library: str) -> dict[str, object]:
    who: dict[str, object] = {
        "id": id_,
        "name": f"Test {id_}",
        "email": f"{id_.lower()}@example.org",
        "role": "Clerk",
        "town": "Ely",
    }
    return who | {"library": library, "library_type": "public", "role": "Clerk", "town": "Ely"}


def mentor(number: int, **different: object) -> MentorApplication:
    given = _someone(f"M{number:02}", f"Mentors' Library {number}") | {"years": 9, "offers": OFFERS[: number % 4]}
    return MentorApplication.model_validate(given | different)


def mentee(number: int, **different: object) -> MenteeApplication:
    given = _someone(f"P{number:02}", f"Mentees' Library {number}") | {"wants": OFFERS}
    return MenteeApplication.model_validate(given | different)


def offered(
    mentors: Sequence[MentorApplication],
    mentees: Sequence[MenteeApplication] = (),
    so_far: Sequence[EarlierPair] = (),
) -> tuple[ReplacementCandidate, ...]:
    return find_replacement_candidates(
        "P01",
        mentors,
        mentees or [mentee(1), mentee(2)],
        MatchingSettings(),
        eligibility=Eligibility(min_years=5),
        kickoff_on=KICKOFF,
        so_far=so_far,
    )


def test_the_scores_are_those_of_the_matching_and_the_best_comes_first() -> None:
    mentors = [mentor(number) for number in (1, 2, 3)]
    found = offered(mentors)
    assert [one.mentor for one in found] == ["M03", "M02", "M01"]
    assert all(one.score > other.score for one, other in pairwise(found))
    for one in found:
        pinned = match(mentors, [mentee(1), mentee(2)], MatchingSettings(), pins=[(one.mentor, "P01")])
        assert next(pair.score for pair in pinned.pairs if pair.mentee == "P01") == one.score


def test_a_mentor_is_offered_for_each_place_that_is_free() -> None:
    running = [EarlierPair("M02", "P02", None), EarlierPair("M03", "P02", Outcome.COMPLETED)]
    found = {one.mentor: one for one in offered([mentor(1), mentor(2), mentor(3), mentor(4, capacity=3)], (), running)}
    assert (found["M02"].free, found["M02"].hindrance) == (0, "this mentor takes 1 and has 1")
    assert (found["M03"].free, found["M03"].hindrance) == (1, None)
    assert (found["M04"].free, found["M04"].hindrance) == (3, None)


@pytest.mark.parametrize(
    ("outcome", "partner", "why"),
    [
        (None, "P01", "the two were a pair already"),
        (Outcome.MENTOR_WITHDREW, "P01", "the two were a pair already"),
        (Outcome.MENTOR_WITHDREW, "P02", "this mentor withdrew from another mentorship"),
    ],
)
def test_whoever_withdrew_is_not_offered_again(outcome: Outcome | None, partner: str, why: str) -> None:
    *_, last = offered([mentor(1), mentor(2), mentor(3)], (), [EarlierPair("M03", partner, outcome)])
    assert (last.mentor, last.hindrance) == ("M03", why)


@pytest.mark.parametrize(
    ("candidate", "why"),
    [
        (mentor(3, library="Mentees' Library 1"), "they work for the same employer"),
        (mentor(3, years=4), "mentors need 5 years in libraries and this one has 4"),
        (mentor(3, vetoes=("P01",)), "one of them asked not to be matched with the other"),
        (mentor(3, conflicts=("P01",)), "one of them declared a conflict of interest"),
    ],
)
def test_the_rules_of_the_matching_hold_for_a_new_mentor_too(candidate: MentorApplication, why: str) -> None:
    *others, last = offered([mentor(1), mentor(2), candidate])
    assert (last.mentor, last.hindrance) == ("M03", why)
    assert [one.hindrance for one in others] == [None, None]
