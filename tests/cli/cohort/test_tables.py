"""What the overview of a cohort says of addresses that fail for now."""

import io
from datetime import date

import pytest
from rich.console import Console

from cli.cohort.tables import cohort_table
from schemas.cohort.overview import CohortDetails, MentorshipCounts
from schemas.emails.incoming import SoftBounced
from schemas.enums import CohortStage
from schemas.kickoff.start import StartProgress

FAILING = SoftBounced(cohort_id="mile-2027", person="M03", bounces=2, failure="450 4.2.2")


@pytest.mark.parametrize("people", [(), (FAILING,)])
def test_people_whose_address_fails_are_named_where_there_are_any(people: tuple[SoftBounced, ...]) -> None:
    details = CohortDetails(
        id="mile-2027",
        title="2027 Mentorship Program",
        stage=CohortStage.RUNNING,
        kickoff_on=date(2027, 5, 14),
        ends_on=date(2028, 11, 14),
        next_due_at=None,
        failing_activity=None,
        workflow_answered=None,
        mentors=1,
        mentees=1,
        match_run=None,
        draft=None,
        starts=StartProgress(),
        counts=MentorshipCounts(phases={}, concerns={}),
        mentorships=(),
        soft_bounced=people,
        names={"M03": "Ingeborg Tamarack"},
        time_zone="America/Chicago",
    )
    shown = io.StringIO()
    Console(file=shown, width=120).print(cohort_table(details))
    assert ("Addresses failing M03 Ingeborg Tamarack (2: 450 4.2.2)" in " ".join(shown.getvalue().split())) is bool(
        people
    )
    assert ("Addresses failing" in shown.getvalue()) is bool(people)
