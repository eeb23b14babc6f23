"""The promises about the agreement: goals framed together, roles, a rhythm of the pair's own, and all that early on."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise

from rehearsal.checks.evidence import Evidence
from rehearsal.checks.expected import person_of
from rehearsal.checks.questions import form_asks, pages_ask
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from schemas.enums import EmailKind, MilestoneKind, Recipient, Side
from schemas.personas import Persona
from schemas.rehearsal import MentorshipRecord

NOBODY_AGREED = "no pair came to an agreement"
# A month is so many days long, and the days in the middle of two stretches may lie some days aside.
SHORTEST_MONTH, LONGEST_MONTH, TOLERANCE_DAYS = 28, 31, 4
ROLES = {"mentor_does": "What the mentor will do", "mentee_does": "What the mentee will do"}
FEEDBACK = {"feedback_given": "I told my partner what helps me", "feedback_received": "asked my partner the same"}
OWN_DATES = "dates"


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
    both = ((mentorship.id, _has_words_of_both(evidence, mentorship)) for mentorship in _with_agreement(evidence))
    return combine(
        judge(cases, f"agreements stand on goals; {versions} versions were kept", otherwise=NOBODY_AGREED),
        judge(both, "agreements have the mentee's goal and the mentor's comment", otherwise=NOBODY_AGREED),
        judge(
            (
                (mentorship.id, [bool(one.in_force_since) for one in mentorship.agreement] == [False, False, True])
                for mentorship in evidence.first_mentorships()
                if evidence.always(Persona.NEGOTIATES) & {mentorship.mentor, mentorship.mentee}
            ),
            "pairs that negotiate agreed to their third version",
            otherwise="no pair negotiated",
        ),
    )


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
    asked = evidence.always(Persona.MONTHLY)
    monthly = [pair for pair in evidence.first_mentorships() if asked & {pair.mentor, pair.mentee}]
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
            ((pair.id, _months_agreed(evidence, pair) == 1) for pair in monthly),
            "pairs that wanted to meet every month agreed on it",
            otherwise="nobody wanted to meet every month",
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
        pages_ask(evidence, MilestoneKind.AGREEMENT, None, ROLES),
        judge(
            cases, "pairs were told just as often as both agreed to one version", otherwise="no agreement was written"
        ),
    )


def criticism_is_welcome(evidence: Evidence) -> Verdict:
    """A36: the agreement has a clause on criticism; its review and the closure survey ask how that went."""
    clauses = (
        (mentorship.id, _has_clauses(evidence, mentorship, "criticism")) for mentorship in _with_agreement(evidence)
    )
    return combine(
        judge(clauses, "agreements welcome criticism", otherwise=NOBODY_AGREED),
        form_asks(evidence, MilestoneKind.AGREEMENT_REVIEW, None, FEEDBACK),
        form_asks(
            evidence, MilestoneKind.CLOSURE_SURVEY, None, {"criticism": "tell each other what was not going well"}
        ),
    )


def _with_agreement(evidence: Evidence) -> Iterator[MentorshipRecord]:
    return (mentorship for mentorship in evidence.record.mentorships if in_force_since(mentorship))


def in_force_since(mentorship: MentorshipRecord) -> list[datetime]:
    """Return when each version of a pair's agreement came to stand that did."""
    return [version.in_force_since for version in mentorship.agreement if version.in_force_since]


def _has_clauses(evidence: Evidence, mentorship: MentorshipRecord, *names: str) -> bool:
    agreement = evidence.agreement_in_force(mentorship.id)
    return agreement is not None and all(agreement.contents.get(name) for name in names)


def _versions_in_force(mentorship: MentorshipRecord) -> int:
    return len(in_force_since(mentorship))


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
        interval = (later.closes_on - earlier.closes_on).days - paused_between(
            mentorship, earlier.closes_on, later.closes_on
        )
        shortest = 0 if later is meetings[-1] else (months or 0) * SHORTEST_MONTH - TOLERANCE_DAYS
        yield f"{mentorship.id}/{later.id}", shortest <= interval <= (months or 0) * LONGEST_MONTH + TOLERANCE_DAYS


def paused_between(mentorship: MentorshipRecord, first: date, last: date) -> int:
    """Return how many days of pauses began between two days."""
    pauses = ((change.from_on, change.until_on) for change in mentorship.changes if change.change == "pause")
    return sum((until - start).days for start, until in pauses if start and until and first < until <= last)


def _has_words_of_both(evidence: Evidence, mentorship: MentorshipRecord) -> bool:
    """Tell whether an agreement has the mentee's words, told at intake or written then, and the mentor's comment."""
    agreement = evidence.agreement_in_force(mentorship.id)
    contents = agreement.contents if agreement else {}
    mentor, mentee = (person_of(mentorship, side) for side in Side)
    told = [goal for one in evidence.mentees if one.id == mentee for goal in one.goals]
    goal = contents.get("goal_1", "")
    own = f"said {mentee} " in goal or any(words in goal for words in told)
    return own and f"said {mentor} " in contents.get("comment", "")
