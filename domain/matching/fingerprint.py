"""What identifies the input of a match run: a hash that changes with any of it and with nothing else."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date

from domain.matching.people import People
from schemas.cohort.settings import Eligibility, MatchingSettings

IdPair = tuple[str, str]


def inputs_sha256(
    people: People,
    *,
    settings: MatchingSettings,
    eligibility: Eligibility,
    kickoff_on: date | None,
    pins: Iterable[IdPair],
    forbid: Iterable[IdPair],
    earlier: Mapping[str, str] | None,
) -> str:
    """Return the SHA-256, in hexadecimal, of everything a match run is decided by, in no particular order of people."""
    # People come in order of id, so that the order of rows in a file changes nothing.
    inputs = {
        "mentors": [person.model_dump(mode="json") for person in people.mentors],
        "mentees": [person.model_dump(mode="json") for person in people.mentees],
        "matching": settings.model_dump(mode="json"),
        "eligibility": eligibility.model_dump(mode="json"),
        "kickoff_on": kickoff_on.isoformat() if kickoff_on else None,
        "pins": sorted(set(pins)),
        "forbid": sorted(set(forbid)),
        "earlier": sorted(earlier.items()) if earlier else [],
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
