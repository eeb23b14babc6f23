"""The criterion both sides decide themselves: whom they said they would like best.

What people have a say in predicts what mentoring they receive (Allen, Eby & Lentz 2006), so both sides rank.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from domain.matching.scores import Scores
from schemas.applications.people import Application, MenteeApplication, MentorApplication
from schemas.matching.results import CriterionScore

QUESTION = "Whom would you like best as your partner?"
NEUTRAL_PERCENT = 50
FIRST_RANK_PERCENT = 100
LAST_RANK_PERCENT = 60
UNRANKED_PERCENT = 20


class Rankings:
    """The points that rankings add to a pair: half from each side.

    Who ranked nobody is neutral about everybody. Who ranked some gives the first full points, the last still more than
    neutral, and the others less.
    """

    def __init__(self, mentors: Sequence[MentorApplication], mentees: Sequence[MenteeApplication], of: int) -> None:
        self.of = of
        self._mentors, self._mentees = mentors, mentees
        self._mentor_at = {mentor.id: column for column, mentor in enumerate(mentors)}
        self._mentee_at = {mentee.id: row for row, mentee in enumerate(mentees)}

    def points(self, mentee: int, mentor: int) -> int:
        """Return the points of one pair."""
        mentee_application, mentor_application = self._mentees[mentee], self._mentors[mentor]
        return self._worth(
            _wish(mentee_application, mentor_application.id) + _wish(mentor_application, mentee_application.id)
        )

    def add_to(self, scores: Scores) -> None:
        """Add every pair's points to its score."""
        if not self.of:
            return
        from_mentees = [_otherwise(person) for person in self._mentees]
        from_mentors = [_otherwise(person) for person in self._mentors]
        # Few pairs are ranked at all: every pair gets by table what silence is worth, then the ranked ones are
        # corrected.
        base = np.array([self._worth(wishes) for wishes in range(2 * FIRST_RANK_PERCENT + 1)], np.int16)
        by_mentor = np.array(from_mentors, np.intp)
        for row, wish in enumerate(from_mentees):
            scores[row] += base[wish + by_mentor]
        for row, column in self._wished():
            plain = base[from_mentees[row] + from_mentors[column]]
            scores[row, column] += np.int16(self.points(row, column)) - plain

    def explained(self, mentee: int, mentor: int) -> CriterionScore:
        """Explain the points of one pair: where each stands in the other's list."""
        mentee_application, mentor_application = self._mentees[mentee], self._mentors[mentor]
        return CriterionScore(
            name="rankings",
            points=self.points(mentee, mentor),
            of=self.of,
            question=QUESTION,
            answers=(
                _place(mentor_application, mentee_application.id),
                _place(mentee_application, mentor_application.id),
            ),
            reason=_reason(mentor_application, mentee_application),
        )

    def _worth(self, wishes: int) -> int:
        return (self.of * wishes + FIRST_RANK_PERCENT) // (2 * FIRST_RANK_PERCENT)

    def _wished(self) -> set[tuple[int, int]]:
        by_mentees = _cells(self._mentees, self._mentor_at)
        by_mentors = _cells(self._mentors, self._mentee_at)
        return by_mentees | {(row, column) for column, row in by_mentors}


def _cells(people: Sequence[Application], position: Mapping[str, int]) -> set[tuple[int, int]]:
    return {
        (own_position, position[ranked_id])
        for own_position, person in enumerate(people)
        for ranked_id in person.ranks
        if ranked_id in position
    }


def _otherwise(person: Application) -> int:
    return UNRANKED_PERCENT if person.ranks else NEUTRAL_PERCENT


def _wish(person: Application, other_id: str) -> int:
    if other_id not in person.ranks:
        return _otherwise(person)
    after_first = person.ranks.index(other_id) / max(1, len(person.ranks) - 1)
    return round(FIRST_RANK_PERCENT - (FIRST_RANK_PERCENT - LAST_RANK_PERCENT) * after_first)


def _place(person: Application, other_id: str) -> str | None:
    if not person.ranks:
        return None
    return (
        f"choice {person.ranks.index(other_id) + 1} of {len(person.ranks)}"
        if other_id in person.ranks
        else "not ranked"
    )


def _reason(mentor: Application, mentee: Application) -> str:
    by_mentee, by_mentor = mentor.id in mentee.ranks, mentee.id in mentor.ranks
    if by_mentee and by_mentor:
        return "Each is among those the other would like best."
    if by_mentee or by_mentor:
        return f"The {'mentee' if by_mentee else 'mentor'} would like this match."
    if not mentee.ranks and not mentor.ranks:
        return "Neither ranked anyone, so this counts as neutral."
    return "Neither named the other."
