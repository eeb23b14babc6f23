"""The documents against the code: what both list must be the same, in the same order."""

import inspect
import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from domain.applications.csv.columns import GOALS, columns_of
from domain.calendar import morning
from domain.mentorship.concern_words import _SHORT
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from rehearsal.folder import read_folder
from runtime.settings import Settings, variable
from schemas import enums, rehearsal
from schemas.applications.people import Application, MenteeApplication, MentorApplication
from schemas.audit import DriftKind
from schemas.cohort.settings import ApplicationWindow, CohortSettings, HalfDay, HalfDaySession, ProposalSettings
from schemas.enums import MilestoneKind, StaffReason
from schemas.personas import Persona
from tests.docs.commands import PARAMETERS

DOCS = Path(__file__).parents[2] / "docs"
ENUMERATIONS = [each for each in vars(enums).values() if isinstance(each, type) and each.__module__ == enums.__name__]
RECORDS = [
    each for each in vars(rehearsal).values() if isinstance(each, type) and each.__module__ == rehearsal.__name__
]


def _section(page: str, heading: str) -> str:
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", (DOCS / page).read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"docs/{page} has no section {heading}"
    return found[1]


def _rows(section: str) -> list[list[str]]:
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def _listed(section: str) -> list[str]:
    return re.findall(r"^- `(\w+)`: \S", section, re.MULTILINE)


@pytest.mark.parametrize("enumeration", ENUMERATIONS, ids=lambda each: each.__name__)
def test_every_value_is_explained_beside_it(enumeration: type[StrEnum]) -> None:
    source = inspect.getsource(enumeration)
    explained = re.findall(r'^    # \S.*\n    \w+ = "([\w-]+)"$|^    \w+ = "([\w-]+)"  # \S', source, re.MULTILINE)
    assert [above or beside for above, beside in explained] == [str(each) for each in enumeration]


@pytest.mark.parametrize(
    ("page", "enumeration"),
    [
        *(
            ("settings.md", each)
            for each in (
                enums.GoalArea,
                enums.LibraryType,
                enums.LibraryTypeWish,
                enums.WorkingStyle,
                enums.Availability,
            )
        ),
        *(("commands.md", each) for each in (enums.DeclineReason, enums.EndingReason)),
    ],
    ids=str,
)
def test_values_that_people_type_are_explained_where_they_look_for_them(page: str, enumeration: type[StrEnum]) -> None:
    assert _listed(_section(page, enumeration.__name__)) == [str(each) for each in enumeration]


def test_outcomes_that_staff_can_choose_are_explained_where_they_choose_them() -> None:
    chosen = [str(each) for each in enums.Outcome if each is not enums.Outcome.COMPLETED]
    assert _listed(_section("commands.md", "Outcome")) == chosen


def test_the_glossary_explains_each_word_once_on_one_page() -> None:
    glossary = (DOCS / "glossary.md").read_text()
    words = re.findall(r"^- \*\*(.+?)\*\*: [^\n]", glossary, re.MULTILINE)
    assert len(words) == len(set(words)) == len(re.findall(r"^- ", glossary, re.MULTILINE)) > 50
    assert len(glossary.splitlines()) <= 100


def test_every_persona_is_explained() -> None:
    assert _listed(_section("rehearsal.md", "Personas")) == [str(each) for each in Persona]


@pytest.mark.parametrize("record", RECORDS, ids=lambda each: each.__name__)
def test_the_record_of_a_rehearsal_is_explained_field_by_field(record: type[BaseModel]) -> None:
    fields = [field.alias or name for name, field in record.model_fields.items()]
    assert [row[0] for row in _rows(_section("rehearsal.md", record.__name__))] == fields


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if isinstance(parameter.default, Path) and parameter.default.is_absolute():
        return str(parameter.default.relative_to(DOCS.parent))
    return "" if parameter.default in {None, False} else str(parameter.default)


def test_every_command_has_its_section() -> None:
    headings = re.findall(r"^## mile (.+)$", (DOCS / "commands.md").read_text(), re.MULTILINE)
    assert headings == list(PARAMETERS)


@pytest.mark.parametrize("command", PARAMETERS)
def test_every_option_of_a_command_is_explained_with_its_default(command: str) -> None:
    told = [(row[0], row[1]) for row in _rows(_section("commands.md", f"mile {command}"))]
    shown = [(each.opts[0] if each.opts[0].startswith("-") else each.metavar, each) for each in PARAMETERS[command]]
    assert told == [(name, _default(parameter)) for name, parameter in shown]


def _literal(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_literal, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _keys(schema: type[BaseModel], given: BaseModel | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, field in schema.model_fields.items():
        kind = field.annotation
        default = getattr(given, name) if given else field.default
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _keys(kind, default if isinstance(default, BaseModel) else None, f"{prefix}{name}.")
        else:
            yield prefix + name, "required" if default is PydanticUndefined else _literal(default)


def test_every_setting_of_a_cohort_is_explained_with_its_default() -> None:
    told = [(row[0], row[1]) for row in _rows(_section("settings.md", "cohort.toml"))]
    assert told == list(_keys(CohortSettings))


TABLES: dict[str, type[BaseModel]] = {
    "applications": ApplicationWindow,
    "proposals": ProposalSettings,
    "session": HalfDaySession,
    "half_days": HalfDay,
}


@pytest.mark.parametrize("heading", TABLES)
def test_every_key_of_the_tables_before_the_kickoff_is_explained_with_its_default(heading: str) -> None:
    table = TABLES[heading]
    told = [(row[0], row[1]) for row in _rows(_section("settings.md", heading))]
    assert told == list(_keys(table))


def test_every_variable_of_an_installation_is_listed_with_its_default() -> None:
    told = [tuple(row) for row in _rows(_section("settings.md", "The environment"))]
    assert told == [(variable(name), default.strip('"')) for name, default in _keys(Settings)]


@pytest.mark.parametrize(("schema", "column"), [(MentorApplication, 1), (MenteeApplication, 2)])
def test_every_column_of_the_two_files_is_explained(schema: type[Application], column: int) -> None:
    told = {row[0]: row[column] for row in _rows(_section("settings.md", "mentors.csv and participants.csv"))}
    read = {"goals" if column in GOALS else column for column in columns_of(schema)}
    fields = {name: field for name, field in schema.model_fields.items() if name in read}
    # A file may lack ids: the people in it get some.
    real = {name: "required" if field.is_required() and name != "id" else "optional" for name, field in fields.items()}
    assert {name: need for name, need in told.items() if need} == real


def test_operators_are_told_of_every_drift_and_of_every_note_at_once() -> None:
    page = "howto/keep-a-cohort-running.md"
    found = {row.split("`")[1] for row in _section(page, "The drift audit").splitlines() if row.startswith("| `")}
    assert found == {str(kind) for kind in DriftKind}
    told = {row[0] for row in _rows(_section(page, "Notes to staff and their commands"))}
    assert told == {str(reason) for reason in StaffReason} - {
        "no_first_contact",
        "no_agreement",
        "silent",
        "agreement_waiting",
    }


def test_the_run_book_explains_each_concern_by_the_words_of_lists() -> None:
    told = {row[0]: row[1] for row in _rows(_section("runbook.md", "A mentorship needs attention"))}
    assert told == {reason.value: words for reason, words in _SHORT.items()}


def test_the_timetable_has_the_days_of_the_2019_cohort_as_its_plan_has_them() -> None:
    settings = read_folder(DOCS.parent / "examples" / "mile-2019").settings
    planned = plan(initial_terms(settings, "mile-2019-001"), morning(settings.kickoff_day, settings.time_zone))
    survey = planned.milestone(MilestoneKind.CLOSURE_SURVEY)
    timetable = (DOCS / "mentorship.md").read_text()
    assert f"| kickoff, {_american(settings.kickoff_day)} |" in timetable
    assert f"| {_american(planned.ends_on)} |" in timetable
    assert f"| {survey.opens_on:%B} {survey.opens_on.day} to {_american(survey.closes_on)} |" in timetable


def _american(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
