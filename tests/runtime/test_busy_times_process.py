"""A stranger's calendar is read in a process of its own, and what asks for too much is given up."""

from datetime import UTC, datetime, timedelta

import pytest

from runtime import busy_times_process
from runtime.busy_times_process import busy_times_of
from schemas.errors import CalendarRefused
from tests.unit.availability.calendars import calendar

FIRST, LAST = datetime(2027, 3, 7, tzinfo=UTC), datetime(2027, 3, 21, tzinfo=UTC)


async def test_a_calendar_is_read() -> None:
    [time] = await busy_times_of(calendar("DTSTART:20270317T160000\nDURATION:PT30M"), FIRST, LAST, "America/Chicago")
    assert (time.starts_at, time.ends_at - time.starts_at) == (
        datetime(2027, 3, 17, 21, tzinfo=UTC),
        timedelta(minutes=30),
    )


@pytest.mark.parametrize("content", [b"", b"<!doctype html>", b"BEGIN:VCALENDAR\r\nEND", b"BEGIN:VCALENDAR" * 1000])
async def test_what_is_no_calendar_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(CalendarRefused, match=r"not a calendar file|could not be read"):
        await busy_times_of(content, FIRST, LAST, "America/Chicago")


async def test_more_repetitions_than_a_machine_can_count_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(busy_times_process, "WITHIN", timedelta(seconds=4))
    endless = calendar("DTSTART:19000101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY")
    with pytest.raises(CalendarRefused, match="takes too long to read"):
        await busy_times_of(endless, FIRST, LAST, "America/Chicago")
