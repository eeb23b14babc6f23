"""Starting the mentorships of those who came late: after a late commitment or a corrected absence (A3)."""

from domain.kickoff.starts import not_startable_because
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from schemas.actor import Actor
from schemas.enums import EmailKind
from schemas.errors import Refusal
from schemas.ids import mentorship_id
from schemas.kickoff.guests import PublishedPair
from schemas.preview import Preview, PreviewedEmail, StepResult
from services.cohort_workflows import check_running, cohort_workflow, not_running
from services.context import ServiceContext
from services.workflow_calls import update_workflow
from storage import cohorts, kickoff


class StartsResult(StepResult):
    """Whose mentorship starts, and who waits and why, as MENTOR:MENTEE; ``mentorships`` counts all there are."""

    cohort: str
    starting: tuple[str, ...]
    held_back: dict[str, str]
    mentorships: int

    def describe(self) -> tuple[str, ...]:
        """Say whose mentorship starts, and who waits and why."""
        verb, starting = "Started" if self.done else "Would start", ", ".join(self.starting) or "nobody"
        return (
            f"{verb}: {starting}. Mentorships of {self.cohort}: {self.mentorships}.",
            *(f"{pair} waits: {why}." for pair, why in self.held_back.items()),
        )


async def preview_start(context: ServiceContext, cohort: str) -> StartsResult:
    """Return whose mentorships would start; raises as ``start`` does."""
    pairs = await _published_pairs(context, cohort)
    await check_running(context, cohort)
    if why := not_startable_because((await cohorts.stages(context.pool))[cohort]):
        raise Refusal(why)
    result = _result(cohort, pairs, sum(pair.has_mentorship for pair in pairs), done=False)
    starting = [pair for pair in pairs if pair.can_start and not pair.has_mentorship]
    preview = Preview(changes=result.describe(), emails=await _welcomes(context, cohort, starting))
    return result.model_copy(update={"preview": preview})


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


async def _welcomes(context: ServiceContext, cohort: str, pairs: list[PublishedPair]) -> tuple[PreviewedEmail, ...]:
    """Return the welcome emails of pairs whose mentorships start now, by the plan that each would have."""
    settings, now = await cohorts.cohort_settings(context.pool, cohort), context.now(cohort)
    # The moment of the first email is the same for all pairs, so any id will do.
    first = min(email.at for email in plan(initial_terms(settings, mentorship_id(cohort, 1)), now).emails)
    people = [person for pair in pairs for person in (pair.mentor_id, pair.mentee_id)]
    at = first if first > now else None
    return tuple(PreviewedEmail(to=person, kind=EmailKind.WELCOME, at=at) for person in people)


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
