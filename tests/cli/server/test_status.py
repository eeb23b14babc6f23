"""``mile status`` on a stack that runs."""

import json
import re

from tests.cli.conftest import Mile


async def test_one_screen_says_what_runs_what_waits_and_who_is_at_work(mile: Mile) -> None:
    shown = json.loads((await mile("status", "--json")).stdout)
    # One that another test stopped is listed for a minute or two.
    assert shown["engine"]["workers"] in {1, 2}
    assert shown["engine"]["stuck"] == {"workflows": 0, "ids": []}
    assert [(one["id"], one["exists"]) for one in shown["engine"]["schedules"]] == [("sweeper", True)]
    screen = (await mile("status")).stdout
    assert len(screen.splitlines()) <= 15
    assert re.search(r"^Workers            [12] polling", screen, re.MULTILINE)
    assert "Email sender       at work" in screen
