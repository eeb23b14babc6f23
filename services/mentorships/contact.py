"""Send a participant their emails again, and change their address or name."""

from datetime import datetime
from typing import Literal

from pydantic import ValidationError

from domain.applications.mailboxes import is_same_address
from domain.labels import label
from schemas.actor import Actor
from schemas.base import FrozenModel
from schemas.enums import EmailKind, Side
from schemas.errors import MileError, Refusal
from schemas.mentorship.changes import ResendRequest, WhatIfRequest
from schemas.mentorship.contact import ParticipantContact
from schemas.mentorship.responses import MentorshipPair
from schemas.preview import Preview, PreviewedEmail
from services.address_changes import tell_old_mailbox
from services.context import ServiceContext
from services.email_forecast import UNKNOWN
from services.mentorships.changes import preview_what_if
from services.mentorships.decisions import decide
from services.mentorships.lookup import find_mentorship, get_running
from storage import address_changes, calendar_feeds, calendar_subscriptions, contacts
from storage.database import Connection, Db, transaction

CHANGE_BACK = "give the old address or name again; we keep no name, and an address for a month only"


class ResendPreview(FrozenModel):
    """What one side would be asked again, by milestone; without any, their last email that asked for nothing."""

    waiting_for: tuple[str, ...]
    preview: Preview


class ContactChange(FrozenModel):
    """Which parts of a participant's contact change, and in which mentorships they get their emails again."""

    person: str
    changed: tuple[Literal["name", "email"], ...]
    written_again: tuple[str, ...]
    preview: Preview = Preview()


async def preview_resend(services: ServiceContext, pair: MentorshipPair, side: Side) -> ResendPreview:
    """Return what one side would be asked again; raises Refusal where there is nothing to send."""
    progress = await get_running(services, pair)
    previewed = await preview_what_if(services, pair, WhatIfRequest(change=ResendRequest(side=side)))
    waiting_for = tuple(item.partition(":")[2] for item in progress.waiting_for if item.startswith(f"{side}:"))
    sentence = (
        f"The {side} would be asked again: {', '.join(map(label, waiting_for))}."
        if waiting_for
        else f"The {side} has nothing to answer. The last email would be sent again."
    )
    preview = previewed.preview.model_copy(update={"changes": (sentence,)})
    return ResendPreview(waiting_for=waiting_for, preview=preview)


async def resend(
    services: ServiceContext, actor: Actor, pair: MentorshipPair, side: Side, *, note: str | None = None
) -> int:
    """Send one side their emails again and return how many; raises Refusal where there is nothing to send."""
    return await _resend(services, actor, pair.cohort.id, pair.mentorship_id, side, note=note)


async def preview_contact_change(
    services: ServiceContext, pair: MentorshipPair, side: Side, *, email: str | None, name: str | None
) -> ContactChange:
    """Return what a new address or name would change; raises Refusal where it cannot be used."""
    before, after = await _contacts(services.pool, pair, side, email=email, name=name)
    change = await _contact_change(services.pool, before, after)
    return change.model_copy(update={"preview": await _preview(services, before, after, change)})


async def change_contact(
    services: ServiceContext,
    actor: Actor,
    pair: MentorshipPair,
    side: Side,
    *,
    email: str | None,
    name: str | None,
    note: str | None = None,
) -> ContactChange:
    """Change a participant's address or name, and send again what waits for them: the old links are revoked.

    So are calendars that were set up on their page: whoever read the old mailbox may have done it. The old mailbox is
    told, because it is not staff who may decide where somebody's private emails go. What is so already changes nothing.

    Raises Refusal where the address is not valid or is somebody else's, MileError where it was changed but the emails
    could not be sent again.
    """
    async with transaction(services.pool) as db:
        # They may be confirming another address at this moment, and staff who correct the name must not undo it.
        await address_changes.lock(db, pair.cohort.id, pair.of(side).id)
        before, after = await _contacts(db, pair, side, email=email, name=name)
        change = await _contact_change(db, before, after)
        if not change.changed:
            return change
        await contacts.change_contact(db, before, **after.model_dump(include=set[str](change.changed)))
        if _is_another_mailbox(before, after):
            now = services.now(pair.mentorship_id)
            await tell_old_mailbox(db, pair.mentorship_id, before, after, now)
            await _end_calendars(db, after, now)
        await services.audit_in(
            db,
            actor,
            "contact_changed",
            pair.cohort.id,
            pair.mentorship_id,
            change.person,
            person=change.person,
            changed=list(change.changed),
            note=note,
        )
    for mentorship_id in change.written_again:
        try:
            await _resend(services, actor, after.cohort_id, mentorship_id, side)
        except MileError as error:
            raise MileError(
                f"The address of {after.person_id} is changed, but they were not written to again.",
                shell_advice="To send it, or to see what is in the way: "
                f"mile mentorship resend {mentorship_id} --side {side}",
            ) from error
    return change


def _is_another_mailbox(before: ParticipantContact, after: ParticipantContact) -> bool:
    return not is_same_address(before.email, after.email)


async def _end_calendars(db: Connection, person: ParticipantContact, now: datetime) -> None:
    await calendar_feeds.revoke(db, person.cohort_id, person.person_id, now)
    await calendar_subscriptions.delete(db, person.cohort_id, person.person_id)


async def _resend(
    services: ServiceContext, actor: Actor, cohort_id: str, mentorship_id: str, side: Side, *, note: str | None = None
) -> int:
    request = ResendRequest(side=side)
    return await decide(services, actor, cohort_id, mentorship_id, request, result=int, side=side, note=note)


async def _contacts(
    db: Db, pair: MentorshipPair, side: Side, *, email: str | None, name: str | None
) -> tuple[ParticipantContact, ParticipantContact]:
    """Return how a participant is reached now, and how they would be; raises Refusal where that cannot be."""
    before = await contacts.contact(db, pair.mentorship_id, side)
    changes = {part: value for part, value in (("email", email), ("name", name)) if value is not None}
    try:
        after = ParticipantContact.model_validate(before.model_dump() | changes)
    except ValidationError as error:
        part = str(error.errors()[0]["loc"][0])
        advice = "one line of at most 200 characters" if part == "name" else "one such as name@example.org"
        raise Refusal(f"--{part} {changes[part]!r} cannot be used; write {advice}.") from None
    await contacts.check_contact(db, after)
    return before, after


async def _contact_change(db: Db, before: ParticipantContact, after: ParticipantContact) -> ContactChange:
    changed: tuple[Literal["name", "email"], ...] = ("name", "email")
    changed = tuple(part for part in changed if getattr(before, part) != getattr(after, part))
    written_again = await contacts.running_mentorships(db, before) if _is_another_mailbox(before, after) else ()
    return ContactChange(person=before.person_id, changed=changed, written_again=written_again)


async def _preview(
    services: ServiceContext, before: ParticipantContact, after: ParticipantContact, change: ContactChange
) -> Preview:
    parts = f"{' and '.join(change.changed)} of" if change.changed else "nothing about"
    sentences = [f"Would change: {parts} {change.person}."]
    sentences += [
        f"In {mentorship_id} they would get new links. Older links would no longer work."
        for mentorship_id in change.written_again
    ]
    emails, left_out = await _emails_again(services, change.written_again, before.side)
    if _is_another_mailbox(before, after):
        sentences.append("The old address is told that emails go elsewhere now.")
        sentences += await _calendars_that_end(services, before)
        emails = (PreviewedEmail(to=before.side, kind=EmailKind.ADDRESS_CHANGE), *emails)
    # The service keeps no old address and no old name.
    return Preview(changes=tuple(sentences), emails=emails, left_out=left_out, way_back=CHANGE_BACK)


async def _calendars_that_end(services: ServiceContext, person: ParticipantContact) -> list[str]:
    """Say which calendars would end that were set up on somebody's page."""
    of_person = (services.pool, person.cohort_id, person.person_id)
    sentences = []
    if await calendar_feeds.has_feed(*of_person):
        sentences.append("Their private calendar address would stop working. They can make another on their page.")
    if await calendar_subscriptions.subscription(*of_person):
        sentences.append("We would no longer read their own calendar. They can enter it again on their page.")
    return sentences


async def _emails_again(
    services: ServiceContext, mentorship_ids: tuple[str, ...], side: Side
) -> tuple[tuple[PreviewedEmail, ...], tuple[str, ...]]:
    """Return the emails that follow a new address, and what to say where no workflow can tell."""
    pairs = [await find_mentorship(services, mentorship_id) for mentorship_id in mentorship_ids]
    try:
        previews = [(await preview_resend(services, pair, side)).preview for pair in pairs]
    # An address is corrected without a worker, too; staff are told that the emails wait for them.
    except MileError:
        return (), (UNKNOWN,)
    return tuple(email for preview in previews for email in preview.emails), ()
