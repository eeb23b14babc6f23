"""When a cohort writes to many: while people apply, when matches are proposed, before the kickoff."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import is_business_day
from domain.cohort.campaigns import campaign_name, due_campaigns, next_campaign_at, planned_campaigns
from schemas.cohort.campaigns import Campaign
from schemas.cohort.settings import (
    ApplicationWindow,
    CohortSettings,
    HalfDay,
    HalfDaySession,
    Institute,
    ProgramContact,
    ProposalSettings,
)
from schemas.enums import CampaignKind

KICKOFF = date(2019, 5, 10)
ZONE = ZoneInfo("America/Chicago")
KICKOFF_AT = datetime.combine(KICKOFF, time(9), ZONE)
PUBLISHED_AT = datetime(2019, 4, 3, 15, 30, tzinfo=UTC)


def settings(**more: object) -> CohortSettings:
    given = {
        "id": "mile-2019",
        "title": "2019",
        "institute": Institute(venue="Lodge", town="Cohasset", last_day=KICKOFF),
        "contact": ProgramContact(role="Chair", email="chair@example.org"),
        "applications": ApplicationWindow(opens_on=date(2019, 2, 1), closes_on=date(2019, 3, 15)),
        "proposals": ProposalSettings(),
        "session": HalfDaySession(
            half_days=(HalfDay(id="friday_am", label="Friday", day=KICKOFF, begins=time(9), ends=time(12)),)
        ),
    }
    return CohortSettings.model_validate(given | more)


def of(kind: CampaignKind, planned: tuple[Campaign, ...]) -> list[str]:
    return [f"{campaign.at.astimezone(ZONE):%Y-%m-%d %H:%M}" for campaign in planned if campaign.kind is kind]


def test_rounds_of_2019_fall_on_the_days_people_expect() -> None:
    planned = planned_campaigns(settings(), [PUBLISHED_AT])
    assert of(CampaignKind.OPENING, planned) == ["2019-02-01 09:00"]
    assert of(CampaignKind.UNFINISHED, planned) == ["2019-03-01 09:00", "2019-03-12 09:00"]
    assert of(CampaignKind.RECRUITING, planned) == [
        "2019-02-08 09:00",
        "2019-02-15 09:00",
        "2019-02-22 09:00",
        "2019-03-01 09:00",
        "2019-03-08 09:00",
    ]
    assert of(CampaignKind.CLOSING, planned) == ["2019-03-18 09:00"], "the first office morning after the last day"
    assert of(CampaignKind.INTAKE, planned) == ["2019-04-05 09:00", "2019-04-19 09:00", "2019-04-30 09:00"]
    assert of(CampaignKind.PROPOSAL, planned) == ["2019-04-03 10:30", "2019-04-08 09:00", "2019-04-11 09:00"]
    assert of(CampaignKind.PROPOSALS_DUE, planned) == ["2019-04-15 09:00"]
    assert of(CampaignKind.KICKOFF, planned) == ["2019-04-12 09:00", "2019-05-03 09:00"]


def test_without_tables_in_the_settings_there_are_no_rounds() -> None:
    assert planned_campaigns(settings(applications=None, proposals=None, session=None), [PUBLISHED_AT]) == ()


def test_nothing_is_proposed_before_matches_are_published() -> None:
    assert of(CampaignKind.PROPOSAL, planned_campaigns(settings())) == []


def test_the_last_publication_counts() -> None:
    later = PUBLISHED_AT + timedelta(days=6)
    assert of(CampaignKind.PROPOSAL, planned_campaigns(settings(), [PUBLISHED_AT, later]))[0] == "2019-04-09 10:30"


def test_a_window_closed_at_once_ends_reminders_and_recruiting() -> None:
    closed = ApplicationWindow(
        opens_on=date(2019, 2, 1), closes_on=date(2019, 3, 15), closed_at=datetime(2019, 2, 20, 18, tzinfo=UTC)
    )
    planned = planned_campaigns(settings(applications=closed))
    assert of(CampaignKind.UNFINISHED, planned) == []
    assert of(CampaignKind.RECRUITING, planned) == ["2019-02-08 09:00", "2019-02-15 09:00"]
    assert of(CampaignKind.CLOSING, planned) == ["2019-02-21 09:00"]


def test_a_cohort_created_late_writes_once_and_not_as_often_as_it_would_have() -> None:
    planned = planned_campaigns(settings())
    now = datetime(2019, 3, 2, 12, tzinfo=UTC)
    now_due, left_out = due_campaigns(planned, (), now, kickoff_at=KICKOFF_AT)
    assert sorted(campaign.kind for campaign in now_due) == [CampaignKind.OPENING, CampaignKind.UNFINISHED]
    assert {campaign.kind for campaign in left_out} == {CampaignKind.RECRUITING}, (
        "the opening asks past mentors already"
    )
    assert len(left_out) == 4


def test_after_the_kickoff_nobody_is_asked_what_is_over_and_staff_still_learn_what_they_have_to() -> None:
    published = KICKOFF_AT + timedelta(days=1)
    planned = planned_campaigns(settings(), [published])
    now_due, left_out = due_campaigns(planned, (), published, kickoff_at=KICKOFF_AT)
    assert [campaign.kind for campaign in now_due] == [CampaignKind.CLOSING]
    assert CampaignKind.PROPOSAL in {campaign.kind for campaign in left_out}
    assert of(CampaignKind.PROPOSALS_DUE, tuple(campaign for campaign in planned if campaign not in left_out))


def test_an_extended_window_reminds_again_before_its_new_end() -> None:
    first = planned_campaigns(settings())
    done = {campaign_name(campaign) for campaign in first if campaign.at < datetime(2019, 3, 13, tzinfo=UTC)}
    longer = planned_campaigns(
        settings(applications=ApplicationWindow(opens_on=date(2019, 2, 1), closes_on=date(2019, 3, 29)))
    )
    to_come = tuple(campaign for campaign in longer if campaign_name(campaign) not in done)
    assert of(CampaignKind.UNFINISHED, to_come) == ["2019-03-15 09:00", "2019-03-26 09:00"]
    assert of(CampaignKind.OPENING, to_come) == []


@given(
    opens=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    open_days=st.integers(0, 200),
    days_to_kickoff=st.integers(1, 200),
    published_after=st.lists(st.timedeltas(timedelta(0), timedelta(days=4000)), max_size=3, unique=True),
)
def test_campaigns_keep_office_hours_and_each_runs_once(
    opens: date, open_days: int, days_to_kickoff: int, published_after: list[timedelta]
) -> None:
    closes = opens + timedelta(days=open_days)
    published = [PUBLISHED_AT + after for after in published_after]
    kickoff = closes + timedelta(days=days_to_kickoff)
    cohort = settings(
        institute=Institute(venue="Lodge", town="Ely", last_day=kickoff),
        applications=ApplicationWindow(opens_on=opens, closes_on=closes),
        session=HalfDaySession(half_days=(HalfDay(id="am", label="AM", day=kickoff, begins=time(9), ends=time(12)),)),
    )
    planned = planned_campaigns(cohort, published)
    assert len({campaign_name(campaign) for campaign in planned}) == len(planned)
    for campaign in planned:
        local = campaign.at.astimezone(ZONE)
        if campaign.at not in published:
            assert local.time() == time(9)
            assert is_business_day(local.date())
    done: set[str] = set()
    emailed: list[str] = []
    while (moment := next_campaign_at(planned, done)) is not None:
        now_due, left_out = due_campaigns(planned, done, moment, kickoff_at=datetime.combine(kickoff, time(9), ZONE))
        assert now_due or left_out, "time stands still"
        emailed += [campaign_name(campaign) for campaign in now_due]
        done |= {campaign_name(campaign) for campaign in (*now_due, *left_out)}
    assert sorted(emailed) == sorted(set(emailed))
