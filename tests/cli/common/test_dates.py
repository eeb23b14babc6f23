"""Days and rhythms as staff type them."""

from datetime import date

import pytest

from cli.common.dates import RHYTHMS, day, rhythm
from schemas.errors import Refusal
from schemas.mentorship.terms import Rhythm


@pytest.mark.parametrize(
    "written", [" 2020-02-29 ", "2/29/2020", "February 29, 2020", "Saturday, February 29, 2020", "29 Feb 2020"]
)
def test_a_day_is_read_as_it_is_written(written: str) -> None:
    assert day(written, "--until") == date(2020, 2, 29)


@pytest.mark.parametrize("written", ["", "tomorrow", "Sunday, February 29, 2020", "2019-02-29", "2019-13-01"])
def test_what_is_no_day_is_refused_with_its_option_and_how_to_write_one(written: str) -> None:
    with pytest.raises(Refusal, match=r"^--until .*is no day; write one as YEAR-MONTH-DAY, such as 2019-05-10\.$"):
        day(written, "--until")


def test_every_rhythm_has_a_word() -> None:
    read = [rhythm(word, "--meetings") for word in RHYTHMS]
    assert read == [Rhythm(every_months=months) for months in (1, 2, 3, 6)]
    assert rhythm("Monthly", "--meetings") == Rhythm(every_months=1)


def test_own_days_are_put_in_order_and_each_counts_once() -> None:
    written = "2019-10-01, 2019-07-01,2019-10-01"
    assert rhythm(written, "--meetings") == Rhythm(on=(date(2019, 7, 1), date(2019, 10, 1)))


def test_a_rhythm_that_was_not_given_stays_as_it_is() -> None:
    assert rhythm(None, "--goals") is None


@pytest.mark.parametrize(("written", "said"), [("weekly", "is no rhythm; write monthly"), ("2019-7", "is no day")])
def test_what_is_no_rhythm_is_refused_with_what_could_be_written(written: str, said: str) -> None:
    with pytest.raises(Refusal, match=rf"^--goals {written} {said}"):
        rhythm(written, "--goals")
