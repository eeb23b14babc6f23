"""Links' tokens: derived, hard to guess, and good for one purpose."""

import base64
import hashlib
import hmac

import pytest

from emails.links import is_token, token, token_hash

SECRET = b"0123456789abcdef0123456789abcdef"
KEY = "mile-2019-007/check_in/check_in-2/mentor/0"


def test_token_is_26_base32_characters_of_the_keyed_hash() -> None:
    derived = token(SECRET, "check_in-2", KEY)
    expected = hmac.new(SECRET, b"check_in-2\0" + KEY.encode(), hashlib.sha256).digest()[:16]
    assert base64.b32decode(derived.upper() + "======") == expected
    assert len(derived) == 26


def test_other_secret_purpose_or_email_gives_another_token() -> None:
    tokens = {
        token(SECRET, "respond", KEY),
        token(SECRET[::-1], "respond", KEY),
        token(SECRET, "unsubscribe", KEY),
        token(SECRET, "respond", KEY + "1"),
        token(SECRET, "respon", "d" + KEY),
    }
    assert len(tokens) == 5


def test_only_the_hash_of_a_token_needs_to_be_kept() -> None:
    derived = token(SECRET, "respond", KEY)
    assert token_hash(derived) == hashlib.sha256(derived.encode()).digest()


def test_what_is_derived_has_the_form_of_a_token() -> None:
    assert all(is_token(token(SECRET, "respond", str(number))) for number in range(50))


@pytest.mark.parametrize("text", ["", "a" * 25, "a" * 27, "A" * 26, "a" * 25 + "1", "a" * 25 + "\n", "a" * 26 + "\n"])
def test_anything_else_has_not(text: str) -> None:
    assert not is_token(text)
