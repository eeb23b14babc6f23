"""A small OpenID Connect provider that really signs, and answers wrongly where a test tells it to."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "mile-client", "mile-client-secret"


@cache
def signing_key() -> RSAKey:
    """Make a key once: finding its primes takes as long as some ten tests."""
    return RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})


@dataclass
class Provider:
    """Signs everybody in as ``claims`` say.

    It signs with ``key`` unless told otherwise: with another key, with a secret (HS256), or, where that is empty, with
    nothing (none).
    """

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=signing_key)
    signs_with: RSAKey | None = None
    forged_with: bytes | None = None
    says_issuer: str | None = None
    asked: dict[str, str] = field(default_factory=dict)
    used_codes: set[str] = field(default_factory=set)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.describe),
                Route("/authorize", self.authorize),
                Route("/token", self.give_token, methods=["POST"]),
                Route("/keys", self.show_keys),
            ]
        )

    async def describe(self, _: Request) -> Response:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        addresses = {name: f"{self.issuer}/{path}" for name, path in names.items()}
        return JSONResponse({"issuer": self.says_issuer or self.issuer} | addresses)

    async def show_keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        self.asked = dict(request.query_params)
        assert self.asked["response_type"] == "code"
        assert self.asked["client_id"] == CLIENT_ID
        assert set(self.asked["scope"].split()) == {"openid", "email"}
        assert self.asked["code_challenge_method"] == "S256"
        return RedirectResponse(f"{self.asked['redirect_uri']}?code=code-1&state={self.asked['state']}", 302)

    async def give_token(self, request: Request) -> Response:
        sent = dict(await request.form())
        credentials = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        digest = hashlib.sha256(str(sent["code_verifier"]).encode()).digest()
        challenge = _encoded(digest)
        right = (
            request.headers.get("authorization") == f"Basic {credentials}"
            and challenge == self.asked["code_challenge"]
            and sent["redirect_uri"] == self.asked["redirect_uri"]
            and sent["code"] == "code-1"
            and "code-1" not in self.used_codes
        )
        if not right:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.used_codes.add("code-1")
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": self._token()})

    def _token(self) -> str:
        now = int(time.time())
        standard = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked["nonce"],
            "email_verified": True,
        }
        claims = {name: value for name, value in (standard | self.claims).items() if value is not None}
        if self.forged_with is None:
            return str(jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.signs_with or self.key))
        # By hand: the library makes no such token.
        header = {"alg": "HS256" if self.forged_with else "none", "kid": "1"}
        body = ".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))
        signature = hmac.digest(self.forged_with, body.encode(), "sha256") if self.forged_with else b""
        return f"{body}.{_encoded(signature)}"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
