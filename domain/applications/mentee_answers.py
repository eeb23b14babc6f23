"""What a mentee told at intake, as their mentor reads it in emails and on pages (A35, A4)."""

from domain.languages import gettext
from domain.safe_text import one_line, text_lines
from schemas.applications.people import IntakeWords


def told_at_intake(words: IntakeWords | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what a mentee told as (heading, lines), without what they left empty."""
    if words is None:
        return ()
    told = (
        (gettext("Goals"), tuple(map(one_line, words.goals))),
        (gettext("What is hard right now"), text_lines(words.challenges)),
        (gettext("Hopes for a mentor"), text_lines(words.hopes)),
    )
    return tuple((heading, lines) for heading, lines in told if lines)
