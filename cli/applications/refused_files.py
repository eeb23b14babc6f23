"""The files to which rows go that cannot be used: one, or one for each side where both have such rows."""

from collections.abc import Collection
from pathlib import Path

from schemas.enums import Side

LISTS = {Side.MENTOR: "mentors", Side.MENTEE: "participants"}


def refused_files(file: Path, sides: Collection[Side]) -> dict[Side, Path]:
    """Return where each side's refused rows go: the columns of the two sides differ, so that both need a file."""
    if len(sides) < 2:
        return dict.fromkeys(sides, file)
    return {side: file.with_stem(f"{file.stem}-{LISTS[side]}") for side in Side if side in sides}


def possible_files(file: Path, sides: Collection[Side]) -> tuple[Path, ...]:
    """Return every file that may be written where rows of some of these sides are refused."""
    return tuple(dict.fromkeys((file, *refused_files(file, sides).values())))
