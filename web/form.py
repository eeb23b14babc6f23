"""A form as a page shows it: each question with what was typed, what is wrong with it, and who can see the answer."""

from collections.abc import Mapping, Sequence

from domain.answers import Reading, shown
from schemas.base import Value
from schemas.forms import READERS, Question
from schemas.words import MilestoneKind

SEND = {
    MilestoneKind.FIRST_CONTACT: "Confirm that we have been in contact",
    MilestoneKind.CHECK_IN: "Send my check-in",
    MilestoneKind.GOAL_CHECK_IN: "Send my goal check-in",
    MilestoneKind.CLOSURE_SURVEY: "Send my closure survey",
}


class Field(Value):
    """One question on the page. ``typed`` is what stands in it now, ``problem`` what is wrong with it, if anything."""

    question: Question
    typed: str = ""
    problem: str = ""

    @property
    def first_input(self) -> str:
        """Return the id of the first input, where an error's link leads."""
        first = f"-{self.question.choices[0].value}" if self.question.choices else ""
        return f"{self.question.name}{first}"

    @property
    def described_by(self) -> str:
        """Return the ids of what describes this question, for aria-describedby."""
        parts = {"hint": bool(self.question.hint), "problem": bool(self.problem), "readers": bool(self.readers)}
        return " ".join(f"{self.question.name}-{part}" for part, there in parts.items() if there)

    @property
    def readers(self) -> str:
        """Return who can see the answer, as a sentence; empty where the question's hint has said so."""
        return "" if self.question.hint.startswith("Only you") else who_can_see(self.question)

    @property
    def answer(self) -> str:
        """Return the answer in the words it was picked by."""
        return shown(self.question, self.typed)


def who_can_see(question: Question) -> str:
    """Return who can see the answer to a question, as a sentence (A34)."""
    readers = [READERS[reader] for reader in question.readers]
    if readers == [READERS["you"]]:
        return "Only you can see this."
    return f"Who can see this: {', '.join(readers[:-1])} and {readers[-1]}."


def filled_in(questions: Sequence[Question], answers: Mapping[str, str]) -> list[Field]:
    """Return the fields as they were answered before; nothing is chosen that nobody chose."""
    return [Field(question=question, typed=answers.get(question.name, "")) for question in questions]


def sent_back(questions: Sequence[Question], posted: Mapping[str, str], reading: Reading) -> list[Field]:
    """Return the fields of a form that could not be taken: everything typed is still there."""
    return [
        Field(question=asked, typed=posted.get(asked.name, ""), problem=reading.problems.get(asked.name, ""))
        for asked in questions
    ]
