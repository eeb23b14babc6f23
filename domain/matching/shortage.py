"""Why somebody stays without a mentor: who competes with them, for which mentors."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from domain.matching.people import People
from domain.matching.rules import PairRules
from domain.matching.scores import FORBIDDEN, Capacities, Positions, Scores
from domain.matching.shortage_sentence import competition_sentence


def competitors(scores: Scores, mentor_of: Positions, mentee: int) -> tuple[list[int], list[int]]:
    """Return those who compete with an unplaced mentee, and all the mentors any of them may have.

    Starting with one person, everyone is added who has a mentor that somebody in the set may have (Hall 1935). In a
    matching that places the most, all these mentors are full with just these people, who are one more than the places.
    """
    hall_set, hall_neighbors = np.zeros(len(scores), np.bool_), np.zeros(scores.shape[1], np.bool_)
    frontier = np.array([mentee])
    while len(frontier):
        hall_set[frontier] = True
        for row in frontier:
            if hall_neighbors.all():
                break
            hall_neighbors |= scores[row] != FORBIDDEN
        # Position -1, of those without a mentor, finds the False at the end.
        taken = np.append(hall_neighbors, False)[mentor_of]
        frontier = np.flatnonzero(taken & ~hall_set)
    return np.flatnonzero(hall_set).tolist(), np.flatnonzero(hall_neighbors).tolist()


@dataclass(frozen=True, eq=False)
class Shortage:
    """What a run knows about those it left out."""

    people: People
    scores: Scores
    capacities: Capacities
    rules: PairRules
    mentor_of: Positions

    def why(self, mentee: int) -> str:
        """Say in a sentence why a mentee has no mentor."""
        hall_set, hall_neighbors = competitors(self.scores, self.mentor_of, mentee)
        if not hall_neighbors:
            return f"Every mentor is ruled out ({self._ruled_out(mentee)})."
        places = int(self.capacities[hall_neighbors].sum())
        if places >= len(hall_set):
            return "The mentors this mentee may have went to better matches; another objective places more people."
        mentees = [self.people.mentee_ids[position] for position in hall_set]
        mentors = [self.people.mentor_ids[position] for position in hall_neighbors]
        return competition_sentence(mentees, mentors, places)

    def _ruled_out(self, mentee: int) -> str:
        reasons = Counter(self.rules.why(mentee, mentor) for mentor in range(len(self.capacities)))
        return "; ".join(f"{count}: {reason}" for reason, count in reasons.most_common())
