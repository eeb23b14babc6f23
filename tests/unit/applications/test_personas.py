"""personas.toml: who acts how."""

from collections.abc import Callable
from datetime import date

import pytest

from domain.cohort.personas_file import read_personas
from schemas.errors import Problem
from schemas.personas import Persona, PersonaScript

Refused = Callable[..., list[Problem]]

SCRIPTS = b"""
default = "keen"
[people]
M01 = "slow"
M02 = { persona = "silent", from = 2019-11-01, until = 2019-12-01 }
M03 = { persona = "silent", until = 2019-12-01, otherwise = "forgetful" }
"""


def test_person_acts_as_written_and_everybody_else_by_default() -> None:
    scripts = read_personas("personas.toml", SCRIPTS, people=["M01", "M02", "M03", "P01"])
    days = date(2019, 6, 1), date(2021, 1, 1)
    assert [scripts["M01"].on(day) for day in days] == [Persona.SLOW, Persona.SLOW]
    assert [scripts["P01"].on(day) for day in days] == [Persona.KEEN, Persona.KEEN]


@pytest.mark.parametrize(
    ("person", "day", "persona"),
    [
        ("M02", date(2019, 10, 31), Persona.KEEN),
        ("M02", date(2019, 11, 1), Persona.SILENT),
        ("M02", date(2019, 12, 1), Persona.SILENT),
        ("M02", date(2019, 12, 2), Persona.KEEN),
        ("M03", date(2019, 1, 1), Persona.SILENT),
        ("M03", date(2019, 12, 2), Persona.FORGETFUL),
    ],
)
def test_persona_with_dates_holds_between_them(person: str, day: date, persona: Persona) -> None:
    assert read_personas("personas.toml", SCRIPTS)[person].on(day) is persona


def test_everybody_is_steady_where_the_file_says_nothing() -> None:
    scripts = read_personas("personas.toml", b"# nothing yet", people=["M01"])
    assert scripts == {"M01": PersonaScript(persona=Persona.STEADY)}


def test_person_nobody_knows_is_refused(refused: Refused) -> None:
    (problem,) = refused(read_personas, "personas.toml", b'[people]\nM1 = "keen"', people=["M01", "P07"])
    assert (problem.column, problem.value) == ("people.M1", "M1")
    assert "did you mean M01?" in problem.message


@pytest.mark.parametrize(
    ("content", "key", "message"),
    [
        (b'default = "lazy"', "default", "keen, steady, slow"),
        (b'[people]\nM01 = "ken"', "people.M01", "did you mean keen?"),
        (b"[people]\nM01 = 5", "people.M01", "is not one of the allowed words"),
        (
            b'[people]\nM01 = { persona = "keen", form = 2019-01-01 }',
            "people.M01.form",
            "did you mean people.M01.from?",
        ),
        (b'[people]\nM01 = { persona = "keen", from = 5 }', "people.M01.from", "must be a date"),
        (b"[people]\nM01 = { from = 2019-01-01 }", "people.M01.persona", "add a line persona = …"),
        (
            b'[people]\nM01 = { persona = "keen", from = 2019-02-01, until = 2019-01-31 }',
            "people.M01.until",
            "is before from 2019-02-01",
        ),
        (b'[people]\n"M 1" = "keen"', "people.M 1", "must be letters"),
        (b"people = 3", "people", "must be a section"),
        (b'[people]\nM01 = "leaves"', "people.M01.from", "must be a day, because this person leaves"),
        (
            b'[people]\nM01 = { persona = "pauses", from = 2019-02-01 }',
            "people.M01.until",
            "must be a day, because this person pauses",
        ),
        (b'default = "leaves"', "default", "leaves needs a person and a day"),
        (
            b'[people]\nM01 = { persona = "keen", until = 2019-02-01, otherwise = "pauses" }',
            "people.M01.otherwise",
            "pauses needs a person and a day",
        ),
        (b'[persons]\nM01 = "keen"', "persons", "is not a setting we know"),
    ],
)
def test_script_that_cannot_be_acted_is_refused(content: bytes, key: str, message: str, refused: Refused) -> None:
    (problem,) = refused(read_personas, "personas.toml", content)
    assert problem.column == key
    assert message in problem.message
