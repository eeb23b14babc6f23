"""People's own words as a small part of a score: nearest phrases, any order, and nothing without the extra."""

from importlib.util import find_spec

import pytest

from domain.matching import text_similarity
from domain.matching.run import match
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import MatchingSettings, Weights
from schemas.enums import LibraryType
from schemas.errors import Refusal

COMPARING = MatchingSettings(weights=Weights(words=10))

needs_the_extra = pytest.mark.skipif(find_spec("sklearn") is None, reason="needs the extra text: scikit-learn")


def _mentor(id_: str, about: str) -> MentorApplication:
    return MentorApplication(
        id=id_, name=id_, email=f"{id_}@example.org", library=f"Library of {id_}", library_type=LibraryType.PUBLIC,
        town="Duluth", role="Librarian", years=20, about=about,
    )  # fmt: skip


def _mentee(id_: str, *goals: str) -> MenteeApplication:
    return MenteeApplication(
        id=id_, name=id_, email=f"{id_}@example.org", library=f"Library of {id_}", library_type=LibraryType.PUBLIC,
        town="Duluth", role="Librarian", years=3, goals=goals,
    )  # fmt: skip


MENTORS = (
    _mentor("M1", "I have written many grant applications. Ask me about bookmobiles."),
    _mentor("M2", "I led the renovation of two buildings."),
    _mentor("M3", ""),
)
PARTICIPANTS = (
    _mentee("P1", "Plan the renovation of our building"),
    _mentee("P2", "Write my first grant application"),
)


@needs_the_extra
def test_words_decide_between_mentors_who_are_otherwise_alike() -> None:
    result = match(MENTORS, PARTICIPANTS, COMPARING)
    assert {pair.mentee: pair.mentor for pair in result.pairs} == {"P1": "M2", "P2": "M1"}
    assert result.words_compared_by == text_similarity.METHOD


@needs_the_extra
def test_the_reason_names_the_nearest_phrases_and_the_points_stay_small() -> None:
    result = match(MENTORS, PARTICIPANTS, COMPARING)
    pair = next(pair for pair in result.pairs if pair.mentee == "P2")
    (criterion,) = [criterion_score for criterion_score in pair.criteria if criterion_score.name == "words"]
    assert "“Write my first grant application”" in criterion.reason
    assert "“I have written many grant applications”" in criterion.reason
    # 10 of 90: nobody ranked anybody, so the rankings do not count.
    assert 0 < criterion.points <= criterion.of == 1111


@needs_the_extra
def test_somebody_who_wrote_nothing_scores_neutral() -> None:
    result = match((MENTORS[2],), (PARTICIPANTS[0],), COMPARING)
    (criterion,) = [criterion_score for criterion_score in result.pairs[0].criteria if criterion_score.name == "words"]
    assert criterion.answers[0] is None
    assert abs(criterion.points - criterion.of / 2) <= 1


@needs_the_extra
def test_any_order_of_people_gives_the_same_result() -> None:
    assert match(MENTORS, PARTICIPANTS, COMPARING) == match(MENTORS[::-1], PARTICIPANTS[::-1], COMPARING)


@needs_the_extra
@pytest.mark.parametrize("about", ["a", "…", "1 2 3", "\n\n", "=HYPERLINK()", "x" * 2000])
def test_texts_that_say_nothing_do_no_harm(about: str) -> None:
    assert match((_mentor("M1", about),), PARTICIPANTS[:1], COMPARING).coverage == 1


@needs_the_extra
def test_too_many_people_are_refused_before_their_table_is_made() -> None:
    with pytest.raises(Refusal, match="3,000 people a side"):
        text_similarity.similarities([f"text number {n}" for n in range(3001)], ["one text"])


def test_without_the_extra_a_weight_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_similarity, "find_spec", lambda _: None)
    with pytest.raises(Refusal, match=r"pip install mile\[text\], or set it to 0"):
        match(MENTORS, PARTICIPANTS, COMPARING)


def test_without_a_weight_no_words_are_compared() -> None:
    result = match(MENTORS, PARTICIPANTS, MatchingSettings())
    assert result.words_compared_by is None
    assert all(criterion_score.name != "words" for pair in result.pairs for criterion_score in pair.criteria)
