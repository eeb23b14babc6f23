"""``mile cohort attendance``: who was there on the last day (A3, A5)."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from cli.cohort.options import CohortId, DryRun, Note
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, staff_actor
from domain.applications.csv.tables import read_table
from domain.input_files.spelling import plain
from schemas.errors import BadInput, Problem, Refusal
from services.context import ServiceContext
from services.kickoff.attendance import AttendanceResult, note_attendance, preview_note_attendance

COLUMNS = ("id", "attended")
ANSWERS = {"yes": True, "no": False}
Ids = list[str]


def attendance_command(
    cohort: CohortId,
    absent: Annotated[Ids | None, typer.Option("--absent", metavar="PERSON", help="Was not there.")] = None,
    attended: Annotated[Ids | None, typer.Option("--attended", metavar="PERSON", help="Was there.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="CSV", help="A list with the columns id and attended (yes or no).")
    ] = None,
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Record who came on the last day, also later. The mentorship of an absent mentee does not start."""
    attendance = merge_attendance(absent or (), attended or (), _from_file(file) if file else {})

    async def run(context: ServiceContext) -> AttendanceResult:
        if dry_run:
            return await preview_note_attendance(context, cohort, attendance)
        return await note_attendance(context, staff_actor(), cohort, attendance, note=note)

    result = call_service(folder, run)
    print_result(result, _lines(result, noted=bool(attendance)), as_json=as_json)


def merge_attendance(
    absent: list[str] | tuple[str, ...], attended: list[str] | tuple[str, ...], listed: dict[str, bool]
) -> dict[str, bool]:
    """Return by id who attended; raises Refusal where somebody is named as attending and as absent."""
    entries = [(person, False) for person in absent] + [(person, True) for person in attended] + list(listed.items())
    contradictory = sorted(
        person for person, count in Counter(person for person, _ in set(entries)).items() if count > 1
    )
    if contradictory:
        raise Refusal(f"{', '.join(contradictory)} can't be both there and absent. Say one of the two.")
    return dict(entries)


def read_attendance(file_name: str, content: bytes) -> dict[str, bool]:
    """Return by id who attended; raises BadInput with every row that cannot be used."""
    table = read_table(file_name, content, lambda heading: heading.strip().casefold() in COLUMNS)
    header = [heading.strip().casefold() for heading in table.header]
    missing = [column for column in COLUMNS if header.count(column) != 1]
    if missing:
        raise BadInput([Problem(file_name, f"needs one column named {column}", 1, column) for column in missing])
    attendance: dict[str, bool] = {}
    problems = list(table.problems)
    for row in table.rows:
        person, answer = (plain(row.cells[header.index(column)]).strip() for column in COLUMNS)
        attended = ANSWERS.get(answer.casefold())
        if not person:
            problems.append(Problem(file_name, "is empty; write a person's id, such as P07", row.number, "id"))
        elif attended is None:
            problems.append(Problem(file_name, "must be yes or no", row.number, "attended", answer))
        elif attendance.setdefault(person, attended) is not attended:
            problems.append(
                Problem(file_name, "is there and absent in this list; keep one row", row.number, "id", person)
            )
    if problems:
        raise BadInput(problems)
    return attendance


def _from_file(file: Path) -> dict[str, bool]:
    try:
        return read_attendance(file.name, file.read_bytes())
    except OSError as error:
        raise Refusal(f"--file {file} cannot be read ({error.strerror}); name another file.") from error


def _lines(result: AttendanceResult, *, noted: bool) -> list[str]:
    unchanged = ["This was already noted. Nothing was changed."] if noted and not result.changed else []
    start = f"To start those who could not start at the kickoff: mile cohort start {result.cohort}"
    end = ["To end one: mile mentorship end"] if result.begun else []
    return [*unchanged, *result.describe(), *end, *([start] if result.changed else [])]
