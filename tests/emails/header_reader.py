"""A reader of headers for tests, after RFC 5322 and RFC 2047 and apart from both the service and the standard library.

It walks through a header character by character, as a mail server does, and knows more forms than the service writes:
what the service must not write, it has to be able to read.
"""

import base64
import re
import unicodedata

SPECIALS = '()<>[]:;@\\,."'


def fields(message: bytes) -> list[tuple[str, str]]:
    """Return the name and the unfolded value of each header, up to the first empty line."""
    found: list[tuple[str, str]] = []
    # A mail server may end a line at a bare CR or LF, too.
    for line in re.split(rb"\r\n|\r|\n", message):
        if not line:
            return found
        text = line.decode("ascii")
        if text[0] in " \t":
            name, value = found.pop()
            found.append((name, value + text))
        else:
            name, _, value = text.partition(":")
            found.append((name, value))
    raise AssertionError("no empty line after the headers")


def mailboxes(value: str) -> list[tuple[str, str]]:
    """Return the display name and the address of each mailbox of an address list."""
    found = []
    for tokens in _split(_tokens(value), ","):
        if "<" in tokens:
            at = tokens.index("<")
            assert tokens[-1] == ">", value
            found.append((_phrase(tokens[:at]), "".join(tokens[at + 1 : -1])))
        else:
            found.append(("", "".join(token for token in tokens if token.strip())))
    return found


def words(value: str) -> str:
    """Return a value of free text, such as that of Subject."""
    return _decoded(value.strip(" ").split(" "))


def expected(typed: str) -> str:
    """Return words as they should be shown: as typed, but on one line and without what turns it or is no character."""
    shown = []
    for char in typed:
        if 0xD800 <= ord(char) <= 0xDFFF:
            shown.append("\N{REPLACEMENT CHARACTER}")
        elif char < " " or "\x7f" <= char <= "\x9f" or char in "\u2028\u2029" or unicodedata.category(char) == "Zs":
            shown.append(" ")
        elif not ("\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"):
            shown.append(char)
    return re.sub(" +", " ", "".join(shown)).strip(" ")


def _tokens(value: str) -> list[str]:
    tokens, at = [], 0
    while at < len(value):
        end = at + 1
        if value[at] == '"':
            while value[end] != '"':
                end += 2 if value[end] == "\\" else 1
            end += 1
        elif value[at] not in SPECIALS and value[at] != " ":
            while end < len(value) and value[end] not in SPECIALS and value[end] != " ":
                end += 1
        # A comment would hide what stands in it.
        assert value[at] not in "()", value
        tokens.append(value[at:end])
        at = end
    return tokens


def _split(tokens: list[str], separator: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token == separator:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _phrase(tokens: list[str]) -> str:
    named = [token for token in tokens if token != " "]
    assert not any(token in SPECIALS for token in named), tokens
    # Many readers decode encoded-words within quotes, although RFC 2047 forbids it.
    assert not any(token[0] == '"' and "=?" in token for token in named), tokens
    return _decoded([re.sub(r"\\(.)", r"\1", token[1:-1]) if token[0] == '"' else token for token in named])


def _decoded(tokens: list[str]) -> str:
    shown, after_encoded_word = "", False
    for position, token in enumerate(tokens):
        decoded = _encoded_word(token)
        # White space between two encoded-words is none (RFC 2047, 6.2).
        if position and not (after_encoded_word and decoded is not None):
            shown += " "
        shown += token if decoded is None else decoded
        after_encoded_word = decoded is not None
    return shown


def _encoded_word(token: str) -> str | None:
    if "=?" not in token:
        return None
    start, charset, encoding, encoded, end = token.split("?")
    assert (start, charset, end) == ("=", "utf-8", "="), token
    assert len(token) <= 75, token
    if encoding == "b":
        return base64.b64decode(encoded, validate=True).decode("utf-8")
    assert encoding == "q"
    assert re.fullmatch(r"(?:[A-Za-z0-9!*+/_-]|=[0-9A-F]{2})*", encoded), token
    octets = re.findall("=..|.", encoded)
    return bytes(
        int(octet[1:], 16) if octet[0] == "=" else ord(" " if octet == "_" else octet) for octet in octets
    ).decode("utf-8")
