"""When links end: a year after the last milestone, as the cohort's own settings plan it."""

from datetime import date

from domain.links import milestone_links_end_on, personal_links_end_on
from tests.web.applicants.people import settings


def test_links_of_a_mentorship_end_a_year_after_its_last_milestone() -> None:
    assert milestone_links_end_on(date(2020, 2, 29)) == date(2021, 2, 28)


def test_personal_links_end_a_year_after_the_last_follow_up() -> None:
    # The kickoff is on May 10, 2019; 18 months, 6 months to the last follow-up, and a year.
    assert personal_links_end_on(settings()) == date(2022, 5, 10)
