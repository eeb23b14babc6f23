"""Gives the tests every email the service writes, and the few that single tests look at closely."""

import functools
from collections.abc import AsyncIterator, Mapping

import asyncpg
import pytest

from emails.kinds._base.applicant import ApplicantEmail
from emails.kinds._base.email import EmailContext
from emails.kinds._base.participant import ParticipantEmail
from emails.kinds.address_change.context import AddressChangeEmail
from emails.kinds.address_confirmation.context import AddressConfirmationEmail
from emails.kinds.check_in.context import CheckInEmail
from emails.kinds.gratitude.context import GratitudeEmail
from emails.kinds.staff_note.context import StaffNoteEmail
from emails.rendering import Rendered, render
from emails.samples import GOALS, SAMPLE_COHORT, WORDS, SampleCast, all_samples, samples
from schemas.enums import EmailKind, MilestoneKind
from tests.emails.relay import Delivery, Relay, listening, settings_for
from tests.emails.stored import store_pair

CAST = SampleCast(SAMPLE_COHORT)
ALL = all_samples(SAMPLE_COHORT)


def _of(*bases: type[EmailContext]) -> dict[str, EmailContext]:
    return {name: context for name, context in ALL.items() if isinstance(context, bases)}


TO_PARTICIPANTS = _of(ParticipantEmail, ApplicantEmail, AddressConfirmationEmail, AddressChangeEmail)
TO_STAFF = {name: context for name, context in ALL.items() if name not in TO_PARTICIPANTS}
LISTS: dict[str, Mapping[str, EmailContext]] = {
    "email": ALL,
    "to_participant": TO_PARTICIPANTS,
    "to_staff": TO_STAFF,
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give ``email`` every email, ``to_…`` those to whom it says, ``context`` what each is written from."""
    for fixture, contexts in LISTS.items():
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, list(contexts), ids=list(contexts), indirect=True)
    if "context" in metafunc.fixturenames:
        metafunc.parametrize("context", list(ALL.values()), ids=list(ALL))


@functools.cache
def _rendered(name: str) -> Rendered:
    """Write an email at its first test: every process collects all tests, and only one of them runs these."""
    return render(ALL[name])


@pytest.fixture
def email(request: pytest.FixtureRequest) -> Rendered:
    return _rendered(request.param)


@pytest.fixture
def to_participant(request: pytest.FixtureRequest) -> Rendered:
    return _rendered(request.param)


@pytest.fixture
def to_staff(request: pytest.FixtureRequest) -> Rendered:
    return _rendered(request.param)


@pytest.fixture
def check_in() -> CheckInEmail:
    asks = (CAST.ask(MilestoneKind.CHECK_IN, 184), CAST.ask(MilestoneKind.GOAL_CHECK_IN, 184))
    return CheckInEmail(**CAST.to_mentor, asks=asks, number=2, goals=GOALS)


@pytest.fixture
def gratitude() -> GratitudeEmail:
    return GratitudeEmail(**CAST.to_mentor, lines=WORDS)


@pytest.fixture
def call_request() -> StaffNoteEmail:
    note = samples(EmailKind.STAFF_NOTE, CAST)["note: call_requested"]
    assert isinstance(note, StaffNoteEmail)
    return note


@pytest.fixture
def rendered(check_in: CheckInEmail) -> Rendered:
    return render(check_in)


@pytest.fixture
async def cohort(pool: asyncpg.Pool) -> asyncpg.Pool:
    """A pool on a cohort of one pair that has its plan."""
    await store_pair(pool)
    return pool


@pytest.fixture
def relay() -> Relay:
    """A mail relay that accepts everything until it is told otherwise."""
    return Relay()


@pytest.fixture
async def outbox(cohort: asyncpg.Pool, database_url: str, relay: Relay) -> AsyncIterator[Delivery]:
    """The outbox of a cohort of one pair, and the relay its emails go to."""
    async with listening(relay) as port:
        yield Delivery(cohort, settings_for(database_url, port))
