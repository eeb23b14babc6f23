"""Signing in to the staff pages by a link that is emailed to whoever holds a role (no account, no password)."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg

from emails.links import SIGN_IN_MINUTES, random_token, token_hash
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient, StaffAccess
from schemas.ids import email_key
from schemas.staff import StaffMember
from storage import outbox, staff_sessions, typed_requests
from storage.database import Connection, transaction
from storage.staff_sessions import HeldRole, OpenSession
from storage.typed_addresses import EmailLimit

LINK_WORKS_FOR = timedelta(minutes=SIGN_IN_MINUTES)
IDLE_FOR = timedelta(hours=12)
# A cookie that was copied is worth nothing after a while, even to someone who uses it every day.
LASTS_FOR = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)
_NOBODY = 0
# Without a limit a day: whoever typed a chair's address often enough would keep them out. Of two requests within five
# minutes the first one's link still works.
_LIMIT = EmailLimit("/staff/sign-in", a_day=None, apart=timedelta(minutes=5))


class StaffSessionService:
    """Signs role holders in and out."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def request_link(self, address: str) -> None:
        """Email a link to an address that holds a role today.

        There is no actor: nobody knows who typed it.
        """
        now = datetime.now(UTC)

        async def find(db: Connection) -> Sequence[QueuedEmail]:
            held = await staff_sessions.roles_of(db, address, now)
            return [_sign_in_email(held[0].cohort_id, held[0].id, now)] if held else []

        async with transaction(self._pool) as db:
            await typed_requests.answer(
                db, _LIMIT, address, now, find=find, nobodys=lambda cohort: [_sign_in_email(cohort, _NOBODY, now)]
            )
            await staff_sessions.forget_links(db, now - LINK_WORKS_FOR)

    async def send_link(self, member: StaffMember) -> None:
        """Email a link to somebody who is signed in, however many their address got before."""
        now = datetime.now(UTC)
        async with transaction(self._pool) as db:
            held = await staff_sessions.roles_of(db, member.email, now)
            await outbox.enqueue(db, *(_sign_in_email(role.cohort_id, role.id, now) for role in held[:1]))

    async def new_link(self, address: str) -> str:
        """Return the token of a new link that signs an address in, for who runs the service on their own machine."""
        token = random_token()
        await staff_sessions.save_link(self._pool, token_hash(token), address, datetime.now(UTC))
        return token

    async def is_open(self, link: bytes) -> bool:
        """Tell whether a link, by its token's hash, signs somebody in now; using it up takes ``sign_in``."""
        return await staff_sessions.is_link_open(self._pool, link, datetime.now(UTC) - LINK_WORKS_FOR)

    async def sign_in(self, link: bytes) -> str | None:
        """Use a link up and begin a session; return its cookie, or None where the link does not work (any more)."""
        now = datetime.now(UTC)
        async with transaction(self._pool) as db:
            email = await staff_sessions.use_link(db, link, now, now - LINK_WORKS_FOR)
            if email is None:
                return None
            return await self._save_session(db, email, now, now)

    async def begin(self, db: Connection, email: str, now: datetime, authenticated_at: datetime | None) -> str | None:
        """Begin a session of an address, and return its cookie; None where it holds no role today.

        ``authenticated_at`` is when its owner showed who they are, or None where that is not known.
        """
        if not await staff_sessions.roles_of(db, email, now):
            return None
        return await self._save_session(db, email, now, authenticated_at)

    async def _save_session(self, db: Connection, email: str, now: datetime, authenticated_at: datetime | None) -> str:
        cookie = secrets.token_urlsafe(32)
        await staff_sessions.save_session(db, token_hash(cookie), email, now, authenticated_at)
        return cookie

    async def member(self, cookie: str) -> StaffMember | None:
        """Return who is signed in, or None: the session has ended, or they hold no role any more."""
        now, key = datetime.now(UTC), token_hash(cookie)
        session = await staff_sessions.session(self._pool, key, now - IDLE_FOR, now - LASTS_FOR)
        held = await staff_sessions.roles_of(self._pool, session.email, now) if session else ()
        if session is None or not held:
            return None
        if session.seen_at < now - SEEN_EVERY:
            await staff_sessions.touch_session(self._pool, key, now, now - SEEN_EVERY)
        return StaffMember(email=session.email, authenticated_at=session.authenticated_at, access=_widest(held))

    async def sign_out(self, cookie: str, *, everywhere: bool = False) -> None:
        """End a session, or all sessions of whoever is signed in by it."""
        now, key = datetime.now(UTC), token_hash(cookie)
        session = await staff_sessions.session(self._pool, key, now - IDLE_FOR, now - LASTS_FOR)
        if everywhere and session:
            await staff_sessions.end_sessions(self._pool, session.email, now)
        await staff_sessions.end_session(self._pool, key, now)

    async def open_sessions(self, member: StaffMember, cookie: str) -> tuple[OpenSession, ...]:
        """Return the sessions of somebody who is signed in by this cookie, the one in use last first."""
        now, here = datetime.now(UTC), token_hash(cookie)
        return await staff_sessions.open_sessions(self._pool, member.email, here, now - IDLE_FOR, now - LASTS_FOR)

    async def end_session(self, member: StaffMember, number: int) -> None:
        """End one of somebody's own sessions; the number of anybody else's ends nothing."""
        await staff_sessions.end_session_by_number(self._pool, member.email, number, datetime.now(UTC))


def _widest(held: Sequence[HeldRole]) -> dict[str, StaffAccess]:
    """Return what somebody may do in each class; who holds two roles there may do what either may."""
    access: dict[str, StaffAccess] = {}
    for role in held:
        if role.access.includes(access.get(role.cohort_id, role.access)):
            access[role.cohort_id] = role.access
    return access


def _sign_in_email(cohort_id: str, number: int, now: datetime) -> QueuedEmail:
    return QueuedEmail(
        key=email_key(cohort_id, EmailKind.SIGN_IN, f"{number}-{now:%Y-%m-%dT%H:%M:%S.%f}", Recipient.STAFF),
        kind=EmailKind.SIGN_IN,
        scope_id=cohort_id,
        to=Recipient.STAFF,
        at=now,
        now=now,
        automatic=False,
    )
