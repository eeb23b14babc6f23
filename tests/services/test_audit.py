"""Reading the audit log: by whom it names, by mentorship and by days of the cohort's own clock."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from schemas.audit_event import AuditEvent
from schemas.errors import UnknownCohort
from services.audit import AuditLogFilter, read_audit_log
from services.context import ServiceContext
from storage import audit
from tests.services.conftest import ACTOR

# Late on May 9 and early on May 10 in Minnesota; both are May 10 in UTC.
EVENING, MORNING = datetime(2019, 5, 10, 4, 59, tzinfo=UTC), datetime(2019, 5, 10, 5, 0, tzinfo=UTC)


@pytest.fixture
async def logged(pool: asyncpg.Pool, cohort: str) -> str:
    """A cohort with four events, the last one of another cohort."""
    for at, action, of in (
        (
            EVENING,
            "proposal_confirmed",
            {"details": {"mentor": "M01", "mentee": "P02", "note": "P01 agreed"}},
        ),
        (MORNING, "attendance_noted", {"details": {"attended": ["P01", "P02"], "absent": []}}),
        (MORNING, "accepted", {"person_id": "P01"}),
        (MORNING, "paused", {"mentorship_id": f"{cohort}-001"}),
    ):
        event = {"happened_at": at, "actor": ACTOR, "action": action, "cohort_id": cohort} | of
        await audit.save_event(pool, AuditEvent.model_validate(event))
    elsewhere = AuditEvent(happened_at=MORNING, actor=ACTOR, action="accepted", cohort_id="other", person_id="P01")
    await audit.save_event(pool, elsewhere)
    return cohort


@pytest.mark.parametrize(
    ("matching", "actions"),
    [
        ({}, ["proposal_confirmed", "attendance_noted", "accepted", "paused"]),
        ({"person": "P01"}, ["attendance_noted", "accepted"]),
        ({"person": "P02"}, ["proposal_confirmed", "attendance_noted"]),
        ({"person": "M01"}, ["proposal_confirmed"]),
        ({"person": "P03"}, []),
        ({"mentorship": "mile-2019-001"}, ["paused"]),
        ({"until": date(2019, 5, 9)}, ["proposal_confirmed"]),
        ({"since": date(2019, 5, 10)}, ["attendance_noted", "accepted", "paused"]),
        ({"since": date(2019, 5, 10), "until": date(2019, 5, 10), "person": "P02"}, ["attendance_noted"]),
        ({"since": date(2019, 5, 11)}, []),
    ],
)
async def test_log_is_read_by_person_mentorship_and_local_days(
    context: ServiceContext, logged: str, matching: dict[str, object], actions: list[str]
) -> None:
    log = await read_audit_log(context, logged, AuditLogFilter.model_validate(matching))
    assert [event.action for event in log.events] == actions
    assert not log.cut_off


async def test_log_says_that_there_are_older_events_where_it_was_cut_off(context: ServiceContext, logged: str) -> None:
    log = await read_audit_log(context, logged, AuditLogFilter(), limit=2)
    assert [event.action for event in log.events] == ["accepted", "paused"]
    assert log.cut_off
    assert not (await read_audit_log(context, logged, AuditLogFilter(), limit=4)).cut_off


async def test_log_of_an_unknown_cohort_is_refused(context: ServiceContext) -> None:
    with pytest.raises(UnknownCohort):
        await read_audit_log(context, "nowhere", AuditLogFilter())
