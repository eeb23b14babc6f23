"""Samples of the address change email."""

from typing import Any

from emails.kinds.address_change.context import AddressChangeEmail
from emails.samples import SITE, TOKEN, SampleCast


def samples(cast: SampleCast) -> dict[str, AddressChangeEmail]:
    """Return the emails by what they are."""
    told: dict[str, Any] = {
        "cohort": cast.cohort,
        "written_on": cast.day(40),
        "name": cast.to_mentee["recipient"].short_name,
        "other": "k…@example.net",
        "happened_on": cast.day(40),
    }
    link = {"url": f"{SITE}/address/{TOKEN}", "by": cast.day(47)}
    return {
        "address change asked for": AddressChangeEmail(news="asked", **told, **link),
        "address changed": AddressChangeEmail(news="changed", **told, **link),
        "address changed by staff": AddressChangeEmail(news="by_staff", **told),
        "address kept": AddressChangeEmail(news="kept", **told),
    }
