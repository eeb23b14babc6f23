"""The promise of a safe environment (A34): whoever may not read an answer finds it nowhere."""

from collections.abc import Iterator
from datetime import timedelta

from domain.forms import TICKED, questions_for, readers_of
from rehearsal.checks.evidence import Evidence, ResponseEvidence
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from rehearsal.http_client import read_page
from schemas.enums import MilestoneKind, Recipient, StaffReason
from schemas.forms.agreement import AGREEMENT
from schemas.forms.questions import Question

STAFF_NOTIFIED_WITHIN = timedelta(hours=1)
CALL = "call_requested"


def private_answers_stay_private(evidence: Evidence) -> Verdict:
    """A34: free words reach nobody but their readers, and never the engine; a wish for a call reaches staff alone."""
    return combine(
        judge(_leak_cases(evidence), "texts were seen by nobody but their readers", otherwise="nobody wrote anything"),
        judge(
            _call_request_cases(evidence),
            "wishes for a call reached staff at once, and no partner",
            otherwise="nobody asked for a call",
        ),
        judge(
            (
                (response.id, not _free_texts(response) & set(evidence.leaked_to_temporal))
                for response in evidence.answers
                if _free_texts(response)
            ),
            "texts stayed out of the engine",
            otherwise="nobody wrote anything",
        ),
    )


def _leak_cases(evidence: Evidence) -> Cases:
    """Search all emails and pages that partner and staff saw for texts they may not read."""
    partners, staff = _texts_shown(evidence)
    for response in evidence.answers:
        to_partner = partners[response.mentorship, response.side.partner]
        for text, readers in _texts(response):
            leaked = "partner" not in readers and text in to_partner
            yield response.id, not leaked and not ("staff" not in readers and text in staff)


class _TextsShown(dict[tuple[str, str], str]):
    def __missing__(self, key: tuple[str, str]) -> str:
        return ""


def _texts_shown(evidence: Evidence) -> tuple[_TextsShown, str]:
    partners, staff = _TextsShown(), ""
    for page in evidence.pages:
        partners[page.mentorship, page.side] += page.html
    for email in evidence.emails:
        if email.to is Recipient.STAFF:
            staff += email.text
        else:
            partners[email.mentorship, email.to.value] += email.text
    return partners, staff


def _texts(response: ResponseEvidence) -> Iterator[tuple[str, tuple[str, ...]]]:
    for question in _questions(response):
        if question.kind == "text" and question.name in response.answers:
            yield response.answers[question.name], readers_of(question, response.answers)


def _questions(response: ResponseEvidence) -> tuple[Question, ...]:
    if response.kind is MilestoneKind.AGREEMENT:
        return AGREEMENT.for_side(response.side)
    return questions_for(response.kind, response.side)


def _free_texts(response: ResponseEvidence) -> set[str]:
    return {words for words, _ in _texts(response)}


def _call_request_cases(evidence: Evidence) -> Cases:
    for response in evidence.answers:
        if response.answers.get(CALL) == TICKED:
            yield response.id, _staff_were_notified(evidence, response) and not _partner_learned(evidence, response)


def _staff_were_notified(evidence: Evidence, response: ResponseEvidence) -> bool:
    return any(
        note.key.startswith(f"{response.mentorship}/")
        and StaffReason.CALL_REQUESTED in note.key
        and response.side in note.key
        and response.at <= note.at <= response.at + STAFF_NOTIFIED_WITHIN
        for note in evidence.emails
        if note.to is Recipient.STAFF
    )


def _partner_learned(evidence: Evidence, response: ResponseEvidence) -> bool:
    """Tell whether a partner's own form had the box ticked though they never did, or an email spoke of it."""
    partner = response.side.partner
    partner_asked = any(
        other.mentorship == response.mentorship and other.side is partner and CALL in other.answers
        for other in evidence.answers
    )
    ticked = any(
        CALL in read_page(page.html).current_values
        for page in evidence.pages
        if page.mentorship == response.mentorship and page.side is partner and CALL in page.html
    )
    emailed = any(
        email.mentorship == response.mentorship and email.to == Recipient(partner) and _mentions_call(email.text)
        for email in evidence.emails
    )
    return (ticked and not partner_asked) or emailed


def _mentions_call(text: str) -> bool:
    return any(words in text.lower() for words in (CALL, "asked for a call", "asks for a call", "to be called"))
