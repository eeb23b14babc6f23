"""A mentor who asks for no more invitations: what the preview says, and what is in the audit log."""

import pytest

from schemas.enums import ReplyKind, Side
from schemas.errors import Refusal
from services.applications.past_mentors import ProspectList, list_prospects, preview_uninvite, uninvite
from services.context import ServiceContext
from services.replies import suggested_command
from tests.services.conftest import ACTOR, COHORT


async def uninvited(context: ServiceContext) -> bool:
    row = await context.pool.fetchrow("select uninvited_at from application where person_id = 'M01'")
    assert row is not None
    return row["uninvited_at"] is not None


@pytest.mark.usefixtures("cohort")
async def test_mentor_is_invited_no_more_and_again_once_each(context: ServiceContext) -> None:
    previewed = await preview_uninvite(context, COHORT, "M01", undo=False)
    assert (previewed.changed, previewed.done, await uninvited(context)) == (True, False, False)
    done = [await uninvite(context, ACTOR, COHORT, "M01", note="asked by email", undo=False) for _ in range(2)]
    assert [result.done for result in done] == [True, False]
    assert await uninvited(context)
    assert (await uninvite(context, ACTOR, COHORT, "M01", note="changed their mind", undo=True)).done
    assert not await uninvited(context)
    events = await context.pool.fetch("select actor, action, person_id from audit_event order by id")
    assert [tuple(event) for event in events] == [
        (str(ACTOR), "uninvited", "M01"),
        (str(ACTOR), "invited_again", "M01"),
    ]


@pytest.mark.usefixtures("cohort")
async def test_only_a_participant_can_be_uninvited(context: ServiceContext) -> None:
    with pytest.raises(Refusal, match="has no participant P99"):
        await uninvite(context, ACTOR, COHORT, "P99", note="asked", undo=False)


@pytest.mark.usefixtures("cohort")
async def test_a_class_without_an_earlier_one_has_no_prospects(context: ServiceContext) -> None:
    assert await list_prospects(context, COHORT) == ProspectList(cohort=COHORT, prospects=())


def test_reply_to_an_invitation_offers_the_command() -> None:
    command = suggested_command("mile-2020/mile-2019.M01", Side.MENTOR, ReplyKind.NO_MORE_EMAILS)
    assert command == 'mile cohort uninvite mile-2019 M01 --note "asked by email"'
    assert suggested_command("mile-2020/M01", Side.MENTOR, ReplyKind.NO_MORE_EMAILS) is None
