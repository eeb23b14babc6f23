"""How hard the pages, the forms and the sentences of refusals are to read, and which old wording is gone."""

import ast
import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from schemas.enums import Side
from schemas.forms.agreement import AGREEMENT, SECTIONS
from schemas.forms.applying import BEGINNING, INQUIRY, PAGES
from schemas.forms.catalog import FORMS
from schemas.forms.invitations import DECLINE_REASON, QUESTION_FIRST
from schemas.forms.questions import Question
from tests.reading import HIGHEST_GRADE, reading_grade

ROOT = Path(__file__).parents[2]
# Fewer words than this are a label, such as “Library”, and no sentence to measure.
LEAST_WORDS = 4
# For staff and engineers: the local mailbox, the rehearsal, and what templates share.
NOT_FOR_PARTICIPANTS = {
    "mailbox",
    "mailbox_email",
    "rehearsal",
    "report",
    "document",
    "document_blocks",
    "charts",
    "tables",
}
TEMPLATES = sorted(
    file for file in (ROOT / "web" / "templates").glob("*.html") if file.stem not in NOT_FOR_PARTICIPANTS
)
MODULES = sorted(
    [
        # What uvicorn warns of is recognized there, and nobody reads it.
        *(file for file in (ROOT / "web").glob("*.py") if file.stem != "connections"),
        *(ROOT / "web" / "applicants").glob("*.py"),
        *(ROOT / "web" / "participants").glob("*.py"),
        *(ROOT / "web" / "staff").glob("*.py"),
        *(
            ROOT / name
            for name in ("domain/forms.py", "domain/mentorship/agreement.py", "domain/matching/proposals.py")
        ),
        *(ROOT / "domain" / "applications" / name for name in ("applying.py", "eligibility.py")),
        ROOT / "domain" / "cohort" / "program_text.py",
        *(ROOT / "storage" / name for name in ("applying.py", "kickoff.py", "responses.py")),
    ]
)
# One label and nothing else: “Kickoff of the mentorships”.
EXCEPTIONS = {"rsvp_parts.html": 9}
MOST_WORDS_OF_A_SENTENCE = 25
BLOCKS = r"</?(?:p|h\d|li|dt|dd|div|legend|summary|button|title|option|ul|dl|form|details|table)\b[^>]*>|\n"
# A name, a day or a number where a page fills in its own.
FILLED_IN = "Sam"

# Words of sentences that were hard to read and were replaced.
REPLACED = """
agreement with .* stands; nothing is asked
reading it once more takes
a rule speaks against it
What stands now stays in force
agreed to these words
speak against you
half-finished
please answer”
Any medium counts
should not be matched with
learns of it
folder for unwanted mail
Take it into my calendar
Why we think of the two of you
alone with the questions
Job title
somebody
Where it stands
what has become of it
is on its way
never a condition
waits for your answer
Hand(ed)? (it )?in\\b
Save and continue
settle with you
takes no more answers
""".strip().splitlines()


def words(text: str) -> int:
    return len(text.split())


def template_paragraphs(source: str) -> Iterator[str]:
    """Yield what a template says: its text between tags, and the sentences that its expressions choose from."""
    marked = r"\{% trans\b.*?\{% endtrans %\}"
    for constant in (
        Environment(autoescape=True).parse(re.sub(marked, "", source, flags=re.DOTALL)).find_all(nodes.Const)
    ):
        if isinstance(constant.value, str):
            yield re.sub(r"%(\(\w+\))?[sd]", FILLED_IN, constant.value)
    text = source.replace("{% pluralize %}", "\n")
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", FILLED_IN, text, flags=re.DOTALL)
    for block in re.split(BLOCKS, text):
        yield html.unescape(re.sub(r"<[^>]+>", "", block)).strip()


def module_sentences(source: str) -> Iterator[str]:
    """Yield the sentences among a module's strings: they begin with a capital letter, and are no docstrings."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) not in docstrings | parts and (text := _said(node))[:1].isupper():
            yield text


def _said(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_said(part) or FILLED_IN for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def question_texts(questions: Iterable[Question]) -> list[str]:
    return [text for each in questions for text in (each.label, each.hint, *(choice.label for choice in each.choices))]


def form_texts() -> Iterator[tuple[str, list[str]]]:
    for form in (*FORMS.values(), AGREEMENT):
        yield form.kind, [form.title, f"Please {form.ask}", *question_texts(form.questions)]
    for section in SECTIONS:
        yield section.heading, [section.about, *question_texts(section.questions)]
    for page in (*PAGES[Side.MENTOR], *PAGES[Side.MENTEE], BEGINNING, INQUIRY):
        yield page.title, [page.title, page.lead, *question_texts(page.questions)]
    yield "match", question_texts((QUESTION_FIRST, DECLINE_REASON))


def read_aloud() -> dict[str, list[str]]:
    """Return what participants read, by where it comes from, without labels of a few words."""
    found = {file.name: list(template_paragraphs(file.read_text())) for file in TEMPLATES}
    found |= {str(file.relative_to(ROOT)): list(module_sentences(file.read_text())) for file in MODULES}
    for name, texts in form_texts():
        found.setdefault(f"form: {name}", []).extend(texts)
    long_enough = {name: [text for text in texts if words(text) >= LEAST_WORDS] for name, texts in found.items()}
    return {name: texts for name, texts in long_enough.items() if texts}


TEXTS = read_aloud()


def test_pages_and_forms_are_found() -> None:
    assert {"response_form.html", "proposal.html", "web/pages.py", "form: check_in", "form: About you"} <= set(TEXTS)
    assert "We can’t find this page" in TEXTS["web/pages.py"]
    assert "How often do you feel you have no one to ask about work?" in TEXTS["form: self_assessment"]
    assert "Please close this page." in " ".join(TEXTS["field.html"])


@pytest.mark.parametrize("name", TEXTS)
def test_reading_grade_of_each_page_and_form_is_at_most_8(name: str) -> None:
    grade = reading_grade(TEXTS[name])
    assert grade <= EXCEPTIONS.get(name, HIGHEST_GRADE), grade


def test_every_exception_from_the_reading_grade_is_needed() -> None:
    assert {name for name, texts in TEXTS.items() if reading_grade(texts) > HIGHEST_GRADE} == set(EXCEPTIONS)


@pytest.mark.parametrize("name", TEXTS)
def test_sentences_are_short(name: str) -> None:
    sentences = (sentence for text in TEXTS[name] for sentence in re.split(r"(?<=[.?!:;]) ", text))
    assert [sentence for sentence in sentences if words(sentence) > MOST_WORDS_OF_A_SENTENCE] == []


@pytest.mark.parametrize("phrase", REPLACED)
def test_replaced_sentence_does_not_return(phrase: str) -> None:
    assert [name for name, texts in TEXTS.items() if re.search(phrase, "\n".join(texts))] == []
