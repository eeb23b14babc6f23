"""The topics that pairs chose for their meetings, instead of those whose turn it is (A29)."""

from collections.abc import Mapping
from datetime import datetime

from schemas.enums import GoalArea
from storage.database import Db, queries


async def chosen_topics(db: Db, mentorship_id: str) -> dict[str, GoalArea | None]:
    """Return the topic that a pair chose for each meeting, by milestone; None where it wants no topic."""
    rows = queries.chosen_topics(db, mentorship_id=mentorship_id)
    return {row["milestone_id"]: row["topic"] and GoalArea(row["topic"]) async for row in rows}


async def save_topics(db: Db, mentorship_id: str, topics: Mapping[str, GoalArea | None], now: datetime) -> None:
    """Store the topics that a pair chose, by milestone; the last choice counts."""
    for milestone_id, topic in topics.items():
        await queries.save_topic(db, mentorship_id=mentorship_id, milestone_id=milestone_id, topic=topic, now=now)
