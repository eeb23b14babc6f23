"""``mile mentorship pause|resume|extend|cadence|end``: changes by staff, with a preview of their effect."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.cohort.options import DryRun, Note
from cli.common.dates import day, rhythm
from cli.common.results import NOTHING_WAS_DONE, way_back_line
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, print_json, staff_actor
from cli.common.steps import Yes, announce, at_once
from cli.common.tables import print_table
from cli.mentorship.options import MentorshipId
from cli.mentorship.session import with_mentorship
from cli.mentorship.tables import effect_table
from schemas.base import FrozenModel
from schemas.enums import EndingReason, Outcome
from schemas.errors import Refusal
from schemas.mentorship.changes import CadenceRequest, Change, EndRequest, ExtendRequest, PauseRequest, ResumeRequest
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.what_if import WhatIf
from services.context import ServiceContext
from services.mentorships.changes import ChangePreview, end_sentence, make_change, preview_change, tomorrow

EarlyOutcome = Literal["ended_early", "mentor_withdrew", "mentee_withdrew"]
RhythmOption = "monthly, every-other-month, quarterly, twice-a-year, or days such as 2019-07-01,2019-10-01."


class ChangeShown(FrozenModel):
    """A change of a mentorship and what it does to the emails to come; ``done`` is false in a dry run."""

    mentorship: str
    done: bool
    change: Change
    effect: WhatIf


def pause_command(
    mentorship: MentorshipId,
    until_on: Annotated[str, typer.Option("--until", metavar="DATE", help="The first day after the pause.")],
    from_on: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first day of the pause. By default tomorrow.")
    ] = None,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Pause a mentorship. Everything after the pause moves by its length."""
    until = day(until_on, "--until")
    start = day(from_on, "--from") if from_on else None

    async def request(services: ServiceContext, pair: MentorshipPair) -> PauseRequest:
        return PauseRequest(from_on=start or await tomorrow(services, pair), until_on=until)

    _change(mentorship, request, folder, note=note, dry_run=dry_run, yes=yes, as_json=as_json)


def resume_command(
    mentorship: MentorshipId,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Resume a paused mentorship tomorrow."""
    _change(mentorship, _constant(ResumeRequest()), folder, note=note, dry_run=dry_run, yes=yes, as_json=as_json)


def extend_command(
    mentorship: MentorshipId,
    months: Annotated[int, typer.Option("--months", metavar="N", min=1, max=24, help="How many whole months.")],
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Extend a mentorship. The new quarters have check-ins too."""
    _change(
        mentorship,
        _constant(ExtendRequest(months=months)),
        folder,
        note=note,
        dry_run=dry_run,
        yes=yes,
        as_json=as_json,
    )


def cadence_command(
    mentorship: MentorshipId,
    meetings: Annotated[str | None, typer.Option("--meetings", metavar="RHYTHM", help=RhythmOption)] = None,
    goals: Annotated[str | None, typer.Option("--goals", metavar="RHYTHM", help="The same for goal updates.")] = None,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Change how often a pair meets or reports on goals."""
    if meetings is None and goals is None:
        raise Refusal("Say what changes: --meetings, --goals, or both.")
    request = CadenceRequest(meetings=rhythm(meetings, "--meetings"), goal_updates=rhythm(goals, "--goals"))
    _change(mentorship, _constant(request), folder, note=note, dry_run=dry_run, yes=yes, as_json=as_json)


def end_command(
    mentorship: MentorshipId,
    outcome: Annotated[EarlyOutcome, typer.Option("--outcome", help="How it ends.")],
    reason: Annotated[EndingReason, typer.Option("--reason", help="Why it ends. No one is at fault.")],
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """End a mentorship today. This can't be undone."""
    request = EndRequest(outcome=Outcome(outcome), reason=reason)
    _change(mentorship, _constant(request), folder, note=note, dry_run=dry_run, yes=yes, as_json=as_json)


def _change(
    mentorship: str,
    request: Callable[[ServiceContext, MentorshipPair], Awaitable[Change]],
    folder: Path,
    *,
    note: str | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    async def use_case(services: ServiceContext, pair: MentorshipPair) -> tuple[Change, ChangePreview]:
        change = await request(services, pair)
        previewed = await preview_change(services, pair, change)
        if dry_run:
            return change, previewed
        announce(at_once(previewed.preview), yes=yes)
        return change, await make_change(services, staff_actor(), pair, change, note=note)

    pair, (change, previewed) = with_mentorship(mentorship, folder, use_case)
    if as_json:
        print_json(ChangeShown(mentorship=mentorship, done=not dry_run, change=change, effect=previewed.effect))
        return
    print_table(effect_table(pair, previewed.effect))
    print(end_sentence(pair, previewed.effect, done=not dry_run))
    if dry_run:
        print(way_back_line(previewed.preview))
        print(NOTHING_WAS_DONE)


def _constant(change: Change) -> Callable[[ServiceContext, MentorshipPair], Awaitable[Change]]:
    async def request(_: ServiceContext, __: MentorshipPair) -> Change:
        return change

    return request
