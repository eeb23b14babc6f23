"""The address of a mailbox: one rule for whoever is written to, writes to us, or is answered."""

from typing import Annotated

from email_validator import validate_email
from pydantic import AfterValidator, EmailStr
from pydantic_core import PydanticCustomError

NOT_PLAIN = "email_not_plain"


def _in_ascii(address: str) -> str:
    """Return an address as every mail server takes it, a domain in other letters by its ASCII name (RFC 5890).

    What stands before the @ has no such form. A pair write to each other from their own mailboxes, so that it would not
    do if only ours could.
    """
    plain = validate_email(address, check_deliverability=False).ascii_email
    if plain is None:
        raise PydanticCustomError(NOT_PLAIN, "has other letters before the @ than those of ASCII")
    return plain


EmailAddress = Annotated[EmailStr, AfterValidator(_in_ascii)]
