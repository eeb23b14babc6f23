"""``mile match``: matches mentors and participants from two files, with a proof of optimality, without any server."""

from pathlib import Path
from typing import Annotated

import typer

from cli.common.pairs import id_pairs
from cli.matching.match_report import as_html, print_result
from domain.applications.csv.applications import read_mentees, read_mentors
from domain.applications.csv.mapping import read_mapping
from domain.cohort.folder import check_cohort
from domain.cohort.settings_file import read_settings
from domain.matching.run import match
from schemas.cohort.settings import Eligibility, MatchingSettings, Objective
from schemas.errors import Refusal
from schemas.matching.results import ColumnMapping, MatchResult


def match_command(
    mentors: Annotated[Path, typer.Option(help="The mentors' applications, a CSV file.")],
    participants: Annotated[Path, typer.Option(help="The participants' intake, a CSV file.")],
    settings: Annotated[Path | None, typer.Option(help="The cohort's settings, a cohort.toml.")] = None,
    mapping: Annotated[Path | None, typer.Option("--map", help="How to read a foreign export, a mapping.toml.")] = None,
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
    column_mapping = read_mapping(mapping.name, _content(mapping)) if mapping else ColumnMapping()
    mentor_applications = read_mentors(
        mentors.name,
        _content(mentors),
        columns=column_mapping.mentors.columns or None,
        values=column_mapping.mentors.values,
    )
    mentee_applications = read_mentees(
        participants.name,
        _content(participants),
        columns=column_mapping.participants.columns or None,
        values=column_mapping.participants.values,
    )
    check_cohort(
        mentor_applications, mentee_applications, mentors_file=mentors.name, participants_file=participants.name
    )
    cohort = read_settings(settings.name, _content(settings)) if settings else None
    matching = cohort.matching if cohort else MatchingSettings()
    earlier = _earlier(keep) if keep else None
    result = match(
        mentor_applications,
        mentee_applications,
        matching.model_copy(update={"objective": objective}) if objective else matching,
        eligibility=cohort.eligibility if cohort else Eligibility(),
        kickoff_on=cohort.kickoff if cohort else None,
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


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}); check the name and try again.") from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{path} cannot be written ({error.strerror}); choose another place.") from None


def _earlier(path: Path) -> MatchResult:
    try:
        return MatchResult.model_validate_json(_content(path))
    except ValueError:
        raise Refusal(
            f"{path} is not a result of mile match --json; run it with --json and keep what it prints."
        ) from None
