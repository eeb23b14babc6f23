"""Which emails leave in the next days: those of all mentorships that still send any, also after their end."""

from datetime import date, timedelta

from domain.mentorship.plan import plan
from schemas.enums import EmailKind, MilestoneKind, Recipient
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.state import Forecast
from schemas.mentorship.terms import Terms
from services.context import ServiceContext
from services.upcoming_emails import upcoming_emails
from storage import mentorships
from tests.services.conftest import COHORT, FakeTemporal
from tests.services.stored_class import matches

KICKOFF = date(2025, 5, 10)


async def test_completed_mentorship_still_sends_its_follow_ups(
    context: ServiceContext, temporal: FakeTemporal, cohort: str
) -> None:
    pool, now = context.pool, context.now(COHORT)
    days = {"starts_on": KICKOFF, "ends_on": date(2026, 11, 10)}
    ids = await mentorships.save_pairs(pool, cohort, matches("M01", "M02", "M03"), **days, now=now)
    for id_ in ids:
        await mentorships.save_plan(
            pool, id_, plan(Terms(mentorship_id=id_, cohort_id=cohort, kickoff_on=KICKOFF), now), now
        )
    ended, over, runs = ids
    await pool.execute("update mentorship set started_at = now()")
    await pool.execute("update mentorship set outcome = 'completed', ended_at = now() where id <> $1", runs)
    close = "update milestone set closed_at = now() where mentorship_id = $1 and kind <> $2"
    await pool.execute(close, ended, MilestoneKind.FOLLOW_UP)
    # Nothing follows these, so nothing closes them.
    quiet = "update milestone set closed_at = null where mentorship_id = $1 and kind in ('thanks', 'farewell')"
    await pool.execute(close, over, "none")
    await pool.execute(quiet, over)
    soon = now + timedelta(days=3)
    given = {"to": Recipient.MENTOR, "why": "due", "if_nobody_replies": "a reminder"}
    for id_, kind in ((ended, EmailKind.FOLLOW_UP), (runs, EmailKind.CHECK_IN), (over, EmailKind.FAREWELL)):
        temporal.answers[f"{mentorship_workflow_id(id_)} timeline"] = [Forecast(at=soon, kind=kind, **given)]

    upcoming = await upcoming_emails(context, cohort, now + timedelta(days=7))
    told = {(email.about, email.kind) for email in upcoming.emails if email.at == soon}
    assert told == {(ended, EmailKind.FOLLOW_UP), (runs, EmailKind.CHECK_IN)}
    assert upcoming.not_asked == ()
