"""The addresses of pages about one email: its key has slashes, so it stands there in base64."""

import base64
import binascii

from services.sent_emails import unknown_email
from web.staff.console import CLASS, StaffVisit

EMAILS = f"{CLASS}/emails"
EMAIL = f"{EMAILS}/one/{{email}}"


def email_part(key: str) -> str:
    """Return an email's key as a part of an address."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def email_key_of(visit: StaffVisit) -> str:
    """Return the key of the email that a page is about; raises Refusal where the address has none."""
    part = visit.params["email"]
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    except (binascii.Error, ValueError):
        raise unknown_email() from None
