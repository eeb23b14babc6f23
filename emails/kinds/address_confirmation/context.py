"""Asks the owner of a mailbox whether somebody's emails should come there."""

from datetime import date
from typing import ClassVar

from emails.kinds._base.email import EmailContext
from schemas.enums import EmailKind


class AddressConfirmationEmail(EmailContext):
    """Asks whether our emails should come to this mailbox.

    It names nobody: until the yes, the mailbox may be a stranger's. ``url`` is the page with the button, ``by`` the
    last day on which it works.
    """

    kind: ClassVar[EmailKind] = EmailKind.ADDRESS_CONFIRMATION

    url: str
    asked_on: date
    by: date
