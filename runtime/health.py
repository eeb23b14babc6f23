"""Health checks: one for each thing the service depends on, with advice for each that fails."""

import asyncio
import sys

from temporalio.client import Client

from runtime.database_health import NOT_CHECKED, check_database
from runtime.health_finding import ANSWERS_WITHIN, HealthFinding, finding_of
from runtime.page_health import check_pages
from runtime.relay import smtp_client
from runtime.settings import Settings
from runtime.temporal_health import check_engine, check_temporal
from schemas.errors import MileError

PLACEHOLDERS = ("example.org", "example.com", "example.net", ".example", ".invalid", ".test")


async def check(settings: Settings) -> list[HealthFinding]:
    """Run every check and return the findings in a fixed order; a check that fails never stops the others."""
    groups = await asyncio.gather(
        check_database(settings), check_temporal(settings), _mail(settings), check_pages(settings)
    )
    return [python(), sender(settings), *(finding for group in groups for finding in group)]


def python() -> HealthFinding:
    """Check the Python that runs this."""
    version = ".".join(map(str, sys.version_info[:3]))
    return HealthFinding("Python", sys.version_info >= (3, 11), version, "Install Python 3.11 or newer.")


def sender(settings: Settings) -> HealthFinding:
    """Check that emails that leave this machine come from a domain of our own, not one of examples (RFC 2606)."""
    domain = settings.sender.rpartition("@")[2].lower()
    is_placeholder = domain.endswith(PLACEHOLDERS) and settings.mailbox is None
    found = f"{domain} is a domain of examples" if is_placeholder else domain
    return HealthFinding("Sender", not is_placeholder, found, "Set MILE_SENDER to an address of the association.")


# Without these a process can do nothing, or does harm; for what else is wrong somebody is told, and it starts.
REQUIRED = {"PostgreSQL", "Database writes", "Database", "Migrations", "Temporal", "Search attributes", "Task queue"}


async def require_servers(settings: Settings, client: Client | None = None) -> list[HealthFinding]:
    """Check what a process needs to start; without a client not Temporal. Return what else is wrong.

    Raises MileError with a sentence for each thing that must be put right first.
    """
    findings = await check_database(settings)
    if client is not None:
        findings += await check_engine(settings, client)
    failed = [finding for finding in findings if not finding.ok]
    namespace_missing = [each for each in failed if each.name == "Namespace" and "no namespace" in each.found]
    required = [each for each in failed if each.name in REQUIRED and each.found != NOT_CHECKED]
    if required := [*required, *namespace_missing]:
        raise MileError("\n".join(f"{each.name}: {each.found}. {each.advice}" for each in required))
    return failed


async def _mail(settings: Settings) -> list[HealthFinding]:
    advice = "Start the mail relay, or correct MILE_SMTP_HOST, MILE_SMTP_PORT, MILE_SMTP_STARTTLS and the password."
    return [await finding_of("Mail", lambda: _relay(settings), advice)]


async def _relay(settings: Settings) -> str:
    relay = smtp_client(settings, timeout=ANSWERS_WITHIN.total_seconds())
    async with relay:
        await relay.noop()
    return f"{settings.smtp_host}:{settings.smtp_port} answers"
