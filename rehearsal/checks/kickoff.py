"""The promises about the kickoff: attendance, commitment, the place, and that the session is optional."""

from collections import Counter

from domain.calendar import months_after, morning
from domain.formatting import format_weekday
from rehearsal.checks.evidence import Evidence
from rehearsal.checks.mentorship import welcome_names_the_last_day
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from schemas.enums import ApplicationStatus, Commitment, EmailKind, RsvpStatus, Side
from schemas.matching.proposals import ProposedMatch
from schemas.rehearsal import MentorshipRecord

NO_PAIR = "no mentorship was played"
NOTHING_NOTED = "staff noted nobody's attendance"


def mentees_attended(evidence: Evidence) -> Verdict:
    """A3: every mentee is on the institute's list and was there on the last day; nobody noted absent was started."""
    listed = {
        application.person.id
        for application in evidence.pre_kickoff.applications
        if application.side is Side.MENTEE and application.status is ApplicationStatus.ACCEPTED
    }
    from_the_list = (
        (mentorship.id, mentorship.mentee in listed) for mentorship in evidence.first_mentorships() if listed
    )
    return combine(
        judge(from_the_list, "mentees are on the list of participants", otherwise="there is no list of participants"),
        judge(_attendance_cases(evidence), "mentees were noted there, or were not started", otherwise=NOTHING_NOTED),
    )


def pairs_meet_on_the_last_day(evidence: Evidence) -> Verdict:
    """A5: mentorships begin on a day of the institute, and also where the mentor could not come that day."""
    institute, kickoff = evidence.settings.institute, evidence.settings.kickoff_day
    started = f"mentorships began on {format_weekday(kickoff, evidence.settings.locale)}, a day of the institute"
    on_the_day = (
        (mentorship.id, mentorship.starts_on == kickoff and institute.opens_on <= kickoff <= institute.last_day)
        for mentorship in evidence.first_mentorships()
    )
    attended = _attended(evidence)
    pairs = [mentorship for mentorship in evidence.first_mentorships() if attended]
    noted = (
        (f"{mentorship.id}/{id_}", id_ in attended)
        for mentorship in pairs
        for id_ in (mentorship.mentor, mentorship.mentee)
    )
    met = sum(attended.get(mentorship.mentor, False) and attended.get(mentorship.mentee, False) for mentorship in pairs)
    return combine(
        judge(on_the_day, started, otherwise=NO_PAIR),
        judge(noted, f"of their people were looked for then; {met} pairs met", otherwise=NOTHING_NOTED),
        judge(
            _absent_mentor_cases(evidence),
            "mentors who could not come began all the same",
            otherwise="every mentor came",
        ),
    )


def session_is_optional(evidence: Evidence) -> Verdict:
    """A20: everybody in a match is invited with a calendar file, and whatever they answer, their mentorship begins."""
    if evidence.settings.session is None:
        return Verdict(held=None, evidence="this cohort invites to no session")
    started = {
        person for mentorship in evidence.first_mentorships() for person in (mentorship.mentor, mentorship.mentee)
    }
    answered = [
        (guest.person.id, guest.rsvp.status) for guest in evidence.pre_kickoff.guests if guest.rsvp and guest.invited
    ]
    counts = Counter(status for _, status in answered)
    answers = ", ".join(f"{counts[status]} {status}" for status in RsvpStatus)
    day = f"{evidence.settings.session.half_days[0].day:%Y%m%d}"
    enclosed = (
        (email.key, "BEGIN:VCALENDAR" in email.calendar and day in email.calendar)
        for email in evidence.emails_of(EmailKind.KICKOFF)
    )
    return combine(
        judge(
            ((id_, id_ in started) for id_, _ in answered),
            f"who answered began ({answers})",
            otherwise="nobody answered",
        ),
        judge(enclosed, "invitations had a calendar file", otherwise="nobody was invited"),
        judge(_invitation_cases(evidence, started), "people of pairs were invited", otherwise=NO_PAIR),
    )


def both_commit_before_start(evidence: Evidence) -> Verdict:
    """A23: proposal and welcome name the last day, and no mentorship began that not both committed to, or staff."""
    if evidence.settings.proposals is None:
        return welcome_names_the_last_day(evidence)
    proposals = {(proposal.mentor_id, proposal.mentee_id): proposal for proposal in evidence.pre_kickoff.proposals}
    pairs = [
        (mentorship, proposals.get((mentorship.mentor, mentorship.mentee)))
        for mentorship in evidence.first_mentorships()
    ]
    by_staff = sum(bool(proposal and proposal.confirmed_at) for _, proposal in pairs)
    declined = sum(proposal.declined for proposal in evidence.pre_kickoff.proposals)
    final = (
        (mentorship.id, proposal is not None and _was_final_at_start(evidence, mentorship, proposal))
        for mentorship, proposal in pairs
    )
    summary = f"matches were final before they began ({by_staff} by staff's word; {declined} declined and made anew)"
    return combine(
        judge(final, summary, otherwise=NO_PAIR),
        welcome_names_the_last_day(evidence),
        judge(_last_day_cases(evidence), "proposals name it too", otherwise="nothing was proposed"),
    )


def _attended(evidence: Evidence) -> dict[str, bool]:
    return {guest.person.id: guest.attended for guest in evidence.pre_kickoff.guests if guest.attended is not None}


def _attendance_cases(evidence: Evidence) -> Cases:
    attended = _attended(evidence)
    started = {mentorship.mentee for mentorship in evidence.record.mentorships}
    for guest in evidence.pre_kickoff.guests:
        if guest.person.side is Side.MENTEE and guest.person.id in attended:
            yield guest.person.id, attended[guest.person.id] or guest.person.id not in started


def _absent_mentor_cases(evidence: Evidence) -> Cases:
    attended, mentors = _attended(evidence), {mentorship.mentor for mentorship in evidence.first_mentorships()}
    for guest in evidence.pre_kickoff.guests:
        if guest.person.side is Side.MENTOR and guest.invited and attended.get(guest.person.id) is False:
            yield guest.person.id, guest.person.id in mentors


def _invitation_cases(evidence: Evidence, started: set[str]) -> Cases:
    invited = {email.mentorship.rpartition("/")[2] for email in evidence.emails_of(EmailKind.KICKOFF)}
    return ((person, person in invited) for person in sorted(started))


def _was_final_at_start(evidence: Evidence, mentorship: MentorshipRecord, proposal: ProposedMatch) -> bool:
    begins_at = morning(mentorship.starts_on, evidence.settings.time_zone)
    if proposal.withdrawn_at:
        return False
    if proposal.confirmed_at:
        return proposal.confirmed_at <= begins_at
    answers = [proposal.of(side) for side in Side]
    return all(answer.commitment is Commitment.COMMITTED and answer.at and answer.at <= begins_at for answer in answers)


def _last_day_cases(evidence: Evidence) -> Cases:
    last_day = format_weekday(
        months_after(evidence.settings.kickoff_day, evidence.settings.timeline.months),
        evidence.settings.locale,
        today=evidence.settings.kickoff_day,
    )
    return ((email.key, last_day in email.text) for email in evidence.emails_of(EmailKind.PROPOSAL))
