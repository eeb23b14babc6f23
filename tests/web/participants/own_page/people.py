"""One pair whose two people open their own pages, and all that can be read from there."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import asyncpg
import httpx
from starlette.applications import Starlette
from temporalio.client import Client

from domain.forms import answer_for_workflow, questions_for
from emails.links import token, token_hash
from schemas.enums import MilestoneKind, Side
from schemas.forms.catalog import FORMS, Question
from schemas.ids import applicant_scope
from schemas.mentorship.responses import Link, NewResponse
from services.applicants import ApplicantService
from services.calendar_feeds import CalendarFeedService
from services.context import ServiceContext
from services.meetings import MeetingService
from services.my_mentorship import MyMentorshipService
from services.participant_steps import ParticipantStepService
from services.responses import ResponseService
from storage import agreements, personal_links, responses
from tests.clocks import HandSetClock
from tests.emails.relay import settings_for
from tests.emails.stored import PAIR, PLAN
from tests.services.conftest import FakeTemporal
from web.app import create_app

COHORT, PEOPLE = "mile-2019", {Side.MENTOR: "M01", Side.MENTEE: "P01"}
CHECK_IN_OPEN = datetime(2019, 7, 30, 15, tzinfo=UTC)
GOALS = ("A secret goal",)
KINDS = {due.id: due.kind for due in PLAN.milestones}


@dataclass(frozen=True)
class ClockedContext(ServiceContext):
    """A context whose program time is that of a clock."""

    clock: HandSetClock

    def now(self, cohort_id: str) -> datetime:
        return self.clock.now(cohort_id)


def context_of(pool: asyncpg.Pool, temporal: FakeTemporal, clock: HandSetClock) -> ServiceContext:
    """Return what use cases work with, at the time of a clock."""
    settings = settings_for("postgresql://nobody@127.0.0.1/none", 25)
    return ClockedContext(settings, pool, cast(Client, temporal), clock)


def pages_of(pool: asyncpg.Pool, clock: HandSetClock, temporal: FakeTemporal) -> Starlette:
    """Return the pages of applicants and participants."""
    context, mine = context_of(pool, temporal, clock), MyMentorshipService(pool, clock)
    return create_app(
        ResponseService(pool, cast(Client, temporal), clock),
        applicants=ApplicantService(pool, clock),
        my_mentorship=mine,
        participant_steps=ParticipantStepService(context, clock),
        meetings=MeetingService(context),
        calendar_feeds=CalendarFeedService(context, mine, clock),
    )


async def own_link(pool: asyncpg.Pool, person_id: str, cohort_id: str = COHORT) -> str:
    """Create somebody's personal link, as an email that carries it does; return the path of their own page."""
    secret = token(b"s" * 32, "personal", applicant_scope(cohort_id, person_id))
    await personal_links.ensure(pool, cohort_id, person_id, token_hash(secret))
    return f"/m/{secret}"


async def respond(
    pool: asyncpg.Pool, milestone: str, side: Side, answers: dict[str, str], mentorship: str = PAIR
) -> None:
    """Store what one side answers, as its page does."""
    link = Link(mentorship_id=mentorship, milestone=milestone, side=side)
    response = NewResponse(link=link, form=KINDS[milestone], answers=answers, received_at=CHECK_IN_OPEN)
    if response.form is MilestoneKind.AGREEMENT:
        await agreements.save_agreement(pool, response)
        return
    about = {"milestone": milestone, "side": side, "revision": 1, "received_at": CHECK_IN_OPEN}
    await responses.save_response(pool, response, answer_for_workflow(response.form, answers, **about))  # type: ignore[arg-type]


async def answer_everything(pool: asyncpg.Pool, side: Side, *, private: int) -> None:
    """Answer every form of one side.

    What the partner may not see depends on ``private``, 0 or 1: another choice, another word, a box checked or not.
    Boxes that let somebody else see an answer stay empty.
    """
    for milestone, kind in KINDS.items():
        if kind in FORMS and side in PLAN.milestone(milestone).asked:
            asked = questions_for(kind, side, GOALS)
            consents = {consent.tick for question in asked for consent in question.consents}
            said = {
                question.name: _typed(question, milestone, 0 if "partner" in question.readers else private)
                for question in asked
                if question.name not in consents
            }
            await respond(pool, milestone, side, {name: typed for name, typed in said.items() if typed})


def _typed(question: Question, milestone: str, which: int) -> str:
    if question.choices:
        return str(question.choices[which].value)
    return {
        "tick": ("yes", "")[which],
        "date": "2019-07-30",
        "count": str(3 + which),
    }.get(question.kind, f"words of {milestone} {question.name} {which}")


async def read_all(client: httpx.AsyncClient, start: str) -> dict[str, str]:
    """Return every page that a link leads to within somebody's own pages, by its path without the token."""
    own, found, waiting = start.split("/")[2], dict[str, str](), [start]
    while waiting:
        path = waiting.pop()
        page = await client.get(path, follow_redirects=True)
        assert page.status_code == 200, path
        found[path.replace(own, "TOKEN")] = page.text.replace(own, "TOKEN")
        links = re.findall(r'href="(/[^"#]*)"', page.text)
        waiting += {link for link in links if own in link and ".pdf" not in link} - {
            path.replace("TOKEN", own) for path in [*found, *waiting]
        }
        waiting = list(dict.fromkeys(waiting))
    return found
