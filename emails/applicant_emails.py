"""Emails about somebody's place in a cohort: read from PostgreSQL, and put together."""

from domain.calendar import local_day
from domain.languages import in_language
from emails.kinds._base.applicant import Addressee, ApplicantEmail, ApplicantFacts
from emails.kinds.mentors_needed.context import AskedPersonFacts, MentorsNeededEmail
from emails.links import ASKS_PAGE, PersonalLinks, ReminderLinks
from emails.registry import APPLICANT_EMAILS
from schemas.applications.applicant import Applicant, Proposal
from schemas.emails.messages import QueuedEmail
from schemas.enums import ApplicationStatus, Commitment, EmailKind, Side
from schemas.errors import MileError
from schemas.ids import occurrence_of, proposal_subject, subject_of
from storage import applicants, campaigns, cohorts, mentorships, proposal_answers, proposals, roles
from storage.database import Db


async def read_applicant_email(
    pool: Db, queued: QueuedEmail, links: PersonalLinks, reminder_links: ReminderLinks
) -> ApplicantEmail | None:
    """Return all that an email to an applicant needs to know, or None where nothing is left to say.

    Its links work from then on.
    """
    cohort_id, _, person_id = queued.scope_id.partition("/")
    if queued.kind is EmailKind.MENTORS_NEEDED:
        asked, mentorship = await _asked_person(pool, queued)
        # Anyone may be shown this email, so it has no link to anybody's own page.
        stop_url = await reminder_links.url(await mentorships.partners(pool, mentorship), asked.was) + ASKS_PAGE
        return MentorsNeededEmail.to_asked_person(queued, asked, links.apply_url(cohort_id), stop_url)
    facts = await _facts(pool, queued, await applicants.applicant(pool, cohort_id, person_id))
    return applicant_email(queued, facts, await links.url(cohort_id, person_id))


def applicant_email(queued: QueuedEmail, facts: ApplicantFacts, url: str) -> ApplicantEmail | None:
    """Return all that an email to an applicant needs to know, or None where nothing is left to say.

    ``url`` is the address of their own page.
    """
    applicant, context = facts.applicant, APPLICANT_EMAILS[queued.kind]
    withdrew = applicant.status is ApplicationStatus.WITHDRAWN and not context.to_withdrawn
    with in_language(applicant.cohort.language_for(applicant.language)):
        details = None if withdrew or applicant.closed else context.details(queued, facts)
    if details is None:
        return None
    return context.model_validate(
        {
            "cohort": applicant.cohort,
            "written_on": local_day(queued.at, applicant.cohort.time_zone),
            "recipient": Addressee(
                id=applicant.person_id,
                side=applicant.side,
                name=applicant.name,
                preferred_name=applicant.preferred_name,
                email=applicant.email,
                language=applicant.language,
            ),
            "url": url + context.page,
            "occurrence": occurrence_of(queued.key),
            "minutes": context.takes_minutes,
        }
        | details
    )


async def _facts(pool: Db, queued: QueuedEmail, applicant: Applicant) -> ApplicantFacts:
    cohort_id, person_id = applicant.cohort.id, applicant.person_id
    cohort = await roles.settings_at(pool, applicant.cohort, queued.now)
    facts = ApplicantFacts(applicant=applicant.model_copy(update={"cohort": cohort}))
    if queued.kind is EmailKind.INTAKE:
        gaps = (await campaigns.intake_gaps(pool, cohort_id)).get(person_id, ())
        return facts.model_copy(update={"gaps": gaps})
    # Why two were matched is put into words as it is read.
    with in_language(cohort.language_for(applicant.language)):
        if queued.kind in {EmailKind.PROPOSAL, EmailKind.MATCH_FINAL}:
            return facts.model_copy(update={"proposal": await _proposal(pool, queued, applicant)})
        if queued.kind is EmailKind.QUESTION_ANSWERED:
            return facts.model_copy(update=await _answered_question(pool, queued, applicant))
    return facts


async def _proposal(pool: Db, queued: QueuedEmail, applicant: Applicant) -> Proposal | None:
    for opened in await proposals.proposals_to(pool, applicant.cohort.id, applicant.person_id):
        match = opened.match
        about = proposal_subject(match.mentor_id, match.mentee_id, match.proposed_at)
        if about == subject_of(queued.key) and match.withdrawn_at is None:
            return opened.shown
    return None


async def _answered_question(pool: Db, queued: QueuedEmail, applicant: Applicant) -> dict[str, object]:
    reply = await proposal_answers.reply_by_email(pool, queued.key)
    for opened in await proposals.proposals_to(pool, applicant.cohort.id, applicant.person_id):
        match = opened.match
        if reply and (match.mentor_id, match.mentee_id) == (reply.mentor_id, reply.mentee_id):
            ended = match.withdrawn_at or match.final or match.declined or match.gone
            undecided = not ended and opened.mine.commitment is Commitment.ASKED
            return {"proposal": opened.shown, "reply": reply, "undecided": undecided}
    return {}


async def _asked_person(pool: Db, queued: QueuedEmail) -> tuple[AskedPersonFacts, str]:
    """Return what is known of somebody of an earlier class, and their newest mentorship there."""
    cohort_id, _, person = queued.scope_id.partition("/")
    earlier, _, person_id = person.partition(".")
    found = await campaigns.asked_person(pool, cohort_id, earlier, person_id)
    if found is None:
        raise MileError(f"{queued.scope_id} is nobody of an earlier class.")
    cohort = await roles.settings_at(pool, await cohorts.cohort_settings(pool, cohort_id), queued.now)
    facts = AskedPersonFacts(
        cohort=cohort,
        recipient=Addressee(
            id=person_id, side=Side.MENTOR, name=found.name, email=found.email, language=found.language
        ),
        was=found.side,
        took_part_in=found.took_part_in,
        came=found.came,
        places=await applicants.mentor_places(pool, cohort_id),
    )
    return facts, found.mentorship_id
