"""A rehearsal's page says what its record says, mentorship by mentorship and month by month."""

import pytest

from rehearsal.page import monthly_emails, rehearsal_page
from schemas.cohort.settings import CohortSettings
from schemas.enums import WindowStatus
from schemas.rehearsal import PromiseRecord, RehearsalRecord, UntestedPromiseRecord
from schemas.report.figures import Report
from tests.report.reading import Element, read

SIGNS = {WindowStatus.MET: "full", WindowStatus.NOT_YET: "ring", WindowStatus.UNANSWERED: "line"}


@pytest.fixture
def page(record: RehearsalRecord, report: Report, cohort: CohortSettings) -> Element:
    return read(rehearsal_page(record, report, cohort))


def test_sums_are_the_record_s(page: Element) -> None:
    (sums,) = page.every("dl")
    words = [one.text for one in sums.every("dt")]
    counts = [one.text for one in sums.every("dd")]
    assert dict(zip(words, counts, strict=True)) == {
        "Mentors": "3",
        "Participants": "4",
        "Mentorships": "3",
        "Emails to participants": "9",
        "Emails to staff": "1",
        "Responses": "0",
    }


def test_problems_and_people_without_a_mentor_are_named(page: Element) -> None:
    listed = [item.text for item in page.every("li")]
    assert "Mentorship mile-2019-002 is not closed." in listed
    assert "P04: Every mentor is taken." in listed


def test_rehearsal_without_problems_says_so(record: RehearsalRecord, report: Report, cohort: CohortSettings) -> None:
    page = read(rehearsal_page(record.model_copy(update={"problems": ()}), report, cohort))
    assert "None: every mentorship closed" in page.text


def test_words_of_every_window_are_the_record_s(page: Element, record: RehearsalRecord) -> None:
    for make_mentorship in record.mentorships:
        for side in ("mentor", "mentee"):
            said = [getattr(quarter, side).replace("_", " ") for quarter in make_mentorship.quarters]
            assert page.cells(data_said=f"{make_mentorship.id}/{side}") == [side, *said, *["–"] * (6 - len(said))]


def test_every_window_of_both_sides_is_drawn(page: Element, record: RehearsalRecord) -> None:
    (row,) = page.every("tr", data_mentorship="mile-2019-002")
    (drawn,) = row.every("svg")
    quarters = record.mentorships[1].quarters
    said = [quarter.mentor for quarter in quarters] + [quarter.mentee for quarter in quarters]
    assert said == ["planned", "not_yet", "unanswered", "met"]
    assert drawn.every("desc")[0].text == "mentor: planned, not yet; mentee: unanswered, met."
    signs = [
        one.attributes["class"] for one in drawn.children if isinstance(one, Element) and "class" in one.attributes
    ]
    assert signs == ["ring", "full", *(SIGNS[status] for status in said[1:])]


def test_mentorship_that_still_runs_and_one_without_windows_are_shown_so(page: Element) -> None:
    assert page.cells(data_mentorship="mile-2019-002")[1] == "still running 3 emails, score 87"
    assert page.cells(data_mentorship="mile-2019-003") == ["no window closed", "completed 3 emails, score 87"]


def test_months_are_counted_from_the_first_email_to_the_last(record: RehearsalRecord) -> None:
    months = [(month.name, month.mentors, month.mentees, month.staff) for month in monthly_emails(record, "en_US")]
    assert months[:3] == [("May 2019", 3, 3, 0), ("June 2019", 0, 0, 0), ("July 2019", 0, 3, 0)]
    assert [name for name, *_ in months[-2:]] == ["December 2019", "January 2020"]
    assert months[-1][1:] == (0, 0, 1)


def test_months_are_drawn_as_they_stand_in_the_table(page: Element) -> None:
    assert page.cells(data_month="May 2019") == ["3", "3", "0", "6"]
    (drawn,) = [svg for svg in page.every("svg") if svg.attributes.get("aria-labelledby", "").startswith("months-")]
    bars = [rect.attributes["width"] for rect in drawn.every("rect", **{"class": "bar"})]
    assert bars == ["49.00%", "0.00%", "24.50%", *["0.00%"] * 5, "8.17%"]


def test_closing_report_stands_below_one_level_deeper(page: Element) -> None:
    assert "What the association gained" in [heading.text for heading in page.every("h3")]
    assert page.cells(data_window="2") == ["12", "0", "0", "0", "–", "12"]


def test_rehearsal_without_a_report_says_so(record: RehearsalRecord, cohort: CohortSettings) -> None:
    assert "No closing report was written" in read(rehearsal_page(record, None, cohort)).text


def test_rehearsal_of_nobody_is_a_page_too(record: RehearsalRecord, cohort: CohortSettings) -> None:
    nobody = record.model_copy(update={"mentorships": (), "staff_emails": ()})
    page = read(rehearsal_page(nobody, None, cohort))
    assert "No mentorship was played." in page.text
    assert not page.every("svg")


def test_promises_are_listed_with_what_shows_them(record: RehearsalRecord, cohort: CohortSettings) -> None:
    promises = (
        PromiseRecord(id="A6", says="18 months", held=True, evidence="12 ends"),
        PromiseRecord(id="A22", says="six windows", held=False, evidence="5"),
    )
    silent = (UntestedPromiseRecord(id="A5", says="they meet", why="it is not built"),)
    told = record.model_copy(update={"promises": promises, "promises_not_shown": silent})
    page = read(rehearsal_page(told, None, cohort))
    assert "A5, they meet: it is not built" in [item.text for item in page.every("li")]
    (table,) = [one for one in page.every("table") if one.every("caption")[0].attributes["id"] == "promises"]
    rows = [[cell.text for cell in row.every("td")] for row in table.every("tr")[1:]]
    assert rows == [
        ["18 months", "yes", "12 ends"],
        ["six windows", "no", "5"],
    ]
