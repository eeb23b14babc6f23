"""What staff change about a running mentorship: first previewed, then done, and recorded."""

import json
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from subprocess import CompletedProcess
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

import services.workflow_calls
from domain.calendar import months_after
from runtime.local_stack.stack import LocalStack
from tests.clocks import TODAY

Mile = Callable[..., Awaitable[CompletedProcess[str]]]
RunningClass = Callable[[str, date], Awaitable[None]]
JsonObject = dict[str, Any]

KICKOFF = TODAY - timedelta(days=12)
ENDS_ON = months_after(KICKOFF, 18)
LATER, MUCH_LATER = TODAY + timedelta(days=40), TODAY + timedelta(days=100)


@pytest_asyncio.fixture
async def changing(running_class: RunningClass) -> str:
    """A cohort twelve days after its kickoff; each test changes a mentorship of its own."""
    await running_class("changing", KICKOFF)
    return "changing"


async def command_json(mile: Mile, *command: str) -> JsonObject:
    ran = await mile("mentorship", *command, "--json")
    assert ran.returncode == 0, ran.stderr
    shown: JsonObject = json.loads(ran.stdout)
    return shown


async def emails(mile: Mile, mentorship: str) -> list[JsonObject]:
    shown: list[JsonObject] = (await command_json(mile, "timeline", mentorship))["emails"]
    return shown


def automatic(effect: JsonObject) -> list[JsonObject]:
    """Leave out what tells the two of the change itself: that goes out at once and is in no timeline."""
    return [email for email in effect["added"] if email["kind"] not in {"terms_changed", "farewell"}]


async def audited(stack: LocalStack, mentorship: str) -> list[tuple[str, JsonObject]]:
    connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
    try:
        sql = "select action, details from audit_event where mentorship_id = $1 order by id"
        return [(row["action"], json.loads(row["details"])) for row in await connection.fetch(sql, mentorship)]
    finally:
        await connection.close()


async def test_a_dry_run_previews_a_pause_and_changes_nothing(mile: Mile, changing: str, stack: LocalStack) -> None:
    pause = ("pause", f"{changing}-001", "--from", str(LATER), "--until", str(MUCH_LATER), "--dry-run")
    before = await emails(mile, f"{changing}-001")
    previewed = await command_json(mile, *pause)
    assert (previewed["done"], previewed["change"]["kind"]) == (False, "pause")
    assert previewed["effect"]["ends_on_before"] == str(ENDS_ON)
    assert previewed["effect"]["ends_on"] == str(ENDS_ON + timedelta(days=60))
    assert previewed["effect"]["moved"]
    shown = (await mile("mentorship", *pause)).stdout
    assert f"{changing}-001 would end on {ENDS_ON + timedelta(days=60)}, instead of {ENDS_ON}.\n" in shown
    assert f"{len(previewed['effect']['moved'])} moved" in shown
    assert shown.endswith("To undo it: resume it.\nNothing was changed. Leave out --dry-run to do it.\n")
    assert await emails(mile, f"{changing}-001") == before
    assert await audited(stack, f"{changing}-001") == []


async def test_a_pause_does_what_its_dry_run_said_and_resuming_takes_it_back(
    mile: Mile, changing: str, stack: LocalStack
) -> None:
    before = await emails(mile, f"{changing}-002")
    days = ("--from", str(LATER), "--until", str(MUCH_LATER))
    previewed = await command_json(mile, "pause", f"{changing}-002", *days, "--dry-run")
    done = await command_json(mile, "pause", f"{changing}-002", *days, "--note", "sabbatical")
    assert (done["done"], done["effect"]["moved"]) == (True, previewed["effect"]["moved"])
    after = await emails(mile, f"{changing}-002")
    assert all(moved["email"] in after and moved["email"] not in before for moved in done["effect"]["moved"])
    assert not any(LATER <= datetime.fromisoformat(email["at"]).date() < MUCH_LATER for email in after)
    assert (await command_json(mile, "show", f"{changing}-002"))["ends_on"] == str(ENDS_ON + timedelta(days=60))

    assert (await mile("mentorship", "resume", f"{changing}-002")).returncode == 0
    assert await emails(mile, f"{changing}-002") == before
    (paused, how), (resumed, _) = await audited(stack, f"{changing}-002")
    assert (paused, resumed) == ("paused", "resumed")
    assert how == {"from_on": str(LATER), "until_on": str(MUCH_LATER), "note": "sabbatical"}


async def test_a_pause_without_a_first_day_begins_tomorrow(mile: Mile, changing: str) -> None:
    previewed = await command_json(mile, "pause", f"{changing}-001", "--until", str(LATER), "--dry-run")
    assert previewed["change"]["from_on"] == str(TODAY + timedelta(days=1))


async def test_an_extension_puts_off_the_end_and_asks_about_the_months_it_gains(mile: Mile, changing: str) -> None:
    done = await command_json(mile, "extend", f"{changing}-003", "--months", "3")
    assert done["effect"]["ends_on"] == str(months_after(KICKOFF, 21))
    assert {"check_in"} <= {email["kind"] for email in done["effect"]["added"]}
    after = await emails(mile, f"{changing}-003")
    assert all(email in after for email in automatic(done["effect"]))


async def test_a_pair_is_reminded_of_the_meetings_of_its_new_rhythm(mile: Mile, changing: str) -> None:
    before = {ask["milestone"] for email in await emails(mile, f"{changing}-004") for ask in email["asks"]}
    assert sum(milestone.startswith("meeting-") for milestone in before) == 6
    done = await command_json(mile, "cadence", f"{changing}-004", "--meetings", f"{MUCH_LATER},{LATER}")
    assert done["change"]["meetings"]["on"] == [str(LATER), str(MUCH_LATER)]
    assert done["effect"]["ends_on"] == done["effect"]["ends_on_before"]
    meetings = [
        email for email in await emails(mile, f"{changing}-004") if email["asks"][0]["milestone"][:7] == "meeting"
    ]
    assert {email["asks"][0]["milestone"] for email in meetings} == {"meeting-1", "meeting-2"}
    shown = await mile("mentorship", "cadence", f"{changing}-004", "--goals", "twice-a-year", "--dry-run")
    assert f"would end on {ENDS_ON}, as before." in shown.stdout


async def test_what_was_ended_is_listed_with_its_outcome_and_cannot_be_changed(
    mile: Mile, changing: str, stack: LocalStack
) -> None:
    ending = ("end", f"{changing}-005", "--outcome", "mentee_withdrew", "--reason", "time")
    done = await command_json(mile, *ending, "--note", "moved away")
    assert done["effect"]["ends_on"] == str(TODAY)
    assert done["effect"]["dropped"]
    shown = json.loads((await mile("cohort", "show", changing, "--json")).stdout)
    (listed,) = (one for one in shown["mentorships"] if one["id"] == f"{changing}-005")
    assert (listed["outcome"], listed["ends_on"]) == ("mentee_withdrew", str(TODAY))
    for late in (ending, ("extend", f"{changing}-005", "--months", "3"), ("resume", f"{changing}-005", "--dry-run")):
        ran = await mile("mentorship", *late)
        assert (ran.returncode, ran.stderr.split(",")[0]) == (2, f"{changing}-005 is over (mentee withdrew)")
    assert [action for action, _ in await audited(stack, f"{changing}-005")] == ["ended"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("pause", "--until", "soon"), "--until soon is no day; write one as YEAR-MONTH-DAY, such as 2019-05-10.\n"),
        (("pause", "--from", str(LATER), "--until", str(TODAY)), "must be after the pause's first day"),
        (("pause", "--from", str(TODAY), "--until", str(LATER)), "A pause can begin tomorrow"),
        (("resume",), "The mentorship is not paused, and no pause is planned.\n"),
        (("cadence",), "Say what changes: --meetings, --goals, or both.\n"),
        (("cadence", "--meetings", "hourly"), "--meetings hourly is no rhythm; write monthly"),
        (("cadence", "--meetings", str(KICKOFF)), f"{KICKOFF} is not between tomorrow and the mentorship's end"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
async def test_what_makes_no_sense_is_refused_in_a_sentence(
    mile: Mile, changing: str, stack: LocalStack, command: tuple[str, ...], said: str
) -> None:
    step, *options = command
    for dry_run in ([], ["--dry-run"]):
        ran = await mile("mentorship", step, f"{changing}-006", *options, *dry_run)
        assert ran.returncode == 2
        assert said in ran.stderr
    assert await audited(stack, f"{changing}-006") == []


async def test_without_a_worker_nothing_is_changed_and_the_command_says_so(
    mile: Mile, changing: str, stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await emails(mile, f"{changing}-006")
    changes = (
        ("pause", f"{changing}-006", "--until", str(LATER)),
        ("extend", f"{changing}-006", "--months", "3"),
        ("resolve", f"{changing}-006", "--note", "called"),
        ("replace", f"{changing}-006"),
    )
    await stack.kill_worker()
    try:
        with monkeypatch.context() as impatient:
            impatient.setattr(services.workflow_calls, "ANSWERED_WITHIN", timedelta(seconds=1))
            for command in changes:
                ran = await mile("mentorship", *command)
                assert (ran.returncode, ran.stdout) == (1, "")
                assert ran.stderr.startswith("No worker answered, so nothing was changed.")
    finally:
        await stack.start_worker()
    assert await emails(mile, f"{changing}-006") == before
    assert await audited(stack, f"{changing}-006") == []
