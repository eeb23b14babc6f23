"""A form as a page shows it: each question with what was typed, its problem, and who can see the answer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

from domain.formatting import DEFAULT_LOCALE, format_day, format_list
from domain.forms import FormReading, answer_label
from domain.languages import gettext, ngettext
from schemas.base import FrozenModel
from schemas.forms.catalog import FORMS, READERS, Consent, Question, Reader
from schemas.mentorship.responses import ResponsePage

FORM_ENCODING = "application/x-www-form-urlencoded"
# Where a request's scope keeps its body, once it has arrived as a whole (web/middleware/protection.py).
BODY = "mile.body"

SENT_ONCE = frozenset(kind for kind, form in FORMS.items() if form.sent_once)


class Field(FrozenModel):
    """One question on the page; ``typed`` is its current value, ``problem`` what is wrong with that, or empty."""

    question: Question
    typed: str = ""
    problem: str = ""

    @property
    def first_input(self) -> str:
        """Return the id of the first input, where an error's link leads."""
        # A group of radio buttons or checkboxes has no input of its own that could take the focus.
        first = f"-{self.question.choices[0].value}" if self.question.choices else ""
        return f"{self.question.name}{first}"

    def described_by(self, shared: Question | None) -> str:
        """Return the ids of what describes this question, for aria-describedby; see ``says_readers``."""
        parts = {"hint": bool(self.question.hint), "problem": bool(self.problem), "readers": self.says_readers(shared)}
        return " ".join(f"{self.question.name}-{part}" for part, shown in parts.items() if shown)

    def says_readers(self, shared: Question | None) -> bool:
        """Tell whether the question itself says who can see its answer: where the page has not said it for all."""
        return shared is None or _readers(self.question) != _readers(shared)

    def readers(self, locale: str) -> str:
        """Return who can see the answer, as a sentence."""
        return readers_sentence(self.question, locale)

    @property
    def ticked(self) -> frozenset[str]:
        """Return the values of the chosen options."""
        return frozenset(self.typed.split(","))

    def answer(self, locale: str) -> str:
        """Return a saved answer by the labels of its choices, with dates in full."""
        return answer_label(self.question, self.typed, locale)

    def editable(self, locale: str) -> str:
        """Return the answer as it is typed: several days each on its line, in a form that can be sent again."""
        return _editable_days(self.typed, locale) if self.question.kind == "dates" else self.typed


def readers_sentence(question: Question, locale: str) -> str:
    """Return who can see the answer to a question, as a sentence made from its readers alone (A34)."""
    if _only_its_author(question):
        return gettext("Only you can see this.")
    sentence = gettext("Who can see this: %(readers)s.", readers=_list(question.readers, locale))
    return " ".join((sentence, *_with_consent(question, locale)))


def shared_readers(fields: Sequence[Field]) -> Question | None:
    """Return a question whose readers are those of most questions of a page, or None where the page has none.

    A page says once who can see the answers; only questions that differ say it themselves.
    """
    readers = Counter(_readers(field.question) for field in fields)
    most = max(readers, key=lambda each: readers[each], default=None)
    return next((field.question for field in fields if _readers(field.question) == most), None)


def readers_note(fields: Sequence[Field], shared: Question | None, locale: str) -> str:
    """Return who can see the answers of a page, as its one sentence about that (A34); empty without questions."""
    if shared is None:
        return ""
    if _only_its_author(shared):
        sentence = ngettext("Only you can see your answer.", "Only you can see your answers.", len(fields))
    else:
        sentence = ngettext(
            "Who can see your answer: %(readers)s.",
            "Who can see your answers: %(readers)s.",
            len(fields),
            readers=_list(shared.readers, locale),
        )
    differs = any(field.says_readers(shared) for field in fields)
    more = (gettext("If a question is different, it says so."),) if differs else ()
    return " ".join((sentence, *_with_consent(shared, locale), *more))


def _only_its_author(question: Question) -> bool:
    return question.readers == ("you",) and not question.consents


def _with_consent(question: Question, locale: str) -> tuple[str, ...]:
    if not question.consents:
        return ()
    readers = _list([consent.reader for consent in question.consents], locale)
    return (gettext("If you check the box below, also %(readers)s.", readers=readers),)


def _readers(question: Question) -> tuple[tuple[Reader, ...], tuple[Consent, ...]]:
    return question.readers, question.consents


def _list(readers: Sequence[Reader], locale: str) -> str:
    return format_list([gettext(READERS[reader]) for reader in readers], locale)


def submit_label(page: ResponsePage) -> str:
    """Return what the button says."""
    if page.kind in SENT_ONCE:
        return gettext("Send to %(partner)s", partner=page.partner.short_name)
    return gettext("Save my changes") if page.answers else gettext(FORMS[page.kind].submit)


def read_form(request: Request, questions: Sequence[Question]) -> dict[str, str]:
    """Return what was typed, by field name; several ticks of one question are joined by commas."""
    sent = sent_fields(request.scope)
    posted = dict(sent)
    ticks = [question.name for question in questions if question.kind == "ticks" and question.name in posted]
    return posted | {name: ",".join(value for field, value in sent if field == name) for name in ticks}


def sent_fields(scope: Scope) -> list[tuple[str, str]]:
    """Return (name, value) of everything in the form that was sent, also of what was left empty.

    Only the encoding of our own forms is read: a multipart form names its own character set, and so could bring in
    lone surrogates, which cannot be stored.
    """
    if not is_own_form(Headers(scope=scope)):
        return []
    return parse_qsl(scope.get(BODY, b"").decode("utf-8", "replace"), keep_blank_values=True)


def is_own_form(headers: Headers) -> bool:
    """Tell whether a request has the encoding of our own forms."""
    return headers.get("content-type", "").partition(";")[0].strip().lower() == FORM_ENCODING


def number_of(typed: str) -> int:
    """Return a number as an address or a hidden field names it, or 0 where it is none; nothing has that number."""
    # Both can be edited: int() also takes other scripts' digits, and PostgreSQL refuses a long number.
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def copyable_answers(
    questions: Sequence[Question], posted: Mapping[str, str], locale: str = DEFAULT_LOCALE
) -> list[tuple[str, str]]:
    """Return (label, text) for what was typed into a form that was not saved, so that it can be copied.

    Without ``questions``, as behind an unknown link, only texts of several words are returned, without a label.
    """
    if not questions:
        return [("", words) for words in posted.values() if len(words.split()) > 1]
    return [
        (question.label, _copyable(question, posted[question.name], locale))
        for question in questions
        if posted.get(question.name)
    ]


def answered_fields(questions: Sequence[Question], answers: Mapping[str, str]) -> list[Field]:
    """Return the fields with the saved answers; no option is chosen in advance."""
    return [Field(question=question, typed=answers.get(question.name, "")) for question in questions]


def rejected_fields(questions: Sequence[Question], posted: Mapping[str, str], reading: FormReading) -> list[Field]:
    """Return the fields of a rejected form, with everything that was typed and each problem."""
    return [
        Field(question=question, typed=posted.get(question.name, ""), problem=reading.problems.get(question.name, ""))
        for question in questions
    ]


def _copyable(question: Question, typed: str, locale: str) -> str:
    # A weekday could not be sent again.
    return _editable_days(typed, locale) if question.kind in {"date", "dates"} else answer_label(question, typed)


def _editable_days(typed: str, locale: str) -> str:
    """Return saved days each on its line, without weekdays; an unreadable text is returned as it was typed."""
    try:
        return "\n".join(format_day(date.fromisoformat(day), locale) for day in typed.split(","))
    except ValueError:
        return typed
