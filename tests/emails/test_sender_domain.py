"""What doctor says about the records of the sender's domain, from zones as they are found."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import dns.name
import dns.rdata
import dns.resolver
import pytest

from emails.sender_domain import check_sender_domain, look_up
from runtime.health_finding import HealthFinding
from tests.emails.relay import settings_for

GOOD = {
    "mail.example.org": ["google-site-verification=x", "v=spf1 include:_spf.google.com ~all"],
    "_dmarc.mail.example.org": ["v=DMARC1; p=quarantine; rua=mailto:reports@example.org"],
    "mile._domainkey.mail.example.org": ["v=DKIM1; k=rsa; p=MIGf MA0G"],
}


def no_such_name(name: str) -> dns.resolver.NXDOMAIN:
    return dns.resolver.NXDOMAIN(qnames=[dns.name.from_text(name)], responses={})  # type: ignore[no-untyped-call]


async def found(zone: Mapping[str, Sequence[str]], **settings: object) -> dict[str, HealthFinding]:
    async def lookup(name: str) -> Sequence[str]:
        if name not in zone:
            raise no_such_name(name)
        return zone[name]

    given = {"sender": "mentors@mail.example.org", "dkim_selector": "mile"} | settings
    findings = await check_sender_domain(settings_for("postgresql://nowhere", 1, **given), lookup)
    assert all(finding.ok for finding in findings), "emails leave without any of them"
    return {finding.name: finding for finding in findings}


async def warned(zone: Mapping[str, Sequence[str]], **settings: object) -> list[str]:
    findings = await found(zone, **settings)
    assert all(finding.advice for finding in findings.values() if finding.warning)
    return [name for name, finding in findings.items() if finding.warning]


async def test_domain_with_all_three_records_is_not_warned_about() -> None:
    assert await warned(GOOD) == []


async def test_domain_without_records_is_warned_about_each() -> None:
    assert await warned({"mail.example.org": []}) == ["SPF", "DMARC", "DKIM"]


async def test_domain_that_dns_does_not_know_is_not_checked() -> None:
    findings = await found({})
    assert all("does not know" in finding.found for finding in findings.values())
    assert not any(finding.warning for finding in findings.values())


@pytest.mark.parametrize(
    ("name", "records", "warns"),
    [
        ("mail.example.org", ["v=spf1 -all", "v=spf1 mx -all"], ["SPF"]),
        ("mail.example.org", ["v=spf1 mx +all"], ["SPF"]),
        ("mail.example.org", ["v=spf1 all"], ["SPF"]),
        ("mail.example.org", ["v=spf10 -all"], ["SPF"]),
        ("mail.example.org", ["V=SPF1 mx -all"], []),
        ("_dmarc.mail.example.org", ["v=DMARC1; p=none", "v=DMARC1; p=reject"], ["DMARC"]),
        ("_dmarc.mail.example.org", ["v=DMARC1"], ["DMARC"]),
        ("_dmarc.mail.example.org", ["v=spf1 -all"], ["DMARC"]),
        ("mile._domainkey.mail.example.org", ["v=DKIM1; p="], ["DKIM"]),
        ("mile._domainkey.mail.example.org", ["v=DKIM1"], ["DKIM"]),
    ],
)
async def test_record_that_mailboxes_cannot_use_is_warned_about(
    name: str, records: list[str], warns: list[str]
) -> None:
    assert await warned(GOOD | {name: records}) == warns


async def test_dmarc_of_the_domain_above_counts_and_that_of_a_top_level_does_not() -> None:
    zone = {name: records for name, records in GOOD.items() if not name.startswith("_dmarc")}
    assert await warned(zone | {"_dmarc.example.org": ["v=DMARC1; p=reject"]}) == []
    assert await warned(zone | {"_dmarc.org": ["v=DMARC1; p=reject"]}) == ["DMARC"]


async def test_spf_is_looked_up_for_the_domain_that_bounces_come_back_to() -> None:
    assert await warned(GOOD, bounces_address="bounces@bounce.example.org") == ["SPF"]
    zone = GOOD | {"bounce.example.org": ["v=spf1 include:amazonses.com ~all"]}
    assert await warned(zone, bounces_address="bounces@bounce.example.org") == []


async def test_dkim_without_a_selector_is_not_checked() -> None:
    findings = await found(GOOD, dkim_selector=None)
    assert "not checked" in findings["DKIM"].found
    assert not findings["DKIM"].warning


async def test_without_a_network_nothing_is_checked_and_nothing_warned_about() -> None:
    async def lookup(name: str) -> Sequence[str]:
        raise dns.resolver.NoNameservers

    findings = await check_sender_domain(settings_for("postgresql://nowhere", 1, dkim_selector="mile"), lookup)
    assert ["not checked" in finding.found for finding in findings] == [True] * 3
    assert not any(finding.warning for finding in findings)


async def test_stack_on_one_machine_asks_nobody(tmp_path: Path) -> None:
    async def lookup(name: str) -> Sequence[str]:
        raise AssertionError(name)

    [finding] = await check_sender_domain(settings_for("postgresql://nowhere", 1, mailbox=tmp_path), lookup)
    assert "this machine" in finding.found


async def test_long_record_is_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [dns.rdata.from_text("IN", "TXT", '"v=spf1 mx " "-all"')]

    async def resolve(*_: object, **__: object) -> list[dns.rdata.Rdata]:
        return answer

    monkeypatch.setattr("dns.asyncresolver.Resolver.resolve", resolve)
    assert await look_up("example.org") == ["v=spf1 mx -all"]
