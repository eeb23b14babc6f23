"""What staff see first: several classes in a few statements, however many there are."""

from collections.abc import Collection
from datetime import date

from schemas.cohort.home import ComingMilestones, HomeClass, HomeConcern, LostDecision
from schemas.cohort.settings import CohortSettings
from storage.database import Db, queries, stored_as


async def classes(db: Db, cohort_ids: Collection[str]) -> tuple[HomeClass, ...]:
    """Return the figures of classes, by id."""
    rows = [dict(row) async for row in queries.home_classes(db, ids=list(cohort_ids))]
    return tuple(HomeClass(**row | {"settings": stored_as(CohortSettings, row["settings"])}) for row in rows)


async def concerns(db: Db, cohort_ids: Collection[str]) -> tuple[HomeConcern, ...]:
    """Return which mentorships need staff, by class."""
    rows = [dict(row) async for row in queries.home_concerns(db, ids=list(cohort_ids))]
    return tuple(HomeConcern(**row) for row in rows)


async def lost_decisions(db: Db, cohort_ids: Collection[str]) -> tuple[LostDecision, ...]:
    """Return what staff decided about mentorships and was lost, by class."""
    rows = [dict(row) async for row in queries.home_lost_decisions(db, ids=list(cohort_ids))]
    return tuple(LostDecision(**row) for row in rows)


async def coming(db: Db, cohort_ids: Collection[str], first: date, last: date) -> tuple[ComingMilestones, ...]:
    """Return how many mentorships are asked what from the first to the last day, both included."""
    rows = [dict(row) async for row in queries.home_coming(db, ids=list(cohort_ids), first=first, last=last)]
    return tuple(ComingMilestones(**row) for row in rows)
