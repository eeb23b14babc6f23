"""How an email stands on the wire: the same bytes each time, nobody's name in an id, silent autoresponders."""

import email
import hashlib
import re
import time
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.policy import default

import pytest

from emails.calendar_file import CalendarFile, CalendarMethod
from emails.headers import check_headers, header_block
from emails.message import address, compose, message_id, thread_id
from emails.rendering import Rendered
from schemas.errors import InvalidHeader
from tests.emails import header_reader

AT = datetime(2019, 10, 21, 9, 0, tzinfo=timezone(timedelta(hours=-5)))
KEY = "mile-2019-007/check_in/check_in-2/mentor/0"
SECRET = b"a secret of thirty-two characters"


CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:%s\r\nSUMMARY:Für Ása\r\nEND:VCALENDAR\r\n".encode()


def composed(
    rendered: Rendered,
    *,
    to: Address | None = None,
    reply_to: Address | None = None,
    key: str = KEY,
    list_id: str = "mile-2019.mile.example.org",
    calendar: Sequence[CalendarFile] = (),
    list_unsubscribe: str | None = None,
) -> bytes:
    return compose(
        rendered,
        sender=address("MILE mentorship", "mile@mile.example.org"),
        recipient=to or address("Solveig Aaberg", "solveig.aaberg@example.org"),
        reply_to=reply_to or address("Mentorship Subcommittee Chair", "chair@example.org"),
        key=key,
        message_id=message_id(SECRET, key, "mile.example.org"),
        at=AT,
        list_id=list_id,
        mentorship_root="mile-2019-007",
        calendar=calendar,
        list_unsubscribe=list_unsubscribe,
    )


def arrived(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_composing_twice_gives_the_same_bytes(rendered: Rendered) -> None:
    assert composed(rendered) == composed(rendered)


def test_each_key_has_its_own_message_id_in_the_same_thread(rendered: Rendered) -> None:
    first, second = arrived(composed(rendered)), arrived(composed(rendered, key=KEY.replace("-2/", "-3/")))
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] == second["References"] != first["Message-ID"]
    assert first["References"] == thread_id("mile-2019-007", "mile.example.org")


def test_message_id_is_known_only_to_whoever_has_the_secret_or_the_email() -> None:
    ours = message_id(SECRET, KEY, "mile.example.org")
    assert ours == message_id(SECRET, KEY, "mile.example.org")
    guesses = [message_id(b"another secret", KEY, "mile.example.org"), thread_id(KEY, "mile.example.org")]
    guesses.append(f"<{hashlib.sha256(KEY.encode()).hexdigest()[:32]}@mile.example.org>")
    assert ours not in guesses


def test_ids_carry_no_word_of_whom_it_is_for(rendered: Rendered) -> None:
    message = arrived(composed(rendered))
    for header in ("Message-ID", "References", "Content-Type", "Feedback-ID", "List-Id"):
        assert "aaberg" not in str(message[header]).lower()
    assert re.fullmatch(r"<[0-9a-f]{32}@mile\.example\.org>", str(message["Message-ID"]))


def test_headers_keep_other_machines_from_answering(rendered: Rendered) -> None:
    message = arrived(composed(rendered))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, DR, RN, NRN, AutoReply"
    assert message["List-Id"] == "<mile-2019.mile.example.org>"
    assert str(message["Feedback-ID"]).count(":") == 3
    assert message["Reply-To"] == "Mentorship Subcommittee Chair <chair@example.org>"


def test_the_date_is_the_moment_it_was_due(rendered: Rendered) -> None:
    assert arrived(composed(rendered))["Date"] == "Mon, 21 Oct 2019 09:00:00 -0500"


def test_both_parts_arrive_as_they_were_written(rendered: Rendered) -> None:
    message = arrived(composed(rendered))
    assert message.get_content_type() == "multipart/alternative"
    for kind, written in (("plain", rendered.text), ("html", rendered.html)):
        part = message.get_body((kind,))
        assert part is not None
        assert part.get_content().replace("\r\n", "\n").rstrip() == written.rstrip()
    assert message.defects == []


def test_lines_on_the_wire_are_short_and_end_in_crlf(rendered: Rendered) -> None:
    raw = composed(rendered)
    assert raw.replace(b"\r\n", b"").count(b"\n") == 0
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


LONG = "Ada Berg [they/them] of the Very Long Named Regional Library System of Northern Minnesota"


@pytest.mark.parametrize(
    ("name", "shown", "written"),
    [
        ("Solveig Aaberg", None, b"Solveig Aaberg <ada@example.org>"),
        ("Ada B. Berg", None, b'"Ada B. Berg" <ada@example.org>'),
        ("Åsa Ødegård", None, b"=?utf-8?b?w4VzYSDDmGRlZ8OlcmQ=?= <ada@example.org>"),
        ('Berg, Ada: "the" <boss@example.org>', None, b'"Berg, Ada: \\"the\\" <boss@example.org>" <ada@example.org>'),
        ("Back\\slash (comment", None, b'"Back\\\\slash (comment" <ada@example.org>'),
        ("=?utf-8?q?evil=40example=2Ecom?=", None, None),
        ("=?utf-8?q?a=0D=0ABcc=3A_victim=40example=2Ecom=0D=0AX-Injected=3A_yes?=", None, None),
        ("=?utf-8?q?x=0D=0A=0D=0AForged_body=3A_please_pay?=", None, None),
        ("Ada\r\nBcc: all@example.org", "Ada Bcc: all@example.org", b'"Ada Bcc: all@example.org" <ada@example.org>'),
        ("Solveig \u202egreebaA\u2069", "Solveig greebaA", b"Solveig greebaA <ada@example.org>"),
        ("שלום Levi", None, None),
        ("half a character \ud83d", "half a character \ufffd", None),
        (LONG, None, f'"{LONG[:70]}\r\n {LONG[71:]}" <ada@example.org>'.encode()),
        ("x" * 16_000, None, None),
        ("陳大文" * 5_000, None, None),
        ("", "", b"ada@example.org"),
    ],
)
def test_a_name_arrives_as_the_characters_typed(
    rendered: Rendered, name: str, shown: str | None, written: bytes | None
) -> None:
    raw = composed(rendered, to=address(name, "ada@example.org"))
    fields = header_reader.fields(raw)
    names = [header for header, _ in fields]
    assert len(names) == len(set(names)) == 14
    assert header_reader.mailboxes(dict(fields)["To"]) == [(name if shown is None else shown, "ada@example.org")]
    if written:
        assert b"\r\nTo: " + written + b"\r\n" in raw


def test_long_names_take_no_longer_than_their_length(rendered: Rendered) -> None:
    started = time.process_time()
    composed(rendered, to=address("[é" * 100_000, "ada@example.org"))
    assert time.process_time() - started < 10


def test_the_standard_library_reads_a_long_name_with_brackets_as_typed(rendered: Rendered) -> None:
    to = arrived(composed(rendered, to=address(LONG, "ada@example.org")))["To"]
    assert isinstance(to, AddressHeader)
    assert [(mailbox.display_name, mailbox.addr_spec) for mailbox in to.addresses] == [(LONG, "ada@example.org")]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ada",
        "ada@",
        "a da@example.org",
        "ada@example.org\n",
        "a@b@example.org",
        "ada@exämple.org",
        "a,b@example.org",
        "<ada@example.org>",
        "ada@example.org, bob@example.org",
        "\0@example.org",
        f"{'a' * 250}@example.org",
    ],
)
def test_what_is_no_plain_address_is_refused(written: str) -> None:
    with pytest.raises(InvalidHeader, match="address"):
        address("Ada", written)


def test_a_name_that_was_not_made_safe_is_refused(rendered: Rendered) -> None:
    with pytest.raises(InvalidHeader, match="To"):
        composed(rendered, to=Address("Ada\x1b[2J", "ada", "example.org"))


@pytest.mark.parametrize("list_id", ["", "two words", "a>b", "a.b\r\nBcc: x@example.org", "ä.example.org", "a" * 256])
def test_what_is_no_list_id_is_refused(rendered: Rendered, list_id: str) -> None:
    with pytest.raises(InvalidHeader, match="List-Id"):
        composed(rendered, list_id=list_id)


def test_one_click_unsubscribes(rendered: Rendered) -> None:
    message = arrived(composed(rendered, list_unsubscribe="https://mile.example.org/u/abc"))
    assert message["List-Unsubscribe"] == "<https://mile.example.org/u/abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert arrived(composed(rendered))["List-Unsubscribe"] is None


@pytest.mark.parametrize("url", ["", "mailto:x@example.org", "https://a.example>, <https://b.example", "https://a b"])
def test_what_is_no_url_is_no_way_to_unsubscribe(rendered: Rendered, url: str) -> None:
    with pytest.raises(InvalidHeader, match="List-Unsubscribe"):
        composed(rendered, list_unsubscribe=url)


@pytest.mark.parametrize(
    "forged",
    [
        b"Bcc: x@example.org\r\n",
        b"To: x@example.org\r\n",
        b"\r\n",
        b" \r\n",
        b"X-Own: 1\n",
        b"no header\r\n",
        "X-Own: ä\r\n".encode(),
        b" , x@example.org\r\n",
    ],
)
def test_headers_that_are_not_ours_are_noticed(forged: bytes) -> None:
    mailboxes = {"From": address("MILE", "mile@example.org"), "To": address("Ada, Berg", "ada@example.org")}
    others = {"Auto-Submitted": "auto-generated"}
    block = header_block(mailboxes, "Hello", others)
    check_headers(block + b"\r\nBody", mailboxes, "Hello", others, frozenset())
    before, subject, after = block.partition(b"Subject:")
    with pytest.raises(InvalidHeader):
        check_headers(before + forged + subject + after + b"\r\n", mailboxes, "Hello", others, frozenset())


@pytest.mark.parametrize(
    ("methods", "shown"), [("REQUEST PUBLISH", 0), ("REQUEST REQUEST PUBLISH", 2), ("CANCEL PUBLISH", 1), ("CANCEL", 0)]
)
def test_calendar_files_come_beside_the_words_with_their_methods_and_are_the_same_each_time(
    rendered: Rendered, methods: str, shown: int
) -> None:
    files = [
        CalendarFile(name=f"{number}.ics", method=CalendarMethod(method), content=CALENDAR % method.encode())
        for number, method in enumerate(methods.split())
    ]
    raw = composed(rendered, calendar=files)
    assert raw == composed(rendered, calendar=files)
    message = arrived(raw)
    words, *attached = message.iter_parts()
    assert message.get_content_type() == "multipart/mixed"
    assert isinstance(words, EmailMessage)
    plain, html, in_place = words.iter_parts()
    assert [part.get_content_type() for part in (plain, html)] == ["text/plain", "text/html"]
    for part, file in zip((in_place, *attached), (files[shown], *files), strict=True):
        assert part.get_content_type() == "text/calendar"
        assert part.get_param("method") == file.method
        assert part.get_payload(decode=True) == file.content
    assert [part.get_filename() for part in attached] == [file.name for file in files]
    assert message.defects == []
