"""What a publication and a cohort's campaigns mean for answers to proposals."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.cohort.campaigns import are_answers_due
from domain.matching.publication import with_publication
from schemas.cohort.campaigns import Campaign, CampaignRun, CohortPlan, DueCampaigns
from schemas.cohort.messages import CohortDates
from schemas.cohort.state import CohortState
from schemas.enums import CampaignKind, CohortStage

AT = datetime(2019, 4, 3, 14, tzinfo=UTC)
LATER = AT + timedelta(days=1)
DATES = CohortDates(kickoff_at=AT, starts_by=AT, reports_at=AT, followed_up_at=AT, digests_at=())
OUT = CohortState(cohort_id="mile-2019", plan=CohortPlan(dates=DATES, sends_proposals=True), published_run=1)
REMINDER = DueCampaigns(run=(Campaign(kind=CampaignKind.PROPOSAL, at=AT, number=1),))


def test_publication_is_the_newest_and_earlier_ones_stay() -> None:
    first = with_publication(CohortState(cohort_id="mile-2019", match_run=2), 1, AT)
    second = with_publication(first, 2, LATER)
    assert (first.published_run, first.published_at) == (1, (AT,))
    assert (second.published_run, second.published_at, second.match_run) == (2, (AT, LATER), 2)


@pytest.mark.parametrize(("kind", "counted"), [(CampaignKind.KICKOFF, 1), (CampaignKind.PROPOSAL, 0)])
def test_publication_counts_as_an_answer_once_people_were_invited_to_the_kickoff(
    kind: CampaignKind, counted: int
) -> None:
    before = CohortState(cohort_id="mile-2019", campaign_runs=(CampaignRun(kind=kind, ran_at=AT),), answers_received=4)
    assert with_publication(before, 1, LATER).answers_received == 4 + counted


@pytest.mark.parametrize(
    ("state", "due", "expected"),
    [
        (OUT, DueCampaigns(), False),
        (OUT, REMINDER, True),
        (OUT.model_copy(update={"published_run": None}), REMINDER, False),
        (OUT.model_copy(update={"stage": CohortStage.RUNNING}), REMINDER, False),
        (OUT.model_copy(update={"answers_received": 1}), DueCampaigns(), True),
        (OUT.model_copy(update={"answers_received": 1, "answers_processed": 1}), DueCampaigns(), False),
    ],
    ids=["nothing-due", "campaign-due", "unpublished", "started", "answered", "processed"],
)
def test_answers_are_processed_when_signaled_and_before_each_campaign_until_the_start(
    state: CohortState, due: DueCampaigns, expected: bool
) -> None:
    assert are_answers_due(state, due) is expected
