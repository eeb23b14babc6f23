"""A cohort's folder on disk, read as it is."""

from pathlib import Path

from domain.cohort.folder import read_cohort
from schemas.cohort.folder import CohortFolder
from schemas.errors import Refusal


def read_folder(folder: Path) -> CohortFolder:
    """Read a cohort's folder; raises BadInput with everything wrong in it, Refusal where there is no such folder."""
    if not folder.is_dir():
        raise Refusal(f"{folder} is not a folder. Name one with cohort.toml, mentors.csv and participants.csv.")
    return read_cohort({file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file()})
