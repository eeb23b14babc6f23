"""The promises about the agreement: goals framed together, roles, a rhythm of the pair's own, and all that early on."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from rehearsal.checks.evidence import Evidence
from rehearsal.checks.questions import asks_on
from rehearsal.checks.verdict import Cases, Verdict, all_of, judged
from schemas.enums import EmailKind, MilestoneKind, Recipient
from schemas.forms.agreement import OWN_DATES
from schemas.rehearsal import MentorshipRecord, MilestoneRecord

NOBODY_AGREED = "no pair came to an agreement"
# A month is so many days long, and the days in the middle of two stretches may lie some days aside.
SHORTEST_MONTH, LONGEST_MONTH, ASIDE = 28, 31, 4
STAFF_KNOW_WITHIN = timedelta(days=8)


def goals_are_framed_together(seen: Evidence) -> Verdict:
    """A26: an agreement stands on goals, was agreed to by both, and every version of it is kept."""
    cases = (
        (one.id, [each.version for each in one.agreement] == _upto(len(one.agreement)) and _says(seen, one, "goal_1"))
        for one in _agreed(seen)
    )
    versions = sum(len(one.agreement) for one in seen.record.mentorships)
    return judged(cases, f"agreements stand on goals; {versions} versions were kept", else_=NOBODY_AGREED)


def rhythm_of_the_pair(seen: Evidence) -> Verdict:
    """A28: the meetings that are written of follow the rhythm the pair agreed on."""
    cases = (case for one in _agreed(seen) for case in _meetings_apart(one, _months_agreed(seen, one)))
    return judged(cases, "meetings came in the rhythm their pair agreed on", else_="no pair agreed on a rhythm")


def pair_beats_cohort(seen: Evidence) -> Verdict:
    """A29: a pair's own rhythm beats the cohort's, and whoever finds a prompt unfit may skip it."""
    usual = seen.settings.timeline.meetings_every_months
    own = [one for one in _agreed(seen) if _months_agreed(seen, one) not in (None, usual)]
    followed = (case for one in own for case in _meetings_apart(one, _months_agreed(seen, one)))
    prompts = ((each.key, "skip it" in each.text.lower()) for each in seen.letters_of(EmailKind.MEETING))
    return all_of(
        judged(
            followed, "meetings of pairs with another rhythm than the cohort's came in it", else_="no pair chose one"
        ),
        judged(prompts, "emails before meetings say that the prompt may be skipped", else_="no meeting was written of"),
    )


def roles_are_defined(seen: Evidence) -> Verdict:
    """A30: an agreement's form asks who does what, and it stands only for versions that both agreed to."""
    told = ((one.id, _stood(one) == _told_of(one)) for one in seen.record.mentorships if one.agreement)
    return all_of(
        asks_on(seen, MilestoneKind.AGREEMENT, None, "mentor_does", "mentee_does"),
        judged(told, "pairs were told just as often as both agreed to one version", else_="no agreement was written"),
    )


def agreed_early(seen: Evidence) -> Verdict:
    """A31: a day to agree by, reminders to who has not agreed, a line on staff's list, and the days it took."""
    days = [(min(stood).date() - one.starts_on).days for one in seen.record.mentorships if (stood := _moments(one))]
    took = f"agreed; half of them within {median(days):.0f} days" if days else "agreed"
    late = [(one, due) for one in seen.record.mentorships if (due := _missed(one))]
    on_time = seen.settings.timeline.agreement.closes
    by = ((one.id, _closes_after(one) == on_time) for one in seen.record.mentorships if _closes_after(one) is not None)
    return all_of(
        judged(by, f"pairs had {on_time} days to agree; {len(days)} {took}", else_="no agreement was due"),
        judged((case for each in late for case in _reminded(seen, *each)), "late sides were reminded", else_="none"),
        judged(
            ((one.id, _on_the_list(seen, one, due)) for one, due in late), "late pairs were told to staff", else_=""
        ),
    )


def welcomes_criticism(seen: Evidence) -> Verdict:
    """A36: the agreement has a clause on criticism; its review and the closure survey ask how that went."""
    clauses = ((one.id, _says(seen, one, "criticism")) for one in _agreed(seen))
    return all_of(
        judged(clauses, "agreements welcome criticism", else_=NOBODY_AGREED),
        asks_on(seen, MilestoneKind.AGREEMENT_REVIEW, None, "feedback_given", "feedback_received"),
        asks_on(seen, MilestoneKind.CLOSURE_SURVEY, None, "criticism"),
    )


def _agreed(seen: Evidence) -> Iterator[MentorshipRecord]:
    return (one for one in seen.record.mentorships if _moments(one))


def _moments(one: MentorshipRecord) -> list[datetime]:
    return [version.stands_since for version in one.agreement if version.stands_since]


def _says(seen: Evidence, one: MentorshipRecord, *names: str) -> bool:
    standing = seen.standing(one.id)
    return standing is not None and set(names) <= set(standing.contents)


def _stood(one: MentorshipRecord) -> int:
    return len(_moments(one))


def _told_of(one: MentorshipRecord) -> int:
    return sum(email.kind is EmailKind.AGREED and email.to is Recipient.MENTEE for email in one.emails)


def _upto(last: int) -> list[int]:
    return list(range(1, last + 1))


def _months_agreed(seen: Evidence, one: MentorshipRecord) -> int | None:
    """Return every how many months a pair meets by all its agreements, or None where they differ or name dates."""
    rhythms = {each.contents["meetings"] for each in seen.agreements if each.mentorship == one.id and each.stands_since}
    changed_by_staff = any(change.change == "set_cadence" for change in one.changes)
    return int(rhythms.pop()) if len(rhythms) == 1 and OWN_DATES not in rhythms and not changed_by_staff else None


def _meetings_apart(one: MentorshipRecord, months: int | None) -> Cases:
    """Yield whether each meeting lies the agreed months after the one before; the last stretch may be cut short."""
    meetings = sorted(
        (due for due in one.milestones if due.kind is MilestoneKind.MEETING), key=lambda due: due.closes_on
    )
    for earlier, later in pairwise(meetings if months else ()):
        apart = (later.closes_on - earlier.closes_on).days - _paused_between(one, earlier.closes_on, later.closes_on)
        at_least = 0 if later is meetings[-1] else (months or 0) * SHORTEST_MONTH - ASIDE
        yield f"{one.id}/{later.id}", at_least <= apart <= (months or 0) * LONGEST_MONTH + ASIDE


def _paused_between(one: MentorshipRecord, first: date, last: date) -> int:
    pauses = ((change.from_on, change.until_on) for change in one.changes if change.change == "pause")
    return sum((until - start).days for start, until in pauses if start and until and first < until <= last)


def _due(one: MentorshipRecord) -> MilestoneRecord | None:
    return next((due for due in one.milestones if due.kind is MilestoneKind.AGREEMENT), None)


def _closes_after(one: MentorshipRecord) -> int | None:
    due = _due(one)
    paused = due and _paused_between(one, one.starts_on, due.closes_on)
    return (due.closes_on - one.starts_on).days - (paused or 0) if due and not one.predecessor else None


def _missed(one: MentorshipRecord) -> MilestoneRecord | None:
    """Return the agreement a pair did not come to in time, though both could have."""
    due = _due(one)
    if due is None or not due.closed or one.ends_on <= due.closes_on or one.predecessor:
        return None
    return due if not [moment for moment in _moments(one) if moment.date() <= due.closes_on] else None


def _reminded(seen: Evidence, one: MentorshipRecord, due: MilestoneRecord) -> Cases:
    wanted = min(2, 1 + len(seen.settings.timeline.agreement.reminders))
    for side in due.silent:
        asked = [
            email for email in one.emails if email.to is Recipient(side) and email.automatic and due.id in email.asks
        ]
        yield f"{one.id}/{side}", len(asked) >= wanted


def _on_the_list(seen: Evidence, one: MentorshipRecord, due: MilestoneRecord) -> bool:
    return any(
        one.id in each.text and due.closes_on < each.at.date() <= due.closes_on + STAFF_KNOW_WITHIN
        for each in seen.letters_of(EmailKind.STAFF_DIGEST)
    )
