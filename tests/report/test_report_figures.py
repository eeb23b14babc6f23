"""The report of a whole class against its rows: every figure is asked of PostgreSQL in another way."""

import json
import random
from collections import Counter
from datetime import UTC, date, datetime
from statistics import fmean

import asyncpg
import pytest

from domain.report import figures
from schemas.cohort import CohortSettings
from schemas.forms import FORMS, Question, confidence_question
from schemas.ids import response_id
from schemas.report import Report
from schemas.words import MilestoneKind, Side
from storage import cohorts, reports

OPENED, ANSWERED, CLOSED = (datetime(2020, 1, day, tzinfo=UTC) for day in (1, 10, 20))
PAIRS = 14
ASKED = {
    MilestoneKind.SELF_ASSESSMENT: 3,
    MilestoneKind.CHECK_IN: 6,
    MilestoneKind.MEETING: 5,
    MilestoneKind.INVOLVEMENT: 1,
    MilestoneKind.AGREEMENT_REVIEW: 2,
    MilestoneKind.CLOSING_CONVERSATION: 1,
    MilestoneKind.CLOSURE_SURVEY: 1,
    MilestoneKind.FOLLOW_UP: 2,
}


def chosen(question: Question, chance: random.Random) -> str:
    values = [str(choice.value) for choice in question.choices]
    if question.kind == "choice":
        return chance.choice(values)
    if question.kind == "ticks":
        return ",".join(value for value in values if chance.random() < 0.4)
    return {"tick": "yes", "count": str(chance.randrange(4))}.get(question.kind, "Ours alone")


def answers_of(kind: MilestoneKind, side: Side, chance: random.Random) -> dict[str, str]:
    goals = (confidence_question(1, ""), confidence_question(2, "")) if kind is MilestoneKind.SELF_ASSESSMENT else ()
    asked = (*FORMS[kind].for_side(side), *(goals if side is Side.MENTEE else ()))
    said = {question.name: chosen(question, chance) for question in asked if chance.random() < 0.9}
    return {name: answer for name, answer in said.items() if answer}


async def write(pool: asyncpg.Pool, mentorship: str, kind: MilestoneKind, number: int, chance: random.Random) -> None:
    milestone = f"{kind}-{number}"
    await pool.execute(
        "insert into milestone (mentorship_id, id, kind, number, asked, opens_on, closes_on, opens_at, closes_at, "
        "closed_at, mentor_status, mentee_status) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $10)",
        *(mentorship, milestone, kind, number, list(Side), OPENED.date(), CLOSED.date(), OPENED, CLOSED, "met"),
    )
    for side in Side:
        for revision in range(1, chance.choice((1, 2, 2, 2, 3))):
            await pool.execute(
                "insert into response "
                "(id, revision, mentorship_id, milestone, side, form, answers, received_at, envelope) "
                "values ($1, $2, $3, $4, $5, $6, $7, $8, '{}')",
                *(response_id(mentorship, milestone, side), revision, mentorship, milestone, side, kind),
                *(json.dumps(answers_of(kind, side, chance)), ANSWERED),
            )


@pytest.fixture
async def report(pool: asyncpg.Pool, cohort: CohortSettings) -> Report:
    """The report of fourteen pairs who answered whatever came to their minds, or did not, or twice."""
    chance = random.Random(2019)  # noqa: S311 - any class will do, as long as it is the same each time
    await cohorts.save_cohort(pool, cohort, (), (), OPENED)
    for pair in range(1, PAIRS + 1):
        for side, person in ((Side.MENTOR, f"M{pair}"), (Side.MENTEE, f"P{pair}")):
            await pool.execute(
                "insert into application values ($1, $2, $3, $4, '{}')",
                cohort.id,
                side,
                person,
                f"{person}@example.org",
            )
        await pool.execute(
            "insert into mentorship (id, cohort_id, mentor_id, mentee_id, score, starts_on, ends_on, updated_at) "
            "values ($1, $2, $3, $4, 0, $5, $5, $6)",
            *(f"m-{pair}", cohort.id, f"M{pair}", f"P{pair}", date(2019, 5, 10), OPENED),
        )
        for kind, times in ASKED.items():
            for number in range(1, times + 1):
                await write(pool, f"m-{pair}", kind, number, chance)
    return figures(await reports.cohort_records(pool, cohort.id))


NEWEST = (
    "select r.mentorship_id, r.milestone, r.side, r.answers from response r where r.revision = "
    "(select max(other.revision) from response other where other.id = r.id) and r.form = $1"
)


async def newest(pool: asyncpg.Pool, form: MilestoneKind, name: str) -> dict[tuple[str, int, Side], str]:
    """Return what was last answered to a question, by mentorship, number and side."""
    rows = await pool.fetch(NEWEST, form)
    said = {(row[0], int(row[1].rpartition("-")[2]), Side(row[2])): json.loads(row[3]).get(name) for row in rows}
    return {key: answer for key, answer in said.items() if answer is not None}


async def test_rates_are_responses_to_what_was_asked(pool: asyncpg.Pool, report: Report) -> None:
    rows = await pool.fetch("select form, side, count(distinct id) as answered from response group by form, side")
    answered = {(row["form"], row["side"]): row["answered"] for row in rows}
    assert {(rate.form, rate.side) for rate in report.rates} == {(form, side) for form in ASKED for side in Side}
    for rate in report.rates:
        assert (rate.asked, rate.answered) == (PAIRS * ASKED[rate.form], answered[rate.form, rate.side])


async def test_means_over_time_are_those_of_the_rows(pool: asyncpg.Pool, report: Report) -> None:
    assert len(report.courses) == 7 + 2 + 5
    assert {point.mean is None for course in report.courses for point in course.points} == {True, False}
    for course in report.courses:
        if course.question == "own_goals":
            continue
        rows = await newest(pool, course.form, course.question)
        for point in course.points:
            own = [
                int(answer)
                for (pair, number, side), answer in rows.items()
                if (number, side) == (point.number, course.side)
                if course.form is not MilestoneKind.SELF_ASSESSMENT
                or ((pair, 1, side) in rows and (pair, 3, side) in rows)
            ]
            assert point.answered == len(own)
            assert point.mean == (pytest.approx(fmean(own), abs=0.005) if len(own) > 4 else None)


async def test_confidence_in_goals_is_the_mean_of_the_rows_means(pool: asyncpg.Pool, report: Report) -> None:
    first, second = [await newest(pool, MilestoneKind.SELF_ASSESSMENT, f"confidence_{number}") for number in (1, 2)]
    rated = {
        key: fmean(int(ratings[key]) for ratings in (first, second) if key in ratings)
        for key in first.keys() | second.keys()
    }
    (course,) = [one for one in report.courses if one.question == "own_goals"]
    both = {pair for pair, _, side in rated if {(pair, 1, side), (pair, 3, side)} <= rated.keys()}
    for point in course.points:
        own = [mean for (pair, number, _), mean in rated.items() if pair in both if number == point.number]
        assert (point.answered, point.mean) == (len(own), pytest.approx(fmean(own), abs=0.005) if own[4:] else None)


async def test_items_of_the_survey_are_means_of_the_rows(pool: asyncpg.Pool, report: Report) -> None:
    assert len(report.items) == 6 + 7
    for item in report.items:
        rows = await newest(pool, MilestoneKind.CLOSURE_SURVEY, item.question)
        own = [int(answer) for (_, _, side), answer in rows.items() if side is item.side]
        assert (item.answered, item.mean) == (len(own), pytest.approx(fmean(own), abs=0.005) if own[4:] else None)


async def test_choices_are_those_of_the_rows(pool: asyncpg.Pool, report: Report) -> None:
    apart = [one for one in report.choices if one.side]
    assert {one.question for one in apart} >= {"again", "active", "where", "fits", "in_touch", "new_role"}
    for figure in apart:
        rows = await newest(pool, figure.form, figure.question)
        own = [answer for (_, at, side), answer in rows.items() if side is figure.side if figure.number in (0, at)]
        counts = Counter(value for answer in own for value in answer.split(","))
        asked = next(question for question in FORMS[figure.form].questions if question.name == figure.question)
        shown = [counts[str(choice.value)] if len(own) > 4 else None for choice in asked.choices]
        assert (figure.answered, [choice.count for choice in figure.choices]) == (len(own), shown)


async def test_meetings_and_topics_count_once_per_pair(pool: asyncpg.Pool, report: Report) -> None:
    held, topics = [await newest(pool, MilestoneKind.MEETING, name) for name in ("held", "topics")]
    figure = {one.question: one for one in report.choices if one.form is MilestoneKind.MEETING}
    assert figure["held"].choices[0].count == len({key[:2] for key, answer in held.items() if answer == "held"})
    assert figure["held"].answered == len({key[:2] for key in held})
    ticked = {(key[:2], topic) for key, answer in topics.items() for topic in answer.split(",")}
    asked = next(question for question in FORMS[MilestoneKind.MEETING].questions if question.name == "topics")
    for choice, counted in zip(asked.choices, figure["topics"].choices, strict=True):
        assert counted.count == sum(topic == choice.value for _, topic in ticked) > 0


async def test_sums_are_those_of_the_rows(pool: asyncpg.Pool, report: Report) -> None:
    found = {one.question: one for one in report.sums}
    assert set(found) == {"meetings", "introductions", "opportunity", "feedback_given", "feedback_received"}
    for name in ("meetings", "introductions"):
        rows = await newest(pool, MilestoneKind.CHECK_IN, name)
        larger: Counter[tuple[str, int]] = Counter()
        for (pair, number, _), count in rows.items():
            larger[pair, number] = max(larger[pair, number], int(count))
        assert found[name].total == larger.total()
        assert found[name].with_some == len({pair for (pair, _), count in larger.items() if count})
        assert found[name].answered == len({pair for pair, _, _ in rows})
    ticked = await newest(pool, MilestoneKind.CHECK_IN, "opportunity")
    assert found["opportunity"].total == len(ticked)
    assert found["opportunity"].with_some == len({pair for pair, _, _ in ticked})


async def test_only_sentences_that_may_be_quoted_stand_in_it(pool: asyncpg.Pool, report: Report) -> None:
    said, agreed = [await newest(pool, MilestoneKind.CLOSURE_SURVEY, name) for name in ("takeaway", "quote_me")]
    assert len(report.quotes) == len(said.keys() & agreed.keys())
    assert "Ours alone" not in report.model_copy(update={"quotes": ()}).model_dump_json()
