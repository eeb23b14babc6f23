"""What emails to participants have to know of their mentorships, read for several emails at once."""

from collections.abc import Sequence

import asyncpg
from pydantic import TypeAdapter

from schemas.base import FrozenModel
from schemas.cohort.roles import RoleHolder
from schemas.mentorship.meetings import MeetingDate
from schemas.mentorship.responses import DueMilestone, MentorshipPair, StoredPersonalLinks, StoredReminderLink
from storage.database import Db, queries
from storage.mentorships import partners_of
from storage.roles import read_holders

_MILESTONES = TypeAdapter(tuple[DueMilestone, ...])
_REMINDER_LINKS = TypeAdapter(dict[str, StoredReminderLink])
_DATES = TypeAdapter(dict[str, MeetingDate])
_PERSONAL_LINKS = TypeAdapter(dict[str, StoredPersonalLinks])


class KnownMentorship(FrozenModel):
    """A mentorship as emails know it; ``reminder_links`` and ``personal_links`` are of its two people, by their ids.

    ``dates`` are the newest ones of its meetings, by milestone.
    """

    pair: MentorshipPair
    milestones: tuple[DueMilestone, ...]
    role_holders: tuple[RoleHolder, ...]
    reminder_links: dict[str, StoredReminderLink]
    personal_links: dict[str, StoredPersonalLinks]
    dates: dict[str, MeetingDate]


async def known_mentorships(db: Db, mentorships: Sequence[str]) -> list[KnownMentorship]:
    """Return what emails know of mentorships, for each one given. Raises UnknownMentorship."""
    pairs = await partners_of(db, mentorships)
    rows = {row["id"]: row async for row in queries.known_for_emails(db, ids=list(mentorships))}
    return [_known(pairs[mentorship], rows[mentorship]) for mentorship in mentorships]


def _known(pair: MentorshipPair, row: asyncpg.Record) -> KnownMentorship:
    return KnownMentorship(
        pair=pair,
        milestones=_MILESTONES.validate_json(row["milestones"] or "[]"),
        role_holders=read_holders(row["role_holders"] or "[]"),
        reminder_links=_REMINDER_LINKS.validate_json(row["reminder_links"] or "{}"),
        dates=_DATES.validate_json(row["dates"] or "{}"),
        personal_links=_PERSONAL_LINKS.validate_json(row["personal_links"] or "{}"),
    )
