"""Applicants as their own pages show them: what they typed, its status, what was proposed to them."""

import json
from typing import Any

import asyncpg

from domain.applications.applying import has_unsubmitted_changes, readable_answer, typed_answers
from domain.applications.eligibility import ineligibility_for_applicant
from domain.languages import in_language
from schemas.applications.applicant import Applicant, MentorPlaces, Proposal, Rsvp
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, Language, Side
from schemas.errors import Refusal
from schemas.forms.application_questions import LANGUAGE
from storage.database import Db, queries, stored_as
from storage.proposals import proposals_to

Stored = MentorApplication | MenteeApplication
JUDGED = frozenset({ApplicationStatus.INELIGIBLE, ApplicationStatus.WAITING})


async def applicant(db: Db, cohort_id: str, person_id: str) -> Applicant:
    """Return everything somebody's own page may show; raises Refusal where there is nobody of that id."""
    return (await applicant_and_application(db, cohort_id, person_id))[0]


async def applicant_and_application(db: Db, cohort_id: str, person_id: str) -> tuple[Applicant, Stored | None]:
    """Return an applicant with their stored application, or None for it while they have only begun one.

    Raises Refusal where nobody has this id.
    """
    row = await queries.applicant(db, cohort_id=cohort_id, person_id=person_id)
    if row is None:
        raise Refusal(f"There is no {person_id} in {cohort_id}.")
    settings, stored = stored_as(CohortSettings, row["settings"]), _stored(row)
    language = settings.language_for(_language(row))
    with in_language(language):
        return Applicant(
            cohort=settings,
            person_id=person_id,
            side=row["side"],
            email=row["email"],
            language=language,
            began_at=row["began_at"],
            submitted_at=row["submitted_at"],
            status=row["status"],
            why=_why(stored, settings) if row["status"] in JUDGED else None,
            proposal=await _proposal(db, cohort_id, person_id),
            rsvp=_rsvp(row),
            attended=row["attended"],
            published=row["published"],
            closed=row["closed"],
            continued=row["continued"],
            **_typed(row, stored),
        ), stored


async def mentor_places(db: Db, cohort_id: str) -> MentorPlaces:
    """Return how many mentor places there are against accepted mentees (B2)."""
    return MentorPlaces(**dict(await queries.mentor_places(db, cohort_id=cohort_id)))


async def keep_apart_requests(db: Db, cohort_id: str) -> dict[str, str]:
    """Return whom people asked not to be matched with, in their own words, by person; for staff only."""
    return {row["person_id"]: row["request"] async for row in queries.keep_apart_requests(db, cohort_id=cohort_id)}


def _rsvp(row: asyncpg.Record) -> Rsvp | None:
    if row["rsvp_status"] is None:
        return None
    # The row's own status is the application's.
    return Rsvp(status=row["rsvp_status"], half_day=row["half_day"], meals=row["meals"], access=row["access"])


def _language(row: asyncpg.Record) -> Language | None:
    # A draft holds what was typed, whatever it is.
    return Language(row["language"]) if row["language"] in set(Language) else None


def _stored(row: asyncpg.Record) -> Stored | None:
    if row["application"] is None:
        return None
    if row["side"] == Side.MENTOR:
        return stored_as(MentorApplication, row["application"])
    return stored_as(MenteeApplication, row["application"])


def _typed(row: asyncpg.Record, stored: Stored | None) -> dict[str, Any]:
    """Return the answers on somebody's pages; people whom staff imported find their application there."""
    side = Side(row["side"])
    answers = json.loads(row["draft"]) if row["draft"] else typed_answers(stored) if stored else {}
    if language := _language(row):
        # They may have changed it on their own page since.
        answers |= {LANGUAGE.name: language.value}
    return {
        "answers": answers,
        "name": stored.name if stored else readable_answer(side, answers, "name"),
        "preferred_name": stored.preferred_name if stored else readable_answer(side, answers, "preferred_name"),
        "changed": stored is not None and has_unsubmitted_changes(side, answers, stored),
    }


def _why(stored: Stored | None, settings: CohortSettings) -> str | None:
    return ineligibility_for_applicant(stored, settings) if isinstance(stored, MentorApplication) else None


async def _proposal(db: Db, cohort_id: str, person_id: str) -> Proposal | None:
    """Return the match proposed to somebody; of several the first one they have not answered."""
    status = [
        proposal.shown for proposal in await proposals_to(db, cohort_id, person_id) if not proposal.match.withdrawn_at
    ]
    return next((proposal for proposal in status if proposal.mine is None), status[0] if status else None)
