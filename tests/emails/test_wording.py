"""What every email says: its first sentence, its links, its footer; and all of its words as they are today."""

import re
from html.parser import HTMLParser
from typing import get_args

import pytest
from jinja2 import UndefinedError
from syrupy.assertion import SnapshotAssertion

from domain.safe_text import text_lines
from emails.at_once import GratitudeEmail
from emails.contexts import CheckInEmail
from emails.kinds import CONTEXTS, EmailContext
from emails.rendering import LONGEST_SUBJECT, TEXT_WIDTH, Rendered, render
from emails.staff import NoteReason, StaffNoteEmail
from schemas.cohort.settings import Program
from schemas.enums import EmailKind, Side

# Where an opportunity of these emails leads: outside, as staff wrote it.
OPENING = "https://association.example.org/"
# Where our own pages are: of a milestone, of a person, and the public one to apply on.
OURS = tuple(f"https://mile.example.org/{page}/" for page in ("r", "a", "apply"))


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


def first_sentence(letter: Rendered) -> str:
    paragraphs = letter.text.split("\n\n")
    opening = paragraphs[1] if paragraphs[0].startswith("Hello") else paragraphs[0]
    return " ".join(opening.split()).partition(". ")[0]


def test_every_email_reads_as_it_did(letter: Rendered, snapshot: SnapshotAssertion) -> None:
    assert f"{letter.subject}\n\n{letter.text}" == snapshot
    assert letter.html == snapshot


def test_subject_has_at_most_60_characters_on_one_line(letter: Rendered) -> None:
    assert 0 < len(letter.subject) <= LONGEST_SUBJECT
    assert letter.subject.isprintable()


def test_first_sentence_says_what_is_asked_by_when_and_how_long_it_takes(to_participant: Rendered) -> None:
    sentence = first_sentence(to_participant)
    assert re.search(r"please|asked", sentence, re.IGNORECASE)
    assert re.search(r"[A-Z][a-z]+day, [A-Z][a-z]+ \d{1,2}, 20\d\d", sentence)
    assert re.search(r"minutes?\b", sentence)


def test_emails_to_staff_open_with_what_to_do(to_staff: Rendered) -> None:
    assert first_sentence(to_staff).startswith("Please ")
    assert re.search(r"minutes|hour", first_sentence(to_staff))


def test_last_words_say_why_it_came_and_whom_to_ask(letter: Rendered) -> None:
    for part, line in ((letter.text, "--------"), (letter.html, "<footer")):
        _, _, ending = part.partition(line)
        assert "You get this email because" in " ".join(ending.split())
        assert "Mentorship Subcommittee Chair" in " ".join(ending.split())
        assert "chair@example.org" in ending


def test_nothing_is_fetched_and_nobody_is_tracked(letter: Rendered) -> None:
    document = Tags(letter.html)
    assert {"img", "script", "link", "iframe", "object", "form"}.isdisjoint(tag for tag, _ in document.tags)
    assert "url(" not in letter.html
    assert "@import" not in letter.html
    links = {str(link["href"]) for link in document.all("a")}
    assert all(link.startswith(("mailto:", *OURS, OPENING)) for link in links)
    assert not any("?" in link for link in links)


def test_document_has_language_title_one_heading_and_an_early_charset(letter: Rendered) -> None:
    document = Tags(letter.html)
    assert document.all("html") == [{"lang": "en"}]
    assert len(document.all("title")) == len(document.all("h1")) == 1
    assert letter.html.encode().index(b"charset") < 1024
    assert not document.all("table")


def test_links_say_where_they_lead(letter: Rendered) -> None:
    for text in Tags(letter.html).link_texts:
        assert len(text.strip()) > 8
        assert "click here" not in text.lower()


def test_type_is_never_smaller_than_16_pixels(letter: Rendered) -> None:
    sizes = [int(size) for size in re.findall(r"font-size: (\d+)px", letter.html)]
    assert sizes
    assert min(sizes) >= 16


def test_text_lines_are_short_except_for_links(letter: Rendered) -> None:
    assert all(len(line) <= TEXT_WIDTH or "https://" in line for line in letter.text.splitlines())


def test_text_and_html_carry_the_same_links(to_participant: Rendered) -> None:
    links = {str(link["href"]) for link in Tags(to_participant.html).all("a")}
    assert set(re.findall(r"https://\S+", to_participant.text)) == {link for link in links if "mailto:" not in link}


def test_rendering_twice_gives_the_same_words(order: tuple[EmailKind, EmailContext]) -> None:
    assert render(*order) == render(*order)


def test_markup_in_names_and_goals_stays_words(check_in: CheckInEmail, call_request: StaffNoteEmail) -> None:
    evil = '<img src=x onerror=alert(1)> & "co"'
    someone = check_in.partner.model_copy(update={"name": evil, "library": evil, "role": evil, "town": evil})
    letters = [render(EmailKind.CHECK_IN, check_in.model_copy(update={"partner": someone, "goals": (evil,)}))]
    for about in (Side.MENTEE, None):
        note = call_request.model_copy(update={"mentee": someone, "mentor": someone, "about": about})
        letters += [
            render(EmailKind.STAFF_NOTE, note.model_copy(update={"reason": reason})) for reason in get_args(NoteReason)
        ]
    for letter in letters:
        assert "<img" not in letter.html
        assert evil in letter.text.replace("\n", " ").replace("  ", " ")


def test_words_of_thanks_arrive_as_they_were_written(gratitude: GratitudeEmail) -> None:
    evil = 'You <b>asked</b> & "listened"'
    written = GratitudeEmail.model_validate({**dict(gratitude), "words": text_lines(f"\n{evil}\r\n\r\n--------\nA.\n")})
    letter = render(EmailKind.GRATITUDE, written)
    assert f"> {evil}\n>\n> --------\n> A.\n" in letter.text
    assert "You &lt;b&gt;asked&lt;/b&gt; &amp; " in letter.html
    assert letter.text.count("\n--------\n") == 1


def test_line_ends_in_a_name_start_no_header_and_no_paragraph(check_in: CheckInEmail) -> None:
    someone = check_in.partner.model_copy(update={"name": "Ada\r\nBcc: all@example.org\u2028\x00 Berg"})
    letter = render(EmailKind.CHECK_IN, CheckInEmail.model_validate({**dict(check_in), "partner": someone}))
    assert "Ada Bcc: all@example.org Berg" in letter.text.replace("\n", " ")
    assert "\r" not in letter.text


def test_long_program_name_is_shortened_in_the_subject(check_in: CheckInEmail) -> None:
    cohort = check_in.cohort.model_copy(update={"program": Program(short_name="Institute " * 9)})
    letter = render(EmailKind.CHECK_IN, check_in.model_copy(update={"cohort": cohort}))
    assert len(letter.subject) <= LONGEST_SUBJECT
    assert letter.subject.endswith("…")


def test_contact_and_names_come_from_the_cohort(check_in: CheckInEmail) -> None:
    contact = check_in.cohort.contact.model_copy(update={"role": "Mentorship Subcommittee", "email": "sub@example.org"})
    cohort = check_in.cohort.model_copy(update={"contact": contact, "title": "2017 Mentorship Program"})
    letter = render(EmailKind.CHECK_IN, check_in.model_copy(update={"cohort": cohort}))
    for part in (letter.text, letter.html):
        assert "sub@example.org" in part
        assert "chair@example.org" not in part
        assert "2017 Mentorship Program" in part


def test_no_email_to_a_participant_says_that_somebody_asked_for_a_call(to_participant: Rendered) -> None:
    words = f"{to_participant.subject} {to_participant.text} {to_participant.html}".lower()
    for telling in ("call_requested", "call requested", "asked for a call", "wants to be called", "wish to be called"):
        assert telling not in words
    # What is said of it is only ever how the reader can ask, in the reader's own check-in.
    assert ("please call me" in words) == (to_participant.kind is EmailKind.CHECK_IN)


def test_partner_is_not_named_when_one_of_them_asks_for_a_call(call_request: StaffNoteEmail) -> None:
    note = render(EmailKind.STAFF_NOTE, call_request)
    assert "Kao Nou Vue-Reyes" in note.text
    assert "Solveig Aaberg" not in note.text + note.html


def test_goals_are_recalled_to_the_mentor_only(check_in: CheckInEmail) -> None:
    swapped = {"recipient": check_in.partner, "partner": check_in.recipient}
    assert check_in.goals[0] in render(EmailKind.CHECK_IN, check_in).text
    assert check_in.goals[0] not in render(EmailKind.CHECK_IN, check_in.model_copy(update=swapped)).text


def test_a_context_of_another_kind_is_refused(check_in: CheckInEmail) -> None:
    with pytest.raises(TypeError, match="a goal_check_in email is written from GoalCheckInEmail"):
        render(EmailKind.GOAL_CHECK_IN, check_in)


def test_a_word_that_is_missing_fails_instead_of_leaving_a_gap(check_in: CheckInEmail) -> None:
    with pytest.raises(UndefinedError):
        render(EmailKind.CHECK_IN, check_in.model_copy(update={"asks": ()}))


def test_every_kind_has_its_context_and_is_among_these(
    every_letter: dict[str, tuple[EmailKind, EmailContext]],
    applicants_letters: dict[str, tuple[EmailKind, EmailContext]],
    staff_letters: dict[str, tuple[EmailKind, EmailContext]],
) -> None:
    assert set(CONTEXTS) == set(EmailKind)
    shown = every_letter | applicants_letters | staff_letters
    assert {kind for kind, _ in shown.values()} == set(EmailKind)
