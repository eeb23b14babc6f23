"""Emails that left and whose rows were lost with a newer PostgreSQL: what is in them leads again where it did."""

from collections.abc import Iterable

from emails.links import LinkKeys, MilestoneLinks
from emails.return_path import return_path
from runtime.settings import Settings
from schemas.emails.messages import QueuedEmail, WrittenEmail
from schemas.enums import Recipient, Side
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.state import EmailRequest
from storage import mentorships, outbox
from storage.database import Db


async def store_again(db: Db, settings: Settings, mentorship_id: str, emails: Iterable[EmailRequest]) -> None:
    """Store emails of a mentorship as sent, with their links, which are derived anew and so are the same.

    That holds as long as the newest key is the one of then; otherwise the page says how to get another link.
    """
    pair = await mentorships.partners(db, mentorship_id)
    queued = [QueuedEmail(scope_id=mentorship_id, now=email.at, **email.model_dump()) for email in emails]
    await outbox.save_lost(db, [(email, _written(settings, pair, email)) for email in queued])


def _written(settings: Settings, pair: MentorshipPair, email: QueuedEmail) -> WrittenEmail:
    key = LinkKeys(settings).find(None)
    if email.to is Recipient.STAFF:
        # Whom it went to is not known any more, so a bounce of it is about no email.
        known = return_path(settings, email.key, "", key)
        return WrittenEmail(key=email.key, subject="", message_id=known.message_id, link_key_id=key.id)
    known = return_path(settings, email.key, pair.of(Side(email.to)).email, key)
    links = MilestoneLinks(public_url=settings.public_url, secret=key.secret)
    return WrittenEmail(
        key=email.key,
        subject="",
        links=tuple(links.known(email, email.asks)),
        bounce_hash=known.token_hash,
        message_id=known.message_id,
        link_key_id=key.id,
    )
