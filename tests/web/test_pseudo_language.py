"""Every page of participants and applicants in Greek letters: a Latin word is of a text outside the catalogs."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import cast

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from temporalio.client import Client

from domain import languages
from domain.matching.run import match
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from emails.links import token, token_hash
from schemas.cohort.opportunities import NewOpportunity
from schemas.enums import MilestoneKind, OpportunityKind, Side
from schemas.forms.catalog import FORMS
from schemas.ids import applicant_scope
from schemas.mentorship.contact import NewAddressChange
from schemas.mentorship.responses import AskedStep, StoredReminderLink
from services.applicants import ApplicantService
from services.calendar_feeds import CalendarFeedService
from services.invitations import InvitationService
from services.lost_links import LostLinkService
from services.meetings import MeetingService
from services.my_mentorship import MyMentorshipService
from services.opportunity_choices import OpportunityChoiceService
from services.participant_steps import ParticipantStepService
from services.reminders import ReminderService
from services.responses import ResponseService
from services.topic_choices import TopicChoiceService
from storage import address_changes, cohorts, mentorships, opportunities, personal_links, proposals, reminders
from tests.clocks import HandSetClock
from tests.pseudo_language import PseudoCatalog
from tests.services.conftest import FakeTemporal
from tests.web.conftest import CLOSES, OPENS, RecordingService
from tests.web.greek_class import (
    AGREEMENTS,
    APPLYING,
    CHECK_IN_OPEN,
    COHORT,
    CONTACT,
    ES,
    ID,
    KICKOFF,
    MENTEE_TYPED,
    MENTEES,
    MENTOR_TYPED,
    MENTORS,
    PAIR,
    PEOPLE,
    PROGRAM,
    PROPOSED,
    STATES,
)
from tests.web.participants.agreement.answers import PARTS
from tests.web.participants.own_page.people import context_of, respond
from tests.web.visitor import Visitor, latin, visitor_of
from web.app import create_app
from web.pages import Pages

FORMS_AND_ANSWERS = {
    "agreement.html",
    "agreement_closed.html",
    "agreement_sign.html",
    "agreement_step.html",
    "notice.html",
    "response_closed.html",
    "response_early.html",
    "response_empty.html",
    "response_farewell.html",
    "response_form.html",
    "response_sent.html",
    "response_thanks.html",
}
OWN_PAGES = {
    "handbook.html",
    "leave_confirmed.html",
    "meeting_cancelled.html",
    "meeting_step.html",
    "my_agreements.html",
    "my_calendar.html",
    "my_mentorship.html",
    "my_readers.html",
    "own_step.html",
}
BESIDE_THEM = {
    "address_change.html",
    "asks.html",
    "my_mentorships.html",
    "opportunities.html",
    "reminders.html",
    "topics.html",
}
APPLICATIONS = {
    "application_page.html",
    "application_review.html",
    "application_status.html",
    "not_me.html",
    "notice.html",
    "withdrawal.html",
}
MATCHES = {"application_status.html", "notice.html", "proposal.html", "proposals.html", "rsvp.html", "rsvp_form.html"}
PUBLIC = {
    "application_window.html",
    "guidance.html",
    "handbook.html",
    "home.html",
    "inquiry.html",
    "lost_links.html",
    "notice.html",
    "send_again.html",
}
OF_STAFF = re.compile(r"staff_|mailbox|report|rehearsal|document")


@pytest.fixture(autouse=True)
def in_greek(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "catalog", lambda language: PseudoCatalog())


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The language of pages that belong to no class: their texts are messages, too."""
    monkeypatch.setattr("web.middleware.language.OF_NO_CLASS", ES)


@pytest.fixture
def clock() -> HandSetClock:
    return HandSetClock(CHECK_IN_OPEN)


@pytest.fixture
def temporal() -> FakeTemporal:
    return FakeTemporal(running={f"mentorship-{PAIR}"})


@pytest.fixture
def everything(pool: asyncpg.Pool, clock: HandSetClock, temporal: FakeTemporal) -> Starlette:
    """All pages of participants and applicants, on the real database."""
    context, mine, client = context_of(pool, temporal, clock), MyMentorshipService(pool, clock), cast(Client, temporal)
    return create_app(
        ResponseService(pool, client, clock),
        applicants=ApplicantService(pool, clock),
        invitations=InvitationService(pool, client, clock),
        reminders=ReminderService(pool, clock),
        lost_links=LostLinkService(pool, clock),
        opportunities=OpportunityChoiceService(pool, clock),
        topics=TopicChoiceService(pool, clock),
        my_mentorship=mine,
        participant_steps=ParticipantStepService(context, clock),
        meetings=MeetingService(context),
        calendar_feeds=CalendarFeedService(context, mine, clock),
        program=PROGRAM,
        contact=CONTACT,
    )


@pytest.fixture
async def visitor(everything: Starlette, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Visitor]:
    transport = httpx.ASGITransport(app=everything)
    accepts = {"accept-language": "es"}
    async with httpx.AsyncClient(transport=transport, base_url="https://mile.example.org", headers=accepts) as client:
        yield visitor_of(client, monkeypatch)


@pytest.fixture
def reader_of_forms(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    return visitor_of(client, monkeypatch)


BEFORE, DURING, AFTER = OPENS - timedelta(days=1), OPENS + timedelta(days=1), CLOSES + timedelta(days=1)


def _form(service: RecordingService, kind: MilestoneKind, side: Side, **state: object) -> str:
    asked = (AskedStep(milestone=kind, kind=kind), AskedStep(milestone="other", kind=MilestoneKind.MEETING))
    service.pages.clear()
    people = {"person": PEOPLE[side], "partner": PEOPLE[side.partner], "cohort": COHORT}
    return service.link(kind, side, **({"goals": ("1 2", "3"), "steps": asked} | people | state))


async def test_pages_of_forms_are_in_the_language(reader_of_forms: Visitor, service: RecordingService) -> None:
    read = reader_of_forms
    for kind in (*FORMS, MilestoneKind.FAREWELL):
        for side in Side:
            for service.time, state in ((DURING, "open"), (AFTER, "ended early")):
                await read.get(_form(service, kind, side, **STATES[state]))
            for service.time, state in ((BEFORE, "open"), (DURING, "open"), (AFTER, "answered"), (AFTER, "completed")):
                await read.post(_form(service, kind, side, **STATES[state]), words="1 2")
            service.time = DURING
            await read.get(f"{_form(service, kind, side, **STATES['answered'])}/thanks")
    await read.get(_form(service, MilestoneKind.GOAL_CHECK_IN, Side.MENTEE, goals=()))
    await read.get(_form(service, MilestoneKind.CHECK_IN, Side.MENTEE, steps=()))
    service.time, service.refuses = DURING, "1"
    await read.post(_form(service, MilestoneKind.CHECK_IN, Side.MENTEE), status="met")
    for said, side in product(AGREEMENTS.values(), Side):
        service.time, link = DURING, _form(service, MilestoneKind.AGREEMENT, side, **said)
        for path in ("", "?change=yes", "/thanks", *(f"/parts/{part}" for part in PARTS)):
            await read.get(f"{link}{path}")
        await read.post(f"{link}/parts/rhythm", version="1", meetings="dates", meeting_dates="1")
        for service.time in (DURING, AFTER):
            await read.post(link, version="1", act="agree", meetings="dates", meeting_dates="2019-10-20")
    assert read.templates == FORMS_AND_ANSWERS
    assert read.found == {}


@pytest.fixture
async def paired(pool: asyncpg.Pool, everything: Starlette) -> dict[Side, str]:
    """The own pages of both people of a pair that has begun."""
    await cohorts.save_cohort(pool, COHORT, MENTORS, MENTEES, PROPOSED)
    result = match(MENTORS, MENTEES, COHORT.matching, pins=[("M01", "P01"), ("M01", "P02")], forbid=[("M02", "P03")])
    days = {"starts_on": date(2019, 5, 10), "ends_on": date(2020, 11, 10)}
    for pair in await mentorships.save_pairs(pool, ID, result, **days, now=KICKOFF):
        await mentorships.save_plan(pool, pair, plan(initial_terms(COHORT, pair, goals=1), KICKOFF), KICKOFF)
    await pool.execute("update mentorship set started_at = now()")
    await pool.execute("update application set language = 'es'")
    return {side: await _personal_link(pool, PEOPLE[side].id) for side in Side}


async def _personal_link(pool: asyncpg.Pool, person_id: str) -> str:
    secret = token(b"s" * 32, "personal", applicant_scope(ID, person_id))
    await personal_links.ensure(pool, ID, person_id, token_hash(secret))
    return f"/m/{secret}"


async def test_own_pages_are_in_the_language(
    visitor: Visitor, paired: dict[Side, str], clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    mentor, mentee = (f"{paired[side]}/{PAIR}" for side in Side)
    times = {"times": ["20190924T2000Z", "20190926T1500Z"], "minutes": "45", "place": "1", "question": "2"}
    for page in (mentor, mentee):
        for path in ("", "handbook", "readers", "agreements", "feed", "meetings/find", "meetings/choose", "leave"):
            await visitor.get(f"{page}/{path}".rstrip("/"))
    for step in ("call", "details", "address", "pause", "resume", "calendar", "calendar-remove", "touch", "new-link"):
        await visitor.get(f"{mentee}/{step}")
    for step in ("call", "details", "address", "pause", "calendar", "touch", "leave", "meetings/find"):
        await visitor.post(f"{mentee}/{step}")
    await visitor.post(f"{mentee}/ready")
    await visitor.post(f"{mentee}/details", name="Κ 1", reach="1", time_zone="", language="es")
    for address in ("new@example.org", "p01@example.org"):
        await visitor.post(f"{mentee}/address", email=address)
    await visitor.post(f"{mentee}/call", about="call", words="1")
    await visitor.post(f"{mentee}/pause", until="2019-09-30")
    await visitor.post(f"{mentee}/calendar", calendar="http://1")
    await visitor.post(f"{mentee}/feed")
    await visitor.post(f"{mentee}/meetings/find", **times)
    await visitor.get(mentor)
    await visitor.get(f"{mentor}/meetings/choose")
    await visitor.post(f"{mentor}/meetings/choose")
    await visitor.post(f"{mentor}/meetings/choose", times="20190926T1500Z")
    [meeting] = await pool.fetch("select milestone_id from meeting_date")
    for step in ("move", "change", "cancel"):
        await visitor.get(f"{mentor}/meetings/{meeting['milestone_id']}/{step}")
    await respond(pool, "agreement", Side.MENTEE, {"goal_1": "1 2"})
    for page in (mentor, mentee):
        await visitor.get(f"{page}/agreements")
    await visitor.post(f"{mentee}/leave", reason="time")
    await visitor.post(f"{mentee}/leave", reason="time", act="leave")
    await pool.execute("update mentorship set outcome = 'completed'")
    for page in (mentor, mentee):
        await visitor.get(page)
    assert visitor.templates - FORMS_AND_ANSWERS == OWN_PAGES
    assert visitor.found == {}


async def test_pages_beside_them_are_in_the_language(
    visitor: Visitor, paired: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await visitor.get(await _personal_link(pool, "M01"))
    for title, closes_on in (("1", date(2019, 5, 1)), ("2", date(2020, 1, 31))):
        new = NewOpportunity(
            area="chance", kind=OpportunityKind.COURSE, title=title, url="https://a.example.org", closes_on=closes_on
        )
        await opportunities.add_opportunity(pool, ID, new, KICKOFF)
    secret = token(b"s" * 32, "reminders", f"{ID}/P01")
    link = StoredReminderLink(token_hash=token_hash(secret), key_id="0", mentorship_id=PAIR, side=Side.MENTEE)
    await reminders.ensure_link(pool, ID, "P01", link)
    for path in ("", "/asks", "/topics", "/opportunities"):
        await visitor.get(f"/u/{secret}{path}")
    await visitor.post(f"/u/{secret}/opportunities/1", taken="yes")
    await visitor.post(f"/u/{secret}/topics", x="1")
    for path in ("", "/asks"):
        await visitor.post(f"/u/{secret}{path}", **{"List-Unsubscribe": "One-Click"})
    asked = NewAddressChange(
        mentorship_id=PAIR,
        side=Side.MENTEE,
        cohort_id=ID,
        person_id="P01",
        old_email="p01@example.org",
        new_email="new@example.org",
        asked_at=CHECK_IN_OPEN,
    )
    number = await address_changes.save(pool, asked)
    for name, confirms in (("confirm", True), ("keep", False)):
        secret = token(b"s" * 32, "address", name)
        await address_changes.save_link(pool, token_hash(secret), number, confirms=confirms, key_id="0")
        await visitor.get(f"/address/{secret}")
        await visitor.post(f"/address/{secret}")
    assert visitor.templates - OWN_PAGES == BESIDE_THEM
    assert visitor.found == {}


@pytest.fixture
async def applying(pool: asyncpg.Pool, everything: Starlette, clock: HandSetClock) -> HandSetClock:
    """A class that people apply to, on such a day."""
    clock.time = APPLYING
    await cohorts.save_cohort(pool, COHORT, (), MENTEES, APPLYING - timedelta(days=30))
    await pool.execute("update application set language = 'es'")
    return clock


async def test_pages_of_applications_are_in_the_language(
    visitor: Visitor, applying: HandSetClock, pool: asyncpg.Pool
) -> None:
    await visitor.post(f"/apply/{ID}", email="m09@example.org", language="es")
    for person, typed in (("A001", MENTOR_TYPED), ("P01", MENTEE_TYPED)):
        page = (await _personal_link(pool, person)).replace("/m/", "/a/")
        await visitor.get(page)
        for number, answers in enumerate(typed, start=1):
            await visitor.get(f"{page}/form/{number}?check=yes")
            await visitor.post(f"{page}/form/{number}", **answers, go="on")
            await visitor.post(f"{page}/review")
        await visitor.get(page)
        await visitor.get(f"{page}/review")
        for path in ("withdraw", "not-me"):
            await visitor.get(f"{page}/{path}")
        await visitor.post(f"{page}/not-me")
        applying.time = CLOSES
        await visitor.get(page)
        await visitor.post(f"{page}/form/1", **typed[0], go="on")
        await visitor.post(f"{page}/withdraw")
        applying.time = APPLYING
        await visitor.post(f"{page}/withdraw")
        await visitor.get(page)
    await visitor.post(f"/apply/{ID}", email="m08@example.org", language="es")
    stopped = (await _personal_link(pool, "A002")).replace("/m/", "/a/")
    await visitor.get(f"{stopped}/not-me")
    await visitor.post(f"{stopped}/not-me")
    assert visitor.templates == APPLICATIONS
    assert visitor.found == {}


async def test_pages_of_matches_are_in_the_language(visitor: Visitor, clock: HandSetClock, pool: asyncpg.Pool) -> None:
    clock.time = PROPOSED + timedelta(hours=1)
    await cohorts.save_cohort(pool, COHORT, MENTORS, MENTEES, PROPOSED)
    await pool.execute("update application set language = 'es'")
    result = match(MENTORS, MENTEES, COHORT.matching, pins=[("M01", "P01"), ("M01", "P02")])
    run = await cohorts.save_match_run(pool, ID, result, PROPOSED)
    await cohorts.publish_match_run(pool, ID, run, PROPOSED)
    await proposals.propose(pool, ID, PROPOSED)
    links = {each.id: (await _personal_link(pool, each.id)).replace("/m/", "/a/") for each in (*MENTORS, *MENTEES)}

    async def see_all() -> None:
        for person, link in links.items():
            for path in ("", "/match?with=P01" if person == "M01" else "/match", "/kickoff?change=yes"):
                await visitor.get(f"{link}{path}")

    await see_all()
    await visitor.get(f"{links['M01']}/match")
    for said in ({}, {"act": "asked"}, {"act": "asked", "question": "1"}, {"act": "declined", "reason": "1"}):
        await visitor.post(f"{links['P01']}/match", partner="M01", **said)
        await visitor.get(f"{links['P01']}")
    for person, partner in (("P01", "M01"), ("M01", "P01"), ("P03", "M02"), ("M02", "P03")):
        await visitor.post(f"{links[person]}/match", partner=partner, act="committed")
    await see_all()
    for said in ({}, {"status": "unsure"}, {"status": "no"}, {"status": "yes", "half_day": "friday"}):
        for person in ("M01", "P01"):
            await visitor.post(f"{links[person]}/kickoff", **said)
    await see_all()
    for clock.time in (datetime(2019, 5, 1, 15, tzinfo=UTC), datetime(2019, 5, 11, 15, tzinfo=UTC)):
        await see_all()
        await visitor.post(f"{links['M01']}/kickoff", status="no", food="1 2")
        await visitor.post(f"{links['P02']}/match", partner="M01", act="committed")
    assert visitor.templates == MATCHES
    assert visitor.found == {}


@pytest.mark.usefixtures("spoken")
async def test_public_pages_are_in_the_language(visitor: Visitor, clock: HandSetClock, pool: asyncpg.Pool) -> None:
    for path in ("/", "/guidance", "/links", "/links/sent", "/nowhere", f"/r/{'a' * 26}", "/apply/mile-2018"):
        await visitor.get(path)
    await visitor.post(f"/r/{'a' * 26}", words="1 2")
    await cohorts.save_cohort(pool, COHORT, (), MENTEES, APPLYING - timedelta(days=30))
    waiting = COHORT.applications.model_copy(update={"waiting_list": False}) if COHORT.applications else None
    for window in (COHORT.applications, waiting, None):
        await cohorts.save_settings(pool, COHORT.model_copy(update={"applications": window}), APPLYING)
        for clock.time in (APPLYING - timedelta(days=60), APPLYING, PROPOSED):
            for path in ("/", f"/apply/{ID}", f"/apply/{ID}/sent"):
                await visitor.get(path)
    for path in ("handbook/{}/mentor", "handbook/{}/mentee", "ask/{}", "ask/{}/sent"):
        await visitor.get(f"/{path.format(ID)}")
    for path in ("/links", f"/apply/{ID}", f"/ask/{ID}"):
        await visitor.post(path)
        await visitor.post(path, email="1", question="2")
    pages = Pages(PROGRAM, None)
    with languages.in_language(ES):
        for typed in (None, (), (("words", "1 2"),)):
            for failed in (pages.unavailable, pages.server_error):
                visitor.note(failed.__name__, bytes(failed(typed).body).decode())
        for refused in (pages.too_large, pages.too_slow, pages.too_many_requests, pages.cross_site):
            visitor.note(refused.__name__, bytes(refused().body).decode())
    assert visitor.templates == PUBLIC
    assert visitor.found == {}


def test_no_page_is_left_out() -> None:
    files = (Path(__file__).parents[2] / "web" / "templates").glob("*.html")
    pages = {file.name for file in files if "{% extends" in file.read_text() and not OF_STAFF.match(file.name)}
    assert pages == FORMS_AND_ANSWERS | OWN_PAGES | BESIDE_THEM | APPLICATIONS | MATCHES | PUBLIC


def test_a_text_outside_the_catalogs_is_found() -> None:
    page = (
        '<html lang="es"><p lang="en">own</p><p>viernes, 10 de mayo <a title="Back" href="/m">ω</a></p>Send it</html>'
    )
    assert latin(page) == ["Back", "Send it"]
