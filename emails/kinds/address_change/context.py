"""Tells a mailbox that somebody's address is to change, has changed, or stays as it was."""

from datetime import date
from typing import ClassVar, Literal, TypeAlias

from domain.safe_text import SafeLine
from emails.kinds._base.email import EmailContext
from schemas.enums import EmailKind

AddressNews: TypeAlias = Literal["asked", "changed", "by_staff", "kept"]


class AddressChangeEmail(EmailContext):
    """Tells the mailbox that an address is about, whoever reads it, what becomes of it.

    ``asked``, ``changed`` and ``by_staff`` go to the old mailbox, ``kept`` to the new one. ``other`` is the other
    address, shortened. ``url`` is the page that keeps the old address until the day ``by``; where staff changed it, and
    where it is kept, there is none.
    """

    kind: ClassVar[EmailKind] = EmailKind.ADDRESS_CHANGE

    news: AddressNews
    name: SafeLine
    other: SafeLine
    happened_on: date
    url: str = ""
    by: date | None = None
