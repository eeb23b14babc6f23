"""What DNS says about the domain of our emails: SPF (RFC 7208), DMARC (RFC 7489) and DKIM (RFC 6376)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import dns.asyncresolver
import dns.exception
import dns.resolver

from runtime.health_finding import HealthFinding
from runtime.settings import Settings

ANSWERS_WITHIN_SECONDS = 5.0
GUIDE = "See docs/howto/deliverability.md"
# The texts at a name of DNS; raises NXDOMAIN where there is no such name, DNSException where nobody could be asked.
Lookup = Callable[[str], Awaitable[Sequence[str]]]


async def look_up(name: str) -> list[str]:
    """Return the TXT records of a name, each as one text.

    Raises NXDOMAIN where there is no such name, another DNSException where no server answers.
    """
    resolver = dns.asyncresolver.Resolver()
    try:
        answer = await resolver.resolve(name, "TXT", lifetime=ANSWERS_WITHIN_SECONDS)
    except dns.resolver.NoAnswer:
        return []
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


async def check_sender_domain(settings: Settings, lookup: Lookup = look_up) -> list[HealthFinding]:
    """Check the records of the sender's domain; nothing here is a failure, because emails leave without them, too."""
    if settings.mailbox is not None:
        return [HealthFinding("Sender's domain", True, "not checked: emails stay on this machine")]
    domain = _domain(settings.sender)
    # SPF is asked about the envelope sender, to which bounces come back.
    envelope = _domain(settings.bounces_address or settings.sender)
    checks = [
        _finding("SPF", lambda: _spf(envelope, domain, lookup)),
        _finding("DMARC", lambda: _dmarc(domain, lookup)),
        _finding("DKIM", lambda: _dkim(domain, settings.dkim_selector, lookup)),
    ]
    return list(await asyncio.gather(*checks))


async def _finding(name: str, look: Callable[[], Awaitable[tuple[bool, str]]]) -> HealthFinding:
    try:
        good, found = await look()
    # Also what a resolver says that knows only the names of its own network.
    except dns.resolver.NXDOMAIN:
        return HealthFinding(name, True, "not checked: DNS here does not know the sender's domain")
    except (dns.exception.DNSException, OSError) as error:
        return HealthFinding(name, True, f"not checked: no answer from DNS ({type(error).__name__})")
    return HealthFinding(name, True, found, GUIDE, warning=not good)


async def _texts(name: str, domain: str, lookup: Lookup) -> Sequence[str]:
    """Return the records of a name below a domain; raises NXDOMAIN only where there is no such domain."""
    try:
        return await lookup(name)
    except dns.resolver.NXDOMAIN:
        await lookup(domain)
        return []


async def _spf(envelope: str, domain: str, lookup: Lookup) -> tuple[bool, str]:
    records = [text for text in await _texts(envelope, domain, lookup) if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return False, f"{envelope} has no record, so mailboxes may take our emails for forged"
    if len(records) > 1:
        return False, f"{envelope} has {len(records)} records; mailboxes ignore all of them"
    terms = records[0].lower().split()
    if "+all" in terms or "all" in terms:
        return False, f"{envelope} lets everybody send in its name: {records[0]}"
    return True, f"{envelope}: {records[0]}"


async def _dmarc(domain: str, lookup: Lookup) -> tuple[bool, str]:
    for owner in _domain_and_parents(domain):
        records = [text for text in await _texts(f"_dmarc.{owner}", domain, lookup) if _tags(text).get("v") == "DMARC1"]
        if len(records) > 1:
            return False, f"_dmarc.{owner} has {len(records)} records; mailboxes ignore all of them"
        if records:
            policy = _tags(records[0]).get("p")
            return policy is not None, f"_dmarc.{owner}: {records[0]}"
    return False, f"_dmarc.{domain} has no record, which large providers ask for"


async def _dkim(domain: str, selector: str | None, lookup: Lookup) -> tuple[bool, str]:
    if selector is None:
        return True, "not checked: MILE_DKIM_SELECTOR is not set"
    name = f"{selector}._domainkey.{domain}"
    keys = [tags["p"] for tags in map(_tags, await _texts(name, domain, lookup)) if "p" in tags]
    if not keys:
        return False, f"{name} has no key, so mailboxes cannot check our signatures"
    if not all(keys):
        return False, f"{name} says that the key was revoked"
    return True, f"{name} has a key"


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip(): "".join(value.split()) for name, _, value in pairs}


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _domain_and_parents(domain: str) -> list[str]:
    """Return a domain and those above it, without the top level, one of which has the record for all below."""
    labels = domain.split(".")
    return [".".join(labels[place:]) for place in range(max(1, len(labels) - 1))]
