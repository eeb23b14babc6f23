"""The promise that roles are agreed on early: a day to agree by, reminders, staff's list, and the days it took."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median

from rehearsal.checks.agreement import in_force_since, paused_between
from rehearsal.checks.evidence import EmailEvidence, Evidence
from rehearsal.checks.expected import without_agreement
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from schemas.enums import EmailKind, MilestoneKind, Recipient
from schemas.rehearsal import MentorshipRecord, MilestoneRecord

STAFF_NOTIFIED_WITHIN = timedelta(days=8)
# What the digest lists below its heading, up to the next one.
_HEADING = r"(?:New|Got worse|You wanted to look again): "
_NO_AGREEMENT = re.compile(rf"{_HEADING}No agreement (.*?)(?={_HEADING}|Not now\?|$)")


def agreement_comes_early(evidence: Evidence) -> Verdict:
    """A31: a day to agree by, reminders to who has not agreed, a line on staff's list, and the days it took."""
    days = [
        (min(moments).date() - mentorship.starts_on).days
        for mentorship in evidence.record.mentorships
        if (moments := in_force_since(mentorship))
    ]
    days_text = f"{len(days)} agreed; half of them within {median(days):.0f} days" if days else "none agreed"
    on_time = evidence.settings.timeline.agreement.closes
    late = [(pair, due) for pair in without_agreement(evidence) if (due := _agreement_milestone(pair))]
    deadlines = (
        (pair.id, _closes_after(pair) == on_time)
        for pair in evidence.first_mentorships()
        if _closes_after(pair) is not None
    )
    return combine(
        judge(deadlines, f"pairs had {on_time} days to agree; {days_text}", otherwise="no agreement was due"),
        judge(
            ((pair.id, not in_force_since(pair) and bool(due.silent)) for pair, due in late),
            "pairs of which one never answers came to no agreement",
            otherwise="everybody answered",
        ),
        judge(
            (case for each in late for case in _reminder_cases(evidence, *each)),
            "late sides were reminded",
            otherwise="nobody was late",
        ),
        judge(
            ((pair.id, _is_in_digest(evidence, pair, due)) for pair, due in late),
            "late pairs were told to staff",
            otherwise="nobody was late",
        ),
        judge(_report_cases(evidence, days), "report counts the agreements and their days", otherwise="no report"),
    )


def _agreement_milestone(mentorship: MentorshipRecord) -> MilestoneRecord | None:
    return next((due for due in mentorship.milestones if due.kind is MilestoneKind.AGREEMENT), None)


def _closes_after(mentorship: MentorshipRecord) -> int | None:
    due = _agreement_milestone(mentorship)
    paused = due and paused_between(mentorship, mentorship.starts_on, due.closes_on)
    return (due.closes_on - mentorship.starts_on).days - (paused or 0) if due and not mentorship.predecessor else None


def _report_cases(evidence: Evidence, days: list[int]) -> Cases:
    """Yield whether the report has the number of agreements and the median of their days, or withholds that of few."""
    if evidence.report:
        figure = evidence.report.agreement
        yield "agreed", figure is not None and figure.agreed == len(days)
        yield "days", figure is not None and figure.median_days in {None, median(days) if days else None}


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
    """Tell whether staff read of a late pair under the heading for it.

    A pair without a first contact was told already, and one cause is told once.
    """
    if _had_no_contact(mentorship):
        return any(mentorship.id in email.text for email in _digests(evidence, mentorship.starts_on, due.closes_on))
    after = _digests(evidence, due.closes_on, due.closes_on + STAFF_NOTIFIED_WITHIN)
    return any(mentorship.id in group for email in after for group in _NO_AGREEMENT.findall(email.text))


def _digests(evidence: Evidence, after: date, until: date) -> Iterator[EmailEvidence]:
    return (email for email in evidence.emails_of(EmailKind.STAFF_DIGEST) if after < email.at.date() <= until)


def _had_no_contact(mentorship: MentorshipRecord) -> bool:
    contacts = (due for due in mentorship.milestones if due.kind is MilestoneKind.FIRST_CONTACT)
    return any(due.silent == due.asked for due in contacts)
