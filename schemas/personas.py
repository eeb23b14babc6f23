"""How simulated participants behave in a rehearsal; real cohorts have none of this."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from schemas.applications.people import PersonId
from schemas.base import InputModel


class Persona(StrEnum):
    """The kinds of participant that a rehearsal can simulate."""

    KEEN = "keen"
    """Answers within a day; has met."""
    STEADY = "steady"
    """Answers two to five days after being asked; has mostly met."""
    SLOW = "slow"
    """Answers after the last reminder."""
    SILENT = "silent"
    """Never answers."""
    FORGETFUL = "forgetful"
    """Answers only after a reminder, now and then that they have not met yet."""
    CLICKS_TWICE = "clicks_twice"
    """Sends the same answers twice."""
    SCANNER = "scanner"
    """A mail program that opens every link and sends nothing."""
    ASKS_FOR_CALL = "asks_for_call"
    """Answers, and asks staff for a call."""
    NEGOTIATES = "negotiates"
    """Answers within two days, and agrees to no agreement before it was changed once more."""
    MONTHLY = "monthly"
    """Steady, and wants to meet every month."""
    QUARTERLY = "quarterly"
    """Steady, and wants to meet every quarter."""
    DECLINES = "declines"
    """Steady, but declines the first match proposed to them, the morning after."""
    ABSENT = "absent"
    """Steady, and not there on the last day of the institute, as staff note."""
    PAUSES = "pauses"
    """Tells staff of a time without room for it, for which they pause the mentorship."""
    LEAVES = "leaves"
    """Tells staff on a day that it is over, and is silent from then on."""


# Personas that need a day, with the days they need, as personas.toml calls them.
NEEDS_DAYS: Mapping[Persona, tuple[str, ...]] = {Persona.PAUSES: ("from", "until"), Persona.LEAVES: ("from",)}


def at_any_time(persona: Persona) -> Persona:
    """Return a persona that somebody can be at any time; raises ValueError for one that needs a day."""
    if persona in NEEDS_DAYS:
        raise ValueError(f"must be how somebody acts at any time; {persona} needs a person and a day")
    return persona


class PersonaScript(InputModel):
    """How one person acts: ``persona`` from ``starts_on`` to ``ends_on`` (both days included), else ``otherwise``.

    In personas.toml the two days are called ``from`` and ``until``; a day not given has no limit.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    persona: Persona
    otherwise: Persona = Persona.STEADY
    starts_on: date | None = Field(default=None, alias="from")
    ends_on: date | None = Field(default=None, alias="until")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts_on and self.ends_on and self.starts_on > self.ends_on:
            raise ValueError(f"until {self.ends_on} is before from {self.starts_on}")
        return self

    @model_validator(mode="after")
    def _dated(self) -> Self:
        days = {"from": self.starts_on, "until": self.ends_on}
        for day in NEEDS_DAYS.get(self.persona, ()):
            if days[day] is None:
                raise ValueError(f"{day} must be a day, because this person {self.persona}")
        return self

    @field_validator("otherwise")
    @classmethod
    def _undated(cls, value: Persona) -> Persona:
        return at_any_time(value)

    def on(self, day: date) -> Persona:
        """Return how the person acts on a day."""
        too_early = self.starts_on is not None and day < self.starts_on
        too_late = self.ends_on is not None and day > self.ends_on
        return self.otherwise if too_early or too_late else self.persona


class Personas(InputModel):
    """A whole personas.toml: how everybody acts who is not named, and how those who are."""

    default: Persona = Persona.STEADY
    people: Mapping[PersonId, PersonaScript] = Field(default_factory=dict)

    @field_validator("default")
    @classmethod
    def _undated(cls, value: Persona) -> Persona:
        return at_any_time(value)
