"""When a cohort emails many people before its mentorships begin, by its settings and its publications."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

from domain.calendar import business_day, end_of_day, first_business_morning, local_day, morning
from schemas.cohort.campaigns import Campaign
from schemas.cohort.settings import ApplicationWindow, CohortSettings, HalfDaySession, ProposalSettings
from schemas.enums import CampaignKind

# What these ask for is of no use once the mentorships have begun.
ENDED_BY_KICKOFF = frozenset(
    {
        CampaignKind.OPENING,
        CampaignKind.UNFINISHED,
        CampaignKind.RECRUITING,
        CampaignKind.INTAKE,
        CampaignKind.PROPOSAL,
        CampaignKind.KICKOFF,
    }
)


def planned_campaigns(settings: CohortSettings, published_at: Sequence[datetime] = ()) -> tuple[Campaign, ...]:
    """Return every campaign of a cohort in order; those about proposals count from the last publication."""
    zone = settings.time_zone
    campaigns: list[Campaign] = []
    if settings.applications and settings.applications_close_at:
        campaigns += _applying(settings.applications, settings.applications_close_at, zone)
        campaigns += _completing(settings.applications, settings.kickoff, zone)
    if settings.proposals and published_at:
        campaigns += _proposing(settings.proposals, published_at[-1], zone)
    if settings.session:
        campaigns += _inviting(settings.session, settings.kickoff, zone)
    return tuple(sorted(campaigns, key=lambda campaign: (campaign.at, campaign.kind, campaign.number)))


def campaign_name(campaign: Campaign) -> str:
    """Return the unique name of a campaign; one that is moved to another moment gets another name."""
    return f"{campaign.kind}-{campaign.number}-{campaign.at:%Y-%m-%dT%H:%M}"


def due_campaigns(
    planned: Sequence[Campaign], done: Collection[str], now: datetime, *, kickoff_at: datetime
) -> tuple[tuple[Campaign, ...], tuple[Campaign, ...]]:
    """Return the campaigns to run now, and those to skip because they would say nothing new.

    A cohort that is created after its window opened thus sends one reminder of each kind, not all that it missed, and
    what ends with the kickoff is not sent after it. ``done`` are the names of campaigns that ran or were skipped.
    """
    late = [campaign for campaign in planned if campaign.at <= now and campaign_name(campaign) not in done]
    newest = {campaign.kind: campaign for campaign in late if now < kickoff_at or campaign.kind not in ENDED_BY_KICKOFF}
    if CampaignKind.OPENING in newest:
        # Both ask past mentors for the same.
        newest.pop(CampaignKind.RECRUITING, None)
    return tuple(newest.values()), tuple(campaign for campaign in late if campaign not in newest.values())


def next_campaign_at(planned: Sequence[Campaign], done: Collection[str]) -> datetime | None:
    """Return the moment of the next campaign that is not done, or None."""
    return min((campaign.at for campaign in planned if campaign_name(campaign) not in done), default=None)


def answer_deadline(proposals: ProposalSettings, proposed_at: datetime, zone: str) -> datetime:
    """Return the moment by which both sides are asked to answer a proposal: the end of a local day, in UTC."""
    return end_of_day(local_day(proposed_at, zone) + timedelta(days=proposals.answer_days), zone)


def _applying(window: ApplicationWindow, closes_at: datetime, zone: str) -> Iterator[Campaign]:
    opens_at = _on(window.opens_on, zone)
    yield Campaign(kind=CampaignKind.OPENING, at=opens_at)
    for kind, days in ((CampaignKind.UNFINISHED, _reminded(window)), (CampaignKind.RECRUITING, _recruiting(window))):
        moments = dict.fromkeys(_on(day, zone) for day in days)
        inside = [at for at in moments if opens_at < at < closes_at]
        yield from (Campaign(kind=kind, at=at, number=number) for number, at in enumerate(inside, start=1))
    yield Campaign(kind=CampaignKind.CLOSING, at=first_business_morning(closes_at, zone))


def _reminded(window: ApplicationWindow) -> list[date]:
    return [window.closes_on + timedelta(days=days) for days in sorted(window.reminders)]


def _recruiting(window: ApplicationWindow) -> Iterator[date]:
    day = window.opens_on + timedelta(days=window.recruit_every_days)
    # These stop by themselves: with enough mentors, a campaign finds nobody to ask (B2).
    while day < window.closes_on:
        yield day
        day += timedelta(days=window.recruit_every_days)


def _completing(window: ApplicationWindow, kickoff: date, zone: str) -> Iterator[Campaign]:
    for number, days in enumerate(sorted(window.intake_reminders), start=1):
        day = kickoff + timedelta(days=days)
        # The opening has asked for the missing answers already.
        if day > window.opens_on:
            yield Campaign(kind=CampaignKind.INTAKE, at=_on(day, zone), number=number)


def _proposing(proposals: ProposalSettings, published_at: datetime, zone: str) -> Iterator[Campaign]:
    yield Campaign(kind=CampaignKind.PROPOSAL, at=published_at)
    day = local_day(published_at, zone)
    for number, days in enumerate(sorted(proposals.reminders), start=1):
        yield Campaign(kind=CampaignKind.PROPOSAL, at=_on(day + timedelta(days=days), zone), number=number)
    yield Campaign(
        kind=CampaignKind.PROPOSALS_DUE, at=first_business_morning(answer_deadline(proposals, published_at, zone), zone)
    )


def _inviting(session: HalfDaySession, kickoff: date, zone: str) -> Iterator[Campaign]:
    for number, days in enumerate((session.invite_days, session.remind_days)):
        yield Campaign(kind=CampaignKind.KICKOFF, at=_on(kickoff - timedelta(days=days), zone), number=number)


def _on(day: date, zone: str) -> datetime:
    return morning(business_day(day), zone)
