"""A cohort's folder on disk, read as it is."""

from pathlib import Path

from domain.cohort.folder import read_cohort
from schemas.applications.mapping import ColumnMapping
from schemas.cohort.folder import CohortFolder
from schemas.errors import Refusal


def read_folder(folder: Path, mapping: ColumnMapping | None = None) -> CohortFolder:
    """Read a cohort's folder; its lists by a mapping instead of its own, where one is given.

    Raises BadInput with everything wrong in it, Refusal where there is no such folder.
    """
    return read_cohort(folder_files(folder), mapping)


def folder_files(folder: Path) -> dict[str, bytes]:
    """Return the contents of a folder's files by name; raises Refusal where there is no such folder."""
    if not folder.is_dir():
        raise Refusal(f"{folder} is not a folder. Name one with cohort.toml, mentors.csv and participants.csv.")
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file()}
