"""Staff open, extend and close a window, and change settings: pages follow at once, and the workflow is told."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import asyncpg
import pytest

import services.workflow_calls
from runtime.local_stack.stack import LocalStack
from tests.cli.classes import window, write_class
from tests.clocks import TODAY

Mile = Callable[..., Awaitable[CompletedProcess[str]]]

NUMBERS = count(1)
KICKOFF = TODAY + timedelta(days=90)
LAST = TODAY + timedelta(days=30)
LATER = str(LAST + timedelta(days=7))


@pytest.fixture
async def opening(mile: Mile, tmp_path: Path) -> Path:
    """The folder of a class whose window opens in ten days."""
    tables = window(TODAY + timedelta(days=10), LAST), "[proposals]"
    folder = write_class(tmp_path / f"window-{next(NUMBERS)}", KICKOFF, *tables)
    made = await mile("cohort", "create", str(folder))
    assert made.returncode == 0, made.stderr
    return folder


async def _command_json(mile: Mile, *command: str) -> dict[str, Any]:
    ran = await mile("cohort", *command, "--json")
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


async def _events(stack: LocalStack, cohort: str) -> list[tuple[str, dict[str, Any]]]:
    connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
    try:
        rows = await connection.fetch(
            "select action, details from audit_event where cohort_id = $1 and actor not like 'service:%' order by id",
            cohort,
        )
        return [(row["action"], json.loads(row["details"])) for row in rows]
    finally:
        await connection.close()


async def test_a_window_is_opened_extended_and_closed(mile: Mile, opening: Path, stack: LocalStack) -> None:
    cohort = opening.name
    tried = await _command_json(mile, "open", cohort, "--dry-run")
    assert (tried["done"], tried["changed"], tried["opens_on"]) == (False, ["opens_on"], str(TODAY))
    assert (await _command_json(mile, "applications", cohort))["state"] == "not_yet_open"
    assert (await _command_json(mile, "open", cohort, "--note", "all is ready"))["state"] == "open"
    extended = await mile("cohort", "extend", cohort, "--until", LATER)
    assert f"closes_on = {LATER}" in extended.stdout
    tried_close = await mile("cohort", "close", cohort, "--dry-run")
    # With no hour, or it would be another one when it is confirmed a minute later.
    assert f"from {TODAY} until now (waiting list)." in tried_close.stdout
    closed = await _command_json(mile, "close", cohort, "--note", "enough mentors")
    assert (closed["state"], closed["changed"]) == ("waiting_list", ["closed_at"])
    reopened = await _command_json(mile, "extend", cohort, "--until", LATER)
    assert (reopened["state"], reopened["changed"], reopened["closed_at"]) == ("open", ["closed_at"], None)
    again = await mile("cohort", "extend", cohort, "--until", LATER)
    assert (again.returncode, "Nothing was changed" in again.stdout) == (0, True)
    events = await _events(stack, cohort)
    assert [action for action, _ in events] == [
        "created",
        "window_opened",
        "window_extended",
        "window_closed",
        "window_extended",
    ]
    assert events[1][1] == {"note": "all is ready", "opens_on": str(TODAY)}
    assert events[3][1]["note"] == "enough mentors"
    assert events[4][1]["closed_at"] is None


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (("extend", "--until", str(KICKOFF)), f"the kickoff is on {KICKOFF}; name a day before it."),
        (("extend", "--until", "soon"), "--until soon is no day"),
        (("close",), "so there is nothing to close"),
    ],
    ids=("past the kickoff", "no day", "not yet open"),
)
async def test_nonsense_is_refused_and_changes_nothing(
    mile: Mile, opening: Path, stack: LocalStack, step: tuple[str, ...], said: str
) -> None:
    for dry_run in ((), ("--dry-run",)):
        ran = await mile("cohort", step[0], opening.name, *step[1:], *dry_run)
        assert (ran.returncode, said in ran.stderr) == (2, True)
    assert [action for action, _ in await _events(stack, opening.name)] == ["created"]


async def test_without_a_window_it_is_said_what_to_add_and_without_a_workflow_what_is_missing(
    mile: Mile, tmp_path: Path
) -> None:
    await mile("cohort", "create", str(write_class(tmp_path / "shut", KICKOFF)))
    for step in (("open", "shut"), ("close", "shut"), ("extend", "shut", "--until", LATER)):
        ran = await mile("cohort", *step)
        assert (ran.returncode, "under applications" in ran.stderr) == (2, True)
    unknown = await mile("cohort", "close", "nowhere")
    assert (unknown.returncode, unknown.stderr) == (2, "There is no cohort nowhere.\n")


async def test_settings_are_tried_and_changed_and_a_closed_window_stays_closed(
    mile: Mile, opening: Path, stack: LocalStack
) -> None:
    cohort = opening.name
    await mile("cohort", "open", cohort)
    await mile("cohort", "close", cohort)
    file = opening / "cohort.toml"
    file.write_text(file.read_text().replace("Birch Lodge", "Loon Lodge") + "\nanswer_days = 14\n")
    tried = await mile("cohort", "update", str(opening), "--dry-run")
    assert "Would change in" in tried.stdout
    assert "Nothing was changed." in tried.stdout
    changed = ["institute.venue", "applications.opens_on", "proposals.answer_days"]
    assert (await _command_json(mile, "update", str(opening)))["changed"] == changed
    assert (await _command_json(mile, "update", str(opening)))["changed"] == []
    shown = await mile("cohort", "close", cohort)
    assert "Nothing was changed" in shown.stdout
    assert (await _events(stack, cohort))[-1] == ("updated", {"changed": changed, "note": None})


async def test_without_a_worker_the_window_closes_all_the_same_and_the_workflow_is_told_by_the_next_try(
    mile: Mile, opening: Path, stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort = opening.name
    await mile("cohort", "open", cohort)
    await stack.kill_worker()
    try:
        with monkeypatch.context() as impatient:
            impatient.setattr(services.workflow_calls, "ANSWERED_WITHIN", timedelta(seconds=1))
            alone = await mile("cohort", "close", cohort)
        assert alone.returncode == 1
        assert f"{cohort} is changed, and pages follow already. But no worker is running" in alone.stderr
        assert (await _command_json(mile, "applications", cohort))["state"] == "waiting_list"
    finally:
        await stack.start_worker()
    assert (await mile("cohort", "close", cohort)).returncode == 0
    closed = [action for action, _ in await _events(stack, cohort) if action == "window_closed"]
    assert len(closed) == 1


async def test_waiving_lets_a_mentor_be_matched_whom_a_rule_kept_out(
    mile: Mile, tmp_path: Path, stack: LocalStack
) -> None:
    cohort = f"waived-{next(NUMBERS)}"
    folder = write_class(tmp_path / cohort, KICKOFF, "[eligibility]\nmin_years = 24")
    await mile("cohort", "create", str(folder))
    before = await _command_json(mile, "match", cohort)
    assert (await mile("cohort", "waive", cohort, "M02", "--note", "")).returncode == 2
    assert (await mile("cohort", "waive", cohort, "M02", "--note", "known to be good")).returncode == 0
    after = await _command_json(mile, "match", cohort)
    assert after["pairs"] == before["pairs"] + 1
    listed = {
        one["id"]: one["rules_waived"] for one in (await _command_json(mile, "applications", cohort))["applications"]
    }
    assert [id_ for id_, so in listed.items() if so] == ["M02"]
    (waived,) = [details for action, details in await _events(stack, cohort) if action == "waived"]
    assert waived == {"before": "accepted", "after": "accepted", "note": "known to be good"}
    of_person = await _command_json(mile, "log", cohort, "--person", "M02")
    assert [(event["action"], event["person_id"]) for event in of_person["events"]] == [("waived", "M02")]
    table = (await mile("cohort", "log", cohort)).stdout
    assert "known to be good" in table
    for nobody in ("M03", "Ada Lund"):
        assert "Nothing of" in (await mile("cohort", "log", cohort, "--person", nobody)).stdout


def test_the_days_of_these_tests_are_in_order() -> None:
    assert TODAY <= LAST < KICKOFF
