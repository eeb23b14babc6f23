"""A cohort's folder as a whole: its four files, and what must hold between them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from domain.applications.csv.applications import parse_sides, people_of, rows_of, with_people
from domain.applications.csv.mapping import read_mapping, undecided
from domain.applications.csv.parsed_file import reading_notes
from domain.cohort.personas_file import read_personas
from domain.cohort.settings_file import read_settings
from domain.input_files.spelling import did_you_mean
from schemas.applications.mapping import ColumnMapping
from schemas.applications.people import Application, MenteeApplication, MentorApplication
from schemas.cohort.folder import CohortFolder
from schemas.enums import Side
from schemas.errors import BadInput, Problem

SETTINGS, MENTORS, PARTICIPANTS, PERSONAS = "cohort.toml", "mentors.csv", "participants.csv", "personas.toml"
MAPPING = "mapping.toml"
WORKBOOKS = (".xlsx", ".xls", ".ods")
LISTS = {Side.MENTOR: MENTORS, Side.MENTEE: PARTICIPANTS}

Read = TypeVar("Read")


def read_cohort(folder_files: Mapping[str, bytes], mapping: ColumnMapping | None = None) -> CohortFolder:
    """Return a cohort from the contents of its files by name; without a personas.toml everybody is ``steady``.

    Where people apply on the pages a list may be missing: nobody has applied yet when a cohort is created. Its lists
    are read by its mapping.toml, or by the mapping given instead.

    Raises:
        BadInput: with the problems of all files together.
    """
    problems: list[Problem] = []
    settings = _read_file(problems, folder_files, SETTINGS, read_settings)
    applied_later = settings is not None and settings.applications is not None
    mapping = mapping or folder_mapping(problems, folder_files)
    lists = people_lists(problems, folder_files, needed=not applied_later)
    sheets, unread = parse_sides(lists, mapping)
    sheets = with_people(sheets, lists)
    problems += unread + [problem for sheet in sheets.values() for problem in sheet.all_problems]
    if settings is None or problems:
        raise BadInput(problems)
    mentors, mentees = people_of(sheets.get(Side.MENTOR)), people_of(sheets.get(Side.MENTEE))
    check_cohort(
        mentors,
        mentees,
        mentors_file=lists.get(Side.MENTOR, (MENTORS, b""))[0],
        participants_file=lists.get(Side.MENTEE, (PARTICIPANTS, b""))[0],
        rows=rows_of(sheets),
    )
    people = [person.id for person in (*mentors, *mentees)]
    personas = read_personas(PERSONAS, folder_files.get(PERSONAS, b'default = "steady"'), people=people)
    notes = tuple(note for sheet in sheets.values() for note in reading_notes(sheet))
    return CohortFolder(
        settings=settings, mentors=mentors, mentees=mentees, personas=personas, mapping=mapping, notes=notes
    )


def folder_mapping(problems: list[Problem], folder_files: Mapping[str, bytes]) -> ColumnMapping:
    """Return how a folder's lists are read; adds to ``problems`` what is wrong with its mapping.toml."""
    if MAPPING not in folder_files:
        return ColumnMapping()
    mapping = _read_file(problems, folder_files, MAPPING, read_mapping) or ColumnMapping()
    problems += undecided(MAPPING, mapping)
    return mapping


def people_lists(
    problems: list[Problem], folder_files: Mapping[str, bytes], *, needed: bool = True
) -> dict[Side, tuple[str, bytes]]:
    """Return each side's list by its file name: a CSV file, or a workbook of the same name."""
    lists = {}
    for side, name in LISTS.items():
        there = [file for file in (name, *(name.replace(".csv", end) for end in WORKBOOKS)) if file in folder_files]
        if len(there) > 1:
            problems.append(Problem(there[1], f"is there beside {there[0]}; keep one of the two"))
        elif there:
            lists[side] = (there[0], folder_files[there[0]])
        elif needed:
            problems.append(Problem(name, "is not in the folder; add it"))
    return lists


def check_cohort(
    mentors: Sequence[MentorApplication],
    mentees: Sequence[MenteeApplication],
    *,
    mentors_file: str = MENTORS,
    participants_file: str = PARTICIPANTS,
    rows: Mapping[str, int] | None = None,
) -> None:
    """Check that mentors and participants are different people and name only each other.

    ``rows`` are those of the files in which people stand, by id.

    Raises:
        BadInput: an id or address is on both sides; ranks, vetoes, conflicts or reports_to name somebody who is not on
            the other side; or somebody is wished for and refused, or ranked twice.
    """
    mentor_ids = {person.id for person in mentors}
    participant_ids = {person.id for person in mentees}
    found = [
        *_on_both_sides(mentors, mentees, mentors_file, participants_file),
        *(
            (person, problem)
            for person in mentors
            for problem in partner_id_problems(mentors_file, person, participant_ids, "participant")
        ),
        *(
            (person, problem)
            for person in mentees
            for problem in partner_id_problems(participants_file, person, mentor_ids, "mentor")
        ),
    ]
    if found:
        raise BadInput([replace(problem, row=(rows or {}).get(person.id)) for person, problem in found])


def _read_file(
    problems: list[Problem], files: Mapping[str, bytes], name: str, read: Callable[[str, bytes], Read]
) -> Read | None:
    if name not in files:
        problems.append(Problem(name, "is not in the folder; add it"))
        return None
    try:
        return read(name, files[name])
    except BadInput as refusal:
        problems += refusal.problems
        return None


def _on_both_sides(
    mentors: Sequence[Application], mentees: Sequence[Application], mentors_file: str, participants_file: str
) -> Iterator[tuple[Application, Problem]]:
    ids = {person.id.casefold() for person in mentors}
    addresses = {person.email.casefold(): person.id for person in mentors}
    for person in mentees:
        if person.id.casefold() in ids:
            message = f"is an id in {mentors_file} too; give the two people different ids"
            yield person, Problem(participants_file, message, None, "id", person.id)
        if person.email.casefold() in addresses:
            message = (
                f"is the address of {person.id} here and of {addresses[person.email.casefold()]} in {mentors_file}; "
                "nobody can be mentor and participant of one cohort: correct the address or remove one of the rows"
            )
            yield person, Problem(participants_file, message, None, "email", person.email)


def partner_id_problems(file: str, person: Application, others: Collection[str], side: str) -> Iterator[Problem]:
    """Return what is wrong with the people of the other side whom somebody names; ``others`` are that side's ids."""
    named = {"ranks": person.ranks, "vetoes": person.vetoes, "conflicts": person.conflicts}
    for column, ids in {**named, "reports_to": (person.reports_to,) if person.reports_to else ()}.items():
        for named_id in ids:
            if named_id not in others:
                message = (
                    f"of {person.id} names someone who is not a {side} of this cohort{did_you_mean(named_id, others)}"
                )
                yield Problem(file, message, None, column, named_id)
    for named_id in dict.fromkeys(person.ranks):
        if person.ranks.count(named_id) > 1:
            yield Problem(file, f"of {person.id} names the same {side} twice; keep one", None, "ranks", named_id)
        if named_id in person.vetoes:
            message = f"of {person.id} names a {side} whom vetoes name too; keep one of the two"
            yield Problem(file, message, None, "ranks", named_id)
