"""Signing in to the staff pages by an account elsewhere (OpenID Connect), such as Google Workspace or Microsoft."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from emails.links import LinkKeys, random_token, token
from runtime.settings import Settings
from schemas.errors import Refusal
from services.context import ServiceContext
from services.staff_sessions import StaffSessionService
from storage.database import transaction

CALLBACK = "/staff/sign-in/oidc/callback"
# Of public keys only: "none" and keys that both sides know are no signature of the provider.
ALGORITHMS = ("RS256", "ES256", "PS256", "EdDSA")
CLOCKS_DIFFER_BY_SECONDS = 60
ANSWERS_WITHIN_SECONDS = 10
# As the age in seconds that what the provider knows of somebody may have (OpenID Connect Core 1.0, 3.1.2.1).
ASK_NOW = "0"
_log = structlog.get_logger(__name__)


class OidcRefused(Refusal):
    """What came back from the provider signs nobody in; whoever guesses learns no more than that."""


@dataclass(frozen=True)
class OidcService:
    """Leads to the provider of this installation, and signs in whom it names.

    All that has to be the same on the way there and back (state, nonce, PKCE verifier) is derived from one random
    value, which only the browser keeps, in a cookie.
    """

    services: ServiceContext
    sessions: StaffSessionService

    @property
    def is_on(self) -> bool:
        """Tell whether this installation has a provider."""
        return self._settings.signs_in_by_oidc

    @property
    def name(self) -> str:
        """Return what staff call the provider."""
        return self._settings.oidc_name

    async def begin(self, session: str | None) -> tuple[str, str]:
        """Return the address at the provider, and the cookie to keep; raises OidcRefused where it is away.

        ``session`` is the cookie of the session that this browser has. Who is signed in already does so to show again
        that it is them: the provider is told to ask, even if it would not.
        """
        cookie = random_token()
        is_again = session is not None and await self.sessions.member(session) is not None
        try:
            provider = await self._metadata()
            async with self._client() as client:
                url, _ = client.create_authorization_url(
                    provider["authorization_endpoint"],
                    state=self._derived("state", cookie),
                    nonce=self._derived("nonce", cookie),
                    code_verifier=self._verifier(cookie),
                    max_age=ASK_NOW if is_again else None,
                )
        except (AuthlibBaseError, httpx2.HTTPError, KeyError, ValueError) as error:
            raise self._refused(error) from error
        return str(url), cookie

    async def sign_in(self, cookie: str, answered: Mapping[str, str]) -> str:
        """Begin a session of whom the provider names, and return its cookie.

        Raises OidcRefused, in the same words whatever is wrong: another browser's answer, an account without a verified
        address or of another domain, an address without a role today.
        """
        try:
            claims = await self._verified_claims(cookie, answered)
            email, authenticated_at = str(claims["email"]), _authenticated_at(claims)
        except (AuthlibBaseError, JoseError, httpx2.HTTPError, KeyError, ValueError, TypeError, OverflowError) as error:
            raise self._refused(error) from error
        async with transaction(self.services.pool) as db:
            session = await self.sessions.begin(db, email, datetime.now(UTC), authenticated_at)
        if session is None:
            raise self._refused(ValueError("no role"))
        return session

    async def _verified_claims(self, cookie: str, answered: Mapping[str, str]) -> CodeIDToken:
        if not hmac.compare_digest(answered.get("state", ""), self._derived("state", cookie)):
            raise ValueError("state")
        provider = await self._metadata()
        async with self._client() as client:
            tokens = await client.fetch_token(
                provider["token_endpoint"], code=answered["code"], code_verifier=self._verifier(cookie)
            )
        keys = KeySet.import_key_set(await _json(provider["jwks_uri"]))
        claims = self._claims(tokens, keys, nonce=self._derived("nonce", cookie))
        # Microsoft says of the domain what others say of the address.
        if claims.get("email_verified") is not True and str(claims.get("xms_edov")).lower() not in {"1", "true"}:
            raise ValueError("address not verified")
        if self._settings.oidc_domain and claims.get("hd") != self._settings.oidc_domain:
            raise ValueError("another domain")
        return claims

    def _claims(self, tokens: Mapping[str, Any], keys: KeySet, nonce: str) -> CodeIDToken:
        """Return what a signed token says (OpenID Connect Core 1.0, 3.1.3.7)."""
        settings = self._settings
        read = jwt.decode(tokens["id_token"], keys, algorithms=ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": settings.oidc_issuer},
                "aud": {"essential": True, "value": settings.oidc_client_id},
            },
            params={"nonce": nonce, "client_id": settings.oidc_client_id, "access_token": tokens.get("access_token")},
        )
        claims.validate(leeway=CLOCKS_DIFFER_BY_SECONDS)
        return claims

    def _client(self) -> AsyncOAuth2Client:
        settings = self._settings
        secret = settings.oidc_client_secret
        return AsyncOAuth2Client(
            settings.oidc_client_id,
            secret.get_secret_value() if secret else None,
            scope="openid email",
            redirect_uri=f"{settings.public_url}{CALLBACK}",
            code_challenge_method="S256",
            timeout=ANSWERS_WITHIN_SECONDS,
        )

    async def _metadata(self) -> dict[str, str]:
        """Return what the provider says of itself (OpenID Connect Discovery 1.0, 4)."""
        issuer = str(self._settings.oidc_issuer)
        found: dict[str, str] = await _json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found["issuer"] != issuer:
            raise ValueError("issuer")
        return found

    def _verifier(self, cookie: str) -> str:
        # 52 characters; PKCE takes 43 to 128 (RFC 7636, 4.1).
        return self._derived("verifier 1", cookie) + self._derived("verifier 2", cookie)

    def _derived(self, purpose: str, cookie: str) -> str:
        return token(LinkKeys(self._settings).find(None).secret, f"oidc {purpose}", cookie)

    def _refused(self, error: Exception) -> OidcRefused:
        # Neither an address nor a token is in the log.
        _log.info("oidc_sign_in_refused", reason=type(error).__name__, detail=_words_of_ours(error))
        return OidcRefused(f"{self.name} did not sign you in. Sign in by email instead.")

    @property
    def _settings(self) -> Settings:
        return self.services.settings


def _authenticated_at(claims: CodeIDToken) -> datetime | None:
    """Return when the provider last asked somebody who they are, or None where it does not say."""
    said = claims.get("auth_time")
    if said is None:
        return None
    asked_at = datetime.fromtimestamp(said, UTC)
    if asked_at > datetime.now(UTC) + timedelta(seconds=CLOCKS_DIFFER_BY_SECONDS):
        raise ValueError("auth_time")
    return asked_at


async def _json(url: str) -> Any:
    async with httpx2.AsyncClient(timeout=ANSWERS_WITHIN_SECONDS) as client:
        answer = await client.get(url)
    return answer.raise_for_status().json()


def _words_of_ours(error: Exception) -> str:
    ours = {"state", "issuer", "address not verified", "another domain", "auth_time", "no role"}
    return str(error) if str(error) in ours else ""
