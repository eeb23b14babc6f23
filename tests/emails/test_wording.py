"""What every email says: its first sentence, its links, its footer; and all of its words as they are today."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import UndefinedError
from syrupy.assertion import SnapshotAssertion

from domain.safe_text import text_lines
from emails.kinds._base.email import EmailContext
from emails.kinds._base.participant import ParticipantEmail
from emails.kinds.check_in.context import CheckInEmail
from emails.kinds.gratitude.context import GratitudeEmail
from emails.kinds.staff_note.context import NoteReason, StaffNoteEmail
from emails.registry import CONTEXTS
from emails.rendering import LONGEST_SUBJECT, TEXT_WIDTH, Rendered, render
from emails.samples import SAMPLE_COHORT, all_samples
from schemas.cohort.settings import Program
from schemas.enums import EmailKind, Side
from tests.reading import reading_grade

KINDS = Path(__file__).parents[2] / "emails" / "kinds"
# Where an opportunity of these emails leads: outside, as staff wrote it.
OPENING = "https://association.example.org/"
# Where our own pages are: of a milestone, of a person, of their mentorship, the public one to apply on, and staff's.
OURS = tuple(f"https://mile.example.org/{page}" for page in ("r/", "a/", "m/", "u/", "address/", "apply/", "staff"))


MOST_WORDS_OF_A_FIRST_SENTENCE = 25
# A welcome asks in its steps; the pages of the others are to look at, whenever it suits.
SAY_IT_THEIR_OWN_WAY = {"farewell", "first_contact", "agreement"}
HIGHEST_GRADE = 7
PROGRAM = (SAMPLE_COHORT.program.name, SAMPLE_COHORT.title, SAMPLE_COHORT.contact.role)


class Tags(HTMLParser):
    """Collects the tags of a document with their attributes, and the text of its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.link_texts: list[str] = []
        self._in_link = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self._in_link = True
            self.link_texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._in_link = False

    def handle_data(self, data: str) -> None:
        if self._in_link:
            self.link_texts[-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def email_grade(text: str) -> float:
    """Return the reading grade of an email's words, without links, addresses, quotations and commands.

    What the program calls itself is long, is in every email, and is no choice of its writer: a name counts as a word.
    """
    # It loads for two seconds, in each of the processes that collect all tests, were it imported above.

    said = re.sub(r"^(?:  |> ).*$|https?://\S+|\S+@\S+|^-+$", "", text, flags=re.MULTILINE)
    for name in PROGRAM:
        said = re.sub(r"\s+".join(map(re.escape, name.split())), "MILE", said)
    return reading_grade(re.split(r"\n\n|\n- ", said))


def first_paragraph(email: Rendered) -> str:
    paragraphs = email.text.split("\n\n")
    opening = paragraphs[1] if paragraphs[0].startswith(("Hello", "Hi ")) else paragraphs[0]
    return " ".join(opening.split())


def first_sentence(email: Rendered) -> str:
    return first_paragraph(email).partition(". ")[0]


def test_every_email_reads_as_it_did(email: Rendered, snapshot: SnapshotAssertion) -> None:
    assert f"{email.subject}\n\n{email.text}" == snapshot
    assert email.html == snapshot


def test_subject_has_at_most_60_characters_on_one_line(email: Rendered) -> None:
    assert 0 < len(email.subject) <= LONGEST_SUBJECT
    assert email.subject.isprintable()


def test_first_sentence_is_short_and_never_says_that_nothing_is_asked(email: Rendered) -> None:
    assert len(first_sentence(email).split()) <= MOST_WORDS_OF_A_FIRST_SENTENCE
    assert not re.search(r"nothing (more |else )?is asked", " ".join(email.text.split()), re.IGNORECASE)


def test_an_email_that_asks_says_by_when_and_how_long_it_takes(context: EmailContext) -> None:
    asks = context.asks if isinstance(context, ParticipantEmail) else ()
    words = " ".join(render(context).text.split())
    for ask in asks:
        if ask.kind not in SAY_IT_THEIR_OWN_WAY:
            day = f"{ask.closes_on:%A}, {ask.closes_on:%B} {ask.closes_on.day}"
            assert re.search(rf"by {day}", words), day
            assert "It takes about" in words


def test_reader_is_greeted_by_the_name_they_go_by(context: EmailContext) -> None:
    if isinstance(context, ParticipantEmail):
        first = {"Kao Nou Vue-Reyes": "Kao Nou", "Ingeborg Tamarack": "Ingeborg"}[context.recipient.name]
        assert render(context).text.startswith(f"Hi {first},")


def test_reading_grade_of_each_email_is_at_most_7(context: EmailContext) -> None:
    assert email_grade(render(context).text) <= HIGHEST_GRADE


def test_emails_to_staff_open_with_what_to_do_and_how_long_it_takes(to_staff: Rendered) -> None:
    assert first_sentence(to_staff).startswith("Please ")
    assert re.search(r"minutes|hour", first_paragraph(to_staff))


def test_last_words_say_why_it_came_and_whom_to_ask(email: Rendered) -> None:
    for part, line in ((email.text, "--------"), (email.html, "<footer")):
        _, _, ending = part.partition(line)
        assert "You’re getting this because" in " ".join(ending.split())
        assert "Mentorship Subcommittee Chair" in " ".join(ending.split())
        assert "mentorship.chair@example.org" in ending


def test_nothing_is_fetched_and_nobody_is_tracked(email: Rendered) -> None:
    document = Tags(email.html)
    assert {"img", "script", "link", "iframe", "object", "form"}.isdisjoint(tag for tag, _ in document.tags)
    assert "url(" not in email.html
    assert "@import" not in email.html
    links = {str(link["href"]) for link in document.all("a")}
    assert all(link.startswith(("mailto:", *OURS, OPENING)) for link in links)
    assert not any("?" in link for link in links)


def test_document_has_language_title_one_heading_and_an_early_charset(email: Rendered) -> None:
    document = Tags(email.html)
    assert document.all("html") == [{"lang": "en", "dir": "ltr"}]
    assert len(document.all("title")) == len(document.all("h1")) == 1
    assert email.html.encode().index(b"charset") < 1024
    assert not document.all("table")


def test_links_say_where_they_lead(email: Rendered) -> None:
    for text in Tags(email.html).link_texts:
        assert len(text.strip()) > 8
        assert "click here" not in text.lower()


def test_type_is_never_smaller_than_16_pixels(email: Rendered) -> None:
    sizes = [int(size) for size in re.findall(r"font-size: (\d+)px", email.html)]
    assert sizes
    assert min(sizes) >= 16


def test_text_lines_are_short_except_for_links(email: Rendered) -> None:
    assert all(len(line) <= TEXT_WIDTH or "https://" in line for line in email.text.splitlines())


def test_text_and_html_carry_the_same_links(to_participant: Rendered) -> None:
    links = {str(link["href"]) for link in Tags(to_participant.html).all("a")}
    assert set(re.findall(r"https://\S+", to_participant.text)) == {link for link in links if "mailto:" not in link}


def test_markup_in_names_and_goals_stays_words(check_in: CheckInEmail, call_request: StaffNoteEmail) -> None:
    evil = '<img src=x onerror=alert(1)> & "co"'
    someone = check_in.partner.model_copy(update={"name": evil, "library": evil, "role": evil, "town": evil})
    emails = [render(check_in.model_copy(update={"partner": someone, "goals": (evil,)}))]
    for about in (Side.MENTEE, None):
        note = call_request.model_copy(update={"mentee": someone, "mentor": someone, "about": about})
        emails += [render(note.model_copy(update={"reason": reason})) for reason in get_args(NoteReason)]
    for email in emails:
        assert "<img" not in email.html
        assert evil in email.text.replace("\n", " ").replace("  ", " ")


def test_words_of_thanks_arrive_as_they_were_written(gratitude: GratitudeEmail) -> None:
    evil = 'You <b>asked</b> & "listened"'
    written = GratitudeEmail.model_validate({**dict(gratitude), "lines": text_lines(f"\n{evil}\r\n\r\n--------\nA.\n")})
    email = render(written)
    assert f"> {evil}\n>\n> --------\n> A.\n" in email.text
    assert "You &lt;b&gt;asked&lt;/b&gt; &amp; " in email.html
    assert email.text.count("\n--------\n") == 1


def test_line_ends_in_a_name_start_no_header_and_no_paragraph(check_in: CheckInEmail) -> None:
    someone = check_in.partner.model_copy(update={"name": "Ada\r\nBcc: all@example.org\u2028\x00 Berg"})
    email = render(CheckInEmail.model_validate({**dict(check_in), "partner": someone}))
    assert "Ada Bcc: all@example.org Berg" in email.text.replace("\n", " ")
    assert "\r" not in email.text


def test_long_program_name_is_shortened_in_the_subject(check_in: CheckInEmail) -> None:
    cohort = check_in.cohort.model_copy(update={"program": Program(short_name="Institute " * 9)})
    email = render(check_in.model_copy(update={"cohort": cohort}))
    assert len(email.subject) <= LONGEST_SUBJECT
    assert email.subject.endswith("…")


def test_contact_and_names_come_from_the_cohort(check_in: CheckInEmail) -> None:
    contact = check_in.cohort.contact.model_copy(update={"role": "Mentorship Subcommittee", "email": "sub@example.org"})
    cohort = check_in.cohort.model_copy(update={"contact": contact, "title": "2017 Mentorship Program"})
    email = render(check_in.model_copy(update={"cohort": cohort}))
    for part in (email.text, email.html):
        assert "sub@example.org" in part
        assert "mentorship.chair@example.org" not in part
        assert "2017 Mentorship Program" in part


def test_no_email_to_a_participant_says_that_somebody_asked_for_a_call(to_participant: Rendered) -> None:
    words = f"{to_participant.subject} {to_participant.text} {to_participant.html}".lower()
    for telling in ("call_requested", "call requested", "asked for a call", "wants to be called", "wish to be called"):
        assert telling not in words
    # What is said of it is only ever how the reader can ask, in the reader's own check-in.
    assert ("please call me" in words) == (to_participant.kind is EmailKind.CHECK_IN)


def test_partner_is_not_named_when_one_of_them_asks_for_a_call(call_request: StaffNoteEmail) -> None:
    note = render(call_request)
    assert "Kao Nou Vue-Reyes" in note.text
    assert "Ingeborg Tamarack" not in note.text + note.html


def test_goals_are_recalled_to_the_mentor_only(check_in: CheckInEmail) -> None:
    swapped = {"recipient": check_in.partner, "partner": check_in.recipient}
    assert check_in.goals[0] in render(check_in).text
    assert check_in.goals[0] not in render(check_in.model_copy(update=swapped)).text


def test_a_word_that_is_missing_fails_instead_of_leaving_a_gap(check_in: CheckInEmail) -> None:
    with pytest.raises((UndefinedError, KeyError)):
        render(check_in.model_copy(update={"asks": ()}))


def test_every_kind_has_a_folder_with_context_words_and_samples() -> None:
    folders = {folder.name for folder in KINDS.iterdir() if folder.is_dir() and not folder.name.startswith("_")}
    assert folders == set(EmailKind) == set(CONTEXTS)
    needed = {"context.py", "sample.py", "subject.txt", "body.txt", "body.html"}
    assert all(needed <= {file.name for file in (KINDS / kind).iterdir()} for kind in EmailKind)
    assert all(context.kind is kind for kind, context in CONTEXTS.items())
    assert {context.kind for context in all_samples(SAMPLE_COHORT).values()} == set(EmailKind)
