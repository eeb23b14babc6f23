"""Any file is read or refused, and what we write ourselves reads back the same."""

import csv
import unicodedata
from collections.abc import Callable
from io import StringIO

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.applications.csv.applications import read_mentees, read_mentors
from domain.applications.csv.writing import escape_formula
from domain.cohort.folder import read_cohort
from domain.cohort.personas_file import read_personas
from domain.cohort.settings_file import read_settings
from schemas.applications.people import MenteeApplication
from schemas.enums import Availability, GoalArea, LibraryType, WorkingStyle
from schemas.errors import BadInput

HEADER = b"id,name,email,library,library_type,town,role,years,offers,about\n"
SETTINGS = b'id = "a"\ntitle = "b"\n[institute]\nvenue = "c"\ntown = "d"\nlast_day = 2021-05-07\n'
TOML_PIECES = st.sampled_from(
    [b"[", b"]", b"=", b'"', b"'", b"\n", b"{", b"}", b".", b"people", b"timeline", b"2019-05-10", b"1"]
)

quick = settings(max_examples=200, deadline=None, database=None)


def _refusal(read: Callable[..., object], *submitted: object) -> BadInput | None:
    try:
        read(*submitted)
    except BadInput as refusal:
        return refusal
    return None


def _reads_or_refuses(content: bytes) -> None:
    for read in (read_settings, read_mentors, read_mentees, read_personas):
        refusal = _refusal(read, "file", content)
        assert refusal is None or str(refusal).startswith("file")


@given(st.binary(max_size=300))
@quick
def test_arbitrary_bytes_are_read_or_refused(content: bytes) -> None:
    _reads_or_refuses(content)


@given(st.binary(max_size=300))
@quick
def test_arbitrary_bytes_below_a_sound_header_are_read_or_refused(content: bytes) -> None:
    _reads_or_refuses(HEADER + content)


@given(st.lists(TOML_PIECES | st.binary(max_size=3), max_size=30).map(b"".join))
@quick
def test_arbitrary_bytes_after_sound_settings_are_read_or_refused(content: bytes) -> None:
    _reads_or_refuses(SETTINGS + content)


@given(st.dictionaries(st.sampled_from(["cohort.toml", "mentors.csv", "participants.csv"]), st.binary(max_size=50)))
@quick
def test_arbitrary_folders_are_refused(files: dict[str, bytes]) -> None:
    refusal = _refusal(read_cohort, files)
    assert refusal is not None
    assert {problem.file for problem in refusal.problems} == {"cohort.toml", "mentors.csv", "participants.csv"}


def nfc(words: str) -> str:
    """Return words as they are stored."""
    return unicodedata.normalize("NFC", words).strip()


# What a program damaged on the way is refused: a spreadsheet's errors, and UTF-8 that was read as Windows-1252.
printable = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="#ÂÃÄÅâï\ufffd")
line = st.text(printable, min_size=1, max_size=60).map(nfc).filter(bool)
told = line.map(lambda words: f"{words} Berg")
passage = st.text(printable | st.just("\n"), min_size=1, max_size=200).map(nfc).filter(bool)
mentee = st.builds(
    MenteeApplication,
    id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,9}", fullmatch=True),
    name=told,
    preferred_name=st.just("") | line,
    pronouns=st.just("") | line,
    email=st.from_regex(r"[a-z]{1,9}", fullmatch=True).map(lambda local: f"{local}@example.org"),
    library=told,
    library_type=st.sampled_from(LibraryType),
    town=told,
    role=told,
    working_style=st.none() | st.sampled_from(WorkingStyle),
    availability=st.lists(st.sampled_from(Availability), unique=True).map(tuple),
    ranks=st.lists(st.from_regex(r"[A-Z][0-9]{2}", fullmatch=True), max_size=3).map(tuple),
    vetoes=st.just(()),
    conflicts=st.just(()),
    reports_to=st.none(),
    years=st.integers(0, 70),
    wants=st.lists(st.sampled_from(GoalArea), unique=True).map(tuple),
    goals=st.lists(passage, max_size=5).map(tuple),
    challenges=passage,
    hopes=st.just(""),
    waited=st.booleans(),
)


def _row(person: MenteeApplication) -> dict[str, str]:
    fields = person.model_dump(mode="json", exclude={"goals"}) | {f"goal_{n}": "" for n in range(1, 6)}
    fields |= {f"goal_{n}": goal for n, goal in enumerate(person.goals, start=1)}
    cells = {column: ";".join(value) if isinstance(value, list) else value for column, value in fields.items()}
    return {column: "" if value is None else escape_formula(str(value)) for column, value in cells.items()}


@given(
    st.lists(
        mentee, min_size=1, max_size=4, unique_by=(lambda person: person.id.casefold(), lambda person: person.email)
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
@quick
def test_people_written_to_a_file_read_back_the_same(
    people: list[MenteeApplication], separator: str, ending: str
) -> None:
    written = StringIO(newline="")
    rows = [_row(person) for person in people]
    writer = csv.DictWriter(written, list(rows[0]), delimiter=separator, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    assert read_mentees("p.csv", written.getvalue().encode()) == tuple(people)
