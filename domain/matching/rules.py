"""The rules that forbid a pair altogether, whatever it scores: employer, reporting line, conflict, veto, class."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from domain.applications.eligibility import ineligibility_for_staff
from domain.matching.employers import same_employer_table
from domain.matching.people import People
from domain.matching.scores import FORBIDDEN, Scores
from schemas.applications.people import Application
from schemas.cohort.settings import Eligibility

FORBIDDEN_BY_STAFF = "staff forbade this pair"


class PairRules:
    """The forbidden pairs of one match run, each with its reason; people are known by their positions."""

    def __init__(
        self,
        people: People,
        *,
        allow_same_employer: bool,
        eligibility: Eligibility,
        kickoff_on: date | None,
        forbid: Iterable[tuple[int, int]] = (),
    ) -> None:
        mentors, mentees = people.mentors, people.mentees
        reasons = (
            (column, ineligibility_for_staff(mentor, eligibility, kickoff_on)) for column, mentor in enumerate(mentors)
        )
        self._ineligible = {column: reason for column, reason in reasons if reason}
        self._pairs = _personal(people) | dict.fromkeys(forbid, FORBIDDEN_BY_STAFF)
        self._row_employers, mentee_employers = _distinct(mentees)
        self._column_employers, mentor_employers = _distinct(mentors)
        self._same = (
            np.zeros((len(mentee_employers), len(mentor_employers)), np.bool_)
            if allow_same_employer
            else same_employer_table(mentee_employers, mentor_employers)
        )

    def why(self, mentee: int, mentor: int) -> str | None:
        """Say why this pair is forbidden, or return None where it is allowed."""
        if self._same[self._row_employers[mentee], self._column_employers[mentor]]:
            return "they work for the same employer"
        return self._pairs.get((mentee, mentor)) or self._ineligible.get(mentor)

    def mark(self, scores: Scores) -> None:
        """Mark every forbidden pair in the scores (mentees, mentors)."""
        for mentee_employer, mentor_employer in np.argwhere(self._same):
            rows, columns = (
                np.flatnonzero(self._row_employers == mentee_employer),
                np.flatnonzero(self._column_employers == mentor_employer),
            )
            scores[np.ix_(rows, columns)] = FORBIDDEN
        for row, column in self._pairs:
            scores[row, column] = FORBIDDEN
        scores[:, list(self._ineligible)] = FORBIDDEN


def _distinct(people: Sequence[Application]) -> tuple[NDArray[np.intp], list[str]]:
    # Names are compared once for each employer, however many people work there.
    libraries = {name: code for code, name in enumerate(dict.fromkeys(person.library for person in people))}
    return np.array([libraries[person.library] for person in people], np.intp), list(libraries)


def _personal(people: People) -> dict[tuple[int, int], str]:
    """Collect what people said about each other, either side: who reports to whom, conflicts, vetoes."""
    row_of, column_of = people.mentee_at, people.mentor_at
    reasons: dict[tuple[int, int], str] = {}
    for row, mentee in enumerate(people.mentees):
        reasons |= {(row, column_of[other_id]): why for other_id, why in _objections(mentee) if other_id in column_of}
    for column, mentor in enumerate(people.mentors):
        reasons |= {(row_of[other_id], column): why for other_id, why in _objections(mentor) if other_id in row_of}
    return reasons


def _objections(person: Application) -> Iterable[tuple[str, str]]:
    yield from ((other_id, "one of them asked not to be matched with the other") for other_id in person.vetoes)
    yield from ((other_id, "one of them declared a conflict of interest") for other_id in person.conflicts)
    if person.reports_to:
        yield person.reports_to, "one of them reports to the other"
