"""Starting the mentorships of those who came late: after a late commitment or a corrected absence (A3)."""

from datetime import datetime

from domain.kickoff.starts import not_startable_because
from schemas.actor import Actor
from schemas.cohort.state import CohortState
from schemas.errors import Refusal
from schemas.kickoff.guests import PublishedPair
from schemas.preview import StepResult
from services.cohort_workflows import check_running, cohort_workflow, not_running
from services.context import ServiceContext
from services.email_forecast import enqueue_starts, forecast_emails
from services.matching import NamePerson
from services.workflow_calls import update_workflow
from storage import cohorts, kickoff
from storage.database import Connection


class StartsResult(StepResult):
    """Whose mentorship starts, and who waits and why, as MENTOR:MENTEE; ``mentorships`` counts all there are."""

    cohort: str
    starting: tuple[str, ...]
    held_back: dict[str, str]
    mentorships: int

    def describe(self, name: NamePerson = str) -> tuple[str, ...]:
        """Say whose mentorship starts, and who waits and why."""
        verb = "Started" if self.done else "Would start"
        starting = ", ".join(_pair_named(pair, name) for pair in self.starting) or "nobody"
        return (
            f"{verb}: {starting}. Mentorships of {self.cohort}: {self.mentorships}.",
            *(
                f"{_pair_named(pair, name)} waits: {_why_named(pair, why, name)}."
                for pair, why in self.held_back.items()
            ),
        )


async def preview_start(context: ServiceContext, cohort: str, name: NamePerson = str) -> StartsResult:
    """Return whose mentorships would start; raises as ``start`` does."""
    pairs = await _published_pairs(context, cohort)
    await check_running(context, cohort)
    if why := not_startable_because((await cohorts.stages(context.pool))[cohort]):
        raise Refusal(why)
    result = _result(cohort, pairs, sum(pair.has_mentorship for pair in pairs), done=False)
    settings = await cohorts.cohort_settings(context.pool, cohort)

    async def step(db: Connection, state: CohortState, now: datetime) -> CohortState:
        await enqueue_starts(db, settings, now)
        return state

    emails = await forecast_emails(context, cohort, step)
    return result.model_copy(update={"preview": emails.preview(*result.describe(name), way_back=_way_back(result))})


async def start(context: ServiceContext, actor: Actor, cohort: str, *, note: str | None = None) -> StartsResult:
    """Start the mentorships that may start by now and have not.

    Raises UnknownCohort, or Refusal where no pairs are published, the cohort is over or its kickoff day has not come.
    """
    pairs = await _published_pairs(context, cohort)
    handle, starting = cohort_workflow(context, cohort), _starting(pairs)
    async with context.audited(actor, "started", cohort, started=[*starting], note=note) as results:
        stored = await update_workflow(handle, "start", kind=int, absent=not_running(cohort))
        results["mentorships"] = stored
    return _result(cohort, pairs, stored, done=True)


def _pair_named(pair: str, name: NamePerson) -> str:
    return pair if name is str else " with ".join(map(name, pair.split(":")))


def _why_named(pair: str, why: str, name: NamePerson) -> str:
    mentee = pair.partition(":")[2]
    return why.replace(f"{mentee} was", f"{name(mentee)} was")


def _way_back(result: StartsResult) -> str | None:
    return None if result.starting else "nothing starts, so there is nothing to undo"


async def _published_pairs(context: ServiceContext, cohort: str) -> tuple[PublishedPair, ...]:
    await cohorts.cohort_settings(context.pool, cohort)
    pairs = await kickoff.published_pairs(context.pool, cohort)
    if not pairs:
        raise Refusal(f"{cohort} has no published matches, so no mentorship can start.")
    return pairs


def _starting(pairs: tuple[PublishedPair, ...]) -> tuple[str, ...]:
    return tuple(_name(pair) for pair in pairs if pair.can_start and not pair.has_mentorship)


def _result(cohort: str, pairs: tuple[PublishedPair, ...], stored: int, *, done: bool) -> StartsResult:
    waiting = [pair for pair in pairs if not pair.has_mentorship]
    return StartsResult(
        cohort=cohort,
        done=done,
        starting=_starting(pairs),
        held_back={_name(pair): reason for pair in waiting if (reason := pair.held_back_reason)},
        mentorships=stored,
    )


def _name(pair: PublishedPair) -> str:
    return f"{pair.mentor_id}:{pair.mentee_id}"
