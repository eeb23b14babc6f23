"""Handing a message to the relay: taken, refused for good, or to be tried again."""

import aiosmtplib

from runtime.settings import Settings

REPLY_TIMEOUT_SECONDS = 20


class Undeliverable(Exception):
    """The relay refused the address for good (a 5xx reply); trying again would not help."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(f"the relay refused the address with {code}")


class TemporarilyRefused(Exception):
    """The relay does not take an email to this address now (a 4xx reply); it may later."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(f"the relay put the address off with {code}")


class Relay:
    """The SMTP server that signs and delivers; a connection for each message, for they are few."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def deliver(self, message: bytes, recipient: str) -> None:
        """Hand over one message.

        Raises Undeliverable for a final refusal and PutOff where this address is not taken now; any other error means
        that nothing can be sent, to nobody.
        """
        settings = self._settings
        try:
            await aiosmtplib.send(
                message,
                sender=settings.sender,
                recipients=[recipient],
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_username,
                password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
                start_tls=settings.smtp_starttls,
                timeout=REPLY_TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _refusal(refused.recipients[0].code) from refused
        except aiosmtplib.SMTPSenderRefused:
            raise
        except aiosmtplib.SMTPDataError as refused:
            raise _refusal(refused.code) from refused


def _refusal(code: int) -> Undeliverable | TemporarilyRefused:
    return Undeliverable(code) if 500 <= code < 600 else TemporarilyRefused(code)
