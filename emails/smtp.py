"""Handing a message to the relay, and whose fault it is where that fails: the address's, the email's or the relay's."""

import asyncio
import re

import aiosmtplib

from runtime.relay import smtp_client
from runtime.settings import Settings

REPLY_TIMEOUT_SECONDS = 20
# Relays close connections that idle, some after half a minute.
IDLE_SECONDS = 20

# About the address, for good (RFC 3463): no such mailbox, domain or syntax, a mailbox that has moved or is disabled, a
# domain that accepts no email.
_ADDRESS_CODES = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# A bare 550 counts only where it speaks of the mailbox: relays say 550 for policy, too.
_NAMES_MAILBOX = re.compile(r"mailbox|user|recipient|address|account|no such", re.IGNORECASE)
# Of the message itself: too big, or content that cannot be converted.
_MESSAGE_CODES = frozenset({"5.2.3", "5.3.4", "5.6.0", "5.6.1", "5.6.2", "5.6.3", "5.6.5", "5.6.6", "5.6.7", "5.6.9"})
# The service closes down, asks for authentication, or does not accept ours.
_RELAY_CODES = frozenset({421, 454, 530, 534, 535, 538})
_MAILBOX_UNAVAILABLE, _PERMANENT = 550, 500


class DeliveryFailed(Exception):
    """The relay did not accept a message; ``failure`` is its code, without the words beside it.

    ``domain`` is that of the recipient, where the refusal may be about it.
    """

    domain = ""

    def __init__(self, failure: str) -> None:
        self.failure = failure
        super().__init__(failure)


class AddressRefused(DeliveryFailed):
    """The address cannot be written to; trying again would not help."""


class AddressDeferred(DeliveryFailed):
    """The address does not accept email now (4xx); it may later."""


class MessageRefused(DeliveryFailed):
    """The relay does not accept this message; others may leave."""


class PolicyRefused(DeliveryFailed):
    """The relay's policy, system or routes refuse this message; only a second one shows that they refuse all."""


class RelayUnavailable(DeliveryFailed):
    """The relay accepts nothing, whoever it is for. ``ambiguous`` says that it may have accepted this message."""

    def __init__(self, failure: str, *, ambiguous: bool = False) -> None:
        super().__init__(failure)
        self.ambiguous = ambiguous


class Relay:
    """One connection to the SMTP server that signs and delivers; kept open from one message to the next."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: aiosmtplib.SMTP | None = None
        self._used_at = 0.0

    async def deliver(self, message: bytes, recipient: str, return_path: str) -> None:
        """Deliver one message; bounces come back to ``return_path``. Raises one of the kinds of DeliveryFailed."""
        connection = await self._connected()
        try:
            await connection.mail(return_path)
            await _recipient(connection, recipient)
            await _data(connection, message)
        except (OSError, aiosmtplib.SMTPException) as error:
            await self.close()
            raise RelayUnavailable(_name(error)) from error
        except DeliveryFailed as refused:
            refused.domain = recipient.rpartition("@")[2].lower()
            await (self.close() if isinstance(refused, RelayUnavailable) else self._reset(connection))
            raise
        # A canceled attempt leaves the connection in the middle of a message.
        except asyncio.CancelledError:
            self._drop()
            raise
        self._used_at = asyncio.get_running_loop().time()

    async def close(self) -> None:
        """Close the connection; the next message opens another one."""
        connection, self._connection = self._connection, None
        if connection is not None and connection.is_connected:
            try:
                await connection.quit(timeout=1)
            except (OSError, aiosmtplib.SMTPException):
                connection.close()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        idle = asyncio.get_running_loop().time() - self._used_at
        if self._connection is not None and self._connection.is_connected and idle < IDLE_SECONDS:
            return self._connection
        await self.close()
        settings = self._settings
        connection = smtp_client(settings, timeout=REPLY_TIMEOUT_SECONDS)
        try:
            await connection.connect()
        except (OSError, aiosmtplib.SMTPException) as error:
            connection.close()
            raise RelayUnavailable(_name(error)) from error
        self._connection = connection
        return connection

    async def _reset(self, connection: aiosmtplib.SMTP) -> None:
        try:
            await connection.rset()
        except (OSError, aiosmtplib.SMTPException):
            self._drop()


async def _recipient(connection: aiosmtplib.SMTP, recipient: str) -> None:
    # A report of the mailbox behind a forwarder then names this address, too, or it would count for nobody.
    takes_original = connection.supports_extension("dsn")
    try:
        await connection.rcpt(recipient, options=[f"ORCPT=rfc822;{_xtext(recipient)}"] if takes_original else [])
    except aiosmtplib.SMTPRecipientRefused as refused:
        raise delivery_failure(refused.code, refused.message, at_recipient=True) from refused


async def _data(connection: aiosmtplib.SMTP, message: bytes) -> None:
    try:
        await connection.data(message)
    except aiosmtplib.SMTPDataError as refused:
        raise delivery_failure(refused.code, refused.message, at_recipient=False) from refused
    except (OSError, aiosmtplib.SMTPException) as error:
        # The relay may have said yes to a message whose answer never came.
        raise RelayUnavailable(_name(error), ambiguous=True) from error


def _xtext(address: str) -> str:
    """Return an address as a parameter of RCPT (RFC 3461, 4): of what may not stand there, an address has + and =."""
    return re.sub("[+=]", lambda sign: f"+{ord(sign[0]):02X}", address)


def delivery_failure(code: int, words: str, *, at_recipient: bool) -> DeliveryFailed:
    """Return whose fault a refusal is, by its code, its enhanced code (RFC 3463) and where it came."""
    match = _ENHANCED.match(words.strip())
    enhanced = match.group(1) if match else None
    failure = f"{code} {enhanced}" if enhanced else str(code)
    if code < _PERMANENT:
        return (_of_relay(code, enhanced) or AddressDeferred)(failure)
    names_mailbox = at_recipient and code == _MAILBOX_UNAVAILABLE and _NAMES_MAILBOX.search(words)
    if enhanced in _ADDRESS_CODES or (names_mailbox and not enhanced):
        return AddressRefused(failure)
    return (_of_relay(code, enhanced) or MessageRefused)(failure)


def _of_relay(code: int, enhanced: str | None) -> type[RelayUnavailable | PolicyRefused] | None:
    """Return how a refusal speaks of the relay: of its state or our credentials, or of its policy, if it does."""
    if code in _RELAY_CODES:
        return RelayUnavailable
    if enhanced is None or enhanced in _MESSAGE_CODES:
        return None
    # 4.4.x and 4.7.x are of the recipient's server as a rule: it is away, or asks for patience (greylisting).
    if code < _PERMANENT:
        return RelayUnavailable if enhanced.startswith("4.3.") else None
    return PolicyRefused if enhanced.startswith(("5.3.", "5.4.", "5.5.", "5.7.")) else None


def _name(error: Exception) -> str:
    code = getattr(error, "code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
