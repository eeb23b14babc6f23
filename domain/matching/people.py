"""The people of a match run in order of their ids, and the way from an id to a position."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np

from domain.matching.scores import UNPLACED, Positions
from schemas.applications.people import Application, MenteeApplication, MentorApplication
from schemas.errors import Refusal

Someone = TypeVar("Someone", bound=Application)


@dataclass(frozen=True, eq=False)
class People:
    """Mentors and mentees, each in order of id: a position is a row or a column of the scores."""

    mentors: tuple[MentorApplication, ...]
    mentees: tuple[MenteeApplication, ...]
    mentor_at: Mapping[str, int]
    mentee_at: Mapping[str, int]

    @property
    def mentor_ids(self) -> list[str]:
        """Return the mentors' ids, by position."""
        return list(self.mentor_at)

    @property
    def mentee_ids(self) -> list[str]:
        """Return the mentees' ids, by position."""
        return list(self.mentee_at)

    def positions(self, pairs: Iterable[tuple[str, str]], wish: str) -> tuple[tuple[int, int], ...]:
        """Return the (row, column) in the scores of each (mentor, mentee) pair of ids.

        Raises Refusal where an id is unknown; ``wish`` says in it what the pair was named for, such as a pin.
        """
        positions = []
        for mentor, mentee in pairs:
            if mentee not in self.mentee_at:
                raise Refusal(f"The {wish} {mentor}:{mentee} names a mentee who is not there: {mentee}.")
            if mentor not in self.mentor_at:
                raise Refusal(f"The {wish} {mentor}:{mentee} names a mentor who is not there: {mentor}.")
            positions.append((self.mentee_at[mentee], self.mentor_at[mentor]))
        return tuple(positions)

    def earlier_positions(self, earlier: Mapping[str, str]) -> Positions:
        """Return the position of each mentee's earlier mentor, -1 for those without one or whose mentor left."""
        mentors = (earlier.get(mentee) for mentee in self.mentee_at)
        return np.array([UNPLACED if mentor is None else self.mentor_at.get(mentor, UNPLACED) for mentor in mentors])


def collect_people(mentors: Sequence[MentorApplication], mentees: Sequence[MenteeApplication]) -> People:
    """Return the people in order of id, or raise Refusal where they cannot be matched at all."""
    if not mentors or not mentees:
        missing = "mentors" if not mentors else "mentees"
        raise Refusal(f"There are no {missing}, so there is nothing to match.")
    mentors_by_id, mentees_by_id = _by_id(mentors, "mentors"), _by_id(mentees, "mentees")
    mentor_of_address = {mentor.email.casefold(): mentor.id for mentor in mentors_by_id}
    for mentee in mentees_by_id:
        same_person = mentor_of_address.get(mentee.email.casefold())
        if same_person:
            raise Refusal(
                f"Mentor {same_person} and mentee {mentee.id} have the same address. "
                "One person cannot be both in one cohort: remove one of the two."
            )
    return People(mentors_by_id, mentees_by_id, _positions(mentors_by_id), _positions(mentees_by_id))


def _by_id(people: Sequence[Someone], side: str) -> tuple[Someone, ...]:
    ordered = tuple(sorted(people, key=lambda person: person.id))
    for person, next_person in pairwise(ordered):
        if person.id == next_person.id:
            raise Refusal(f"Two {side} have the id {person.id}; give each an id of their own.")
    return ordered


def _positions(people: Sequence[Application]) -> dict[str, int]:
    return {person.id: position for position, person in enumerate(people)}
