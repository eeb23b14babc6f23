"""Every email to participants and applicants in a language of Greek letters: Latin ones are outside the catalogs."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from babel import Locale
from icalendar import Calendar

from domain import languages
from domain.languages import in_language
from emails.calendar_file import invitation_files
from emails.meeting_invitation import meeting_invitation
from emails.registry import EMAILS_TO_PEOPLE
from emails.rendering import render
from emails.samples import GOALS, MENTEE, MENTOR, SAMPLE_COHORT, SampleCast, samples
from schemas.enums import EmailKind, Language, Side
from schemas.mentorship.meetings import MeetingDate
from tests.emails.mentorship import sample_pair
from tests.emails.stored import NOW
from tests.pseudo_language import PseudoCatalog

EMAILS = Path(__file__).parents[2] / "emails"
ADDRESSES = re.compile(r"(?:https?://|mailto:)\S+|\S+@\S+")
TAGS = re.compile(r"<head>.*?<title>|</title>.*?</head>|<[^>]*>", re.DOTALL)
# What the Markdown of a sample's words has between the words that are read.
MARKDOWN = re.compile(r"\*\*|\[|\]\(.*?\)|\n(?:- )?")
# A side, an answer or a step, which nobody reads as it is.
IDENTIFIER = re.compile(r"[a-z_-]+")


def literals(file: Path) -> Iterator[str]:
    """Yield the texts that a source of samples makes up, without what describes it and the names of the samples."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    described = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    named = {id(key) for node in nodes if isinstance(node, ast.Dict) for key in node.keys}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described | named:
            yield node.value


def texts_in(value: object) -> Iterator[str]:
    """Yield the texts in settings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts_in(part)


@pytest.fixture(scope="module")
def data() -> re.Pattern[str]:
    """What stands in an email as it is: words of invented people and of their class, and what CLDR says of days."""
    made_up = [text for file in (EMAILS / "samples.py", *EMAILS.glob("kinds/*/sample.py")) for text in literals(file)]
    made_up += texts_in(SampleCast(SAMPLE_COHORT).cohort.model_dump(mode="json"))
    made_up += MENTOR.short_name, MENTEE.short_name
    parts = {part.strip(" .,") for text in made_up for part in MARKDOWN.split(text) if not IDENTIFIER.fullmatch(part)}
    spanish = Locale("es")
    days = {*spanish.months["format"]["wide"].values(), *spanish.days["format"]["wide"].values(), "de"}
    longest_first = sorted(filter(None, parts | days | {"CDT", "CST", "MST"}), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def latin_words(text: str, data: re.Pattern[str]) -> list[str]:
    """Return the words in Latin letters that are neither data nor part of an address."""
    read = " ".join(ADDRESSES.sub(" ", text).replace("\n> ", "\n").split())
    return re.findall("[A-Za-z]{2,}", data.sub(" ", read))


@pytest.mark.parametrize("kind", sorted(EMAILS_TO_PEOPLE))
def test_no_text_of_an_email_is_outside_the_catalogs(
    kind: EmailKind, data: re.Pattern[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "catalog", lambda _: PseudoCatalog())
    with in_language(Language.SPANISH):
        emails = [render(context) for context in samples(kind, SampleCast(SAMPLE_COHORT)).values()]
    for email in emails:
        for text in (email.subject, email.text, unescape(TAGS.sub(" ", email.html))):
            assert latin_words(text, data) == []


def test_no_text_of_a_calendar_file_is_outside_the_catalogs(
    data: re.Pattern[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "catalog", lambda _: PseudoCatalog())
    pair = sample_pair(SampleCast(SAMPLE_COHORT).cohort)
    date = MeetingDate(
        mentorship_id=pair.mentorship_id,
        milestone_id="meeting-1",
        side=Side.MENTOR,
        starts_at=NOW,
        minutes=60,
        question=GOALS[0],
        received_at=NOW,
    )
    with in_language(Language.SPANISH):
        files = [*invitation_files(pair.cohort, MENTOR, None, sequence=1)]
        files += [meeting_invitation(pair, side, date) for side in Side]
    for event in (event for file in files for event in Calendar.from_ical(file.content).walk("VEVENT")):
        for name in ("SUMMARY", "DESCRIPTION"):
            assert latin_words(str(event[name]), data) == []
