"""What a health check found, whichever server or part it looked at."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import aiosmtplib
import asyncpg
from temporalio.service import RPCError

from schemas.errors import MileError

ANSWERS_WITHIN = timedelta(seconds=5)


@dataclass(frozen=True)
class HealthFinding:
    """What one check found; ``advice`` says what to do where it failed, or where it warns of a loss."""

    name: str
    ok: bool
    found: str
    advice: str = ""
    warning: bool = False


async def finding_of(name: str, look: Callable[[], Awaitable[str]], advice: str) -> HealthFinding:
    """Return what a look found, or why it failed, with the advice for that."""
    try:
        return HealthFinding(name, True, await look())
    except MileError as error:
        return HealthFinding(name, False, str(error), advice)
    except tuple(_ROLE_ERRORS) as error:
        return HealthFinding(name, False, _ROLE_ERRORS[type(error)], "Correct MILE_DATABASE_URL.")
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, aiosmtplib.SMTPException, RPCError) as error:
        return HealthFinding(name, False, f"no answer ({type(error).__name__})", advice)


# PostgreSQL answers, and not to us.
_ROLE_ERRORS: dict[type[Exception], str] = {
    asyncpg.InvalidCatalogNameError: "the server has no database of this name",
    asyncpg.InvalidPasswordError: "the server refuses this role or its password",
    asyncpg.InvalidAuthorizationSpecificationError: "the server refuses this role",
    asyncpg.InsufficientPrivilegeError: "this role may not use the tables; it must be the one that made them",
}
