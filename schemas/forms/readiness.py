"""What somebody can check before and at the beginning of a mentorship; the list is theirs alone."""

from schemas.enums import Side
from schemas.forms.questions import Choice, FormPage, Question


def _page(*items: tuple[str, str]) -> FormPage:
    return FormPage(
        title="Are you ready?",
        lead="Check what you have done. You can change this at any time.",
        questions=(
            Question(
                name="ready",
                kind="ticks",
                label="What you have done so far",
                choices=tuple(Choice(value=value, label=label) for value, label in items),
                readers=("you",),
            ),
        ),
    )


READINESS = {
    Side.MENTOR: _page(
        ("handbook", "I have read the handbook"),
        ("goals", "I know my mentee’s goals"),
        ("time", "I have kept time free for our meetings"),
        ("offer", "I know what I can offer, and what I can’t"),
        ("first_talk", "I have a question for our first talk"),
    ),
    Side.MENTEE: _page(
        ("handbook", "I have read the handbook"),
        ("goals", "I can name a goal that I care about"),
        ("time", "I have kept time free for our meetings"),
        ("hard", "I can say what is hard for me right now"),
        ("first_talk", "I have a question for our first talk"),
    ),
}
