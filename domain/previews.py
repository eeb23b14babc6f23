"""The emails of a preview in sentences: how many leave when, who is asked for what, and what is left out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.labels import label
from schemas.enums import EmailKind, Recipient
from schemas.preview import Preview, PreviewedEmail

# What happens to those who get an email of a kind, and what a reminder of it says.
_WORDS = {
    EmailKind.MENTORS_NEEDED: "asked to mentor again",
    EmailKind.INTAKE: "asked for their goals, challenges and hopes",
    EmailKind.APPLICATION_REMINDER: "reminded to submit their application",
    EmailKind.APPLICATION_LINK: "sent a new link",
    EmailKind.PROPOSAL: "asked about the match proposed to them",
    EmailKind.QUESTION_ANSWERED: "sent the answer to their question",
    EmailKind.MATCH_FINAL: "told that their match is final",
    EmailKind.STATUS_CHANGED: "told what became of their application or match",
    EmailKind.KICKOFF: "invited to the half-day session",
    EmailKind.KICKOFF_CHANGED: "told the new place or time of the kickoff",
    EmailKind.WELCOME: "welcomed to their mentorship",
    EmailKind.TERMS_CHANGED: "told what changes in their mentorship",
    EmailKind.FAREWELL: "told that their mentorship ends",
    EmailKind.ADDRESS_CHANGE: "told at the old address that it has changed",
    EmailKind.SIGN_IN: "sent a link to sign in",
    EmailKind.MESSAGE: "sent the message",
    EmailKind.ROLE_GIVEN: "told of their role, with a checklist",
}
_REMINDERS = {
    EmailKind.PROPOSAL: "reminded of the match proposed to them",
    EmailKind.KICKOFF: "reminded to say if they come to the half-day session",
}
_PEOPLE = {Recipient.MENTOR: ("mentor", "mentors"), Recipient.MENTEE: ("participant", "participants")}


def email_lines(preview: Preview, *, ids: bool) -> Iterator[str]:
    """Yield a line for the emails of each moment, those that leave at once first, then what is left out."""
    by_moment: dict[datetime | None, list[PreviewedEmail]] = {}
    for email in sorted(preview.emails, key=lambda one: (one.at is not None, one.at or 0)):
        by_moment.setdefault(email.at, []).append(email)
    for at, emails in by_moment.items():
        yield f"{_count(emails)} {_leave(at, emails, preview.time_zone)}: {', '.join(_groups(emails))}."
        if ids:
            yield from _recipients(emails)
    if not preview.emails and not preview.left_out:
        yield "No email leaves."
    yield from preview.left_out


def _count(emails: Sequence[PreviewedEmail]) -> str:
    return "1 email" if len(emails) == 1 else f"{len(emails)} emails"


def _leave(at: datetime | None, emails: Sequence[PreviewedEmail], time_zone: str | None) -> str:
    verb = "leaves" if len(emails) == 1 else "leave"
    if at is None:
        return f"{verb} at once"
    local = at.astimezone(ZoneInfo(time_zone or "UTC"))
    return f"{verb} on {local:%Y-%m-%d %H:%M}" + ("" if time_zone else " UTC")


def _groups(emails: Iterable[PreviewedEmail]) -> Iterator[str]:
    counts = Counter((email.kind, email.occurrence > 0, email.reason) for email in emails)
    for kind, is_reminder, reason in counts:
        group = [
            email for email in emails if (email.kind, email.occurrence > 0, email.reason) == (kind, is_reminder, reason)
        ]
        if group[0].to == Recipient.STAFF:
            yield f"staff get a note ({label(reason)})" if reason else f"staff get the {label(kind)}"
            continue
        words = (_REMINDERS.get(kind) if is_reminder else None) or _WORDS.get(kind)
        are = "is" if len(group) == 1 else "are"
        yield f"{_people(group)} {are} {words}" if words else f"{_people(group)} {_get(group)} “{label(kind)}”"


def _get(group: Sequence[PreviewedEmail]) -> str:
    return "gets" if len(group) == 1 else "get"


def _people(group: Sequence[PreviewedEmail]) -> str:
    sides = Counter(email.side or email.to for email in group)
    counts = [
        f"{sides[side]} {words[0] if sides[side] == 1 else words[1]}" for side, words in _PEOPLE.items() if sides[side]
    ]
    others = len(group) - sum(sides[side] for side in _PEOPLE)
    return " and ".join([*counts, *([f"{others} {'person' if others == 1 else 'people'}"] if others else [])])


def _recipients(emails: Iterable[PreviewedEmail]) -> Iterator[str]:
    to: dict[str, list[str]] = {}
    for email in emails:
        to.setdefault(label(email.kind), []).append(email.to)
    yield from (f"  {kind}: {', '.join(people)}" for kind, people in to.items())
