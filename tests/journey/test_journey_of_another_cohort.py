"""MILE 2017: other people, another lodge, another rhythm, and not a line of code changed."""

from datetime import date
from typing import TYPE_CHECKING

from rehearsal.play import CohortPlay
from rehearsal.record import record_of
from schemas.words import MilestoneKind, Outcome

if TYPE_CHECKING:
    from rehearsal.stage import Stage
    from runtime.stack.local import LocalStack
    from schemas.folders import CohortFolder
    from tests.journey.conftest import Watching


async def test_b5_another_cohort_lives_by_its_own_settings(
    stage: "tuple[Stage, LocalStack]", mile_2017: "CohortFolder", watching: "Watching"
) -> None:
    ours, _ = stage
    await CohortPlay(ours, mile_2017, seed=7, watch=watching).play()
    record = await record_of(ours.pool, ours.client, mile_2017, seed=7, seconds=0)
    timeline = mile_2017.settings.timeline
    assert record.kickoff_on == date(2017, 5, 5)
    assert len(record.mentorships) == len(mile_2017.participants)
    for mentorship in record.mentorships:
        goal_check_ins = [one for one in mentorship.responses if one.form is MilestoneKind.GOAL_CHECK_IN]
        assert mentorship.outcome is Outcome.COMPLETED
        assert mentorship.ends_on == date(2018, 11, 5)
        assert len(mentorship.quarters) == timeline.months // timeline.check_in_every_months == 9
        assert len(goal_check_ins) <= timeline.months // timeline.goal_check_in_every_months == 3
    assert record.problems == ()
