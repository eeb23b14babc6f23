"""``mile cohort archive|delete``: a cohort that nobody shall hear of any more, or that nobody has heard of."""

from cli.cohort.options import CohortId, DryRun, Note
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, staff_actor
from cli.common.steps import Yes, take_step
from services import cohort_endings


def archive_command(
    cohort: CohortId,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Archive a cohort: no more emails, no place in lists. Meals and needs are deleted. This can't be undone."""
    result = take_step(
        folder,
        lambda context: cohort_endings.preview_archive(context, cohort),
        lambda context: cohort_endings.archive(context, staff_actor(), cohort, note=note),
        dry_run=dry_run,
        yes=yes,
    )
    print_result(result, [f"{cohort} is archived. To list it: mile cohort show --archived"], as_json=as_json)


def delete_command(
    cohort: CohortId,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Delete a cohort that nobody was emailed about, with all that is stored of it. This can't be undone."""
    result = take_step(
        folder,
        lambda context: cohort_endings.preview_delete(context, cohort),
        lambda context: cohort_endings.delete(context, staff_actor(), cohort, note=note),
        dry_run=dry_run,
        yes=yes,
    )
    print_result(result, [f"{cohort} is deleted."], as_json=as_json)
