"""When a cohort emails many people: while people apply, when matches are proposed, before the kickoff."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import is_business_day
from domain.cohort.campaigns import (
    campaign_name,
    due_campaigns,
    next_campaign_at,
    notice_of_change_at,
    planned_campaigns,
)
from domain.cohort.plan import cohort_plan, with_plan, with_run
from schemas.cohort.campaigns import Campaign, CampaignHistory, CampaignRun
from schemas.cohort.settings import (
    ApplicationWindow,
    CohortSettings,
    HalfDay,
    HalfDaySession,
    Institute,
    ProgramContact,
    ProposalSettings,
)
from schemas.cohort.state import CohortState
from schemas.enums import CampaignKind, CohortStage

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


def test_campaigns_of_2019_fall_on_the_days_people_expect() -> None:
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


def test_without_tables_in_the_settings_there_are_no_campaigns() -> None:
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


def due(
    planned: tuple[Campaign, ...], now: datetime, *runs: CampaignRun, done: Collection[str] = (), planned_at: datetime
) -> tuple[list[str], dict[str, set[str]]]:
    """Return which kinds run, with their numbers, and which numbers of each kind are skipped, by reason."""
    found = due_campaigns(planned, CampaignHistory(done=tuple(done), runs=runs, planned_at=planned_at), now)
    skipped: dict[str, set[str]] = {}
    for one in found.skipped:
        skipped.setdefault(one.why, set()).add(f"{one.campaign.kind} {one.campaign.number}")
    return [f"{campaign.kind} {campaign.number}" for campaign in found.run], skipped


def test_a_cohort_created_late_writes_once_and_not_as_often_as_it_would_have() -> None:
    now = datetime(2019, 3, 2, 12, tzinfo=UTC)
    run, skipped = due(planned_campaigns(settings()), now, planned_at=now)
    assert run == ["opening 0", "unfinished 1"]
    assert skipped == {"merged": {f"recruiting {number}" for number in range(1, 5)}}, "the opening asks them already"


def test_a_cohort_created_after_its_window_asks_nobody_to_apply() -> None:
    now = datetime(2019, 4, 1, 12, tzinfo=UTC)
    run, skipped = due(planned_campaigns(settings()), now, planned_at=now)
    assert run == []
    assert {one.partition(" ")[0] for one in skipped["over"]} == {"opening", "unfinished", "recruiting", "closing"}


def test_after_the_kickoff_nobody_is_asked_what_is_over() -> None:
    published = KICKOFF_AT + timedelta(days=1)
    planned = planned_campaigns(settings(), [published])
    run, skipped = due(planned, published, planned_at=published)
    assert run == []
    assert {"proposal 0", "kickoff 0", "kickoff 1", "intake 3"} <= skipped["over"]
    assert "proposals_due 0" not in skipped["over"], "staff still settle what nobody answered"


def test_a_reminder_alone_explains_nothing_so_the_invitation_goes_first() -> None:
    now = datetime(2019, 5, 6, 12, tzinfo=UTC)
    run, skipped = due(planned_campaigns(settings(applications=None)), now, planned_at=now)
    assert run == ["kickoff 0"]
    assert skipped == {"merged": {"kickoff 1"}}


def test_a_window_that_is_moved_to_an_earlier_day_opens_once() -> None:
    opened, moved = datetime(2019, 2, 1, 15, tzinfo=UTC), datetime(2019, 2, 12, 12, tzinfo=UTC)
    earlier = ApplicationWindow(opens_on=date(2019, 1, 21), closes_on=date(2019, 3, 15))
    runs = [
        CampaignRun(kind=CampaignKind.OPENING, ran_at=opened),
        CampaignRun(kind=CampaignKind.RECRUITING, number=1, ran_at=opened + timedelta(days=10)),
    ]
    run, skipped = due(planned_campaigns(settings(applications=earlier)), moved, *runs, planned_at=moved)
    assert run == []
    assert skipped == {"said": {"opening 0", "recruiting 1", "recruiting 2", "recruiting 3"}}


def test_a_second_publication_is_proposed_though_the_first_one_was() -> None:
    first, second = PUBLISHED_AT, PUBLISHED_AT + timedelta(days=3)
    asked = CampaignRun(kind=CampaignKind.PROPOSAL, ran_at=first)
    planned = planned_campaigns(settings(applications=None), [first, second])
    assert due(planned, second, asked, planned_at=second + timedelta(seconds=1)) == (["proposal 0"], {})


def test_a_kickoff_moved_after_the_invitations_invites_nobody_again_and_reminds_once() -> None:
    moved_to = KICKOFF + timedelta(days=2)
    day = HalfDay(id="am", label="AM", day=moved_to, begins=time(9), ends=time(12))
    later = settings(
        applications=None,
        institute=Institute(venue="Lodge", town="Cohasset", last_day=moved_to),
        session=HalfDaySession(half_days=(day,)),
    )
    invited, now = datetime(2019, 4, 12, 14, tzinfo=UTC), datetime(2019, 5, 7, 4, tzinfo=UTC)
    notice = Campaign(kind=CampaignKind.KICKOFF_CHANGED, at=notice_of_change_at(later, now))
    ran = [
        CampaignRun(kind=CampaignKind.KICKOFF, ran_at=invited),
        CampaignRun(kind=CampaignKind.KICKOFF, number=1, ran_at=datetime(2019, 5, 3, 14, tzinfo=UTC)),
    ]
    planned = (*planned_campaigns(later), notice)
    assert due(planned, now, *ran, planned_at=now) == ([], {"said": {"kickoff 0", "kickoff 1"}})
    assert due(planned, notice.at, *ran, planned_at=now)[0] == ["kickoff_changed 0"]
    assert f"{notice.at.astimezone(ZONE):%a %H:%M}" == "Tue 09:00"


def test_a_notice_of_change_and_a_reminder_are_one_email() -> None:
    planned = planned_campaigns(settings(applications=None))
    reminder = next(one for one in planned if one.kind is CampaignKind.KICKOFF and one.number)
    notice = Campaign(kind=CampaignKind.KICKOFF_CHANGED, at=reminder.at)
    invited = CampaignRun(kind=CampaignKind.KICKOFF, ran_at=reminder.at - timedelta(days=21))
    done = [campaign_name(planned[0])]
    run, skipped = due((*planned, notice), reminder.at, invited, done=done, planned_at=PUBLISHED_AT)
    assert (run, skipped) == (["kickoff_changed 0"], {"merged": {"kickoff 1"}})
    told = CampaignRun(kind=CampaignKind.KICKOFF_CHANGED, ran_at=reminder.at - timedelta(days=2))
    assert due(planned, reminder.at, invited, told, done=done, planned_at=PUBLISHED_AT)[0] == []


def test_what_is_corrected_within_the_same_minute_is_told_as_well() -> None:
    invited = CampaignRun(kind=CampaignKind.KICKOFF, ran_at=PUBLISHED_AT)
    before = KICKOFF_AT - timedelta(days=30)
    state = CohortState(cohort_id="mile-2019", stage=CohortStage.PUBLISHED, published_run=1, campaign_runs=(invited,))
    state = with_plan(state, cohort_plan(settings(), [PUBLISHED_AT], before), before)
    told = []
    # In the last hours before the institute a notice is due at once.
    for seconds, venue in ((10, "Wrong Lodge"), (50, "Right Lodge"), (59, "Right Lodge, Upper Hall")):
        now = KICKOFF_AT - timedelta(hours=10) + timedelta(seconds=seconds)
        moved = settings(institute=Institute(venue=venue, town="Cohasset", last_day=KICKOFF))
        state = with_plan(state, cohort_plan(moved, [PUBLISHED_AT], now), now)
        notice = state.kickoff_notice
        assert notice is not None
        assert timedelta(0) <= notice.at - now <= timedelta(minutes=2)
        told.append(campaign_name(notice))
        state = with_run(state, notice, now)
    assert len(set(told)) == len(told)


def test_a_change_on_the_eve_of_the_institute_is_told_at_once() -> None:
    eve = KICKOFF_AT - timedelta(hours=10)
    assert notice_of_change_at(settings(), eve) == eve
    in_time = KICKOFF_AT - timedelta(days=4)
    assert notice_of_change_at(settings(), in_time) == in_time + timedelta(minutes=15)


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
        found = due_campaigns(planned, CampaignHistory(done=tuple(done)), moment)
        assert found.run or found.skipped, "time stands still"
        assert all(campaign.until is None or moment < campaign.until for campaign in found.run)
        emailed += [campaign_name(campaign) for campaign in found.run]
        done |= {campaign_name(campaign) for campaign in (*found.run, *(one.campaign for one in found.skipped))}
    assert sorted(emailed) == sorted(set(emailed))
