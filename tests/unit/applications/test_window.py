"""The application window, who is in time, and who may still change something."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.applications.window import (
    can_begin,
    can_change,
    can_withdraw,
    is_in_time,
    last_application_day,
    window_state,
)
from schemas.applications.applicant import Applicant
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, Side, WindowState

# Midnight in Minnesota: in winter six hours behind UTC, in summer five.
OPENS, CLOSES = datetime(2019, 2, 1, 6, tzinfo=UTC), datetime(2019, 4, 1, 5, tzinfo=UTC)
KICKOFF = datetime(2019, 5, 10, 5, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
MOMENTS = st.datetimes(datetime(2018, 12, 1), datetime(2019, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001


def settings(**window: Any) -> CohortSettings:
    given_window = {"opens_on": "2019-02-01", "closes_on": "2019-03-31"} | window
    return CohortSettings.model_validate(
        {
            "id": "mile-2019",
            "title": "2019 Mentorship Program",
            "institute": {"venue": "Sugar Lake Lodge", "town": "Cohasset", "last_day": "2019-05-10"},
            "contact": {"role": "Chair", "email": "chair@example.org"},
            "applications": given_window if window.get("there", True) else None,
        }
    )


def applicant(
    side: Side = Side.MENTOR, status: ApplicationStatus | None = ApplicationStatus.ACCEPTED, **more: Any
) -> Applicant:
    return Applicant(
        cohort=settings(), person_id="A001", side=side, email="a@example.org", began_at=OPENS, status=status, **more
    )


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (OPENS - INSTANT, WindowState.NOT_YET_OPEN),
        (OPENS, WindowState.OPEN),
        (CLOSES - INSTANT, WindowState.OPEN),
        (CLOSES, WindowState.WAITING_LIST),
        (KICKOFF - INSTANT, WindowState.WAITING_LIST),
        (KICKOFF, WindowState.CLOSED),
    ],
)
def test_days_begin_and_end_at_local_midnight(now: datetime, state: WindowState) -> None:
    assert window_state(settings(), now) is state
    assert can_begin(settings(), now) is (state in {WindowState.OPEN, WindowState.WAITING_LIST})


def test_window_closes_for_good_where_nobody_waits() -> None:
    assert window_state(settings(waiting_list=False), CLOSES) is WindowState.CLOSED


def test_staff_close_it_before_its_last_day_and_a_later_day_opens_it_again() -> None:
    closed = settings(closed_at=datetime(2019, 3, 3, 18, tzinfo=UTC))
    assert window_state(closed, datetime(2019, 3, 3, 18, tzinfo=UTC)) is WindowState.WAITING_LIST
    assert last_application_day(closed) == date(2019, 3, 3)
    assert last_application_day(settings()) == date(2019, 3, 31)
    assert window_state(settings(closes_on="2019-04-01"), CLOSES) is WindowState.OPEN


def test_nobody_applies_to_a_cohort_without_a_window() -> None:
    without = settings().model_copy(update={"applications": None})
    assert window_state(without, OPENS) is WindowState.CLOSED
    assert not is_in_time(without, OPENS, OPENS)
    assert last_application_day(without) is None


@given(now=MOMENTS, began_at=MOMENTS, grace=st.integers(0, 1440))
def test_grace_is_for_those_who_began_before_the_close(now: datetime, began_at: datetime, grace: int) -> None:
    late_by = now - CLOSES
    allowed = timedelta(minutes=grace) if began_at < CLOSES else timedelta(0)
    assert is_in_time(settings(grace_minutes=grace), began_at, now) is (late_by < allowed)


@given(now=MOMENTS, waiting_list=st.booleans())
def test_open_means_in_time_for_everybody(now: datetime, *, waiting_list: bool) -> None:
    asked = settings(waiting_list=waiting_list)
    if window_state(asked, now) is WindowState.OPEN:
        assert is_in_time(asked, now, now)
    else:
        assert now < OPENS or not is_in_time(asked, now, now)


@pytest.mark.parametrize(
    ("side", "status", "published", "changes", "withdraws"),
    [
        (Side.MENTOR, None, False, True, False),
        (Side.MENTOR, None, True, True, False),
        (Side.MENTOR, ApplicationStatus.ACCEPTED, False, True, True),
        (Side.MENTOR, ApplicationStatus.ACCEPTED, True, False, False),
        (Side.MENTOR, ApplicationStatus.WAITING, True, True, True),
        (Side.MENTOR, ApplicationStatus.INELIGIBLE, True, False, True),
        (Side.MENTOR, ApplicationStatus.WITHDRAWN, False, True, False),
        (Side.MENTOR, ApplicationStatus.WITHDRAWN, True, False, False),
        (Side.MENTEE, ApplicationStatus.ACCEPTED, True, True, False),
        (Side.MENTEE, ApplicationStatus.WITHDRAWN, True, False, False),
    ],
)
def test_what_may_be_changed_before_the_kickoff_and_nothing_after(
    side: Side, status: ApplicationStatus | None, *, published: bool, changes: bool, withdraws: bool
) -> None:
    one = applicant(side, status, published=published)
    assert (can_change(one, CLOSES), can_withdraw(one, CLOSES)) == (changes, withdraws)
    assert (can_change(one, KICKOFF), can_withdraw(one, KICKOFF)) == (False, False)
