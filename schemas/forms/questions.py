"""A question to participants: how it is asked, what may be answered, and who may read the answer."""

from typing import Literal

from schemas.base import FrozenModel
from schemas.enums import Language, MilestoneKind, Side
from schemas.translatable import Text, gettext_noop

LONGEST_TEXT = 4000
Reader = Literal["you", "partner", "staff", "staff_counts", "report"]
QuestionKind = Literal["choice", "tick", "ticks", "count", "date", "dates", "time", "text", "line", "email"]

READERS: dict[Reader, str] = {
    "you": gettext_noop("you"),
    "partner": gettext_noop("your partner"),
    "staff": gettext_noop("staff"),
    "staff_counts": gettext_noop("staff (numbers only, no names)"),
    "report": gettext_noop("readers of the closing report (without your name)"),
}


class Choice(FrozenModel):
    """One answer a person can pick."""

    value: str
    label: Text


class Consent(FrozenModel):
    """A box that, once ticked, lets one more reader see an answer; ``tick`` is the name of its question."""

    tick: str
    reader: Reader


class Question(FrozenModel):
    """One question: how it is asked, what may be answered, and who may read the answer.

    ``kind``: ``choice`` picks one of ``choices`` and ``ticks`` any of them (kept joined by commas), ``tick`` is yes or
    nothing, ``count`` a whole number from ``least`` to ``most``, ``date`` a day and ``dates`` several (kept as ISO
    dates, joined by commas), ``time`` a time of day (kept as 15:30), ``text`` up to ``longest`` characters, ``line``
    the same on one line, ``email`` an address. ``asked`` names the sides the question is put to. ``readers`` is the one
    rule of who may see an answer (A34): pages, emails, exports and reports keep to it; ``consents`` add readers where
    their box is ticked. ``autocomplete`` is what a browser may fill in from what it knows of its owner (WCAG 1.3.5).
    ``needed_to_agree`` is for a question that a draft may leave open and a whole agreement may not.
    """

    name: str
    kind: QuestionKind
    label: Text
    hint: Text = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    needed_to_agree: bool = False
    asked: tuple[Side, ...] = (Side.MENTOR, Side.MENTEE)
    readers: tuple[Reader, ...] = ("you", "staff_counts")
    consents: tuple[Consent, ...] = ()
    least: int = 0
    most: int = 99
    longest: int = LONGEST_TEXT
    autocomplete: str = "off"

    @property
    def optional(self) -> bool:
        """Tell whether the page marks the question as optional; a single box to check needs no mark."""
        return not (self.required or self.needed_to_agree or self.kind == "tick")


class FormPage(FrozenModel):
    """One of the short pages of an application: what it is called, what it is for, and what it asks."""

    title: Text
    lead: Text
    questions: tuple[Question, ...]


class Form(FrozenModel):
    """The questions of one milestone, and the words around them.

    ``ask`` completes "Please …"; ``link`` is what an email's link to the page says, ``submit`` the page's own button.
    ``minutes`` is how long answering takes. What is ``sent_once`` goes to the partner at once, so it cannot be changed
    (A39).
    """

    kind: MilestoneKind
    title: Text
    ask: Text
    link: Text
    submit: Text = "Send my answers"
    minutes: int
    sent_once: bool = False
    questions: tuple[Question, ...]

    def for_side(self, side: Side) -> tuple[Question, ...]:
        """Return the questions put to this side, in order."""
        return tuple(question for question in self.questions if side in question.asked)


def scale(low: str, high: str) -> tuple[Choice, ...]:
    """Return five points from low to high, of which the two ends are named."""
    labels = (f"1 – {low}", "2", "3", "4", f"5 – {high}")
    return tuple(Choice(value=str(point), label=label) for point, label in enumerate(labels, start=1))


CALL_REQUEST = Question(
    name="call_requested",
    kind="tick",
    label="Please call me",
    hint="We tell staff right away. We never tell your partner.",
    readers=("you", "staff"),
)

# Each in its own language, so that who reads it finds it.
LANGUAGES = (
    Choice(value=Language.ENGLISH, label="English"),
    Choice(value=Language.SPANISH, label="Español"),
)

MEDIA = (
    Choice(value="in_person", label="In person"),
    Choice(value="video", label="By video"),
    Choice(value="phone", label="By phone"),
    Choice(value="email", label="By email"),
)
