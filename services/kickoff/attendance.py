"""Who attended the last day of the institute, noted by staff (A3, A5)."""

from collections.abc import Mapping

from schemas.actor import Actor
from schemas.kickoff.guests import Guest
from schemas.preview import Preview, StepResult
from services.context import ServiceContext
from services.matching import NamePerson
from storage import cohorts, kickoff
from storage.database import transaction


class AttendanceResult(StepResult):
    """Who was noted as there and as absent; ``changed`` are those noted now, ``begun`` absentees already started.

    ``not_noted`` counts those who are expected and of whom nothing is noted.
    """

    cohort: str
    changed: tuple[str, ...]
    attended: tuple[str, ...]
    absent: tuple[str, ...]
    not_noted: int
    begun: tuple[str, ...]

    def describe(self, name: NamePerson = str) -> tuple[str, ...]:
        """Say who was noted, and what that makes of everybody."""
        noted = "Noted" if self.done else "Would be noted"
        absent, changed, begun_of = (", ".join(map(name, ids)) for ids in (self.absent, self.changed, self.begun))
        begun = f"The mentorships of {begun_of} have begun all the same. End them early if they cannot go on."
        return (
            *((f"{noted}: {changed}.",) if self.changed else ()),
            f"There: {len(self.attended)}. Absent: {absent or 'nobody'}. Not noted: {self.not_noted}.",
            *((begun,) if self.begun else ()),
        )


async def preview_note_attendance(
    context: ServiceContext, cohort: str, attended: Mapping[str, bool], name: NamePerson = str
) -> AttendanceResult:
    """Return what noting who was there (True) and who was not would change; raises as ``note_attendance`` does."""
    before = await _attendance(context, cohort)
    kickoff.check_known(cohort, attended, before)
    changed = [person for person, was_there in sorted(attended.items()) if before[person] is not was_there]
    result = await _result(context, cohort, {**before, **attended}, changed, done=False)
    preview = Preview(changes=result.describe(name), way_back="note the opposite") if changed else Preview()
    return result.model_copy(update={"preview": preview})


async def note_attendance(
    context: ServiceContext, actor: Actor, cohort: str, attended: Mapping[str, bool], *, note: str | None = None
) -> AttendanceResult:
    """Note who was there (True) and who was not, all or nothing; a mentee noted absent is not started.

    Raises UnknownCohort, or Refusal naming those who have no application in the cohort.
    """
    before = await _attendance(context, cohort)
    async with transaction(context.pool) as db:
        changed = await kickoff.record_attendance(db, cohort, attended, context.now(cohort))
        if changed:
            present, absent = (
                [person for person in changed if attended[person] is was_there] for was_there in (True, False)
            )
            await context.audit_in(
                db, actor, "attendance_noted", cohort, attended=[*present], absent=[*absent], note=note
            )
    return await _result(context, cohort, {**before, **attended}, changed, done=True)


async def expected_guests(context: ServiceContext, cohort: str) -> tuple[Guest, ...]:
    """Return whose attendance is noted: every mentee, mentors whose match is final, and whoever was noted before."""
    mentees = {mentee.id for mentee in await cohorts.mentees(context.pool, cohort)}
    guests = await kickoff.guests(context.pool, cohort)
    return tuple(guest for guest in guests if guest.person.id in mentees or guest.invited or guest.attended is not None)


async def _attendance(context: ServiceContext, cohort: str) -> dict[str, bool | None]:
    await cohorts.cohort_settings(context.pool, cohort)
    return {guest.person.id: guest.attended for guest in await kickoff.guests(context.pool, cohort)}


async def _result(
    context: ServiceContext, cohort: str, after: Mapping[str, bool | None], changed: list[str], *, done: bool
) -> AttendanceResult:
    pairs = await kickoff.published_pairs(context.pool, cohort)
    expected = [guest.person.id for guest in await expected_guests(context, cohort)]
    return AttendanceResult(
        cohort=cohort,
        done=done,
        changed=tuple(changed),
        attended=tuple(sorted(person for person, was_there in after.items() if was_there)),
        absent=tuple(sorted(person for person, was_there in after.items() if was_there is False)),
        not_noted=sum(after[person] is None for person in expected),
        begun=tuple(pair.mentee_id for pair in pairs if pair.has_mentorship and after[pair.mentee_id] is False),
    )
