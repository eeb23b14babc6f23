"""Staff's response when a simulated participant calls: pause a mentorship, replace its mentor, or end it."""

from datetime import datetime, time, timedelta

from domain.calendar import local_time
from rehearsal.environment import STAFF, Environment
from schemas.base import FrozenModel
from schemas.enums import EndingReason, Outcome, Side
from schemas.mentorship.changes import EndRequest, PauseRequest
from schemas.personas import Persona, PersonaScript
from services.mentorships.changes import make_change
from services.mentorships.lookup import find_mentorship
from services.mentorships.replacement import find_candidates, replace_mentor

# Participants call at noon, and about a pause a week before it begins.
CALLS_AT = time(12)
ANNOUNCES_PAUSE_BEFORE = timedelta(days=7)
WITHDRAWAL_OUTCOMES = {Side.MENTOR: Outcome.MENTOR_WITHDREW, Side.MENTEE: Outcome.MENTEE_WITHDREW}


class Call(FrozenModel):
    """A call in which a participant tells staff something."""

    at: datetime
    side: Side
    script: PersonaScript


def planned_calls(side: Side, script: PersonaScript, time_zone: str) -> list[Call]:
    """Return the calls a participant will make."""
    if script.starts_on is None or script.persona not in (Persona.PAUSES, Persona.LEAVES):
        return []
    notice = ANNOUNCES_PAUSE_BEFORE if script.persona is Persona.PAUSES else timedelta(0)
    return [Call(at=local_time(script.starts_on - notice, CALLS_AT, time_zone), side=side, script=script)]


async def carry_out(call: Call, environment: Environment, mentorship: str) -> str | None:
    """Do what a participant asked for; return the id of the mentorship that takes over, where one does."""
    services, script = environment.services, call.script
    pair = await find_mentorship(services, mentorship)
    if script.persona is Persona.PAUSES and script.starts_on and script.ends_on:
        request = PauseRequest(from_on=script.starts_on, until_on=script.ends_on + timedelta(days=1))
        await make_change(services, STAFF, pair, request)
        return None
    # A mentor who leaves is replaced where somebody has a free place (A25); otherwise the mentorship ends.
    candidates = (await find_candidates(services, pair)).available if call.side is Side.MENTOR else ()
    if candidates:
        mentor = candidates[0].mentor
        return (await replace_mentor(services, STAFF, pair, mentor, EndingReason.CIRCUMSTANCES)).successor
    end = EndRequest(outcome=WITHDRAWAL_OUTCOMES[call.side], reason=EndingReason.CIRCUMSTANCES)
    await make_change(services, STAFF, pair, end)
    return None
