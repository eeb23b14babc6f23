"""The mail relay of the settings, as a client that is not connected yet."""

import aiosmtplib

from runtime.settings import Settings


def smtp_client(settings: Settings, *, timeout: float) -> aiosmtplib.SMTP:
    """Return a client of the relay, which signs in and encrypts as the settings say; ``timeout`` is in seconds."""
    return aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        start_tls=settings.smtp_starttls,
        timeout=timeout,
    )
