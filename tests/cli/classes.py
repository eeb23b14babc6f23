"""Cohorts' folders with the example's people, and settings of a few lines that a test can read at a glance."""

import shutil
from datetime import date
from pathlib import Path

from tests.clocks import NOON_ZONE

EXAMPLE = Path(__file__).parents[2] / "examples" / "mile-2019"


def write_class(folder: Path, kickoff: date, *tables: str) -> Path:
    """Make the folder of a class that is called like it; ``tables`` are what its cohort.toml has besides."""
    folder.mkdir()
    for name in ("mentors.csv", "participants.csv"):
        shutil.copy(EXAMPLE / name, folder)
    settings = [
        f'id = "{folder.name}"\ntitle = "A small class"\ntime_zone = "{NOON_ZONE.key}"',
        f'[institute]\nvenue = "Birch Lodge"\ntown = "Ely"\nlast_day = {kickoff}',
        '[contact]\nrole = "Mentorship Subcommittee Chair"\nemail = "chair@example.org"',
        *tables,
    ]
    (folder / "cohort.toml").write_text("\n\n".join(settings))
    return folder


def window(opens_on: date, closes_on: date) -> str:
    """Return the table that lets people apply."""
    return f"[applications]\nopens_on = {opens_on}\ncloses_on = {closes_on}"
