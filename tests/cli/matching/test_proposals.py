"""Staff's hand on proposed matches and the last day: listed, confirmed, declined, noted, started, remembered."""

import asyncio
import csv
import io
import json
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.kickoff.attendance import merge_attendance, read_attendance
from cli.matching.proposal_tables import proposals_table
from runtime.local_stack.stack import LocalStack
from schemas.applications.applicant import ProposalAnswer, Rsvp
from schemas.enums import Commitment, RsvpStatus
from schemas.errors import BadInput, Refusal
from services.proposals import ProposalList
from storage import kickoff, proposal_answers
from storage.database import open_pool
from tests.clocks import NOON_ZONE, TODAY
from tests.waiting import until

Mile = Callable[..., Awaitable[CompletedProcess[str]]]
NewClass = Callable[[str, date], Path]

SOON, LATELY = TODAY + timedelta(days=40), TODAY - timedelta(days=10)
ASKING = """
[proposals]
answer_days = 10

[session]
half_days = [
    {{ id = "morning", label = "Morning", day = {day}, begins = 09:00:00, ends = 12:00:00 }},
    {{ id = "afternoon", label = "Afternoon", day = {day}, begins = 13:00:00, ends = 16:00:00 }},
]
"""
# The commit of somebody who tells staff, and of somebody who has a question.
COMMIT = ProposalAnswer(commitment=Commitment.COMMITTED)
ASK = ProposalAnswer(commitment=Commitment.ASKED, question="Does she answer letters?")


@pytest.fixture
async def pool(stack: LocalStack) -> AsyncIterator[asyncpg.Pool]:
    """The stack's own database, and not an empty one."""
    async with open_pool(stack.settings.database_url.get_secret_value(), size=2) as pool:
        yield pool


Asking = Callable[[str, date], Awaitable[list[tuple[str, str]]]]


@pytest.fixture
def asking(mile: Mile, new_class: NewClass) -> Asking:
    """Have the matches of a class that asks both sides proposed, and return them as (mentor, mentee)."""

    async def made(cohort: str, day: date) -> list[tuple[str, str]]:
        folder = new_class(cohort, day)
        file = folder / "cohort.toml"
        before = file.read_text().partition("\n[proposals]")[0].partition("\n[session]")[0]
        file.write_text(before + ASKING.format(day=day))
        for step in (("create", str(folder)), ("match", cohort), ("publish", cohort, "--run", "1")):
            ran = await mile("cohort", *step)
            assert ran.returncode == 0, ran.stderr
        shown = await told(mile, "cohort", "proposals", cohort)
        return [(one["mentor"]["person"], one["mentee"]["person"]) for one in shown["proposals"]]

    return made


async def told(mile: Mile, *command: str) -> Any:
    ran = await mile(*command, "--json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


async def _draft(mile: Mile, cohort: str) -> Any:
    """Wait for the draft that a decline brings about, and return it as staff see it."""

    async def draft() -> Any:
        return (await told(mile, "cohort", "show", cohort))["draft"]

    return await until(draft)


async def remembered(pool: asyncpg.Pool, cohort: str, *actions: str) -> list[tuple[str, dict[str, Any]]]:
    sql = "select action, details from audit_event where cohort_id = $1 and action = any($2) order by id"
    return [(row["action"], json.loads(row["details"])) for row in await pool.fetch(sql, cohort, list(actions))]


async def test_staff_see_who_has_answered_what_and_are_asked_what_people_ask(
    mile: Mile, asking: Asking, pool: asyncpg.Pool
) -> None:
    [(mentor, mentee), *_] = await asking("asking", SOON)
    now = datetime.now(UTC)
    await proposal_answers.answer(pool, "asking", mentee, mentor, answer=COMMIT, now=now)
    await proposal_answers.answer(pool, "asking", mentor, mentee, answer=ASK, now=now)
    listed = await mile("cohort", "proposals", "asking")
    assert "asks: Does she answer letters?" in listed.stdout
    shown = await told(mile, "cohort", "proposals", "asking")
    table = proposals_table(ProposalList.model_validate({**shown, "names": {}, "time_zone": NOON_ZONE.key}))
    last_day = TODAY + timedelta(days=10)
    assert set(table.columns[-1].cells) == {str(last_day)}
    statuses = [one["status"] for one in shown["proposals"]]
    assert (statuses.count("asked"), statuses.count("waiting")) == (1, len(statuses) - 1)
    one = next(one for one in shown["proposals"] if one["status"] == "asked")
    assert (one["mentee"]["commitment"], one["mentor"]["question"]) == ("committed", ASK.question)
    assert "name" not in one["mentor"]


async def test_staff_confirm_and_decline_for_others_once_and_each_step_is_remembered(
    mile: Mile, asking: Asking, pool: asyncpg.Pool
) -> None:
    [(mentor, mentee), *_] = await asking("fallback", SOON)
    pair = f"{mentor}:{mentee}"
    confirm = ("cohort", "confirm", "fallback", pair, "--note", "both said yes on the phone")
    dry = await mile(*confirm, "--dry-run")
    assert "would be final; was waiting" in dry.stdout
    assert "Nothing was changed." in dry.stdout
    assert (await told(mile, *confirm))["changed"] is True
    assert (await told(mile, *confirm))["changed"] is False
    decline = ("cohort", "decline", "fallback", pair, "--side", "mentor", "--reason", "time", "--note", "by phone")
    assert "would be declined; was final" in (await mile(*decline, "--dry-run")).stdout
    assert (await told(mile, *decline))["before"] == "final"
    draft = await _draft(mile, "fallback")
    assert [one["mentee"] for one in draft["changes"]] == [mentee]
    shown = (await mile("cohort", "show", "fallback")).stdout
    assert f"mile cohort publish fallback --run {draft['run']}" in shown
    assert (await told(mile, *decline))["changed"] is False
    assert await remembered(pool, "fallback", "proposal_confirmed", "proposal_declined") == [
        (
            "proposal_confirmed",
            {"mentor": mentor, "mentee": mentee, "before": "waiting", "note": "both said yes on the phone"},
        ),
        ("proposal_declined", {"mentor": mentor, "mentee": mentee, "side": "mentor", "note": "by phone"}),
    ]
    async with asyncio.timeout(60):
        while await pool.fetchval("select max(run) from match_run where cohort_id = 'fallback'") == 1:
            await told(mile, "cohort", "proposals", "fallback")
    drafted = json.loads(await pool.fetchval("select result from match_run where cohort_id = 'fallback' and run = 2"))
    assert (mentor, mentee) not in {(one["mentor"], one["mentee"]) for one in drafted["pairs"]}


async def test_steps_that_make_no_sense_are_refused_in_a_sentence(mile: Mile, asking: Asking) -> None:
    [(mentor, mentee), *_] = await asking("refusing", SOON)
    pair = f"{mentor}:{mentee}"
    for command, said in (
        (("confirm", "refusing", f"{mentee}:{mentor}", "--note", "n"), "are not proposed to each other"),
        (("confirm", "refusing", mentee, "--note", "n"), "write MENTOR:MENTEE"),
        (("confirm", "nowhere", pair, "--note", "n"), "There is no cohort nowhere."),
        (("start", "refusing"), "can start on kickoff day and not before"),
        (("attendance", "refusing", "--absent", "P99"), "no one with the id P99"),
        (("attendance", "refusing", "--absent", mentee, "--attended", mentee), "there and absent"),
        (("attendance", "refusing", "--file", "/nowhere.csv"), "cannot be read"),
    ):
        ran = await mile("cohort", *command)
        assert ran.returncode == 2, command
        assert said in ran.stderr


async def test_class_that_asks_nobody_says_so(mile: Mile, new_class: NewClass) -> None:
    folder = new_class("askless", SOON)
    file = folder / "cohort.toml"
    file.write_text(file.read_text().partition("\n[proposals]")[0].partition("\n[session]")[0])
    assert (await mile("cohort", "create", str(folder))).returncode == 0
    assert "does not ask people about matches" in (await mile("cohort", "proposals", "askless")).stdout
    assert "[session]" in (await mile("cohort", "rsvp", "askless")).stderr
    assert "no published matches" in (await mile("cohort", "start", "askless", "--dry-run")).stderr


async def test_late_commitments_and_corrected_absences_start_after_the_kickoff(
    mile: Mile, asking: Asking, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    pairs = await asking("late", LATELY)

    async def running() -> bool:
        return bool((await told(mile, "cohort", "show", "late"))["stage"] == "running")

    await until(running)
    (_, there), (_, missed) = pairs[:2]
    for mentor, mentee in pairs[:2]:
        ran = await mile("cohort", "confirm", "late", f"{mentor}:{mentee}", "--note", "committed by phone")
        assert ran.returncode == 0
    listed = tmp_path / "attendance.csv"
    listed.write_text(f"id,attended\n{there},yes\n{missed},NO\n")
    note = ("cohort", "attendance", "late", "--file", str(listed))
    assert (await told(mile, *note, "--dry-run"))["changed"] == sorted([there, missed])
    assert (await told(mile, *note))["absent"] == [missed]
    assert (await told(mile, *note))["changed"] == []
    would = await told(mile, "cohort", "start", "late", "--dry-run")
    waits = would["held_back"]
    assert {why for pair, why in waits.items() if missed not in pair} == {"not both have committed"}
    assert [why for pair, why in waits.items() if missed in pair] == [f"{missed} was noted absent"]
    assert (await told(mile, "cohort", "start", "late"))["mentorships"] == 1
    assert (await told(mile, "cohort", "attendance", "late", "--attended", missed, "--note", "came late"))[
        "absent"
    ] == []
    assert "Would start" in (await mile("cohort", "start", "late", "--dry-run")).stdout
    assert (await told(mile, "cohort", "start", "late"))["mentorships"] == 2
    [_, (_, corrected)] = await remembered(pool, "late", "attendance_noted")
    assert corrected == {"attended": [missed], "absent": [], "note": "came late"}
    begun = await mile("cohort", "attendance", "late", "--absent", there)
    assert f"The mentorships of {there} have begun all the same" in begun.stdout


async def test_guests_are_counted_by_half_day_and_their_needs_leave_only_in_a_private_file(
    mile: Mile, asking: Asking, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    pairs = await asking("guests", SOON)
    now = datetime.now(UTC)
    for mentor, mentee in pairs[:2]:
        await proposal_answers.confirm(pool, "guests", mentor, mentee, now)
    (first, second), (third, _) = pairs[:2]
    said = {
        first: Rsvp(status=RsvpStatus.YES, half_day="morning", meals="=HYPERLINK(1)", access="Captions"),
        second: Rsvp(status=RsvpStatus.UNSURE, half_day="morning"),
        third: Rsvp(status=RsvpStatus.NO, meals="None at all"),
    }
    for person, rsvp in said.items():
        await kickoff.save_rsvp(pool, "guests", person, rsvp, now)
    shown = await told(mile, "cohort", "rsvp", "guests")
    counts = {name: shown[name] for name in ("invited", "yes", "unsure", "no", "silent")}
    assert counts == {"invited": 4, "yes": 1, "unsure": 1, "no": 1, "silent": 1}
    assert shown["half_days"][0] == {"half_day": "morning", "attending": 1, "unsure": 1, "meals": 1, "access": 1}
    assert "Captions" not in json.dumps(shown)
    assert [one["half_day"] for one in shown["guests"] if one["id"] == first] == ["morning"]
    file = tmp_path / "guests.csv"
    ran = await mile("cohort", "rsvp", "guests", "--csv", str(file))
    assert "Captions" not in ran.stdout
    for words in (ran.stdout, file.read_text()):
        assert "Morning" in words
        assert "morning" not in words
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(file.read_text()))}
    assert set(rows) == {person for pair in pairs[:2] for person in pair}
    assert (rows[first]["meals"], rows[first]["access"]) == ("'=HYPERLINK(1)", "Captions")
    again = await mile("cohort", "rsvp", "guests", "--csv", str(file))
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert await remembered(pool, "guests", "rsvp_exported") == [("rsvp_exported", {"people": 4})]


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"id,attended\n{text}".encode()))
def test_any_file_is_a_list_of_who_was_there_or_is_refused_by_its_name(content: bytes) -> None:
    noted: dict[str, bool] = {}
    refused = "list.csv"
    try:
        noted = read_attendance("list.csv", content)
    except BadInput as refusal:
        refused = str(refusal)
    assert refused.startswith("list.csv")
    assert all(noted)
    assert set(noted.values()) <= {True, False}


@pytest.mark.parametrize("start", ["", "sep=;\r\n", "\ufeff\ufeff", "\ufeffsep=;\r\n"])
@pytest.mark.parametrize("person", ["P01", "Ｐ01", "P01\u200b", "\ufeffP01"], ids=ascii)
def test_a_list_that_excel_saved_is_read(start: str, person: str) -> None:
    assert read_attendance("list.csv", f"{start}id;attended\r\n{person};Yes\r\n".encode()) == {"P01": True}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id\nP01\n", "needs one column named attended"),
        ("id,attended\nP01,maybe\n", "row 2, column attended: must be yes or no (found: 'maybe')"),
        ("id,attended\nP01,yes\nP01,no\n", "row 3, column id: is there and absent in this list"),
        ("id,attended\n,yes\n", "row 2, column id: is empty"),
    ],
)
def test_a_list_that_cannot_be_used_says_where_and_why(content: str, said: str) -> None:
    with pytest.raises(BadInput, match=r".") as refused:
        read_attendance("list.csv", content.encode())
    assert said in str(refused.value)


def test_nobody_was_there_and_absent() -> None:
    assert merge_attendance(["P01", "P01"], ["P02"], {"P01": False}) == {"P01": False, "P02": True}
    with pytest.raises(Refusal, match="P01, P02 can't"):
        merge_attendance(["P01", "P02"], ["P02"], {"P01": True})
