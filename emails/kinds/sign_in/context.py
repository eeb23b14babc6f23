"""Brings a role holder the link that signs them in to the staff pages."""

from typing import ClassVar

from emails.kinds._base.email import EmailContext
from schemas.enums import EmailKind


class SignInEmail(EmailContext):
    """Brings a role holder the link that signs them in to the staff pages, for some minutes and once."""

    kind: ClassVar[EmailKind] = EmailKind.SIGN_IN

    url: str
    minutes: int
