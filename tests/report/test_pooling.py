"""Several classes in one report: nothing can be found by subtracting the report of one of them (B6, A34)."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import asyncpg
import pytest

from domain.report.figures import make_report
from domain.report.pooling import make_pooled_report
from schemas.cohort.settings import CohortSettings
from schemas.forms.catalog import FORMS
from schemas.report.figures import ChoiceFigure, Report
from storage import reports
from tests.report.random_class import RandomClass

SIZES = ((7, 9), (12, 13), (12, 4), (25, 14), (40, 3, 3))
Table = dict[str, int | None]


async def pooled_of(pool: asyncpg.Pool, cohort: CohortSettings, sizes: tuple[int, ...]) -> tuple[Report, list[Report]]:
    """Fill the tables with classes of so many pairs; return the report of all of them, and each one's own."""
    classes = []
    for place, size in enumerate(sizes):
        settings = cohort.model_copy(update={"id": f"class-{place}"})
        chance = random.Random(f"{sizes}{place}")  # noqa: S311 - any class will do
        await RandomClass(settings, chance, size).fill(pool)
        classes.append(await reports.cohort_records(pool, settings.id, datetime.now(UTC)))
    return make_pooled_report(classes), [make_report(records) for records in classes]


def tables(report: Report) -> Iterator[tuple[str, Table]]:
    """Yield every table whose cells make up a whole, by name."""
    for choice in report.choices:
        if not is_ticked(choice):
            yield named(choice), {one.label: one.count for one in choice.choices}
    for people in report.people:
        yield people.by, {one.label: one.count for one in people.choices}
    for applied in report.applications:
        yield f"{applied.side} applied", {str(status): count for status, count in applied.statuses.items()}
    for window in report.windows:
        yield f"window {window.number}", window.model_dump(include={"planned", "not_yet", "unanswered"})
    for question in {one.question for one in report.groups}:
        own = {str(one.group): one.answered for one in report.groups if one.question == question and one.group}
        yield f"groups {question}", own


def named(choice: ChoiceFigure) -> str:
    return f"{choice.form} {choice.number} {choice.question} {choice.side}"


def is_ticked(choice: ChoiceFigure) -> bool:
    return any(one.kind == "ticks" for one in FORMS[choice.form].questions if one.name == choice.question)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
async def test_tables_show_what_each_class_shows_and_add_it_up(
    pool: asyncpg.Pool, cohort: CohortSettings, sizes: tuple[int, ...]
) -> None:
    report, own = await pooled_of(pool, cohort, sizes)
    theirs = [dict(tables(one)) for one in own]
    for name, table in tables(report):
        for label, count in table.items():
            parts = [one[name][label] for one in theirs if name in one]
            known = [part for part in parts if part is not None]
            assert count == (sum(known) if len(known) == len(parts) else None), (name, label)
    assert report.mentorships == sum(sum(count or 0 for count in one.outcomes.values()) for one in own)
    assert sum(count or 0 for count in report.outcomes.values()) == report.mentorships
    if any("parted" in one.outcomes for one in own):
        assert {"ended_early", "mentor_withdrew", "mentee_withdrew"}.isdisjoint(report.outcomes)


def means(report: Report) -> dict[str, tuple[int, float | None]]:
    items = {f"{one.side} {one.question}": (one.answered, one.mean) for one in report.items}
    return items | {
        f"{course.form} {course.question} {course.side} {point.number}": (point.answered, point.mean)
        for course in report.courses
        for point in course.points
    }


@pytest.mark.parametrize("sizes", SIZES, ids=str)
async def test_means_and_ticks_of_few_are_those_of_several_classes_or_withheld(
    pool: asyncpg.Pool, cohort: CohortSettings, sizes: tuple[int, ...]
) -> None:
    report, own = await pooled_of(pool, cohort, sizes)
    for name, (answered, mean) in means(report).items():
        theirs = [means(one).get(name, (0, None)) for one in own]
        few = [count for count, shown in theirs if count and shown is None]
        assert answered == sum(count for count, _ in theirs)
        assert mean is None or not few or (len(few) > 1 and sum(few) >= 5), name
    for choice in filter(is_ticked, report.choices):
        same = [one for each in own for one in each.choices if named(one) == named(choice)]
        for place, ticked in enumerate(choice.choices):
            hiding = [one for one in same if one.choices[place].count is None]
            assert ticked.count is None or len(hiding) != 1, (named(choice), ticked.label)
