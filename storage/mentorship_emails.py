"""What emails to participants have to know of their mentorships, read for several emails at once."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import asyncpg
from pydantic import TypeAdapter

from schemas.cohort.opportunities import Opportunity
from schemas.cohort.roles import RoleHolder
from schemas.enums import GoalArea, OpportunityKind, Outcome
from schemas.mentorship.meetings import MeetingDate
from schemas.mentorship.responses import DueMilestone, MentorshipPair, StoredPersonalLinks, StoredReminderLink
from storage.database import Db, queries
from storage.mentorships import partners_of
from storage.opportunities import read_opportunities
from storage.responses import stuck_goals
from storage.roles import read_holders

_MILESTONES = TypeAdapter(tuple[DueMilestone, ...])
_REMINDER_LINKS = TypeAdapter(dict[str, StoredReminderLink])
_DATES = TypeAdapter(dict[str, MeetingDate])
_PERSONAL_LINKS = TypeAdapter(dict[str, StoredPersonalLinks])
_TOPICS = TypeAdapter(dict[str, GoalArea | None])
_KINDS = TypeAdapter(dict[str, frozenset[OpportunityKind]])


class KnownMentorship:
    """A mentorship as emails know it; ``stuck_goals`` are the numbers of the goals stuck twice in a row.

    Everything is fetched at once, because there are thousands of emails. A kind of email reads some of it, and does not
    fail where the rest cannot be read.
    """

    def __init__(self, pair: MentorshipPair, row: asyncpg.Record, stuck_goals: frozenset[int]) -> None:
        self.pair = pair
        self.stuck_goals = stuck_goals
        self._row = row

    @cached_property
    def milestones(self) -> tuple[DueMilestone, ...]:
        """Return all that was ever planned, in order of opening."""
        return _MILESTONES.validate_json(self._row["milestones"] or "[]")

    @cached_property
    def role_holders(self) -> tuple[RoleHolder, ...]:
        """Return everybody who holds, held or will hold a role of the cohort."""
        return read_holders(self._row["role_holders"] or "[]")

    @cached_property
    def reminder_links(self) -> Mapping[str, StoredReminderLink]:
        """Return the links to pause reminders of the two people, by their ids."""
        return _REMINDER_LINKS.validate_json(self._row["reminder_links"] or "{}")

    @cached_property
    def personal_links(self) -> Mapping[str, StoredPersonalLinks]:
        """Return the links to their own pages of the two people, by their ids."""
        return _PERSONAL_LINKS.validate_json(self._row["personal_links"] or "{}")

    @cached_property
    def dates(self) -> Mapping[str, MeetingDate]:
        """Return the newest dates of the meetings, by milestone."""
        return _DATES.validate_json(self._row["dates"] or "{}")

    @cached_property
    def topics(self) -> Mapping[str, GoalArea | None]:
        """Return the topics that the pair chose for its meetings, by milestone; None where it wants no topic."""
        return _TOPICS.validate_json(self._row["topics"] or "{}")

    @cached_property
    def outcome(self) -> Outcome | None:
        """Return how it ended, or None while it is recorded as running."""
        return self._row["outcome"] and Outcome(self._row["outcome"])

    @cached_property
    def opportunities(self) -> tuple[Opportunity, ...]:
        """Return all of the cohort's opportunities, the one that ends first in front."""
        return read_opportunities(self._row["opportunities"] or "[]")

    @cached_property
    def wanted_kinds(self) -> Mapping[str, frozenset[OpportunityKind]]:
        """Return which kinds of opportunities each of the two people wants, by their ids, where they have chosen."""
        return _KINDS.validate_json(self._row["wanted_kinds"] or "{}")


async def known_mentorships(db: Db, mentorships: Sequence[str]) -> list[KnownMentorship]:
    """Return what emails know of mentorships, for each one given. Raises UnknownMentorship."""
    pairs, stuck = await partners_of(db, mentorships), await stuck_goals(db, mentorships)
    rows = {row["id"]: row async for row in queries.known_for_emails(db, ids=list(mentorships))}
    known = {id_: KnownMentorship(pairs[id_], row, stuck[id_].twice) for id_, row in rows.items()}
    return [known[mentorship] for mentorship in mentorships]
