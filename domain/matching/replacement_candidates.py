"""Who could take over a mentee whose mentor withdraws: the cohort's other mentors, by the scores of its matching."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from domain.matching.people import collect_people
from domain.matching.rules import PairRules
from domain.matching.scoring import score_pairs
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import Eligibility, MatchingSettings
from schemas.enums import Outcome
from schemas.matching.results import ReplacementCandidate


class EarlierPair(NamedTuple):
    """One mentorship of the cohort by its people's ids; it runs while it has no outcome."""

    mentor: str
    mentee: str
    outcome: Outcome | None


def find_replacement_candidates(
    mentee: str,
    mentors: Sequence[MentorApplication],
    mentees: Sequence[MenteeApplication],
    settings: MatchingSettings,
    *,
    eligibility: Eligibility,
    kickoff_on: date,
    so_far: Iterable[EarlierPair],
) -> tuple[ReplacementCandidate, ...]:
    """Return every mentor of the cohort, best score first, those with a hindrance after all others (promise A25).

    The scores and rules are those of the cohort's matching. ``so_far`` are all its mentorships.
    Raises KeyError where nobody has the id ``mentee``.
    """
    people = collect_people(mentors, mentees)
    row = people.mentee_at[mentee]
    scores = score_pairs(people.mentors, people.mentees, settings.weights).scores
    rules = PairRules(
        people, allow_same_employer=settings.allow_same_employer, eligibility=eligibility, kickoff_on=kickoff_on
    )
    pairs = tuple(so_far)
    taken = Counter(pair.mentor for pair in pairs if pair.outcome is None)
    candidates = [
        ReplacementCandidate(
            mentor=mentor.id,
            score=int(scores[row, column]),
            free=max(mentor.capacity - taken[mentor.id], 0),
            hindrance=_had(mentee, mentor.id, pairs) or rules.why(row, column) or _full(mentor, taken[mentor.id]),
        )
        for column, mentor in enumerate(people.mentors)
    ]
    return tuple(
        sorted(candidates, key=lambda candidate: (candidate.hindrance is not None, -candidate.score, candidate.mentor))
    )


def _had(mentee: str, mentor: str, pairs: Iterable[EarlierPair]) -> str | None:
    """Say why a mentor is out of the question after what was before, or return None."""
    for pair in pairs:
        if pair.mentor == mentor and pair.mentee == mentee:
            return "the two were a pair already"
        if pair.mentor == mentor and pair.outcome is Outcome.MENTOR_WITHDREW:
            return "this mentor withdrew from another mentorship"
    return None


def _full(mentor: MentorApplication, taken: int) -> str | None:
    return f"this mentor takes {mentor.capacity} and has {taken}" if taken >= mentor.capacity else None
