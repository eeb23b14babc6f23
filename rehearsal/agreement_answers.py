"""How simulated participants agree: the mentee drafts, the mentor comments, and both agree to one version."""

from collections.abc import Callable

from rehearsal.http_client import FormPageRead
from schemas.forms.agreement import CLAUSES
from schemas.personas import Persona

# The form's own names (schemas/forms/agreement.py); a page shows each side only what it may write.
MENTEE_FIELD = "goal_1"
CADENCES = {Persona.MONTHLY: "1", Persona.QUARTERLY: "3"}
DEFAULT_CADENCE = "3"
SEMIANNUAL = "6"


class AgreementAnswers:
    """One participant's answers on the agreement's page: one submission for each version of their partner's."""

    def __init__(self, text: Callable[[], str]) -> None:
        self._text = text
        self._handled_version: int | None = None
        self._submission_count = 0

    def fill(self, persona: Persona, page: FormPageRead, *, reminded: bool) -> dict[str, str] | None:
        """Fill in the agreement's page and choose a button, or return None where it is the partner's turn."""
        version = int(page.hidden["version"])
        mentee = any(field.name == MENTEE_FIELD for field in page.fields)
        # A mentor who sees no goals waits for them, but not longer than until the first reminder.
        if version == self._handled_version or (not mentee and not version and not reminded):
            return None
        values = page.current_values | self._changes(persona, page, version, mentee=mentee)
        agree = not self._saves_draft(persona, version, mentee=mentee)
        self._handled_version = version + (values != page.current_values)
        self._submission_count += 1
        return {**page.hidden, **values, "act": "agree" if agree else "save"}

    def _saves_draft(self, persona: Persona, version: int, *, mentee: bool) -> bool:
        draft = mentee and not version
        return not self._submission_count and (draft or persona is Persona.NEGOTIATES)

    def _changes(self, persona: Persona, page: FormPageRead, version: int, *, mentee: bool) -> dict[str, str]:
        """Return what this person writes: all that is theirs the first time, one more wish if they negotiate."""
        offered = {field.name for field in page.fields}
        changes = {clause.name: "yes" for clause in CLAUSES}
        changes |= {name: self._text() for name in ("mentor_does", "mentee_does") if name not in page.current_values}
        changes |= {name: DEFAULT_CADENCE for name in ("meetings", "goal_updates") if name not in page.current_values}
        if not self._submission_count and persona in CADENCES:
            changes |= {"meetings": CADENCES[persona]}
        if not self._submission_count and mentee and not version:
            changes |= {MENTEE_FIELD: f"{page.current_values.get(MENTEE_FIELD, 'Learn.')} {self._text()}"}
        if not self._submission_count and not mentee:
            changes |= {"comment": self._text()}
        if self._submission_count == 1 and persona is Persona.NEGOTIATES:
            changes |= {"ground_rules": self._text()}
        cadences = {**page.current_values, **changes}
        if SEMIANNUAL in (cadences["meetings"], cadences["goal_updates"]):
            changes |= {"below_quarterly": "yes"}
        return {name: text for name, text in changes.items() if name in offered}
