"""Roles by the use cases of staff: given once, listed for today, ended."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from schemas.audit_event import AuditFilter
from schemas.cohort.roles import NewRoleHolder
from schemas.errors import Refusal
from services.context import ServiceContext
from services.roles import end_role, list_roles, preview_end_role, preview_set_role, set_role
from storage import audit
from tests.services.conftest import ACTOR

TODAY = datetime.now(UTC).date() - timedelta(days=2)
TEAM = NewRoleHolder(role="Mentorship Team", email="team@example.org", starts_on=TODAY)


async def test_role_is_given_once_and_its_event_names_no_address(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str
) -> None:
    preview = await preview_set_role(context, cohort, TEAM)
    assert preview.preview is not None
    assert "questions on" in preview.preview.changes[1]
    assert (await list_roles(context, cohort)).number is None
    assert (await set_role(context, ACTOR, cohort, TEAM, note="elected")).changed
    again = await set_role(context, ACTOR, cohort, TEAM)
    assert not again.changed
    assert again.describe() == ("mile-2019 already has this role with these days. Nothing was changed.",)
    [event] = await audit.events(pool, AuditFilter(cohort_id=cohort))
    assert event.action == "role_set"
    assert "@" not in str(event.details)
    assert (await list_roles(context, cohort)).email == "team@example.org"


async def test_role_ends_with_the_day_its_preview_names(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str
) -> None:
    await set_role(context, ACTOR, cohort, TEAM)
    [holder] = (await list_roles(context, cohort)).holders
    preview = await preview_end_role(context, cohort, holder.id, None)
    assert (await list_roles(context, cohort)).number == holder.id
    result = await end_role(context, ACTOR, cohort, holder.id, None)
    assert result.last_on == preview.last_on
    assert (await list_roles(context, cohort)).number is None
    actions = [event.action for event in await audit.events(pool, AuditFilter(cohort_id=cohort))]
    assert actions == ["role_set", "role_ended"]


async def test_role_that_ended_long_ago_is_not_ended_again(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str
) -> None:
    held = TEAM.model_copy(update={"starts_on": TODAY - timedelta(days=60), "ends_on": TODAY - timedelta(days=30)})
    await set_role(context, ACTOR, cohort, held)
    [holder] = (await list_roles(context, cohort)).holders
    for step in (
        preview_end_role(context, cohort, holder.id, None),
        end_role(context, ACTOR, cohort, holder.id, None),
        end_role(context, ACTOR, cohort, holder.id, TODAY + timedelta(days=30)),
    ):
        with pytest.raises(Refusal, match=f"ended with {held.ends_on}"):
            await step
    assert (await list_roles(context, cohort)).holders == (holder,)
    actions = [event.action for event in await audit.events(pool, AuditFilter(cohort_id=cohort))]
    assert actions == ["role_set"]


async def test_preview_and_step_refuse_an_unknown_number_in_the_same_words(
    context: ServiceContext, cohort: str
) -> None:
    with pytest.raises(Refusal) as previewed:
        await preview_end_role(context, cohort, 7, None)
    with pytest.raises(Refusal) as refused:
        await end_role(context, ACTOR, cohort, 7, None)
    assert str(previewed.value) == str(refused.value)
