"""The pages of match review: readiness and runs, one run, two people, and two runs side by side."""

from starlette.responses import Response
from starlette.routing import Route

from domain.matching.score_bands import band_of
from schemas.base import FrozenModel
from schemas.enums import Side, StaffAccess
from schemas.errors import Refusal
from schemas.matching.results import COST_UNKNOWN, BrokenRule, MatchResult, Pair
from services import match_review
from services.match_review import ClassPeople, RunReview
from services.matching import rules_broken_by
from web.staff.console import CLASS, Console, StaffVisit
from web.staff.matching.addresses import COMPARE, MATCHING, PAIR, RUN, as_run, run_number
from web.staff.matching.charts import band_chart, score_chart


class PairRow(FrozenModel):
    """One pair of a run as the table shows it; ``miles`` is None where a town is not on the map."""

    mentor: str
    mentee: str
    score: int
    band: str
    miles: int | None
    strongest: str
    pinned: bool


class MatchingPages:
    """Shows match runs."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        pages = (
            (MATCHING, self.show_runs, "staff_matching"),
            (COMPARE, self.compare, "staff_match_compare"),
            (RUN, self.show_run, "staff_match_run"),
            (PAIR, self.show_pair, "staff_match_pair"),
        )
        needed = StaffAccess.COORDINATOR
        return [self._console.route(path, page, name=name, needed=needed) for path, page, name in pages]

    async def show_runs(self, visit: StaffVisit) -> Response:
        """Show whether the class is ready, and its match runs."""
        runs = await match_review.match_runs(visit.services, visit.cohort.id)
        return await self._console.show(
            visit,
            "staff_matching.html",
            readiness=await match_review.readiness(visit.services, visit.cohort),
            runs=runs,
            published=match_review.published_run(runs),
            matching_since=await match_review.matching_since(visit.services, visit.cohort.id),
            people=await match_review.class_people(visit.services, visit.cohort.id),
            base=visit.path(MATCHING),
            class_path=visit.path(CLASS),
        )

    async def show_run(self, visit: StaffVisit) -> Response:
        """Show one run: its figures, its charts, and its pairs."""
        review = await match_review.run_review(visit.services, visit.cohort.id, run_number(visit))
        people = await match_review.class_people(visit.services, visit.cohort.id)
        result, bands = review.result, visit.cohort.matching.bands
        return await self._console.show(
            visit,
            "staff_match_run.html",
            review=review,
            people=people,
            rows=_rows(visit, result, people),
            broken=await _broken_rules(visit, review),
            charts_shown=(band_chart(result, bands), score_chart(result)),
            mentors=people.of(Side.MENTOR),
            mentees=people.of(Side.MENTEE),
            base=visit.path(RUN),
            matching=visit.path(MATCHING),
        )

    async def show_pair(self, visit: StaffVisit) -> Response:
        """Show two people: why they are a pair of the run, or why not."""
        chosen = visit.request.query_params
        ids = chosen.get("mentor", ""), chosen.get("mentee", "")
        people = await match_review.class_people(visit.services, visit.cohort.id)
        _check_sides(people, *ids)
        review = await match_review.pair_review(visit.services, visit.cohort, run_number(visit), ids)
        return await self._console.show(
            visit,
            "staff_match_pair.html",
            review=review,
            people=people,
            cost_unknown=COST_UNKNOWN,
            band=band_of(review.explanation.score, visit.cohort.matching.bands),
            miles=people.miles(*ids),
            run=run_number(visit),
            base=visit.path(RUN),
            matching=visit.path(MATCHING),
        )

    async def compare(self, visit: StaffVisit) -> Response:
        """Show whose mentor differs between two runs."""
        chosen = visit.request.query_params
        before, after = (as_run(chosen.get(name, "")) for name in ("before", "after"))
        comparison = await match_review.compare(visit.services, visit.cohort.id, before, after)
        return await self._console.show(
            visit,
            "staff_match_compare.html",
            comparison=comparison,
            people=await match_review.class_people(visit.services, visit.cohort.id),
            matching=visit.path(MATCHING),
        )


async def _broken_rules(visit: StaffVisit, review: RunReview) -> tuple[BrokenRule, ...]:
    """Return which pairs of a draft break a rule today; of a published run that is settled."""
    if review.figures.published_at:
        return ()
    return await rules_broken_by(visit.services.pool, visit.cohort, review.result)


def _rows(visit: StaffVisit, result: MatchResult, people: ClassPeople) -> list[PairRow]:
    """Return the pairs, the weakest first: those are the ones to look at."""
    bands = visit.cohort.matching.bands
    rows = (
        PairRow(
            mentor=pair.mentor,
            mentee=pair.mentee,
            score=pair.score,
            band=band_of(pair.score, bands),
            miles=people.miles(pair.mentor, pair.mentee),
            strongest=_strongest(pair),
            pinned=pair.pinned,
        )
        for pair in result.pairs
    )
    return sorted(rows, key=lambda row: (row.score, people.name(row.mentee)))


def _strongest(pair: Pair) -> str:
    criterion = max(pair.criteria, key=lambda each: each.points, default=None)
    return criterion.reason if criterion else ""


def _check_sides(people: ClassPeople, mentor: str, mentee: str) -> None:
    for side, id_ in ((Side.MENTOR, mentor), (Side.MENTEE, mentee)):
        person = people.by_id.get(id_)
        if person is None or person.side is not side:
            raise Refusal(f"Choose a {side} from the list.")
