"""Where and when people meet, told as one mark: whoever was told once is told again when it changes, and only then."""

import hashlib
import json
import unicodedata

from schemas.cohort.settings import CohortSettings


def kickoff_fingerprint(settings: CohortSettings) -> str:
    """Return the mark of a cohort's venue, days and hours: 64 hexadecimal digits that are equal as long as these are.

    What nobody would travel or rise differently for is no change: how a word is capitalized or spaced, in which order
    half days are listed or what they are called, whom to ask (A20, A21).
    """
    meets = settings.institute
    half_days = settings.session.half_days if settings.session else ()
    told = {
        "where": [_plain(words) for words in (meets.venue, meets.town, meets.address or "")],
        "days": [str(day) for day in (meets.opens_on, meets.last_day, settings.kickoff)],
        "hours": sorted([str(half.day), str(half.begins), str(half.ends)] for half in half_days),
        "time_zone": settings.time_zone,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _plain(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).casefold().split())
