"""What the pages ask of the program: to open a link, to take in a response, and what time it is there."""

from datetime import datetime
from typing import Protocol

from schemas.mentorship.responses import NewResponse, ResponsePage, SavedResponse


class Desk(Protocol):
    """Where responses are handed in; the pages know nothing of storage or of the engine behind it."""

    async def open(self, token_hash: bytes) -> ResponsePage | None:
        """Return what a link's page shows, or None where the link is unknown, expired or revoked. Changes nothing."""
        ...

    async def save(self, response: NewResponse) -> SavedResponse:
        """Store a response, then let the mentorship know; raises Refusal where it cannot be taken any more.

        Raises WrittenMeanwhile where it is about a version of the agreement that is not the newest any more.
        """
        ...

    def now(self, mentorship_id: str) -> datetime:
        """Return the program's clock for a mentorship (aware)."""
        ...

    async def healthy(self) -> dict[str, bool]:
        """Return for each thing the pages need whether it is there."""
        ...
