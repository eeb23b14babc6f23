"""What staff look at before they publish: whether a class is ready, its match runs, and why two people are a pair."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.applications.eligibility import ineligibility_for_staff
from domain.applications.review import missing_intake_answers
from domain.matching.geography import distance_miles, find_town
from domain.matching.proposals import next_match_request
from domain.matching.run_differences import changes_between
from domain.matching.shortage_sentence import with_names
from schemas.applications.people import IntakeAnswer
from schemas.base import FrozenModel
from schemas.cohort.overview import MatchedPair
from schemas.cohort.settings import CohortSettings
from schemas.enums import Side
from schemas.errors import Refusal
from schemas.matching.messages import MatchRequest
from schemas.matching.results import MatchResult, MentorChange, Pair
from schemas.matching.review import MatchRunFigures, PairExplanation
from services.context import ServiceContext
from storage import cohorts, match_review, names, proposals
from storage.names import NamedPerson

# A match run takes seconds; one that has not ended by then was interrupted.
MATCHING_ENDS_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class ClassPeople:
    """Everybody who applied to a class or began to, by id and in order of their names."""

    by_id: Mapping[str, NamedPerson]

    def name(self, id_: str) -> str:
        """Return the name of somebody; the id of whoever is not there any more."""
        person = self.by_id.get(id_)
        return person.name if person else id_

    def of(self, side: Side) -> list[NamedPerson]:
        """Return who applied on one side, by name."""
        return [person for person in self.by_id.values() if person.applied and person.side is side]

    def why_unplaced(self, why: str) -> str:
        """Return the sentence that says why somebody has no mentor, with names."""
        return with_names(why, self.name)

    def miles(self, mentor: str, mentee: str) -> int | None:
        """Return how far apart two people work, in miles, or None where a town is not on the map."""
        people = self.by_id.get(mentor), self.by_id.get(mentee)
        towns = [find_town(person.town) if person and person.town else None for person in people]
        if towns[0] is None or towns[1] is None:
            return None
        return distance_miles(towns[0], towns[1])


class Readiness(FrozenModel):
    """Whether a class can be matched: ``places`` of its mentors, who may not mentor and why, whose answers are missing.

    People are known by their ids.
    """

    mentors: int
    mentees: int
    places: int
    ineligible: dict[str, str]
    gaps: dict[str, tuple[IntakeAnswer, ...]]

    @property
    def missing_places(self) -> int:
        """Return how many mentees would stay without a mentor, whatever the matching does."""
        return max(0, self.mentees - self.places)


class RunReview(FrozenModel):
    """One match run with its figures; ``changed`` is who has another mentor than in the run published last."""

    figures: MatchRunFigures
    result: MatchResult
    published: int | None
    changed: tuple[MentorChange, ...] = ()


class RunComparison(FrozenModel):
    """Two match runs, and whose mentor differs; ``had`` and ``has`` are the pairs of each by mentee."""

    figures: tuple[MatchRunFigures, MatchRunFigures]
    changed: tuple[MentorChange, ...]
    had: dict[str, MatchedPair]
    has: dict[str, MatchedPair]


class WaitingDraft(FrozenModel):
    """A draft that would change what is published."""

    run: int
    changed: tuple[MentorChange, ...]


class PairReview(FrozenModel):
    """Any two people, and what a match run made of them; ``instead`` has who each of them has in it.

    ``wanted_by`` are the pairs of others for whom this mentor is among the next best, the least loss first.
    """

    mentor: str
    mentee: str
    explanation: PairExplanation
    pair: Pair | None
    mentor_instead: str | None
    mentees_instead: tuple[str, ...]
    why_unplaced: str | None
    wanted_by: tuple[Pair, ...]


async def class_people(context: ServiceContext, cohort: str) -> ClassPeople:
    """Return everybody who applied to a class or began to, whatever became of it."""
    return ClassPeople({person.id: person for person in await names.people_named(context.pool, cohort)})


async def readiness(context: ServiceContext, settings: CohortSettings) -> Readiness:
    """Return whether a class can be matched as things stand today."""
    mentors = await cohorts.mentors(context.pool, settings.id)
    mentees = await cohorts.mentees(context.pool, settings.id)
    whys = {
        mentor.id: ineligibility_for_staff(mentor, settings.eligibility, settings.kickoff_day) for mentor in mentors
    }
    gaps = {mentee.id: missing_intake_answers(mentee) for mentee in mentees}
    return Readiness(
        mentors=len(mentors),
        mentees=len(mentees),
        places=sum(mentor.capacity for mentor in mentors if not whys[mentor.id]),
        ineligible={id_: why for id_, why in whys.items() if why},
        gaps={id_: missing for id_, missing in gaps.items() if missing},
    )


async def match_runs(context: ServiceContext, cohort: str) -> tuple[MatchRunFigures, ...]:
    """Return the match runs of a class, the newest first."""
    return await match_review.match_runs(context.pool, cohort)


async def matching_since(context: ServiceContext, cohort: str) -> datetime | None:
    """Return since when a match run is being made that staff asked for, or None where none is."""
    return await match_review.matching_since(context.pool, cohort, datetime.now(UTC) - MATCHING_ENDS_WITHIN)


async def run_review(context: ServiceContext, cohort: str, run: int) -> RunReview:
    """Return a match run; raises Refusal for an unknown one."""
    runs = await match_runs(context, cohort)
    figures = figures_of(runs, run)
    published = published_run(runs)
    changed = await mentors_changed(context, cohort, published, run) if published not in {None, run} else ()
    result = await cohorts.match_run(context.pool, cohort, run)
    return RunReview(figures=figures, result=result, published=published, changed=changed)


async def mentors_changed(
    context: ServiceContext, cohort: str, before: int | None, after: int
) -> tuple[MentorChange, ...]:
    """Return whose mentor differs between two runs, of which the first may be none."""
    had = await match_review.pairs_of_run(context.pool, cohort, before or 0)
    has = await match_review.pairs_of_run(context.pool, cohort, after)
    return _changes(had, has)


async def compare(context: ServiceContext, cohort: str, before: int, after: int) -> RunComparison:
    """Return two match runs side by side; raises Refusal for an unknown one."""
    runs = await match_runs(context, cohort)
    figures = (figures_of(runs, before), figures_of(runs, after))
    had, has = [await match_review.pairs_of_run(context.pool, cohort, run) for run in (before, after)]
    return RunComparison(figures=figures, changed=_changes(had, has), had=had, has=has)


async def waiting_draft(context: ServiceContext, cohort: str) -> WaitingDraft | None:
    """Return the newest draft where it is newer than what is published, and its pairs are others."""
    runs = await match_runs(context, cohort)
    published = published_run(runs)
    if published is None or runs[0].run <= published:
        return None
    changed = await mentors_changed(context, cohort, published, runs[0].run)
    return WaitingDraft(run=runs[0].run, changed=changed) if changed else None


async def pair_review(context: ServiceContext, settings: CohortSettings, run: int, ids: tuple[str, str]) -> PairReview:
    """Return why two people, a mentor and a mentee, are a pair of a match run, or why not.

    Raises Refusal for an unknown run, and where one of them is not among the applications any more.
    """
    mentor, mentee = ids
    result = await cohorts.match_run(context.pool, settings.id, run)
    pair = next((each for each in result.pairs if (each.mentor, each.mentee) == ids), None)
    return PairReview(
        mentor=mentor,
        mentee=mentee,
        explanation=_as_matched(pair) if pair else await _explain(context, settings, run, ids),
        pair=pair,
        mentor_instead=next((each.mentor for each in result.pairs if each.mentee == mentee), None),
        mentees_instead=tuple(each.mentee for each in result.pairs if each.mentor == mentor),
        why_unplaced=next((each.why for each in result.unplaced if each.mentee == mentee), None),
        wanted_by=_wanted_by(result, mentor),
    )


async def next_request(context: ServiceContext, cohort: str) -> MatchRequest:
    """Return what the next draft asks unless staff change it: the same as the newest, and what both sides decided."""
    runs = await match_runs(context, cohort)
    mentors, mentees = await cohorts.mentors(context.pool, cohort), await cohorts.mentees(context.pool, cohort)
    return next_match_request(
        await proposals.proposals(context.pool, cohort),
        runs[0].request if runs else MatchRequest(),
        there={person.id for person in (*mentors, *mentees)},
    )


def figures_of(runs: tuple[MatchRunFigures, ...], run: int) -> MatchRunFigures:
    """Return the figures of a run; raises Refusal where there is no such run."""
    for figures in runs:
        if figures.run == run:
            return figures
    raise Refusal(f"There is no match run {run}.")


def published_run(runs: tuple[MatchRunFigures, ...]) -> int | None:
    """Return the run that was published last, or None before the first publication."""
    published = [(figures.published_at, figures.run) for figures in runs if figures.published_at]
    return max(published)[1] if published else None


def _changes(had: Mapping[str, MatchedPair], has: Mapping[str, MatchedPair]) -> tuple[MentorChange, ...]:
    before, after = ({mentee: pair.mentor for mentee, pair in pairs.items()} for pairs in (had, has))
    return changes_between(before, after)


def _wanted_by(result: MatchResult, mentor: str) -> tuple[Pair, ...]:
    losses = [
        (other.program_cost is None, other.program_cost or 0, pair.mentee, pair)
        for pair in result.pairs
        for other in pair.alternatives
        if other.mentor == mentor
    ]
    return tuple(pair for *_, pair in sorted(losses, key=lambda each: each[:3]))


def _as_matched(pair: Pair) -> PairExplanation:
    return PairExplanation(score=pair.score, criteria=pair.criteria)


async def _explain(
    context: ServiceContext, settings: CohortSettings, run: int, ids: tuple[str, str]
) -> PairExplanation:
    figures = figures_of(await match_runs(context, settings.id), run)
    mentors, mentees = (
        await cohorts.mentors(context.pool, settings.id),
        await cohorts.mentees(context.pool, settings.id),
    )

    def explain(request: MatchRequest) -> PairExplanation:
        # With SciPy only when staff ask why: services/matching.py has the reason.
        from domain.matching.explanation import explain_pair  # noqa: PLC0415

        eligibility, kickoff = settings.eligibility, settings.kickoff_day
        return explain_pair(
            mentors, mentees, settings.matching, *ids, request, eligibility=eligibility, kickoff_on=kickoff
        )

    try:
        return await asyncio.to_thread(explain, figures.request)
    except Refusal:
        # What staff asked then breaks a rule by now, or one of the two is not there; the second try says which.
        return await asyncio.to_thread(explain, MatchRequest())
