"""Samples of the address confirmation email."""

from emails.kinds.address_confirmation.context import AddressConfirmationEmail
from emails.samples import SITE, TOKEN, SampleCast


def samples(cast: SampleCast) -> dict[str, AddressConfirmationEmail]:
    """Return the emails by what they are."""
    url = f"{SITE}/address/{TOKEN}"
    return {
        "address confirmation": AddressConfirmationEmail(
            cohort=cast.cohort, written_on=cast.day(40), url=url, asked_on=cast.day(40), by=cast.day(47)
        )
    }
