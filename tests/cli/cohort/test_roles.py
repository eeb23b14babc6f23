"""Who answers for a cohort: set, listed, ended, and remembered without an address."""

import itertools
import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import asyncpg
import pytest

from runtime.local_stack.stack import LocalStack
from tests.cli.small_class import small_class
from tests.clocks import TODAY

Mile = Callable[..., Awaitable[CompletedProcess[str]]]
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
NUMBERS = itertools.count(1)
TEAM = ("Mentorship Team", "--email", "team@example.org")
DEFAULT = (
    "Today questions go to the Mentorship Subcommittee Chair, mentorship.chair@example.org, as cohort.toml says.\n"
)


@pytest.fixture
async def held(mile: Mile, tmp_path: Path) -> str:
    """A cohort of this test's own."""
    cohort = f"roles-{next(NUMBERS)}"
    folder = small_class(tmp_path / cohort, cohort, date(2100, 5, 10))
    assert (await mile("cohort", "create", str(folder))).returncode == 0
    return cohort


async def listed(mile: Mile, cohort: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((await mile("cohort", "role", cohort, "list", "--json")).stdout)
    return told


async def test_a_role_is_listed_from_its_setting_to_its_end(mile: Mile, held: str, stack: LocalStack) -> None:
    assert (await mile("cohort", "role", held, "list")).stdout == DEFAULT
    set_ = await mile("cohort", "role", held, "set", *TEAM, "--from", str(TODAY), "--note", "elected")
    assert set_.returncode == 0
    assert f"Mentorship Team of {held} from {TODAY} until further notice: team@example.org" in set_.stdout
    assert "would go to the Mentorship Subcommittee Chair, mentorship.chair@example.org." in set_.stdout
    shown = (await mile("cohort", "role", held, "list")).stdout
    assert "Today questions go to the Mentorship Team, team@example.org.\n" in shown
    assert "answers" in shown
    told = await listed(mile, held)
    number = told["number"]
    assert (told["on"], told["role"]) == (str(TODAY), "Mentorship Team")
    role = {"role": "Mentorship Team", "access": "chair", "starts_on": str(TODAY), "ends_on": None}
    assert told["holders"] == [{"id": number} | role]
    ended = await mile("cohort", "role", held, "end", str(number), "--on", str(TOMORROW), "--note", "moved away")
    assert f"Mentorship Team of {held}, number {number}, ends with {TOMORROW}.\n" in ended.stdout
    assert (await listed(mile, held))["holders"][0]["ends_on"] == str(TOMORROW)
    remembered = [(row["action"], json.loads(row["details"])) for row in await _audit(stack, held)]
    assert remembered == [
        ("role_set", {"number": number} | role | {"note": "elected"}),
        (
            "role_ended",
            {"number": number, "role": "Mentorship Team", "last_on": str(TOMORROW), "note": "moved away"},
        ),
    ]


async def test_programs_are_told_no_address(mile: Mile, held: str) -> None:
    await mile("cohort", "role", held, "set", *TEAM, "--from", str(TODAY))
    told = (await mile("cohort", "role", held, "list", "--json")).stdout
    assert json.loads(told)["holders"]
    assert "@" not in told


async def test_the_very_same_again_changes_nothing_and_is_said_so(mile: Mile, held: str, stack: LocalStack) -> None:
    for _ in range(2):
        again = await mile("cohort", "role", held, "set", *TEAM, "--from", str(TODAY))
        assert again.returncode == 0
    assert again.stdout == f"{held} already has this role with these days. Nothing was changed.\n"
    assert len((await listed(mile, held))["holders"]) == 1
    assert len(await _audit(stack, held)) == 1


async def test_a_role_of_tomorrow_answers_tomorrow_and_one_of_yesterday_no_more(mile: Mile, held: str) -> None:
    await mile("cohort", "role", held, "set", *TEAM, "--from", str(TOMORROW))
    past = ("--from", str(YESTERDAY - timedelta(days=9)), "--to", str(YESTERDAY))
    await mile("cohort", "role", held, "set", "Chair", "--email", "former@example.org", *past)
    told = await listed(mile, held)
    assert told["number"] is None
    assert [one["role"] for one in told["holders"]] == ["Chair", "Mentorship Team"]
    assert DEFAULT in (await mile("cohort", "role", held, "list")).stdout


async def test_ending_without_a_day_ends_today_and_takes_back_what_began_today(mile: Mile, held: str) -> None:
    for begins in (TODAY, YESTERDAY):
        await mile("cohort", "role", held, "set", *TEAM, "--from", str(begins))
    numbers = [one["id"] for one in (await listed(mile, held))["holders"]]
    said = [(await mile("cohort", "role", held, "end", str(number))).stdout for number in numbers]
    assert f"ends with {YESTERDAY}" in said[0]
    assert "is taken back" in said[1]
    assert [one["ends_on"] for one in (await listed(mile, held))["holders"]] == [str(YESTERDAY)]
    assert (await listed(mile, held))["number"] is None


async def test_a_coordinator_gets_digests_and_does_not_answer(mile: Mile, held: str) -> None:
    given = ("Coordinator", "--access", "coordinator", "--email", "c@example.org", "--from", str(TODAY))
    set_ = await mile("cohort", "role", held, "set", *given)
    assert "questions" not in set_.stdout
    shown = (await mile("cohort", "role", held, "list")).stdout
    assert "gets digests" in shown
    assert DEFAULT in shown


async def test_a_dry_run_says_what_would_be_and_changes_nothing(mile: Mile, held: str, stack: LocalStack) -> None:
    dry = await mile("cohort", "role", held, "set", *TEAM, "--from", str(TODAY), "--dry-run")
    assert dry.stdout.endswith("Nothing was changed. Leave out --dry-run to do it.\n")
    assert (await listed(mile, held))["holders"] == []
    await mile("cohort", "role", held, "set", *TEAM, "--from", str(YESTERDAY))
    number = (await listed(mile, held))["number"]
    again = await mile("cohort", "role", held, "set", *TEAM, "--from", str(YESTERDAY), "--dry-run")
    assert "already has this role" in again.stdout
    dry = await mile("cohort", "role", held, "end", str(number), "--dry-run")
    assert dry.stdout.endswith("Nothing was changed. Leave out --dry-run to do it.\n")
    assert (await listed(mile, held))["number"] == number
    assert [row["action"] for row in await _audit(stack, held)] == ["role_set"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("Chair", "--email", "nobody", "--from", "2019-05-10"), "--email 'nobody' cannot be used; write one such as"),
        (("A <b@c>", "--email", "a@example.org", "--from", "2019-05-10"), "The role 'A <b@c>' cannot be used"),
        (("Chair\x1b[2J", "--email", "a@example.org", "--from", "2019-05-10"), "cannot be used; write one line"),
        (("Chair", "--email", "a@example.org", "--from", "in May"), "--from in May is no day"),
        (
            ("Chair", "--email", "a@example.org", "--from", "2019-05-10", "--to", "2019-05-09"),
            "--to 2019-05-09 is before --from 2019-05-10",
        ),
    ],
)
async def test_what_cannot_be_held_is_refused_in_a_sentence(
    mile: Mile, held: str, given: tuple[str, ...], said: str
) -> None:
    ran = await mile("cohort", "role", held, "set", *given)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "\x1b" not in ran.stderr
    assert (await listed(mile, held))["holders"] == []


async def test_a_number_nobody_has_and_a_cohort_that_is_not_there_are_refused(mile: Mile, held: str) -> None:
    for number in ("7000000", "99999999999999999999"):
        ran = await mile("cohort", "role", held, "end", number)
        assert (ran.returncode, ran.stderr) == (
            2,
            f"{held} has no role {number}. See the list of its roles.\n",
        )
    for step in (("set", *TEAM, "--from", str(TODAY)), ("list",), ("end", "1")):
        nowhere = await mile("cohort", "role", "nowhere", *step)
        assert (nowhere.returncode, nowhere.stderr) == (2, "There is no cohort nowhere.\n")


async def _audit(stack: LocalStack, cohort: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
    try:
        sql = "select action, details from audit_event where cohort_id = $1 and action like 'role%' order by id"
        return await connection.fetch(sql, cohort)
    finally:
        await connection.close()


async def test_a_contact_changed_in_the_cohorts_file_answers_from_today(
    mile: Mile, tmp_path: Path, stack: LocalStack
) -> None:
    folder = small_class(tmp_path / "contact-again", "contact-again", date(2100, 5, 10))
    await mile("cohort", "create", str(folder))
    await mile("cohort", "role", "contact-again", "set", *TEAM, "--from", str(YESTERDAY))
    (number,) = [one["id"] for one in (await listed(mile, "contact-again"))["holders"]]
    file = folder / "cohort.toml"
    file.write_text(file.read_text().replace("A Class", "Another Class"))
    assert "these roles ended" not in (await mile("cohort", "update", str(folder))).stdout
    file.write_text(file.read_text().replace("mentorship.chair@example.org", "new.chair@example.org"))
    would = await mile("cohort", "update", str(folder), "--dry-run")
    assert f"so these roles would end: {number}." in would.stdout
    assert (await listed(mile, "contact-again"))["number"] == number
    told = await mile("cohort", "update", str(folder))
    assert f"The contact answers from today on, so these roles ended: {number}." in told.stdout
    assert (
        "new.chair@example.org, as cohort.toml says." in (await mile("cohort", "role", "contact-again", "list")).stdout
    )
    assert [row["action"] for row in await _audit(stack, "contact-again")] == ["role_set", "role_ended"]
