"""Staff's part in a play: what participants tell them in person, they do at once."""

from datetime import datetime, time, timedelta

from temporalio.client import WorkflowHandle

from activities.replacement_candidates import replacement_candidates
from domain.calendar import local
from rehearsal.environment import Environment
from schemas.base import FrozenModel, TemporalModel
from schemas.enums import EndingReason, Outcome, Side
from schemas.mentorship.changes import ChangeResult, EndRequest, PauseRequest, ReplaceRequest
from schemas.personas import Persona, PersonaScript
from storage import mentorships

# Participants ring up at noon, and of a pause some days before it begins.
RINGS_UP_AT = time(12)
TELLS_OF_A_PAUSE_BEFORE = timedelta(days=7)
WITHDREW = {Side.MENTOR: Outcome.MENTOR_WITHDREW, Side.MENTEE: Outcome.MENTEE_WITHDREW}


class Call(FrozenModel):
    """Something a participant tells staff on the phone, and the moment at which."""

    at: datetime
    side: Side
    script: PersonaScript


def calls_of(side: Side, script: PersonaScript, time_zone: str) -> list[Call]:
    """Return what somebody will tell staff."""
    if script.starts_on is None or script.persona not in (Persona.PAUSES, Persona.LEAVES):
        return []
    lead = TELLS_OF_A_PAUSE_BEFORE if script.persona is Persona.PAUSES else timedelta(0)
    return [Call(at=local(script.starts_on - lead, RINGS_UP_AT, time_zone), side=side, script=script)]


async def act_on(call: Call, stage: Environment, mentorship: str, handle: WorkflowHandle[object, object]) -> str | None:
    """Do what somebody asked for; return the id of the mentorship that takes over, where one does."""
    update, request = await _asked(call, stage, mentorship)
    changed: ChangeResult = await handle.execute_update(update, request, result_type=ChangeResult)
    return changed.successor


async def _asked(call: Call, stage: Environment, mentorship: str) -> tuple[str, TemporalModel]:
    script = call.script
    if script.persona is Persona.PAUSES and script.starts_on and script.ends_on:
        return "pause", PauseRequest(from_on=script.starts_on, until_on=script.ends_on + timedelta(days=1))
    if call.side is Side.MENTOR and (mentor := await _next_best(stage, mentorship)):
        return "replace", ReplaceRequest(mentor=mentor)
    return "end", EndRequest(outcome=WITHDREW[call.side], reason=EndingReason.CIRCUMSTANCES)


async def _next_best(stage: Environment, mentorship: str) -> str | None:
    pair = await mentorships.partners(stage.pool, mentorship)
    found = await replacement_candidates(stage.pool, pair)
    return next((one.mentor for one in found if one.hindrance is None), None)
