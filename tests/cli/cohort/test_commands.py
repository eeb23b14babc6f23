import asyncio
import json
import os
import pwd
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import asyncpg
import pytest

import services.workflow_calls
from domain.report.figures import make_report
from runtime.local_stack.stack import LocalStack
from schemas.enums import MilestoneKind, Outcome, Side
from schemas.report.records import CohortRecords, ResponseRecord
from storage import reports
from storage.database import open_pool
from tests.clocks import NOON_ZONE, TODAY
from tests.waiting import until

SOON = TODAY + timedelta(days=30)
LATELY = TODAY - timedelta(days=10)


Mile = Callable[..., Awaitable[CompletedProcess[str]]]
NewClass = Callable[[str, date], Path]
RunningClass = Callable[[str, date], Awaitable[None]]


def _edit(folder: Path, before: str, after: str) -> None:
    file = folder / "cohort.toml"
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))


async def _audit(stack: LocalStack, cohort: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
    try:
        return await connection.fetch(
            "select * from audit_event where cohort_id = $1 and actor not like 'service:%'", cohort
        )
    finally:
        await connection.close()


async def test_a_dry_run_prints_what_would_be_saved_and_saves_nothing(mile: Mile, new_class: NewClass) -> None:
    ran = await mile("cohort", "create", str(new_class("dry", SOON)), "--dry-run")
    assert "14, with places for 14" in ran.stdout
    assert ran.returncode == 0
    assert str(SOON) in ran.stdout
    assert "Nothing was saved" in ran.stdout
    shown = await mile("cohort", "show", "dry")
    assert (shown.returncode, shown.stderr) == (2, "There is no cohort dry.\n")


async def test_staff_pin_and_forbid_compare_and_waive(mile: Mile, new_class: NewClass, stack: LocalStack) -> None:
    folder = new_class("wished", SOON)
    assert (await mile("cohort", "create", str(folder))).returncode == 0
    await mile("cohort", "match", "wished")
    pinned = json.loads((await mile("cohort", "match", "wished", "--pin", "M02:P01", "--json")).stdout)
    assert pinned["run"] == 2
    compared = json.loads((await mile("cohort", "compare", "wished", "1", "2", "--json")).stdout)
    assert {change["mentee"]: change["after"] for change in compared}["P01"] == "M02"
    wrong = await mile("cohort", "match", "wished", "--forbid", "P01")
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "--forbid P01 is no pair; write MENTOR:MENTEE, such as M03:P07.\n",
    )
    unknown = await mile("cohort", "match", "wished", "--pin", "M99:P01")
    assert unknown.returncode == 2
    assert "M99" in unknown.stderr
    assert (await mile("cohort", "publish", "wished", "--run", "2", "--waive", "they know each other")).returncode == 0
    published = next(row for row in await _audit(stack, "wished") if row["action"] == "published")
    assert json.loads(published["details"])["waiver"] == "they know each other"


async def test_staff_lead_a_cohort_to_its_publication(mile: Mile, new_class: NewClass, stack: LocalStack) -> None:
    folder = new_class("led", SOON)
    assert (await mile("cohort", "create", str(folder))).returncode == 0
    matched = json.loads((await mile("cohort", "match", "led", "--json")).stdout)
    assert (matched["run"], matched["pairs"], matched["valid"]) == (1, 13, True)

    draft = json.loads((await mile("cohort", "show", "led", "--json")).stdout)
    assert (draft["match_run"]["published"], draft["match_run"]["run"]) == (False, 1)
    assert len(draft["match_run"]["pairs"]) == 13
    assert "mile cohort publish led --run 1" in (await mile("cohort", "show", "led")).stdout

    assert "Match run 1 is published: 13 pairs." in (await mile("cohort", "publish", "led", "--run", "1")).stdout
    events = [(event["actor"], event["action"]) for event in await _audit(stack, "led")]
    me = f"staff:{pwd.getpwuid(os.getuid()).pw_name}"
    assert events == [(me, step) for step in ("created", "matched", "published")]


async def test_what_was_published_is_neither_published_nor_matched_again(mile: Mile, new_class: NewClass) -> None:
    await mile("cohort", "create", str(new_class("twice", SOON)))
    too_early = await mile("cohort", "publish", "twice", "--run", "1")
    assert (too_early.returncode, too_early.stderr) == (
        2,
        "Cohort twice has no match run 1. To make one: mile cohort match twice\n",
    )
    await mile("cohort", "match", "twice")
    await mile("cohort", "publish", "twice", "--run", "1")
    again = await mile("cohort", "publish", "twice", "--run", "1")
    assert (again.returncode, again.stdout) == (0, "Match run 1 is already published. Nothing was changed.\n")
    assert (await mile("cohort", "match", "twice")).returncode == 2


async def test_a_cohort_is_created_once_and_the_refusal_says_what_to_do(mile: Mile, new_class: NewClass) -> None:
    folder = new_class("once", SOON)
    await mile("cohort", "create", str(folder))
    _edit(folder, "mentorship.chair@example.org", "somebody.else@example.org")
    for dry_run in ((), ("--dry-run",)):
        again = await mile("cohort", "create", str(folder), *dry_run)
        assert (again.returncode, "You can change its settings" in again.stderr) == (2, True)
    assert "contact.email" in (await mile("cohort", "update", str(folder))).stdout


async def test_people_read_names_and_programs_read_ids_only(mile: Mile, new_class: NewClass) -> None:
    folder = new_class("named", SOON)
    await mile("cohort", "create", str(folder))
    await mile("cohort", "match", "named")
    name = (folder / "participants.csv").read_text().splitlines()[1].split(",")[1]
    assert name in (await mile("cohort", "show", "named")).stdout
    told = (await mile("cohort", "show", "named", "--json")).stdout
    assert name not in told
    assert "@" not in told


async def test_without_an_id_every_cohort_is_listed(mile: Mile, new_class: NewClass) -> None:
    await mile("cohort", "create", str(new_class("listed", SOON)))
    async with asyncio.timeout(30):
        while {"id": "listed", "stage": "matching", "archived": False} not in json.loads(
            (await mile("cohort", "show", "--json")).stdout
        )["cohorts"]:
            pass
    assert "listed  matching" in (await mile("cohort", "show")).stdout


async def test_update_names_the_keys_that_changed_and_remembers_no_address(
    mile: Mile, new_class: NewClass, stack: LocalStack
) -> None:
    folder = new_class("moved", SOON)
    await mile("cohort", "create", str(folder))
    _edit(folder, "mentorship.chair@example.org", "new.chair@example.org")
    _edit(folder, '"Sugar Lake Lodge"', '"Birch Lake Lodge"')
    told = json.loads((await mile("cohort", "update", str(folder), "--json")).stdout)
    changed = {"changed": ["institute.venue", "contact.email"], "roles_ended": []}
    assert told == {"cohort": "moved", "done": True, "preview": None} | changed
    assert "Nothing was changed" in (await mile("cohort", "update", str(folder))).stdout
    (_, event) = await _audit(stack, "moved")
    assert json.loads(event["details"]) == {"changed": ["institute.venue", "contact.email"], "note": None}


async def test_a_kickoff_moved_before_publication_is_kept_by_the_workflow(mile: Mile, new_class: NewClass) -> None:
    folder = new_class("later", SOON)
    await mile("cohort", "create", str(folder))
    await mile("cohort", "match", "later")
    _edit(folder, f"last_day = {SOON}", f"last_day = {SOON + timedelta(days=7)}")
    assert (await mile("cohort", "update", str(folder))).returncode == 0
    assert (await mile("cohort", "publish", "later", "--run", "1")).returncode == 0

    async def due() -> str | None:
        shown = json.loads((await mile("cohort", "show", "later", "--json")).stdout)
        moment: str | None = shown["next_due_at"]
        return moment

    next_due_at = datetime.fromisoformat(await until(due))
    assert next_due_at.astimezone(NOON_ZONE).date() == SOON + timedelta(days=7)


async def test_a_kickoff_moved_after_publication_is_followed_until_the_mentorships_begin(
    mile: Mile, new_class: NewClass
) -> None:
    folder = new_class("movable", SOON)
    await mile("cohort", "create", str(folder))
    await mile("cohort", "match", "movable")
    await mile("cohort", "publish", "movable", "--run", "1")
    later = SOON + timedelta(days=7)
    _edit(folder, f"last_day = {SOON}", f"last_day = {later}")
    moved = await mile("cohort", "update", str(folder))
    assert moved.returncode == 0, moved.stderr
    assert json.loads((await mile("cohort", "show", "movable", "--json")).stdout)["kickoff_on"] == str(later)


async def test_a_kickoff_moved_once_the_mentorships_have_begun_is_refused_and_nothing_is_saved(
    mile: Mile, running_class: RunningClass, tmp_path: Path
) -> None:
    await running_class("going", LATELY)
    folder = tmp_path / "going"
    later = LATELY + timedelta(days=7)
    _edit(folder, f"last_day = {LATELY}", f"last_day = {later}")
    refused = await mile("cohort", "update", str(folder))
    assert refused.returncode == 2
    assert "have begun" in refused.stderr
    assert json.loads((await mile("cohort", "show", "going", "--json")).stdout)["kickoff_on"] == str(LATELY)
    _edit(folder, f"last_day = {later}", f"last_day = {LATELY}")
    _edit(folder, '"Sugar Lake Lodge"', '"Birch Lake Lodge"')
    assert (await mile("cohort", "update", str(folder))).returncode == 0


async def test_a_dry_run_of_publishing_says_what_would_change_and_changes_nothing(
    mile: Mile, new_class: NewClass
) -> None:
    await mile("cohort", "create", str(new_class("looked-at", SOON)))
    await mile("cohort", "match", "looked-at")
    shown = await mile("cohort", "publish", "looked-at", "--run", "1", "--dry-run")
    assert "Match run 1 would be published: 13 pairs." in shown.stdout
    assert json.loads((await mile("cohort", "show", "looked-at", "--json")).stdout)["match_run"]["published"] is False


async def test_without_a_worker_a_step_says_so_and_is_not_taken_later(
    mile: Mile, new_class: NewClass, stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mile("cohort", "create", str(new_class("alone", SOON)))
    await mile("cohort", "match", "alone")
    await stack.kill_worker()
    try:
        with monkeypatch.context() as impatient:
            impatient.setattr(services.workflow_calls, "ANSWERED_WITHIN", timedelta(seconds=1))
            ran = await mile("cohort", "publish", "alone", "--run", "1")
        assert ran.returncode == 1
        assert ran.stderr.startswith("No worker answered")
        assert (await mile("cohort", "show", "alone")).returncode == 0
    finally:
        await stack.start_worker()
    assert (await mile("cohort", "match", "alone")).returncode == 0
    shown = json.loads((await mile("cohort", "show", "alone", "--json")).stdout)
    assert shown["match_run"]["published"] is False


async def test_a_report_is_refused_until_it_is_written_and_shown_as_tables_then(
    mile: Mile, new_class: NewClass, stack: LocalStack
) -> None:
    await mile("cohort", "create", str(new_class("told", SOON)))
    early = await mile("cohort", "report", "told")
    assert early.returncode == 2
    assert "no report yet" in early.stderr
    said = ResponseRecord(
        form=MilestoneKind.CLOSURE_SURVEY,
        side=Side.MENTEE,
        answers={"quote_me": "yes", "takeaway": "Ask [early] and often."},
    )
    records = CohortRecords(cohort_id="told", outcomes=(Outcome.COMPLETED, None), responses=(said,))
    async with open_pool(stack.settings.database_url.get_secret_value(), size=1) as pool:
        await reports.save_report(pool, make_report(records), datetime.now(UTC))
    shown = await mile("cohort", "report", "told")
    assert "told: 2 mentorships" in shown.stdout
    assert "too few to show" in shown.stdout
    assert "“Ask [early] and often.”" in shown.stdout
    assert json.loads((await mile("cohort", "report", "told", "--json")).stdout)["outcomes"]["completed"] == 1


async def test_a_kickoff_that_is_past_is_pointed_out_before_anything_is_saved(mile: Mile, new_class: NewClass) -> None:
    late = await mile("cohort", "create", str(new_class("late", date(2019, 5, 10))), "--dry-run")
    assert "kickoff is past" in late.stdout
    soon = await mile("cohort", "create", str(new_class("soon", SOON)), "--dry-run")
    assert "kickoff is past" not in soon.stdout


async def test_a_folder_that_is_not_there_is_refused(mile: Mile, tmp_path: Path) -> None:
    for step in ("create", "update"):
        ran = await mile("cohort", step, str(tmp_path / "nowhere"))
        assert ran.returncode == 2
        assert "nowhere" in ran.stderr


async def test_a_database_that_cannot_be_reached_is_a_failure_in_one_sentence(
    mile: Mile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILE_DATABASE_URL", "postgresql://mile:open-sesame@127.0.0.1:1/mile")
    ran = await mile("cohort", "show", "any")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "PostgreSQL cannot be reached. The command mile doctor says more.\n"
