"""A participant's own page: everything about their mentorship in one place, behind their personal link."""

from datetime import date, datetime

import asyncpg

from domain.calendar import local_day
from domain.links import milestone_links_end_on
from domain.mentorship.asked_together import with_questions
from domain.mentorship.my_mentorship import has_page, waiting
from runtime.clock import Clock
from schemas.base import FrozenModel
from schemas.enums import Language, Side
from schemas.mentorship.my_mentorship import MentorshipOfPerson, MyMentorship
from schemas.mentorship.responses import AskedStep, Link, ResponsePage
from storage import (
    address_changes,
    agreements,
    calendar_feeds,
    calendar_subscriptions,
    call_requests,
    contacts,
    leavings,
    meetings,
    mentorships,
    my_mentorship,
    personal_links,
    readiness,
    reminders,
    resources,
    response_pages,
    roles,
    stay_in_touch,
    topics,
)
from storage.database import Db


class LinkOwner(FrozenModel):
    """Whose personal link it is, and the mentorships they are in, the newest last."""

    cohort_id: str
    person_id: str
    language: Language
    mentorships: tuple[MentorshipOfPerson, ...] = ()

    def side_in(self, mentorship_id: str) -> Side | None:
        """Return the side on which they are in a mentorship, or None where they are not in it."""
        return next((one.side for one in self.mentorships if one.id == mentorship_id), None)


class MyMentorshipService:
    """Reads what a personal link opens once its owner has a mentorship; an unknown or too old one opens None."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def owner(self, token_hash: bytes) -> LinkOwner | None:
        """Return whose link it is."""
        owner = await personal_links.owner(self._pool, token_hash)
        if owner is None:
            return None
        found = await my_mentorship.mentorships_of(self._pool, *owner)
        language = await contacts.language_of(self._pool, *owner)
        return LinkOwner(cohort_id=owner[0], person_id=owner[1], language=language, mentorships=found)

    async def open(self, token_hash: bytes, mentorship_id: str) -> MyMentorship | None:
        """Return all that is known of one of their mentorships, as they may see it."""
        owner = await self.owner(token_hash)
        side = owner.side_in(mentorship_id) if owner else None
        if owner is None or side is None:
            return None
        page = await _read(self._pool, mentorship_id, side, owner.mentorships, self._clock.now(mentorship_id))
        return None if _is_too_old(page) else page.model_copy(update={"link": token_hash})

    async def of_person(self, cohort_id: str, person_id: str) -> tuple[MyMentorship, ...]:
        """Return all mentorships of somebody in a cohort that are not too old, as they may see them."""
        found = await my_mentorship.mentorships_of(self._pool, cohort_id, person_id)
        pages = [await _read(self._pool, one.id, one.side, found, self._clock.now(one.id)) for one in found]
        return tuple(page for page in pages if not _is_too_old(page))

    async def open_form(self, token_hash: bytes, mentorship_id: str, milestone: str) -> ResponsePage | None:
        """Return the page of one thing that is, was or will be asked in the mentorship."""
        page = await self.open(token_hash, mentorship_id)
        due = next((each for each in page.milestones if each.id == milestone), None) if page else None
        if page is None or due is None or not (has_page(due) or due.answers):
            return None
        link = Link(mentorship_id=mentorship_id, milestone=milestone, side=page.side)
        form = await response_pages.page_of(self._pool, link, self._clock)
        if form is None:
            return None
        waits = {each.id for each in waiting(page)}
        steps = [
            AskedStep(milestone=each.id, kind=each.kind, answered=each.id not in waits)
            for each in sorted(page.milestones, key=lambda each: (each.closes_on, each.id))
            if each.id in {*waits, milestone} and each.is_open(page.now)
        ]
        return form.model_copy(update={"steps": with_questions(steps, form)})


async def _read(
    db: Db, mentorship_id: str, side: Side, others: tuple[MentorshipOfPerson, ...], now: datetime
) -> MyMentorship:
    pair = await mentorships.partners(db, mentorship_id)
    called = [each.received_at for each in await call_requests.call_requests_of(db, mentorship_id) if each.side is side]
    link = await reminders.link_of(db, pair.cohort.id, pair.of(side).id)
    wishes = await stay_in_touch.wishes(db, mentorship_id)
    address = await address_changes.waiting(db, pair.cohort.id, pair.of(side).id, now)
    return MyMentorship(
        cohort=await roles.settings_at(db, pair.cohort, now),
        pair=pair,
        side=side,
        phase=await my_mentorship.phase_of(db, mentorship_id),
        outcome=await mentorships.outcome_of(db, mentorship_id),
        now=now,
        milestones=await my_mentorship.milestones_of_side(db, mentorship_id, side, pair.goals),
        agreements=await agreements.versions(db, mentorship_id),
        mentorships=others,
        called_at=max(called, default=None),
        leaving=await leavings.open_leaving(db, mentorship_id, side),
        paused=link is not None and link.is_paused(now),
        paused_until=link.resumed_at if link else None,
        new_address=address.new_email if address else None,
        calendar=await calendar_subscriptions.subscription(db, pair.cohort.id, pair.of(side).id),
        dates=await meetings.dates(db, mentorship_id),
        proposal=await meetings.open_proposal(db, mentorship_id),
        feed=await calendar_feeds.has_feed(db, pair.cohort.id, pair.of(side).id),
        ready=await readiness.checked(db, mentorship_id, side),
        topics=await topics.chosen_topics(db, mentorship_id),
        resources=await resources.resources(db, pair.cohort.id),
        wants_contact=wishes.get(side),
        in_touch=all(wishes.get(each, False) for each in Side),
    )


def _is_too_old(page: MyMentorship) -> bool:
    last: date = max((each.closes_on for each in page.milestones), default=page.pair.ends_on)
    return local_day(page.now, page.cohort.time_zone) > milestone_links_end_on(max(last, page.pair.ends_on))
