"""The steps of staff about one mentorship, each taken twice on a mentorship of its own at several moments.

One silent pair lives through its 18 months; at each moment its state is copied into as many mentorships as there are
steps, as a workflow passes it from run to run.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.labels import label
from domain.mentorship.progression import plan_of
from domain.previews import email_lines
from rehearsal.environment import STAFF, Environment
from rehearsal.time_skipping import EARLIEST_TIME
from schemas.cohort.folder import CohortFolder
from schemas.enums import EndingReason, Outcome, Recipient, Side
from schemas.errors import Refusal
from schemas.ids import MENTORSHIP_WORKFLOW, mentorship_workflow_id
from schemas.mentorship.changes import (
    CadenceRequest,
    Change,
    EndRequest,
    ExtendRequest,
    PauseRequest,
    ResumeRequest,
)
from schemas.mentorship.messages import RecordProgress
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.state import MentorshipState, Progress
from schemas.mentorship.terms import Rhythm
from schemas.preview import Preview
from services.mentorships import changes, concerns, contact, replacement
from services.mentorships.lookup import find_mentorship
from storage import mentorships, outbox
from tests.workflows.conftest import publish_one_pair
from tests.workflows.one_pair import OnePair
from tests.workflows.previewed import Taken

# Early: nothing was asked but the first contact. In time: the third quarter. Late: the last. Past: between the
# follow-ups. Over: the workflow has ended.
MOMENTS = {
    "early": datetime(2019, 5, 14, 15, tzinfo=UTC),
    "in time": datetime(2020, 1, 15, 16, tzinfo=UTC),
    "late": datetime(2020, 10, 20, 15, tzinfo=UTC),
    "past": datetime(2021, 1, 12, 16, tzinfo=UTC),
    "over": datetime(2021, 9, 1, 15, tzinfo=UTC),
}
ENDING = EndRequest(outcome=Outcome.ENDED_EARLY, reason=EndingReason.CIRCUMSTANCES)


@dataclass(frozen=True)
class Copied:
    """One mentorship of the matrix at one moment."""

    environment: Environment
    pair: MentorshipPair
    now: datetime

    @property
    def services(self) -> Any:
        return self.environment.services

    @property
    def today(self) -> date:
        return self.now.date()

    async def idle(self) -> None:
        """Wait until the mentorship, and the one that took over, have done what is due and enqueued it."""
        for row in await mentorships.mentorships(self.environment.pool, self.pair.cohort.id):
            handle = self.services.workflow(mentorship_workflow_id(row["id"]))
            await self.environment.workflow_clocks.progress(handle, Progress, EARLIEST_TIME)

    async def emails(self) -> dict[str, tuple[str, str, datetime]]:
        """Return (kind, to, when it is due) of every email of the class in the outbox, by key."""
        rows = await outbox.emails_of_cohort(self.environment.pool, self.pair.cohort.id)
        return {row["key"]: (label(row["kind"]), row["recipient"], row["due_at"]) for row in rows}

    async def take(self, step: "MentorshipStep") -> Taken:
        """Ask for the preview, take the step, and look into the outbox."""
        taken, before = Taken(), await self.emails()
        try:
            preview = await step.preview(self)
            taken.printed = list(email_lines(preview, ids=True))
            taken.leaving = [(label(one.kind), one.to, one.at or self.now) for one in preview.emails]
        except Refusal as refusal:
            taken.refused = str(refusal), ""
        try:
            await step.take(self)
        except Refusal as refusal:
            taken.refused = (taken.refused or ("", ""))[0], str(refusal)
        await self.idle()
        new = [one for key, one in (await self.emails()).items() if key not in before]
        taken.really = Counter((kind, to) for kind, to, _ in new)
        taken.subjects = [(due_at, f"{kind} to {to}") for kind, to, due_at in new]
        return taken


StepCall = Callable[[Copied], Awaitable[Any]]


@dataclass(frozen=True)
class MentorshipStep:
    """A step about one mentorship: what comes before it, its preview and itself.

    Where it ``repeats``, taking it again is another step of its own.
    """

    preview: Callable[[Copied], Awaitable[Preview]]
    take: StepCall
    before: "MentorshipStep | None" = None
    repeats: bool = False


def _change(change: Callable[[Copied], Change], **others: Any) -> MentorshipStep:
    async def preview(one: Copied) -> Preview:
        return (await changes.preview_change(one.services, one.pair, change(one))).preview

    return MentorshipStep(
        preview, lambda one: changes.make_change(one.services, STAFF, one.pair, change(one), note="asked"), **others
    )


async def _preview_replacement(one: Copied) -> Preview:
    previewed = await replacement.preview_replacement(one.services, one.pair, "M02", EndingReason.CIRCUMSTANCES)
    return previewed.preview


async def _replace(one: Copied) -> None:
    await replacement.replace_mentor(one.services, STAFF, one.pair, "M02", EndingReason.CIRCUMSTANCES)


async def _preview_resend(one: Copied) -> Preview:
    return (await contact.preview_resend(one.services, one.pair, Side.MENTOR)).preview


async def _resend(one: Copied) -> None:
    await contact.resend(one.services, STAFF, one.pair, Side.MENTOR)


def _address(one: Copied) -> dict[str, Any]:
    return {"email": f"new.{one.pair.cohort.id}@example.org", "name": None}


async def _preview_address(one: Copied) -> Preview:
    previewed = await contact.preview_contact_change(one.services, one.pair, Side.MENTEE, **_address(one))
    return previewed.preview


async def _change_address(one: Copied) -> None:
    await contact.change_contact(one.services, STAFF, one.pair, Side.MENTEE, **_address(one))


async def _preview_attention(one: Copied) -> Preview:
    await concerns.preview_attention(one.services, one.pair, look_again_on=one.today + timedelta(days=14))
    return Preview()


async def _attend(one: Copied) -> None:
    later = one.today + timedelta(days=14)
    await concerns.attend(one.services, STAFF, one.pair, note="called", look_again_on=later)


async def _preview_resolution(one: Copied) -> Preview:
    await concerns.preview_resolution(one.services, one.pair)
    return Preview()


async def _resolve(one: Copied) -> None:
    await concerns.resolve_concerns(one.services, STAFF, one.pair, note="called")


_PAUSE = _change(
    lambda one: PauseRequest(from_on=one.today + timedelta(days=1), until_on=one.today + timedelta(days=31))
)
STEPS = {
    "pause": _PAUSE,
    "resume": _change(lambda _: ResumeRequest(), before=_PAUSE),
    "extend": _change(lambda _: ExtendRequest(months=3), repeats=True),
    "cadence": _change(lambda _: CadenceRequest(meetings=Rhythm(every_months=1))),
    "end": _change(lambda _: ENDING),
    "replace": MentorshipStep(_preview_replacement, _replace),
    "resend": MentorshipStep(_preview_resend, _resend, repeats=True),
    "address": MentorshipStep(_preview_address, _change_address),
    "attend": MentorshipStep(_preview_attention, _attend),
    "resolve": MentorshipStep(_preview_resolution, _resolve),
}


async def copy_at(
    environment: Environment, folder: CohortFolder, state: MentorshipState, cohort_id: str, now: datetime
) -> Copied:
    """Start a mentorship that goes on from a state at a moment, in a class of its own."""
    people = {
        side: tuple(
            one.model_copy(update={"email": f"{cohort_id}.{one.email}", "ranks": (), "vetoes": (), "conflicts": ()})
            for one in getattr(folder, side)[:3]
        )
        for side in ("mentors", "mentees")
    }
    settings = folder.settings.model_copy(update={"id": cohort_id})
    own = folder.model_copy(update={"settings": settings, **people})
    environment.clock.set(cohort_id, now)
    mentorship_id = await publish_one_pair(environment.pool, own, now)
    environment.clock.set(mentorship_id, now)
    terms = state.terms.model_copy(update={"mentorship_id": mentorship_id, "cohort_id": cohort_id})
    state = state.model_copy(update={"terms": terms, "clock_offset": now - datetime.now(UTC)})
    await mentorships.save_plan(environment.pool, mentorship_id, plan_of(state), now)
    await mentorships.close_milestones(environment.pool, mentorship_id, state.closings, now)
    handle = await environment.client.start_workflow(
        MENTORSHIP_WORKFLOW, state, id=mentorship_workflow_id(mentorship_id), task_queue=environment.settings.task_queue
    )
    progress = await environment.workflow_clocks.progress(handle, Progress, EARLIEST_TIME)
    summary = {"phase": progress.phase, "outcome": progress.outcome, "concerns": progress.concerns}
    await mentorships.record_progress(environment.pool, RecordProgress(mentorship_id=mentorship_id, now=now, **summary))
    return Copied(environment, await find_mentorship(environment.services, mentorship_id), now)


async def take_twice(copied: Copied, step: MentorshipStep) -> tuple[Taken, Taken]:
    """Take a step for the first time and again; nobody acts between the two."""
    if step.before:
        await copied.take(step.before)
    return await copied.take(step), await copied.take(step)


async def take_all(base: OnePair) -> dict[tuple[str, str], tuple[Taken, Taken]]:
    """Take every step at every moment of a silent pair's life."""
    taken: dict[tuple[str, str], tuple[Taken, Taken]] = {}
    for moment, now in MOMENTS.items():
        await base.run_until(now)
        state = await base.handle.query("state", result_type=MentorshipState)
        copies = [
            await copy_at(base.environment, base.folder, state, f"{name}-{moment}-pair".replace(" ", "-"), now)
            for name in STEPS
        ]
        several = await asyncio.gather(*(take_twice(one, STEPS[name]) for one, name in zip(copies, STEPS, strict=True)))
        taken |= {(name, moment): two for name, two in zip(STEPS, several, strict=True)}
    return taken


def to_participants(emails: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """Return the emails to mentors and mentees."""
    return Counter({(kind, to): count for (kind, to), count in emails.items() if to != Recipient.STAFF})
