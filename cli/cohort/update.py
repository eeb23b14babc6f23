"""``mile cohort update``: a cohort's settings from its cohort.toml."""

from collections.abc import Iterator
from pathlib import Path

from cli.cohort.options import Directory, DryRun, Note
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, staff_actor
from cli.common.steps import Yes, take_step
from domain.cohort.folder import SETTINGS
from domain.cohort.settings_file import read_settings
from schemas.cohort.settings import CohortSettings
from schemas.errors import Refusal
from services import settings
from services.context import ServiceContext
from services.settings import SettingsUpdate


def update_command(
    directory: Directory,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Update a cohort's settings from its cohort.toml. Later emails use the new ones."""
    new = _settings_in(directory)

    async def preview(context: ServiceContext) -> SettingsUpdate:
        return await settings.preview_update(context, new)

    async def update(context: ServiceContext) -> SettingsUpdate:
        return await settings.update(context, staff_actor(), new, note=note)

    result = take_step(folder, preview, update, dry_run=dry_run, yes=yes)
    print_result(result, _updated(result), as_json=as_json)


def _settings_in(directory: Path) -> CohortSettings:
    """Read the cohort.toml of a folder; raises BadInput with everything wrong in it, Refusal where there is none."""
    file = directory / SETTINGS
    try:
        return read_settings(SETTINGS, file.read_bytes())
    except OSError as error:
        raise Refusal(f"{file} cannot be read ({error.strerror}). Name its folder.") from error


def _updated(update: SettingsUpdate) -> Iterator[str]:
    if update.changed:
        yield f"Changed in {update.cohort}:"
        yield from (f"  {key}" for key in update.changed)
    else:
        yield f"{update.cohort} already matches its cohort.toml. Nothing was changed."
    if update.roles_ended:
        ended = ", ".join(str(number) for number in update.roles_ended)
        yield f"The contact answers from today on, so these roles ended: {ended}."
