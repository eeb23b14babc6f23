"""The link that somebody lost: sent again to the address that they type, if it is one of ours."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg

from runtime.clock import Clock
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Language, Recipient, Side
from schemas.ids import applicant_scope, email_key
from storage import cohorts, lost_links, typed_requests
from storage.database import Connection, transaction
from storage.lost_links import Place
from storage.typed_addresses import EmailLimit

_NOBODY = "-"
_LIMIT = EmailLimit("/links", apart=timedelta(minutes=1))


class LostLinkService:
    """Emails people the link to their page; whoever asks learns only from the email whether the address is known."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def languages(self) -> Sequence[Language]:
        """Return the languages of every class that is not archived; whoever lost a link may be of any."""
        offered = [each for settings in await cohorts.current_settings(self._pool) for each in settings.languages]
        return tuple(dict.fromkeys(offered))

    async def send(self, address: str) -> None:
        """Send the owner of an address the link to their own page, one for each cohort.

        There is no actor: nobody knows who typed it.
        """
        asked_at = datetime.now(UTC)

        async def find(db: Connection) -> Sequence[QueuedEmail]:
            return [self._email(place, asked_at) for place in await lost_links.places(db, address)]

        async with transaction(self._pool) as db:
            await typed_requests.answer(
                db, _LIMIT, address, asked_at, find=find, nobodys=lambda cohort: self._nobodys_emails(cohort, asked_at)
            )

    def _nobodys_emails(self, cohort_id: str, asked_at: datetime) -> Sequence[QueuedEmail]:
        """Return emails as somebody would get them, to be taken back."""
        return [self._email(Place(cohort_id=cohort_id, person_id=_NOBODY, side=Side.MENTEE), asked_at)]

    def _email(self, place: Place, asked_at: datetime) -> QueuedEmail:
        return own_page_email(place, asked_at, self._clock.now(place.mentorship_id or place.cohort_id))


def own_page_email(place: Place, asked_at: datetime, now: datetime) -> QueuedEmail:
    """Return the email that brings somebody the link to their own page; ``asked_at`` tells one request from another."""
    scope = place.mentorship_id or applicant_scope(place.cohort_id, place.person_id)
    kind = EmailKind.OPEN_LINKS if place.mentorship_id else EmailKind.APPLICATION_LINK
    to = Recipient(place.side)
    return QueuedEmail(
        key=email_key(scope, kind, f"asked-{asked_at:%Y-%m-%dT%H:%M:%S.%f}", to),
        kind=kind,
        scope_id=scope,
        to=to,
        at=now,
        now=now,
        automatic=False,
    )
