"""The promises about the beginning: who attends, who committed, where they meet, and that coming is no condition."""

from collections import Counter

from domain.calendar import months_after, morning
from domain.formatting import format_weekday
from rehearsal.checks.evidence import Evidence
from rehearsal.checks.mentorship import tells_the_end_at_the_start
from rehearsal.checks.verdict import Cases, Verdict, all_of, judged
from schemas.enums import ApplicationStatus, Commitment, EmailKind, RsvpStatus, Side
from schemas.matching.proposals import ProposedMatch
from schemas.rehearsal import MentorshipRecord

NO_PAIR = "no mentorship was played"
NOTHING_NOTED = "staff noted nobody's attendance"


def mentees_attend(seen: Evidence) -> Verdict:
    """A3: every mentee is on the institute's list and was there on the last day; nobody noted absent was started."""
    listed = {
        one.person.id
        for one in seen.gathered.applications
        if one.side is Side.MENTEE and one.standing is ApplicationStatus.ACCEPTED
    }
    from_the_list = ((one.id, one.mentee in listed) for one in seen.first_pairs() if listed)
    return all_of(
        judged(from_the_list, "mentees are on the list of participants", else_="there is no list of participants"),
        judged(_were_there(seen), "mentees were noted there, or were not started", else_=NOTHING_NOTED),
    )


def they_meet_on_the_last_day(seen: Evidence) -> Verdict:
    """A5: mentorships begin on a day of the institute, and also where the mentor could not come that day."""
    institute, kickoff = seen.settings.institute, seen.settings.kickoff
    began = f"mentorships began on {format_weekday(kickoff, seen.settings.locale)}, a day of the institute"
    on_the_day = (
        (one.id, one.starts_on == kickoff and institute.opens_on <= kickoff <= institute.last_day)
        for one in seen.first_pairs()
    )
    there = _attended(seen)
    pairs = [one for one in seen.first_pairs() if there]
    noted = ((f"{one.id}/{id_}", id_ in there) for one in pairs for id_ in (one.mentor, one.mentee))
    met = sum(there.get(one.mentor, False) and there.get(one.mentee, False) for one in pairs)
    return all_of(
        judged(on_the_day, began, else_=NO_PAIR),
        judged(noted, f"of their people were looked for then; {met} pairs met", else_=NOTHING_NOTED),
        judged(_mentors_away(seen), "mentors who could not come began all the same", else_="every mentor came"),
    )


def session_is_no_condition(seen: Evidence) -> Verdict:
    """A20: everybody in a match is invited with a calendar file, and whatever they answer, their mentorship begins."""
    if seen.settings.session is None:
        return Verdict(held=None, evidence="this cohort invites to no session")
    began = {person for one in seen.first_pairs() for person in (one.mentor, one.mentee)}
    said = [(guest.person.id, guest.rsvp.coming) for guest in seen.gathered.guests if guest.rsvp and guest.invited]
    counts = Counter(coming for _, coming in said)
    answers = ", ".join(f"{counts[coming]} {coming}" for coming in RsvpStatus)
    day = f"{seen.settings.session.half_days[0].day:%Y%m%d}"
    enclosed = (
        (each.key, "BEGIN:VCALENDAR" in each.calendar and day in each.calendar)
        for each in seen.letters_of(EmailKind.KICKOFF)
    )
    return all_of(
        judged(((id_, id_ in began) for id_, _ in said), f"who answered began ({answers})", else_="nobody answered"),
        judged(enclosed, "invitations had a calendar file", else_="nobody was invited"),
        judged(_invited(seen, began), "people of pairs were invited", else_=NO_PAIR),
    )


def both_commit_first(seen: Evidence) -> Verdict:
    """A23: proposal and welcome name the last day, and no mentorship began that not both committed to, or staff."""
    if seen.settings.proposals is None:
        return tells_the_end_at_the_start(seen)
    made = {(one.mentor_id, one.mentee_id): one for one in seen.gathered.proposals}
    pairs = [(one, made.get((one.mentor, one.mentee))) for one in seen.first_pairs()]
    by_staff = sum(bool(proposal and proposal.confirmed_at) for _, proposal in pairs)
    declined = sum(bool(one.declined_by) for one in seen.gathered.proposals)
    final = ((one.id, proposal is not None and _final_before(seen, one, proposal)) for one, proposal in pairs)
    said = f"matches were final before they began ({by_staff} by staff's word; {declined} declined and made anew)"
    return all_of(
        judged(final, said, else_=NO_PAIR),
        tells_the_end_at_the_start(seen),
        judged(_proposals_tell(seen), "proposals name it too", else_="nothing was proposed"),
    )


def _attended(seen: Evidence) -> dict[str, bool]:
    return {guest.person.id: guest.attended for guest in seen.gathered.guests if guest.attended is not None}


def _were_there(seen: Evidence) -> Cases:
    there = _attended(seen)
    started = {one.mentee for one in seen.record.mentorships}
    for guest in seen.gathered.guests:
        if guest.person.side is Side.MENTEE and guest.person.id in there:
            yield guest.person.id, there[guest.person.id] or guest.person.id not in started


def _mentors_away(seen: Evidence) -> Cases:
    there, mentors = _attended(seen), {one.mentor for one in seen.first_pairs()}
    for guest in seen.gathered.guests:
        if guest.person.side is Side.MENTOR and guest.invited and there.get(guest.person.id) is False:
            yield guest.person.id, guest.person.id in mentors


def _invited(seen: Evidence, began: set[str]) -> Cases:
    invited = {each.mentorship.rpartition("/")[2] for each in seen.letters_of(EmailKind.KICKOFF)}
    return ((person, person in invited) for person in sorted(began))


def _final_before(seen: Evidence, one: MentorshipRecord, proposal: ProposedMatch) -> bool:
    begins_at = morning(one.starts_on, seen.settings.time_zone)
    if proposal.withdrawn_at:
        return False
    if proposal.confirmed_at:
        return proposal.confirmed_at <= begins_at
    said = [proposal.of(side) for side in Side]
    return all(each.commitment is Commitment.COMMITTED and each.at and each.at <= begins_at for each in said)


def _proposals_tell(seen: Evidence) -> Cases:
    last_day = format_weekday(months_after(seen.settings.kickoff, seen.settings.timeline.months), seen.settings.locale)
    return ((each.key, last_day in each.text) for each in seen.letters_of(EmailKind.PROPOSAL))
