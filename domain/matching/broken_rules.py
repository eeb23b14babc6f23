"""Check a draft's pairs by the rules again: people and settings may have changed since it was made."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from domain.matching.people import People, collect_people
from domain.matching.rules import PairRules
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import Eligibility, MatchingSettings
from schemas.matching.results import BrokenRule, MatchResult, Pair


def broken_rules(
    result: MatchResult,
    mentors: Sequence[MentorApplication],
    mentees: Sequence[MenteeApplication],
    settings: MatchingSettings,
    *,
    eligibility: Eligibility,
    kickoff_on: date | None,
) -> tuple[BrokenRule, ...]:
    """Return each pair of a draft that breaks a rule as things stand today, and which one."""
    people = collect_people(mentors, mentees)
    rules = PairRules(
        people, allow_same_employer=settings.allow_same_employer, eligibility=eligibility, kickoff_on=kickoff_on
    )
    taken = Counter(pair.mentor for pair in result.pairs)
    return tuple(
        BrokenRule(mentee=pair.mentee, mentor=pair.mentor, why=why)
        for pair in result.pairs
        for why in _whys(pair, people, rules, taken)
    )


def _whys(pair: Pair, people: People, rules: PairRules, taken: Counter[str]) -> Iterable[str]:
    row, column = people.mentee_at.get(pair.mentee), people.mentor_at.get(pair.mentor)
    if row is None or column is None:
        yield "one of them is no longer among the applications"
        return
    if why := rules.why(row, column):
        yield why
    capacity = people.mentors[column].capacity
    if taken[pair.mentor] > capacity:
        yield f"this mentor takes {capacity} and has {taken[pair.mentor]}"
