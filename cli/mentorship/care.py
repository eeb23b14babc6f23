"""``mile mentorship replace|resend|contact|reminders|resolve|attend``: what staff do for one of the two."""

from datetime import date
from typing import Annotated

import typer

from cli.cohort.options import DryRun, Note, check_note
from cli.common.dates import day
from cli.common.results import NOTHING_WAS_DONE, way_back_line
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, print_json, staff_actor
from cli.common.steps import Yes, announce, at_once
from cli.common.tables import print_table
from cli.mentorship.options import MentorshipId
from cli.mentorship.session import with_mentorship
from cli.mentorship.tables import candidates_table, effect_table
from domain.mentorship.concern_words import short_concerns
from schemas.base import FrozenModel
from schemas.enums import EndingReason, Side, StaffReason
from schemas.errors import Refusal
from schemas.matching.results import ReplacementCandidate
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.what_if import WhatIf
from schemas.preview import Preview
from services.context import ServiceContext
from services.mentorships.changes import ChangePreview
from services.mentorships.concerns import attend, preview_attention, preview_resolution, resolve_concerns
from services.mentorships.contact import (
    ContactChange,
    ResendPreview,
    change_contact,
    preview_contact_change,
    preview_resend,
    resend,
)
from services.mentorships.replacement import (
    Candidates,
    Replacement,
    find_candidates,
    nobody_can_take_over,
    preview_replacement,
    replace_mentor,
)
from services.reminders import preview_staff_reminders, set_reminders

SideOption = Annotated[Side, typer.Option("--side", help="Which of the two.")]


class ReplacementShown(FrozenModel):
    """Who could take over, best score first; and, once somebody was named, who does and in which mentorship.

    ``done`` is false in a dry run and where nobody was named; ``effect`` is what it does to the emails to come.
    """

    mentorship: str
    done: bool
    offered: tuple[ReplacementCandidate, ...]
    mentor: str | None = None
    successor: str | None = None
    effect: WhatIf | None = None


class ResendShown(FrozenModel):
    """What one side is asked again, by milestone, and how many emails that took; ``done`` is false in a dry run."""

    mentorship: str
    done: bool
    side: Side
    waiting_for: tuple[str, ...]
    emails: int = 0


class ContactShown(FrozenModel):
    """Which parts of a participant's contact change, and in which mentorships they are written to again.

    ``done`` is false in a dry run. JSON contains neither names nor addresses.
    """

    mentorship: str
    done: bool
    person: str
    changed: tuple[str, ...]
    written_again: tuple[str, ...]


class RemindersShown(FrozenModel):
    """Whether one side's reminders are paused; ``done`` is false in a dry run, and where nothing changed."""

    mentorship: str
    done: bool
    side: Side
    paused: bool


class ResolveShown(FrozenModel):
    """Which concerns staff resolved; ``done`` is false in a dry run."""

    mentorship: str
    done: bool
    resolved: tuple[StaffReason, ...]


class AttendShown(FrozenModel):
    """Which concerns staff put off, and until when; ``done`` is false in a dry run."""

    mentorship: str
    done: bool
    attended: tuple[StaffReason, ...]
    look_again_on: date


def replace_command(
    mentorship: MentorshipId,
    mentor: Annotated[
        str | None,
        typer.Option("--mentor", metavar="ID", help="The new mentor. By default, lists possible mentors."),
    ] = None,
    reason: Annotated[
        EndingReason, typer.Option("--reason", help="Why the first mentor withdraws. No one is at fault.")
    ] = EndingReason.CIRCUMSTANCES,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Give a mentee a new mentor for the time left, or list the mentors who could take over."""

    async def use_case(
        services: ServiceContext, pair: MentorshipPair
    ) -> tuple[Candidates, ChangePreview | None, Replacement | None]:
        candidates = await find_candidates(services, pair)
        if mentor is None:
            if not candidates.available:
                raise nobody_can_take_over(pair)
            return candidates, None, None
        previewed = await preview_replacement(services, pair, mentor, reason)
        if dry_run:
            return candidates, previewed, None
        announce(at_once(previewed.preview), yes=yes)
        replacement = await replace_mentor(services, staff_actor(), pair, mentor, reason, note=note)
        return candidates, replacement.previewed, replacement

    pair, (candidates, previewed, replacement) = with_mentorship(mentorship, folder, use_case)
    if as_json:
        shown = ReplacementShown(
            mentorship=mentorship,
            done=replacement is not None,
            offered=candidates.available,
            mentor=mentor,
            successor=replacement.successor if replacement else None,
            effect=previewed.effect if previewed else None,
        )
        print_json(shown)
    elif replacement:
        print(f"{mentorship} is over; {mentor} takes over in {replacement.successor}.")
    elif previewed:
        print_table(effect_table(pair, previewed.effect))
        print(*previewed.preview.changes, sep="\n")
        print(way_back_line(previewed.preview))
        print(NOTHING_WAS_DONE)
    else:
        _print_candidates(pair, candidates)


def resend_command(
    mentorship: MentorshipId,
    side: SideOption,
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Email one side again: what they have not answered, or else the last email."""

    async def use_case(services: ServiceContext, pair: MentorshipPair) -> tuple[ResendPreview, int]:
        previewed = await preview_resend(services, pair, side)
        if dry_run:
            return previewed, 0
        announce(previewed.preview, yes=True)
        return previewed, await resend(services, staff_actor(), pair, side, note=note)

    _, (previewed, emails) = with_mentorship(mentorship, folder, use_case)
    if as_json:
        waiting_for = previewed.waiting_for
        print_json(
            ResendShown(mentorship=mentorship, done=not dry_run, side=side, waiting_for=waiting_for, emails=emails)
        )
    elif dry_run:
        print(*previewed.preview.changes, sep="\n")
        print(NOTHING_WAS_DONE)
    else:
        print(f"{'1 email goes' if emails == 1 else f'{emails} emails go'} to the {side} of {mentorship}.")


def contact_command(
    mentorship: MentorshipId,
    side: SideOption,
    email: Annotated[str | None, typer.Option("--email", metavar="ADDRESS", help="The new address.")] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="The new name.")] = None,
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Change a participant's address or name. Old links stop working, and new ones are sent."""
    if email is None and name is None:
        raise Refusal("Say what changes: --email, --name, or both.")

    async def use_case(services: ServiceContext, pair: MentorshipPair) -> ContactChange:
        previewed = await preview_contact_change(services, pair, side, email=email, name=name)
        if dry_run:
            return previewed
        announce(previewed.preview, yes=True)
        return await change_contact(services, staff_actor(), pair, side, email=email, name=name, note=note)

    _, change = with_mentorship(mentorship, folder, use_case)
    if as_json:
        fields = change.model_dump(exclude={"preview"})
        print_json(ContactShown(mentorship=mentorship, done=not dry_run, **fields))
    elif dry_run:
        print(*change.preview.changes, sep="\n")
        print(NOTHING_WAS_DONE)
    else:
        parts = f"{' and '.join(change.changed)} of" if change.changed else "nothing about"
        print(f"Changed: {parts} {change.person}.")
        for mentorship_id in change.written_again:
            print(f"In {mentorship_id} they get new links. Older links no longer work.")


def reminders_command(
    mentorship: MentorshipId,
    side: SideOption,
    pause: Annotated[bool, typer.Option("--pause/--resume", help="Stop the reminders, or send them again.")],
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Pause one side's reminders for them, or send them again. First emails about each step still come."""

    async def use_case(services: ServiceContext, pair: MentorshipPair) -> tuple[Preview, bool]:
        previewed = preview_staff_reminders(pair, side, paused=pause)
        changed = not dry_run and await set_reminders(services, staff_actor(), pair, side, paused=pause, note=note)
        return previewed, changed

    _, (previewed, changed) = with_mentorship(mentorship, folder, use_case)
    if as_json:
        print_json(RemindersShown(mentorship=mentorship, done=changed, side=side, paused=pause))
    elif dry_run:
        print(*previewed.changes, sep="\n")
        print(NOTHING_WAS_DONE)
    else:
        state = "paused" if pause else "sent"
        print(f"Reminders of the {side} of {mentorship} are {state}{'' if changed else ' already'}.")


def resolve_command(
    mentorship: MentorshipId,
    note: Annotated[
        str,
        typer.Option("--note", metavar="TEXT", help="What was done. It goes in the audit log.", callback=check_note),
    ],
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Resolve concerns that staff dealt with: a request for a call, a refusing address, a strange message."""

    async def use_case(services: ServiceContext, pair: MentorshipPair) -> tuple[StaffReason, ...]:
        if dry_run:
            return await preview_resolution(services, pair)
        return await resolve_concerns(services, staff_actor(), pair, note=note)

    _, resolved = with_mentorship(mentorship, folder, use_case)
    if as_json:
        print_json(ResolveShown(mentorship=mentorship, done=not dry_run, resolved=resolved))
        return
    print(f"{'Would be resolved' if dry_run else 'Resolved'}: {', '.join(resolved) or 'no concern was open'}.")
    if dry_run:
        print(NOTHING_WAS_DONE)


def attend_command(
    mentorship: MentorshipId,
    note: Annotated[
        str, typer.Option("--note", metavar="TEXT", help="What you do. The digest has it, too.", callback=check_note)
    ],
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="When to look again.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Note that staff attend to a mentorship's concerns, and on which day the weekly digest tells them again."""
    look_again_on = day(until, "--until")

    async def use_case(services: ServiceContext, pair: MentorshipPair) -> tuple[StaffReason, ...]:
        if dry_run:
            return await preview_attention(services, pair, look_again_on=look_again_on)
        return await attend(services, staff_actor(), pair, note=note, look_again_on=look_again_on)

    _, attended = with_mentorship(mentorship, folder, use_case)
    if as_json:
        print_json(AttendShown(mentorship=mentorship, done=not dry_run, attended=attended, look_again_on=look_again_on))
        return
    print(f"{'Would be' if dry_run else 'Are'} put off until {look_again_on}: {short_concerns(attended)}.")
    if dry_run:
        print(NOTHING_WAS_DONE)


def _print_candidates(pair: MentorshipPair, candidates: Candidates) -> None:
    print_table(candidates_table(pair.mentorship_id, candidates.available, candidates.names))
    best = candidates.available[0].mentor
    print(f"To let one take over: mile mentorship replace {pair.mentorship_id} --mentor {best}")
