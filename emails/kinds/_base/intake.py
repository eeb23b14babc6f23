"""What a mentee told at intake, as emails to their mentor show it (A35, A4)."""

from domain.safe_text import SafeLine, text_lines
from schemas.applications.people import IntakeWords
from schemas.base import FrozenModel


class IntakeShown(FrozenModel):
    """A mentee's goals, and line by line what is hard for them and what they hope for; empty where nothing was told."""

    goals: tuple[SafeLine, ...] = ()
    challenges: tuple[SafeLine, ...] = ()
    hopes: tuple[SafeLine, ...] = ()


def intake_shown(words: IntakeWords | None) -> IntakeShown | None:
    """Return a mentee's words for an email to the mentor, or None where there are none to show."""
    if words is None or words == IntakeWords():
        return None
    return IntakeShown(goals=words.goals, challenges=text_lines(words.challenges), hopes=text_lines(words.hopes))
