"""The cast of the intake tests: one mentor's row, one participant's row, one cohort's settings, all of them sound."""

from collections.abc import Callable

import pytest

from schemas.errors import BadInput, Problem

MENTOR = {
    "id": "M01",
    "name": "Ada Berg",
    "email": "ada.berg@example.org",
    "library": "Loon Lake Library",
    "library_type": "public",
    "town": "Ely",
    "role": "Library director",
    "years": "12",
}
PARTICIPANT = MENTOR | {"id": "P01", "name": "Bo Falk", "email": "bo.falk@example.org", "town": "Cook", "years": "3"}
SETTINGS = """
id = "mile-2021"
title = "2021 Mentorship Program"

[institute]
venue = "Birch Lodge"
town = "Ely"
first_day = 2021-05-04
last_day = 2021-05-07

[contact]
role = "Mentorship Subcommittee"
email = "subcommittee@example.org"
"""


def _csv(row: dict[str, str], *changes: dict[str, str]) -> bytes:
    rows = [row | change for change in changes or ({},)]
    columns = list(rows[0])
    quoted = [['"' + row[column].replace('"', '""') + '"' for column in columns] for row in rows]
    return "\n".join(",".join(cells) for cells in [columns, *quoted]).encode()


@pytest.fixture
def mentors() -> Callable[..., bytes]:
    """Give a function that writes mentors.csv: one row for each set of changes to the sound one."""
    return lambda *changes: _csv(MENTOR, *changes)


@pytest.fixture
def mentees() -> Callable[..., bytes]:
    """Give a function that writes participants.csv: one row for each set of changes to the sound one."""
    return lambda *changes: _csv(PARTICIPANT, *changes)


@pytest.fixture
def settings() -> Callable[..., bytes]:
    """Give a function that writes cohort.toml with one piece of text exchanged for another."""

    def write(old: str = "", new: str = "") -> bytes:
        assert old in SETTINGS
        return SETTINGS.replace(old, new, 1).encode() if old else (new + SETTINGS).encode()

    return write


@pytest.fixture
def refused() -> Callable[..., list[Problem]]:
    """Give a function that calls a reader and returns the problems it refuses with."""

    def call(read: Callable[..., object], *args: object, **options: object) -> list[Problem]:
        with pytest.raises(BadInput) as refusal:
            read(*args, **options)
        return refusal.value.problems

    return call
