"""When everybody is written to once more about where and when they meet, and when nobody is."""

from typing import Any

import pytest

from domain.kickoff.fingerprint import kickoff_fingerprint
from schemas.cohort.settings import CohortSettings

HALF_DAYS = [
    {"id": "friday_early", "label": "Friday morning", "day": "2019-05-10", "begins": "08:30", "ends": "12:00"},
    {"id": "thursday_late", "label": "Thursday afternoon", "day": "2019-05-09", "begins": "13:00", "ends": "16:30"},
]
MILE: dict[str, Any] = {
    "id": "mile-2019",
    "title": "2019 Mentorship Program",
    "institute": {
        "venue": "Sugar Lake Lodge",
        "town": "Cohasset",
        "address": "37584 Otis Lane",
        "first_day": "2019-05-07",
        "last_day": "2019-05-10",
    },
    "contact": {"role": "Chair", "email": "chair@example.org"},
    "session": {"half_days": HALF_DAYS},
}


def mark(**changes: Any) -> str:
    """Return the mark of the cohort with some of its tables changed; ``None`` leaves one out."""
    changed = dict(MILE)
    for name, value in changes.items():
        changed[name] = {**changed.get(name, {}), **value} if isinstance(value, dict) else value
    return kickoff_fingerprint(CohortSettings.model_validate(changed))


def half_day(**changes: str) -> dict[str, Any]:
    return {"half_days": [HALF_DAYS[0] | changes, HALF_DAYS[1]]}


@pytest.mark.parametrize(
    "change",
    [
        {"institute": {"venue": "Ruttger's Bay Lake Lodge"}},
        {"institute": {"town": "Deerwood"}},
        {"institute": {"address": "37585 Otis Lane"}},
        {"institute": {"address": None}},
        {"institute": {"first_day": "2019-05-08"}},
        {"institute": {"last_day": "2019-05-11"}},
        {"kickoff_on": "2019-05-09"},
        {"time_zone": "America/Denver"},
        {"session": half_day(day="2019-05-09", label="Thursday morning")},
        {"session": half_day(begins="09:00")},
        {"session": half_day(ends="11:30")},
        {"session": {"half_days": HALF_DAYS[:1]}},
        {"session": None},
    ],
    ids=str,
)
def test_fingerprint_changes_with_place_day_or_hour(change: dict[str, Any]) -> None:
    assert mark(**change) != mark()


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Mentors 2019"},
        {"contact": {"role": "Subcommittee", "email": "new@example.org"}},
        {"program": {"short_name": "Lead"}},
        {"matching": {"weights": {"goals": 10}}},
        {"eligibility": {"min_years": 9}},
        {"timeline": {"months": 12}},
        {"applications": {"opens_on": "2019-01-01", "closes_on": "2019-03-01"}},
        {"proposals": {"answer_days": 20}},
        {"session": {"title": "Leading for All", "invite_days": 40, "remind_days": 9}},
        {"session": {"half_days": HALF_DAYS[::-1]}},
        {"session": half_day(label="The morning of the last day")},
        {"session": half_day(begins="08:30:00")},
        {"institute": {"venue": "  sugar lake   LODGE "}},
        {"kickoff_on": "2019-05-10"},
        {"id": "mile-2020"},
    ],
    ids=str,
)
def test_fingerprint_ignores_what_changes_nobodys_plans(change: dict[str, Any]) -> None:
    assert mark(**change) == mark()


def test_a_class_of_one_day_is_the_same_with_and_without_its_first_day() -> None:
    one_day = {"last_day": "2019-05-10", "first_day": "2019-05-10"}
    session = half_day()["half_days"][:1]
    assert mark(institute=one_day, session={"half_days": session}) == mark(
        institute=one_day | {"first_day": None}, session={"half_days": session}
    )


def test_words_of_one_line_cannot_pass_for_those_of_the_next() -> None:
    moved = {"venue": "Sugar Lake", "town": "Lodge Cohasset"}
    assert mark(institute=moved) != mark()


def test_fingerprint_reveals_no_place() -> None:
    assert len(mark()) == 16
    assert set(mark()) <= set("0123456789abcdef")
