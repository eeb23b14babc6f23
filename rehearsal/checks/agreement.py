"""The promises about the agreement: goals framed together, roles, a rhythm of the pair's own, and all that early on."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from rehearsal.checks.evidence import Evidence
from rehearsal.checks.questions import form_asks
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from schemas.enums import EmailKind, MilestoneKind, Recipient
from schemas.forms.agreement import OWN_DATES
from schemas.rehearsal import MentorshipRecord, MilestoneRecord

NOBODY_AGREED = "no pair came to an agreement"
# A month is so many days long, and the days in the middle of two stretches may lie some days aside.
SHORTEST_MONTH, LONGEST_MONTH, TOLERANCE_DAYS = 28, 31, 4
STAFF_NOTIFIED_WITHIN = timedelta(days=8)


def goals_are_framed_together(evidence: Evidence) -> Verdict:
    """A26: an agreement has goals, both agreed to it, and every version of it is kept."""
    cases = (
        (
            mentorship.id,
            [version.version for version in mentorship.agreement] == _numbers_up_to(len(mentorship.agreement))
            and _has_clauses(evidence, mentorship, "goal_1"),
        )
        for mentorship in _with_agreement(evidence)
    )
    versions = sum(len(mentorship.agreement) for mentorship in evidence.record.mentorships)
    return judge(cases, f"agreements stand on goals; {versions} versions were kept", otherwise=NOBODY_AGREED)


def meetings_follow_the_agreed_cadence(evidence: Evidence) -> Verdict:
    """A28: the meetings that are written of follow the rhythm the pair agreed on."""
    cases = (
        case
        for mentorship in _with_agreement(evidence)
        for case in _meeting_interval_cases(mentorship, _months_agreed(evidence, mentorship))
    )
    return judge(cases, "meetings came in the rhythm their pair agreed on", otherwise="no pair agreed on a rhythm")


def pair_cadence_overrides_cohort(evidence: Evidence) -> Verdict:
    """A29: a pair's own rhythm beats the cohort's, and whoever finds a prompt unfit may skip it."""
    usual = evidence.settings.timeline.meetings_every_months
    own = [
        mentorship
        for mentorship in _with_agreement(evidence)
        if _months_agreed(evidence, mentorship) not in (None, usual)
    ]
    followed = (
        case for mentorship in own for case in _meeting_interval_cases(mentorship, _months_agreed(evidence, mentorship))
    )
    prompts = ((email.key, "skip it" in email.text.lower()) for email in evidence.emails_of(EmailKind.MEETING))
    return combine(
        judge(
            followed,
            "meetings of pairs with another rhythm than the cohort's came in it",
            otherwise="no pair chose one",
        ),
        judge(
            prompts, "emails before meetings say that the prompt may be skipped", otherwise="no meeting was written of"
        ),
    )


def roles_are_defined(evidence: Evidence) -> Verdict:
    """A30: an agreement's form asks who does what, and only a version that both agreed to is in force."""
    cases = (
        (mentorship.id, _versions_in_force(mentorship) == _agreed_emails(mentorship))
        for mentorship in evidence.record.mentorships
        if mentorship.agreement
    )
    return combine(
        form_asks(evidence, MilestoneKind.AGREEMENT, None, "mentor_does", "mentee_does"),
        judge(
            cases, "pairs were told just as often as both agreed to one version", otherwise="no agreement was written"
        ),
    )


def agreement_comes_early(evidence: Evidence) -> Verdict:
    """A31: a day to agree by, reminders to who has not agreed, a line on staff's list, and the days it took."""
    days = [
        (min(moments).date() - mentorship.starts_on).days
        for mentorship in evidence.record.mentorships
        if (moments := _in_force_since(mentorship))
    ]
    days_text = f"agreed; half of them within {median(days):.0f} days" if days else "agreed"
    late = [(mentorship, due) for mentorship in evidence.record.mentorships if (due := _missed_agreement(mentorship))]
    on_time = evidence.settings.timeline.agreement.closes
    deadlines = (
        (mentorship.id, _closes_after(mentorship) == on_time)
        for mentorship in evidence.record.mentorships
        if _closes_after(mentorship) is not None
    )
    return combine(
        judge(
            deadlines, f"pairs had {on_time} days to agree; {len(days)} {days_text}", otherwise="no agreement was due"
        ),
        judge(
            (case for each in late for case in _reminder_cases(evidence, *each)),
            "late sides were reminded",
            otherwise="none",
        ),
        judge(
            ((mentorship.id, _is_in_digest(evidence, mentorship, due)) for mentorship, due in late),
            "late pairs were told to staff",
            otherwise="",
        ),
    )


def criticism_is_welcome(evidence: Evidence) -> Verdict:
    """A36: the agreement has a clause on criticism; its review and the closure survey ask how that went."""
    clauses = (
        (mentorship.id, _has_clauses(evidence, mentorship, "criticism")) for mentorship in _with_agreement(evidence)
    )
    return combine(
        judge(clauses, "agreements welcome criticism", otherwise=NOBODY_AGREED),
        form_asks(evidence, MilestoneKind.AGREEMENT_REVIEW, None, "feedback_given", "feedback_received"),
        form_asks(evidence, MilestoneKind.CLOSURE_SURVEY, None, "criticism"),
    )


def _with_agreement(evidence: Evidence) -> Iterator[MentorshipRecord]:
    return (mentorship for mentorship in evidence.record.mentorships if _in_force_since(mentorship))


def _in_force_since(mentorship: MentorshipRecord) -> list[datetime]:
    return [version.in_force_since for version in mentorship.agreement if version.in_force_since]


def _has_clauses(evidence: Evidence, mentorship: MentorshipRecord, *names: str) -> bool:
    agreement = evidence.agreement_in_force(mentorship.id)
    return agreement is not None and set(names) <= set(agreement.contents)


def _versions_in_force(mentorship: MentorshipRecord) -> int:
    return len(_in_force_since(mentorship))


def _agreed_emails(mentorship: MentorshipRecord) -> int:
    return sum(email.kind is EmailKind.AGREED and email.to is Recipient.MENTEE for email in mentorship.emails)


def _numbers_up_to(last: int) -> list[int]:
    return list(range(1, last + 1))


def _months_agreed(evidence: Evidence, mentorship: MentorshipRecord) -> int | None:
    """Return every how many months a pair meets by all its agreements, or None where they differ or name dates."""
    rhythms = {
        version.contents["meetings"]
        for version in evidence.agreements
        if version.mentorship == mentorship.id and version.in_force_since
    }
    changed_by_staff = any(change.change == "set_cadence" for change in mentorship.changes)
    return int(rhythms.pop()) if len(rhythms) == 1 and OWN_DATES not in rhythms and not changed_by_staff else None


def _meeting_interval_cases(mentorship: MentorshipRecord, months: int | None) -> Cases:
    """Yield whether each meeting lies the agreed months after the one before; the last stretch may be cut short."""
    meetings = sorted(
        (due for due in mentorship.milestones if due.kind is MilestoneKind.MEETING), key=lambda due: due.closes_on
    )
    for earlier, later in pairwise(meetings if months else ()):
        interval = (later.closes_on - earlier.closes_on).days - _paused_between(
            mentorship, earlier.closes_on, later.closes_on
        )
        shortest = 0 if later is meetings[-1] else (months or 0) * SHORTEST_MONTH - TOLERANCE_DAYS
        yield f"{mentorship.id}/{later.id}", shortest <= interval <= (months or 0) * LONGEST_MONTH + TOLERANCE_DAYS


def _paused_between(mentorship: MentorshipRecord, first: date, last: date) -> int:
    pauses = ((change.from_on, change.until_on) for change in mentorship.changes if change.change == "pause")
    return sum((until - start).days for start, until in pauses if start and until and first < until <= last)


def _agreement_milestone(mentorship: MentorshipRecord) -> MilestoneRecord | None:
    return next((due for due in mentorship.milestones if due.kind is MilestoneKind.AGREEMENT), None)


def _closes_after(mentorship: MentorshipRecord) -> int | None:
    due = _agreement_milestone(mentorship)
    paused = due and _paused_between(mentorship, mentorship.starts_on, due.closes_on)
    return (due.closes_on - mentorship.starts_on).days - (paused or 0) if due and not mentorship.predecessor else None


def _missed_agreement(mentorship: MentorshipRecord) -> MilestoneRecord | None:
    """Return the agreement a pair did not come to in time, though both could have."""
    due = _agreement_milestone(mentorship)
    if due is None or not due.closed or mentorship.ends_on <= due.closes_on or mentorship.predecessor:
        return None
    return due if not [moment for moment in _in_force_since(mentorship) if moment.date() <= due.closes_on] else None


def _reminder_cases(evidence: Evidence, mentorship: MentorshipRecord, due: MilestoneRecord) -> Cases:
    required = min(2, 1 + len(evidence.settings.timeline.agreement.reminders))
    for side in due.silent:
        emails = [
            email
            for email in mentorship.emails
            if email.to is Recipient(side) and email.automatic and due.id in email.asks
        ]
        yield f"{mentorship.id}/{side}", len(emails) >= required


def _is_in_digest(evidence: Evidence, mentorship: MentorshipRecord, due: MilestoneRecord) -> bool:
    return any(
        mentorship.id in email.text and due.closes_on < email.at.date() <= due.closes_on + STAFF_NOTIFIED_WITHIN
        for email in evidence.emails_of(EmailKind.STAFF_DIGEST)
    )
