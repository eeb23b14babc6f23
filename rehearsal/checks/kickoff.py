"""The promises about the kickoff: attendance, commitment, the place, and that the session is optional."""

from collections import Counter
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from rehearsal.checks.evidence import Evidence, fields_of
from rehearsal.checks.own_calendar import months_later, names_day, names_day_and_year
from rehearsal.checks.verdict import Cases, Verdict, combine, judge, left_out
from schemas.enums import Commitment, EmailKind, RsvpStatus, Side
from schemas.matching.proposals import ProposedMatch
from schemas.personas import Persona
from schemas.rehearsal import MentorshipRecord

NO_PAIR = "no mentorship was played"
WELCOMED_AT = time(9)
NOTHING_NOTED = "staff noted nobody's attendance"


def mentees_attended(evidence: Evidence) -> Verdict:
    """A3: mentees are on the participants' list and were there; who was not is noted absent, and not started."""
    listed = {mentee.id for mentee in evidence.mentees}
    attended, started = _attended(evidence), {pair.mentee for pair in evidence.record.mentorships}
    absent = sorted(evidence.played(Persona.ABSENT) & listed)
    welcomed = {email.mentorship for email in evidence.emails_of(EmailKind.WELCOME)}
    ids = {pair.mentee: pair.id for pair in evidence.record.mentorships}
    present = sorted(mentee for mentee in listed - set(absent) if mentee in attended)
    return combine(
        judge(
            ((pair.id, pair.mentee in listed) for pair in evidence.first_mentorships()),
            "mentees are on the list of participants",
            otherwise=NO_PAIR,
        ),
        judge(
            ((one, attended.get(one) is False and one not in started) for one in absent),
            "mentees who did not come were noted absent and not started",
            otherwise="every mentee came",
        ),
        judge(
            ((one, attended[one] and one in started and ids[one] in welcomed) for one in present),
            "mentees who came were started and welcomed",
            otherwise=NOTHING_NOTED,
        ),
    )


def pairs_meet_on_the_last_day(evidence: Evidence) -> Verdict:
    """A5: mentorships begin on the kickoff's day, and also where the mentor could not come that day."""
    institute, kickoff = (
        evidence.settings.institute,
        evidence.settings.kickoff_on or evidence.settings.institute.last_day,
    )
    on_the_day = (
        (pair.id, pair.starts_on == kickoff and (institute.first_day or kickoff) <= kickoff <= institute.last_day)
        for pair in evidence.first_mentorships()
    )
    attended = _attended(evidence)
    noted = (
        (f"{pair.id}/{id_}", id_ in attended)
        for pair in evidence.first_mentorships()
        for id_ in (pair.mentor, pair.mentee)
    )
    met = sum(bool(attended.get(pair.mentor) and attended.get(pair.mentee)) for pair in evidence.first_mentorships())
    return combine(
        judge(on_the_day, f"mentorships began on {kickoff}, a day of the institute", otherwise=NO_PAIR),
        judge(noted, f"of their people were looked for then; {met} pairs met", otherwise=NO_PAIR),
        judge(
            _absent_mentor_cases(evidence),
            "mentors who could not come were noted absent and began all the same",
            otherwise="every mentor came",
        ),
    )


def session_is_optional(evidence: Evidence) -> Verdict:
    """A20: everybody in a match is invited with a calendar file, may say no, and their mentorship begins even so."""
    if evidence.settings.session is None:
        return left_out("this cohort invites to no session")
    guests = [guest for guest in evidence.pre_kickoff.guests if guest.invited]
    counts = Counter(guest.rsvp.status for guest in guests if guest.rsvp)
    answers = ", ".join(f"{counts[status]} {status}" for status in RsvpStatus)
    day = f"{evidence.settings.session.half_days[0].day:%Y%m%d}"
    emails = list(evidence.emails_of(EmailKind.KICKOFF))
    return combine(
        judge(_no_condition_cases(evidence), f"who did not say yes began ({answers})", otherwise="all said yes"),
        judge(
            ((email.key, "BEGIN:VCALENDAR" in email.calendar and day in email.calendar) for email in emails),
            "invitations had a calendar file with the day",
            otherwise="nobody was invited",
        ),
        judge(
            ((email.key, "have to come" in email.text) for email in emails),
            "invitations said that nobody has to come",
            otherwise="nobody was invited",
        ),
        judge(_choice_cases(evidence), "pages offered yes, no and unsure", otherwise="nobody opened an invitation"),
        judge(_invitation_cases(evidence), "people of matches were invited", otherwise=NO_PAIR),
    )


def both_commit_before_start(evidence: Evidence) -> Verdict:
    """A23: proposal and welcome name the last day, and no mentorship began that not both committed to, or staff."""
    if evidence.settings.proposals is None:
        return welcome_names_the_last_day(evidence)
    proposals = {(proposal.mentor_id, proposal.mentee_id): proposal for proposal in evidence.pre_kickoff.proposals}
    pairs = [(pair, proposals.get((pair.mentor, pair.mentee))) for pair in evidence.first_mentorships()]
    by_staff = sum(bool(proposal and proposal.confirmed_at) for _, proposal in pairs)
    last_day = _last_day(evidence)
    return combine(
        judge(
            (
                (pair.id, proposal is not None and _was_final_at_start(evidence, pair, proposal))
                for pair, proposal in pairs
            ),
            f"matches were final before they began ({by_staff} by staff's word)",
            otherwise=NO_PAIR,
        ),
        judge(_declined_cases(evidence), "declined matches did not begin", otherwise="nobody declined a match"),
        welcome_names_the_last_day(evidence),
        judge(
            ((email.key, names_day(email.text, last_day)) for email in evidence.emails_of(EmailKind.PROPOSAL)),
            "proposals name it too",
            otherwise="nothing was proposed",
        ),
    )


def welcome_names_the_last_day(evidence: Evidence) -> Verdict:
    """A23: the welcome names the day on which the mentorship ends, with its year."""
    last_day, first = _last_day(evidence), {pair.id for pair in evidence.first_mentorships()}
    cases = (
        (email.key, names_day_and_year(email.text, last_day))
        for email in evidence.emails_of(EmailKind.WELCOME)
        if email.mentorship in first
    )
    return judge(cases, f"welcomes name the last day, {last_day}", otherwise="nobody was welcomed")


def _last_day(evidence: Evidence) -> date:
    return months_later(evidence.settings.kickoff_day, evidence.settings.timeline.months)


def _attended(evidence: Evidence) -> dict[str, bool]:
    return {guest.person.id: guest.attended for guest in evidence.pre_kickoff.guests if guest.attended is not None}


def _absent_mentor_cases(evidence: Evidence) -> Cases:
    """Yield for each mentor who said no or stayed away, but whose mentee came, whether they began."""
    attended, staying_away = _attended(evidence), evidence.played(Persona.ABSENT)
    must, started = _must_start(evidence), _started(evidence)
    for guest in evidence.pre_kickoff.guests:
        person, said_no = guest.person.id, guest.rsvp is not None and guest.rsvp.status is RsvpStatus.NO
        if guest.person.side is Side.MENTOR and person in must and (said_no or person in staying_away):
            yield person, attended.get(person) is False and person in started


def _must_start(evidence: Evidence) -> set[str]:
    """Return everybody in a final match whose mentee came."""
    away = evidence.played(Persona.ABSENT)
    proposed = [
        (one.mentor_id, one.mentee_id) for one in evidence.pre_kickoff.proposals if one.final and not one.withdrawn_at
    ]
    matched = proposed or [(pair.mentor, pair.mentee) for pair in evidence.pre_kickoff.pairs]
    return {person for mentor, mentee in matched if mentee not in away for person in (mentor, mentee)}


def _started(evidence: Evidence) -> set[str]:
    return {person for pair in evidence.first_mentorships() for person in (pair.mentor, pair.mentee)}


def _no_condition_cases(evidence: Evidence) -> Cases:
    must, started = _must_start(evidence), _started(evidence)
    for guest in evidence.pre_kickoff.guests:
        if guest.person.id in must and not (guest.rsvp and guest.rsvp.status is RsvpStatus.YES):
            yield guest.person.id, guest.person.id in started


def _choice_cases(evidence: Evidence) -> Cases:
    for number, form in enumerate(evidence.pre_kickoff.forms, start=1):
        choices = next((field.values for field in fields_of(form.html) if field.name == "status"), ())
        if choices:
            yield f"form {number}", {"yes", "no", "unsure"} <= set(choices)


def _invitation_cases(evidence: Evidence) -> Cases:
    invited = {email.mentorship.rpartition("/")[2] for email in evidence.emails_of(EmailKind.KICKOFF)}
    people = _must_start(evidence) | _started(evidence)
    return ((person, person in invited) for person in sorted(people))


def _declined_cases(evidence: Evidence) -> Cases:
    began = {(pair.mentor, pair.mentee) for pair in evidence.record.mentorships}
    declining = evidence.played(Persona.DECLINES)
    for one in evidence.pre_kickoff.proposals:
        if Commitment.DECLINED in (one.mentor.commitment, one.mentee.commitment):
            yield f"{one.mentor_id}:{one.mentee_id}", (one.mentor_id, one.mentee_id) not in began and not one.final
    for person in sorted(declining):
        answers = {
            one.of(side).commitment
            for one in evidence.pre_kickoff.proposals
            for side in Side
            if person == (one.mentor_id if side is Side.MENTOR else one.mentee_id)
        }
        if answers:
            yield person, Commitment.DECLINED in answers


def _was_final_at_start(evidence: Evidence, pair: MentorshipRecord, proposal: ProposedMatch) -> bool:
    starts_at = datetime.combine(pair.starts_on, WELCOMED_AT, ZoneInfo(evidence.settings.time_zone))
    if proposal.withdrawn_at:
        return False
    if proposal.confirmed_at:
        return proposal.confirmed_at < starts_at
    answers = [proposal.of(side) for side in Side]
    return all(answer.commitment is Commitment.COMMITTED and answer.at and answer.at < starts_at for answer in answers)
