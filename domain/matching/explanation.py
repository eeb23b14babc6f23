"""Why two people are a pair, or why not: the rule that forbids it, or every criterion and what others would lose."""

from collections.abc import Iterable, Sequence
from datetime import date

from domain.matching.alternatives import MAX_MENTORS, Alternatives
from domain.matching.fingerprint import IdPair
from domain.matching.people import People, collect_people
from domain.matching.run import PreparedRun, assign, prepare
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import Eligibility, MatchingSettings
from schemas.matching.messages import MatchRequest
from schemas.matching.results import Alternative
from schemas.matching.review import PairExplanation


def explain_pair(  # noqa: PLR0917 - a match run takes as many
    mentors: Sequence[MentorApplication],
    mentees: Sequence[MenteeApplication],
    settings: MatchingSettings,
    mentor: str,
    mentee: str,
    request: MatchRequest,
    *,
    eligibility: Eligibility,
    kickoff_on: date | None,
) -> PairExplanation:
    """Explain any two people by their ids, as things stand today; raises Refusal where one is not there.

    What staff asked of a match run holds, as far as those people are still there; pairs that stay together by now break
    a rule raise Refusal.
    """
    people = collect_people(mentors, mentees)
    ((row, column),) = people.positions(((mentor, mentee),), "question")
    prepared = prepare(
        people,
        settings,
        eligibility=eligibility,
        kickoff_on=kickoff_on,
        pins=_of_those_there(people, request.pins),
        forbid=_of_those_there(people, request.forbid),
    )
    forbidden = prepared.rules.why(row, column)
    return PairExplanation(
        score=sum(criterion.points for criterion in prepared.scored.criteria(row, column)),
        criteria=prepared.scored.criteria(row, column),
        forbidden=forbidden,
        loss=None if forbidden else _loss(prepared, row, column),
    )


def _of_those_there(people: People, pairs: Iterable[IdPair]) -> list[IdPair]:
    return [(mentor, mentee) for mentor, mentee in pairs if mentor in people.mentor_at and mentee in people.mentee_at]


def _loss(prepared: PreparedRun, row: int, column: int) -> Alternative | None:
    """Return what the class as a whole would lose by a pair; None where it has it, or is too large to work that out."""
    assignment = assign(prepared)
    if len(prepared.capacities) > MAX_MENTORS or assignment.mentor_of[row] == column:
        return None
    alternatives = Alternatives(prepared.scored.scores, assignment)
    return alternatives.one(row, column, prepared.people.mentor_ids)
