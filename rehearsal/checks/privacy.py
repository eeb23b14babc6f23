"""The promise of a safe place to talk (A34): whoever may not read an answer finds no trace of it anywhere."""

from collections.abc import Iterator
from datetime import timedelta

from domain.forms import TICKED, questions_for, readers_of
from rehearsal.checks.evidence import Evidence, ResponseEvidence
from rehearsal.checks.verdict import Cases, Verdict, all_of, judged
from rehearsal.http_client import read_page
from schemas.enums import MilestoneKind, Recipient, StaffReason
from schemas.forms.agreement import AGREEMENT
from schemas.forms.questions import Question

TOLD_WITHIN = timedelta(hours=1)
CALL = "call_requested"


def words_stay_where_they_belong(seen: Evidence) -> Verdict:
    """A34: free words reach nobody but their readers, and never the engine; a wish for a call reaches staff alone."""
    return all_of(
        judged(_hidden_words(seen), "texts were seen by nobody but their readers", else_="nobody wrote anything"),
        judged(
            _calls(seen), "wishes for a call reached staff at once, and no partner", else_="nobody asked for a call"
        ),
        judged(
            ((each.id, not _said(each) & set(seen.said_to_engine)) for each in seen.answers if _said(each)),
            "texts stayed out of the engine",
            else_="nobody wrote anything",
        ),
    )


def _hidden_words(seen: Evidence) -> Cases:
    """Search everything a partner and staff received or were shown for texts they may not read."""
    partners, staff = _shown_to(seen)
    for each in seen.answers:
        to_partner = partners[each.mentorship, each.side.partner]
        for words, readers in _texts(each):
            leaked = "partner" not in readers and words in to_partner
            yield each.id, not leaked and not ("staff" not in readers and words in staff)


class _Shown(dict[tuple[str, str], str]):
    def __missing__(self, key: tuple[str, str]) -> str:
        return ""


def _shown_to(seen: Evidence) -> tuple[_Shown, str]:
    partners, staff = _Shown(), ""
    for page in seen.pages:
        partners[page.mentorship, page.side] += page.html
    for letter in seen.letters:
        if letter.to is Recipient.STAFF:
            staff += letter.text
        else:
            partners[letter.mentorship, letter.to.value] += letter.text
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


def _calls(seen: Evidence) -> Cases:
    for each in seen.answers:
        if each.answers.get(CALL) == TICKED:
            yield each.id, _staff_know(seen, each) and not _partner_knows(seen, each)


def _staff_know(seen: Evidence, each: ResponseEvidence) -> bool:
    return any(
        note.key.startswith(f"{each.mentorship}/")
        and StaffReason.CALL_REQUESTED in note.key
        and each.side in note.key
        and each.at <= note.at <= each.at + TOLD_WITHIN
        for note in seen.letters
        if note.to is Recipient.STAFF
    )


def _partner_knows(seen: Evidence, each: ResponseEvidence) -> bool:
    """Tell whether a partner's own form had the box ticked though they never did, or an email spoke of it."""
    partner = each.side.partner
    asked_too = any(
        other.mentorship == each.mentorship and other.side is partner and CALL in other.answers
        for other in seen.answers
    )
    ticked = any(
        CALL in read_page(page.html).standing
        for page in seen.pages
        if page.mentorship == each.mentorship and page.side is partner and CALL in page.html
    )
    written = any(
        letter.mentorship == each.mentorship and letter.to == Recipient(partner) and _speaks_of_it(letter.text)
        for letter in seen.letters
    )
    return (ticked and not asked_too) or written


def _speaks_of_it(text: str) -> bool:
    return any(words in text.lower() for words in (CALL, "asked for a call", "asks for a call", "to be called"))
