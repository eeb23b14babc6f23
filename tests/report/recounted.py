"""Every number of a report, by where it stands in the report, counted from a cohort's raw rows."""

from collections import Counter, defaultdict
from statistics import median
from zoneinfo import ZoneInfo

from schemas.enums import Outcome, WindowStatus
from tests.report.recount import Number, Numbers, Path, Rows, hidden_counts, is_closed
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
    parted = {outcome: ends[outcome] for outcome in Outcome if outcome != "completed"}
    withheld = hidden_counts(parted)
    ends["parted"] = sum(ends.pop(outcome, 0) for outcome in withheld)
    for outcome in (*Outcome, "replaced", "running", "parted"):
        if ends[outcome]:
            yield ("outcomes", outcome), ends[outcome]


def windows(rows: Rows) -> Numbers:
    news: dict[int, Counter[str]] = defaultdict(Counter)
    said = {
        (one.mentorship, one.number, one.side): one.answers["status"]
        for one in rows.said
        if one.form == "check_in" and "status" in one.answers
    }
    for row in rows.milestones.values():
        if row["kind"] == "check_in" and is_closed(row):
            window = row["mentorship_id"], row["number"]
            statuses = {said.get((*window, side), "unanswered") for side in ("mentor", "mentee")}
            best = next(status for status in ("met", "planned", "not_yet", "unanswered") if status in statuses)
            news[row["number"]][best] += 1
    for number, counts in news.items():
        unmet = {status: counts[status] for status in WindowStatus if status != "met"}
        withheld = hidden_counts(unmet)
        yield ("windows", str(number), "mentorships"), counts.total()
        yield ("windows", str(number), "met"), counts["met"]
        for status, count in unmet.items():
            yield ("windows", str(number), status), None if status in withheld else count
        left = sum(unmet[WindowStatus(status)] for status in withheld)
        yield ("windows", str(number), "together"), left if withheld else None


def rates(rows: Rows) -> Numbers:
    asked = Counter((row["kind"], side) for row in rows.milestones.values() if is_closed(row) for side in row["asked"])
    for (form, side), count in asked.items():
        if form != "agreement":
            yield ("rates", form, side, "asked"), count
            yield (
                ("rates", form, side, "answered"),
                sum((response.form, response.side) == (form, side) for response in rows.said),
            )


def agreement(rows: Rows) -> Numbers:
    if not rows.mentorships:
        yield ("agreement",), None
        return
    days_taken: dict[str, int] = {}
    for row in rows.agreements:
        if row["mentor_confirmed_at"] and row["mentee_confirmed_at"]:
            both = max(row["mentor_confirmed_at"], row["mentee_confirmed_at"])
            day = both.astimezone(ZoneInfo("America/Chicago")).date()
            days = (day - rows.mentorships[row["mentorship_id"]]["starts_on"]).days
            days_taken[row["mentorship_id"]] = min(days, days_taken.get(row["mentorship_id"], days))
    yield ("agreement", "mentorships"), len(rows.mentorships)
    yield ("agreement", "agreed"), len(days_taken)
    yield ("agreement", "in_time"), sum(days <= 42 for days in days_taken.values())
    yield ("agreement", "median_days"), median(days_taken.values()) if len(days_taken) >= 5 else None
