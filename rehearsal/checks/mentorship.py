"""The promises about the mentorship's span: 18 months, six quarters, one mentor, an honorable way out."""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.calendar import business_day, months_after
from domain.formatting import format_weekday
from rehearsal.checks.evidence import Evidence
from rehearsal.checks.verdict import Cases, Verdict, all_of, judged
from schemas.enums import EmailKind, Outcome, Recipient
from schemas.rehearsal import MentorshipRecord

PARTICIPANTS = (Recipient.MENTOR, Recipient.MENTEE)
# Emails wait for a business day, and for three days after the last one.
WRITTEN_WITHIN = timedelta(days=10)


def ends_on_its_day(seen: Evidence) -> Verdict:
    """A6: the end is so many calendar months after kickoff, later by what staff paused or added."""
    kickoff, months = seen.settings.kickoff, seen.settings.timeline.months
    cases = (
        (one.id, one.ends_on == _put_off(one, months_after(kickoff, months + _months_added(one))))
        for one in seen.completed()
        if not _resumed_early(one)
    )
    return judged(cases, f"ended {months} months after kickoff and their pauses", else_="no mentorship was completed")


def lives_in_quarters(seen: Evidence) -> Verdict:
    """A22: windows of three months count from kickoff, all of them, and each shows what both sides said."""
    every = seen.settings.timeline.check_in_every_months
    whole = [one for one in seen.completed() if not _resumed_early(one)]
    return all_of(
        judged(
            ((one.id, _numbers(one) == _expected(seen, one)) for one in whole),
            "mentorships had every window",
            else_="no mentorship was completed",
        ),
        judged(
            (
                (one.id, quarter.closes_on == _closing(seen, one, quarter.number))
                for one in whole
                for quarter in one.quarters
            ),
            f"windows closed {every} months after the last one",
            else_="no window closed",
        ),
    )


def tells_the_end_at_the_start(seen: Evidence) -> Verdict:
    """A23: the welcome names the day on which the mentorship ends."""
    planned = format_weekday(months_after(seen.settings.kickoff, seen.settings.timeline.months), seen.settings.locale)
    first = {one.id for one in seen.record.mentorships if one.predecessor is None}
    cases = (
        (each.key, planned in each.text) for each in seen.letters_of(EmailKind.WELCOME) if each.mentorship in first
    )
    return judged(cases, f"welcomes name the last day, {planned}", else_="nobody was welcomed")


def keeps_to_one_pair(seen: Evidence) -> Verdict:
    """A25: nobody mentors more people at a time than they offered, and who is left goes on with another mentor."""
    return all_of(
        judged(_within_capacity(seen), "mentors had no more mentees at a time than they take", else_="nobody mentored"),
        judged(_taken_leave_of(seen), "early ends were told to both sides", else_="no mentorship ended early"),
        judged(_taken_over(seen), "successors go on with the same mentee", else_="no mentor was replaced"),
    )


def follows_up(seen: Evidence) -> Verdict:
    """A18: both are asked what has become of it, some months after the end."""
    cases = (
        (
            f"{one.id}/follow_up-{number}",
            _asked_within(one, f"follow_up-{number}", to, months_after(one.ends_on, months)),
        )
        for number, months in enumerate(seen.settings.timeline.follow_up_after_months, start=1)
        for one in seen.completed()
        for to in PARTICIPANTS
    )
    return judged(cases, "follow-ups were sent in time", else_="no mentorship was followed up")


def has_the_mentor_begin(seen: Evidence) -> Verdict:
    """A27: on the first day the mentor is asked for the first contact; no meeting is written of before both agreed."""
    began = ((one.id, _first_contact_asked(one)) for one in seen.record.mentorships)
    meetings = (
        (each.key, seen.standing(each.mentorship, each.at) is not None) for each in seen.letters_of(EmailKind.MEETING)
    )
    return all_of(
        judged(began, "mentors were asked for the first contact on the first day", else_="no mentorship was played"),
        judged(meetings, "emails before meetings followed an agreement", else_="nobody agreed on meetings"),
    )


def _numbers(one: MentorshipRecord) -> list[int]:
    return [quarter.number for quarter in one.quarters]


def _expected(seen: Evidence, one: MentorshipRecord) -> list[int]:
    """Return the numbers of the windows a mentorship has; one that took over begins with the window it came into."""
    months, every = seen.settings.timeline.months + _months_added(one), seen.settings.timeline.check_in_every_months
    first = min(_numbers(one), default=1) if one.predecessor else 1
    return list(range(first, -(-months // every) + 1))


def _closing(seen: Evidence, one: MentorshipRecord, number: int) -> date:
    day = months_after(seen.settings.kickoff, number * seen.settings.timeline.check_in_every_months)
    return _put_off(one, min(day, _own_end(seen, one)))


def _first_contact_asked(one: MentorshipRecord) -> bool:
    first_day = business_day(one.starts_on)
    return any(
        email.to is Recipient.MENTOR
        and "first_contact" in email.asks
        and email.at.date() <= first_day + timedelta(days=1)
        for email in one.emails
    )


def _asked_within(one: MentorshipRecord, milestone: str, to: Recipient, day: date) -> bool:
    days = [email.at.date() for email in one.emails if email.to is to and milestone in email.asks]
    return bool(days) and day <= min(days) <= day + WRITTEN_WITHIN


def _within_capacity(seen: Evidence) -> Cases:
    for mentor in sorted({one.mentor for one in seen.record.mentorships}):
        own = [one for one in seen.record.mentorships if one.mentor == mentor]
        at_most = max(sum(other.starts_on <= one.starts_on < other.ends_on for other in own) for one in own)
        yield mentor, at_most <= seen.capacity.get(mentor, 1)


def _taken_leave_of(seen: Evidence) -> Cases:
    for one in seen.record.mentorships:
        if one.outcome not in (None, Outcome.COMPLETED):
            told = {email.to for email in one.emails if email.kind is EmailKind.FAREWELL}
            yield one.id, told == set(PARTICIPANTS)


def _taken_over(seen: Evidence) -> Iterator[tuple[str, bool]]:
    by_id = {one.id: one for one in seen.record.mentorships}
    for one in seen.record.mentorships:
        if one.predecessor:
            before = by_id[one.predecessor]
            yield (
                one.id,
                one.mentee == before.mentee and one.mentor != before.mentor and one.starts_on >= before.ends_on,
            )


def _months_added(one: MentorshipRecord) -> int:
    return sum(change.months or 0 for change in one.changes if change.change == "extend")


def _resumed_early(one: MentorshipRecord) -> bool:
    return any(change.change == "resume" for change in one.changes)


def _own_end(seen: Evidence, one: MentorshipRecord) -> date:
    return months_after(seen.settings.kickoff, seen.settings.timeline.months + _months_added(one))


def _put_off(one: MentorshipRecord, day: date) -> date:
    """Return a day later by every pause that began before it was reached."""
    for change in sorted(one.changes, key=lambda change: change.from_on or date.max):
        if change.change == "pause" and change.from_on and change.until_on and day >= change.from_on:
            day += change.until_on - change.from_on
    return day
