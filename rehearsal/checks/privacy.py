"""The promise of a safe place to talk (A34): whoever may not read an answer finds no trace of it anywhere."""

from collections.abc import Iterator
from datetime import timedelta

from domain.forms import TICKED, questions_for, readers_of
from rehearsal.checks.evidence import Evidence, ResponseEvidence
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from rehearsal.http_client import read_page
from schemas.enums import MilestoneKind, Recipient, StaffReason
from schemas.forms.agreement import AGREEMENT
from schemas.forms.questions import Question

TOLD_WITHIN = timedelta(hours=1)
CALL = "call_requested"


def private_answers_stay_private(evidence: Evidence) -> Verdict:
    """A34: free words reach nobody but their readers, and never the engine; a wish for a call reaches staff alone."""
    return combine(
        judge(
            _hidden_words(evidence), "texts were seen by nobody but their readers", otherwise="nobody wrote anything"
        ),
        judge(
            _calls(evidence),
            "wishes for a call reached staff at once, and no partner",
            otherwise="nobody asked for a call",
        ),
        judge(
            ((each.id, not _said(each) & set(evidence.leaked_to_temporal)) for each in evidence.answers if _said(each)),
            "texts stayed out of the engine",
            otherwise="nobody wrote anything",
        ),
    )


def _hidden_words(evidence: Evidence) -> Cases:
    """Search everything a partner and staff received or were shown for texts they may not read."""
    partners, staff = _shown_to(evidence)
    for each in evidence.answers:
        to_partner = partners[each.mentorship, each.side.partner]
        for words, readers in _texts(each):
            leaked = "partner" not in readers and words in to_partner
            yield each.id, not leaked and not ("staff" not in readers and words in staff)


class _Shown(dict[tuple[str, str], str]):
    def __missing__(self, key: tuple[str, str]) -> str:
        return ""


def _shown_to(evidence: Evidence) -> tuple[_Shown, str]:
    partners, staff = _Shown(), ""
    for page in evidence.pages:
        partners[page.mentorship, page.side] += page.html
    for email in evidence.emails:
        if email.to is Recipient.STAFF:
            staff += email.text
        else:
            partners[email.mentorship, email.to.value] += email.text
    return partners, staff


def _texts(each: ResponseEvidence) -> Iterator[tuple[str, tuple[str, ...]]]:
    for question in _questions(each):
        if question.kind == "text" and question.name in each.answers:
            yield each.answers[question.name], readers_of(question, each.answers)


def _questions(each: ResponseEvidence) -> tuple[Question, ...]:
    if each.kind is MilestoneKind.AGREEMENT:
        return AGREEMENT.for_side(each.side)
    return questions_for(each.kind, each.side)


def _said(each: ResponseEvidence) -> set[str]:
    return {words for words, _ in _texts(each)}


def _calls(evidence: Evidence) -> Cases:
    for each in evidence.answers:
        if each.answers.get(CALL) == TICKED:
            yield each.id, _staff_know(evidence, each) and not _partner_knows(evidence, each)


def _staff_know(evidence: Evidence, each: ResponseEvidence) -> bool:
    return any(
        note.key.startswith(f"{each.mentorship}/")
        and StaffReason.CALL_REQUESTED in note.key
        and each.side in note.key
        and each.at <= note.at <= each.at + TOLD_WITHIN
        for note in evidence.emails
        if note.to is Recipient.STAFF
    )


def _partner_knows(evidence: Evidence, each: ResponseEvidence) -> bool:
    """Tell whether a partner's own form had the box ticked though they never did, or an email spoke of it."""
    partner = each.side.partner
    asked_too = any(
        other.mentorship == each.mentorship and other.side is partner and CALL in other.answers
        for other in evidence.answers
    )
    ticked = any(
        CALL in read_page(page.html).current_values
        for page in evidence.pages
        if page.mentorship == each.mentorship and page.side is partner and CALL in page.html
    )
    written = any(
        email.mentorship == each.mentorship and email.to == Recipient(partner) and _speaks_of_it(email.text)
        for email in evidence.emails
    )
    return (ticked and not asked_too) or written


def _speaks_of_it(text: str) -> bool:
    return any(words in text.lower() for words in (CALL, "asked for a call", "asks for a call", "to be called"))
