"""Links of emails: a token for each milestone, a personal link and a reminder link for each person and cohort.

Tokens are derived, so that an email written again carries the same link; only their hashes are stored.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from runtime.settings import Settings
from schemas.base import FrozenModel
from schemas.emails.messages import QueuedEmail
from schemas.enums import Side
from schemas.ids import applicant_scope
from schemas.mentorship.responses import Link, MentorshipPair, StoredPersonalLinks, StoredReminderLink
from schemas.mentorship.state import Ask
from storage import address_changes, personal_links, reminders, staff_sessions
from storage.database import Db

# Below a reminder link: where somebody asks not to be invited to mentor again.
ASKS_PAGE = "/asks"
# Below a reminder link: which topics our emails suggest for the meetings to come.
TOPICS_PAGE = "/topics"
# Below a reminder link: what is open, and what somebody says of it.
OPPORTUNITIES_PAGE = "/opportunities"
# How long a link works that signs staff in.
SIGN_IN_MINUTES = 15
_TOKEN = re.compile(r"[a-z2-7]{26}")
# A link with a token, wherever it stands.
HAS_TOKEN = re.compile(r"/[a-z2-7]{26}(?![a-z2-7])")


def token(secret: bytes, purpose: str, email_key: str) -> str:
    """Derive the token of an email's link: 26 lower-case base32 characters, 128 bits of HMAC-SHA256 (RFC 2104).

    The same email key gives another token for another purpose, so no link does another one's work.
    """
    digest = hmac.digest(secret, f"{purpose}\0{email_key}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def random_token() -> str:
    """Return a token that is derived from nothing, in the form of all tokens."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def token_hash(token: str) -> bytes:
    """Return the SHA-256 of a token, the only form in which it is stored."""
    return hashlib.sha256(token.encode()).digest()


def is_token(text: str) -> bool:
    """Tell whether a text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None


@dataclass(frozen=True)
class LinkKey:
    """A key that links are derived with; its id is stored with each link and tells nothing of the secret."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Return eight hexadecimal digits by which the key is known."""
        return hashlib.sha256(b"key id\0" + self.secret).hexdigest()[:8]


class LinkKeys:
    """The keys of the settings: the newest derives new links, the others repeat those they have derived."""

    def __init__(self, settings: Settings) -> None:
        self.all = tuple(LinkKey(secret.encode("utf-8")) for secret in settings.link_keys)

    def find(self, key_id: str | None) -> LinkKey:
        """Return the key of an id, or the newest where there is none of it."""
        return next((key for key in self.all if key.id == key_id), self.all[0])


class PersonalLinks:
    """Where people's own pages are; the links are kept as hashes before an email carries them."""

    def __init__(self, pool: Db, public_url: str, key: LinkKey) -> None:
        self._pool = pool
        self._public_url = public_url
        self._key = key

    async def url(self, cohort_id: str, person_id: str) -> str:
        """Return the address of somebody's page, which works from now on."""
        revoked = await personal_links.count_revoked(self._pool, cohort_id, person_id)
        made = await self._token(cohort_id, person_id, StoredPersonalLinks(revocations=revoked))
        return f"{self._public_url}/a/{made}"

    async def mentorship_url(self, stored: StoredPersonalLinks | None, pair: MentorshipPair, side: Side) -> str:
        """Return the address of somebody's own page about a mentorship, behind the same link.

        ``stored`` are the links that are known of them, or None where there are none.
        """
        made = await self._token(pair.cohort.id, pair.of(side).id, stored or StoredPersonalLinks())
        return f"{self._public_url}/m/{made}/{pair.mentorship_id}"

    async def _token(self, cohort_id: str, person_id: str, stored: StoredPersonalLinks) -> str:
        made = personal_token(self._key.secret, cohort_id, person_id, stored.revocations)
        if token_hash(made) not in stored.token_hashes:
            await personal_links.ensure(self._pool, cohort_id, person_id, token_hash(made), key_id=self._key.id)
        return made

    def apply_url(self, cohort_id: str) -> str:
        """Return the address of the public page on which anybody may apply to a cohort."""
        return f"{self._public_url}/apply/{cohort_id}"


def personal_token(secret: bytes, cohort_id: str, person_id: str, revoked: int = 0) -> str:
    """Derive the token of a person's personal link; each revoked one has a successor."""
    scope = applicant_scope(cohort_id, person_id)
    return token(secret, "personal", f"{scope}/{revoked}" if revoked else scope)


class ReminderLinks:
    """Where participants pause their reminders; the links are kept as hashes before an email carries them."""

    def __init__(self, pool: Db, public_url: str, keys: LinkKeys) -> None:
        self._pool = pool
        self._public_url = public_url
        self._keys = keys

    async def url(self, pair: MentorshipPair, side: Side) -> str:
        """Return the address of the page where somebody pauses their reminders, which works from now on."""
        return await self.url_after(await reminders.link_of(self._pool, pair.cohort.id, pair.of(side).id), pair, side)

    async def url_after(self, stored: StoredReminderLink | None, pair: MentorshipPair, side: Side) -> str:
        """Return the same address where somebody's newest link is known, or that they have none.

        Another email address has another link, so that the old mailbox loses its own.
        """
        cohort_id, person = pair.cohort.id, pair.of(side)
        # A person has one link of this kind: it keeps its key, or it would end in the emails that were sent before.
        key = self._keys.find(stored.key_id if stored else None)
        revoked = stored.revocations if stored else 0
        about = f"{applicant_scope(cohort_id, person.id)}/{person.email}"
        made = token(key.secret, "reminders", f"{about}/{revoked}" if revoked else about)
        known = {"token_hash": token_hash(made), "key_id": key.id, "mentorship_id": pair.mentorship_id, "side": side}
        if stored is None or stored != stored.model_copy(update=known):
            await reminders.ensure_link(self._pool, cohort_id, person.id, StoredReminderLink(**known))
        return f"{self._public_url}/u/{made}"


class SignInLinks:
    """Where role holders sign in; the links are kept as hashes before an email carries them."""

    def __init__(self, pool: Db, public_url: str, key: LinkKey) -> None:
        self._pool = pool
        self._public_url = public_url
        self._key = key

    async def url(self, email_key: str, email: str, made_at: datetime) -> str:
        """Return the address of the page that signs somebody in once; it works for minutes after ``made_at``."""
        made = token(self._key.secret, "sign-in", email_key)
        await staff_sessions.save_link(self._pool, token_hash(made), email, made_at)
        return f"{self._public_url}/staff/sign-in/{made}"


class AddressLinks:
    """Where a new address is confirmed or an old one kept; the links are stored as hashes before an email has them."""

    def __init__(self, pool: Db, public_url: str, key: LinkKey) -> None:
        self._pool = pool
        self._public_url = public_url
        self._key = key

    async def url(self, email_key: str, change_id: int, *, confirms: bool) -> str:
        """Return the address of the page that confirms a change, or takes it back."""
        made = token(self._key.secret, "address", email_key)
        await address_changes.save_link(self._pool, token_hash(made), change_id, confirms=confirms, key_id=self._key.id)
        return f"{self._public_url}/address/{made}"


class MilestoneLinks(FrozenModel):
    """Where participants' pages are, and the key their links are derived with."""

    public_url: str
    secret: bytes

    def url(self, key: str, milestone: str) -> str:
        """Return the address of the page where an email's recipient answers a milestone."""
        return f"{self.public_url}/r/{self._token(key, milestone)}"

    def known(self, queued: QueuedEmail, asks: tuple[Ask, ...]) -> list[tuple[bytes, Link]]:
        """Return the token hashes of an email's links with what they stand for."""
        side = Side(queued.to)
        return [
            (
                token_hash(self._token(queued.key, ask.milestone)),
                Link(mentorship_id=queued.scope_id, milestone=ask.milestone, side=side),
            )
            for ask in asks
        ]

    def _token(self, key: str, milestone: str) -> str:
        return token(self.secret, milestone, key)
