"""Guidance for mentors and mentees: short texts of our own, each with its version, its source and whom to credit (A43).

A text is a file of this folder. Who changes its words raises its version. The page ``/guidance`` names the version and
the sources of every text; emails do not. The two handbooks are Markdown, and end with their version and sources.
"""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field, StringConstraints

from domain.languages import gettext
from schemas.base import InputModel
from schemas.enums import GoalArea, Phase, Side

Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=600)]

# The program's own three areas, one for each meeting in turn (A24, A32).
TOPICS = (GoalArea.GOAL_SETTING, GoalArea.NETWORKING, GoalArea.LEADERSHIP)


class Guidance(InputModel):
    """One text: ``both`` is for either side, followed by what is for the mentor or the mentee only.

    ``credit`` completes "after …" where there is little room; ``source`` names the works in full.
    """

    name: str
    version: int = Field(ge=1)
    date: date
    title: str
    source: str = Field(min_length=10)
    credit: str = Field(min_length=5)
    both: tuple[Paragraph, ...] = ()
    mentor: tuple[Paragraph, ...] = ()
    mentee: tuple[Paragraph, ...] = ()

    def for_side(self, side: Side) -> tuple[str, ...]:
        """Return the paragraphs one side reads, in order."""
        return self.both + (self.mentor if side is Side.MENTOR else self.mentee)

    @property
    def reference(self) -> str:
        """Return the line that names the text, its version, and whom to credit."""
        return gettext(
            "%(title)s, version %(version)s, after %(credit)s.",
            title=self.title,
            version=self.version,
            credit=self.credit,
        )

    @property
    def works(self) -> tuple[str, ...]:
        """Return the works in full, one by one."""
        return tuple(self.source.split("; "))


def names() -> tuple[str, ...]:
    """Return the names of all texts, sorted."""
    found = (file.name for file in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def guidance(name: str) -> Guidance:
    """Return the text of this name in the reader's language; raises FileNotFoundError where there is none."""
    text = _standard(name)
    paragraphs = {part: tuple(map(gettext, getattr(text, part))) for part in ("both", "mentor", "mentee")}
    return text.model_copy(update=paragraphs | {"title": gettext(text.title), "credit": gettext(text.credit)})


@cache
def _standard(name: str) -> Guidance:
    text = (files(__package__) / f"{name}.toml").read_text(encoding="utf-8")
    return Guidance(name=name, **tomllib.loads(text))


def topic_of(meeting: int) -> GoalArea:
    """Return the topic whose turn it is at a pair's meeting of this number (from 1)."""
    return TOPICS[(meeting - 1) % len(TOPICS)]


def topic_prompt(topic: GoalArea) -> Guidance:
    """Return the text that suggests a topic for a meeting."""
    return guidance(f"topic_{topic}")


def standard_handbook(side: Side) -> str:
    """Return the program's own handbook for one side in the reader's language, as Markdown."""
    # Each paragraph is a message: a catalog that lags behind leaves single ones in English.
    return "\n\n".join(map(gettext, _handbook(side)))


@cache
def _handbook(side: Side) -> tuple[str, ...]:
    text = (files(__package__) / f"handbook_{side}.md").read_text(encoding="utf-8")
    return tuple(text.strip().split("\n\n"))


def conversation_starter(phase: Phase, topic: GoalArea | None) -> Guidance | None:
    """Return what a pair could talk about in a phase; while they work on the goals, the topic of their next meeting."""
    if phase is Phase.ENABLING:
        return topic_prompt(topic) if topic else None
    return guidance(f"starter_{phase}")
