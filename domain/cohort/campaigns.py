"""When a cohort emails many people before its mentorships begin, by its settings and its publications."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

from domain.calendar import (
    business_day,
    end_of_day,
    first_business_morning,
    local_day,
    local_time,
    morning,
    office_moment,
)
from domain.cohort.dates import cohort_dates
from schemas.cohort.campaigns import Campaign, CampaignHistory, CampaignRun, DueCampaigns, SkippedCampaign
from schemas.cohort.settings import ApplicationWindow, CohortSettings, HalfDaySession, ProposalSettings
from schemas.cohort.state import CohortState
from schemas.enums import CampaignKind, SkipReason

# A campaign that is only now found to have been due is not run so soon after another one that asks for the same.
SPACED_BY = timedelta(days=3)
# Staff who enter a wrong kickoff have so long to correct it before anybody is told.
CORRECTED_WITHIN = timedelta(minutes=15)
# From so long before the institute on, nobody waits for office hours.
URGENT_BEFORE = timedelta(days=1)
# How long a note to staff about a date that is past is of use.
NOTE_IS_NEWS_FOR = timedelta(days=7)
# The first email of these explains what it asks for; a reminder alone does not.
EXPLAINED_FIRST = frozenset({CampaignKind.PROPOSAL, CampaignKind.KICKOFF})
# Each publication begins these anew.
OF_A_PUBLICATION = frozenset({CampaignKind.PROPOSAL, CampaignKind.PROPOSALS_DUE})


def planned_campaigns(settings: CohortSettings, published_at: Sequence[datetime] = ()) -> tuple[Campaign, ...]:
    """Return every campaign of a cohort in order; those about proposals count from the last publication."""
    zone, kickoff_at = settings.time_zone, cohort_dates(settings).kickoff_at
    campaigns: list[Campaign] = []
    if settings.applications and settings.applications_close_at:
        campaigns += _applying(settings.applications, settings.applications_close_at, zone)
        campaigns += _completing(settings.applications, settings.kickoff_day, zone, until=kickoff_at)
    if settings.proposals and published_at:
        campaigns += _proposing(settings.proposals, published_at[-1], zone, until=kickoff_at)
    if settings.session:
        campaigns += _inviting(settings.session, settings.kickoff_day, zone, until=kickoff_at)
    return tuple(sorted(campaigns, key=_by_moment))


def campaign_name(campaign: Campaign) -> str:
    """Return the unique name of a campaign; one that is moved to another moment gets another name."""
    return f"{campaign.kind}-{campaign.number}-{campaign.at:%Y-%m-%dT%H:%M}"


def due_campaigns(planned: Sequence[Campaign], history: CampaignHistory, now: datetime) -> DueCampaigns:
    """Return the campaigns to run now, and those to skip because they are over or would say nothing new.

    A cohort that is created after its window opened thus sends one email of each kind, not all that it missed, and
    what people were asked already is not asked again because a date was moved. The workflow and every preview ask here.
    """
    late = [one for one in planned if one.at <= now and campaign_name(one) not in history.done]
    why = {campaign_name(one): _why_useless(one, planned, history, now) for one in late}
    left = [one for one in late if why[campaign_name(one)] is None]
    # A campaign has one chosen email of its kind at most, and none where another kind says the same.
    run = [one for one in _one_per_kind(left) if not _is_said_by(one, left, history, now)]
    skipped = [
        SkippedCampaign(campaign=one, why=why[campaign_name(one)] or SkipReason.MERGED)
        for one in late
        if one not in run
    ]
    return DueCampaigns(run=tuple(sorted(run, key=_by_moment)), skipped=tuple(skipped))


def are_answers_due(state: CohortState, due: DueCampaigns) -> bool:
    """Tell whether answers to proposals are processed now, before the campaigns that are due."""
    # A signal that got lost with Temporal is made up for at the next campaign.
    return state.has_new_answers or bool(due.run and state.proposals_are_out and not state.stage.started)


def invitation_to_repeat(planned: Sequence[Campaign], history: CampaignHistory, now: datetime) -> Campaign | None:
    """Return the invitation to run again for those whose match became final after it, or None.

    It emails only those who were not invited yet, and nobody about a session that is over.
    """
    first = next((one for one in planned if one.kind is CampaignKind.KICKOFF and not one.number), None)
    if first is None or not has_run(history, CampaignKind.KICKOFF) or is_over(first, now):
        return None
    return first


def has_run(history: CampaignHistory, kind: CampaignKind) -> bool:
    """Tell whether a campaign of a kind has run, rather than been skipped."""
    return any(run.kind is kind for run in history.runs)


def next_campaign_at(planned: Sequence[Campaign], done: Collection[str]) -> datetime | None:
    """Return the moment of the next campaign that is not done, or None."""
    return min((campaign.at for campaign in planned if campaign_name(campaign) not in done), default=None)


def answer_deadline(proposals: ProposalSettings, proposed_at: datetime, zone: str) -> datetime:
    """Return the moment by which both sides are asked to answer a proposal: the end of a local day, in UTC."""
    return end_of_day(local_day(proposed_at, zone) + timedelta(days=proposals.answer_days), zone)


def notice_of_change_at(settings: CohortSettings, now: datetime) -> datetime:
    """Return when people learn of a new kickoff that staff enter now: in office hours, so that they may correct it.

    Where the institute is too near for that, they learn of it at once.
    """
    at = office_moment(now + CORRECTED_WITHIN, settings.time_zone)
    return now if at > morning(settings.institute.opens_on, settings.time_zone) - URGENT_BEFORE else at


def _why_useless(
    campaign: Campaign, planned: Sequence[Campaign], history: CampaignHistory, now: datetime
) -> SkipReason | None:
    if is_over(campaign, now):
        return SkipReason.OVER
    # What fell due after it was planned was waited for; only what a new plan finds in the past may be said already.
    if history.planned_at is None or campaign.at >= history.planned_at:
        return None
    return SkipReason.SAID if any(_says(run, campaign, planned) for run in history.runs) else None


def _says(run: CampaignRun, campaign: Campaign, planned: Sequence[Campaign]) -> bool:
    if campaign.kind in OF_A_PUBLICATION:
        first_at = min((one.at for one in planned if one.kind is CampaignKind.PROPOSAL), default=campaign.at)
        return run.kind is campaign.kind and run.number >= campaign.number and run.ran_at >= first_at
    if campaign.kind is CampaignKind.RECRUITING and run.kind is CampaignKind.OPENING:
        return campaign.at < run.ran_at + SPACED_BY
    return run.kind is campaign.kind and (run.number >= campaign.number or campaign.at < run.ran_at + SPACED_BY)


def _one_per_kind(campaigns: Sequence[Campaign]) -> list[Campaign]:
    chosen: dict[CampaignKind, Campaign] = {}
    for one in campaigns:
        if not (one.kind in EXPLAINED_FIRST and one.kind in chosen and not chosen[one.kind].number):
            chosen[one.kind] = one
    return list(chosen.values())


def _is_said_by(campaign: Campaign, due: Sequence[Campaign], history: CampaignHistory, now: datetime) -> bool:
    """Tell whether another kind that is due, or left a moment ago, says the same as a campaign."""
    kinds = {one.kind for one in due}
    if campaign.kind is CampaignKind.RECRUITING:
        return CampaignKind.OPENING in kinds
    if campaign.kind is CampaignKind.KICKOFF and campaign.number:
        notices = (run.ran_at for run in history.runs if run.kind is CampaignKind.KICKOFF_CHANGED)
        return CampaignKind.KICKOFF_CHANGED in kinds or any(now < at + SPACED_BY for at in notices)
    return False


def is_over(campaign: Campaign, now: datetime) -> bool:
    """Tell whether what a campaign is about is over, so that its emails would be of no use."""
    return campaign.until is not None and campaign.until <= now


def _by_moment(campaign: Campaign) -> tuple[datetime, CampaignKind, int]:
    return campaign.at, campaign.kind, campaign.number


def _applying(window: ApplicationWindow, closes_at: datetime, zone: str) -> Iterator[Campaign]:
    opens_at = _on(window.opens_on, zone)
    yield Campaign(kind=CampaignKind.OPENING, at=opens_at, until=closes_at)
    for kind, days in ((CampaignKind.UNFINISHED, _reminded(window)), (CampaignKind.RECRUITING, _recruiting(window))):
        moments = dict.fromkeys(_on(day, zone) for day in days)
        inside = [at for at in moments if opens_at < at < closes_at]
        yield from (
            Campaign(kind=kind, at=at, number=number, until=closes_at) for number, at in enumerate(inside, start=1)
        )
    closed_at = first_business_morning(closes_at, zone)
    yield Campaign(kind=CampaignKind.CLOSING, at=closed_at, until=closed_at + NOTE_IS_NEWS_FOR)


def _reminded(window: ApplicationWindow) -> list[date]:
    return [window.closes_on + timedelta(days=days) for days in sorted(window.reminders)]


def _recruiting(window: ApplicationWindow) -> Iterator[date]:
    day = window.opens_on + timedelta(days=window.recruit_every_days)
    # These stop by themselves: with enough mentors, a campaign finds nobody to ask (B2).
    while day < window.closes_on:
        yield day
        day += timedelta(days=window.recruit_every_days)


def _completing(window: ApplicationWindow, kickoff: date, zone: str, *, until: datetime) -> Iterator[Campaign]:
    for number, days in enumerate(sorted(window.intake_reminders), start=1):
        day = kickoff + timedelta(days=days)
        # The opening has asked for the missing answers already.
        if day > window.opens_on:
            yield Campaign(kind=CampaignKind.INTAKE, at=_on(day, zone), number=number, until=until)


def _proposing(
    proposals: ProposalSettings, published_at: datetime, zone: str, *, until: datetime
) -> Iterator[Campaign]:
    deadline = answer_deadline(proposals, published_at, zone)
    day, until = local_day(published_at, zone), min(until, deadline)
    yield Campaign(kind=CampaignKind.PROPOSAL, at=published_at, until=until)
    for number, days in enumerate(sorted(proposals.reminders), start=1):
        at = _on(day + timedelta(days=days), zone)
        yield Campaign(kind=CampaignKind.PROPOSAL, at=at, number=number, until=until)
    yield Campaign(kind=CampaignKind.PROPOSALS_DUE, at=first_business_morning(deadline, zone))


def _inviting(session: HalfDaySession, kickoff: date, zone: str, *, until: datetime) -> Iterator[Campaign]:
    last = max(local_time(half.day, half.begins, zone) for half in session.half_days)
    for number, days in enumerate((session.invite_days, session.remind_days)):
        at = _on(kickoff - timedelta(days=days), zone)
        yield Campaign(kind=CampaignKind.KICKOFF, at=at, number=number, until=min(until, last))


def _on(day: date, zone: str) -> datetime:
    return morning(business_day(day), zone)
