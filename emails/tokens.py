"""The tokens in the links of emails: derived, so that writing an email again gives the same link."""

import base64
import hashlib
import hmac
import re

_TOKEN = re.compile(r"[a-z2-7]{26}")


def token(secret: bytes, purpose: str, email_key: str) -> str:
    """Derive the token of an email's link: 26 lower-case base32 characters, 128 bits of HMAC-SHA256 (RFC 2104).

    The same email key gives another token for another purpose, so no link does another one's work.
    """
    digest = hmac.digest(secret, f"{purpose}\0{email_key}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def token_hash(token: str) -> bytes:
    """Return the SHA-256 of a token, the only form in which it is stored."""
    return hashlib.sha256(token.encode()).digest()


def is_token(text: str) -> bool:
    """Tell whether a text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None
