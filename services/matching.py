"""From applications to drafts, and from a draft to the pairs of a cohort: matched, compared, published by staff."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime

from domain.cohort.dates import cohort_dates
from domain.matching.publication import why_pairs_are_final, with_publication
from domain.matching.run_differences import mentor_changes
from schemas.actor import Actor
from schemas.cohort.settings import CohortSettings
from schemas.cohort.state import CohortState
from schemas.errors import Refusal
from schemas.matching.messages import MatchRequest, MatchRunSummary, MatchSummary
from schemas.matching.results import BrokenRule, MatchResult, MentorChange, PinCost
from schemas.preview import Preview, StepResult
from services.cohort_workflows import check_running, cohort_workflow, not_running
from services.context import ServiceContext
from services.email_forecast import forecast_emails
from services.workflow_calls import update_workflow
from storage import cohorts, proposals
from storage.database import Connection, Db

# How a sentence names the person with an id: by the id itself, or in the staff pages by name.
NamePerson = Callable[[str], str]


class MatchDrafted(StepResult):
    """What a match run came to, in points of 10000 a pair; a preview has no ``run``."""

    cohort: str
    run: int | None = None
    pairs: int
    unplaced: int
    worst: int
    total: int
    valid: bool

    def describe(self) -> str:
        """Say what the run came to."""
        proof = "proven to be the best" if self.valid else "not proven to be the best"
        which = f"Match run {self.run}:" if self.done else "A match run would come to"
        pairs = "1 pair" if self.pairs == 1 else f"{self.pairs} pairs"
        return f"{which} {pairs}, {self.unplaced} without a mentor, {proof}."


class Publication(StepResult):
    """What publishing a match run does; ``already`` says that it was published before.

    ``asked_first`` says that both sides are asked before a match is final (A23), ``changed`` who has another mentor
    than in the run that was published before, ``waived`` which broken rules staff accepted. After the kickoff it is
    ``too_late`` to ask.
    """

    cohort: str
    run: int
    pairs: int
    asked_first: bool
    too_late: bool = False
    already: bool
    changed: tuple[MentorChange, ...]
    waived: tuple[BrokenRule, ...]

    def describe(self, name: NamePerson = str) -> tuple[str, ...]:
        """Say what becomes of the pairs."""
        if self.already:
            return (f"Match run {self.run} is already published. Nothing was changed.",)
        pairs = "1 pair" if self.pairs == 1 else f"{self.pairs} pairs"
        return (
            f"Match run {self.run} {'is' if self.done else 'would be'} published: {pairs}.",
            *(f"  {change_sentence(change, name)}" for change in self.changed),
            *(
                f"  {name(rule.mentor)} with {name(rule.mentee)} is an exception to a rule: {rule.why}"
                for rule in self.waived
            ),
            self._next(),
        )

    def _next(self) -> str:
        if not self.asked_first:
            return "Their mentorships start on kickoff day, or now where that is past."
        if self.too_late:
            return "The kickoff is past, so nobody is asked. Confirm each match for its two people to make it final."
        return "Both sides of each new pair are asked."


async def preview_match(
    context: ServiceContext, cohort: str, request: MatchRequest, name: NamePerson = str
) -> MatchDrafted:
    """Return what a match run would come to; raises as ``match_cohort`` does."""
    settings = await cohorts.cohort_settings(context.pool, cohort)
    await _check_pairs_open(context, settings)
    result = await compute_matches(context.pool, cohort, request)
    drafted = MatchDrafted(cohort=cohort, done=False, **summarize(result).model_dump())
    compared = await _compared_with_newest(context.pool, cohort, result, name)
    costs = (_pin_sentence(cost, name) for cost in result.pins)
    preview = Preview(
        changes=(drafted.describe(), *costs, *compared), way_back="don't publish the draft; no one sees it"
    )
    return drafted.model_copy(update={"preview": preview})


async def match_cohort(
    context: ServiceContext, actor: Actor, cohort: str, request: MatchRequest, *, note: str | None = None
) -> MatchDrafted:
    """Have a cohort matched by a request of staff and return the run's figures.

    Raises UnknownCohort, or Refusal where its pairs cannot change any more or the request cannot be met.
    """
    await cohorts.cohort_settings(context.pool, cohort)
    handle = cohort_workflow(context, cohort)
    async with context.audited(actor, "matched", cohort, note=note) as results:
        summary = await update_workflow(handle, "match", request, kind=MatchRunSummary, absent=not_running(cohort))
        results.update(run=summary.run, pairs=summary.pairs)
    return MatchDrafted(cohort=cohort, done=True, **summary.model_dump())


async def compare_runs(context: ServiceContext, cohort: str, before: int, after: int) -> tuple[MentorChange, ...]:
    """Return which mentees have another mentor in one match run than in another; raises Refusal for an unknown run."""
    runs = [await cohorts.match_run(context.pool, cohort, run) for run in (before, after)]
    return mentor_changes(*runs)


async def preview_publish(
    context: ServiceContext, cohort: str, run: int, waiver: str | None, name: NamePerson = str
) -> Publication:
    """Return what publishing a match run would do; raises as ``publish`` does."""
    settings = await cohorts.cohort_settings(context.pool, cohort)
    before = await cohorts.find_published_matches(context.pool, cohort)
    if await proposals.is_published(context.pool, settings, run):
        publication = await _publication(context, settings, run, before, already=True)
        return publication.model_copy(update={"done": False, "preview": Preview()})
    await _check_pairs_open(context, settings)
    waived = await check_rules(context.pool, cohort, run, waived=waiver is not None)
    publication = await _publication(context, settings, run, before, waived=waived)
    publication = publication.model_copy(update={"done": False})

    async def step(db: Connection, state: CohortState, now: datetime) -> CohortState:
        await cohorts.publish_match_run(db, cohort, run, now)
        await proposals.propose(db, cohort, now)
        return with_publication(state, run, now)

    emails = await forecast_emails(context, cohort, step, ahead=True)
    can_change = settings.proposals and not publication.too_late
    way_back = "publish another run before the mentorships start" if can_change else None
    return publication.model_copy(update={"preview": emails.preview(*publication.describe(name), way_back=way_back)})


async def publish(
    context: ServiceContext, actor: Actor, cohort: str, run: int, waiver: str | None, *, note: str | None = None
) -> Publication:
    """Publish a match run and return what that does; does nothing where it is published already.

    ``waiver`` is staff's reason for pairs that break a rule; the audit event has it. Raises UnknownCohort, or Refusal
    where the pairs cannot change any more, the run is unknown, or a pair breaks a rule without a waiver.
    """
    settings = await cohorts.cohort_settings(context.pool, cohort)
    before = await cohorts.find_published_matches(context.pool, cohort)
    if await proposals.is_published(context.pool, settings, run):
        return await _publication(context, settings, run, before, already=True)
    # Without a waiver the workflow's activity checks the rules and refuses.
    waived = () if waiver is None else await check_rules(context.pool, cohort, run, waived=True)
    handle = cohort_workflow(context, cohort)
    async with context.audited(actor, "published", cohort, run=run, waiver=waiver, note=note) as results:
        results["pairs"] = await update_workflow(
            handle, "publish", run, waiver is not None, kind=int, absent=not_running(cohort)
        )
    return await _publication(context, settings, run, before, waived=waived)


async def compute_matches(db: Db, cohort: str, request: MatchRequest) -> MatchResult:
    """Match the applications of a cohort as they are now and return the result; nothing is stored.

    Raises Refusal where the request cannot be met.
    """
    settings = await cohorts.cohort_settings(db, cohort)
    objective = {"objective": request.objective} if request.objective else {}
    mentors, mentees = await cohorts.mentors(db, cohort), await cohorts.mentees(db, cohort)
    earlier = await _mentors_of_run(db, cohort, request.close_to)

    def matched() -> MatchResult:
        # SciPy is a quarter of what a worker, the pages or a command would load to start; few of them ever match.
        from domain.matching.run import match  # noqa: PLC0415

        return match(
            mentors,
            mentees,
            settings.matching.model_copy(update=objective),
            eligibility=settings.eligibility,
            kickoff_on=settings.kickoff_day,
            pins=request.pins,
            forbid=request.forbid,
            earlier=earlier,
        )

    # In a thread, so that heartbeats and other calls go on while the solver keeps the processor busy.
    return await asyncio.to_thread(matched)


async def check_rules(db: Db, cohort: str, run: int, *, waived: bool) -> tuple[BrokenRule, ...]:
    """Return which pairs of a draft break a rule today; raises Refusal where staff did not waive it."""
    settings = await cohorts.cohort_settings(db, cohort)
    broken = await rules_broken_by(db, settings, await cohorts.match_run(db, cohort, run))
    if broken and not waived:
        pairs = "; ".join(f"{rule.mentor} with {rule.mentee}: {rule.why}" for rule in broken)
        raise Refusal(f"Run {run} breaks a rule: {pairs}. Match again, or make an exception and say why.")
    return broken


async def rules_broken_by(db: Db, settings: CohortSettings, result: MatchResult) -> tuple[BrokenRule, ...]:
    """Return which pairs of a draft break a rule today."""
    from domain.matching.broken_rules import broken_rules  # noqa: PLC0415 - as above

    return broken_rules(
        result,
        await cohorts.mentors(db, settings.id),
        await cohorts.mentees(db, settings.id),
        settings.matching,
        eligibility=settings.eligibility,
        kickoff_on=settings.kickoff_day,
    )


def change_sentence(change: MentorChange, name: NamePerson = str) -> str:
    """Say whose mentor differs: before and after."""
    before, after = (name(mentor) if mentor else "nobody" for mentor in (change.before, change.after))
    return f"{name(change.mentee)}: {before} -> {after}"


def summarize(result: MatchResult) -> MatchSummary:
    """Return the figures of a matching."""
    return MatchSummary(
        pairs=len(result.pairs),
        unplaced=len(result.unplaced),
        worst=result.worst,
        total=result.total,
        valid=result.certificate.valid,
    )


async def _check_pairs_open(context: ServiceContext, settings: CohortSettings) -> None:
    """Raise Refusal where the workflow would: the cohort is over, or its pairs cannot change any more."""
    await check_running(context, settings.id)
    why = why_pairs_are_final(
        await proposals.published_run(context.pool, settings.id),
        asks_first=settings.proposals is not None,
        started=(await cohorts.stages(context.pool))[settings.id].started,
        kickoff_at=cohort_dates(settings).kickoff_at,
        now=context.now(settings.id),
    )
    if why:
        raise Refusal(why)


async def _publication(
    context: ServiceContext,
    settings: CohortSettings,
    run: int,
    before: MatchResult | None,
    *,
    already: bool = False,
    waived: tuple[BrokenRule, ...] = (),
) -> Publication:
    matches = await cohorts.match_run(context.pool, settings.id, run)
    return Publication(
        cohort=settings.id,
        run=run,
        pairs=len(matches.pairs),
        asked_first=settings.proposals is not None,
        too_late=cohort_dates(settings).kickoff_at <= context.now(settings.id),
        already=already,
        changed=mentor_changes(before, matches) if before else (),
        waived=waived,
        done=True,
    )


async def _compared_with_newest(db: Db, cohort: str, result: MatchResult, name: NamePerson) -> tuple[str, ...]:
    newest = await cohorts.latest_match_run(db, cohort)
    if newest is None:
        return ()
    return tuple(_comparison(newest, mentor_changes(await cohorts.match_run(db, cohort, newest), result), name))


def _comparison(run: int, changes: tuple[MentorChange, ...], name: NamePerson) -> Iterator[str]:
    if not changes:
        yield f"Its pairs are those of match run {run}."
        return
    who = "1 mentee has" if len(changes) == 1 else f"{len(changes)} mentees have"
    yield f"{who} another mentor than in match run {run}:"
    yield from (f"  {change_sentence(change, name)}" for change in changes)


def _pin_sentence(cost: PinCost, name: NamePerson) -> str:
    placed = f", and {cost.placed_without} more could be placed" if cost.placed_without else ""
    points = f"{cost.program_cost / 100:.1f}"
    return f"Without fixing {name(cost.mentor)} with {name(cost.mentee)} the total would differ by {points}{placed}."


async def _mentors_of_run(db: Db, cohort: str, run: int | None) -> dict[str, str] | None:
    if run is None:
        return None
    return {pair.mentee: pair.mentor for pair in (await cohorts.match_run(db, cohort, run)).pairs}
