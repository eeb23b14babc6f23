"""Where refused rows go, and what is looked at before anything is done."""

from pathlib import Path

import pytest

from cli.applications.refused_files import possible_files, refused_files
from schemas.enums import Side

BAD = Path("out/bad rows.csv")
MENTORS, PARTICIPANTS = Path("out/bad rows-mentors.csv"), Path("out/bad rows-participants.csv")


@pytest.mark.parametrize(
    ("sides", "each", "possible"),
    [
        ([], {}, (BAD,)),
        ([Side.MENTEE], {Side.MENTEE: BAD}, (BAD,)),
        (
            [Side.MENTEE, Side.MENTOR],
            {Side.MENTOR: MENTORS, Side.MENTEE: PARTICIPANTS},
            (BAD, MENTORS, PARTICIPANTS),
        ),
    ],
)
def test_rows_of_both_sides_need_two_files_and_those_of_one_side_the_named_one(
    sides: list[Side], each: dict[Side, Path], possible: tuple[Path, ...]
) -> None:
    assert refused_files(BAD, sides) == each
    assert list(refused_files(BAD, sides)) == list(each)
    assert possible_files(BAD, sides) == possible
