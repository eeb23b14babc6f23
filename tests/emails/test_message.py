"""How an email stands on the wire: the same bytes each time, nobody's name in an id, silent autoresponders."""

import email
import re
from datetime import datetime, timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default

import pytest

from emails.message import address, compose, message_id
from emails.rendering import Rendered

AT = datetime(2019, 10, 21, 9, 0, tzinfo=timezone(timedelta(hours=-5)))
KEY = "mile-2019-007/check_in/check_in-2/mentor/0"


CALENDAR = "BEGIN:VCALENDAR\r\nSUMMARY:Für Ása\r\nEND:VCALENDAR\r\n".encode()


def composed(
    rendered: Rendered, *, to: Address | None = None, key: str = KEY, calendar: bytes | None = None
) -> EmailMessage:
    return compose(
        rendered,
        sender=address("MILE mentorship", "mile@mile.example.org"),
        recipient=to or address("Solveig Aaberg", "solveig.aaberg@example.org"),
        reply_to=address("Mentorship Subcommittee Chair", "chair@example.org"),
        key=key,
        at=AT,
        list_id="mile-2019.mile.example.org",
        mentorship_root="mile-2019-007",
        calendar=calendar,
    )


def test_composing_twice_gives_the_same_bytes(rendered: Rendered) -> None:
    assert composed(rendered).as_bytes() == composed(rendered).as_bytes()


def test_each_key_has_its_own_message_id_in_the_same_thread(rendered: Rendered) -> None:
    first, second = composed(rendered), composed(rendered, key=KEY.replace("-2/", "-3/"))
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] == second["References"] != first["Message-ID"]
    assert first["References"] == message_id("root/mile-2019-007", "mile.example.org")


def test_ids_carry_no_word_of_whom_it_is_for(rendered: Rendered) -> None:
    message = composed(rendered)
    for header in ("Message-ID", "References", "Content-Type", "Feedback-ID", "List-Id"):
        assert "aaberg" not in str(message[header]).lower()
    assert re.fullmatch(r"<[0-9a-f]{32}@mile\.example\.org>", str(message["Message-ID"]))


def test_headers_keep_other_machines_from_answering(rendered: Rendered) -> None:
    message = composed(rendered)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, DR, RN, NRN, AutoReply"
    assert message["List-Id"] == "<mile-2019.mile.example.org>"
    assert str(message["Feedback-ID"]).count(":") == 3
    assert message["Reply-To"] == "Mentorship Subcommittee Chair <chair@example.org>"


def test_the_date_is_the_moment_it_was_due(rendered: Rendered) -> None:
    assert composed(rendered)["Date"] == "Mon, 21 Oct 2019 09:00:00 -0500"


def test_both_parts_arrive_as_they_were_written(rendered: Rendered) -> None:
    arrived = email.message_from_bytes(composed(rendered).as_bytes(), policy=default)
    assert isinstance(arrived, EmailMessage)
    assert arrived.get_content_type() == "multipart/alternative"
    for kind, written in (("plain", rendered.text), ("html", rendered.html)):
        part = arrived.get_body((kind,))
        assert part is not None
        assert part.get_content().replace("\r\n", "\n").rstrip() == written.rstrip()
    assert arrived.defects == []


def test_lines_on_the_wire_are_short_and_end_in_crlf(rendered: Rendered) -> None:
    raw = composed(rendered).as_bytes()
    assert raw.replace(b"\r\n", b"").count(b"\n") == 0
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Åsa Ødegård", "Åsa Ødegård"),
        ('Berg, Ada: "the" <boss@example.org>', "Berg Ada the boss example.org"),
        ("Ada\r\nBcc: all@example.org", "Ada Bcc all example.org"),
        ("", ""),
    ],
)
def test_display_names_cannot_be_misread(rendered: Rendered, name: str, shown: str) -> None:
    raw = composed(rendered, to=address(name, "ada@example.org")).as_bytes()
    arrived = email.message_from_bytes(raw, policy=default)
    assert arrived["To"].addresses[0].display_name == shown
    assert arrived["To"].addresses[0].addr_spec == "ada@example.org"
    assert arrived["Bcc"] is None


def test_a_name_cannot_turn_the_direction_of_a_sentence() -> None:
    assert address("Solveig \u202egreebaA\u2069", "solveig@example.org").display_name == "Solveig greebaA"
    assert address("שלום Levi", "levi@example.org").display_name == "שלום Levi"


def test_calendar_comes_beside_the_words_and_as_a_file_and_is_the_same_each_time(rendered: Rendered) -> None:
    raw = composed(rendered, calendar=CALENDAR).as_bytes()
    assert raw == composed(rendered, calendar=CALENDAR).as_bytes()
    arrived = email.message_from_bytes(raw, policy=default)
    assert isinstance(arrived, EmailMessage)
    words, file = arrived.iter_parts()
    assert arrived.get_content_type() == "multipart/mixed"
    assert isinstance(words, EmailMessage)
    shown = [part.get_content_type() for part in words.iter_parts()]
    assert shown == ["text/plain", "text/html", "text/calendar"]
    assert isinstance(file, EmailMessage)
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "kickoff.ics")
    assert file.get_payload(decode=True) == CALENDAR
    in_place = [*words.iter_parts()][2]
    assert in_place.get_param("method") == "PUBLISH"
    assert in_place.get_payload(decode=True) == CALENDAR
    assert arrived.defects == []
