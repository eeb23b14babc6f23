"""Which addresses lead to the same mailbox, so that nobody gets around a limit by writing theirs in another way."""

import hashlib

# Domains that are other names of the first: the same person has the mailbox under each.
_SAME_DOMAIN = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
}
# Characters that a provider ignores in a name.
_IGNORED = {"gmail.com": ".", "proton.me": ".-_"}
# Providers that deliver name+tag to name.
_PLUS = frozenset({*_IGNORED, "icloud.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "fastmail.com"})


def is_same_address(one: str, other: str) -> bool:
    """Tell whether two addresses differ in capital letters at most, so that emails to both reach the same person."""
    return one.lower() == other.lower()


def mailbox(address: str) -> str:
    """Return one name for all addresses that certainly lead to one mailbox; it is compared, and never written to.

    Only what a provider is known to ignore goes: elsewhere a dot or a tag may tell two people apart.
    """
    local, domain = _parts(address)
    if domain in _PLUS:
        local = _before(local, "+")
    # Yahoo's disposable addresses are a name, a hyphen and a word.
    if domain.startswith("yahoo."):
        local = _before(local, "-")
    for character in _IGNORED.get(domain, ""):
        local = local.replace(character, "")
    return f"{local}@{domain}"


def mailbox_for_limits(address: str) -> str:
    """Return what limits of emails count by: a mailbox, whose name ends at a + at every domain.

    Nearly all servers deliver a tag to the same mailbox (RFC 5233). Where one does not, some people share a limit,
    which only makes it stricter. Nothing may be stopped for good by this name.
    """
    local, domain = _parts(address)
    return mailbox(f"{_before(local, '+')}@{domain}")


def mailbox_hash(mailbox: str) -> bytes:
    """Return the SHA-256 of a mailbox, for what has to recognize an address and never has to know it."""
    return hashlib.sha256(mailbox.encode()).digest()


def _parts(address: str) -> tuple[str, str]:
    local, _, domain = address.strip().lower().rpartition("@")
    return local, _SAME_DOMAIN.get(domain, domain)


def _before(local: str, separator: str) -> str:
    """Cut a name at its first separator, but not at its first character, or nothing would be left of it."""
    return local[:1] + local[1:].partition(separator)[0]
