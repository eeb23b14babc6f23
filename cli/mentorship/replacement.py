"""Finding a mentee another mentor when the first one withdraws, by the matching of their cohort (promise A25)."""

from pydantic import Field

from cli.common.servers import staff_actor
from cli.mentorship.steps import over, progress_of, workflow_of
from schemas.base import FrozenModel
from schemas.enums import EndingReason, Outcome
from schemas.errors import Refusal
from schemas.matching.results import ReplacementCandidate
from schemas.mentorship.changes import ChangeResult, ReplaceRequest, WhatIf, WhatIfRequest
from schemas.mentorship.responses import MentorshipPair
from services.context import ServiceContext
from services.replacement_candidates import replacement_candidates
from services.workflow_calls import query_workflow, update_workflow
from storage import cohorts


class ReplacementShown(FrozenModel):
    """Who could take over, best score first; and, once somebody was named, who does and in which mentorship.

    ``done`` is false in a dry run and where nobody was named; ``effect`` is what it does to the emails to come. The
    ``names``, by mentor's id, never enter the JSON.
    """

    mentorship: str
    done: bool
    offered: tuple[ReplacementCandidate, ...]
    mentor: str | None = None
    successor: str | None = None
    effect: WhatIf | None = None
    names: dict[str, str] = Field(exclude=True)


async def replace(
    at: ServiceContext,
    pair: MentorshipPair,
    mentor: str | None,
    reason: EndingReason,
    *,
    note: str | None,
    dry_run: bool,
) -> ReplacementShown:
    """Let another mentor take over, or say who could; raises Refusal where this mentor cannot."""
    # A mentor who withdrew for good may still be replaced afterwards.
    if (await progress_of(at, pair)).outcome not in {None, Outcome.MENTOR_WITHDREW}:
        raise over(pair.mentorship_id)
    everybody = await replacement_candidates(at.pool, pair)
    offered = tuple(one for one in everybody if one.hindrance is None)
    if mentor is not None:
        _check(pair, mentor, everybody)
    names = {one.id: one.name for one in await cohorts.mentors(at.pool, pair.cohort.id)}
    shown = ReplacementShown(mentorship=pair.mentorship_id, done=False, offered=offered, mentor=mentor, names=names)
    if mentor is None:
        return shown
    wanted, handle = ReplaceRequest(mentor=mentor, reason=reason), workflow_of(at, pair)
    asked = WhatIfRequest(change=wanted)
    effect = await query_workflow(
        handle, "what_if", asked, kind=WhatIf, absent=over(pair.mentorship_id), may_decline=True
    )
    if dry_run:
        return shown.model_copy(update={"effect": effect})
    changed = await update_workflow(handle, "replace", wanted, kind=ChangeResult, absent=over(pair.mentorship_id))
    details = {"mentor": mentor, "reason": reason, "successor": changed.successor, "note": note}
    await at.audit(staff_actor(), "replaced", pair.cohort.id, pair.mentorship_id, **details)
    return shown.model_copy(update={"done": True, "successor": changed.successor, "effect": effect})


def _check(pair: MentorshipPair, mentor: str, everybody: tuple[ReplacementCandidate, ...]) -> None:
    found = next((one for one in everybody if one.mentor == mentor), None)
    if found is None:
        why = f"{pair.cohort.id} has no mentor of this id"
    elif found.hindrance:
        why = found.hindrance
    else:
        return
    raise Refusal(
        f"{mentor} cannot take over {pair.mentorship_id}: {why}. "
        f"See who can: mile mentorship replace {pair.mentorship_id}"
    )
