"""MILE 2017: other people, another lodge, another rhythm, and not a line of code changed."""

from datetime import date
from typing import TYPE_CHECKING

from schemas.enums import MilestoneKind, Outcome

if TYPE_CHECKING:
    from schemas.cohort.folder import CohortFolder
    from schemas.rehearsal import RehearsalRecord


def test_b5_another_cohort_lives_by_its_own_settings(
    record_2017: "RehearsalRecord", small_2017: "CohortFolder"
) -> None:
    record = record_2017
    timeline = small_2017.settings.timeline
    assert record.kickoff_on == date(2017, 5, 5)
    assert len(record.mentorships) == len(small_2017.mentees)
    for mentorship in record.mentorships:
        goal_check_ins = [one for one in mentorship.responses if one.form is MilestoneKind.GOAL_CHECK_IN]
        assert mentorship.outcome is Outcome.COMPLETED
        assert mentorship.ends_on == date(2018, 11, 5)
        assert len(mentorship.quarters) == timeline.months // timeline.check_in_every_months == 9
        assert len(goal_check_ins) <= timeline.months // timeline.goal_check_in_every_months == 3
    assert record.problems == ()
