"""What a step of staff asks."""

from pydantic import Field

from schemas.forms.questions import FormPage, Question


class StepForm(FormPage):
    """What a step asks: ``submit`` says what is done in the end, ``typed`` is what stands in the form at first.

    ``note_required`` is for steps whose note is the point of them, or says why a rule was set aside.
    """

    submit: str
    typed: dict[str, str] = Field(default_factory=dict)
    note_hint: str = "It goes in the audit log. Staff of this class can read it."
    note_required: bool = False

    @property
    def note(self) -> Question:
        """Return the question for the note."""
        return Question(
            name="note", kind="text", label="Note", hint=self.note_hint, required=self.note_required, longest=500
        )
