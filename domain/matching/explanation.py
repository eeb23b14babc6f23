"""Why two people are a pair, or why not: the rule that forbids it, or every criterion with its points."""

from collections.abc import Sequence
from datetime import date

from domain.matching.people import collect_people
from domain.matching.rules import PairRules
from domain.matching.scoring import score_pairs
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import Eligibility, MatchingSettings
from schemas.matching.review import PairExplanation


def explain_pair(
    mentors: Sequence[MentorApplication],
    mentees: Sequence[MenteeApplication],
    settings: MatchingSettings,
    mentor: str,
    mentee: str,
    *,
    eligibility: Eligibility,
    kickoff_on: date | None,
) -> PairExplanation:
    """Explain any two people by their ids, as things stand today; raises Refusal where one is not there."""
    people = collect_people(mentors, mentees)
    ((row, column),) = people.positions(((mentor, mentee),), "question")
    rules = PairRules(
        people, allow_same_employer=settings.allow_same_employer, eligibility=eligibility, kickoff_on=kickoff_on
    )
    scored = score_pairs(people.mentors, people.mentees, settings.weights)
    return PairExplanation(
        score=int(scored.scores[row, column]),
        criteria=scored.criteria(row, column),
        forbidden=rules.why(row, column),
    )
