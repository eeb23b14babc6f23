"""The months before a kickoff: people are written to in rounds, say yes to their matches, and begin."""

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest_asyncio

from rehearsal.play import CohortPlay
from schemas.folders import CohortFolder
from schemas.messages import CohortOverview
from schemas.words import CohortStage
from storage import correspondence, mentorships
from storage.proposals import proposals
from tests.journey.conftest import Watching

if TYPE_CHECKING:
    from rehearsal.stage import Stage
    from runtime.stack.local import LocalStack

COHORT = "before-kickoff"


@pytest_asyncio.fixture(scope="module")
async def gathered(stage: "tuple[Stage, LocalStack]", mile_2019: CohortFolder) -> CohortOverview:
    """Four participants of MILE 2019, P02 to P05, and all mentors, up to the start of their mentorships."""
    ours, _ = stage
    settings = mile_2019.settings.model_copy(update={"id": COHORT})
    folder = mile_2019.model_copy(update={"settings": settings, "participants": mile_2019.participants[1:5]})
    play = CohortPlay(ours, folder, seed=1, watch=Watching())
    _, where = await play.gather()
    return where


async def test_the_mentorships_start_on_kickoff_day(
    gathered: CohortOverview, stage: "tuple[Stage, LocalStack]"
) -> None:
    assert gathered.stage is CohortStage.RUNNING
    assert gathered.mentorships == len(await mentorships.mentorships(stage[0].pool, COHORT)) == 4


async def test_a23_every_pair_was_asked_and_each_match_became_final(
    gathered: CohortOverview, stage: "tuple[Stage, LocalStack]"
) -> None:
    made = {one.mentee_id: one for one in await proposals(stage[0].pool, COHORT)}
    assert sorted(made) == ["P02", "P03", "P04", "P05"]
    assert all(one.final for one in made.values())
    assert made["P05"].mentee.commitment is None, "P05 is silent"
    assert made["P05"].confirmed_at, "so staff confirmed"
    assert made["P02"].confirmed_at is None


async def test_each_round_writes_once_at_nine_to_those_it_concerns(
    gathered: CohortOverview, stage: "tuple[Stage, LocalStack]"
) -> None:
    rows = await correspondence.emails(stage[0].pool, COHORT)
    zone = ZoneInfo("America/Chicago")
    written = Counter(
        f"{row['due_at'].astimezone(zone):%Y-%m-%d %H:%M} {row['kind']} to {row['recipient']}"
        for row in rows
        if row["automatic"] and row["scope_id"].partition("/")[0] == COHORT
    )
    assert {row["state"] for row in rows} == {"sent"}
    assert sorted(written.items()) == [
        ("2019-02-01 09:00 intake to mentee", 1),
        ("2019-03-18 09:00 staff_note to staff", 1),
        ("2019-03-19 09:00 proposal to mentee", 4),
        ("2019-03-19 09:00 proposal to mentor", 4),
        ("2019-03-25 09:00 proposal to mentee", 1),
        ("2019-03-25 09:00 proposal to mentor", 2),
        ("2019-03-28 09:00 proposal to mentee", 1),
        ("2019-03-28 09:00 proposal to mentor", 1),
        ("2019-04-05 09:00 intake to mentee", 1),
        ("2019-04-05 09:00 staff_note to staff", 1),
        ("2019-04-12 09:00 kickoff to mentee", 4),
        ("2019-04-12 09:00 kickoff to mentor", 4),
        ("2019-04-19 09:00 intake to mentee", 1),
        ("2019-04-19 09:00 staff_note to staff", 1),
        ("2019-04-30 09:00 intake to mentee", 1),
        ("2019-04-30 09:00 staff_note to staff", 1),
        ("2019-05-03 09:00 kickoff to mentee", 1),
        ("2019-05-03 09:00 kickoff to mentor", 2),
    ]
