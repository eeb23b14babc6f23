"""Staff's part in a play: what participants tell them in person, they do at once."""

from datetime import datetime, time, timedelta

from temporalio.client import WorkflowHandle

from domain.calendar import local_time
from rehearsal.environment import Environment
from schemas.base import FrozenModel, TemporalModel
from schemas.enums import EndingReason, Outcome, Side
from schemas.mentorship.changes import ChangeResult, EndRequest, PauseRequest, ReplaceRequest
from schemas.personas import Persona, PersonaScript
from services.replacement_candidates import replacement_candidates
from storage import mentorships

# Participants ring up at noon, and of a pause some days before it begins.
CALLS_AT = time(12)
ANNOUNCES_PAUSE_BEFORE = timedelta(days=7)
WITHDRAWAL_OUTCOMES = {Side.MENTOR: Outcome.MENTOR_WITHDREW, Side.MENTEE: Outcome.MENTEE_WITHDREW}


class Call(FrozenModel):
    """Something a participant tells staff on the phone, and the moment at which."""

    at: datetime
    side: Side
    script: PersonaScript


def planned_calls(side: Side, script: PersonaScript, time_zone: str) -> list[Call]:
    """Return what somebody will tell staff."""
    if script.starts_on is None or script.persona not in (Persona.PAUSES, Persona.LEAVES):
        return []
    notice = ANNOUNCES_PAUSE_BEFORE if script.persona is Persona.PAUSES else timedelta(0)
    return [Call(at=local_time(script.starts_on - notice, CALLS_AT, time_zone), side=side, script=script)]


async def carry_out(
    call: Call, environment: Environment, mentorship: str, handle: WorkflowHandle[object, object]
) -> str | None:
    """Do what somebody asked for; return the id of the mentorship that takes over, where one does."""
    update, request = await _update_for(call, environment, mentorship)
    changed: ChangeResult = await handle.execute_update(update, request, result_type=ChangeResult)
    return changed.successor


async def _update_for(call: Call, environment: Environment, mentorship: str) -> tuple[str, TemporalModel]:
    script = call.script
    if script.persona is Persona.PAUSES and script.starts_on and script.ends_on:
        return "pause", PauseRequest(from_on=script.starts_on, until_on=script.ends_on + timedelta(days=1))
    if call.side is Side.MENTOR and (mentor := await _next_best(environment, mentorship)):
        return "replace", ReplaceRequest(mentor=mentor)
    return "end", EndRequest(outcome=WITHDRAWAL_OUTCOMES[call.side], reason=EndingReason.CIRCUMSTANCES)


async def _next_best(environment: Environment, mentorship: str) -> str | None:
    pair = await mentorships.partners(environment.pool, mentorship)
    candidates = await replacement_candidates(environment.pool, pair)
    return next((candidate.mentor for candidate in candidates if candidate.hindrance is None), None)
