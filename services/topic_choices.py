"""The topics that a pair chooses for its next meetings: skipped, or in an order of their own (A29)."""

from collections.abc import Mapping
from datetime import date, timedelta

import asyncpg

from domain.calendar import local_day
from runtime.clock import Clock
from schemas.actor import Actor
from schemas.audit_event import AuditEvent
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import GoalArea, Language, MilestoneKind
from schemas.mentorship.responses import ReminderLink
from storage import audit, mentorships, reminders, roles, topics
from storage.database import transaction

# A pair that meets every month would have eighteen.
MOST_MEETINGS = 4


class UpcomingMeeting(FrozenModel):
    """A meeting to come; ``chosen`` tells whether the pair chose its topic, which is None where it wants none."""

    milestone_id: str
    number: int
    day: date
    chosen: bool
    topic: GoalArea | None


class TopicChoices(FrozenModel):
    """What the page of topics shows."""

    link: ReminderLink
    cohort: CohortSettings
    partner: str
    meetings: tuple[UpcomingMeeting, ...]
    language: Language


class TopicChoiceService:
    """Stores which topics emails suggest to a pair; either side chooses, and the last choice counts."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def open(self, token_hash: bytes) -> TopicChoices | None:
        """Return what a link's page shows, or None where the link is unknown."""
        link = await reminders.link(self._pool, token_hash)
        if link is None:
            return None
        pair, now = await mentorships.partners(self._pool, link.mentorship_id), self._clock.now(link.mentorship_id)
        cohort = await roles.settings_at(self._pool, pair.cohort, now)
        today = local_day(now, cohort.time_zone)
        coming = await mentorships.milestones_after(self._pool, link.mentorship_id, today)
        chosen = await topics.chosen_topics(self._pool, link.mentorship_id)
        meetings = [due for due in coming if due.kind is MilestoneKind.MEETING][:MOST_MEETINGS]
        return TopicChoices(
            link=link,
            cohort=cohort,
            language=pair.language_of(link.side),
            partner=pair.of(link.side.partner).short_name,
            meetings=tuple(
                UpcomingMeeting(
                    milestone_id=due.id,
                    number=due.number,
                    day=due.opens_on - timedelta(days=cohort.timeline.meeting.opens),
                    chosen=due.id in chosen,
                    topic=chosen.get(due.id),
                )
                for due in meetings
            ),
        )

    async def choose(self, page: TopicChoices, chosen: Mapping[str, GoalArea | None]) -> None:
        """Store the topics of meetings to come, by milestone; others are left out."""
        known = {meeting.milestone_id for meeting in page.meetings}
        now, mentorship = self._clock.now(page.link.mentorship_id), page.link.mentorship_id
        async with transaction(self._pool) as connection:
            await topics.save_topics(
                connection, mentorship, {name: topic for name, topic in chosen.items() if name in known}, now
            )
            event = AuditEvent(
                happened_at=now,
                actor=Actor.participant(page.link.person_id),
                action="topics_chosen",
                cohort_id=page.cohort.id,
                mentorship_id=mentorship,
                person_id=page.link.person_id,
                details={},
            )
            await audit.save_event(connection, event)
