"""A match run: from applications and settings to pairs with their reasons, those left out, and the proof."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from domain.matching.alternatives import Alternatives
from domain.matching.fingerprint import IdPair, inputs_sha256
from domain.matching.people import People, collect_people
from domain.matching.pins import resolve_pins
from domain.matching.rules import PairRules
from domain.matching.score_bands import SCORE_PER_SHOWN_POINT
from domain.matching.scores import UNPLACED, Capacities, Pin
from domain.matching.scoring import ScoredPairs, score_pairs
from domain.matching.shortage import Shortage
from domain.matching.solver.assignment import Assignment, solve
from domain.matching.text_similarity import require_text_extra
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import Bands, Eligibility, MatchingSettings
from schemas.matching.results import Certificate, MatchResult, Pair, PinCost, Unplaced

NO_ELIGIBILITY_RULES = Eligibility()


@dataclass(frozen=True, eq=False)
class PreparedRun:
    """All that a match run is solved on and explained from; pins are positions of ``people``."""

    people: People
    settings: MatchingSettings
    scored: ScoredPairs
    rules: PairRules
    capacities: Capacities
    pins: tuple[Pin, ...]


def match(
    mentors: Sequence[MentorApplication],
    mentees: Sequence[MenteeApplication],
    settings: MatchingSettings,
    *,
    eligibility: Eligibility = NO_ELIGIBILITY_RULES,
    kickoff_on: date | None = None,
    pins: Iterable[IdPair] = (),
    forbid: Iterable[IdPair] = (),
    earlier: Mapping[str, str] | None = None,
) -> MatchResult:
    """Match mentees with mentors and explain it; any order of people gives the same result.

    ``pins`` and ``forbid`` are (mentor, mentee) ids; ``earlier`` gives each mentee's mentor in an earlier
    run, of which as many pairs are kept as placing the most people allows.

    Raises Refusal where a side is empty, an id is unknown or used twice, one person stands on both sides, or a pin
    breaks a rule or contradicts another.
    """
    pins, forbid = tuple(pins), tuple(forbid)
    people = collect_people(mentors, mentees)
    prepared = prepare(people, settings, eligibility=eligibility, kickoff_on=kickoff_on, pins=pins, forbid=forbid)
    assignment = assign(prepared, earlier)
    sha256 = inputs_sha256(
        people,
        settings=settings,
        eligibility=eligibility,
        kickoff_on=kickoff_on,
        pins=pins,
        forbid=forbid,
        earlier=earlier,
    )
    return explain(prepared, assignment, sha256, earlier)


def prepare(
    people: People,
    settings: MatchingSettings,
    *,
    eligibility: Eligibility = NO_ELIGIBILITY_RULES,
    kickoff_on: date | None = None,
    pins: Iterable[IdPair] = (),
    forbid: Iterable[IdPair] = (),
) -> PreparedRun:
    """Score all pairs and mark the forbidden ones; refuse pins that break a rule."""
    rules = PairRules(
        people,
        allow_same_employer=settings.allow_same_employer,
        eligibility=eligibility,
        kickoff_on=kickoff_on,
        forbid=people.positions(forbid, "forbid"),
    )
    scored = score_pairs(people.mentors, people.mentees, settings.weights)
    rules.mark(scored.scores)
    capacities = np.array([mentor.capacity for mentor in people.mentors], np.int64)
    return PreparedRun(people, settings, scored, rules, capacities, resolve_pins(pins, people, rules))


def assign(
    prepared: PreparedRun, earlier: Mapping[str, str] | None = None, *, pins: Iterable[Pin] | None = None
) -> Assignment:
    """Solve a prepared match run, with its own pins or with others."""
    return solve(
        prepared.scored.scores,
        capacities=prepared.capacities,
        pins=prepared.pins if pins is None else pins,
        bands=band_limits(prepared.settings.bands),
        objective=prepared.settings.objective,
        waited=[mentee.waited for mentee in prepared.people.mentees],
        earlier=prepared.people.earlier_positions(earlier) if earlier else None,
    )


def pin_costs(
    prepared: PreparedRun, assignment: Assignment, earlier: Mapping[str, str] | None = None
) -> tuple[PinCost, ...]:
    """Return what each pin costs the program, by solving once more without it."""
    costs = []
    for row, column in sorted(prepared.pins):
        without = assign(prepared, earlier, pins=[pin for pin in prepared.pins if pin != (row, column)])
        costs.append(
            PinCost(
                mentee=prepared.people.mentees[row].id,
                mentor=prepared.people.mentors[column].id,
                program_cost=without.total - assignment.total,
                placed_without=without.coverage - assignment.coverage,
            )
        )
    return tuple(costs)


def explain(
    prepared: PreparedRun, assignment: Assignment, sha256: str, earlier: Mapping[str, str] | None = None
) -> MatchResult:
    """Put a solved run into ids and reasons."""
    alternatives = Alternatives(prepared.scored.scores, assignment)
    placed = np.flatnonzero(assignment.mentor_of != UNPLACED).tolist()
    return MatchResult(
        pairs=tuple(_pair(prepared, row, int(assignment.mentor_of[row]), alternatives) for row in placed),
        unplaced=_unplaced(prepared, assignment),
        coverage=assignment.coverage,
        total=assignment.total,
        worst=assignment.worst,
        band_counts=dict(zip(("poor", "fair", "good"), assignment.band_counts, strict=True)),
        objective=prepared.settings.objective,
        certificate=Certificate(valid=assignment.certificate.valid),
        inputs_sha256=sha256,
        pins=pin_costs(prepared, assignment, earlier),
        words_compared_by=require_text_extra() if prepared.settings.weights.words else None,
    )


def band_limits(bands: Bands) -> tuple[int, int]:
    """Return the bands' lines as scores, 0 to 10,000."""
    return bands.poor * SCORE_PER_SHOWN_POINT, bands.fair * SCORE_PER_SHOWN_POINT


def _pair(prepared: PreparedRun, row: int, column: int, alternatives: Alternatives) -> Pair:
    return Pair(
        mentee=prepared.people.mentees[row].id,
        mentor=prepared.people.mentors[column].id,
        score=int(prepared.scored.scores[row, column]),
        criteria=prepared.scored.criteria(row, column),
        alternatives=alternatives.of(row, prepared.people.mentor_ids),
        pinned=(row, column) in prepared.pins,
    )


def _unplaced(prepared: PreparedRun, assignment: Assignment) -> tuple[Unplaced, ...]:
    shortage = Shortage(
        prepared.people, prepared.scored.scores, prepared.capacities, prepared.rules, assignment.mentor_of
    )
    rows = np.flatnonzero(assignment.mentor_of == UNPLACED).tolist()
    return tuple(Unplaced(mentee=prepared.people.mentee_ids[row], why=shortage.why(row)) for row in rows)
