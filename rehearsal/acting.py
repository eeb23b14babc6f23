"""How acted participants behave: when they answer an email, how often they press the button, what they say."""

import hashlib
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.calendar import local_day
from schemas.base import Value
from schemas.mentorship import Ask, Timeline
from schemas.personas import Persona, PersonaScript
from schemas.words import MilestoneKind, WindowStatus

ANSWERS_AFTER: dict[Persona, tuple[timedelta, timedelta]] = {
    Persona.KEEN: (timedelta(minutes=5), timedelta(hours=20)),
    Persona.STEADY: (timedelta(days=2), timedelta(days=5)),
    Persona.SLOW: (timedelta(hours=6), timedelta(days=2)),
    Persona.FORGETFUL: (timedelta(hours=2), timedelta(days=2)),
    Persona.CLICKS_TWICE: (timedelta(hours=1), timedelta(days=3)),
    Persona.SCANNER: (timedelta(seconds=20), timedelta(minutes=2)),
    Persona.ASKS_FOR_CALL: (timedelta(hours=3), timedelta(days=2)),
}
SAYS_MET = {Persona.STEADY: 0.8, Persona.SLOW: 0.6, Persona.FORGETFUL: 0.5}
ON_THE_MINUTE = timedelta(minutes=1)


class Field(Value):
    """One question of a page as it stands there: its name, and the values that can be picked, if any."""

    name: str
    kind: str
    values: tuple[str, ...] = ()
    required: bool = False


class Visit(Value):
    """One visit to a page: when, by which link, and how often the button is pressed (0: it is only looked at)."""

    at: datetime
    url: str
    email_key: str
    milestone: str
    presses: int


class Actor:
    """One acted participant. The same seed acts the same, whatever else is going on."""

    def __init__(self, person_id: str, script: PersonaScript, timeline: Timeline, time_zone: str, seed: int) -> None:
        self._person = person_id
        self._script = script
        self._timeline = timeline
        self._zone = time_zone
        self._seed = seed
        self._asked_for_call = False

    def visits(self, email_key: str, at: datetime, links: Sequence[tuple[Ask, MilestoneKind, str]]) -> list[Visit]:
        """Return the visits an email brings about: one for each link this person follows."""
        persona = self._script.on(local_day(at, self._zone))
        return [
            Visit(
                at=self._moment(persona, at, f"{email_key}#{ask.milestone}"),
                url=url,
                email_key=email_key,
                milestone=ask.milestone,
                presses=_presses(persona),
            )
            for ask, kind, url in links
            if self._follows(persona, ask, kind)
        ]

    def answers(self, visit: Visit, fields: Sequence[Field]) -> dict[str, str]:
        """Fill in a page."""
        persona = self._script.on(local_day(visit.at, self._zone))
        chance = self._chance(f"{visit.email_key}#{visit.milestone}#answers")
        filled = {field.name: self._fill(persona, field, chance) for field in fields}
        return {name: value for name, value in filled.items() if value}

    def _follows(self, persona: Persona, ask: Ask, kind: MilestoneKind) -> bool:
        if persona is Persona.SLOW:
            return ask.occurrence >= len(self._reminders(kind))
        if persona is Persona.FORGETFUL:
            return ask.occurrence > 0
        return persona is not Persona.SILENT

    def _reminders(self, kind: MilestoneKind) -> tuple[int, ...]:
        return {
            MilestoneKind.FIRST_CONTACT: self._timeline.first_contact,
            MilestoneKind.CHECK_IN: self._timeline.check_in,
            MilestoneKind.GOAL_CHECK_IN: self._timeline.goal_check_in,
            MilestoneKind.CLOSURE_SURVEY: self._timeline.closure_survey,
        }[kind].reminders

    def _moment(self, persona: Persona, at: datetime, occasion: str) -> datetime:
        earliest, latest = ANSWERS_AFTER[persona]
        minutes = self._chance(occasion).randrange(int((latest - earliest) / ON_THE_MINUTE) + 1)
        return at + earliest + minutes * ON_THE_MINUTE

    def _fill(self, persona: Persona, field: Field, chance: random.Random) -> str:
        if field.name == "status":
            return _status(persona, chance)
        if field.name == "call_requested":
            return self._wish_to_be_called(persona, field)
        if field.values:
            return chance.choice(field.values) if field.kind != "checkbox" or chance.random() < 0.5 else ""
        if field.kind == "textarea":
            return f"Between us, said {self._person} on occasion {chance.randrange(10_000):04}: keep at it."
        return str(chance.randrange(1, 5))

    def _wish_to_be_called(self, persona: Persona, field: Field) -> str:
        if persona is not Persona.ASKS_FOR_CALL or self._asked_for_call:
            return ""
        self._asked_for_call = True
        return field.values[0]

    def _chance(self, occasion: str) -> random.Random:
        digest = hashlib.sha256(f"{self._seed}/{self._person}/{occasion}".encode()).digest()
        return random.Random(digest)  # noqa: S311 - acting, not secrecy


def _presses(persona: Persona) -> int:
    return {Persona.SCANNER: 0, Persona.CLICKS_TWICE: 2}.get(persona, 1)


def _status(persona: Persona, chance: random.Random) -> WindowStatus:
    if chance.random() < SAYS_MET.get(persona, 1.0):
        return WindowStatus.MET
    return chance.choice((WindowStatus.PLANNED, WindowStatus.NOT_YET))
