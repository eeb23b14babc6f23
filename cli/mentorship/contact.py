"""Reaching people again: what waits for them is sent once more, and an address that refuses is put right."""

from typing import Literal

from pydantic import ValidationError

from cli.common.servers import staff_actor
from cli.mentorship.concerns import LOWERED_BY_ATTENDING
from cli.mentorship.steps import over, progress_of
from schemas.base import FrozenModel
from schemas.enums import Side, StaffReason
from schemas.errors import MileError, Refusal
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.changes import ResendRequest
from schemas.mentorship.contact import ParticipantContact
from schemas.mentorship.responses import MentorshipPair
from services.context import ServiceContext
from services.workflow_calls import update_workflow
from storage import contacts


class Resent(FrozenModel):
    """What one side is asked again, by milestone, and how many emails that took; ``done`` is false in a dry run."""

    mentorship: str
    done: bool
    side: Side
    waiting_for: tuple[str, ...]
    emails: int = 0


class ContactShown(FrozenModel):
    """Which parts of a participant's contact change, and in which mentorships they are written to again.

    ``done`` is false in a dry run. Neither names nor addresses are told to programs.
    """

    mentorship: str
    done: bool
    person: str
    changed: tuple[Literal["name", "email"], ...]
    written_again: tuple[str, ...]


class Attended(FrozenModel):
    """Which concerns staff lowered; ``done`` is false in a dry run."""

    mentorship: str
    done: bool
    lowered: tuple[StaffReason, ...]


async def resend(at: ServiceContext, pair: MentorshipPair, side: Side, *, note: str | None, dry_run: bool) -> Resent:
    """Write to one side again; raises Refusal where there is nothing to send."""
    progress = await progress_of(at, pair)
    waiting = tuple(one.partition(":")[2] for one in progress.waiting_for if one.startswith(f"{side}:"))
    shown = Resent(mentorship=pair.mentorship_id, done=False, side=side, waiting_for=waiting)
    if dry_run:
        return shown
    emails = await _write_again(at, pair.cohort.id, pair.mentorship_id, side, note=note)
    return shown.model_copy(update={"done": True, "emails": emails})


async def change_contact(
    at: ServiceContext,
    pair: MentorshipPair,
    side: Side,
    *,
    email: str | None,
    name: str | None,
    note: str | None,
    dry_run: bool,
) -> ContactShown:
    """Write to a participant elsewhere from now on, and once more what waits for them: the old links are revoked.

    Raises Refusal where the address is none or is somebody else's, MileError where it was changed but nobody could be
    written to again.
    """
    before = await contacts.contact(at.pool, pair.mentorship_id, side)
    after = _changed(before, {part: given for part, given in (("email", email), ("name", name)) if given is not None})
    await contacts.check_contact(at.pool, after)
    again = await contacts.running_mentorships(at.pool, before) if before.email != after.email else ()
    shown = ContactShown(
        mentorship=pair.mentorship_id,
        done=False,
        person=before.person_id,
        changed=tuple(part for part in ("name", "email") if getattr(before, part) != getattr(after, part)),
        written_again=again,
    )
    if dry_run:
        return shown
    await contacts.change_contact(at.pool, after)
    await at.audit(
        staff_actor(),
        "contact_changed",
        pair.cohort.id,
        pair.mentorship_id,
        person=before.person_id,
        changed=list(shown.changed),
        note=note,
    )
    await _write_again_everywhere(at, after, again)
    return shown.model_copy(update={"done": True})


async def attend(at: ServiceContext, pair: MentorshipPair, *, note: str, dry_run: bool) -> Attended:
    """Lower the concerns that staff attended to; the note stands in the audit trail."""
    concerns = (await progress_of(at, pair)).concerns
    lowered = tuple(concern for concern in concerns if concern in LOWERED_BY_ATTENDING)
    if not dry_run:
        handle = at.workflow(mentorship_workflow_id(pair.mentorship_id))
        await update_workflow(handle, "resolve_concerns", kind=type(None), absent=over(pair.mentorship_id))
        await at.audit(staff_actor(), "attended", pair.cohort.id, pair.mentorship_id, lowered=list(lowered), note=note)
    return Attended(mentorship=pair.mentorship_id, done=not dry_run, lowered=lowered)


async def _write_again(at: ServiceContext, cohort: str, mentorship: str, side: Side, *, note: str | None = None) -> int:
    handle = at.workflow(mentorship_workflow_id(mentorship))
    emails = await update_workflow(handle, "resend", ResendRequest(side=side), kind=int, absent=over(mentorship))
    await at.audit(staff_actor(), "resent", cohort, mentorship, side=side, emails=emails, note=note)
    return emails


async def _write_again_everywhere(at: ServiceContext, person: ParticipantContact, refused: tuple[str, ...]) -> None:
    for mentorship in refused:
        try:
            await _write_again(at, person.cohort_id, mentorship, person.side)
        except MileError as error:
            raise MileError(
                f"The address of {person.person_id} is changed, but they were not written to again. "
                f"To send it, or to see what is in the way: mile mentorship resend {mentorship} --side {person.side}"
            ) from error


def _changed(before: ParticipantContact, given: dict[str, str]) -> ParticipantContact:
    try:
        return ParticipantContact.model_validate(before.model_dump() | given)
    except ValidationError as error:
        part = error.errors()[0]["loc"][0]
        advice = "one line of at most 200 characters" if part == "name" else "one such as name@example.org"
        raise Refusal(f"--{part} {given[str(part)]!r} cannot be used; write {advice}.") from None
