"""Emails about an address that changes: to a mailbox that is not, or not any more, the stored one of a participant."""

from typing import Any

from domain.calendar import local_day
from emails.kinds.address_change.context import AddressChangeEmail
from emails.kinds.address_confirmation.context import AddressConfirmationEmail
from emails.links import AddressLinks
from schemas.base import FrozenModel
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Language
from schemas.ids import subject_of
from schemas.mentorship.contact import AddressChange, shortened
from storage import address_changes, mentorships, roles
from storage.database import Db


class EmailToMailbox(FrozenModel):
    """An email and the address it goes to, whatever address its recipient has now."""

    context: AddressConfirmationEmail | AddressChangeEmail
    to: str
    language: Language


async def read_address_email(pool: Db, queued: QueuedEmail, links: AddressLinks) -> EmailToMailbox | None:
    """Return an email about a changed address, or None where nothing is left to say; its link works from then on."""
    number, _, said = subject_of(queued.key).partition("-")
    change = await address_changes.find(pool, int(number))
    if change is None or _is_settled(change, said):
        return None
    pair = await mentorships.partners(pool, change.mentorship_id)
    cohort = await roles.settings_at(pool, pair.cohort, queued.now)
    language = cohort.language_for(pair.of(change.side).language)
    shared: dict[str, Any] = {"cohort": cohort, "written_on": local_day(queued.at, cohort.time_zone)}
    if queued.kind is EmailKind.ADDRESS_CONFIRMATION:
        context = AddressConfirmationEmail(
            url=await links.url(queued.key, change.id, confirms=True),
            asked_on=local_day(change.asked_at, cohort.time_zone),
            by=local_day(change.confirmed_by, cohort.time_zone),
            **shared,
        )
        return EmailToMailbox(context=context, to=change.new_email, language=language)
    news: dict[str, Any] = {"news": said, "happened_on": shared["written_on"]}
    if said in {"asked", "changed"}:
        news["url"] = await links.url(queued.key, change.id, confirms=False)
        news["by"] = local_day(change.kept_by, cohort.time_zone)
    other, to = change.new_email, change.old_email
    if said == "kept":
        other, to = to, other
    name = pair.of(change.side).short_name
    changed = AddressChangeEmail(name=name, other=shortened(other), **news, **shared)
    return EmailToMailbox(context=changed, to=to, language=language)


def _is_settled(change: AddressChange, said: str) -> bool:
    """Tell whether something happened since that makes an email pointless, as after an outage of the relay."""
    return said in {"", "asked"} and any((change.confirmed_at, change.kept_at, change.closed_at))
