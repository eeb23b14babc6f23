"""Applications that staff import from files: compared with the stored ones, and saved all at once or not at all."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.applications.csv.parsed_file import ParsedFile
from domain.applications.import_comparison import ImportComparison
from schemas.actor import Actor
from schemas.applications.imports import Applied, ImportResult
from schemas.applications.mapping import ColumnMapping
from schemas.enums import EmailKind, Side
from schemas.preview import Preview, PreviewedEmail
from services.context import ServiceContext
from storage import cohorts, imports
from storage.database import transaction

Sheets = Mapping[Side, ParsedFile[Any]]


class KnownReading(NamedTuple):
    """How the files of a cohort were read last, and whom they may name."""

    mapping: ColumnMapping
    people: tuple[tuple[Side, Applied], ...]


async def known_reading(context: ServiceContext, cohort: str) -> KnownReading:
    """Return how the files of a cohort were read last, and whom they may name; raises UnknownCohort."""
    mapping = await cohorts.cohort_mapping(context.pool, cohort)
    applications = await imports.stored_applications(context.pool, cohort)
    return KnownReading(mapping, tuple((application.side, application.person) for application in applications))


async def preview_import(context: ServiceContext, cohort: str, sheets: Sheets) -> tuple[ImportResult, ImportComparison]:
    """Return the result of an import, row by row, without saving it; raises as ``import_applications`` does."""
    result, comparison = await imports.import_people(
        context.pool, cohort, sheets, now=context.now(cohort), dry_run=True
    )
    counts = ", ".join(f"{number} {name}" for name, number in count_rows(result).items())
    links = tuple(PreviewedEmail(to=person, kind=EmailKind.APPLICATION_LINK) for person in result.links_renewed)
    # Who is added stays, whatever is imported afterwards.
    undo = "withdraw who was added" if result.added else "import the file as it was before"
    # Whoever comes a second time has the new address, also when withdrawn, so that the first can no longer get it.
    way_back = None if comparison.namesakes else undo
    sentences = [f"{cohort}: {counts}."]
    if result.links_revoked:
        moved = ", ".join(result.links_revoked)
        sentences.append(f"Another address: the links of {moved} would end, and the calendars on their page.")
    preview = Preview(changes=tuple(sentences), emails=links, way_back=way_back)
    return result.model_copy(update={"preview": preview}), comparison


async def import_applications(
    context: ServiceContext,
    actor: Actor,
    cohort: str,
    sheets: Sheets,
    *,
    mapping: ColumnMapping | None = None,
    skip_bad_rows: bool = False,
    note: str | None = None,
) -> tuple[ImportResult, ImportComparison]:
    """Save what files say about a cohort's people: new ones are added, known ones changed, nobody is removed.

    Nothing is saved where a row cannot be used, unless bad rows are to be skipped. The mapping that the files were
    read by is kept for the next import.

    Raises:
        UnknownCohort: there is no such cohort.
        BadInput: a file is malformed.
    """
    async with transaction(context.pool) as db:
        result, comparison = await imports.import_people(
            db, cohort, sheets, now=context.now(cohort), skip_bad_rows=skip_bad_rows
        )
        if result.saved and mapping is not None:
            # A file of one side says nothing of how the other side's is read.
            known = await cohorts.cohort_mapping(db, cohort)
            await cohorts.save_mapping(db, cohort, mapping.saved_as(None).filled_up(known))
        changed = bool(result.saved and (result.added or result.changed))
        if changed:
            await context.audit_in(db, actor, "imported", cohort, **count_rows(result), note=note)
    return result, comparison


def count_rows(result: ImportResult) -> dict[str, int]:
    """Return how many people were added, changed and left unchanged, and how many rows were refused."""
    return {name: len(getattr(result, name)) for name in ("added", "changed", "unchanged")} | {
        "refused": len({(row.file, row.row) for row in result.refused})
    }
