"""Staff open, extend and close the window in which people apply; what makes no sense is refused in a sentence."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.applications.window import window_state
from domain.applications.window_changes import close_window, extend_window, open_window
from schemas.cohort.settings import ApplicationWindow, CohortSettings, Institute, ProgramContact
from schemas.enums import WindowState
from schemas.errors import Refusal

COHORT = CohortSettings(
    id="mile-2019",
    title="2019 Mentorship Program",
    institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=date(2019, 5, 10)),
    contact=ProgramContact(role="Chair", email="chair@example.org"),
    applications=ApplicationWindow(opens_on=date(2019, 1, 15), closes_on=date(2019, 3, 15)),
)
BEFORE, WITHIN, AFTER, BEGUN = (datetime(2019, month, 1, 18, tzinfo=UTC) for month in (1, 2, 4, 6))
LATER = date(2019, 3, 29)
AFTERWARDS = {
    "open": {WindowState.OPEN},
    "close": {WindowState.WAITING_LIST},
    "extend": {WindowState.OPEN, WindowState.NOT_YET_OPEN},
}


def _window(settings: CohortSettings) -> ApplicationWindow:
    assert settings.applications
    return settings.applications


def test_a_window_that_is_opened_is_open_from_today_on() -> None:
    after = open_window(COHORT, BEFORE)
    assert _window(after).opens_on == date(2019, 1, 1)
    assert window_state(after, BEFORE) is WindowState.OPEN
    assert open_window(after, BEFORE) == after


def test_today_is_the_cohorts_own_day() -> None:
    new_years_eve = datetime(2019, 1, 1, 5, 30, tzinfo=UTC)
    assert _window(open_window(COHORT, new_years_eve)).opens_on == date(2018, 12, 31)


def test_a_window_that_is_closed_is_closed_at_this_moment_and_once() -> None:
    after = close_window(COHORT, WITHIN)
    assert after.applications_close_at == WITHIN
    assert window_state(after, WITHIN) is WindowState.WAITING_LIST
    assert close_window(after, WITHIN + timedelta(days=1)) == after


@pytest.mark.parametrize("settings", [COHORT, close_window(COHORT, WITHIN)])
@pytest.mark.parametrize("now", [WITHIN, AFTER - timedelta(days=10)])
def test_an_extended_window_is_open_through_its_last_day(settings: CohortSettings, now: datetime) -> None:
    after = extend_window(settings, LATER, now)
    assert after.applications_close_at == datetime(2019, 3, 30, 5, tzinfo=UTC)
    assert window_state(after, now) is WindowState.OPEN
    assert extend_window(after, LATER, now) == after


def test_a_window_closed_at_once_may_open_again_until_an_earlier_day() -> None:
    after = extend_window(close_window(COHORT, WITHIN), date(2019, 2, 10), WITHIN)
    assert (_window(after).closes_on, _window(after).closed_at) == (date(2019, 2, 10), None)


@pytest.mark.parametrize(
    ("step", "now", "message"),
    [
        (open_window, AFTER, "have closed. To open them again, extend the window until a later day."),
        (open_window, BEGUN, "The mentorships of mile-2019 began on 2019-05-10"),
        (close_window, BEFORE, "open on 2019-01-15, so there is nothing to close"),
        (close_window, BEGUN, "no one can apply any more"),
        (lambda settings, now: extend_window(settings, date(2019, 5, 10), now), WITHIN, "the kickoff is on 2019-05-10"),
        (lambda settings, now: extend_window(settings, date(2019, 1, 31), now), WITHIN, "that day is past"),
        (lambda settings, now: extend_window(settings, date(2019, 1, 10), now), BEFORE, "they open on 2019-01-15 only"),
        (lambda settings, now: extend_window(settings, date(2019, 3, 1), now), WITHIN, "open until 2019-03-15 anyway"),
    ],
)
def test_nonsense_is_refused_in_plain_words(
    step: Callable[[CohortSettings, datetime], CohortSettings], now: datetime, message: str
) -> None:
    with pytest.raises(Refusal) as refused:
        step(COHORT, now)
    assert message in str(refused.value)
    assert "mile-2019" in str(refused.value)


@pytest.mark.parametrize("step", [open_window, close_window, lambda settings, now: extend_window(settings, LATER, now)])
def test_without_applications_it_is_said_what_to_add(
    step: Callable[[CohortSettings, datetime], CohortSettings],
) -> None:
    with pytest.raises(Refusal, match="add opens_on and closes_on under applications"):
        step(COHORT.model_copy(update={"applications": None}), WITHIN)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["open", "close", "extend"]),
            st.integers(0, 24 * 150),
            st.dates(date(2018, 12, 1), date(2019, 6, 1)),
        ),
        max_size=6,
    )
)
def test_whatever_staff_do_in_a_row_leaves_settings_that_could_stand_in_a_file(
    steps: list[tuple[str, int, date]],
) -> None:
    settings = COHORT
    for name, hours, until in sorted(steps, key=lambda step: step[1]):
        now = BEFORE + timedelta(hours=hours)
        try:
            if name == "extend":
                settings = extend_window(settings, until, now)
            else:
                settings = (open_window if name == "open" else close_window)(settings, now)
        except Refusal:
            continue
        assert window_state(settings, now) in AFTERWARDS[name]
    assert CohortSettings.model_validate(settings.model_dump()) == settings
