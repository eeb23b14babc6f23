"""Signing in by an account elsewhere: only who holds a role, by an address that the provider verified."""

import socket
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import pytest
from joserfc.jwk import RSAKey
from pydantic import ValidationError
from starlette.applications import Starlette
from temporalio.client import Client

from services.context import ServiceContext
from services.responses import ResponseService
from services.staff_sessions import StaffSessionService
from tests.emails.relay import settings_for
from tests.services.conftest import FakeTemporal
from tests.web.browser import served
from tests.web.staff.conftest import CHAIR, COORDINATOR, FORMER, NOBODY, SITE, RealTime
from tests.web.staff.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider
from tests.web.staff.pages import hidden, preview, words
from web.app import create_app

BEGIN = "/staff/sign-in/oidc"
GIVE_ROLE = "/staff/classes/mile-2019/roles/give"
# Seconds since 1970, in 2020 and in 2100.
LONG_AGO, FAR_AHEAD = 1_577_836_800, 4_102_444_800


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    """A provider that signs in the coordinator."""
    provider = Provider(claims={"email": COORDINATOR})
    with socket.create_server(("127.0.0.1", 0)) as listening:
        provider.issuer = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with served(provider.app, listening):
            yield provider


def app_with(pool: asyncpg.Pool, database_url: str, **more: object) -> Starlette:
    given = {"oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET, "oidc_name": "Google"}
    settings, client = settings_for(database_url, 1, **(given | more)), cast(Client, FakeTemporal(away=True))
    return create_app(
        ResponseService(pool, client, RealTime()),
        staff=StaffSessionService(pool),
        services=ServiceContext(settings, pool, client),
    )


@pytest.fixture
async def visitor(
    app: Starlette, pool: asyncpg.Pool, database_url: str, provider: Provider
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on pages that have the provider; ``app`` stored the class and its roles."""
    transport = httpx.ASGITransport(app=app_with(pool, database_url, oidc_issuer=provider.issuer))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as visitor:
        yield visitor


async def way_back(visitor: httpx.AsyncClient) -> str:
    """Go to the provider, and return where it leads back to."""
    begun = await visitor.get(BEGIN)
    assert begun.status_code == 303, begun.text
    async with httpx.AsyncClient() as there:
        answered = await there.get(begun.headers["location"])
    back = str(answered.headers["location"])
    assert back.startswith(f"{SITE}{BEGIN}/callback?")
    return back.removeprefix(SITE)


async def is_refused(visitor: httpx.AsyncClient, pool: asyncpg.Pool, back: str) -> bool:
    answer = await visitor.get(back)
    sessions = await pool.fetchval("select count(*) from staff_session")
    assert "Google did not sign you in. Sign in by email instead." in words(answer)
    return (answer.status_code, sessions, "__Host-mile-staff" in str(answer.headers)) == (403, 0, False)


async def test_role_holder_is_signed_in_once(visitor: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    assert "Sign in with Google" in words(await visitor.get("/staff/sign-in"))
    back = await way_back(visitor)
    answer = await visitor.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    assert f"As {COORDINATOR}." in words(await visitor.get("/staff"))
    assert await pool.fetchval("select count(*) from staff_session") == 1
    # Its cookie is gone, and its code is used up.
    assert (await visitor.get(back)).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"aud": "another-client", "azp": CLIENT_ID},
        {"aud": ["mile-client", "another-client"], "azp": "another-client"},
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://accounts.example.org"},
        {"exp": LONG_AGO + 600, "iat": LONG_AGO},
        {"exp": None},
        {"iat": FAR_AHEAD},
        {"auth_time": FAR_AHEAD},
        {"auth_time": 10**30},
        {"auth_time": "now"},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": NOBODY},
        {"email": FORMER},
        {"email": f"{COORDINATOR}.example.net"},
    ],
    ids=str,
)
async def test_token_that_is_not_for_us_or_of_nobody_with_a_role_signs_nobody_in(
    visitor: httpx.AsyncClient, pool: asyncpg.Pool, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims |= claims
    assert await is_refused(visitor, pool, await way_back(visitor))


def by_another_key(provider: Provider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "1"})


def by_nobody(provider: Provider) -> None:
    provider.forged_with = b""


def by_the_public_key_as_a_secret(provider: Provider) -> None:
    provider.forged_with = provider.key.as_pem(private=False)


def by_the_client_secret(provider: Provider) -> None:
    provider.forged_with = CLIENT_SECRET.encode()


@pytest.mark.parametrize("sign", [by_another_key, by_nobody, by_the_public_key_as_a_secret, by_the_client_secret])
async def test_token_that_the_provider_did_not_sign_signs_nobody_in(
    visitor: httpx.AsyncClient, pool: asyncpg.Pool, provider: Provider, sign: Callable[[Provider], None]
) -> None:
    sign(provider)
    assert await is_refused(visitor, pool, await way_back(visitor))


async def test_provider_that_says_it_is_another_one_is_not_asked(
    visitor: httpx.AsyncClient, provider: Provider
) -> None:
    provider.says_issuer = "https://accounts.example.org"
    answer = await visitor.get(BEGIN)
    assert answer.status_code == 403
    assert "Google did not sign you in." in words(answer)


async def test_answer_to_another_browser_signs_nobody_in(
    visitor: httpx.AsyncClient, pool: asyncpg.Pool, provider: Provider
) -> None:
    back = await way_back(visitor)
    await visitor.get(BEGIN)
    # The cookie is of another journey now, as in the browser of somebody who was sent this link.
    assert await is_refused(visitor, pool, back)
    visitor.cookies.clear()
    answer = await visitor.get(back)
    assert answer.status_code == 403
    assert "began in another browser" in words(answer)
    assert await pool.fetchval("select count(*) from staff_session") == 0


@pytest.mark.parametrize("query", ["", "error=access_denied", "code=code-1", "code=code-2&state=x", "state=%C3%A9"])
async def test_answer_that_is_not_whole_signs_nobody_in(
    visitor: httpx.AsyncClient, pool: asyncpg.Pool, query: str
) -> None:
    await way_back(visitor)
    assert await is_refused(visitor, pool, f"{BEGIN}/callback?{query}")


async def test_domain_of_the_workspace_is_checked(
    app: Starlette, pool: asyncpg.Pool, database_url: str, provider: Provider
) -> None:
    here = app_with(pool, database_url, oidc_issuer=provider.issuer, oidc_domain="staff.example.org")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=here), base_url=SITE) as visitor:
        assert await is_refused(visitor, pool, await way_back(visitor))
        provider.used_codes.clear()
        provider.claims["hd"] = "staff.example.org"
        assert (await visitor.get(await way_back(visitor))).status_code == 303


async def test_address_that_microsoft_vouches_for_is_verified(visitor: httpx.AsyncClient, provider: Provider) -> None:
    provider.claims |= {"email_verified": None, "xms_edov": True}
    assert (await visitor.get(await way_back(visitor))).status_code == 303


@pytest.mark.parametrize(
    ("ago", "status"),
    [(timedelta(minutes=1), 303), (timedelta(minutes=14), 303), (timedelta(minutes=16), 403), (None, 403)],
)
async def test_account_elsewhere_shows_who_it_is_only_where_the_provider_says_that_it_has_just_asked(
    visitor: httpx.AsyncClient, provider: Provider, ago: timedelta | None, status: int
) -> None:
    asked_at = None if ago is None else int((datetime.now(UTC) - ago).timestamp())
    provider.claims |= {"email": CHAIR, "auth_time": asked_at}
    await visitor.get(await way_back(visitor))
    visitor.headers["origin"] = SITE
    seen = await preview(visitor, GIVE_ROLE, email=NOBODY, role="Evaluator", access="reader", starts_on="2099-05-10")
    done = await visitor.post(GIVE_ROLE, data=hidden(seen) | {"step-action": "confirm"})
    assert done.status_code == status
    if status == 403:
        assert "We count Google only where it says that it has just asked who you are." in words(done)
        # What was typed outlasts another sign-in, by the provider or by the emailed link.
        provider.used_codes.clear()
        provider.claims["auth_time"] = int(time.time())
        await visitor.get(await way_back(visitor))
        assert (await visitor.post(GIVE_ROLE, data=hidden(done))).status_code == 303


async def test_who_is_signed_in_is_asked_anew_by_the_provider(
    visitor: httpx.AsyncClient, provider: Provider, pool: asyncpg.Pool
) -> None:
    await visitor.get(await way_back(visitor))
    assert "max_age" not in provider.asked
    await way_back(visitor)
    assert provider.asked["max_age"] == "0"
    await pool.execute("update staff_session set ended_at = now()")
    await way_back(visitor)
    assert "max_age" not in provider.asked


async def test_what_travels_is_derived_anew_and_tells_nothing_of_the_cookie(
    visitor: httpx.AsyncClient, provider: Provider
) -> None:
    seen = []
    for _ in range(2):
        asked = parse_qs(urlsplit((await visitor.get(BEGIN)).headers["location"]).query)
        seen += [asked[name][0] for name in ("state", "nonce", "code_challenge")] + [
            visitor.cookies["__Host-mile-oidc"]
        ]
    assert len(set(seen)) == len(seen) == 8


async def test_without_the_setting_there_is_no_such_page(client: httpx.AsyncClient, database_url: str) -> None:
    assert (await client.get(f"{BEGIN}/callback")).status_code == 404
    assert "Sign in with" not in words(await client.get("/staff/sign-in")).replace("Sign in with a passkey", "")
    with pytest.raises(ValidationError, match="https"):
        settings_for(database_url, 1, oidc_issuer="http://accounts.example.org")
