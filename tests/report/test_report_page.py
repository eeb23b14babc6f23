"""The closing report's page says what the report says, and nothing it must not."""

import re

import pytest

from schemas.cohort import CohortSettings
from schemas.report import ItemFigure, Report
from tests.report.conftest import HOSTILE
from tests.report.reading import Element, read
from web.report import report_page


@pytest.fixture
def page(report: Report, cohort: CohortSettings) -> Element:
    return read(report_page(report, cohort))


def test_windows_in_the_table_are_the_report_s(page: Element, report: Report) -> None:
    for window in report.windows:
        counts = (window.met, window.planned, window.not_yet, window.unanswered, window.mentorships)
        assert page.cells(data_window=str(window.number)) == [str(count) for count in counts]


def test_outcomes_are_the_report_s(page: Element, report: Report) -> None:
    assert {outcome: page.cells(data_outcome=outcome) for outcome in report.outcomes} == {
        outcome: [str(count)] for outcome, count in report.outcomes.items()
    }


def test_rates_are_the_report_s(page: Element) -> None:
    assert page.cells(data_rate="first_contact/mentor") == ["mentors", "12", "11"]
    assert page.cells(data_rate="check_in/mentee") == ["mentees", "35", "27"]
    (drawn,) = [svg for svg in page.every("svg") if svg.attributes.get("aria-labelledby", "").startswith("rates-")]
    assert (
        drawn.every("desc")[0].text
        == "first contact, mentors: 92 %; check-in, mentees: 77 %; closure survey, mentees: 83 %."
    )


def test_means_are_the_report_s(page: Element) -> None:
    assert page.cells(data_item="mentor/learned") == ["9", "4.25"]
    assert page.cells(data_item="mentee/connected") == ["6", "3.50"]


def test_mean_of_few_answers_is_withheld(page: Element) -> None:
    assert page.cells(data_item="mentee/advice") == ["4", "withheld: fewer than 5 answers"]


def test_drawn_windows_are_those_in_the_table(page: Element, report: Report) -> None:
    (drawn,) = [svg for svg in page.every("svg") if svg.attributes.get("aria-labelledby", "").startswith("windows-")]
    pieces = [(rect.attributes["class"], rect.attributes["width"]) for rect in drawn.every("rect")]
    expected = [
        (status, f"{100 * count / window.mentorships:.2f}%")
        for window in report.windows
        for status in ("met", "planned", "not_yet", "unanswered")
        if (count := getattr(window, status))
    ]
    assert pieces == expected
    assert "Check-in 1, by 10 August 2019: 8 met, 2 planned, 1 not yet, 1 unanswered;" in drawn.every("desc")[0].text


def test_every_drawing_is_named_or_hidden(page: Element) -> None:
    for svg in page.every("svg"):
        if svg.attributes.get("aria-hidden") == "true":
            continue
        assert svg.attributes["role"] == "img"
        title, description = svg.attributes["aria-labelledby"].split()
        assert [one.attributes["id"] for one in svg.every("title")] == [title]
        assert [one.attributes["id"] for one in svg.every("desc")] == [description]
        assert svg.every("title")[0].text
        assert svg.every("desc")[0].text


def test_page_has_the_three_parts_of_the_promise(page: Element) -> None:
    headings = [heading.text for heading in page.every("h2")]
    assert headings[:3] == ["What mentors gained", "What participants gained", "What the association gained"]


def test_page_says_how_it_was_counted_and_from_when_to_when(page: Element) -> None:
    assert "How this was counted" in [heading.text for heading in page.every("h2")]
    assert "Friday, 10 May 2019, to last until Tuesday, 10 November 2020. 9 of them were completed; in 25 of 35" in (
        page.text
    )


def test_quotes_are_words_and_never_markup(page: Element) -> None:
    assert [quote.text for quote in page.every("blockquote")] == ["I ask better questions now.", HOSTILE]
    assert not page.every("script")
    assert not page.every("img")


def test_hostile_settings_and_labels_are_words_too(report: Report, cohort: CohortSettings) -> None:
    items = tuple(item.model_copy(update={"label": HOSTILE}) for item in report.items)
    page = read(report_page(report.model_copy(update={"items": items}), cohort.model_copy(update={"title": HOSTILE})))
    assert not page.every("script")
    assert page.every("h1")[0].text == f"Closing report: {HOSTILE}"


def test_page_needs_nothing_from_elsewhere(report: Report, cohort: CohortSettings) -> None:
    html = report_page(report.model_copy(update={"quotes": ()}), cohort)
    assert not re.search(r"<(script|link|img|iframe|object|base)\b|\bsrc=|https?:|@import|@font-face", html)
    assert set(re.findall(r'href="(.)', html)) == {"#", "m"}
    assert set(re.findall(r'url\("?(.)', html)) == {"#"}


def test_ids_are_given_once(page: Element) -> None:
    ids = [element.attributes["id"] for tag in ALL_TAGS for element in page.every(tag) if "id" in element.attributes]
    assert len(ids) > 10
    assert len(ids) == len(set(ids))


def test_report_without_answers_draws_nothing_and_says_so(empty_report: Report, cohort: CohortSettings) -> None:
    page = read(report_page(empty_report, cohort))
    assert "No mentorship has begun, so there is nothing to report." in page.text
    assert "No check-in window has closed yet." in page.text
    assert "Nothing that was asked has closed yet." in page.text
    assert not page.every("svg")
    assert not page.every("table")
    assert not page.every("blockquote")


def test_report_nobody_answered_withholds_every_mean(report: Report, cohort: CohortSettings) -> None:
    unanswered = ItemFigure(question="learned", label="I learned", side="mentor", answered=0, mean=None)
    rates = tuple(rate.model_copy(update={"answered": 0}) for rate in report.rates)
    page = read(report_page(report.model_copy(update={"items": (unanswered,), "rates": rates, "quotes": ()}), cohort))
    assert page.cells(data_item="mentor/learned") == ["0", "withheld: fewer than 5 answers"]
    assert page.cells(data_rate="check_in/mentee") == ["mentees", "35", "0"]
    assert "Nothing was asked of them yet." in page.text


ALL_TAGS = ("main", "svg", "title", "desc", "caption", "pattern", "div", "section")
