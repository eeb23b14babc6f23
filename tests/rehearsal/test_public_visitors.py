"""What anybody does on a cohort's public pages in a rehearsal: when they look, and who applies without the years."""

from datetime import date

from domain.applications.eligibility import ineligibility_for_applicant
from domain.applications.window import window_state
from rehearsal.public_visitors import (
    ineligible_newcomer,
    mentors_imported_at,
    newcomer_arrives_at,
    public_page_viewed_at,
)
from schemas.cohort.settings import ApplicationWindow, CohortSettings, Eligibility
from schemas.enums import WindowState


def test_whoever_is_too_new_lacks_one_year_of_what_the_cohort_asks(settings: CohortSettings) -> None:
    newcomer = ineligible_newcomer(settings)
    assert newcomer
    assert newcomer.years == settings.eligibility.min_years - 1
    assert ineligibility_for_applicant(newcomer, settings)


def test_nobody_is_too_new_where_no_years_are_asked_for(settings: CohortSettings) -> None:
    assert ineligible_newcomer(settings.model_copy(update={"eligibility": Eligibility()})) is None


def test_the_public_page_is_looked_at_before_and_after_the_mentors_come_and_the_window_closes(
    settings: CohortSettings,
) -> None:
    window = settings.applications
    assert window
    first, second, last = public_page_viewed_at(window, settings.time_zone)
    assert first < mentors_imported_at(window, settings.time_zone) < second < last
    states = [window_state(settings, at) for at in (first, second, last)]
    assert states == [WindowState.OPEN, WindowState.OPEN, WindowState.WAITING_LIST]


def test_in_a_window_of_one_day_everybody_comes_on_that_day(settings: CohortSettings) -> None:
    window = ApplicationWindow(opens_on=date(2019, 3, 15), closes_on=date(2019, 3, 15))
    for at in (mentors_imported_at(window, settings.time_zone), newcomer_arrives_at(window, settings.time_zone)):
        assert window_state(settings, at) is WindowState.OPEN
