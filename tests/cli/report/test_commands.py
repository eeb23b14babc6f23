"""``mile cohort report``: the stored one or an interim one, as a page, on paper and for spreadsheets."""

import csv
import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import asyncpg
import pytest
from pypdf import PdfReader

from domain.report.figures import make_report
from runtime.local_stack.stack import LocalStack
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from storage import reports
from storage.database import open_pool
from tests.cli.conftest import Mile
from tests.report.random_class import RandomClass
from tests.report.recount import numbers_in, rows_of
from tests.report.recounted import recounted

COHORT = "answered"


@pytest.fixture
async def tables(stack: LocalStack) -> AsyncIterator[asyncpg.Pool]:
    """The stack's tables with a class of twenty-five pairs that have answered, and no report yet."""
    cohort = CohortSettings(
        id=COHORT,
        title="Answered",
        institute=Institute(venue="Lodge", town="Cohasset", last_day=date(2019, 5, 10)),
        contact=ProgramContact(role="Chair", email="chair@example.org"),
    )
    async with open_pool(stack.settings.database_url.get_secret_value(), size=2) as pool:
        if not await pool.fetchval("select count(*) from mentorship where cohort_id = $1", COHORT):
            await RandomClass(cohort, random.Random(7), 25).fill(pool)  # noqa: S311 - any class will do
        await pool.execute("delete from report where cohort_id = $1", COHORT)
        yield pool


@pytest.mark.usefixtures("tables")
async def test_without_a_stored_report_the_interim_one_is_pointed_to(mile: Mile) -> None:
    refused = await mile("cohort", "report", COHORT)
    assert refused.returncode == 2
    assert "no report yet" in refused.stderr
    assert "An interim report has what there is so far." in refused.stderr


async def test_interim_report_counts_the_rows_as_they_are_and_keeps_nothing(mile: Mile, tables: asyncpg.Pool) -> None:
    shown = json.loads((await mile("cohort", "report", COHORT, "--interim", "--json")).stdout)
    assert numbers_in(shown) == pytest.approx(recounted(await rows_of(tables, COHORT)), abs=0.0051)
    assert abs(date.fromisoformat(shown["interim_on"]) - datetime.now(UTC).date()) <= timedelta(days=1)
    assert await reports.report(tables, COHORT) is None
    printed = (await mile("cohort", "report", COHORT, "--interim")).stdout
    assert printed.startswith("Interim report of ")
    assert "Closure survey by role group" in printed


async def test_files_hold_the_same_figures(mile: Mile, tables: asyncpg.Pool, tmp_path: Path) -> None:
    report = make_report(await reports.cohort_records(tables, COHORT, datetime.now(UTC)))
    await reports.save_report(tables, report, datetime.now(UTC))
    page, paper, sheet = (tmp_path / "new" / name for name in ("report.html", "report.pdf", "report.csv"))
    wrote = await mile("cohort", "report", COHORT, "--html", str(page), "--pdf", str(paper), "--csv", str(sheet))
    assert (wrote.returncode, wrote.stdout) == (0, "")
    assert [line for line in wrote.stderr.splitlines() if line] == [f"Written: {file}" for file in (page, paper, sheet)]
    assert "<h1>Closing report: Answered</h1>" in page.read_text(encoding="utf-8")
    assert "Closing report: Answered" in PdfReader(BytesIO(paper.read_bytes())).pages[0].extract_text()
    with sheet.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert list(rows[0]) == ["part", "promise", "question", "group", "n", "value", "withheld"]
    assert {row["part"] for row in rows} == {"opening", "mentors", "participants", "association"}
    met = [row for row in rows if row["group"] == "check-in 1, met"]
    assert [(row["n"], row["value"], row["withheld"]) for row in met] == [
        (str(report.windows[0].mentorships), str(report.windows[0].met), "no")
    ]
    assert {row["withheld"] for row in rows if not row["value"]} <= {"yes", "no"}
    assert all(row["value"] == "" for row in rows if row["withheld"] == "yes")


async def test_json_beside_files_stays_json(mile: Mile, tables: asyncpg.Pool, tmp_path: Path) -> None:
    report = make_report(await reports.cohort_records(tables, COHORT, datetime.now(UTC)))
    await reports.save_report(tables, report, datetime.now(UTC))
    told = await mile("cohort", "report", COHORT, "--json", "--csv", str(tmp_path / "report.csv"))
    assert json.loads(told.stdout)["cohort_id"] == COHORT


@pytest.mark.usefixtures("tables")
async def test_file_that_cannot_be_written_is_refused(mile: Mile, tmp_path: Path) -> None:
    refused = await mile("cohort", "report", COHORT, "--interim", "--pdf", str(tmp_path))
    assert refused.returncode == 2
    assert "cannot be written" in refused.stderr


async def test_cohort_that_is_not_there_is_refused(mile: Mile) -> None:
    refused = await mile("cohort", "report", "nowhere", "--interim")
    assert (refused.returncode, refused.stderr) == (2, "There is no cohort nowhere.\n")
