"""Whom a campaign emails: read from PostgreSQL as it is now; the campaign's activity and every preview ask here."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

from domain.applications.emails import applicant_email_request
from domain.calendar import leaves_at, local_day
from domain.cohort import campaigns as times
from schemas.cohort.campaigns import CampaignCall, CampaignResult
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import CampaignKind, EmailKind, Recipient, RsvpStatus, Side, StaffReason
from schemas.ids import MATCH_IS_OFF, email_key, occurrence_of, proposal_subject
from storage import applicants, campaigns, cohorts, kickoff, outbox
from storage.campaigns import EarlierEmail, LeftWithoutMatch, OpenProposal
from storage.database import Db

# The emails of a campaign, and how many answers or places are still missing.
Found = tuple[list[QueuedEmail], int]
# Two campaigns of one day may ask somebody for the same, such as the opening and a reminder of missing answers.
ONE_OF_A_KIND_WITHIN = timedelta(hours=20)
_ONCE_A_DAY = {
    EmailKind.INTAKE,
    EmailKind.MENTORS_NEEDED,
    EmailKind.APPLICATION_REMINDER,
    EmailKind.KICKOFF,
    EmailKind.STAFF_NOTE,
}
# The sender drops a reminder that comes within two days (emails/writer.py), so none is enqueued that it would drop.
REMINDED_AFTER = timedelta(days=2, hours=1)
# An email that is late may wait for office hours over a long weekend.
LONGEST_WAIT = timedelta(days=7)


async def enqueue_campaign(db: Db, call: CampaignCall) -> CampaignResult:
    """Enqueue an email to everybody a campaign concerns; return how many, and what is still missing.

    All or none are enqueued. A second run adds those whom the campaign concerns only since, and nobody twice.
    """
    settings = await cohorts.cohort_settings(db, call.cohort_id)
    emails, missing = await _FIND[call.campaign.kind](db, call, settings)
    due = await _unsaid(db, call, settings, emails)
    await outbox.enqueue(db, *due)
    return CampaignResult(enqueued=len(due), missing=missing)


async def _unsaid(
    db: Db, call: CampaignCall, settings: CohortSettings, emails: Sequence[QueuedEmail]
) -> list[QueuedEmail]:
    """Leave out what people are told by another email that has just left, or waits to leave."""
    earlier: dict[str, list[EarlierEmail]] = {}
    keys = [email.key for email in emails]
    for one in await campaigns.emailed_since(db, call.cohort_id, call.now - LONGEST_WAIT, except_keys=keys):
        earlier.setdefault(one.scope_id, []).append(one)
    return [
        email
        for email in emails
        if not any(_is_said(email, by, call, settings.time_zone) for by in earlier.get(email.scope_id, ()))
    ]


def _is_said(email: QueuedEmail, earlier: EarlierEmail, call: CampaignCall, zone: str) -> bool:
    left_at = leaves_at(earlier.due_at, earlier.requested_at, zone, automatic=earlier.automatic)
    if email.kind is EmailKind.KICKOFF_CHANGED:
        since = call.campaign.since
        return earlier.kind is EmailKind.KICKOFF and since is not None and left_at >= since
    is_alike = (earlier.kind, earlier.reason) == (email.kind, email.reason)
    if is_alike and email.kind in _ONCE_A_DAY and call.now - left_at < ONE_OF_A_KIND_WITHIN:
        return True
    is_reminder = occurrence_of(email.key) > 0 and call.now - left_at < REMINDED_AFTER
    return is_reminder and earlier.key.rpartition("/")[0] == email.key.rpartition("/")[0]


async def _opening(db: Db, call: CampaignCall, settings: CohortSettings) -> Found:
    asked = await _people_to_ask(db, call, settings)
    gaps = await _gaps(db, call)
    return [*asked, *gaps], (await applicants.mentor_places(db, call.cohort_id)).missing


async def _recruiting(db: Db, call: CampaignCall, settings: CohortSettings) -> Found:
    """Ask people of earlier classes again, unless there are places enough (B2)."""
    missing = (await applicants.mentor_places(db, call.cohort_id)).missing
    return (await _people_to_ask(db, call, settings) if missing else []), missing


async def _unfinished(db: Db, call: CampaignCall, settings: CohortSettings) -> Found:
    drafts = await campaigns.unfinished_drafts(db, call.cohort_id)
    orders = [_order(call, EmailKind.APPLICATION_REMINDER, one.person_id, one.side) for one in drafts]
    return orders, len(drafts)


async def _closing(db: Db, call: CampaignCall, settings: CohortSettings) -> Found:
    missing = (await applicants.mentor_places(db, call.cohort_id)).missing
    return [_note(call, StaffReason.APPLICATIONS_CLOSED)], missing


async def _intake(db: Db, call: CampaignCall, settings: CohortSettings) -> Found:
    gaps = await _gaps(db, call)
    return gaps + ([_note(call, StaffReason.INTAKE_INCOMPLETE)] if gaps else []), len(gaps)


async def _proposal(db: Db, call: CampaignCall, settings: CohortSettings) -> Found:
    proposals = await campaigns.open_proposals(db, call.cohort_id)
    asked = [one for one in proposals if _is_due(one, call, settings)]
    orders = [
        _order(call, EmailKind.PROPOSAL, one.of(side)[0], side, about=_subject(one))
        for one in asked
        for side in Side
        if one.of(side)[1] is None
    ]
    return [*orders, *await _withdrawn(db, call)], len(proposals)


async def _withdrawn(db: Db, call: CampaignCall) -> list[QueuedEmail]:
    """Email those whose partner declined and for whom there is no other match so far."""
    if call.campaign.number:
        return []
    return [
        _order(call, EmailKind.STATUS_CHANGED, one.person_id, one.side, about=f"{MATCH_IS_OFF}{_subject(one)}")
        for one in await campaigns.left_without_match(db, call.cohort_id)
    ]


async def _proposals_due(db: Db, call: CampaignCall, settings: CohortSettings) -> Found:
    unanswered = len(await campaigns.open_proposals(db, call.cohort_id))
    return ([_note(call, StaffReason.PROPOSALS_UNANSWERED)] if unanswered else []), unanswered


async def _kickoff(db: Db, call: CampaignCall, settings: CohortSettings) -> Found:
    """The first invitation is sent once, however often the kickoff moves; a reminder to those still undecided."""
    guests = [guest for guest in await kickoff.guests(db, call.cohort_id) if guest.invited]
    undecided = [guest for guest in guests if guest.rsvp is None or guest.rsvp.status is RsvpStatus.UNSURE]
    orders = [
        _order(call, EmailKind.KICKOFF, guest.person.id, guest.person.side, about=CampaignKind.KICKOFF)
        for guest in (undecided if call.campaign.number else guests)
    ]
    return orders, len(undecided)


async def _kickoff_changed(db: Db, call: CampaignCall, settings: CohortSettings) -> Found:
    guests = [guest.person for guest in await kickoff.guests(db, call.cohort_id) if guest.invited]
    return [_order(call, EmailKind.KICKOFF_CHANGED, guest.id, guest.side) for guest in guests], 0


async def _people_to_ask(db: Db, call: CampaignCall, settings: CohortSettings) -> list[QueuedEmail]:
    found = await campaigns.people_to_ask(
        db, call.cohort_id, settings.kickoff_day, sit_out_years=settings.eligibility.sit_out_years
    )
    return [_order(call, EmailKind.MENTORS_NEEDED, f"{one.cohort_id}.{one.person_id}", Side.MENTOR) for one in found]


async def _gaps(db: Db, call: CampaignCall) -> list[QueuedEmail]:
    found = await campaigns.intake_gaps(db, call.cohort_id)
    return [_order(call, EmailKind.INTAKE, person, Side.MENTEE) for person in found]


def _order(call: CampaignCall, kind: EmailKind, person: str, side: Side, *, about: str | None = None) -> QueuedEmail:
    """Return an email of a campaign; its key names the campaign, so the same one emails nobody twice."""
    about = about or times.campaign_name(call.campaign)
    return applicant_email_request(
        call.cohort_id, person, side, kind, about, at=call.campaign.at, now=call.now, occurrence=call.campaign.number
    )


def _note(call: CampaignCall, reason: StaffReason) -> QueuedEmail:
    key = email_key(
        call.cohort_id, EmailKind.STAFF_NOTE, f"{reason}-{times.campaign_name(call.campaign)}", Recipient.STAFF
    )
    return QueuedEmail(
        key=key,
        kind=EmailKind.STAFF_NOTE,
        scope_id=call.cohort_id,
        to=Recipient.STAFF,
        at=call.campaign.at,
        now=call.now,
        reason=reason,
    )


def _subject(proposal: OpenProposal | LeftWithoutMatch) -> str:
    return proposal_subject(proposal.mentor_id, proposal.mentee_id, proposal.proposed_at)


def _is_due(proposal: OpenProposal, call: CampaignCall, settings: CohortSettings) -> bool:
    """Tell whether a proposal is old enough for a reminder: one made later than the others has its own days."""
    if not call.campaign.number or settings.proposals is None:
        return True
    days = sorted(settings.proposals.reminders)[: call.campaign.number]
    proposed_on = local_day(proposal.proposed_at, settings.time_zone)
    return bool(days) and proposed_on + timedelta(days=days[-1]) <= local_day(call.now, settings.time_zone)


_FIND: Mapping[CampaignKind, Callable[[Db, CampaignCall, CohortSettings], Awaitable[Found]]] = {
    CampaignKind.OPENING: _opening,
    CampaignKind.UNFINISHED: _unfinished,
    CampaignKind.RECRUITING: _recruiting,
    CampaignKind.CLOSING: _closing,
    CampaignKind.INTAKE: _intake,
    CampaignKind.PROPOSAL: _proposal,
    CampaignKind.PROPOSALS_DUE: _proposals_due,
    CampaignKind.KICKOFF: _kickoff,
    CampaignKind.KICKOFF_CHANGED: _kickoff_changed,
}
