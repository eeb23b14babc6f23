"""The personas of a rehearsal, from personas.toml."""

from collections.abc import Collection
from typing import Any

from domain.input_files.spelling import did_you_mean
from domain.input_files.toml import read_toml
from schemas.errors import BadInput, Problem
from schemas.personas import Persona, Personas, PersonaScript


def read_personas(file_name: str, content: bytes, *, people: Collection[str] | None = None) -> dict[str, PersonaScript]:
    """Return the persona scripts by person's id: those the file names and, where ``people`` are given, all of these.

    Raises:
        BadInput: the file is not TOML, names a persona there is none of, or a person who is not among ``people``.
    """
    personas = read_toml(file_name, content, Personas, _spelled_out)
    usual = PersonaScript(persona=personas.default, otherwise=personas.default)
    named = {person_id: _otherwise(script, personas.default) for person_id, script in personas.people.items()}
    if people is None:
        return named
    problems = [
        Problem(
            file_name,
            f"is nobody's id in this cohort{did_you_mean(person_id, people)}",
            None,
            f"people.{person_id}",
            person_id,
        )
        for person_id in named
        if person_id not in people
    ]
    if problems:
        raise BadInput(problems)
    return {person_id: named.get(person_id, usual) for person_id in people}


def _spelled_out(tables: dict[str, Any]) -> dict[str, Any]:
    """Write ``M03 = "keen"`` as a script of its own."""
    people = tables.get("people")
    if not isinstance(people, dict):
        return tables
    scripts = {
        person_id: script if isinstance(script, dict) else {"persona": script} for person_id, script in people.items()
    }
    return tables | {"people": scripts}


def _otherwise(script: PersonaScript, default: Persona) -> PersonaScript:
    return script if "otherwise" in script.model_fields_set else script.model_copy(update={"otherwise": default})
