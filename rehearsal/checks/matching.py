"""The promise that matches rest on the applications (A4): every reason cites a question and what both answered."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rehearsal.checks.evidence import Evidence
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.matching.results import CriterionScore, Pair

# The fields of the two applications that each criterion reads, as (mentor's, mentee's).
READS = {
    "goals": ("offers", "wants"),
    "career_path": ("years", "years"),
    "library_type": ("library_type", "library_type"),
    "distance": ("town", "town"),
    "availability": ("availability", "availability"),
    "working_style": ("working_style", "working_style"),
}


class _People(NamedTuple):
    mentor: MentorApplication
    mentee: MenteeApplication


def matches_rest_on_answers(evidence: Evidence) -> Verdict:
    """A4: each criterion names its question and cites both answers, and what nobody answered scores in the middle."""
    read = [case for pair in evidence.pre_kickoff.pairs for case in _criteria(evidence, pair)]
    missing = ((case, criterion) for case, criterion, _ in read if None in criterion.answers)
    return combine(
        judge(
            ((case, bool(criterion.question) and _cited(criterion, people)) for case, criterion, people in read),
            "reasons for matches cite a question and both answers",
            otherwise="nobody was matched",
        ),
        judge(
            ((case, 2 * criterion.points == criterion.of) for case, criterion in missing),
            "missing answers counted as neutral",
            otherwise="everybody answered everything",
        ),
        judge(_complete(evidence), "matches were made by every question", otherwise="nobody was matched"),
    )


def _criteria(evidence: Evidence, pair: Pair) -> Iterator[tuple[str, CriterionScore, _People]]:
    mentors = {mentor.id: mentor for mentor in evidence.mentors}
    mentees = {mentee.id: mentee for mentee in evidence.mentees}
    if pair.mentor in mentors and pair.mentee in mentees:
        people = _People(mentors[pair.mentor], mentees[pair.mentee])
        for criterion in pair.criteria:
            if criterion.name in READS:
                yield f"{pair.mentor}:{pair.mentee}/{criterion.name}", criterion, people


def _cited(criterion: CriterionScore, people: _People) -> bool:
    answers = [getattr(person, field) for person, field in zip(people, READS[criterion.name], strict=True)]
    return all(_words(shown) == _words(answer) for shown, answer in zip(criterion.answers, answers, strict=True))


def _words(answer: object) -> list[str]:
    """Return an answer as sorted lower-case words, however it is written."""
    parts: Iterable[object] = (
        answer if isinstance(answer, tuple) else ("" if answer is None else str(answer)).split(",")
    )
    return sorted(str(part).replace("_", " ").strip().lower() for part in parts if str(part).strip())


def _complete(evidence: Evidence) -> Cases:
    weights = evidence.settings.matching.weights
    wanted = {name for name in READS if getattr(weights, name)}
    for pair in evidence.pre_kickoff.pairs:
        yield f"{pair.mentor}:{pair.mentee}", wanted <= {criterion.name for criterion in pair.criteria}
