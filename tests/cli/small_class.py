"""A class of a few people in a folder, with settings of its own, as staff give it to a command."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from tests.clocks import NOON_ZONE

EXAMPLE = Path(__file__).parents[2] / "examples" / "mile-2019"
FILES = {"M": "mentors.csv", "P": "participants.csv"}

TOML = """
id = "{cohort}"
title = "{title}"
time_zone = "{zone}"

[institute]
venue = "{venue}"
town = "Ely"
last_day = {kickoff}

[contact]
role = "{role}"
email = "{email}"
"""


def small_class(
    folder: Path,
    cohort: str,
    kickoff: date,
    *,
    people: int = 3,
    renamed: Mapping[str, str] | None = None,
    more: str = "",
    **different: str,
) -> Path:
    """Write a folder with the example's first mentors and participants; ``renamed`` gives other names by id."""
    values = {
        "title": "A Class",
        "zone": NOON_ZONE.key,
        "venue": "Camp",
        "role": "Mentorship Subcommittee Chair",
        "email": "mentorship.chair@example.org",
    }
    folder.mkdir(parents=True)
    (folder / "cohort.toml").write_text(TOML.format(cohort=cohort, kickoff=kickoff, **(values | different)) + more)
    for name in FILES.values():
        _write_people(folder / name, EXAMPLE / name, people, renamed or {})
    return folder


def _write_people(file: Path, example: Path, people: int, renamed: Mapping[str, str]) -> None:
    with example.open(newline="", encoding="utf-8") as source, file.open("w", newline="", encoding="utf-8") as target:
        rows = csv.DictReader(source)
        table = csv.DictWriter(target, rows.fieldnames or ())
        table.writeheader()
        for row in list(rows)[:people]:
            # Nobody may prefer or refuse somebody who is not in this class.
            emptied = dict.fromkeys(("ranks", "vetoes", "conflicts", "reports_to"), "")
            table.writerow(row | emptied | {"name": renamed.get(row["id"], row["name"])})
