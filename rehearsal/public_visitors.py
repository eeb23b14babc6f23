"""What anybody does on a cohort's public pages while it gathers: look, ask, and apply without the years it takes."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from domain.calendar import local
from rehearsal.environment import Environment
from rehearsal.http_client import open_page, press_button
from rehearsal.pages_seen import Asked, OpeningSeen
from schemas.applications.applicant import Inquiry
from schemas.applications.people import MentorApplication
from schemas.cohort.settings import ApplicationWindow, CohortSettings
from schemas.enums import ApplicationStatus, Availability, GoalArea, LibraryType, Side, WorkingStyle
from storage.imports import stored_applications

NOON = time(12)
LOOKS_AT = time(10)
# Days from the first day of the window on: before the first reminder that mentors are needed.
MENTORS_IMPORTED_AFTER = 3
LOOKS_AGAIN_AFTER = 4
COMES_ALONG_AFTER = 5
QUESTION = "May I be a mentor if I have never led anybody but a summer reading club?"


def mentors_imported_at(window: ApplicationWindow, time_zone: str) -> datetime:
    """Return when staff bring in the mentors who applied on paper: some days after participants were listed."""
    return _within(window, MENTORS_IMPORTED_AFTER, NOON, time_zone)


def comes_along_at(window: ApplicationWindow, time_zone: str) -> datetime:
    """Return when somebody asks a question, and somebody applies whom nobody knew of."""
    return _within(window, COMES_ALONG_AFTER, NOON, time_zone)


def looks_at(window: ApplicationWindow, time_zone: str) -> Iterator[datetime]:
    """Yield when the public page is looked at: as it opens, with the mentors imported, and on the day after it."""
    yield _within(window, 0, LOOKS_AT, time_zone)
    yield _within(window, LOOKS_AGAIN_AFTER, LOOKS_AT, time_zone)
    yield local(window.closes_on + timedelta(days=1), LOOKS_AT, time_zone)


def too_new(settings: CohortSettings) -> MentorApplication | None:
    """Return the application of somebody one year short of what the cohort asks for, or None where it asks for none."""
    least = settings.eligibility.min_years
    if not least:
        return None
    return MentorApplication(
        id="A000",
        name="Linnea Strand",
        email="linnea.strand@example.org",
        library="Pelican Bay Reading Room",
        library_type=LibraryType.PUBLIC,
        town="Brainerd",
        role="Library assistant",
        years=least - 1,
        offers=(GoalArea.OUTREACH,),
        working_style=WorkingStyle.FLEXIBLE,
        availability=(Availability.EVENINGS,),
    )


async def look(stage: Environment, cohort_id: str, at: datetime) -> None:
    """Open a cohort's public page and keep what it says beside how many mentor places the applications leave open."""
    page = await open_page(stage.http, f"{stage.settings.public_url}/apply/{cohort_id}")
    missing = await _missing(stage, cohort_id)
    stage.seen.openings.append(OpeningSeen(cohort=cohort_id, at=at, html=page.html, missing=missing))


async def ask(stage: Environment, cohort_id: str, at: datetime) -> None:
    """Ask a question before applying."""
    inquiry = Inquiry(cohort_id=cohort_id, email="ottilie.berg@example.org", words=QUESTION)
    url = f"{stage.settings.public_url}/ask/{cohort_id}"
    stage.seen.keep_form(cohort_id, (await open_page(stage.http, url)).html)
    await press_button(stage.http, url, {"email": inquiry.email, "words": inquiry.words})
    stage.seen.asked.append(Asked(at=at, inquiry=inquiry))


async def _missing(stage: Environment, cohort_id: str) -> int:
    every = await stored_applications(stage.pool, cohort_id)
    accepted = [one for one in every if one.standing is ApplicationStatus.ACCEPTED]
    places = sum(one.person.capacity for one in accepted if isinstance(one.person, MentorApplication))
    return max(sum(one.side is Side.MENTEE for one in accepted) - places, 0)


def _within(window: ApplicationWindow, days: int, at: time, time_zone: str) -> datetime:
    return local(min(window.opens_on + timedelta(days=days), window.closes_on), at, time_zone)
