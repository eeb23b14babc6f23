"""The envelope sender of each email (VERP): whatever comes back to it says by its address which email it is about."""

import re

from emails.links import LinkKey, LinkKeys, token, token_hash
from emails.message import message_id
from runtime.settings import Settings
from schemas.base import FrozenModel


class ReturnPath(FrozenModel):
    """The envelope sender of one email, and what comes back is known by: its token's hash, and the Message-ID."""

    address: str
    token_hash: bytes
    message_id: str


def return_path(settings: Settings, key: str, recipient: str, link_key: LinkKey | None = None) -> ReturnPath:
    """Return the envelope sender of an email to an address; without a mailbox for bounces it is the sender's.

    Its token and the Message-ID are of the given key, or of the newest.
    """
    link_key = link_key or LinkKeys(settings).find(None)
    made = _bounce_token(link_key, key, recipient)
    address = settings.sender
    if settings.bounces_address is not None:
        local, _, domain = settings.bounces_address.rpartition("@")
        address = f"{local}+{made}@{domain}"
    answered = message_id(link_key.secret, key, settings.sender.rpartition("@")[2])
    return ReturnPath(address=address, token_hash=token_hash(made), message_id=answered)


def bounce_tokens(settings: Settings, key: str, recipient: str) -> set[str]:
    """Return the tokens that an email to an address may have, one for each key; another address has others."""
    return {_bounce_token(link_key, key, recipient) for link_key in LinkKeys(settings).all}


def _bounce_token(link_key: LinkKey, key: str, recipient: str) -> str:
    return token(link_key.secret, "bounce", f"{key}\0{recipient.lower()}")


def returned_token(bounces_address: str, text: str) -> str | None:
    """Return the token of the first envelope sender of ours in a text, or None."""
    local, _, domain = bounces_address.rpartition("@")
    found = re.search(rf"\b{re.escape(local)}\+([a-z2-7]{{26}})@{re.escape(domain)}\b", text, re.IGNORECASE)
    return found[1].lower() if found else None
