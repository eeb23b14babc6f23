"""Email addresses: one rule for participants, applicants, staff and those who ask a question."""

from functools import lru_cache
from typing import Annotated

import email_validator
from pydantic import AfterValidator, TypeAdapter, ValidationError, validate_email
from pydantic_core import PydanticCustomError

NOT_PLAIN = "email_not_plain"


# More than the people of the largest class that docs/capacity.md names: where it holds fewer than are read in a row,
# each reading checks all of them anew.
@lru_cache(maxsize=32_768)
def _in_ascii(typed: str) -> str:
    """Return an address as every mail server accepts it: an international domain by its ASCII name (RFC 5890).

    The part before the @ has no such form, so it must be ASCII: the two of a pair write to each other from mailboxes of
    their own, which may not support anything else.
    """
    _, address = validate_email(typed)
    plain = email_validator.validate_email(address, check_deliverability=False).ascii_email
    if plain is None:
        raise PydanticCustomError(NOT_PLAIN, "has other letters before the @ than those of ASCII")
    return plain


EmailAddress = Annotated[str, AfterValidator(_in_ascii)]
_ADDRESS = TypeAdapter[str](EmailAddress)


def comparable(address: str) -> str:
    """Return an address in the form in which it would be stored, in lower case; what is none stays what it is."""
    try:
        return _ADDRESS.validate_python(address.strip()).lower()
    except ValidationError:
        return address.strip().lower()
