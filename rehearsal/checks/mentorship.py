"""The promises about a mentorship's duration: 18 months, six quarters, one mentor, and early ends."""

from collections.abc import Iterator
from datetime import date, timedelta

from rehearsal.checks.evidence import Evidence
from rehearsal.checks.expected import ANSWERS_NOTHING, expected_outcome, person_of, undisturbed
from rehearsal.checks.own_calendar import EMAILED_WITHIN, months_later, names_day, soon_after
from rehearsal.checks.recruiting import earlier_mentees_are_asked
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from schemas.enums import EmailKind, Outcome, Recipient, Side
from schemas.personas import Persona
from schemas.rehearsal import MentorshipRecord

PARTICIPANTS = (Recipient.MENTOR, Recipient.MENTEE)
STAFF_NOTIFIED_WITHIN = timedelta(days=8)
# What the welcome asks of the mentor.
ASKS_MENTOR = "Please contact your mentee"
# What a check-in says so that nobody feels tested, and what counts as a meeting.
NO_PENALTY, ANY_MEDIUM = "is a fine answer", "In person, phone, video, or email all count"


def mentorship_ends_on_its_day(evidence: Evidence) -> Verdict:
    """A6: a mentorship that nobody leaves ends so many calendar months after kickoff, later by its people's pauses."""
    kickoff, months = evidence.settings.kickoff_day, evidence.settings.timeline.months
    staying = [pair for pair in evidence.record.mentorships if expected_outcome(evidence, pair) is Outcome.COMPLETED]
    ends = {pair.id: months_later(kickoff, months) + _paused(evidence, pair) for pair in staying}
    return combine(
        judge(
            ((pair.id, pair.outcome is Outcome.COMPLETED and pair.ends_on == ends[pair.id]) for pair in staying),
            f"ended {months} months after kickoff and their pauses",
            otherwise="nobody stayed until the end",
        ),
        judge(
            ((pair.id, pair.ends_on > months_later(kickoff, months)) for pair in staying if _paused(evidence, pair)),
            "were put off by a pause",
            otherwise="nobody asked for a pause",
        ),
    )


def check_ins_close_every_quarter(evidence: Evidence) -> Verdict:
    """A22: windows of three months count from kickoff, all of them, with soft reminders; any medium counts."""
    months = evidence.settings.timeline.check_in_every_months
    count = evidence.settings.timeline.months // months
    emails = list(evidence.emails_of(EmailKind.CHECK_IN))
    return combine(
        judge(
            (
                (pair.id, [quarter.number for quarter in pair.quarters] == list(range(1, count + 1)))
                for pair in undisturbed(evidence)
            ),
            f"mentorships had {count} windows",
            otherwise="no mentorship was completed",
        ),
        judge(
            (
                (pair.id, quarter.closes_on == months_later(evidence.settings.kickoff_day, number * months))
                for pair in undisturbed(evidence)
                for number, quarter in enumerate(pair.quarters, start=1)
            ),
            f"windows closed {months} months after the last one",
            otherwise="no window closed",
        ),
        judge(
            ((email.key, NO_PENALTY in email.text and ANY_MEDIUM in email.text) for email in emails),
            "check-ins said that “not yet” is fine and any medium counts",
            otherwise="no check-in was sent",
        ),
        judge(_silence_cases(evidence), "silences stayed silences", otherwise="everybody answered"),
    )


def each_mentee_has_one_mentor(evidence: Evidence) -> Verdict:
    """A25: nobody mentors more people at a time than they offered, and who is left goes on with another mentor."""
    return combine(
        judge(
            _capacity_cases(evidence),
            "mentors had no more mentees at a time than they take",
            otherwise="nobody mentored",
        ),
        judge(
            ((pair.id, pair.outcome is expected_outcome(evidence, pair)) for pair in evidence.record.mentorships),
            "mentorships ended as their people wanted",
            otherwise="nobody mentored",
        ),
        judge(_farewell_cases(evidence), "early ends were told to both sides", otherwise="no mentorship ended early"),
        judge(_successor_cases(evidence), "mentees went on with another mentor", otherwise="no mentor was replaced"),
    )


def follow_ups_are_sent(evidence: Evidence) -> Verdict:
    """A18: both are asked what has become of it some months after the end, and mentees may mentor a later class."""
    cases = (
        (
            f"{mentorship.id}/follow_up-{number}",
            _asked_in_time(mentorship, f"follow_up-{number}", to, months_later(mentorship.ends_on, months)),
        )
        for number, months in enumerate(evidence.settings.timeline.follow_up_after_months, start=1)
        for mentorship in evidence.completed()
        for to in PARTICIPANTS
    )
    return combine(
        judge(cases, "follow-ups were sent in time", otherwise="no mentorship was followed up"),
        earlier_mentees_are_asked(evidence),
    )


def mentor_makes_first_contact(evidence: Evidence) -> Verdict:
    """A27: on the first day the mentor is asked for the first contact, by a day; staff learn where none was made."""
    due = timedelta(days=evidence.settings.timeline.first_contact.closes)
    starts = {pair.id: pair.starts_on for pair in evidence.first_mentorships()}
    welcomes = [one for one in evidence.emails_of(EmailKind.WELCOME, Recipient.MENTOR) if one.mentorship in starts]
    return combine(
        judge(
            ((pair.id, _first_contact_requested(pair)) for pair in evidence.record.mentorships),
            "mentors were asked for the first contact on the first day",
            otherwise="no mentorship was played",
        ),
        judge(
            (
                (email.key, ASKS_MENTOR in email.text and names_day(email.text, starts[email.mentorship] + due))
                for email in welcomes
            ),
            "welcomes named the day by which to do so",
            otherwise="nobody was welcomed",
        ),
        judge(
            ((pair.id, _is_in_digest(evidence, pair.id, pair.starts_on + due)) for pair in _silent_pairs(evidence)),
            "pairs that never spoke up were told to staff",
            otherwise="somebody of every pair answered",
        ),
    )


def _silent_pairs(evidence: Evidence) -> list[MentorshipRecord]:
    """Return the pairs of which nobody ever answers."""
    silent = evidence.always(*ANSWERS_NOTHING)
    return [pair for pair in evidence.first_mentorships() if {pair.mentor, pair.mentee} <= silent]


def _is_in_digest(evidence: Evidence, mentorship: str, after: date) -> bool:
    return any(
        mentorship in email.text and after < email.at.date() <= after + STAFF_NOTIFIED_WITHIN
        for email in evidence.emails_of(EmailKind.STAFF_DIGEST)
    )


def _silence_cases(evidence: Evidence) -> Cases:
    """Yield for each window of whoever never answers whether it shows that and nothing else."""
    for pair in undisturbed(evidence):
        for side in Side:
            if person_of(pair, side) in evidence.always(*ANSWERS_NOTHING):
                for quarter in pair.quarters:
                    yield f"{pair.id}/{quarter.number}/{side}", getattr(quarter, side) == "unanswered"


def _first_contact_requested(mentorship: MentorshipRecord) -> bool:
    return any(
        email.to is Recipient.MENTOR
        and "first_contact" in email.asks
        and mentorship.starts_on <= email.at.date() <= mentorship.starts_on + timedelta(days=4)
        for email in mentorship.emails
    )


def _asked_in_time(mentorship: MentorshipRecord, milestone: str, to: Recipient, day: date) -> bool:
    days = [email.at.date() for email in mentorship.emails if email.to is to and milestone in email.asks]
    return bool(days) and soon_after(min(days), day)


def _capacity_cases(evidence: Evidence) -> Cases:
    capacity = {mentor.id: mentor.capacity for mentor in evidence.mentors}
    for mentor in sorted({mentorship.mentor for mentorship in evidence.record.mentorships}):
        own = [mentorship for mentorship in evidence.record.mentorships if mentorship.mentor == mentor]
        at_once = max(
            sum(other.starts_on <= mentorship.starts_on < other.ends_on for other in own) for mentorship in own
        )
        yield mentor, at_once <= capacity.get(mentor, 1)


def _farewell_cases(evidence: Evidence) -> Cases:
    for mentorship in evidence.record.mentorships:
        if expected_outcome(evidence, mentorship) is not Outcome.COMPLETED:
            recipients = {email.to for email in mentorship.emails if email.kind is EmailKind.FAREWELL}
            yield mentorship.id, recipients == set(PARTICIPANTS)


def _successor_cases(evidence: Evidence) -> Iterator[tuple[str, bool]]:
    """Yield for each mentorship whose mentor left whether its mentee went on with another one from that day."""
    for left in evidence.record.mentorships:
        if expected_outcome(evidence, left) is Outcome.MENTOR_WITHDREW:
            later = next((one for one in evidence.record.mentorships if one.predecessor == left.id), None)
            yield left.id, later is not None and _goes_on(left, later)


def _goes_on(left: MentorshipRecord, later: MentorshipRecord) -> bool:
    same_mentee = later.mentee == left.mentee and later.mentor != left.mentor
    return same_mentee and left.ends_on <= later.starts_on <= left.ends_on + EMAILED_WITHIN


def _paused(evidence: Evidence, mentorship: MentorshipRecord) -> timedelta:
    """Return by how much the scripts of a mentorship's people put it off: both days of a pause are part of it."""
    scripts = [evidence.personas.get(person) for person in (mentorship.mentor, mentorship.mentee)]
    pauses = (script for script in scripts if script and script.persona is Persona.PAUSES)
    return sum(
        (
            script.ends_on - script.starts_on + timedelta(days=1)
            for script in pauses
            if script.ends_on and script.starts_on
        ),
        timedelta(),
    )
