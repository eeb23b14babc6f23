"""From what is known of an applicant to what a letter needs to know; None where there is nothing to tell any more."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeAlias

from domain.calendar import local_day, months_after
from emails.applicants import (
    Addressee,
    ApplicantEmail,
    ApplicationLinkEmail,
    ApplicationReceivedEmail,
    ApplicationReminderEmail,
    IntakeEmail,
    KickoffChangedEmail,
    KickoffEmail,
    MatchFinalEmail,
    MentorsNeededEmail,
    ProposalEmail,
    StandingChangedEmail,
)
from emails.letter_keys import MATCH_IS_OFF, occurrence_of, subject_of
from schemas.applications.applicant import Applicant, MentorPlaces, Proposal
from schemas.applications.people import IntakeAnswer
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import SendEmail
from schemas.enums import ApplicationStatus, EmailKind, RsvpStatus

Particulars: TypeAlias = dict[str, Any]
RSVP_BEFORE = timedelta(days=2)
A_DAY, A_MOMENT = timedelta(days=1), timedelta(seconds=1)
# Where below somebody's own page a letter is answered.
PAGES = {
    EmailKind.PROPOSAL: "/match",
    EmailKind.MATCH_FINAL: "/match",
    EmailKind.KICKOFF: "/kickoff",
    EmailKind.KICKOFF_CHANGED: "/kickoff",
}
# Whoever withdrew is written to no more, except to confirm it, and where they ask for their link themselves.
ALSO_TO_WHO_WITHDREW = frozenset({EmailKind.APPLICATION_LINK, EmailKind.STANDING_CHANGED})
MINUTES = {
    EmailKind.APPLICATION_LINK: 20,
    EmailKind.APPLICATION_REMINDER: 15,
    EmailKind.MENTORS_NEEDED: 20,
    EmailKind.INTAKE: 15,
    EmailKind.PROPOSAL: 5,
    EmailKind.KICKOFF: 2,
}


class ApplicantFacts(FrozenModel):
    """What is known at the moment a letter is written; ``gaps`` are what a participant's intake lacks.

    ``proposal`` is the one a letter is about, where it still stands: a mentor may have several.
    """

    applicant: Applicant
    gaps: tuple[IntakeAnswer, ...] = ()
    proposal: Proposal | None = None


class PastMentorFacts(FrozenModel):
    """What is known of a mentor of an earlier cohort at the moment this one asks for mentors."""

    cohort: CohortSettings
    recipient: Addressee
    mentored_in: str
    came: bool
    places: MentorPlaces


def applicant_email(order: SendEmail, facts: ApplicantFacts, url: str) -> ApplicantEmail | None:
    """Return all that a letter to an applicant needs to know, or None where nothing is left to tell.

    ``url`` is the address of their own page.
    """
    applicant = facts.applicant
    withdrew = applicant.status is ApplicationStatus.WITHDRAWN and order.kind not in ALSO_TO_WHO_WITHDREW
    about = None if withdrew or applicant.closed else _OF[order.kind](order, facts)
    if about is None:
        return None
    context, particulars = about
    shared: Particulars = {
        "cohort": applicant.cohort,
        "recipient": Addressee(id=applicant.person_id, side=applicant.side, name=applicant.name, email=applicant.email),
        "url": url + PAGES.get(order.kind, ""),
        "occurrence": occurrence_of(order),
        "minutes": MINUTES.get(order.kind, 1),
    }
    return context(**shared | particulars)


def mentors_needed(order: SendEmail, facts: PastMentorFacts, url: str) -> MentorsNeededEmail | None:
    """Return what a letter to a past mentor needs to know; None once they came, or no application helps any more."""
    cohort, occurrence = facts.cohort, occurrence_of(order)
    enough = occurrence and not facts.places.missing
    if facts.came or enough or not _is_open(cohort, order):
        return None
    return MentorsNeededEmail(
        cohort=cohort,
        recipient=facts.recipient,
        url=url,
        by=apply_by(cohort),
        minutes=MINUTES[EmailKind.MENTORS_NEEDED],
        occurrence=occurrence,
        mentored_in=facts.mentored_in,
        missing=facts.places.missing,
        ends_on=_ends_on(cohort),
    )


def apply_by(cohort: CohortSettings) -> date:
    """Return the last day (local) on which applications are taken; without a window, the day before the kickoff."""
    closes_at = cohort.applications_close_at
    return local_day(closes_at - A_MOMENT, cohort.time_zone) if closes_at else cohort.kickoff - A_DAY


def _is_open(cohort: CohortSettings, order: SendEmail) -> bool:
    closes_at = cohort.applications_close_at
    return closes_at is not None and order.now < closes_at


def _ends_on(cohort: CohortSettings) -> date:
    return months_after(cohort.kickoff, cohort.timeline.months)


About: TypeAlias = tuple[type[ApplicantEmail], Particulars] | None


def _link(order: SendEmail, facts: ApplicantFacts) -> About:
    cohort, status = facts.applicant.cohort, facts.applicant.status
    handed_in = status is not None
    is_open = _is_open(cohort, order)
    settled = handed_in or not is_open
    return ApplicationLinkEmail, {
        "handed_in": handed_in,
        "open": is_open,
        "by": cohort.kickoff if handed_in else apply_by(cohort),
        **({"minutes": 1} if settled else {}),
    }


def _received(order: SendEmail, facts: ApplicantFacts) -> About:
    applicant = facts.applicant
    if applicant.status is None:
        return None
    return ApplicationReceivedEmail, {
        "status": applicant.status,
        "why": applicant.why or "",
        "by": applicant.cohort.kickoff,
    }


def _reminder(order: SendEmail, facts: ApplicantFacts) -> About:
    cohort = facts.applicant.cohort
    if facts.applicant.status is not None or not _is_open(cohort, order):
        return None
    return ApplicationReminderEmail, {"by": apply_by(cohort)}


def _intake(order: SendEmail, facts: ApplicantFacts) -> About:
    if not facts.gaps:
        return None
    cohort = facts.applicant.cohort
    by = apply_by(cohort) if _is_open(cohort, order) else cohort.kickoff - A_DAY
    return IntakeEmail, {"gaps": facts.gaps, "by": by}


def _standing_changed(order: SendEmail, facts: ApplicantFacts) -> About:
    applicant = facts.applicant
    if applicant.status is None:
        return None
    return StandingChangedEmail, {
        "status": applicant.status,
        "by": applicant.cohort.kickoff,
        "match_is_off": subject_of(order).startswith(MATCH_IS_OFF),
    }


def _proposal(order: SendEmail, facts: ApplicantFacts) -> About:
    """A proposal that was answered meanwhile is not reminded of, and one that was taken back is not told at all."""
    applicant, proposal = facts.applicant, facts.proposal
    if proposal is None or proposal.final or (proposal.mine and occurrence_of(order)):
        return None
    return ProposalEmail, {
        "partner": proposal.partner,
        "shared": proposal.shared,
        "by": local_day(proposal.answer_by - A_MOMENT, applicant.cohort.time_zone),
        "ends_on": _ends_on(applicant.cohort),
    }


def _match_final(order: SendEmail, facts: ApplicantFacts) -> About:
    """A match that does not stand any more when the letter leaves is not told."""
    cohort, proposal = facts.applicant.cohort, facts.proposal
    if proposal is None or not proposal.final:
        return None
    # Staff may confirm a match after the kickoff too; no letter tells of a day that is past as one to come.
    begins_on = max(cohort.kickoff, local_day(order.at, cohort.time_zone))
    return MatchFinalEmail, {"partner": proposal.partner, "by": begins_on, "ends_on": _ends_on(cohort)}


def _kickoff(order: SendEmail, facts: ApplicantFacts) -> About:
    coming = facts.applicant.rsvp.coming if facts.applicant.rsvp else None
    answered = coming is not None and coming is not RsvpStatus.UNSURE
    if facts.applicant.cohort.session is None or (occurrence_of(order) and answered):
        return None
    return KickoffEmail, {"coming": coming, "by": _rsvp_by(order, facts.applicant.cohort)}


def _kickoff_changed(order: SendEmail, facts: ApplicantFacts) -> About:
    coming = facts.applicant.rsvp.coming if facts.applicant.rsvp else None
    return KickoffChangedEmail, {"coming": coming, "by": _rsvp_by(order, facts.applicant.cohort)}


def _rsvp_by(order: SendEmail, cohort: CohortSettings) -> date:
    """Return two days before the first half day, or the day of the letter where that is past."""
    days = [half.day for half in cohort.session.half_days] if cohort.session else [cohort.kickoff]
    return max(min(days) - RSVP_BEFORE, local_day(order.at, cohort.time_zone))


_OF: dict[EmailKind, Callable[[SendEmail, ApplicantFacts], About]] = {
    EmailKind.APPLICATION_LINK: _link,
    EmailKind.APPLICATION_RECEIVED: _received,
    EmailKind.APPLICATION_REMINDER: _reminder,
    EmailKind.INTAKE: _intake,
    EmailKind.STANDING_CHANGED: _standing_changed,
    EmailKind.PROPOSAL: _proposal,
    EmailKind.MATCH_FINAL: _match_final,
    EmailKind.KICKOFF: _kickoff,
    EmailKind.KICKOFF_CHANGED: _kickoff_changed,
}
