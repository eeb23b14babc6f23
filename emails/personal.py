"""The personal link: one for each person and cohort, known by its hash, derived so that it is the same each time."""

import asyncpg

from emails.tokens import token, token_hash
from schemas.ids import applicant_scope
from storage import personal_links


def personal_token(secret: bytes, cohort_id: str, person_id: str, revoked: int = 0) -> str:
    """Derive the token of somebody's personal link; each one that was revoked has a successor."""
    scope = applicant_scope(cohort_id, person_id)
    return token(secret, "personal", f"{scope}/{revoked}" if revoked else scope)


class PersonalLinks:
    """Where people's own pages are; the links are kept as hashes before they leave in a letter."""

    def __init__(self, pool: asyncpg.Pool, public_url: str, secret: bytes) -> None:
        self._pool = pool
        self._public_url = public_url
        self._secret = secret

    async def url(self, cohort_id: str, person_id: str) -> str:
        """Return the address of somebody's page, which works from now on."""
        revoked = await personal_links.revoked(self._pool, cohort_id, person_id)
        made = personal_token(self._secret, cohort_id, person_id, revoked)
        await personal_links.ensure(self._pool, cohort_id, person_id, token_hash(made))
        return f"{self._public_url}/a/{made}"

    def apply_url(self, cohort_id: str) -> str:
        """Return the address of the public page on which anybody may apply to a cohort."""
        return f"{self._public_url}/apply/{cohort_id}"
