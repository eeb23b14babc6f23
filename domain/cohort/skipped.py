"""Campaigns that did not run: as audit events, and as sentences, so that nothing is left out silently."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from domain.labels import label
from schemas.actor import Actor, ActorKind
from schemas.audit_event import AuditEvent
from schemas.cohort.campaigns import SkippedCampaign
from schemas.enums import CampaignKind, SkipReason

SKIPPED = "campaign_skipped"
_ACTOR = Actor(kind=ActorKind.SERVICE, name="cohort")
_NAMES = {
    CampaignKind.OPENING: "The email that applications are open",
    CampaignKind.UNFINISHED: "The reminder of unfinished applications",
    CampaignKind.RECRUITING: "The email to past mentors while places are missing",
    CampaignKind.CLOSING: "The note to staff that applications are closed",
    CampaignKind.INTAKE: "The email about missing intake answers",
    CampaignKind.PROPOSAL: "The email about a proposed match",
    CampaignKind.PROPOSALS_DUE: "The note to staff about missing answers to proposals",
    CampaignKind.KICKOFF: "The invitation to the half-day session",
    CampaignKind.KICKOFF_CHANGED: "The email about the new kickoff",
}
_WHY = {
    SkipReason.OVER: "what it is about is over",
    SkipReason.SAID: "people were told the same before",
    SkipReason.MERGED: "another email says the same",
}


def skipped_events(cohort_id: str, skipped: Iterable[SkippedCampaign], now: datetime) -> Iterator[AuditEvent]:
    """Yield an event for each kind of campaign that was skipped, and each reason."""
    for kind, why, several in _grouped(skipped):
        details = {"campaign": str(kind), "why": str(why), "dates": _days(several)}
        yield AuditEvent(happened_at=now, actor=_ACTOR, action=SKIPPED, cohort_id=cohort_id, details={**details})


def skipped_sentences(skipped: Iterable[SkippedCampaign]) -> Iterator[str]:
    """Yield a sentence for each kind of campaign that is left out, and each reason."""
    for kind, why, several in _grouped(skipped):
        yield skipped_sentence(kind, why, _days(several))


def event_sentence(event: AuditEvent) -> str:
    """Return the sentence of an audit event about a campaign that was skipped."""
    dates = event.details["dates"]
    days = [str(day) for day in dates] if isinstance(dates, list) else []
    return skipped_sentence(str(event.details["campaign"]), str(event.details["why"]), days)


def skipped_sentence(kind: str, why: str, dates: Sequence[str]) -> str:
    """Say that the emails of a campaign do not leave, and why."""
    name = _NAMES.get(CampaignKind(kind), label(kind))
    return f"{name} ({', '.join(dates)}) is left out: {_WHY[SkipReason(why)]}."


def _grouped(
    skipped: Iterable[SkippedCampaign],
) -> Iterator[tuple[CampaignKind, SkipReason, list[SkippedCampaign]]]:
    def key(one: SkippedCampaign) -> tuple[CampaignKind, SkipReason]:
        return one.campaign.kind, one.why

    for (kind, why), several in groupby(sorted(skipped, key=key), key):
        yield kind, why, list(several)


def _days(skipped: Iterable[SkippedCampaign]) -> list[str]:
    return [f"{one.campaign.at:%Y-%m-%d}" for one in skipped]
