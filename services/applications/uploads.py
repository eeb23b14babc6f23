"""Files of applications that staff upload, look over on pages, correct, and import in the end."""

import asyncio
from datetime import UTC, datetime

from domain.applications.csv.applications import Files, Sheets, parse_sides
from domain.applications.csv.cell_corrections import Corrections, correct_cells
from domain.applications.csv.cells import UNDECIDED
from domain.applications.csv.proposal import MappingProposal, propose_mapping
from domain.applications.import_comparison import EXTRA_COLUMNS
from schemas.applications.mapping import ColumnMapping, SideMapping
from schemas.enums import Side, TextEncoding
from schemas.errors import BadInput, Problem, Refusal
from schemas.staff import StaffMember
from services.applications.imports import known_reading
from services.context import ServiceContext
from services.staff_steps import KEPT_FOR
from storage import staff_uploads
from storage.database import transaction
from storage.staff_uploads import StaffUpload

Uploads = dict[Side, StaffUpload]


async def keep_uploads(
    context: ServiceContext,
    member: StaffMember,
    cohort: str,
    files: Files,
    encoding: TextEncoding | None = None,
) -> None:
    """Keep files instead of those uploaded before, to be read as the cohort's last ones were.

    Raises UnknownCohort, or BadInput where a file cannot be read at all; then those before stay.
    """
    known = (await known_reading(context, cohort)).mapping.saved_as(encoding)
    # To read a large file takes the processor for seconds, and other pages should not wait for it; so below.
    uploads = [
        await asyncio.to_thread(_readable, side, name, content, known) for side, (name, content) in files.items()
    ]
    now = datetime.now(UTC)
    async with transaction(context.pool) as db:
        await staff_uploads.delete(db, cohort, member.email)
        for upload in uploads:
            await staff_uploads.save(db, cohort, member.email, upload, now)


def _readable(side: Side, name: str, content: bytes, known: ColumnMapping) -> StaffUpload:
    """Return a file with the known mapping, or where that does not fit, with none."""
    encoding = known.of(side).encoding
    mapping = known
    try:
        propose_mapping({side: (name, content)}, known)
    except BadInput:
        mapping = ColumnMapping().saved_as(encoding)
        propose_mapping({side: (name, content)}, mapping)
    return StaffUpload(side=side, file_name=name, content=content, mapping=mapping.of(side))


async def kept_uploads(context: ServiceContext, member: StaffMember, cohort: str) -> Uploads:
    """Return somebody's files; raises Refusal where there are none any more."""
    since = datetime.now(UTC) - KEPT_FOR
    found = await staff_uploads.uploads(context.pool, cohort, member.email, since)
    if not found:
        raise Refusal("There is no file to import any more. It was imported or given up, or a day went by.")
    return found


async def give_up(context: ServiceContext, member: StaffMember, cohort: str) -> None:
    """Delete somebody's files without importing them."""
    await staff_uploads.delete(context.pool, cohort, member.email)


def is_open(mapping: ColumnMapping) -> bool:
    """Tell whether a needed column has no heading yet."""
    return any(UNDECIDED in side.columns.values() for side in (mapping.mentors, mapping.participants))


async def proposal_for(context: ServiceContext, cohort: str, uploads: Uploads) -> MappingProposal:
    """Return how files are read, and what in it is only proposed; raises BadInput where one cannot be read."""
    known = await known_reading(context, cohort)
    return await asyncio.to_thread(propose_mapping, files_of(uploads), mapping_of(uploads), known.people)


async def read_as(
    context: ServiceContext, member: StaffMember, cohort: str, uploads: Uploads, mapping: ColumnMapping
) -> None:
    """Keep how files are read."""
    for upload in uploads.values():
        changed = upload.model_copy(update={"mapping": mapping.of(upload.side)})
        await staff_uploads.change(context.pool, cohort, member.email, changed)


async def correct(
    context: ServiceContext, member: StaffMember, cohort: str, upload: StaffUpload, corrections: Corrections
) -> None:
    """Keep a file with some cells corrected."""
    content = await asyncio.to_thread(
        correct_cells, upload.side, upload.file_name, upload.content, upload.mapping, corrections
    )
    # It is written anew, in letters that say themselves how they are saved.
    mapping = upload.mapping.model_copy(update={"encoding": None})
    corrected = upload.model_copy(update={"content": content, "mapping": mapping})
    await staff_uploads.change(context.pool, cohort, member.email, corrected)


async def sheets_of(uploads: Uploads) -> Sheets:
    """Return files row by row; raises BadInput with what is wrong with one of them as a whole, or still to choose."""
    sheets, problems = await asyncio.to_thread(
        parse_sides, files_of(uploads), mapping_of(uploads), beside=EXTRA_COLUMNS
    )
    # Such a file is not read, and the other one must not be imported without it.
    problems += [
        Problem(upload.file_name, "is still open; choose the heading that has it", None, column)
        for upload in uploads.values()
        for column, heading in upload.mapping.columns.items()
        if heading == UNDECIDED
    ]
    if problems:
        raise BadInput(problems)
    return sheets


def files_of(uploads: Uploads) -> Files:
    """Return the names and contents of files."""
    return {side: (upload.file_name, upload.content) for side, upload in uploads.items()}


def mapping_of(uploads: Uploads) -> ColumnMapping:
    """Return how files are read."""
    sides = {side: uploads[side].mapping if side in uploads else SideMapping() for side in Side}
    return ColumnMapping(mentors=sides[Side.MENTOR], participants=sides[Side.MENTEE])
