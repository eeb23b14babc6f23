"""What staff read of a match run: sentences with names instead of ids, and the band of each score."""

import pytest

from domain.matching.explanation import explain_pair
from domain.matching.run import match
from domain.matching.score_bands import band_of, histogram
from domain.matching.shortage_sentence import with_names
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import Bands, Eligibility, MatchingSettings
from schemas.matching.messages import MatchRequest

NAMES = {"1": "Ada", "2": "Bo", "3": "Cy"}


def name(id_: str) -> str:
    return NAMES.get(id_, id_)


def person(id_: str) -> dict[str, object]:
    return {
        "id": id_,
        "name": f"Somebody {id_}",
        "email": f"{id_}@example.org",
        "library": f"Library {id_}",
        "library_type": "public",
        "town": "Ely",
        "role": "Clerk",
    }


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        # Ids may be numbers, which the sentence counts with, too.
        (
            "These 2 mentees share only 1 possible place: 2, 3 compete for 1.",
            "These 2 mentees share only 1 possible place: Bo, Cy compete for Ada.",
        ),
        (
            "These 13 mentees share only 12 possible places: 2, 3 and 11 more compete for 1 and 2 more.",
            "These 13 mentees share only 12 possible places: Bo, Cy and 11 more compete for Ada and 2 more.",
        ),
        ("Every mentor is ruled out (2: they work for the same employer).",) * 2,
    ],
)
def test_sentence_about_a_shortage_names_people(stored: str, shown: str) -> None:
    assert with_names(stored, name) == shown


def test_sentence_that_a_run_stores_is_the_one_that_is_read() -> None:
    mentors = [MentorApplication.model_validate(person("1") | {"years": 9})]
    mentees = [MenteeApplication.model_validate(person(id_)) for id_ in ("2", "3")]
    (unplaced,) = match(mentors, mentees, MatchingSettings()).unplaced
    assert with_names(unplaced.why, name).endswith(": Bo, Cy compete for Ada.")


@pytest.mark.parametrize(
    ("score", "band"), [(0, "poor"), (3999, "poor"), (4000, "fair"), (5999, "fair"), (6000, "good"), (10000, "good")]
)
def test_band_begins_at_its_line(score: int, band: str) -> None:
    assert band_of(score, Bands()) == band


def test_bands_and_histogram_count_what_the_run_counts() -> None:
    mentors = [MentorApplication.model_validate(person(f"m{n}") | {"years": 3 * n}) for n in range(6)]
    mentees = [MenteeApplication.model_validate(person(f"p{n}") | {"years": 2 * n}) for n in range(6)]
    result = match(mentors, mentees, MatchingSettings())
    counted = [band_of(pair.score, Bands()) for pair in result.pairs]
    assert {band: counted.count(band) for band in ("poor", "fair", "good")} == result.band_counts
    assert sum(count for _, count in histogram(result)) == len(result.pairs)


def test_loss_by_any_pair_is_what_pinning_it_costs() -> None:
    mentors = [MentorApplication.model_validate(person(f"m{n}") | {"years": 3 * n}) for n in range(4)]
    mentees = [MenteeApplication.model_validate(person(f"p{n}") | {"years": 4 * n}) for n in range(4)]
    settings = MatchingSettings(objective="total")
    best = match(mentors, mentees, settings)
    taken = {(pair.mentor, pair.mentee) for pair in best.pairs}
    for mentor in mentors:
        for mentee in mentees:
            explained = explain_pair(
                mentors,
                mentees,
                settings,
                mentor.id,
                mentee.id,
                MatchRequest(),
                eligibility=Eligibility(),
                kickoff_on=None,
            )
            pinned = match(mentors, mentees, settings, pins=[(mentor.id, mentee.id)])
            loss = explained.loss.program_cost if explained.loss else 0
            assert loss == best.total - pinned.total
            assert (explained.loss is None) == ((mentor.id, mentee.id) in taken)
            assert explained.score == sum(criterion.points for criterion in explained.criteria)
