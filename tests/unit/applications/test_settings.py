"""cohort.toml: what it may say, and what is said where it says something else."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from domain.cohort.settings_file import read_settings
from domain.input_files.validation_messages import PATTERNS
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings
from schemas.errors import Problem

File = Callable[..., bytes]
Refused = Callable[..., list[Problem]]


@pytest.mark.parametrize("lines", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_settings_read_the_same_however_the_file_was_saved(lines: str, encoding: str, settings: File) -> None:
    content = settings("Birch Lodge", "Fjällbjörk Lodge").decode().replace("\n", lines).encode(encoding)
    read = read_settings("cohort.toml", content)
    assert read.institute.venue == "Fjällbjörk Lodge"
    assert read.kickoff_day == date(2021, 5, 7)


def test_kickoff_may_be_any_day_of_the_institute(settings: File) -> None:
    assert read_settings("c.toml", settings(new="kickoff_on = 2021-05-05\n")).kickoff_day == date(2021, 5, 5)


@pytest.mark.parametrize("day", ["2021-05-03", "2021-05-08"])
def test_kickoff_outside_the_institute_is_refused(day: str, settings: File, refused: Refused) -> None:
    (problem,) = refused(read_settings, "cohort.toml", settings(new=f"kickoff_on = {day}\n"))
    assert (problem.column, problem.value) == ("kickoff_on", day)
    assert "is outside the institute (2021-05-04 to 2021-05-07)" in problem.message
    assert str(problem).startswith("cohort.toml, key kickoff_on: ")


@pytest.mark.parametrize(
    ("old", "new", "key", "value", "message"),
    [
        ("title =", "titel =", "titel", "2021 Mentorship Program", "did you mean title?"),
        ("venue =", "venu =", "institute.venu", "Birch Lodge", "did you mean institute.venue?"),
        ("title =", 'venue = "X"\ntitle =', "venue", "X", "it belongs in the section [institute]"),
        ("title =", 'color = "X"\ntitle =', "color", "X", "correct or remove it"),
        ("title =", "months = 18\ntitle =", "months", "18", "it belongs in the section [timeline]"),
    ],
)
def test_unknown_key_is_refused_with_where_it_may_belong(
    *, old: str, new: str, key: str, value: str, message: str, settings: File, refused: Refused
) -> None:
    problems = [
        problem for problem in refused(read_settings, "c.toml", settings(old, new)) if "missing" not in problem.message
    ]
    assert [(problem.column, problem.value) for problem in problems] == [(key, value)]
    assert message in problems[0].message


@pytest.mark.parametrize(
    ("old", "key", "message"),
    [
        ('title = "2021 Mentorship Program"', "title", "add a line title = …"),
        ('venue = "Birch Lodge"', "institute.venue", "add a line venue = … to the section [institute]"),
        (
            '[contact]\nrole = "Mentorship Subcommittee"\nemail = "subcommittee@example.org"',
            "contact",
            "add the section [contact]",
        ),
    ],
)
def test_missing_key_is_refused_with_the_line_to_add(
    old: str, key: str, message: str, settings: File, refused: Refused
) -> None:
    (problem,) = refused(read_settings, "c.toml", settings(old, "#"))
    assert (problem.column, problem.value) == (key, None)
    assert message in problem.message


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ('"2021 Mentorship Program"', "2021", "title", "words in quotation marks"),
        ('"2021 Mentorship Program"', '""', "title", "must not be empty"),
        ('"2021 Mentorship Program"', '"two\\nlines"', "title", "one line"),
        ("2021-05-07", "20210507", "institute.last_day", "must be a date"),
        ("2021-05-07", "2021-05-07T09:00:00", "institute.last_day", "must be a date"),
        ("2021-05-07", "9999-05-07", "institute.last_day", "is too late; write a day up to 2100-12-31"),
        ("2021-05-04", "0021-05-04", "institute.first_day", "is too early; write a day from 2000-01-01 on"),
        ('"subcommittee@example.org"', '"subcommittee"', "contact.email", "is not an email address"),
        ('"Mentorship Subcommittee"', '"A, B"', "contact.role", "without any of"),
        ('"mile-2021"', '"MILE 2021"', "id", "small letters"),
    ],
)
def test_wrong_kind_of_value_is_refused(
    *, old: str, new: str, key: str, message: str, settings: File, refused: Refused
) -> None:
    (problem,) = refused(read_settings, "c.toml", settings(old, new))
    assert problem.column == key
    assert message in problem.message


@pytest.mark.parametrize(
    ("section", "key", "message"),
    [
        ('[timeline]\nmonths = "18"', "timeline.months", "without quotation marks"),
        ("[timeline]\nmonths = true", "timeline.months", "must be a whole number"),
        ("[timeline]\nmonths = 2", "timeline.months", "write 3 or more"),
        ("[timeline]\nmonths = 61", "timeline.months", "write 60 or less"),
        (
            "[timeline]\ncheck_in_every_months = 4",
            "timeline.check_in_every_months",
            "must divide months (18); correct one",
        ),
        ("[timeline]\ncheck_in = 3", "timeline.check_in", "must be a section"),
        (
            "[timeline.check_in]\nopens = -9\nreminders = 3\ncloses = 0",
            "timeline.check_in.reminders",
            "list in square brackets",
        ),
        ("[timeline.check_in]\nopens = -9\nreminders = [3]\ncloses = 0", "timeline.check_in", "must lie between"),
        (
            '[matching]\nobjective = "band"',
            "matching.objective",
            "bands, total, bottleneck, stable; did you mean bands?",
        ),
        ('[matching]\nallow_same_employer = "yes"', "matching.allow_same_employer", "true or false"),
        ("[matching.bands]\npoor = 70", "matching.bands.poor", "must be below fair (60)"),
    ],
)
def test_value_that_breaks_a_rule_is_refused(
    section: str, key: str, message: str, settings: File, refused: Refused
) -> None:
    (problem,) = refused(read_settings, "c.toml", settings() + section.encode())
    assert problem.column == key
    assert message in problem.message


@pytest.mark.parametrize("zone", ["Minnesota", "../../etc/passwd", "America", ""])
def test_time_zone_nobody_knows_is_refused(zone: str, settings: File, refused: Refused) -> None:
    (problem,) = refused(read_settings, "c.toml", settings(new=f"time_zone = '{zone}'\n"))
    assert problem.column == "time_zone"
    assert "America/Chicago" in problem.message


@pytest.mark.parametrize("locale", ["en", "en_us", "de_DE", "xx_XX", "en_XX", "../en_US", ""])
def test_locale_that_writes_no_english_dates_is_refused(locale: str, settings: File, refused: Refused) -> None:
    (problem,) = refused(read_settings, "c.toml", settings(new=f"locale = '{locale}'\n"))
    assert problem.column == "locale"
    assert "en_GB" in problem.message


def test_file_that_is_no_toml_is_refused_with_its_line(settings: File, refused: Refused) -> None:
    (problem,) = refused(read_settings, "c.toml", settings('"Birch Lodge"', "Birch Lodge"))
    assert (problem.row, problem.value) == (6, "venue = Birch Lodge")
    assert str(problem).startswith("c.toml, line 6: cannot be read here")


def test_setting_that_stands_twice_is_named_as_such(settings: File, refused: Refused) -> None:
    (problem,) = refused(read_settings, "c.toml", settings('town = "Ely"', 'town = "Ely"\ntown = "Cook"'))
    assert (problem.row, problem.value) == (8, 'town = "Cook"')
    assert "a second time" in problem.message


@pytest.mark.parametrize("content", [b"a = " + b"[" * 50_000, b"a = " + b"1" * 5_000, b"a = 2021-02-30", b"a = '"])
def test_hostile_toml_is_refused(content: bytes, refused: Refused) -> None:
    assert len(refused(read_settings, "c.toml", content)) == 1


def test_all_problems_are_reported_at_once(settings: File, refused: Refused) -> None:
    content = settings('"Birch Lodge"', "5").replace(b"2021-05-07", b"7").replace(b"title", b"titel")
    assert {problem.column for problem in refused(read_settings, "c.toml", content)} == {
        "title",
        "titel",
        "institute.venue",
        "institute.last_day",
    }


def _patterns(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from ([schema["pattern"]] if isinstance(schema.get("pattern"), str) else [])
        for inner in schema.values():
            yield from _patterns(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _patterns(inner)


@pytest.mark.parametrize("schema", [CohortSettings, MentorApplication, MenteeApplication])
def test_every_pattern_people_must_follow_has_a_sentence(schema: type[BaseModel]) -> None:
    described: dict[str, Any] = schema.model_json_schema()
    problems_found = set(_patterns(described))
    assert problems_found
    assert problems_found <= set(PATTERNS)


APPLYING = "[applications]\nopens_on = 2021-01-10\ncloses_on = 2021-03-10\n"
HALF_DAY = (
    '[[session.half_days]]\nid = "friday"\nlabel = "Friday"\nday = 2021-05-07\nbegins = 09:00:00\nends = 12:00:00\n'
)


@pytest.mark.parametrize(
    ("tables", "old", "new", "column", "message"),
    [
        (APPLYING, "closes_on = 2021-03-10", "", "applications.closes_on", "to the section [applications]"),
        (APPLYING, "2021-03-10", "2021-01-01", "applications.opens_on", "is after closes_on 2021-01-01"),
        (APPLYING, "closes_on", "closed_on", "applications.closed_on", "did you mean applications.closes_on?"),
        (HALF_DAY, "label", "lable", "session.half_days.lable", "did you mean session.half_days.label?"),
        (HALF_DAY, "ends = 12:00:00\n", "", "session.half_days.ends", "to the section [[session.half_days]]"),
        (HALF_DAY, "12:00:00", "08:00:00", "session.half_days.begins", "begins 09:00:00 is not before ends 08:00:00"),
        (HALF_DAY, '"Friday"', '"Thursday, 9 to noon"', "session.half_days.label", "but 2021-05-07 is a Friday"),
        (HALF_DAY, "12:00:00", '"noon"', "session.half_days.ends", "must be a time of day, such as 09:00:00"),
        (HALF_DAY, HALF_DAY, "[session]", "session.half_days", "add the section [[session.half_days]]"),
        (HALF_DAY, HALF_DAY, "[session]\nhalf_days = []", "session.half_days", "must hold at least one"),
    ],
)
def test_what_is_wrong_in_a_table_that_may_be_left_out_is_named_by_its_key(
    *, settings: Callable[..., bytes], refused: Refused, tables: str, old: str, new: str, column: str, message: str
) -> None:
    content = settings() + tables.replace(old, new).encode()
    problems = refused(read_settings, "cohort.toml", content)
    (problem,) = (problem for problem in problems if problem.column == column)
    assert message in problem.message
