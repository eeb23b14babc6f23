"""Words that the project no longer uses: as names in the code, as names of modules, and in what people read."""

import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from tools.figures import python_files

ROOT = Path(__file__).parents[2]
# The change log tells of the past, and this list has the words themselves.
EXCEPT = {"CHANGELOG.md", "tests/docs/test_retired_words.py"}
TEXTS = {".css", ".example", ".html", ".md", ".py", ".sql", ".svg", ".toml", ".txt", ".typ", ".yaml", ".yml"}

# Names in Python, whole.
NAMES = """
StaffsHand CohortUnderStaff CohortRounds CohortStanding Standing Sending Showing turn_the_page page_is_full
insist live_through its_time_for hand_in let_everybody_finish accompany LettersWorkflow signs_of_life hold_round
Invitations Round Errand errands report_cells Nudge standing_changed STANDING_CHANGED Carried Value Strict
Coming Seen Listed Partners Noted ask_for Desk Office Admissions faults page_blocks deeds waiving reaching
foreseeing discretion handover ensemble gathering Letter LetterKind Letters signalled signalled_at foresee
foreseen foretold rounds rests_until housekeeping
"""
# Modules and folders; ** stands for any folders between.
MODULES = """
workflows/cohort_rounds workflows/cohort_staff workflows/cohort_standing workflows/staffs_hand
workflows/standing workflows/sending workflows/post workflows/letters workflows/waiting workflows/showing
workflows/housekeeping activities/signs_of_life activities/seeing activities/mending activities/candidates
activities/letters activities/invitations domain/**errands domain/**steps domain/**timeline domain/**span
domain/**report_cells domain/**standings domain/**intake domain/**claims domain/**sentences domain/**few
domain/**optimum domain/**prices schemas/**words schemas/**letters schemas/**standings storage/post
storage/correspondence storage/letters emails/at_once emails/letters emails/letter_keys emails/applicant_letters
web/desk web/office web/admissions web/pace web/faults web/captured web/page_blocks cli/**at cli/**deed
cli/**waiving cli/**reaching cli/**foreseeing cli/**sample_letters runtime/discretion runtime/tether
runtime/handover rehearsal/stage rehearsal/scenes rehearsal/play rehearsal/ensemble rehearsal/gathering
rehearsal/acting rehearsal/promises
"""
# In documents, whole, whatever their case.
WORDS = [
    r"errands?",
    r"housekeeping",
    r"signs of life",
    r"staff['’]s hand",
    r"foretells?",
    r"hand(s|ed)? in",
    r"a letter",
    r"letters (wait|are asked|leave)",
    r"rounds?",
    r"nudged?",
    r"somebody",
    r"mended",
    r"LettersWorkflow",
    r"live through",
    r"acted participants",
]
# In every text, also inside other words.
BRITISH = ("programme", "organis", "enquir", "behaviour", "colour", "honour")
# Quotations: the column of a British program's export, the tests that read it, and the spelling checker's list.
QUOTING = {
    "examples/mappings/mentor-match.toml",
    "pyproject.toml",
    "tests/unit/applications/test_mapping.py",
    "tests/unit/matching/test_known_answers.py",
}


@cache
def _texts() -> dict[str, str]:
    # A virtual environment is not walked through: it has more files than the project.
    top = [path for path in ROOT.iterdir() if path.is_file() or not path.name.startswith((".", "build"))]
    inside = [path for folder in top if folder.is_dir() for path in folder.rglob("*")]
    names = {path.relative_to(ROOT).as_posix(): path for path in sorted([*top, *inside]) if path.suffix in TEXTS}
    return {name: path.read_text() for name, path in names.items() if name not in EXCEPT}


def _names(text: str) -> set[str]:
    tokens = tokenize.generate_tokens(iter(text.splitlines(keepends=True)).__next__)
    return {token.string for token in tokens if token.type == tokenize.NAME}


def test_no_retired_name_is_in_the_code() -> None:
    anywhere = re.compile(rf"\b({'|'.join(NAMES.split())})\b")
    files = {file.path.as_posix(): file.text for file in python_files(ROOT) if anywhere.search(file.text)}
    found = {name: _names(text) & set(NAMES.split()) for name, text in files.items() if name not in EXCEPT}
    assert {name: retired for name, retired in found.items() if retired} == {}


def test_no_module_or_folder_has_a_retired_name() -> None:
    paths = [f"/{file.path.with_suffix('').as_posix()}/" for file in python_files(ROOT)]
    retired = [re.compile(f"/(tests/)?{module.replace('**', '.*')}/") for module in MODULES.split()]
    assert [path for path in paths if any(pattern.match(path) for pattern in retired)] == []


@pytest.mark.parametrize("word", WORDS)
def test_no_document_has_a_retired_word(word: str) -> None:
    pattern = re.compile(rf"\b{word}\b", re.IGNORECASE)
    assert [name for name, text in _texts().items() if name.endswith(".md") and pattern.search(text)] == []


@pytest.mark.parametrize("word", BRITISH)
def test_no_text_has_a_british_spelling(word: str) -> None:
    texts = {name: text.casefold() for name, text in _texts().items() if name not in QUOTING}
    assert [name for name, text in texts.items() if word in text] == []
