"""``mile status`` on a stack that runs."""

import json

from tests.cli.conftest import Mile


async def test_one_screen_says_what_runs_what_waits_and_who_is_at_work(mile: Mile) -> None:
    shown = json.loads((await mile("status", "--json")).stdout)
    assert shown["engine"]["workers"] == 1
    assert shown["engine"]["stuck"] == {"workflows": 0, "ids": []}
    assert [(one["id"], one["exists"]) for one in shown["engine"]["schedules"]] == [("sweeper", True)]
    screen = (await mile("status")).stdout
    assert len(screen.splitlines()) <= 15
    assert "Workers            1 polling" in screen
    assert "Email sender       at work" in screen
