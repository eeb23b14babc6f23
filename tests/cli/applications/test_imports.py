"""Staff bring applications in and out: all or nothing, told by id, and kept from other eyes."""

import csv
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.applications.exports import people_count
from runtime.local_stack.stack import LocalStack
from schemas.enums import Side
from storage.database import open_pool
from tests.cli.classes import write_class
from tests.clocks import TODAY

Mile = Callable[..., Awaitable[CompletedProcess[str]]]
SOON = TODAY + timedelta(days=60)
NUMBERS = count(1)


@pytest.fixture
async def brought(mile: Mile, tmp_path: Path) -> Path:
    """The folder of a cohort of its own, which is created."""
    folder = write_class(tmp_path / f"brought-{next(NUMBERS)}", SOON)
    made = await mile("cohort", "create", str(folder))
    assert made.returncode == 0, made.stderr
    return folder


def _files(folder: Path) -> tuple[str, ...]:
    return "--mentors", str(folder / "mentors.csv"), "--participants", str(folder / "participants.csv")


def _edit(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8-sig") as opened:
        return list(csv.DictReader(opened))


async def _events(stack: LocalStack, cohort: str, action: str) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
    try:
        rows = await connection.fetch(
            "select details from audit_event where cohort_id = $1 and action = $2 order by id", cohort, action
        )
        return [json.loads(row["details"]) for row in rows]
    finally:
        await connection.close()


async def _begin(stack: LocalStack, cohort: str, email: str, person: str = "A001") -> None:
    """Begin an application with an address, as a page does, and leave it at that."""
    async with open_pool(stack.settings.database_url.get_secret_value()) as pool:
        await pool.execute(
            "insert into draft (cohort_id, person_id, side, email, began_at, saved_at) "
            "values ($1, $2, 'mentor', $3, now(), now())",
            cohort,
            person,
            email,
        )


async def test_a_changed_file_is_tried_imported_and_imported_again(
    mile: Mile, brought: Path, stack: LocalStack
) -> None:
    _edit(brought / "mentors.csv", "Cloquet,", "Duluth,")
    await _begin(stack, brought.name, _rows(brought / "mentors.csv")[0]["email"])
    tried = await mile("cohort", "import", brought.name, *_files(brought), "--dry-run")
    assert f"{brought.name}: 0 added, 1 changed, 26 unchanged, 0 refused." in tried.stdout
    assert "Changed: M01 (town)" in tried.stdout
    assert "of these files, and closed because nobody went on with it: A001" in tried.stdout
    assert "Nothing was saved. Leave out --dry-run to import it." in tried.stdout
    done = await mile("cohort", "import", brought.name, *_files(brought), "--note", "the institute sent a new list")
    would = (
        "1 email leaves at once: 1 person is sent a new link.\n  application link: M01\n"
        "To undo it: import the file as it was before.\n"
        "Nothing was saved. Leave out --dry-run to import it.\n"
    )
    assert tried.stdout == done.stdout + would
    again = json.loads((await mile("cohort", "import", brought.name, *_files(brought), "--json")).stdout)
    assert (again["saved"], again["changed"], len(again["unchanged"])) == (True, [], 27)
    assert await _events(stack, brought.name, "imported") == [
        {"added": 0, "changed": 1, "unchanged": 26, "refused": 0, "note": "the institute sent a new list"}
    ]


async def test_an_import_that_emails_more_than_ten_people_needs_a_yes(
    mile: Mile, brought: Path, stack: LocalStack
) -> None:
    for number, mentor in enumerate(_rows(brought / "mentors.csv")[:11], start=1):
        await _begin(stack, brought.name, mentor["email"], f"A{number:03}")
        _edit(brought / "mentors.csv", f"{mentor['id']},{mentor['name']}", f"{mentor['id']},{mentor['name']} Junior")
    asked = await mile("cohort", "import", brought.name, *_files(brought))
    assert asked.returncode == 2
    assert "Nothing was changed: 11 people would be emailed. If that is right, run it again with --yes." in asked.stderr
    assert await _events(stack, brought.name, "imported") == []
    done = await mile("cohort", "import", brought.name, *_files(brought), "--yes")
    assert (done.returncode, done.stderr) == (0, "11 emails leave at once: 11 people are sent a new link.\n")


async def test_who_may_be_known_by_another_address_is_corrected_first_as_the_refusal_says(
    mile: Mile, brought: Path, tmp_path: Path
) -> None:
    known, exported, form = brought / "mentors.csv", tmp_path / "exported.csv", tmp_path / "form.csv"
    rows = [{**row, "id": ""} for row in _rows(known)]
    address = rows[0]["email"]
    rows[0]["email"] = "new.address@example.org"
    with form.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [column for column in rows[0] if column != "id"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    step = ("cohort", "import", brought.name, "--mentors")
    refused = await mile(*step, str(form))
    assert refused.returncode == 2
    assert f"has the name of {_rows(known)[0]['id']}, whom no row names" in refused.stderr
    assert "If that is right, run it again with --yes." in refused.stderr
    assert (await mile("cohort", "export", brought.name, "--mentors", str(exported))).returncode == 0
    _edit(exported, address, "new.address@example.org")
    assert (await mile(*step, str(exported))).returncode == 0
    done = await mile(*step, str(form))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{brought.name}: 0 added, 0 changed, {len(rows)} unchanged, 0 refused." in done.stdout


async def test_a_bad_row_is_named_and_nothing_imported_unless_it_is_skipped(
    mile: Mile, brought: Path, tmp_path: Path
) -> None:
    _edit(brought / "participants.csv", "St. Paul,", "Minneapolis,")
    _edit(brought / "participants.csv", "bridget.orourke@example.org", "nobody")
    refused = await mile("cohort", "import", brought.name, *_files(brought))
    assert refused.returncode == 2
    assert "participants.csv, row 3, column email: is not an email address" in refused.stderr
    assert "Nothing was imported, because 1 row cannot be used." in refused.stderr
    bad = tmp_path / "bad rows.csv"
    tried = await mile("cohort", "import", brought.name, *_files(brought), "--skip-bad-rows", str(bad), "--dry-run")
    assert "  Refused: participants.csv, row 3, column email: is not an email address" in tried.stdout
    assert not bad.exists()
    skipped = await mile("cohort", "import", brought.name, *_files(brought), "--skip-bad-rows", str(bad))
    assert skipped.returncode == 0
    assert "0 added, 1 changed, 25 unchanged, 1 refused" in skipped.stdout
    assert bad.stat().st_mode & 0o777 == 0o600
    (row,) = _rows(bad)
    assert (row["id"], row["why"][:7]) == ("P02", "email: ")
    there = await mile("cohort", "import", brought.name, *_files(brought), "--skip-bad-rows", str(bad))
    assert (there.returncode, "is there already" in there.stderr) == (2, True)
    _edit(bad, "nobody", "bridget.mended@example.org")
    mended = await mile("cohort", "import", brought.name, "--participants", str(bad))
    assert "Changed: P02 (email)" in mended.stdout
    assert "In no row, and left as they are: P01, P03" in mended.stdout


async def test_bad_rows_of_both_sides_go_to_a_file_each(mile: Mile, brought: Path, tmp_path: Path) -> None:
    for name in ("mentors.csv", "participants.csv"):
        file = brought / name
        file.write_text(file.read_text().rstrip("\n") + "\nX99,too short\n")
    ran = await mile("cohort", "import", brought.name, *_files(brought), "--skip-bad-rows", str(tmp_path / "bad.csv"))
    assert ran.returncode == 0
    for name in ("bad-mentors.csv", "bad-participants.csv"):
        assert "has fewer cells than the header" in (tmp_path / name).read_text()
    assert not (tmp_path / "bad.csv").exists()


async def test_an_export_is_private_and_reads_back_unchanged(
    mile: Mile, brought: Path, stack: LocalStack, tmp_path: Path
) -> None:
    _edit(brought / "mentors.csv", "Cloquet Town Library", "=Cloquet Town Library")
    await mile("cohort", "import", brought.name, *_files(brought))
    out = tmp_path / "out"
    ran = await mile("cohort", "export", brought.name, *_files(out), "--excel")
    assert f"{out / 'mentors.csv'}: 14 mentors of {brought.name}." in ran.stdout
    assert _rows(out / "mentors.csv")[0]["library"] == "'=Cloquet Town Library"
    assert {(out / name).stat().st_mode & 0o777 for name in ("mentors.csv", "participants.csv")} == {0o600}
    back = json.loads((await mile("cohort", "import", brought.name, *_files(out), "--json")).stdout)
    assert (len(back["unchanged"]), back["changed"], back["refused"]) == (27, [], [])
    again = await mile("cohort", "export", brought.name, *_files(out))
    assert (again.returncode, "Add --force to replace it." in again.stderr) == (2, True)
    assert (await mile("cohort", "export", brought.name, *_files(out), "--force")).returncode == 0
    assert await _events(stack, brought.name, "exported") == [{"mentors": 14, "mentees": 13}] * 2


@pytest.mark.parametrize(("number", "said"), [(0, "0 mentors"), (1, "1 mentor"), (2, "2 mentors")])
def test_people_are_counted_in_words_that_fit(number: int, said: str) -> None:
    assert people_count(Side.MENTOR, number) == said


async def test_staff_withdraw_and_take_back_and_export_follows(
    mile: Mile, brought: Path, stack: LocalStack, tmp_path: Path
) -> None:
    without = await mile("cohort", "withdraw", brought.name, "M03")
    assert (without.returncode, "--note" in without.stderr) == (2, True)
    tried = await mile("cohort", "withdraw", brought.name, "M03", "--note", "moved away", "--dry-run")
    assert f"M03 would be withdrawn in {brought.name}; was accepted." in tried.stdout
    done = await mile("cohort", "withdraw", brought.name, "M03", "--note", "moved away")
    assert f"M03 is withdrawn in {brought.name}; was accepted." in done.stdout
    for all_, people in (((), 13), (("--all",), 14)):
        file = tmp_path / f"mentors-{people}.csv"
        await mile("cohort", "export", brought.name, "--mentors", str(file), *all_)
        assert len(_rows(file)) == people
    listed = json.loads((await mile("cohort", "applications", brought.name, "--json")).stdout)
    assert {one["id"]: one["status"] for one in listed["applications"]}["M03"] == "withdrawn"
    assert (listed["mentor_places"], listed["mentees"], listed["places_missing"]) == (13, 13, 0)
    assert "example.org" not in json.dumps(listed)
    await mile("cohort", "accept", brought.name, "M03")
    shown = (await mile("cohort", "applications", brought.name)).stdout
    assert "Places with accepted mentors: 14, for 13 mentees." in shown
    assert [event["note"] for event in await _events(stack, brought.name, "withdrawn")] == ["moved away"]
    assert [event["after"] for event in await _events(stack, brought.name, "accepted")] == ["accepted"]


async def test_staff_invite_a_mentor_no_more_and_again(mile: Mile, brought: Path) -> None:
    step = ("cohort", "uninvite", brought.name, "M03", "--note", "asked by email")
    assert "(M03) would not be invited to mentor." in (await mile(*step, "--dry-run")).stdout
    assert json.loads((await mile(*step, "--json")).stdout)["changed"]
    assert not json.loads((await mile(*step, "--json")).stdout)["changed"]
    assert "M03 of" in (await mile(*step, "--undo")).stdout
    refused = await mile("cohort", "uninvite", brought.name, "nobody", "--note", "asked")
    assert (refused.returncode, refused.stderr) == (2, f"{brought.name} has no participant nobody.\n")


async def test_staff_read_whom_somebody_must_not_be_matched_with_and_the_words_command_no_terminal(
    mile: Mile, brought: Path, stack: LocalStack
) -> None:
    none = await mile("cohort", "applications", brought.name, "--keep-apart")
    assert none.stdout == f"No one in {brought.name} asked not to be matched with someone.\n"
    async with open_pool(stack.settings.database_url.get_secret_value(), size=1) as pool:
        await pool.execute(
            "insert into draft (cohort_id, person_id, side, email, answers, began_at, saved_at)"
            " select cohort_id, person_id, side, email, $2, now(), now() from application"
            " where cohort_id = $1 and person_id = 'M03'",
            brought.name,
            json.dumps({"keep_apart": "My cousin \x1b[2J Ada\nMy library"}),
        )
    shown = await mile("cohort", "applications", brought.name, "--keep-apart")
    wish = shown.stdout.splitlines()[0]
    assert wish.startswith("M03 ")
    assert wish.endswith(" asks not to be matched with: My cousin [2J Ada My library")
    listed = (await mile("cohort", "applications", brought.name)).stdout
    assert "1 asked not to be matched with someone" in listed
    assert "My cousin" not in listed
    told = json.loads((await mile("cohort", "applications", brought.name, "--keep-apart", "--json")).stdout)
    assert told["requests"].keys() == {"M03"}


async def test_who_has_no_pair_is_taken_to_the_next_class_and_goes_first_there(mile: Mile, tmp_path: Path) -> None:
    await mile("cohort", "create", str(write_class(tmp_path / "before", SOON)))
    nobody = await mile("cohort", "next", "before", "--into", str(tmp_path / "next"))
    assert (nobody.returncode, "No one in before is without a pair" in nobody.stderr) == (2, True)
    await mile("cohort", "match", "before")
    await mile("cohort", "publish", "before", "--run", "1")
    tried = await mile("cohort", "next", "before", "--into", str(tmp_path / "next"), "--dry-run")
    assert (tried.returncode, (tmp_path / "next").exists()) == (0, False)
    ran = await mile("cohort", "next", "before", "--into", str(tmp_path / "next"))
    assert "1 mentor without a pair in before." in ran.stdout
    rows = _rows(tmp_path / "next" / "mentors.csv")
    assert [(row["id"], row["ranks"]) for row in rows] == [("WM01", "")]
    following = write_class(tmp_path / "after", SOON + timedelta(days=700))
    # One person of each side who ranked nobody.
    for name, row in (("mentors.csv", -1), ("participants.csv", -2)):
        lines = (following / name).read_text().splitlines()
        (following / name).write_text("\n".join([lines[0], lines[row]]))
    await mile("cohort", "create", str(following))
    taken = await mile("cohort", "import", "after", "--mentors", str(tmp_path / "next" / "mentors.csv"))
    assert "WM01" in taken.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "ID"), "Say which file to import: --mentors CSV, --participants CSV, or both."),
        (("import", "ID", "--mentors", "nowhere.csv"), "nowhere.csv cannot be read"),
        (("import", "nowhere", "--mentors", __file__), "There is no cohort nowhere."),
        (("import", "ID", "--mentors", __file__), "test_imports.py, row 1: names none of the columns"),
        (("export", "ID"), "Say where to write: --mentors CSV, --participants CSV, or both."),
        (("export", "ID", "--mentors", "a.csv", "--participants", "a.csv"), "name the same file; name two."),
        (("export", "nowhere", "--mentors", "a.csv"), "There is no cohort nowhere."),
        (("applications", "nowhere"), "There is no cohort nowhere."),
        (("waive", "ID", "M01", "--note", "why"), "M01 is accepted, so it needs no exception."),
        (("accept", "ID", "X 1"), "X 1 has not submitted an application to ID."),
        (("next", "nowhere", "--into", "a"), "There is no cohort nowhere."),
    ],
)
async def test_what_cannot_be_done_is_refused_in_a_sentence(
    mile: Mile, brought: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = await mile("cohort", *(brought.name if each == "ID" else each for each in arguments))
    assert ran.returncode == 2
    assert said.replace("ID", brought.name) in ran.stderr


@given(st.binary(max_size=400))
@settings(max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_bytes_are_refused_in_words(mile: Mile, brought: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "anything.csv"
    file.write_bytes(content)
    ran = await mile("cohort", "import", brought.name, "--mentors", str(file))
    assert ran.returncode == 2
    assert ran.stderr.startswith("anything.csv")
    assert "Traceback" not in ran.stderr
