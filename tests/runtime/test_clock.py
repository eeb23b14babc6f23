from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from runtime.clock import RehearsalClock, WallClock, clock

MOMENT = datetime(2019, 8, 10, 14, tzinfo=UTC)


def test_a_rehearsed_mentorship_has_its_own_time_and_others_the_wall_s() -> None:
    rehearsal = RehearsalClock()
    rehearsal.set("mile-2019-001", MOMENT)
    before = datetime.now(UTC)
    assert rehearsal.now("mile-2019-001") == MOMENT
    assert before <= rehearsal.now("mile-2019-002") <= datetime.now(UTC)


def test_times_are_told_in_utc() -> None:
    rehearsal = RehearsalClock()
    rehearsal.set("mile-2019-001", MOMENT.astimezone(timezone(timedelta(hours=-5))))
    assert rehearsal.now("mile-2019-001").utcoffset() == timedelta(0)
    assert WallClock().now("mile-2019-001").utcoffset() == timedelta(0)


def test_rehearsed_moments_are_kept_for_pages_served_later(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    assert isinstance(clock(file), WallClock)
    assert isinstance(clock(None), WallClock)
    rehearsal = RehearsalClock()
    rehearsal.set("mile-2019-001", MOMENT)
    rehearsal.write(file)
    assert clock(file).now("mile-2019-001") == MOMENT
