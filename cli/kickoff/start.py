"""``mile cohort start``: whose mentorship begins after the others, and who waits and why (A3)."""

import typer

from cli.cohort.foreseeing import check_started
from cli.cohort.options import NOTHING_WAS_DONE, CohortId, DryRun, Note, with_cohort
from cli.cohort.reschedule import over
from cli.common.servers import HERE, AsJson, Folder, print_json, staff_actor
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.errors import Refusal
from schemas.ids import cohort_workflow_id
from schemas.kickoff.guests import PublishedPair
from services.context import ServiceContext
from services.workflow_calls import update_workflow
from storage import kickoff

starting_app = typer.Typer()


class StartShown(FrozenModel):
    """Whose mentorship starts, and who waits and why, as MENTOR:MENTEE; ``mentorships`` counts all there are."""

    cohort: str
    done: bool
    starting: tuple[str, ...]
    held_back: dict[str, str]
    mentorships: int


@starting_app.command("start")
def start_command(
    cohort: CohortId, note: Note = None, dry_run: DryRun = False, as_json: AsJson = False, folder: Folder = HERE
) -> None:
    """Start the mentorships that may start by now and have not, after a late commitment or a corrected absence."""

    async def deed(at: ServiceContext, _: CohortSettings) -> StartShown:
        pairs = await kickoff.published_pairs(at.pool, cohort)
        if not pairs:
            raise Refusal(f"{cohort} has no published matches, so there is nobody to start.")
        starting = tuple(_pair(pair) for pair in pairs if pair.can_start and not pair.kept)
        kept = sum(pair.kept for pair in pairs)
        if dry_run:
            await check_started(at, cohort)
        else:
            kept = await update_workflow(
                at.workflow(cohort_workflow_id(cohort)), "start", kind=int, absent=over(cohort)
            )
            await at.audit(staff_actor(), "started", cohort, started=list(starting), mentorships=kept, note=note)
        return StartShown(
            cohort=cohort,
            done=not dry_run,
            starting=starting,
            held_back={_pair(pair): reason for pair in pairs if (reason := pair.held_back_reason) and not pair.kept},
            mentorships=kept,
        )

    shown = with_cohort(cohort, folder, deed)
    if as_json:
        print_json(shown)
        return
    print("\n".join(_start_lines(shown)))


def _pair(pair: PublishedPair) -> str:
    return f"{pair.mentor_id}:{pair.mentee_id}"


def _start_lines(shown: StartShown) -> list[str]:
    verb = "Started" if shown.done else "Would start"
    lines = [f"{verb}: {', '.join(shown.starting) or 'nobody'}. Mentorships of {shown.cohort}: {shown.mentorships}."]
    lines += [f"{pair} waits: {why}." for pair, why in shown.held_back.items()]
    return lines if shown.done else [*lines, NOTHING_WAS_DONE]
