"""The promises about the beginning: who attends, who committed, where they meet, and that coming is no condition."""

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
        judge(_were_there(evidence), "mentees were noted there, or were not started", otherwise=NOTHING_NOTED),
    )


def pairs_meet_on_the_last_day(evidence: Evidence) -> Verdict:
    """A5: mentorships begin on a day of the institute, and also where the mentor could not come that day."""
    institute, kickoff = evidence.settings.institute, evidence.settings.kickoff
    began = f"mentorships began on {format_weekday(kickoff, evidence.settings.locale)}, a day of the institute"
    on_the_day = (
        (mentorship.id, mentorship.starts_on == kickoff and institute.opens_on <= kickoff <= institute.last_day)
        for mentorship in evidence.first_mentorships()
    )
    there = _attended(evidence)
    pairs = [mentorship for mentorship in evidence.first_mentorships() if there]
    noted = (
        (f"{mentorship.id}/{id_}", id_ in there)
        for mentorship in pairs
        for id_ in (mentorship.mentor, mentorship.mentee)
    )
    met = sum(there.get(mentorship.mentor, False) and there.get(mentorship.mentee, False) for mentorship in pairs)
    return combine(
        judge(on_the_day, began, otherwise=NO_PAIR),
        judge(noted, f"of their people were looked for then; {met} pairs met", otherwise=NOTHING_NOTED),
        judge(_mentors_away(evidence), "mentors who could not come began all the same", otherwise="every mentor came"),
    )


def session_is_optional(evidence: Evidence) -> Verdict:
    """A20: everybody in a match is invited with a calendar file, and whatever they answer, their mentorship begins."""
    if evidence.settings.session is None:
        return Verdict(held=None, evidence="this cohort invites to no session")
    began = {person for mentorship in evidence.first_mentorships() for person in (mentorship.mentor, mentorship.mentee)}
    said = [
        (guest.person.id, guest.rsvp.status) for guest in evidence.pre_kickoff.guests if guest.rsvp and guest.invited
    ]
    counts = Counter(status for _, status in said)
    answers = ", ".join(f"{counts[status]} {status}" for status in RsvpStatus)
    day = f"{evidence.settings.session.half_days[0].day:%Y%m%d}"
    enclosed = (
        (each.key, "BEGIN:VCALENDAR" in each.calendar and day in each.calendar)
        for each in evidence.emails_of(EmailKind.KICKOFF)
    )
    return combine(
        judge(((id_, id_ in began) for id_, _ in said), f"who answered began ({answers})", otherwise="nobody answered"),
        judge(enclosed, "invitations had a calendar file", otherwise="nobody was invited"),
        judge(_invited(evidence, began), "people of pairs were invited", otherwise=NO_PAIR),
    )


def both_commit_before_start(evidence: Evidence) -> Verdict:
    """A23: proposal and welcome name the last day, and no mentorship began that not both committed to, or staff."""
    if evidence.settings.proposals is None:
        return welcome_names_the_last_day(evidence)
    made = {(proposal.mentor_id, proposal.mentee_id): proposal for proposal in evidence.pre_kickoff.proposals}
    pairs = [
        (mentorship, made.get((mentorship.mentor, mentorship.mentee))) for mentorship in evidence.first_mentorships()
    ]
    by_staff = sum(bool(proposal and proposal.confirmed_at) for _, proposal in pairs)
    declined = sum(proposal.declined for proposal in evidence.pre_kickoff.proposals)
    final = (
        (mentorship.id, proposal is not None and _final_before(evidence, mentorship, proposal))
        for mentorship, proposal in pairs
    )
    said = f"matches were final before they began ({by_staff} by staff's word; {declined} declined and made anew)"
    return combine(
        judge(final, said, otherwise=NO_PAIR),
        welcome_names_the_last_day(evidence),
        judge(_proposals_tell(evidence), "proposals name it too", otherwise="nothing was proposed"),
    )


def _attended(evidence: Evidence) -> dict[str, bool]:
    return {guest.person.id: guest.attended for guest in evidence.pre_kickoff.guests if guest.attended is not None}


def _were_there(evidence: Evidence) -> Cases:
    there = _attended(evidence)
    started = {mentorship.mentee for mentorship in evidence.record.mentorships}
    for guest in evidence.pre_kickoff.guests:
        if guest.person.side is Side.MENTEE and guest.person.id in there:
            yield guest.person.id, there[guest.person.id] or guest.person.id not in started


def _mentors_away(evidence: Evidence) -> Cases:
    there, mentors = _attended(evidence), {mentorship.mentor for mentorship in evidence.first_mentorships()}
    for guest in evidence.pre_kickoff.guests:
        if guest.person.side is Side.MENTOR and guest.invited and there.get(guest.person.id) is False:
            yield guest.person.id, guest.person.id in mentors


def _invited(evidence: Evidence, began: set[str]) -> Cases:
    invited = {each.mentorship.rpartition("/")[2] for each in evidence.emails_of(EmailKind.KICKOFF)}
    return ((person, person in invited) for person in sorted(began))


def _final_before(evidence: Evidence, mentorship: MentorshipRecord, proposal: ProposedMatch) -> bool:
    begins_at = morning(mentorship.starts_on, evidence.settings.time_zone)
    if proposal.withdrawn_at:
        return False
    if proposal.confirmed_at:
        return proposal.confirmed_at <= begins_at
    said = [proposal.of(side) for side in Side]
    return all(each.commitment is Commitment.COMMITTED and each.at and each.at <= begins_at for each in said)


def _proposals_tell(evidence: Evidence) -> Cases:
    last_day = format_weekday(
        months_after(evidence.settings.kickoff, evidence.settings.timeline.months),
        evidence.settings.locale,
        today=evidence.settings.kickoff,
    )
    return ((each.key, last_day in each.text) for each in evidence.emails_of(EmailKind.PROPOSAL))
