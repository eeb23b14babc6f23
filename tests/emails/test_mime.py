"""What is written by hand for speed is what the standard library would read and write."""

import email
import re
import textwrap
from email.message import EmailMessage
from email.policy import default

from hypothesis import assume, example, given
from hypothesis import strategies as st

from emails import mime
from emails.rendering import TEXT_WIDTH, _wrapped_line

# What UTF-8 can hold; in emails the end of a line is the only control character.
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"))


@given(WORDS, WORDS)
@example("From here\n.\n..\n=3D =\n" + "é" * 200 + " \n\ttab ", "<p>" + "x" * 5000 + "</p>")
def test_words_arrive_as_they_were_written_in_short_lines(text: str, html: str) -> None:
    raw = mime.body(text, html, (), "key")
    assert raw.isascii()
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    for part, words in zip(message.iter_parts(), (text, html), strict=True):
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        assert content.decode("utf-8").replace("\r\n", "\n").rstrip("\n") == words.rstrip("\n")


# Spaces of Unicode alone are words here, and nothing for textwrap.
LINES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], include_characters=" \t")),
    st.text("ab \t->", min_size=TEXT_WIDTH, max_size=4 * TEXT_WIDTH),
)


@given(LINES)
@example("- " + "one and two  " * 20)
@example("one\xa0word " * 20)
def test_lines_are_wrapped_as_textwrap_would(line: str) -> None:
    # Before a first word that does not fit beside them, textwrap leaves the spaces out.
    spaces, first = re.match("( *)([^ ]*)", line.expandtabs()).groups()  # type: ignore[union-attr]
    assume(not spaces or len(spaces + first) <= TEXT_WIDTH)
    indent = "> " if line.startswith("> ") else "  " if line.startswith(("- ", "  ")) else ""
    wrapped = textwrap.fill(
        line, TEXT_WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ).rstrip()
    assert _wrapped_line(line) == wrapped
