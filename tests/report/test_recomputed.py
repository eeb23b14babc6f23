"""Every number of the report, counted a second time in another way from the rows of classes made at random (B6)."""

import random
from datetime import UTC, datetime

import asyncpg
import pytest

from domain.report.figures import make_report
from schemas.cohort.settings import CohortSettings
from schemas.report.figures import Report
from storage import reports
from tests.report.random_class import RandomClass
from tests.report.recount import Rows, numbers_in, rows_of
from tests.report.recounted import recounted

SEEDS = range(12)
# Several tests look at the same classes, which take longer to fill in than to look at.
MADE: dict[int, tuple[Report, Rows]] = {}
SIZES = (0, 1, 4, 7, 12, 14, 20, 25, 25, 30, 40, 60)


async def class_of(pool: asyncpg.Pool, cohort: CohortSettings, seed: int) -> tuple[Report, Rows]:
    """Fill the tables with a class, and with another one whose rows must not count; return its report and its rows.

    A class that was made before is returned as it was; the tables stay empty then.
    """
    if seed in MADE:
        return MADE[seed]
    chance = random.Random(seed)  # noqa: S311 - any class will do, as long as it is the same each time
    await RandomClass(cohort, chance, SIZES[seed]).fill(pool)
    await RandomClass(cohort.model_copy(update={"id": "mile-2021"}), chance, 3).fill(pool)
    MADE[seed] = (
        make_report(await reports.cohort_records(pool, cohort.id, datetime.now(UTC))),
        await rows_of(pool, cohort.id),
    )
    return MADE[seed]


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_number_is_found_again_in_the_rows(pool: asyncpg.Pool, cohort: CohortSettings, seed: int) -> None:
    report, rows = await class_of(pool, cohort, seed)
    shown, expected = numbers_in(report.model_dump(mode="json")), recounted(rows)
    assert set(shown) - set(expected) == set(), "the report shows numbers that nobody counted again"
    assert set(expected) - set(shown) == set(), "numbers are missing in the report"
    wrong = {at: (shown[at], expected[at]) for at in shown if shown[at] != pytest.approx(expected[at], abs=0.0051)}
    assert wrong == {}


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_sentence_quoted_is_one_whose_author_ticked_that_it_may_be(
    pool: asyncpg.Pool, cohort: CohortSettings, seed: int
) -> None:
    report, rows = await class_of(pool, cohort, seed)
    agreed = [one for one in rows.said if one.form == "closure_survey" and one.answers.get("quote_me") == "yes"]
    assert list(report.quotes) == [one.answers["takeaway"] for one in agreed if "takeaway" in one.answers]
    assert "Ours alone" not in report.model_copy(update={"quotes": ()}).model_dump_json()


async def test_a_number_nobody_counts_again_is_noticed(pool: asyncpg.Pool, cohort: CohortSettings) -> None:
    report, rows = await class_of(pool, cohort, 4)
    shown = numbers_in({**report.model_dump(mode="json"), "invented": {"count": 3}})
    assert set(shown) - set(recounted(rows)) == {("invented", "count")}


async def test_the_classes_have_numbers_of_every_kind_shown_and_withheld(
    pool: asyncpg.Pool, cohort: CohortSettings
) -> None:
    """A recount that is never asked about anything would prove nothing."""
    kinds: dict[tuple[str, bool], int] = {}
    for seed in SEEDS:
        await pool.execute("truncate cohort cascade")
        report, _ = await class_of(pool, cohort, seed)
        for at, number in numbers_in(report.model_dump(mode="json")).items():
            kinds[at[0], number is None] = kinds.get((at[0], number is None), 0) + 1
    withholding = {"windows", "items", "courses", "choices", "sums", "people", "groups", "applications"}
    assert {kind for kind, withheld in kinds if withheld} >= withholding
    assert {kind for kind, withheld in kinds if not withheld} >= withholding | {
        "outcomes",
        "rates",
        "agreement",
        "covered",
    }
