import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from subprocess import CompletedProcess

import asyncpg
import pytest
import pytest_asyncio

from runtime.local_stack.stack import LocalStack
from schemas.ids import mentorship_workflow_id
from tests.clocks import NOON_ZONE, TODAY
from tests.waiting import until

Mile = Callable[..., Awaitable[CompletedProcess[str]]]
RunningClass = Callable[[str, date], Awaitable[None]]

YESTERDAY = TODAY - timedelta(days=1)


@pytest_asyncio.fixture
async def begun(running_class: RunningClass) -> str:
    """A mentorship of a cohort whose kickoff was yesterday."""
    await running_class("since-yesterday", YESTERDAY)
    return "since-yesterday-003"


async def _command_json(mile: Mile, step: str, mentorship: str) -> dict[str, object]:
    ran = await mile("mentorship", step, mentorship, "--json")
    assert ran.returncode == 0, ran.stderr
    shown: dict[str, object] = json.loads(ran.stdout)
    return shown


async def test_a_cohort_lists_its_mentorships_with_where_they_stand(mile: Mile, begun: str) -> None:
    shown = json.loads((await mile("cohort", "show", "since-yesterday", "--json")).stdout)
    assert len(shown["mentorships"]) == 13
    (one,) = (row for row in shown["mentorships"] if row["id"] == begun)
    assert (one["phase"], one["quarter"], one["outcome"], one["concerns"]) == ("preparing", 1, None, [])
    assert begun in (await mile("cohort", "show", "since-yesterday")).stdout


async def test_show_says_where_a_mentorship_stands_and_when_it_goes_on(mile: Mile, begun: str) -> None:
    progress = await _command_json(mile, "show", begun)
    assert (progress["phase"], progress["quarter"], progress["clock_offset"]) == ("preparing", 1, "PT0S")
    assert datetime.fromisoformat(str(progress["next_due_at"])) > datetime.now(UTC)
    shown = (await mile("mentorship", "show", begun)).stdout
    assert re.search(rf"^From +{YESTERDAY} to {progress['ends_on']} *$", shown, re.MULTILINE)
    assert re.search(r"^Outcome +running *$", shown, re.MULTILINE)
    assert re.search(r"^Concerns +none *$", shown, re.MULTILINE)


async def test_reminders_are_paused_for_a_side_and_sent_again(mile: Mile, begun: str) -> None:
    to_mentee = ("reminders", begun, "--side", "mentee")
    assert "no more reminders" in (await mile("mentorship", *to_mentee, "--pause", "--dry-run")).stdout
    paused = await mile("mentorship", *to_mentee, "--pause", "--json")
    assert json.loads(paused.stdout) == {
        "mentorship": begun,
        "done": True,
        "side": "mentee",
        "paused": True,
    }
    assert (await mile("mentorship", *to_mentee, "--pause")).stdout.rstrip().endswith("paused already.")
    assert (await mile("mentorship", *to_mentee, "--resume")).stdout.rstrip().endswith("are sent.")


async def test_timeline_forecasts_every_email_at_nine_in_the_morning_local_time(mile: Mile, begun: str) -> None:
    timeline = json.loads((await mile("mentorship", "timeline", begun, "--json")).stdout)
    moments = [datetime.fromisoformat(email["at"]).astimezone(NOON_ZONE) for email in timeline["emails"]]
    assert moments == sorted(moments)
    assert {(at.hour, at.minute) for at in moments} == {(9, 0)}
    kinds = {(email["kind"], email["to"]) for email in timeline["emails"]}
    assert {("check_in", "mentor"), ("check_in", "mentee"), ("closure_survey", "mentee")} <= kinds
    shown = (await mile("mentorship", "timeline", begun)).stdout
    assert f"{begun}: {len(moments)} emails if nobody replies" in shown
    assert f"{moments[-1]:%Y-%m-%d} 09:00" in shown
    assert all(email["if_nobody_replies"] in shown for email in timeline["emails"])


async def test_upgrade_begins_a_fresh_run_and_is_remembered(mile: Mile, begun: str, stack: LocalStack) -> None:
    before = await _command_json(mile, "cost", begun)
    assert (await mile("mentorship", "upgrade", begun)).returncode == 0

    async def continued() -> dict[str, object] | None:
        cost = await _command_json(mile, "cost", begun)
        return cost if cost["runs"] != before["runs"] else None

    after = await until(continued)
    assert after["runs"] == int(str(before["runs"])) + 1
    assert int(str(after["events"])) > int(str(before["events"]))
    assert int(str(after["actions"])) > int(str(before["actions"])) > 0
    assert f"{after['runs']} runs" in (await mile("mentorship", "cost", begun)).stdout
    assert await _upgrades(stack, begun) == 1


async def _upgrades(stack: LocalStack, mentorship: str) -> int:
    connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
    try:
        sql = "select count(*) from audit_event where mentorship_id = $1 and action = 'upgrade_requested'"
        return int(await connection.fetchval(sql, mentorship))
    finally:
        await connection.close()


@pytest.mark.usefixtures("begun")
async def test_a_mentorship_that_is_over_cannot_be_upgraded_and_can_still_be_counted(
    mile: Mile, stack: LocalStack
) -> None:
    await stack.client.get_workflow_handle(mentorship_workflow_id("since-yesterday-011")).terminate()
    ran = await mile("mentorship", "upgrade", "since-yesterday-011")
    assert (ran.returncode, ran.stderr) == (2, "since-yesterday-011 is over, and its workflow has ended.\n")
    assert (await mile("mentorship", "cost", "since-yesterday-011")).returncode == 0
    assert await _upgrades(stack, "since-yesterday-011") == 0


async def test_every_command_refuses_a_mentorship_that_does_not_exist(mile: Mile) -> None:
    for step in ("show", "timeline", "upgrade", "cost"):
        ran = await mile("mentorship", step, "begun-999")
        assert (ran.returncode, ran.stderr) == (2, "There is no mentorship begun-999.\n")
