"""Another mentor, another address, another word from staff: what is done about one mentorship and remembered."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from subprocess import CompletedProcess
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from runtime.local_stack.stack import LocalStack
from schemas.ids import mentorship_workflow_id
from tests.clocks import TODAY
from tests.waiting import until

Mile = Callable[..., Awaitable[CompletedProcess[str]]]
RunningClass = Callable[[str, date], Awaitable[None]]
JsonObject = dict[str, Any]

KICKOFF = TODAY - timedelta(days=12)
STRANGE = "made_up_in_a_test"


@pytest_asyncio.fixture
async def cared(running_class: RunningClass) -> str:
    """A cohort twelve days after its kickoff, so that both sides are waited for."""
    await running_class("cared", KICKOFF)
    return "cared"


async def command_json(mile: Mile, *command: str) -> JsonObject:
    ran = await mile("mentorship", *command, "--json")
    assert ran.returncode == 0, ran.stderr
    shown: JsonObject = json.loads(ran.stdout)
    return shown


async def rows(stack: LocalStack, sql: str, *given: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
    try:
        return list(await connection.fetch(sql, *given))
    finally:
        await connection.close()


async def audited(stack: LocalStack, mentorship: str) -> list[tuple[str, JsonObject]]:
    sql = "select action, details from audit_event where mentorship_id = $1 order by id"
    return [(row["action"], json.loads(row["details"])) for row in await rows(stack, sql, mentorship)]


async def sent(stack: LocalStack, mentorship: str, to: str) -> int:
    sql = "select 1 from outbox where scope_id = $1 and recipient = $2 and state = 'sent'"
    return len(await rows(stack, sql, mentorship, to))


async def arrived_again(stack: LocalStack, mentorship: str, times: int) -> None:
    """Wait until so many emails were sent again: a command does not wait for the mail relay."""
    sql = "select 1 from outbox where scope_id = $1 and key like '%/again-%' and state = 'sent'"
    async with asyncio.timeout(30):
        while len(await rows(stack, sql, mentorship)) != times:  # noqa: ASYNC110 - the outbox tells nobody
            await asyncio.sleep(0.05)


async def listed(mile: Mile, cohort: str) -> dict[str, JsonObject]:
    shown = json.loads((await mile("cohort", "show", cohort, "--json")).stdout)
    return {one["id"]: one for one in shown["mentorships"]}


async def concerns_of(mile: Mile, mentorship: str) -> object:
    return (await listed(mile, mentorship.rpartition("-")[0]))[mentorship]["concerns"]


async def test_whoever_could_take_over_is_listed_with_what_to_type(mile: Mile, cared: str) -> None:
    offered = (await command_json(mile, "replace", f"{cared}-001"))["offered"]
    busy = {one["mentor"] for one in (await listed(mile, cared)).values()}
    assert offered
    assert [one["score"] for one in offered] == sorted((one["score"] for one in offered), reverse=True)
    assert all(one["free"] == 1 and one["mentor"] not in busy for one in offered)
    shown = (await mile("mentorship", "replace", f"{cared}-001")).stdout
    assert shown.endswith(f"mile mentorship replace {cared}-001 --mentor {offered[0]['mentor']}\n")


async def test_a_new_mentor_takes_over_in_a_mentorship_of_its_own(mile: Mile, cared: str, stack: LocalStack) -> None:
    best = (await command_json(mile, "replace", f"{cared}-002"))["offered"][0]["mentor"]
    mentee = (await listed(mile, cared))[f"{cared}-002"]["mentee"]
    dry = await mile("mentorship", "replace", f"{cared}-002", "--mentor", best, "--dry-run")
    assert f"{best} would take over" in dry.stdout
    assert await audited(stack, f"{cared}-002") == []

    done = await command_json(mile, "replace", f"{cared}-002", "--mentor", best, "--reason", "time")
    after = await listed(mile, cared)
    assert after[f"{cared}-002"]["outcome"] == "mentor_withdrew"
    successor = after[done["successor"]]
    assert (successor["mentor"], successor["mentee"]) == (best, mentee)
    assert (successor["predecessor"], successor["outcome"]) == (f"{cared}-002", None)
    assert (await command_json(mile, "show", done["successor"]))["outcome"] is None
    (replaced,) = await audited(stack, f"{cared}-002")
    assert replaced == ("replaced", {"mentor": best, "reason": "time", "successor": done["successor"], "note": None})

    again = await mile("mentorship", "replace", f"{cared}-001", "--mentor", best)
    assert again.returncode == 2
    assert again.stderr.startswith(f"{best} cannot take over {cared}-001: this mentor takes 1 and has 1.")

    nobody = await mile("mentorship", "replace", f"{cared}-001")
    assert nobody.returncode == 2
    assert "Import one, or raise a mentor's capacity; then try again." in nobody.stderr
    assert nobody.stderr.endswith(f"To import: mile cohort import {cared} --mentors FILE\n")


@pytest.mark.parametrize(("mentor", "why"), [("M99", "cared has no mentor of this id"), (None, "were a pair already")])
async def test_a_mentor_who_cannot_take_over_is_refused_with_the_reason(
    mile: Mile, cared: str, stack: LocalStack, mentor: str | None, why: str
) -> None:
    named = mentor or (await listed(mile, cared))[f"{cared}-003"]["mentor"]
    ran = await mile("mentorship", "replace", f"{cared}-003", "--mentor", named)
    assert ran.returncode == 2
    assert why in ran.stderr
    assert f"See who can: mile mentorship replace {cared}-003" in ran.stderr
    assert await audited(stack, f"{cared}-003") == []


async def test_what_waits_for_somebody_is_sent_again(mile: Mile, cared: str, stack: LocalStack) -> None:
    resend = ("resend", f"{cared}-004", "--side", "mentee")
    before = await sent(stack, f"{cared}-004", "mentee")
    previewed = await command_json(mile, *resend, "--dry-run")
    assert (previewed["done"], previewed["emails"]) == (False, 0)
    assert "agreement" in previewed["waiting_for"]
    assert await sent(stack, f"{cared}-004", "mentee") == before
    assert (await mile("mentorship", *resend)).stdout == f"1 email goes to the mentee of {cared}-004.\n"
    await arrived_again(stack, f"{cared}-004", 1)
    assert [action for action, _ in await audited(stack, f"{cared}-004")] == ["resent"]


async def test_emails_follow_a_new_address_and_what_waits_goes_there(mile: Mile, cared: str, stack: LocalStack) -> None:
    contact = ("contact", f"{cared}-005", "--side", "mentor", "--email", "moved@example.org", "--note", "rang")
    await command_json(mile, "resend", f"{cared}-005", "--side", "mentor")
    await arrived_again(stack, f"{cared}-005", 1)
    previewed = await command_json(mile, *contact, "--dry-run")
    assert (previewed["done"], previewed["changed"], previewed["written_again"]) == (False, ["email"], [f"{cared}-005"])
    links = "select token_hash from link where mentorship_id = $1 and side = 'mentor' and revoked_at is null"
    before = await rows(stack, links, f"{cared}-005")

    assert (await mile("mentorship", *contact)).stdout == (
        f"Changed: email of {previewed['person']}.\nIn {cared}-005 they get new links. Older links no longer work.\n"
    )
    await arrived_again(stack, f"{cared}-005", 2)
    after = await rows(stack, links, f"{cared}-005")
    assert after
    assert not {row["token_hash"] for row in before} & {row["token_hash"] for row in after}
    assert (await command_json(mile, *contact))["written_again"] == []
    _, (changed, how), (resent, _) = await audited(stack, f"{cared}-005")
    assert (changed, resent) == ("contact_changed", "resent")
    assert how == {"person": previewed["person"], "changed": ["email"], "note": "rang"}
    history = await stack.client.get_workflow_handle(mentorship_workflow_id(f"{cared}-005")).fetch_history()
    assert "moved" not in history.to_json()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "Say what changes: --email, --name, or both.\n"),
        (("--email", "nowhere"), "--email 'nowhere' cannot be used; write one such as name@example.org.\n"),
        (("--name", "two\nlines"), "cannot be used; write one line of at most 200 characters.\n"),
        (("--email", ""), "--email '' cannot be used"),
        (("--email", "moved@example.org"), "Someone else in cared already has that address"),
    ],
)
async def test_what_is_no_contact_is_refused(
    mile: Mile, cared: str, stack: LocalStack, options: tuple[str, ...], said: str
) -> None:
    await mile("mentorship", "contact", f"{cared}-005", "--side", "mentor", "--email", "moved@example.org")
    for dry_run in ([], ["--dry-run"]):
        ran = await mile("mentorship", "contact", f"{cared}-006", "--side", "mentor", *options, *dry_run)
        assert ran.returncode == 2
        assert said in ran.stderr
    assert await audited(stack, f"{cared}-006") == []


async def test_a_concern_is_listed_until_staff_attended_to_it(mile: Mile, cared: str, stack: LocalStack) -> None:
    await stack.client.get_workflow_handle(mentorship_workflow_id(f"{cared}-007")).signal(STRANGE)
    assert (await command_json(mile, "show", f"{cared}-007"))["concerns"] == ["not_understood"]
    shown = (await mile("mentorship", "show", f"{cared}-007")).stdout
    assert f"mile mentorship resolve {cared}-007 --note" in shown

    previewed = await command_json(mile, "resolve", f"{cared}-007", "--note", "looked into it", "--dry-run")
    assert (previewed["done"], previewed["resolved"]) == (False, ["not_understood"])
    assert (await command_json(mile, "show", f"{cared}-007"))["concerns"] == ["not_understood"]
    assert (await mile("mentorship", "resolve", f"{cared}-007", "--note", "looked into it")).returncode == 0
    assert (await command_json(mile, "show", f"{cared}-007"))["concerns"] == []
    assert await audited(stack, f"{cared}-007") == [
        ("concerns_resolved", {"resolved": ["not_understood"], "note": "looked into it"})
    ]


async def test_what_staff_attend_to_is_put_off_until_a_day_to_come(mile: Mile, cared: str, stack: LocalStack) -> None:
    await stack.client.get_workflow_handle(mentorship_workflow_id(f"{cared}-010")).signal(STRANGE)
    await until(lambda: concerns_of(mile, f"{cared}-010"))
    attend = ("attend", f"{cared}-010", "--note", "Ruth asks the operator")
    expected = {"mentorship": f"{cared}-010", "attended": ["not_understood"], "look_again_on": "2100-01-04"}
    previewed = await command_json(mile, *attend, "--until", "2100-01-04", "--dry-run")
    assert previewed == expected | {"done": False}
    assert await audited(stack, f"{cared}-010") == []
    assert await command_json(mile, *attend, "--until", "2100-01-04") == expected | {"done": True}
    details = {"attended": ["not_understood"], "look_again_on": "2100-01-04", "note": "Ruth asks the operator"}
    assert await audited(stack, f"{cared}-010") == [("concerns_attended", details)]
    sql = "select look_again_on, note from put_off where mentorship_id = $1"
    ((day, note),) = await rows(stack, sql, f"{cared}-010")
    assert (day, note) == (date(2100, 1, 4), "Ruth asks the operator")
    shown = (await mile("mentorship", "show", f"{cared}-010")).stdout
    assert "until 2100-01-04: Ruth asks the operator" in shown
    assert (await command_json(mile, "show", f"{cared}-010"))["put_off"]["look_again_on"] == "2100-01-04"

    past = await mile("mentorship", *attend, "--until", "2019-05-10")
    assert (past.returncode, "is not after today" in past.stderr) == (2, True)
    nothing = await mile("mentorship", "attend", f"{cared}-011", "--note", "none", "--until", "2100-01-04")
    assert (nothing.returncode, "There is no open concern" in nothing.stderr) == (2, True)


async def test_a_cohort_lists_the_concerns_of_its_mentorships(mile: Mile, cared: str, stack: LocalStack) -> None:
    await stack.client.get_workflow_handle(mentorship_workflow_id(f"{cared}-008")).signal(STRANGE)
    await until(lambda: concerns_of(mile, f"{cared}-008"))
    (line,) = (line for line in (await mile("cohort", "show", cared)).stdout.splitlines() if f"{cared}-008" in line)
    assert "unknown message" in line


async def test_every_step_refuses_a_mentorship_that_does_not_exist(mile: Mile) -> None:
    steps = (
        ("replace",),
        ("resend", "--side", "mentor"),
        ("contact", "--side", "mentor", "--name", "Somebody"),
        ("resolve", "--note", "nothing"),
        ("attend", "--note", "nothing", "--until", "2100-01-01"),
        ("pause", "--until", "2100-01-01"),
        ("end", "--outcome", "ended_early", "--reason", "time"),
    )
    for step, *options in steps:
        ran = await mile("mentorship", step, "cared-999", *options)
        assert (ran.returncode, ran.stderr) == (2, "There is no mentorship cared-999.\n")
