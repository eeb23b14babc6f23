"""Whoever declines a match, staff hear of it, however soon after another one."""

from rehearsal.environment import STAFF, Environment
from schemas.cohort.folder import CohortFolder
from schemas.enums import Side
from services import proposals
from storage import kickoff, outbox
from tests.workflows.previewed import MOMENTS, class_at
from tests.workflows.staff_steps import proposed


async def test_staff_hear_of_each_of_two_declines_within_a_minute(
    environment: Environment, mile_2019: CohortFolder
) -> None:
    one = class_at(environment, mile_2019, "declined-twice", MOMENTS["late"])
    await proposed(one)
    for pair in (await kickoff.published_pairs(environment.pool, one.id))[:2]:
        decline = proposals.ProposalDecline(mentor=pair.mentor_id, mentee=pair.mentee_id, side=Side.MENTEE)
        await proposals.decline_for(one.services, STAFF, one.id, decline, note="by phone")
        await one.idle()
    emails = await outbox.emails_of_cohort(environment.pool, one.id)
    notes = [row["state"] for row in emails if row["reason"] == "proposal_declined"]
    assert notes == ["sent", "sent"]
