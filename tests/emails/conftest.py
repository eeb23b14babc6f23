"""Gives the tests every email the service writes, and the few that single tests look at closely."""

from collections.abc import Mapping
from datetime import date

import asyncpg
import pytest

from emails.applicants import ApplicantEmail
from emails.at_once import GratitudeEmail
from emails.contexts import CheckInEmail, ParticipantEmail
from emails.kinds import EmailContext
from emails.rendering import Rendered, render
from emails.staff import StaffNoteEmail
from schemas.enums import EmailKind, Side, StaffReason
from tests.emails.cast import CHECK_IN, GOAL_CHECK_IN, GOALS, TO_MENTOR, WORDS
from tests.emails.samples_before_kickoff import BEFORE_KICKOFF
from tests.emails.samples_closing import AT_ONCE, CLOSING
from tests.emails.samples_enabling import ON_THE_WAY
from tests.emails.samples_staff import MENTORSHIP, TO_STAFF
from tests.emails.stored import store_pair

LETTERS = ON_THE_WAY | CLOSING | AT_ONCE
LISTS: dict[str, Mapping[str, tuple[EmailKind, EmailContext]]] = {
    "letter": {**LETTERS, **BEFORE_KICKOFF, **TO_STAFF},
    "to_participant": {**LETTERS, **BEFORE_KICKOFF},
    "to_applicant": BEFORE_KICKOFF,
    "to_staff": TO_STAFF,
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give ``letter`` every email, ``to_…`` those to whom it says, ``order`` what each is written from."""
    for fixture, orders in LISTS.items():
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, [render(*order) for order in orders.values()], ids=list(orders))
    if "order" in metafunc.fixturenames:
        metafunc.parametrize("order", list(LISTS["letter"].values()), ids=list(LISTS["letter"]))


@pytest.fixture
def every_letter() -> dict[str, tuple[EmailKind, ParticipantEmail]]:
    """All emails to participants, by what they are."""
    return LETTERS


@pytest.fixture
def applicants_letters() -> dict[str, tuple[EmailKind, ApplicantEmail]]:
    """All letters to applicants, by what they are."""
    return BEFORE_KICKOFF


@pytest.fixture
def staff_letters() -> dict[str, tuple[EmailKind, EmailContext]]:
    """All emails to staff, by what they are."""
    return TO_STAFF


@pytest.fixture
def check_in() -> CheckInEmail:
    return CheckInEmail(**TO_MENTOR, asks=(CHECK_IN, GOAL_CHECK_IN), number=2, goals=GOALS)


@pytest.fixture
def gratitude() -> GratitudeEmail:
    return GratitudeEmail(**TO_MENTOR, words=WORDS, sent_on=date(2019, 7, 2))


@pytest.fixture
def call_request() -> StaffNoteEmail:
    return StaffNoteEmail(**MENTORSHIP, reason=StaffReason.CALL_REQUESTED, about=Side.MENTEE)


@pytest.fixture
def rendered(check_in: CheckInEmail) -> Rendered:
    return render(EmailKind.CHECK_IN, check_in)


@pytest.fixture
async def cohort(pool: asyncpg.Pool) -> asyncpg.Pool:
    """A pool on a cohort of one pair that has its plan."""
    await store_pair(pool)
    return pool
