"""Signing in to the staff pages by a passkey (WebAuthn), which a role holder adds after signing in by email."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from emails.links import SIGN_IN_MINUTES, LinkKeys, random_token, token
from runtime.settings import Settings
from schemas.errors import Refusal
from schemas.staff import StaffMember
from services.context import ServiceContext
from services.staff_sessions import StaffSessionService
from storage import passkeys
from storage.database import Connection, Db, transaction
from storage.passkeys import Passkey

MOST_PASSKEYS = 20
_ANSWERED_WITHIN = timedelta(minutes=SIGN_IN_MINUTES)
_NOBODY = ""


class PasskeyRefused(Refusal):
    """What a device sent does not sign in, or cannot be added; whoever guesses learns no more than that."""


@dataclass(frozen=True)
class PasskeyService:
    """Adds, lists and removes passkeys, and signs in by them."""

    services: ServiceContext
    sessions: StaffSessionService
    program: str

    @property
    def are_possible(self) -> bool:
        """Tell whether browsers make passkeys for our address: it must be a name, such as ``localhost``."""
        try:
            ip_address(self._host)
        except ValueError:
            return bool(self._host)
        return False

    async def options_to_add(self, member: StaffMember) -> str:
        """Return what a browser needs to make a passkey, as JSON (WebAuthn, 5.4); nothing is stored."""
        known = await self.passkeys_of(member)
        options = webauthn.generate_registration_options(
            rp_id=self._host,
            rp_name=self.program,
            user_name=member.email,
            # The same for each passkey of an address, and no name (WebAuthn, 14.6.1).
            user_id=self._secret_of(f"passkey owner {member.email.casefold()}").encode(),
            challenge=self._challenge(member.email),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
        )
        return webauthn.options_to_json(options)

    def options_to_sign_in(self) -> str:
        """Return what a browser needs to sign in, as JSON: the same for everybody, because nobody said who they are."""
        options = webauthn.generate_authentication_options(
            rp_id=self._host,
            challenge=self._challenge(_NOBODY),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return webauthn.options_to_json(options)

    async def passkeys_of(self, member: StaffMember) -> tuple[Passkey, ...]:
        """Return somebody's own passkeys, the oldest first."""
        return await passkeys.passkeys_of(self.services.pool, member.email)

    async def add(self, member: StaffMember, sent: str, name: str) -> None:
        """Store the passkey that a browser sent.

        Raises PasskeyRefused where it is none, was made for another page, or is stored already; Refusal where they
        did not show lately that it is them, because a passkey outlives the session.
        """
        now = datetime.now(UTC)
        if not member.authenticated_lately(now):
            raise Refusal("Please sign in again, then add the passkey.")
        if len(await self.passkeys_of(member)) >= MOST_PASSKEYS:
            raise Refusal(f"You have {MOST_PASSKEYS} passkeys. Remove one that you do not use.")
        async with transaction(self.services.pool) as db:
            with _refused():
                challenge = parse_client_data_json(
                    parse_registration_credential_json(sent).response.client_data_json
                ).challenge
                await self._answer(db, challenge, member.email, now)
                verified = webauthn.verify_registration_response(
                    credential=sent,
                    expected_challenge=challenge,
                    expected_rp_id=self._host,
                    expected_origin=self._origin,
                    require_user_verification=True,
                )
            number = await passkeys.save(
                db,
                member.email,
                verified.credential_id,
                verified.credential_public_key,
                verified.sign_count,
                name,
                now,
            )
            if number is None:
                raise PasskeyRefused("This passkey was added before.")
            await self._audit(db, member, "passkey_added", number)

    async def remove(self, member: StaffMember, number: int) -> None:
        """Remove one of somebody's own passkeys; the number of anybody else's removes nothing."""
        async with transaction(self.services.pool) as db:
            if await passkeys.remove(db, member.email, number):
                await self._audit(db, member, "passkey_removed", number)

    async def sign_in(self, sent: str) -> str:
        """Begin a session by what a browser sent, and return its cookie.

        Raises PasskeyRefused, in the same words for a passkey that is unknown, one whose owner holds no role today,
        and an answer that is wrong, late or given before.
        """
        now = datetime.now(UTC)
        with _refused():
            credential = parse_authentication_credential_json(sent)
            challenge = parse_client_data_json(credential.response.client_data_json).challenge
            # In a transaction of its own: an answer counts once, whatever comes of it.
            await self._answer(self.services.pool, challenge, _NOBODY, now)
            known = await passkeys.passkey(self.services.pool, credential.raw_id)
            if known is None:
                raise PasskeyRefused("unknown")
            verified = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=known.public_key,
                credential_current_sign_count=known.sign_count,
                require_user_verification=True,
            )
            async with transaction(self.services.pool) as db:
                await passkeys.set_used(db, known.id, verified.new_sign_count, now)
                cookie = await self.sessions.begin(db, known.email, now, now)
                if cookie is None:
                    raise PasskeyRefused("no role")
        return cookie

    async def _audit(self, db: Connection, member: StaffMember, action: str, number: int) -> None:
        """Add an event to the log of each class in which the passkey signs in."""
        for cohort in member.access:
            await self.services.audit_in(db, member.actor, action, cohort, passkey=number)

    def _challenge(self, email: str) -> bytes:
        """Return a challenge that only we can make, for one address and for some minutes, without storing anything."""
        words = f"{random_token()}.{int(datetime.now(UTC).timestamp())}"
        return f"{words}.{self._seal(words, email)}".encode()

    async def _answer(self, db: Db, challenge: bytes, email: str, now: datetime) -> None:
        """Use a challenge up; raises PasskeyRefused where it is not ours, for somebody else, too old, or used."""
        words, _, seal = challenge.decode("ascii").rpartition(".")
        if not hmac.compare_digest(seal, self._seal(words, email)):
            raise PasskeyRefused("not ours")
        made_at = datetime.fromtimestamp(int(words.partition(".")[2]), UTC)
        await passkeys.forget_challenges(db, now - _ANSWERED_WITHIN)
        used = not await passkeys.answer_challenge(db, hashlib.sha256(challenge).digest(), now)
        if used or now - made_at > _ANSWERED_WITHIN:
            raise PasskeyRefused("used or too old")

    def _seal(self, words: str, email: str) -> str:
        return self._secret_of(f"passkey challenge {email.casefold()} {words}")

    def _secret_of(self, purpose: str) -> str:
        key = LinkKeys(self._settings).find(None)
        return token(key.secret, purpose, "")

    @property
    def _settings(self) -> Settings:
        return self.services.settings

    @property
    def _origin(self) -> str:
        parts = urlsplit(self._settings.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def _host(self) -> str:
        return urlsplit(self._settings.public_url).hostname or ""


@contextmanager
def _refused() -> Iterator[None]:
    """Answer alike whatever is wrong with what a browser sent."""
    try:
        yield
    except (PasskeyRefused, WebAuthnException, ValueError, KeyError, TypeError, RecursionError) as error:
        raise PasskeyRefused("This passkey did not work. Try again, or sign in by email.") from error
