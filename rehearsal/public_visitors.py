"""Visitors of a cohort's public pages: they view them, ask a question, and apply without the required experience."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from domain.calendar import local_time
from rehearsal.environment import Environment
from rehearsal.http_client import open_page, submit_form
from rehearsal.pages_seen import InquirySent, PublicPageSeen
from schemas.applications.applicant import Inquiry
from schemas.applications.people import MentorApplication
from schemas.cohort.settings import ApplicationWindow, CohortSettings
from schemas.enums import ApplicationStatus, Availability, GoalArea, LibraryType, Side, WorkingStyle
from storage.imports import stored_applications

NOON = time(12)
VIEWED_AT = time(10)
VIEWED_AGAIN_AT = time(16)
# Days from the first day of the window on: after the first weekly reminder that mentors are needed, and before others.
MENTORS_IMPORTED_AFTER = 10
SECOND_VIEW_AFTER = 11
NEWCOMER_AFTER = 12
QUESTION = "May I be a mentor if I have never led anybody but a summer reading club?"


def mentors_imported_at(window: ApplicationWindow, time_zone: str) -> datetime:
    """Return when staff import the mentors who applied on paper: some days after the participants."""
    return _day_in_window(window, MENTORS_IMPORTED_AFTER, NOON, time_zone)


def newcomer_arrives_at(window: ApplicationWindow, time_zone: str) -> datetime:
    """Return when a visitor asks a question, and when a newcomer applies."""
    return _day_in_window(window, NEWCOMER_AFTER, NOON, time_zone)


def public_page_viewed_at(window: ApplicationWindow, time_zone: str) -> Iterator[datetime]:
    """Yield when the public page is looked at: as it opens, with the mentors imported, and on the day after it."""
    yield _day_in_window(window, 0, VIEWED_AT, time_zone)
    yield _day_in_window(window, SECOND_VIEW_AFTER, VIEWED_AGAIN_AT, time_zone)
    yield local_time(window.closes_on + timedelta(days=1), VIEWED_AT, time_zone)


def ineligible_newcomer(settings: CohortSettings) -> MentorApplication | None:
    """Return the application of somebody one year short of what the cohort asks for, or None where it asks for none."""
    min_years = settings.eligibility.min_years
    if not min_years:
        return None
    return MentorApplication(
        id="A000",
        name="Linnea Strand",
        email="linnea.strand@example.org",
        library="Pelican Bay Reading Room",
        library_type=LibraryType.PUBLIC,
        town="Brainerd",
        role="Library assistant",
        years=min_years - 1,
        offers=(GoalArea.OUTREACH,),
        working_style=WorkingStyle.FLEXIBLE,
        availability=(Availability.EVENINGS,),
    )


async def view_public_page(environment: Environment, cohort_id: str, at: datetime) -> None:
    """Open the front page and a cohort's page; collect them with the mentor places missing by the applications."""
    urls = (f"{environment.settings.public_url}/", f"{environment.settings.public_url}/apply/{cohort_id}")
    front, page = [(await open_page(environment.http, url)).html for url in urls]
    missing = await _missing_places(environment, cohort_id)
    seen = PublicPageSeen(cohort=cohort_id, at=at, html=page, missing=missing, front_page=front)
    environment.pages_seen.public_pages.append(seen)


async def ask_question(environment: Environment, cohort_id: str, at: datetime) -> None:
    """Ask a question before applying."""
    inquiry = Inquiry(cohort_id=cohort_id, email="ottilie.berg@example.org", text=QUESTION)
    url = f"{environment.settings.public_url}/ask/{cohort_id}"
    environment.pages_seen.add_form(cohort_id, (await open_page(environment.http, url)).html)
    await submit_form(environment.http, url, {"email": inquiry.email, "text": inquiry.text})
    environment.pages_seen.inquiries.append(InquirySent(at=at, inquiry=inquiry))


async def _missing_places(environment: Environment, cohort_id: str) -> int:
    applications = await stored_applications(environment.pool, cohort_id)
    accepted = [application for application in applications if application.status is ApplicationStatus.ACCEPTED]
    places = sum(
        application.person.capacity for application in accepted if isinstance(application.person, MentorApplication)
    )
    return max(sum(application.side is Side.MENTEE for application in accepted) - places, 0)


def _day_in_window(window: ApplicationWindow, days: int, at: time, time_zone: str) -> datetime:
    # In a short window everybody comes in its first half, which leaves time to answer.
    days = min(days, (window.closes_on - window.opens_on).days // 2)
    return local_time(window.opens_on + timedelta(days=days), at, time_zone)
