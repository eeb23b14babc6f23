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
SHORTEST_MONTH, LONGEST_MONTH, ASIDE = 28, 31, 4
STAFF_KNOW_WITHIN = timedelta(days=8)


def goals_are_framed_together(evidence: Evidence) -> Verdict:
    """A26: an agreement has goals, both agreed to it, and every version of it is kept."""
    cases = (
        (
            mentorship.id,
            [each.version for each in mentorship.agreement] == _upto(len(mentorship.agreement))
            and _says(evidence, mentorship, "goal_1"),
        )
        for mentorship in _agreed(evidence)
    )
    versions = sum(len(mentorship.agreement) for mentorship in evidence.record.mentorships)
    return judge(cases, f"agreements stand on goals; {versions} versions were kept", otherwise=NOBODY_AGREED)


def meetings_follow_the_agreed_cadence(evidence: Evidence) -> Verdict:
    """A28: the meetings that are written of follow the rhythm the pair agreed on."""
    cases = (
        case
        for mentorship in _agreed(evidence)
        for case in _meetings_apart(mentorship, _months_agreed(evidence, mentorship))
    )
    return judge(cases, "meetings came in the rhythm their pair agreed on", otherwise="no pair agreed on a rhythm")


def pair_cadence_overrides_cohort(evidence: Evidence) -> Verdict:
    """A29: a pair's own rhythm beats the cohort's, and whoever finds a prompt unfit may skip it."""
    usual = evidence.settings.timeline.meetings_every_months
    own = [mentorship for mentorship in _agreed(evidence) if _months_agreed(evidence, mentorship) not in (None, usual)]
    followed = (
        case for mentorship in own for case in _meetings_apart(mentorship, _months_agreed(evidence, mentorship))
    )
    prompts = ((each.key, "skip it" in each.text.lower()) for each in evidence.emails_of(EmailKind.MEETING))
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
    told = (
        (mentorship.id, _stood(mentorship) == _told_of(mentorship))
        for mentorship in evidence.record.mentorships
        if mentorship.agreement
    )
    return combine(
        form_asks(evidence, MilestoneKind.AGREEMENT, None, "mentor_does", "mentee_does"),
        judge(
            told, "pairs were told just as often as both agreed to one version", otherwise="no agreement was written"
        ),
    )


def agreement_comes_early(evidence: Evidence) -> Verdict:
    """A31: a day to agree by, reminders to who has not agreed, a line on staff's list, and the days it took."""
    days = [
        (min(stood).date() - mentorship.starts_on).days
        for mentorship in evidence.record.mentorships
        if (stood := _moments(mentorship))
    ]
    took = f"agreed; half of them within {median(days):.0f} days" if days else "agreed"
    late = [(mentorship, due) for mentorship in evidence.record.mentorships if (due := _missed(mentorship))]
    on_time = evidence.settings.timeline.agreement.closes
    by = (
        (mentorship.id, _closes_after(mentorship) == on_time)
        for mentorship in evidence.record.mentorships
        if _closes_after(mentorship) is not None
    )
    return combine(
        judge(by, f"pairs had {on_time} days to agree; {len(days)} {took}", otherwise="no agreement was due"),
        judge(
            (case for each in late for case in _reminded(evidence, *each)), "late sides were reminded", otherwise="none"
        ),
        judge(
            ((mentorship.id, _on_the_list(evidence, mentorship, due)) for mentorship, due in late),
            "late pairs were told to staff",
            otherwise="",
        ),
    )


def criticism_is_welcome(evidence: Evidence) -> Verdict:
    """A36: the agreement has a clause on criticism; its review and the closure survey ask how that went."""
    clauses = ((mentorship.id, _says(evidence, mentorship, "criticism")) for mentorship in _agreed(evidence))
    return combine(
        judge(clauses, "agreements welcome criticism", otherwise=NOBODY_AGREED),
        form_asks(evidence, MilestoneKind.AGREEMENT_REVIEW, None, "feedback_given", "feedback_received"),
        form_asks(evidence, MilestoneKind.CLOSURE_SURVEY, None, "criticism"),
    )


def _agreed(evidence: Evidence) -> Iterator[MentorshipRecord]:
    return (mentorship for mentorship in evidence.record.mentorships if _moments(mentorship))


def _moments(mentorship: MentorshipRecord) -> list[datetime]:
    return [version.in_force_since for version in mentorship.agreement if version.in_force_since]


def _says(evidence: Evidence, mentorship: MentorshipRecord, *names: str) -> bool:
    standing = evidence.agreement_in_force(mentorship.id)
    return standing is not None and set(names) <= set(standing.contents)


def _stood(mentorship: MentorshipRecord) -> int:
    return len(_moments(mentorship))


def _told_of(mentorship: MentorshipRecord) -> int:
    return sum(email.kind is EmailKind.AGREED and email.to is Recipient.MENTEE for email in mentorship.emails)


def _upto(last: int) -> list[int]:
    return list(range(1, last + 1))


def _months_agreed(evidence: Evidence, mentorship: MentorshipRecord) -> int | None:
    """Return every how many months a pair meets by all its agreements, or None where they differ or name dates."""
    rhythms = {
        each.contents["meetings"]
        for each in evidence.agreements
        if each.mentorship == mentorship.id and each.in_force_since
    }
    changed_by_staff = any(change.change == "set_cadence" for change in mentorship.changes)
    return int(rhythms.pop()) if len(rhythms) == 1 and OWN_DATES not in rhythms and not changed_by_staff else None


def _meetings_apart(mentorship: MentorshipRecord, months: int | None) -> Cases:
    """Yield whether each meeting lies the agreed months after the one before; the last stretch may be cut short."""
    meetings = sorted(
        (due for due in mentorship.milestones if due.kind is MilestoneKind.MEETING), key=lambda due: due.closes_on
    )
    for earlier, later in pairwise(meetings if months else ()):
        apart = (later.closes_on - earlier.closes_on).days - _paused_between(
            mentorship, earlier.closes_on, later.closes_on
        )
        at_least = 0 if later is meetings[-1] else (months or 0) * SHORTEST_MONTH - ASIDE
        yield f"{mentorship.id}/{later.id}", at_least <= apart <= (months or 0) * LONGEST_MONTH + ASIDE


def _paused_between(mentorship: MentorshipRecord, first: date, last: date) -> int:
    pauses = ((change.from_on, change.until_on) for change in mentorship.changes if change.change == "pause")
    return sum((until - start).days for start, until in pauses if start and until and first < until <= last)


def _due(mentorship: MentorshipRecord) -> MilestoneRecord | None:
    return next((due for due in mentorship.milestones if due.kind is MilestoneKind.AGREEMENT), None)


def _closes_after(mentorship: MentorshipRecord) -> int | None:
    due = _due(mentorship)
    paused = due and _paused_between(mentorship, mentorship.starts_on, due.closes_on)
    return (due.closes_on - mentorship.starts_on).days - (paused or 0) if due and not mentorship.predecessor else None


def _missed(mentorship: MentorshipRecord) -> MilestoneRecord | None:
    """Return the agreement a pair did not come to in time, though both could have."""
    due = _due(mentorship)
    if due is None or not due.closed or mentorship.ends_on <= due.closes_on or mentorship.predecessor:
        return None
    return due if not [moment for moment in _moments(mentorship) if moment.date() <= due.closes_on] else None


def _reminded(evidence: Evidence, mentorship: MentorshipRecord, due: MilestoneRecord) -> Cases:
    wanted = min(2, 1 + len(evidence.settings.timeline.agreement.reminders))
    for side in due.silent:
        asked = [
            email
            for email in mentorship.emails
            if email.to is Recipient(side) and email.automatic and due.id in email.asks
        ]
        yield f"{mentorship.id}/{side}", len(asked) >= wanted


def _on_the_list(evidence: Evidence, mentorship: MentorshipRecord, due: MilestoneRecord) -> bool:
    return any(
        mentorship.id in each.text and due.closes_on < each.at.date() <= due.closes_on + STAFF_KNOW_WITHIN
        for each in evidence.emails_of(EmailKind.STAFF_DIGEST)
    )
