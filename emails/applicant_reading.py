"""Reading from PostgreSQL what a letter about somebody's place in a cohort tells."""

from datetime import timedelta

import asyncpg

from domain.calendar import local_day
from domain.safe_text import text_lines
from emails.applicant_letters import (
    ApplicantFacts,
    PastMentorFacts,
    applicant_email,
    mentors_needed,
)
from emails.applicants import Addressee, ApplicantEmail, InquiryEmail
from emails.letter_keys import subject_of
from emails.links import PersonalLinks
from schemas.applications.applicant import Applicant, Proposal
from schemas.emails.messages import SendEmail
from schemas.enums import EmailKind, Side
from schemas.errors import MileError
from schemas.ids import proposal_subject
from storage import applicants, campaigns, cohorts, inquiries, proposals, roles

ANSWER_INQUIRIES_WITHIN = timedelta(days=7)


async def read_letter(pool: asyncpg.Pool, order: SendEmail, links: PersonalLinks) -> ApplicantEmail | None:
    """Return all that a letter to an applicant needs to know, or None where nothing is left to tell.

    Its personal link works from then on.
    """
    cohort_id, _, person_id = order.scope_id.partition("/")
    if order.kind is EmailKind.MENTORS_NEEDED:
        return mentors_needed(order, await _past_mentor(pool, order), links.apply_url(cohort_id))
    facts = await _facts(pool, order, await applicants.applicant(pool, cohort_id, person_id))
    return applicant_email(order, facts, await links.url(cohort_id, person_id))


async def read_inquiry(pool: asyncpg.Pool, order: SendEmail) -> InquiryEmail:
    """Return all that a letter to staff needs to know which brings them somebody's question."""
    asked = await inquiries.inquiry(pool, int(subject_of(order)))
    cohort = await roles.settings_at(pool, await cohorts.cohort_settings(pool, order.scope_id), order.now)
    received_on = local_day(order.at, cohort.time_zone)
    return InquiryEmail(
        cohort=cohort,
        name=asked.name,
        email=asked.email,
        words=text_lines(asked.words),
        received_on=received_on,
        by=received_on + ANSWER_INQUIRIES_WITHIN,
    )


async def _facts(pool: asyncpg.Pool, order: SendEmail, applicant: Applicant) -> ApplicantFacts:
    cohort_id, person_id = applicant.cohort.id, applicant.person_id
    cohort = await roles.settings_at(pool, applicant.cohort, order.now)
    facts = ApplicantFacts(applicant=applicant.model_copy(update={"cohort": cohort}))
    if order.kind is EmailKind.INTAKE:
        gaps = (await campaigns.intake_gaps(pool, cohort_id)).get(person_id, ())
        return facts.model_copy(update={"gaps": gaps})
    if order.kind in {EmailKind.PROPOSAL, EmailKind.MATCH_FINAL}:
        return facts.model_copy(update={"proposal": await _proposal(pool, order, applicant)})
    return facts


async def _proposal(pool: asyncpg.Pool, order: SendEmail, applicant: Applicant) -> Proposal | None:
    for opened in await proposals.proposals_to(pool, applicant.cohort.id, applicant.person_id):
        match = opened.match
        about = proposal_subject(match.mentor_id, match.mentee_id, match.proposed_at)
        if about == subject_of(order) and match.withdrawn_at is None:
            return opened.shown
    return None


async def _past_mentor(pool: asyncpg.Pool, order: SendEmail) -> PastMentorFacts:
    cohort_id, _, person = order.scope_id.partition("/")
    earlier, _, person_id = person.partition(".")
    found = await campaigns.past_mentor(pool, cohort_id, earlier, person_id)
    if found is None:
        raise MileError(f"{order.scope_id} is nobody who mentored before.")
    cohort = await roles.settings_at(pool, await cohorts.cohort_settings(pool, cohort_id), order.now)
    return PastMentorFacts(
        cohort=cohort,
        recipient=Addressee(id=person_id, side=Side.MENTOR, name=found.name, email=found.email),
        mentored_in=found.mentored_in,
        came=found.came,
        places=await applicants.mentor_places(pool, cohort_id),
    )
