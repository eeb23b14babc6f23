"""``mile match``: matches mentors and participants from two files, with a proof of optimality, without any server."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.applications.bad_rows import BadRows, check_bad_rows, write_bad_rows
from cli.applications.reading import Encoding, MapFile, YesToProposal, content_of, mapping_for, mapping_in
from cli.common.pairs import id_pairs
from cli.matching.match_report import as_html, print_result
from domain.applications.csv.applications import people_of, read_sides, rows_of
from domain.applications.csv.parsed_file import reading_notes
from domain.cohort.folder import check_cohort
from domain.cohort.settings_file import read_settings
from domain.matching.run import match
from schemas.cohort.settings import Eligibility, MatchingSettings, Objective
from schemas.enums import Side
from schemas.errors import BadInput, Refusal
from schemas.matching.results import MatchResult


def match_command(
    mentors: Annotated[Path, typer.Option(help="The mentors' applications, a CSV file.")],
    participants: Annotated[Path, typer.Option(help="The participants' intake, a CSV file.")],
    settings: Annotated[Path | None, typer.Option(help="The cohort's settings, a cohort.toml.")] = None,
    mapping: MapFile = None,
    encoding: Encoding = None,
    bad_rows: BadRows = None,
    yes: YesToProposal = False,
    objective: Annotated[
        Objective | None, typer.Option(help="What to aim at, instead of what the settings say.")
    ] = None,
    pin: Annotated[list[str] | None, typer.Option(help="A pair to keep, as MENTOR:MENTEE; repeatable.")] = None,
    forbid: Annotated[list[str] | None, typer.Option(help="A pair to rule out, likewise.")] = None,
    keep: Annotated[
        Path | None, typer.Option(help="An earlier result (--json): change as few pairs as can be.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a report with histogram and bands to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Match mentors and participants; needs no server."""
    files = {
        Side.MENTOR: (mentors.name, content_of(mentors)),
        Side.MENTEE: (participants.name, content_of(participants)),
    }
    check_bad_rows(bad_rows, files)
    known = mapping_for(files, mapping_in(mapping), encoding, yes=yes)
    try:
        sheets = read_sides(files, known)
    except BadInput:
        write_bad_rows(bad_rows, files, known)
        raise
    mentor_applications, mentee_applications = (people_of(sheets[side]) for side in Side)
    for note in (note for sheet in sheets.values() for note in reading_notes(sheet)):
        print(note, file=sys.stderr)
    check_cohort(
        mentor_applications,
        mentee_applications,
        mentors_file=mentors.name,
        participants_file=participants.name,
        rows=rows_of(sheets),
    )
    cohort = read_settings(settings.name, content_of(settings)) if settings else None
    matching = cohort.matching if cohort else MatchingSettings()
    earlier = _earlier(keep) if keep else None
    result = match(
        mentor_applications,
        mentee_applications,
        matching.model_copy(update={"objective": objective}) if objective else matching,
        eligibility=cohort.eligibility if cohort else Eligibility(),
        kickoff_on=cohort.kickoff_day if cohort else None,
        pins=id_pairs(pin, "--pin"),
        forbid=id_pairs(forbid, "--forbid"),
        earlier={pair.mentee: pair.mentor for pair in earlier.pairs} if earlier else None,
    )
    if html:
        _write(html, as_html(result, matching.bands))
    if as_json:
        print(result.model_dump_json(indent=2))
    else:
        print_result(result, matching.bands, earlier)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{path} cannot be written ({error.strerror}); choose another place.") from None


def _earlier(path: Path) -> MatchResult:
    try:
        return MatchResult.model_validate_json(content_of(path))
    except ValueError:
        raise Refusal(
            f"{path} is not a result of mile match --json; run it with --json and keep what it prints."
        ) from None
