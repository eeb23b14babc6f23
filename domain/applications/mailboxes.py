"""Which addresses lead to the same mailbox, so that nobody gets around a limit by writing theirs in another way."""

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


def mailbox(address: str) -> str:
    """Return one name for all addresses of a mailbox; it is compared, and never written to.

    What follows a + goes at every domain: nearly all servers deliver it to the same mailbox (RFC 5233). Where one does
    not, some people share a limit, which only makes it stricter. Other characters go only at the providers known to
    ignore them, because elsewhere they tell people apart.
    """
    local, _, domain = address.strip().lower().rpartition("@")
    domain = _SAME_DOMAIN.get(domain, domain)
    # Not of the first character: an address that begins with a + would lose its whole name.
    local = local[:1] + local[1:].partition("+")[0]
    # Yahoo's disposable addresses are a name, a hyphen and a word.
    if domain.startswith("yahoo."):
        local = local[:1] + local[1:].partition("-")[0]
    for character in _IGNORED.get(domain, ""):
        local = local.replace(character, "")
    return f"{local}@{domain}"
