"""Staff decide on applications: a preview says what the step then does, and refuses what it refuses."""

import asyncpg
import pytest

from schemas.audit_event import AuditFilter
from schemas.enums import ApplicationStatus, EmailKind
from schemas.errors import Refusal, UnknownCohort
from services.applications.review import Decision, preview_review, review
from services.context import ServiceContext
from storage import audit
from tests.services.conftest import ACTOR, FakeTemporal, events_of

ACCEPTED, WITHDRAWN = ApplicationStatus.ACCEPTED, ApplicationStatus.WITHDRAWN


async def emails_to(pool: asyncpg.Pool, person: str) -> list[str]:
    rows = await pool.fetch("select kind from outbox where scope_id like '%' || $1 order by key", person)
    return [row["kind"] for row in rows]


async def test_preview_says_who_would_get_an_email_and_changes_nothing(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    result = await preview_review(context, cohort, "P02", Decision.WITHDRAW)
    assert (result.before, result.after, result.done) == (ACCEPTED, WITHDRAWN, False)
    assert result.preview is not None
    assert result.preview.changes == ("P02 would be withdrawn in mile-2019; was accepted.",)
    assert [(email.to, email.kind) for email in result.preview.emails] == [("P02", EmailKind.STATUS_CHANGED)]
    assert result.preview.way_back == "accept the application"
    assert await events_of(pool, cohort) == []
    assert await emails_to(pool, "P02") == []
    assert temporal.messages == []


async def test_step_does_what_its_preview_said(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    previewed = await preview_review(context, cohort, "P02", Decision.WITHDRAW)
    result = await review(context, ACTOR, cohort, "P02", Decision.WITHDRAW, note="moved away")
    assert (result.before, result.after, result.done) == (previewed.before, previewed.after, True)
    [event] = await audit.events(pool, AuditFilter(cohort_id=cohort))
    assert (event.actor, event.action, event.person_id) == (ACTOR, "withdrawn", "P02")
    assert event.details == {"before": "accepted", "after": "withdrawn", "note": "moved away"}
    assert await emails_to(pool, "P02") == ["status_changed"]
    assert temporal.messages == []


@pytest.mark.parametrize(
    ("person", "decision"), [("P02", Decision.ACCEPT), ("P09", Decision.WITHDRAW), ("M01", Decision.WAIVE)]
)
async def test_preview_and_step_refuse_in_the_same_words(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str, person: str, decision: Decision
) -> None:
    with pytest.raises(Refusal) as previewed:
        await preview_review(context, cohort, person, decision)
    with pytest.raises(Refusal) as refused:
        await review(context, ACTOR, cohort, person, decision, note="why")
    assert str(previewed.value) == str(refused.value)
    assert await events_of(pool, cohort) == []


async def test_audit_event_and_change_are_stored_together_or_not_at_all(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(audit, "save_event", failing)
        with pytest.raises(ConnectionError):
            await review(context, ACTOR, cohort, "P02", Decision.WITHDRAW, note="moved away")
    assert (await preview_review(context, cohort, "P02", Decision.WITHDRAW)).before is ACCEPTED
    assert await emails_to(pool, "P02") == []


async def test_unknown_cohort_is_refused(context: ServiceContext) -> None:
    with pytest.raises(UnknownCohort):
        await preview_review(context, "nowhere", "P01", Decision.WITHDRAW)
