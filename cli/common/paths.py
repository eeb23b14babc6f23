"""Paths that a command reads and writes: checked before long work begins, so that it does not fail at its end."""

import os
from pathlib import Path

from cli.applications.reading import mapping_for, mapping_in
from domain.cohort.folder import folder_mapping, people_lists
from rehearsal.folder import folder_files, read_folder
from schemas.applications.mapping import ColumnMapping
from schemas.cohort.folder import CohortFolder
from schemas.enums import TextEncoding
from schemas.errors import Problem, Refusal

# Only ``mile up`` has it: a rehearsal's Temporal server keeps its workflows in memory.
WORKFLOW_DATABASE = "temporal.db"


def cohort_in(
    directory: Path, map_file: Path | None = None, encoding: TextEncoding | None = None, *, yes: bool = False
) -> CohortFolder:
    """Read a cohort's folder; lists of another form by its mapping.toml or ``map_file``, or as somebody says yes to.

    Raises:
        BadInput: with everything that is wrong in it.
        Refusal: there is no such folder, a file in it may not be read, or nobody says yes.
    """
    try:
        return read_folder(directory, folder_reading(directory, map_file, encoding, yes=yes))
    except OSError as error:
        name = error.filename or directory
        raise Refusal(f"{name} cannot be read ({error.strerror}); check who may open it and try again.") from error


def folder_reading(
    directory: Path, map_file: Path | None, encoding: TextEncoding | None, *, yes: bool
) -> ColumnMapping | None:
    """Return how a folder's lists are read, or None where something is wrong that the reading itself says.

    Raises Refusal where nobody says yes to what is proposed.
    """
    problems: list[Problem] = []
    files = folder_files(directory)
    lists = people_lists(problems, files, needed=False)
    known = mapping_in(map_file) if map_file else folder_mapping(problems, files)
    return None if problems else mapping_for(lists, known, encoding, yes=yes)


def cohort_to_rehearse(directory: Path) -> CohortFolder:
    """Read a cohort's folder that can be rehearsed: there are people on both sides.

    Raises:
        BadInput, Refusal: as cohort_in does, or nobody is on one of the two lists.
    """
    cohort = cohort_in(directory)
    if not (cohort.mentors and cohort.mentees):
        raise Refusal(f"{directory} has nobody to play: add the mentors.csv and participants.csv of a class to it.")
    return cohort


def check_file(path: Path, option: str) -> None:
    """Refuse a file that could not be written; a folder that is missing on the way to it can be made."""
    if path.is_dir():
        raise Refusal(f"{option} {path} is a folder; name a file in it.")
    if path.exists() and not os.access(path, os.W_OK):
        raise Refusal(f"{option} {path} may not be written; name another file.")
    check_folder(path.parent, option)


def check_folder(path: Path, option: str) -> None:
    """Refuse a folder that could neither be made nor written to."""
    nearest = next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.exists())
    if not nearest.is_dir():
        raise Refusal(f"{option}: {nearest} is a file, not a folder; name another place.")
    if not os.access(nearest, os.W_OK):
        raise Refusal(f"{option}: nothing may be written to {nearest}; name another place.")


def check_rehearsal_folder(folder: Path) -> None:
    """Refuse a folder that a rehearsal cannot use, above all one of ``mile up``, whose cohorts it would delete."""
    check_folder(folder, "--folder")
    if (folder / WORKFLOW_DATABASE).exists():
        raise Refusal(
            f"--folder {folder} holds cohorts that mile up keeps, and a rehearsal empties its folder; name another one."
        )
