"""How acted participants come to an agreement: the mentee writes, the mentor comments, and both agree to one text."""

from collections.abc import Callable

from rehearsal.http_client import FormPageRead
from schemas.forms.agreement import CLAUSES
from schemas.personas import Persona

# The form's own names (schemas/forms/agreement.py); a page shows each side only what it may write.
MENTEE_WRITES = "goal_1"
RHYTHMS = {Persona.MONTHLY: "1", Persona.QUARTERLY: "3"}
USUAL_RHYTHM = "3"
SELDOM = "6"


class Agreeing:
    """One person's part in an agreement: they act once on each version of their partner's."""

    def __init__(self, words: Callable[[], str]) -> None:
        self._words = words
        self._settled: int | None = None
        self._acts = 0

    def fill(self, persona: Persona, page: FormPageRead, *, reminded: bool) -> dict[str, str] | None:
        """Fill in the agreement's page and choose a button, or return None where it is the partner's turn."""
        seen = int(page.sent_along["version"])
        mentee = any(field.name == MENTEE_WRITES for field in page.fields)
        # A mentor who sees no goals waits for them, but not longer than until the first reminder.
        if seen == self._settled or (not mentee and not seen and not reminded):
            return None
        filled = page.standing | self._changes(persona, page, seen, mentee=mentee)
        agrees = not self._only_saves(persona, seen, mentee=mentee)
        self._settled = seen + (filled != page.standing)
        self._acts += 1
        return {**page.sent_along, **filled, "act": "agree" if agrees else "save"}

    def _only_saves(self, persona: Persona, seen: int, *, mentee: bool) -> bool:
        draft = mentee and not seen
        return not self._acts and (draft or persona is Persona.NEGOTIATES)

    def _changes(self, persona: Persona, page: FormPageRead, seen: int, *, mentee: bool) -> dict[str, str]:
        """Return what this person writes: all that is theirs the first time, one more wish if they negotiate."""
        offered = {field.name for field in page.fields}
        changes = {clause.name: "yes" for clause in CLAUSES}
        changes |= {name: self._words() for name in ("mentor_does", "mentee_does") if name not in page.standing}
        changes |= {name: USUAL_RHYTHM for name in ("meetings", "goal_updates") if name not in page.standing}
        if not self._acts and persona in RHYTHMS:
            changes |= {"meetings": RHYTHMS[persona]}
        if not self._acts and mentee and not seen:
            changes |= {MENTEE_WRITES: f"{page.standing.get(MENTEE_WRITES, 'Learn.')} {self._words()}"}
        if not self._acts and not mentee:
            changes |= {"comment": self._words()}
        if self._acts == 1 and persona is Persona.NEGOTIATES:
            changes |= {"ground_rules": self._words()}
        rhythms = {**page.standing, **changes}
        if SELDOM in (rhythms["meetings"], rhythms["goal_updates"]):
            changes |= {"below_quarterly": "yes"}
        return {name: words for name, words in changes.items() if name in offered}
