"""Replace a mentor who withdraws, by the matching of their cohort (promise A25)."""

from pydantic import JsonValue

from schemas.actor import Actor
from schemas.base import FrozenModel
from schemas.enums import EndingReason, Outcome
from schemas.errors import Refusal
from schemas.matching.results import ReplacementCandidate
from schemas.mentorship.changes import ChangeResult, ReplaceRequest, WhatIfRequest
from schemas.mentorship.responses import MentorshipPair
from services.context import ServiceContext
from services.mentorships.changes import ChangePreview, preview_what_if
from services.mentorships.decisions import decide
from services.mentorships.lookup import ended, get_progress
from services.replacement_candidates import find_candidate, replacement_candidates
from storage import cohorts


class Candidates(FrozenModel):
    """The mentors who could take over, best score first, and the names of all mentors by id."""

    available: tuple[ReplacementCandidate, ...]
    names: dict[str, str]


class Replacement(FrozenModel):
    """The mentorship that takes over, and what that did to the emails to come."""

    successor: str | None
    previewed: ChangePreview


async def find_candidates(services: ServiceContext, pair: MentorshipPair) -> Candidates:
    """Return who could take over; raises Refusal where the mentorship is over."""
    await _check_replaceable(services, pair)
    candidates = await replacement_candidates(services.pool, pair)
    names = {mentor.id: mentor.name for mentor in await cohorts.mentors(services.pool, pair.cohort.id)}
    available = tuple(candidate for candidate in candidates if candidate.hindrance is None)
    return Candidates(available=available, names=names)


async def preview_replacement(
    services: ServiceContext, pair: MentorshipPair, mentor_id: str, reason: EndingReason
) -> ChangePreview:
    """Return what it would do if a mentor took over; raises Refusal where this mentor cannot."""
    await _check_replaceable(services, pair)
    await find_candidate(services.pool, pair, mentor_id)
    request = WhatIfRequest(change=ReplaceRequest(mentor=mentor_id, reason=reason))
    previewed = await preview_what_if(services, pair, request)
    sentence = f"{pair.mentorship_id} would end today, and {mentor_id} would take over in a new one."
    return previewed.model_copy(update={"preview": previewed.preview.model_copy(update={"changes": (sentence,)})})


async def replace_mentor(
    services: ServiceContext,
    actor: Actor,
    pair: MentorshipPair,
    mentor_id: str,
    reason: EndingReason,
    *,
    note: str | None = None,
) -> Replacement:
    """Let another mentor take over in a new mentorship; raises Refusal where this mentor cannot."""
    previewed = await preview_replacement(services, pair, mentor_id, reason)
    request = ReplaceRequest(mentor=mentor_id, reason=reason)
    details: dict[str, JsonValue] = {"mentor": mentor_id, "reason": reason, "note": note}
    result = await decide(services, actor, pair.cohort.id, pair.mentorship_id, request, result=ChangeResult, **details)
    return Replacement(successor=result.successor, previewed=previewed)


def nobody_can_take_over(pair: MentorshipPair) -> Refusal:
    """Return what to say to staff who look for a new mentor, and there is none."""
    return Refusal(
        f"No mentor of {pair.cohort.id} who may take over {pair.mentorship_id} has a free place. Import one, or raise "
        "a mentor's capacity; then try again.",
        shell_advice=f"To import: mile cohort import {pair.cohort.id} --mentors FILE",
    )


async def _check_replaceable(services: ServiceContext, pair: MentorshipPair) -> None:
    # A mentor who withdrew for good may still be replaced afterwards.
    if (await get_progress(services, pair)).outcome not in {None, Outcome.MENTOR_WITHDREW}:
        raise ended(pair.mentorship_id)
