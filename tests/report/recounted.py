"""Every number of a report, by where it stands in the report, counted from a cohort's raw rows."""

from collections import Counter, defaultdict
from statistics import median
from zoneinfo import ZoneInfo

from schemas.enums import Outcome, WindowStatus
from tests.report.recount import Number, Numbers, Path, Rows, hidden_counts
from tests.report.recounted_answers import choices, courses, goals, items, sums
from tests.report.recounted_people import applications, groups, people


def recounted(rows: Rows) -> dict[Path, Number]:
    """Return every number the report of these rows must show, and None for each it must withhold."""
    parts = (opening, windows, rates, items, courses, choices, goals, sums, agreement, people, groups, applications)
    return {path: number for part in parts for path, number in part(rows)}


def opening(rows: Rows) -> Numbers:
    all_ = rows.mentorships.values()
    followed = {row["predecessor_id"] for row in all_}
    ends = Counter(
        "replaced" if row["outcome"] == "mentor_withdrew" and row["id"] in followed else row["outcome"] or "running"
        for row in all_
    )
    yield ("mentorships",), len(rows.mentorships)
    yield ("replaced",), ends["replaced"]
    parted = {one: ends[one] for one in Outcome if one != "completed"}
    gone = hidden_counts(parted)
    for one in (*Outcome, "replaced", "running"):
        if ends[one] or one in gone:
            yield ("outcomes", one), None if one in gone else ends[one]


def windows(rows: Rows) -> Numbers:
    news: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows.milestones.values():
        if row["kind"] == "check_in" and row["closed_at"]:
            said = {row["mentor_status"], row["mentee_status"]}
            best = next(one for one in ("met", "planned", "not_yet", "unanswered") if one in said)
            news[row["number"]][best] += 1
    for number, counts in news.items():
        others = {status: counts[status] for status in WindowStatus if status != "met"}
        gone = hidden_counts(others)
        yield ("windows", str(number), "mentorships"), counts.total()
        yield ("windows", str(number), "met"), counts["met"]
        for status, count in others.items():
            yield ("windows", str(number), status), None if status in gone else count


def rates(rows: Rows) -> Numbers:
    asked = Counter(
        (row["kind"], side) for row in rows.milestones.values() if row["closed_at"] for side in row["asked"]
    )
    for (form, side), count in asked.items():
        if form != "agreement":
            yield ("rates", form, side, "asked"), count
            yield ("rates", form, side, "answered"), sum((one.form, one.side) == (form, side) for one in rows.said)


def agreement(rows: Rows) -> Numbers:
    if not rows.mentorships:
        yield ("agreement",), None
        return
    stood: dict[str, int] = {}
    for row in rows.agreements:
        if row["mentor_confirmed_at"] and row["mentee_confirmed_at"]:
            both = max(row["mentor_confirmed_at"], row["mentee_confirmed_at"])
            day = both.astimezone(ZoneInfo("America/Chicago")).date()
            days = (day - rows.mentorships[row["mentorship_id"]]["starts_on"]).days
            stood[row["mentorship_id"]] = min(days, stood.get(row["mentorship_id"], days))
    yield ("agreement", "mentorships"), len(rows.mentorships)
    yield ("agreement", "agreed"), len(stood)
    yield ("agreement", "in_time"), sum(days <= 42 for days in stood.values())
    yield ("agreement", "median_days"), median(stood.values()) if len(stood) >= 5 else None
