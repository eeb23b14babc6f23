"""``mile cohort attendance``: who was there on the last day (A3, A5)."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from cli.cohort.options import NOTHING_WAS_DONE, CohortId, DryRun, Note, with_cohort
from cli.common.servers import HERE, AsJson, Folder, print_json, staff_actor
from domain.applications.csv.tables import read_table
from runtime.clock import clock
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.errors import BadInput, Problem, Refusal
from services.context import ServiceContext
from storage import kickoff

COLUMNS = ("id", "attended")
ANSWERS = {"yes": True, "no": False}
Ids = list[str]

attendance_app = typer.Typer()


class AttendanceShown(FrozenModel):
    """Who was noted as there and as absent; ``changed`` are those noted now, ``begun`` absentees already started."""

    cohort: str
    done: bool
    changed: tuple[str, ...]
    attended: tuple[str, ...]
    absent: tuple[str, ...]
    not_noted: int
    begun: tuple[str, ...]


@attendance_app.command("attendance")
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
    folder: Folder = HERE,
) -> None:
    """Note who was there on the last day, also afterwards; a participant noted absent is not started."""
    noted = together(absent or (), attended or (), _from_file(file) if file else {})

    async def deed(at: ServiceContext, _: CohortSettings) -> AttendanceShown:
        before = {guest.person.id: guest.attended for guest in await kickoff.guests(at.pool, cohort)}
        kickoff.check_known(cohort, noted, before)
        changed = [one for one, there in sorted(noted.items()) if before[one] is not there]
        if not dry_run and changed:
            now = clock(at.settings.clock_file).now(cohort)
            changed = await kickoff.record_attendance(at.pool, cohort, noted, now)
            there = {one: noted[one] for one in changed}
            await at.audit(
                staff_actor(),
                "attendance_noted",
                cohort,
                attended=[*_of(there, True)],
                absent=[*_of(there, False)],
                note=note,
            )
        pairs = await kickoff.published_pairs(at.pool, cohort)
        after = before | noted
        return AttendanceShown(
            cohort=cohort,
            done=not dry_run,
            changed=tuple(changed),
            attended=tuple(_of(after, True)),
            absent=tuple(_of(after, False)),
            not_noted=sum(there is None for there in after.values()),
            begun=tuple(pair.mentee_id for pair in pairs if pair.kept and after[pair.mentee_id] is False),
        )

    shown = with_cohort(cohort, folder, deed)
    if as_json:
        print_json(shown)
    else:
        print("\n".join(_attendance_lines(shown, asked=bool(noted))))


def together(
    absent: list[str] | tuple[str, ...], attended: list[str] | tuple[str, ...], listed: dict[str, bool]
) -> dict[str, bool]:
    """Return who was there by id; raises Refusal where somebody is said to have been there and not."""
    said = [(one, False) for one in absent] + [(one, True) for one in attended] + list(listed.items())
    torn = sorted(one for one, times in Counter(one for one, _ in set(said)).items() if times > 1)
    if torn:
        raise Refusal(f"{', '.join(torn)} cannot have been there and absent; say one of the two.")
    return dict(said)


def read_attendance(file_name: str, content: bytes) -> dict[str, bool]:
    """Return who was there by id; raises BadInput with every row that cannot be used."""
    table = read_table(file_name, content, lambda heading: heading.strip().casefold() in COLUMNS)
    header = [heading.strip().casefold() for heading in table.header]
    missing = [column for column in COLUMNS if header.count(column) != 1]
    if missing:
        raise BadInput([Problem(file_name, f"needs one column named {column}", 1, column) for column in missing])
    found: dict[str, bool] = {}
    problems = list(table.problems)
    for row in table.rows:
        person, said = (row.cells[header.index(column)].strip() for column in COLUMNS)
        there = ANSWERS.get(said.casefold())
        if not person:
            problems.append(Problem(file_name, "is empty; write somebody's id, such as P07", row.number, "id"))
        elif there is None:
            problems.append(Problem(file_name, "must be yes or no", row.number, "attended", said))
        elif found.setdefault(person, there) is not there:
            problems.append(
                Problem(file_name, "is there and absent in this list; keep one row", row.number, "id", person)
            )
    if problems:
        raise BadInput(problems)
    return found


def _from_file(file: Path) -> dict[str, bool]:
    try:
        return read_attendance(file.name, file.read_bytes())
    except OSError as error:
        raise Refusal(f"--file {file} cannot be read ({error.strerror}); name another file.") from error


def _of(noted: dict[str, bool] | dict[str, bool | None], there: bool) -> list[str]:
    return sorted(one for one, was_there in noted.items() if was_there is there)


def _attendance_lines(shown: AttendanceShown, *, asked: bool) -> list[str]:
    lines = []
    if asked and shown.changed:
        lines.append(f"{'Noted' if shown.done else 'Would be noted'}: {', '.join(shown.changed)}.")
    elif asked:
        lines.append("It was noted so already; nothing was changed.")
    lines.append(
        f"There: {len(shown.attended)}. Absent: {', '.join(shown.absent) or 'nobody'}. Not noted: {shown.not_noted}."
    )
    if shown.begun:
        lines.append(f"The mentorships of {', '.join(shown.begun)} have begun all the same: mile mentorship end …")
    if asked and shown.changed:
        start = f"Who may start and has not after the kickoff: mile cohort start {shown.cohort}"
        lines.append(start if shown.done else NOTHING_WAS_DONE)
    return lines
