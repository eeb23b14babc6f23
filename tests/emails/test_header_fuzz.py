"""Whatever people type, an email has our headers and no others, one recipient, and the same names.

MILE_FUZZ_EXAMPLES says how many emails are composed; continuous integration composes 10,000.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import AddressHeader
from email.parser import BytesHeaderParser
from email.policy import compat32, default

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emails import message as composing
from emails.message import address, compose
from emails.rendering import Rendered
from schemas.enums import EmailKind, Language
from tests.emails import header_reader

EXAMPLES = int(os.environ.get("MILE_FUZZ_EXAMPLES", "2000"))
HEADERS = [
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "References", "List-Id", "Content-Language"),
    *("Feedback-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "List-Unsubscribe", "List-Unsubscribe-Post"),
]
MIME = ["Content-Type", "MIME-Version"]
FRAGMENTS = (
    *("=?utf-8?q?", "=?utf-8?b?", "=?iso-8859-1?Q?", "?=", "=?", "?", "=", "=0D=0A", "=0D=0ABcc=3A_x=40example=2Eorg"),
    *("\r\nBcc: x@example.org", "\r\n\r\nForged", "\n", "\r", "\r\n ", "\0", "\x1b[2J", "\x7f", "\x85", "\u2028"),
    *(" <x@example.org>", "x@example.org, ", "<", ">", ",", ";", ":", "@", '"', "\\", '\\"', "(", ")", "[", "]", "."),
    *("\u202e", "\u2066", "\u2069", "\u200f", "\u200d", "\ufeff", "\u3000", "\xa0", "\t", "  ", " ", "_", "%0D%0A"),
    *(
        "\ud800",
        "\udfff",
        "\udc80",
        "\uffff",
        "e\u0301",
        "Ødegård",
        "陳大文",
        "שלום",
        "👩‍👩‍👧",
        "Ada Berg",
        "a" * 70,
        "[" * 40,
    ),
)
typed = st.lists(st.sampled_from(FRAGMENTS) | st.characters(), max_size=10).map("".join)


def composed(program: str, name: str, role: str, rendered: Rendered) -> bytes:
    return compose(
        rendered,
        sender=address(f"{program} mentorship", "mile@mile.example.org"),
        recipient=address(name, "ada@example.org"),
        reply_to=address(role, "chair@example.org"),
        key="mile-2019-007/check_in",
        message_id="<0123@mile.example.org>",
        at=datetime(2019, 10, 21, 9, tzinfo=UTC),
        list_id="mile-2019.mile.example.org",
        mentorship_root="mile-2019-007",
        list_unsubscribe="https://mile.example.org/u/abc",
    )


def rendered(subject: str, text: str = "Hello\n") -> Rendered:
    # Words of a template may be half a character, which pydantic refuses.
    return Rendered.model_construct(
        kind=EmailKind.CHECK_IN, language=Language.ENGLISH, subject=subject, text=text, html=f"<p>{text}</p>"
    )


@pytest.fixture(scope="module")
def one_body() -> Iterator[None]:
    """Let all emails have the same body, which takes the standard library ten times as long as our headers."""
    body = composing._body(rendered("Hello"), "mile-2019-007/check_in", ())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composing, "_body", lambda *_: body)
        yield


def check(raw: bytes, words: str) -> None:
    """Check an email in which all names and the subject are these words."""
    fields = header_reader.fields(raw)
    values = dict(fields)
    assert [header for header, _ in fields[: len(HEADERS)]] == HEADERS
    assert sorted(header for header, _ in fields[len(HEADERS) :]) == MIME
    shown, sender = header_reader.expected(words), header_reader.expected(f"{words} mentorship")
    assert header_reader.mailboxes(values["From"]) == [(sender, "mile@mile.example.org")]
    assert header_reader.mailboxes(values["To"]) == [(shown, "ada@example.org")]
    assert header_reader.mailboxes(values["Reply-To"]) == [(shown, "chair@example.org")]
    assert header_reader.words(values["Subject"]) == shown
    lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert all(line.strip() for line in lines)
    # The parser that splits headers and leaves them as they are is right about odd ones, too.
    assert BytesHeaderParser(policy=compat32).parsebytes(raw).keys() == [header for header, _ in fields]


@settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(typed)
def test_nobody_types_a_header(one_body: None, words: str) -> None:
    check(composed(words, words, words, rendered(words)), words)


@settings(max_examples=200, deadline=None, database=None)
@given(typed)
def test_typed_words_reach_headers_and_body_together(words: str) -> None:
    check(composed(words, words, words, rendered(words, text=words)), words)


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(max_size=11) | st.text(st.characters(codec="ascii"), max_size=200))
def test_the_standard_library_reads_the_same_recipient(one_body: None, name: str) -> None:
    raw = composed("MILE", name, "Chair", rendered("Hello"))
    arrived = message_from_bytes(raw, policy=default)
    to = arrived["To"]
    assert isinstance(to, AddressHeader)
    [mailbox] = to.addresses
    assert mailbox.addr_spec == "ada@example.org"
    # It puts a space between two encoded-words of a name.
    if b"?=\r\n =?" not in raw:
        assert mailbox.display_name == header_reader.expected(name)
