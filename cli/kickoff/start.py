"""``mile cohort start``: starts mentorships that could not start at the kickoff, and says who waits and why (A3)."""

from cli.cohort.options import CohortId, DryRun, Note
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, staff_actor
from cli.common.steps import Yes, take_step
from services.context import ServiceContext
from services.kickoff import starts
from services.kickoff.starts import StartsResult


def start_command(
    cohort: CohortId,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Start mentorships that could not start at the kickoff, such as after a late commitment."""

    async def preview(context: ServiceContext) -> StartsResult:
        return await starts.preview_start(context, cohort)

    async def start(context: ServiceContext) -> StartsResult:
        return await starts.start(context, staff_actor(), cohort, note=note)

    result = take_step(folder, preview, start, dry_run=dry_run, yes=yes)
    print_result(result, result.describe(), as_json=as_json)
