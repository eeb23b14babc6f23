"""The closing report's page says what the report says, and nothing it must not."""

import re

import pytest

from schemas.cohort.settings import CohortSettings
from schemas.enums import MilestoneKind, Side
from schemas.report.figures import ItemFigure, Report
from tests.report.conftest import HOSTILE, choice
from tests.report.reading import Element, read
from web.documents.report import report_page


@pytest.fixture
def page(report: Report, cohort: CohortSettings) -> Element:
    return read(report_page(report, cohort))


def drawing(page: Element, named: str) -> Element:
    (drawn,) = [svg for svg in page.every("svg") if svg.attributes.get("aria-labelledby", "").startswith(named)]
    return drawn


def said(count: int | None) -> str:
    return "withheld" if count is None else str(count)


def test_windows_in_the_table_are_the_report_s(page: Element, report: Report) -> None:
    for window in report.windows:
        counts = (window.met, window.planned, window.not_yet, window.unanswered)
        together = "–" if window.together is None else str(window.together)
        cells = ["told together" if count is None else str(count) for count in counts]
        assert page.cells(data_window=str(window.number)) == [*cells, together, str(window.mentorships)]


def test_outcomes_are_the_report_s(page: Element, report: Report) -> None:
    assert {outcome: page.cells(data_outcome=outcome) for outcome in report.outcomes} == {
        outcome: [said(count)] for outcome, count in report.outcomes.items()
    }


def test_rates_are_the_report_s(page: Element) -> None:
    assert page.cells(data_rate="first_contact/mentor") == ["mentors", "12", "11"]
    assert page.cells(data_rate="check_in/mentee") == ["mentees", "35", "27"]
    drawn = drawing(page, "rates-")
    assert (
        drawn.every("desc")[0].text
        == "first contact, mentors: 92 %; check-in, mentees: 77 %; closure survey, mentees: 83 %; "
        "closing conversation, mentors: 50 %; thanks, mentees: 35 %."
    )


def test_means_are_the_report_s(page: Element) -> None:
    assert page.cells(data_item="mentor/learned") == ["9", "4.25"]
    assert page.cells(data_item="mentee/connected") == ["mentees", "6", "3.50"]


def test_mean_of_few_answers_is_withheld(page: Element) -> None:
    assert page.cells(data_item="mentee/advice") == ["4", "withheld: fewer than 5 people"]


def test_drawn_windows_are_those_in_the_table(page: Element, report: Report) -> None:
    drawn = drawing(page, "windows-")
    pieces = [(rect.attributes["class"], rect.attributes["width"]) for rect in drawn.every("rect")]
    expected = [
        (status, f"{100 * count / window.mentorships:.2f}%")
        for window in report.windows[1:]
        for status in ("met", "planned", "not_yet", "unanswered")
        if (count := getattr(window, status))
    ]
    assert pieces == [("met", "66.67%"), ("combined", "33.33%"), *expected]
    described = drawn.every("desc")[0].text
    assert "Check-in 1, by August 10, 2019: 8 met, 4 without a meeting, told together;" in described
    assert "Check-in 3, by February 10, 2020: 5 met, 0 planned, 6 not yet, 0 unanswered." in described


def test_news_of_many_pairs_are_drawn_apart_from_those_counted_together(report: Report, cohort: CohortSettings) -> None:
    window = report.windows[0].model_copy(update={"mentorships": 20, "planned": 7, "together": 5})
    page = read(report_page(report.model_copy(update={"windows": (window,)}), cohort))
    assert page.cells(data_window="1") == ["8", "7", "told together", "told together", "5", "20"]
    described = drawing(page, "windows-").every("desc")[0].text
    assert described == "Check-in 1, by August 10, 2019: 8 met, 7 planned, 5 without a meeting, told together."


def test_means_over_time_stand_beside_how_many_they_are_of(page: Element) -> None:
    assert page.cells(data_course="self_assessment/mentee/isolation") == ["3.67 of 9", "2.88 of 8", "1.00 of 9"]
    assert page.cells(data_course="self_assessment/mentee/skills") == ["2.50 of 9", "–", "5.00 of 9"]
    assert page.cells(data_course="check_in/mentee/satisfaction") == ["4.25 of 9"] * 6
    assert page.cells(data_course="follow_up/mentor/leadership") == ["3.50 of 6", "3.75 of 5"]


def test_bars_of_means_begin_at_the_lowest_answer(page: Element) -> None:
    drawn = drawing(page, "course-self_assessment-mentee-isolation-")
    assert drawn.every("desc")[0].text == "At the start: 3.67; Half-way: 2.88; At the end: 1.00."
    widths = [float(bar.attributes["width"].rstrip("%")) for bar in drawn.every("rect", **{"class": "bar"})]
    whole = float(drawn.every("rect", **{"class": "track"})[0].attributes["width"].rstrip("%"))
    assert [width / whole * 4 + 1 for width in widths] == pytest.approx([3.67, 2.88, 1.0], abs=0.001)


def test_means_that_are_withheld_are_not_drawn(page: Element) -> None:
    assert page.cells(data_course="self_assessment/mentor/leadership") == [
        "withheld of 4",
        "withheld of 3",
        "withheld of 4",
    ]
    named = [svg.attributes.get("aria-labelledby", "") for svg in page.every("svg")]
    assert not [one for one in named if "self_assessment-mentor-leadership" in one]


def test_choices_of_both_sides_and_of_different_times_stand_side_by_side(page: Element) -> None:
    assert page.cells(data_choice="involvement/active/1") == ["5", "withheld"]
    assert page.cells(data_choice="involvement/active/answered") == ["10", "3"]
    assert page.cells(data_choice="follow_up/in_touch/2") == ["0", "5"]
    (table,) = [one for one in page.every("table") if one.every("caption", id="choices-follow_up-in_touch")]
    assert [cell.text for cell in table.every("th", scope="col")] == [
        "Answer",
        "Mentors, 3 months later",
        "Mentors, 6 months later",
    ]


def test_report_before_the_follow_ups_says_when_they_are_asked(report: Report, cohort: CohortSettings) -> None:
    early = {"courses": (), "choices": ()}
    assert "No follow-up has closed yet: they are asked 3 and 6 months after the end." in (
        read(report_page(report.model_copy(update=early), cohort)).text
    )
    assert "No follow-up has closed yet" not in read(report_page(report, cohort)).text


def test_mentors_say_in_their_own_part_whether_they_would_do_it_again(page: Element) -> None:
    _, mentors, mentees, _ = page.every("section", **{"class": "part"})[:4]
    assert mentors.cells(data_choice="closure_survey/again/1") == ["9"]
    assert not mentees.every("tr", data_choice="closure_survey/again/1")
    assert "Mentees sent their mentors words of thanks 7 times." in mentors.text


def test_topics_are_drawn_as_they_stand_in_the_table(page: Element) -> None:
    assert page.cells(data_choice="meeting/topics/1") == ["8"]
    assert drawing(page, "choices-meeting-topics-").every("desc")[0].text == "networking: 8; advocacy: 5."
    assert page.cells(data_choice="meeting/topics/2") == ["withheld"]


def test_answers_too_few_to_show_are_told_together(report: Report, cohort: CohortSettings) -> None:
    form = MilestoneKind.INVOLVEMENT
    merged = choice(form, "active", Side.MENTOR, 12, together=5, yes=7, not_this_year=None, no=None)
    shown = choice(form, "active", Side.MENTEE, 12, yes=6, not_this_year=6, no=0)
    page = read(report_page(report.model_copy(update={"choices": (merged, shown)}), cohort))
    rows = {number: page.cells(data_choice=f"involvement/active/{number}") for number in (1, 2, 3, "together")}
    assert rows == {1: ["7", "6"], 2: ["told together", "6"], 3: ["told together", "0"], "together": ["5", "–"]}


def test_sums_are_the_report_s(page: Element) -> None:
    assert page.cells(data_sum="check_in/introductions") == ["31", "8", "11"]
    assert page.cells(data_sum="check_in/opportunity") == ["withheld", "withheld", "4"]


def test_agreements_are_the_report_s(page: Element) -> None:
    shown = {name: page.cells(data_agreement=name) for name in ("mentorships", "agreed", "in_time", "median_days")}
    assert shown == {"mentorships": ["12"], "agreed": ["11"], "in_time": ["9"], "median_days": ["24.5"]}


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
    assert headings[:4] == [
        "In short",
        "What mentors gained",
        "What participants gained",
        "What the association gained",
    ]


def test_page_says_how_it_was_counted_and_from_when_to_when(page: Element) -> None:
    assert "How this was counted" in [heading.text for heading in page.every("h2")]
    assert "Friday, May 10, 2019, to last until Tuesday, November 10, 2020. 1 was taken over" in page.text
    assert "8 of them were completed; in 25 of 35" in page.text
    assert "1 still runs. 2 ended before their time." in page.text


def test_report_of_several_classes_names_them_and_no_days_of_one(report: Report, cohort: CohortSettings) -> None:
    page = read(report_page(report.model_copy(update={"classes": ("mile-2017", "mile-2019")}), cohort))
    assert "11 mentorships began in 2 classes: mile-2017, mile-2019." in page.text
    assert "by August 10, 2019" not in page.text
    assert "What one of them alone withholds is withheld here too" in page.text


def test_interim_report_says_so_and_of_which_day(
    interim_report: Report, report: Report, cohort: CohortSettings
) -> None:
    interim = read(report_page(interim_report, cohort))
    told = "Interim report of March 1, 2020: 1 mentorship still runs"
    assert [note.text for note in interim.every("p", role="note")] == [told]
    assert interim.every("h1")[0].text == "Interim report: 2019 Mentorship Program"
    assert "nterim report of" not in report_page(report, cohort)


def test_who_took_part_stands_in_the_part_of_the_association(page: Element) -> None:
    association = page.every("section", **{"class": "part"})[3]
    assert association.cells(data_people="role_group/2") == ["9"]
    assert [association.cells(data_people=f"region/{place}") for place in (1, 2, "together")] == [
        ["11"],
        ["told together"],
        ["13"],
    ]
    assert association.cells(data_people="pair/counted") == ["12"]
    assert "They work in 3 of 8 parts of the state." in association.text
    assert drawing(page, "people-region-").every("desc")[0].text == "Metro: 11."


def test_means_of_role_groups_stand_side_by_side(page: Element) -> None:
    together = "told together"
    assert page.cells(data_group="connected") == ["3.25 of 7", "4.13 of 8", together, together, "4.50 of 6"]
    assert page.cells(data_group="learned") == ["4.00 of 9", "3.50 of 8", "3.00 of 7", "nobody", "–"]


def test_applications_are_the_report_s(page: Element) -> None:
    shown = {name: page.cells(data_applications=name) for name in ("applied", "accepted", "waiting", "places")}
    assert shown == {"applied": ["23", "12"], "accepted": ["14", "12"], "waiting": ["6", "0"], "places": ["17", "–"]}
    assert page.cells(data_applications="ineligible") == ["told together", "0"]
    assert page.cells(data_applications="applications/together") == ["3", "–"]
    assert "Questions asked before applying: withheld." in page.text


def test_report_of_before_there_were_these_figures_is_shown_without_them(
    report: Report, cohort: CohortSettings
) -> None:
    old = {"people", "covered", "groups", "applications", "inquiries", "interim_on"}
    page = read(report_page(Report.model_validate(report.model_dump(exclude=old)), cohort))
    assert "Who took part" not in page.text
    assert "Questions asked before applying" not in page.text


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
    assert page.cells(data_item="mentor/learned") == ["0", "withheld: fewer than 5 people"]
    assert page.cells(data_rate="check_in/mentee") == ["mentees", "35", "0"]
    assert "Nothing was asked of them yet." in page.text


ALL_TAGS = ("main", "svg", "title", "desc", "caption", "pattern", "div", "section")
