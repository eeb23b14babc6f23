"""The promises about a mentorship's duration: 18 months, six quarters, one mentor, and early ends."""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.calendar import business_day, months_after
from domain.formatting import format_weekday
from rehearsal.checks.evidence import Evidence
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from schemas.enums import EmailKind, Outcome, Recipient
from schemas.rehearsal import MentorshipRecord

PARTICIPANTS = (Recipient.MENTOR, Recipient.MENTEE)
# Emails wait for a business day, and for three days after the last one.
EMAILED_WITHIN = timedelta(days=10)


def mentorship_ends_on_its_day(evidence: Evidence) -> Verdict:
    """A6: the end is so many calendar months after kickoff, later by what staff paused or added."""
    kickoff, months = evidence.settings.kickoff_day, evidence.settings.timeline.months
    cases = (
        (
            mentorship.id,
            mentorship.ends_on == _postponed(mentorship, months_after(kickoff, months + _months_added(mentorship))),
        )
        for mentorship in evidence.completed()
        if not _resumed_early(mentorship)
    )
    return judge(
        cases, f"ended {months} months after kickoff and their pauses", otherwise="no mentorship was completed"
    )


def check_ins_close_every_quarter(evidence: Evidence) -> Verdict:
    """A22: windows of three months count from kickoff, all of them, and each shows what both sides said."""
    months = evidence.settings.timeline.check_in_every_months
    completed = [mentorship for mentorship in evidence.completed() if not _resumed_early(mentorship)]
    return combine(
        judge(
            (
                (mentorship.id, _window_numbers(mentorship) == _expected_numbers(evidence, mentorship))
                for mentorship in completed
            ),
            "mentorships had every window",
            otherwise="no mentorship was completed",
        ),
        judge(
            (
                (mentorship.id, quarter.closes_on == _closing_day(evidence, mentorship, quarter.number))
                for mentorship in completed
                for quarter in mentorship.quarters
            ),
            f"windows closed {months} months after the last one",
            otherwise="no window closed",
        ),
    )


def welcome_names_the_last_day(evidence: Evidence) -> Verdict:
    """A23: the welcome names the day on which the mentorship ends."""
    planned = format_weekday(
        months_after(evidence.settings.kickoff_day, evidence.settings.timeline.months),
        evidence.settings.locale,
        today=evidence.settings.kickoff_day,
    )
    first = {mentorship.id for mentorship in evidence.record.mentorships if mentorship.predecessor is None}
    cases = (
        (email.key, planned in email.text)
        for email in evidence.emails_of(EmailKind.WELCOME)
        if email.mentorship in first
    )
    return judge(cases, f"welcomes name the last day, {planned}", otherwise="nobody was welcomed")


def each_mentee_has_one_mentor(evidence: Evidence) -> Verdict:
    """A25: nobody mentors more people at a time than they offered, and who is left goes on with another mentor."""
    return combine(
        judge(
            _capacity_cases(evidence),
            "mentors had no more mentees at a time than they take",
            otherwise="nobody mentored",
        ),
        judge(_farewell_cases(evidence), "early ends were told to both sides", otherwise="no mentorship ended early"),
        judge(_successor_cases(evidence), "successors go on with the same mentee", otherwise="no mentor was replaced"),
    )


def follow_ups_are_sent(evidence: Evidence) -> Verdict:
    """A18: both are asked what has become of it, some months after the end."""
    cases = (
        (
            f"{mentorship.id}/follow_up-{number}",
            _asked_in_time(mentorship, f"follow_up-{number}", to, months_after(mentorship.ends_on, months)),
        )
        for number, months in enumerate(evidence.settings.timeline.follow_up_after_months, start=1)
        for mentorship in evidence.completed()
        for to in PARTICIPANTS
    )
    return judge(cases, "follow-ups were sent in time", otherwise="no mentorship was followed up")


def mentor_makes_first_contact(evidence: Evidence) -> Verdict:
    """A27: on the first day the mentor is asked for the first contact."""
    return judge(
        ((mentorship.id, _first_contact_requested(mentorship)) for mentorship in evidence.record.mentorships),
        "mentors were asked for the first contact on the first day",
        otherwise="no mentorship was played",
    )


def _window_numbers(mentorship: MentorshipRecord) -> list[int]:
    return [quarter.number for quarter in mentorship.quarters]


def _expected_numbers(evidence: Evidence, mentorship: MentorshipRecord) -> list[int]:
    """Return the numbers of the windows a mentorship has; one that took over begins with the window it came into."""
    months, every = (
        evidence.settings.timeline.months + _months_added(mentorship),
        evidence.settings.timeline.check_in_every_months,
    )
    first = min(_window_numbers(mentorship), default=1) if mentorship.predecessor else 1
    return list(range(first, -(-months // every) + 1))


def _closing_day(evidence: Evidence, mentorship: MentorshipRecord, number: int) -> date:
    day = months_after(evidence.settings.kickoff_day, number * evidence.settings.timeline.check_in_every_months)
    return _postponed(mentorship, min(day, _own_end(evidence, mentorship)))


def _first_contact_requested(mentorship: MentorshipRecord) -> bool:
    first_day = business_day(mentorship.starts_on)
    return any(
        email.to is Recipient.MENTOR
        and "first_contact" in email.asks
        and email.at.date() <= first_day + timedelta(days=1)
        for email in mentorship.emails
    )


def _asked_in_time(mentorship: MentorshipRecord, milestone: str, to: Recipient, day: date) -> bool:
    days = [email.at.date() for email in mentorship.emails if email.to is to and milestone in email.asks]
    return bool(days) and day <= min(days) <= day + EMAILED_WITHIN


def _capacity_cases(evidence: Evidence) -> Cases:
    for mentor in sorted({mentorship.mentor for mentorship in evidence.record.mentorships}):
        own = [mentorship for mentorship in evidence.record.mentorships if mentorship.mentor == mentor]
        at_once = max(
            sum(other.starts_on <= mentorship.starts_on < other.ends_on for other in own) for mentorship in own
        )
        yield mentor, at_once <= evidence.capacity.get(mentor, 1)


def _farewell_cases(evidence: Evidence) -> Cases:
    for mentorship in evidence.record.mentorships:
        if mentorship.outcome not in (None, Outcome.COMPLETED):
            recipients = {email.to for email in mentorship.emails if email.kind is EmailKind.FAREWELL}
            yield mentorship.id, recipients == set(PARTICIPANTS)


def _successor_cases(evidence: Evidence) -> Iterator[tuple[str, bool]]:
    by_id = {mentorship.id: mentorship for mentorship in evidence.record.mentorships}
    for mentorship in evidence.record.mentorships:
        if mentorship.predecessor:
            before = by_id[mentorship.predecessor]
            yield (
                mentorship.id,
                mentorship.mentee == before.mentee
                and mentorship.mentor != before.mentor
                and mentorship.starts_on >= before.ends_on,
            )


def _months_added(mentorship: MentorshipRecord) -> int:
    return sum(change.months or 0 for change in mentorship.changes if change.change == "extend")


def _resumed_early(mentorship: MentorshipRecord) -> bool:
    return any(change.change == "resume" for change in mentorship.changes)


def _own_end(evidence: Evidence, mentorship: MentorshipRecord) -> date:
    return months_after(evidence.settings.kickoff_day, evidence.settings.timeline.months + _months_added(mentorship))


def _postponed(mentorship: MentorshipRecord, day: date) -> date:
    """Return a day postponed by every pause that began before it, in order: one may move it past the next one."""
    for change in sorted(mentorship.changes, key=lambda change: change.from_on or date.max):
        if change.change == "pause" and change.from_on and change.until_on and day >= change.from_on:
            day += change.until_on - change.from_on
    return day
