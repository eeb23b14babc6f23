"""Replies to emails: passed on to the role, and noted where they belong; nothing else follows by itself."""

import asyncio
from datetime import datetime

import asyncpg
import structlog

from domain.applications.mailboxes import is_same_address
from emails.imap import DONE_FOLDER, NOT_PASSED_ON_FOLDER, UNRECOGNIZED_FOLDER
from emails.links import token_hash
from emails.passed_on_reply import ReplyToPassOn, pass_on
from emails.replies import Reply, read_reply
from emails.smtp import AddressRefused, MessageRefused, PolicyRefused, Relay
from runtime.clock import clock
from runtime.settings import Settings
from schemas.cohort.settings import CohortSettings
from schemas.emails.incoming import IncomingEmail, NotedReply
from schemas.emails.messages import QueuedEmail
from schemas.enums import IncomingKind, Recipient, ReplyKind, Side
from schemas.errors import Refusal
from schemas.ids import is_applicant
from services.context import ServiceContext
from storage import applicants, bounces, cohorts, contacts, outbox, replies, roles

# A program's answer tells staff nothing that they could act on, unless it names a new address.
_NOT_PASSED_ON = {ReplyKind.AUTOMATIC}
_log = structlog.get_logger(__name__)


def suggested_command(scope_id: str, side: Side | None, kind: ReplyKind) -> str | None:
    """Return the command that does what a reply seems to ask for, or None where there is none.

    It never has an address from a reply: anybody can write another's name as its sender, and would get their links.
    """
    if side is None:
        return None
    if is_applicant(scope_id):
        cohort_id, person_id = _place(scope_id)
        past = kind is ReplyKind.NO_MORE_EMAILS and _asks_again(scope_id)
        return f'mile cohort uninvite {cohort_id} {person_id} --note "asked by email"' if past else None
    if kind is ReplyKind.NO_MORE_EMAILS:
        return f'mile mentorship reminders {scope_id} --side {side} --pause --note "asked by email"'
    if kind is ReplyKind.NEW_ADDRESS:
        return f'mile mentorship contact {scope_id} --side {side} --email ADDRESS --note "asked in person"'
    return None


async def list_replies(context: ServiceContext, scope_id: str) -> tuple[NotedReply, ...]:
    """Return the newest replies to emails of a mentorship or of a person's place in a cohort, newest first."""
    return await replies.replies(context.pool, scope_id)


def _place(scope_id: str) -> tuple[str, str]:
    """Return the cohort and id of an applicant, or of a mentor of an earlier cohort whom this one invites."""
    cohort_id, _, person = scope_id.partition("/")
    earlier, _, person_id = person.rpartition(".")
    return earlier or cohort_id, person_id


def _asks_again(scope_id: str) -> bool:
    """Tell whether a scope is somebody of an earlier cohort whom another one asks to be a mentor."""
    return _place(scope_id)[0] != scope_id.partition("/")[0]


class ReplyRecorder:
    """Notes replies, and passes on those that did not reach the role by themselves."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings) -> None:
        self._pool = pool
        self._settings = settings

    async def record(self, incoming: IncomingEmail, raw: bytes) -> str:
        """Pass a reply on and note it, once however often it is read; return the folder to which it belongs.

        Above the limits of an hour it is only noted, and a digest tells the role of it; above that of its email it is
        only filed. Raises DeliveryFailed while the
        relay takes nothing; then it is neither passed on nor noted.
        """
        email = await self._email(incoming)
        if email is None:
            return UNRECOGNIZED_FOLDER
        in_digest = await replies.filed_in_digest(self._pool, incoming.fingerprint)
        if in_digest is not None:
            return NOT_PASSED_ON_FOLDER if in_digest else DONE_FOLDER
        if not await replies.may_note(self._pool, email):
            _log.warning("reply_not_noted", key=email.key)
            return NOT_PASSED_ON_FOLDER
        automatic = incoming.kind is IncomingKind.AUTOMATIC_REPLY
        reply = await asyncio.to_thread(read_reply, raw, automatic=automatic)
        now = clock(self._settings.clock_file).now(email.scope_id)
        noted = NotedReply(received_at=now, side=await self._side_of(email, reply.address), kind=reply.kind)
        folder = await self._save(email, reply, incoming.fingerprint, noted)
        _log.info("reply_noted", key=email.key, side=noted.side, kind=reply.kind, folder=folder)
        return folder

    async def _save(self, email: QueuedEmail, reply: Reply, fingerprint: str, noted: NotedReply) -> str:
        cohort = await self._cohort(email, noted.received_at)
        passes_on = not self._is_known(reply, cohort)
        if passes_on and not await replies.may_pass_on(self._pool, email, noted.side, noted.received_at):
            await replies.save_in_digest(self._pool, fingerprint, email, noted)
            return NOT_PASSED_ON_FOLDER
        try:
            if passes_on:
                await self._pass_on(email, reply, fingerprint, noted, cohort)
        # The role's own address is at fault, or the message: people should look at it where it is.
        except (AddressRefused, MessageRefused, PolicyRefused) as refused:
            _log.error("reply_not_passed_on", key=email.key, failure=refused.failure)
            return UNRECOGNIZED_FOLDER
        await replies.save_reply(self._pool, fingerprint, email, noted, passed_on=passes_on)
        return DONE_FOLDER

    @staticmethod
    def _is_known(reply: Reply, cohort: CohortSettings) -> bool:
        """Tell whether the role has a reply already, or would learn nothing from it."""
        # What the role wrote or was sent, too; a rule of its mailbox may have brought it here.
        role = cohort.contact.email.lower()
        return reply.kind in _NOT_PASSED_ON or role in {*reply.written_to, (reply.address or "").lower()}

    async def _email(self, incoming: IncomingEmail) -> QueuedEmail | None:
        email = None
        if incoming.token is not None:
            email = await bounces.bounced_email(self._pool, token_hash(incoming.token))
        return email or await replies.answered_email(self._pool, incoming.answered)

    async def _side_of(self, email: QueuedEmail, address: str | None) -> Side | None:
        """Return whose reply it is: of whom the email went to, if it has their address; None where it is not theirs.

        The other of the two has an address, too, and anybody can write it as their own, but not this email.
        """
        if email.to is Recipient.STAFF or address is None:
            return None
        side = Side(email.to)
        known = await self._address(email.scope_id, side)
        return side if known is not None and is_same_address(known, address) else None

    async def _address(self, scope_id: str, side: Side) -> str | None:
        try:
            if not is_applicant(scope_id):
                return (await contacts.contact(self._pool, scope_id, side)).email
            applicant = await applicants.applicant(self._pool, *_place(scope_id))
            # Whoever was a mentee in an earlier class is asked to mentor in this one.
            return applicant.email if applicant.side is side or _asks_again(scope_id) else None
        # A note about a whole cohort.
        except Refusal:
            return None

    async def _pass_on(
        self, email: QueuedEmail, reply: Reply, fingerprint: str, noted: NotedReply, cohort: CohortSettings
    ) -> None:
        side = noted.side
        given = ReplyToPassOn(
            reply=reply,
            fingerprint=fingerprint,
            cohort=cohort,
            subject=await replies.subject(self._pool, email.key),
            writer=f"the {side} of {email.scope_id}" if side else f"someone else, about {email.scope_id},",
            command=suggested_command(email.scope_id, side, reply.kind),
        )
        relay = Relay(self._settings)
        try:
            message = pass_on(given, self._settings, noted.received_at)
            await relay.deliver(message, cohort.contact.email, self._settings.sender)
        finally:
            await relay.close()

    async def _cohort(self, email: QueuedEmail, now: datetime) -> CohortSettings:
        cohort_id = await outbox.cohort_of(self._pool, email.key)
        return await roles.settings_at(self._pool, await cohorts.cohort_settings(self._pool, cohort_id), now)
