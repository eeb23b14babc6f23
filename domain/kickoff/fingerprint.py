"""A fingerprint of where and when people meet: everybody invited gets an email when it changes, and only then."""

import hashlib
import json
import unicodedata

from schemas.cohort.settings import CohortSettings

FINGERPRINT_DIGITS = 16


def kickoff_fingerprint(settings: CohortSettings) -> str:
    """Return 16 hexadecimal digits that stay the same as long as a cohort's venue, days and hours do.

    Capitals, spaces, the order and names of half days, and the contact are left out: they change nobody's plans (A20,
    A21).
    """
    institute = settings.institute
    half_days = settings.session.half_days if settings.session else ()
    place_and_time = {
        "where": [_normalize(name) for name in (institute.venue, institute.town, institute.address or "")],
        "days": [str(day) for day in (institute.opens_on, institute.last_day, settings.kickoff_day)],
        "hours": sorted([str(half.day), str(half.begins), str(half.ends)] for half in half_days),
        "time_zone": settings.time_zone,
    }
    return hashlib.sha256(json.dumps(place_and_time, sort_keys=True).encode()).hexdigest()[:FINGERPRINT_DIGITS]


def _normalize(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
