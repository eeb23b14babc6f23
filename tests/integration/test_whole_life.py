"""The whole life of a mentorship in a browser, for mentor and mentee: a phone's width, no script, and no mouse.

Every task is done by Tab, Space, arrow keys, Enter and typing. After each, PostgreSQL says what is stored, and the
partner's page or mailbox what they learn of it.
"""

import re
from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from email.utils import parseaddr
from io import BytesIO
from zoneinfo import ZoneInfo

import icalendar
import pytest
from playwright.async_api import Browser
from pypdf import PdfReader

from domain.applications.applying import typed_answers
from domain.cohort.dates import cohort_dates
from rehearsal.environment import Environment
from rehearsal.folder import read_folder
from rehearsal.inbox import plain_text
from rehearsal.pre_kickoff_simulation import ATTENDANCE_CONFIRMED_AFTER
from schemas.cohort.folder import CohortFolder
from schemas.enums import EmailKind, Language, Side
from storage import agreements, cohorts, mentorships, reminders
from storage.proposals import proposals
from tests.integration.life import Life
from tests.own_stack import own_stack
from tests.web.browser import open_browser_page, served
from tests.web.keyboard import BarrierCheck, Keyboard
from tests.workflows.conftest import EXAMPLES

CLASS = "whole-life"
MENTOR, MENTEE = Side.MENTOR, Side.MENTEE
CHICAGO = ZoneInfo("America/Chicago")
MEETING_DAY = date(2019, 6, 26)
REACH = {MENTOR: "Text me at 218-555-0100", MENTEE: "Call me at 651-555-0100, after 4"}
WORDS = "A word or two"
PRIVATE = {MENTOR: "privately of the mentor", MENTEE: "privately of the mentee"}


@pytest.fixture
async def environment() -> AsyncIterator[Environment]:
    async with own_stack() as (_, environment):
        yield environment


@pytest.fixture
def folder() -> CohortFolder:
    """The class of 2019 with one participant, who has told nothing yet, and no mentor."""
    whole = read_folder(EXAMPLES / "mile-2019")
    left_out = {"goals": (), "challenges": "", "hopes": "", "wants": ()}
    return whole.model_copy(
        update={
            "settings": whole.settings.model_copy(update={"id": CLASS, "languages": tuple(Language)}),
            "mentors": (),
            "mentees": (whole.mentees[0].model_copy(update=left_out),),
        }
    )


@pytest.mark.browser
async def test_mentor_and_mentee_do_everything_by_keyboard_without_script(
    browser: Browser, environment: Environment, folder: CohortFolder
) -> None:
    async with (
        served(environment.app) as site,
        open_browser_page(browser) as window,
        open_browser_page(browser, site, scripts=False) as mentors,
        open_browser_page(browser, site, scripts=False) as mentees,
    ):
        check = BarrierCheck(window)
        life = Life(environment, folder, {MENTOR: Keyboard(mentors, check), MENTEE: Keyboard(mentees, check)})
        await life.create()
        await apply(life)
        await see_the_match(life)
        await begin(life)
        for side in Side:
            await get_ready(life, side)
            await change_details(life, side)
            await read_another_language(life, side)
        await agree(life)
        for side in Side:
            await find_and_call_off_a_date(life, side)
        await keep_a_date(life)
        for side in Side:
            await make_a_calendar_address_and_take_it_back(life, side)
        await log_a_meeting(life)
        await check_in(life)
        for side in Side:
            await pause_reminders(life, side)
            await ask_for_a_call(life, side)
            await change_address(life, side)
            await ask_for_a_new_link(life, side)
            await leave_and_stay(life, side)
        await close(life)
        await stay_in_touch(life)
        assert check.found == {}
        assert len(check.shapes) > 40


async def apply(life: Life) -> None:
    """Let the mentor apply on the public page, and the mentee tell what is missing."""
    whole = read_folder(EXAMPLES / "mile-2019")
    mentor, mentee = whole.mentors[1], whole.mentees[0]
    life.people, life.addresses = {MENTEE: mentee.id}, {MENTOR: mentor.email, MENTEE: mentee.email}
    await life.on(date(2019, 2, 4))
    keyboard = life.keyboards[MENTOR]
    await keyboard.open("/")
    await keyboard.link("Apply to 2019 Mentorship Program")
    await keyboard.fill("Email me my link", {"email": mentor.email})
    assert "Check your email" in await keyboard.text()
    await complete_application(await life.open_email(MENTOR, EmailKind.APPLICATION_LINK), typed_answers(mentor))
    await complete_application(await life.open_email(MENTEE, EmailKind.INTAKE), typed_answers(mentee))
    rows = await life.pool.fetch("select person_id, side, email, status from application where cohort_id = $1", CLASS)
    stored = {Side(row["side"]): row for row in rows}
    life.people[MENTOR] = stored[MENTOR]["person_id"]
    for side in Side:
        assert (stored[side]["status"], stored[side]["email"]) == ("accepted", life.addresses[side])
        assert "Thank you" in await life.email(side, EmailKind.APPLICATION_RECEIVED)
    [told] = await cohorts.mentees(life.pool, CLASS)
    assert (told.goals, told.challenges, told.hopes) == (mentee.goals, mentee.challenges, mentee.hopes)


async def complete_application(keyboard: Keyboard, typed: dict[str, str]) -> None:
    """Fill in page by page, from the link of an email to the last button."""
    if "/form/" not in keyboard.page.url:
        first = "Start with the first page"
        await keyboard.link(first if await has(keyboard, first) else "Continue")
    if "/review" in keyboard.page.url:
        await keyboard.link("What is your first goal for the mentorship?")
    while "/form/" in keyboard.page.url:
        names = await keyboard.page.locator("main form [name]").evaluate_all("all => all.map(one => one.name)")
        await keyboard.fill("Save and continue", {name: typed[name] for name in names if name in typed})
    await keyboard.button("Submit")


async def has(keyboard: Keyboard, words: str) -> bool:
    return await keyboard.page.get_by_role("link", name=words).count() > 0


async def see_the_match(life: Life) -> None:
    """Let staff match and publish, and both read their match, with what is asked of them, and commit."""
    await life.until(life.staff.matching_at(life.environment.clock.now(CLASS)))
    await life.staff.publish(await life.staff.match())
    await life.on(date(2019, 3, 20))
    for side in Side:
        keyboard = await life.open_email(side, EmailKind.PROPOSAL)
        shown = await keyboard.text()
        assert "What you commit to" in shown
        assert "Lead our teen advisory board" in shown if side is MENTOR else "Branch manager" in shown
        # The address comes with the yes of both.
        assert life.addresses[side.partner] not in shown
        await keyboard.button("I commit")
    [made] = await proposals(life.pool, CLASS)
    assert made.final
    for side in Side:
        await life.email(side, EmailKind.MATCH_FINAL)
        shown = await (await life.open_email(side, EmailKind.MATCH_FINAL, "/match")).text()
        assert "What we ask of you" in shown
        assert life.addresses[side.partner] in shown


async def begin(life: Life) -> None:
    """Let both say if they come, and the mentorship begin; both open their own page, and the mentor has written."""
    await life.on(date(2019, 4, 15))
    for side in Side:
        keyboard = await life.open_email(side, EmailKind.KICKOFF, "/kickoff")
        await keyboard.fill("Send my answer", {"status": "yes"})
    rsvps = await life.pool.fetch("select status from rsvp where cohort_id = $1", CLASS)
    assert [row["status"] for row in rsvps] == ["yes", "yes"]
    await life.until(cohort_dates(life.folder.settings).kickoff_at + ATTENDANCE_CONFIRMED_AFTER)
    await life.staff.confirm_attendance()
    await life.begin()
    await life.on(date(2019, 5, 10))
    for side in Side:
        text = await life.email(side, EmailKind.WELCOME)
        [life.own[side]] = set(re.findall(rf"/m/[a-z2-7]{{26}}/{life.mentorship}", text))
        assert "Your mentorship with" in await life.on_own_page(side)
        assert life.addresses[side.partner] in await life.on_own_page(side)
    keyboard = await life.own_page(MENTOR)
    await keyboard.link("Have you been in contact?")
    await keyboard.fill("We have been in contact|Save and continue", {"contacted": "yes"})
    await life.settle()
    assert await life.answers(MENTOR, "first_contact") == {"contacted": "yes"}
    assert "Have you been in contact?, by" not in await life.on_own_page(MENTOR)


async def change_details(life: Life, side: Side) -> None:
    """Let one side change their pronouns, their zone and how to be reached; their partner sees it."""
    keyboard = await life.own_page(side)
    await keyboard.link("Change your name or how to reach you")
    zone = "America/Phoenix" if side is MENTOR else "America/Chicago"
    typed = {"preferred_name": f"Preferred {side}", "pronouns": "they/them", "reach": REACH[side], "time_zone": zone}
    await keyboard.fill("Save my changes", typed)
    person = (await mentorships.partners(life.pool, life.mentorship)).of(side)
    assert {name: getattr(person, name) for name in typed} == typed
    partners = await life.on_own_page(side.partner)
    assert "(they/them)" in partners
    assert REACH[side] in partners


async def get_ready(life: Life, side: Side) -> None:
    """Let one side read the handbook and check it on their list, which their partner never sees."""
    partners = await life.on_own_page(side.partner)
    keyboard = await life.own_page(side)
    await keyboard.link("your handbook")
    assert await keyboard.page.locator("h1").inner_text() == f"Handbook for {side}s"
    keyboard = await life.own_page(side)
    await keyboard.fill("Save my list", {"ready": "handbook,time"})
    stored = "select items from readiness where mentorship_id = $1 and side = $2"
    assert set(await life.pool.fetchval(stored, life.mentorship, side)) == {"handbook", "time"}
    assert await life.on_own_page(side.partner) == partners


async def read_another_language(life: Life, side: Side) -> None:
    """Let one side read Spanish on their page and in an email, and English again; their partner reads English."""
    keyboard = await life.own_page(side)
    await keyboard.link("Change your name or how to reach you")
    await keyboard.fill("Save my changes", {"language": "es"})
    person = (await mentorships.partners(life.pool, life.mentorship)).of(side)
    assert person.language is Language.SPANISH
    assert await languages_of_pages(life) == {side: "es", side.partner: "en"}
    page = life.keyboards[side].page
    await (await life.own_page(side)).link(await page.locator("a[href$='/new-link']").inner_text())
    await keyboard.button(await page.locator("main form button").last.inner_text())
    message = await life.message(side, EmailKind.OPEN_LINKS)
    assert message["Content-Language"] == "es"
    [token] = set(re.findall(r"/m/([a-z2-7]{26})", plain_text(message)))
    life.own[side] = f"/m/{token}/{life.mentorship}"
    await (await life.own_page(side)).link(await page.locator("a[href$='/details']").inner_text())
    await keyboard.fill(re.escape(await page.locator("main form button").last.inner_text()), {"language": "en"})
    assert await languages_of_pages(life) == {MENTOR: "en", MENTEE: "en"}


async def languages_of_pages(life: Life) -> dict[Side, str | None]:
    """Return in which language both sides' own pages are."""
    pages = {side: (await life.own_page(side)).page for side in Side}
    return {side: await page.locator("html").get_attribute("lang") for side, page in pages.items()}


async def agree(life: Life) -> None:
    """Let the mentee write the agreement, the mentor comment on it and sign off, and the mentee sign off."""
    await life.on(date(2019, 5, 20))
    keyboard = await life.open_email(MENTEE, EmailKind.AGREEMENT)
    written = {"goal_1": "Chair a committee", "meetings": "3", "goal_updates": "3"}
    rules = {"confidentiality": "yes", "criticism": "yes", "no_fault": "yes"}
    goals = {"goal_1": written["goal_1"]}
    await write_steps(keyboard, goals, {"meetings": "3", "goal_updates": "3"}, {}, rules)
    await keyboard.fill("Save, and send it to", {})
    keyboard = await life.open_email(MENTOR, EmailKind.AGREEMENT_CHANGED)
    await write_steps(keyboard, {"comment": "Begin with a small one"}, {}, {"mentor_does": "Introduce people"}, {})
    await keyboard.fill("I sign off on this", {})
    keyboard = await life.open_email(MENTEE, EmailKind.AGREEMENT_CHANGED)
    assert "Begin with a small one" in await keyboard.text()
    await keyboard.link("read it over and sign off on it too")
    await keyboard.fill("I sign off on this", {})
    assert "You have both signed off" in await keyboard.text()
    await life.settle()
    newest = await agreements.newest(life.pool, life.mentorship)
    assert newest.in_force
    assert newest.contents.items() >= (written | rules | {"mentor_does": "Introduce people"}).items()
    for side in Side:
        page = await life.on_own_page(side)
        assert "You have both signed off on version 2 of your agreement." in page
        assert "Chair a committee" in page
        await life.email(side, EmailKind.AGREED)
        keyboard = await life.own_page(side)
        await keyboard.link("See every version")
        assert "Introduce people" in await keyboard.text()


async def write_steps(keyboard: Keyboard, *steps: dict[str, str]) -> None:
    """Answer the agreement's steps one by one, each with its button."""
    for answers in steps:
        await keyboard.fill("Save and continue", answers)


async def propose(life: Life, side: Side, day: date, link: str, hour: int = 15) -> datetime:
    """Let one side type a day and a time of their own zone; the partner gets an email."""
    keyboard = await life.own_page(side)
    await keyboard.link(link)
    typed = {"day_1": f"{day}", "time_1": f"{hour - 12:02}00PM", "minutes": "45"}
    place = {"place": "https://video.example.org/ours"} if link.startswith("Find") else {}
    await keyboard.fill("Send these times", typed | place)
    assert "We emailed your times to your partner." in await keyboard.text()
    zone = ZoneInfo("America/Phoenix") if side is MENTOR else CHICAGO
    proposed = datetime.combine(day, time(hour), zone)
    stored = await life.pool.fetchval(
        "select times from meeting_proposal where mentorship_id = $1 and closed_at is null", life.mentorship
    )
    assert stored == [proposed]
    return proposed


async def choose(life: Life, side: Side, at: datetime) -> str:
    """Let one side choose the time that their partner's email offers; both get an invitation. Return the meeting."""
    keyboard = await life.open_email(side, EmailKind.MEETING_PROPOSED, "/meetings/choose")
    [offered] = await keyboard.page.locator("input[name=times]").evaluate_all("all => all.map(one => one.value)")
    question = {"question": "How did you begin?"} if side is MENTEE else {}
    await keyboard.fill("These suit me", {"times": offered} | question)
    assert "You two have a date." in await keyboard.text()
    row = await meeting(life)
    assert (row["starts_at"], row["cancelled"], row["side"]) == (at, False, side)
    for each in Side:
        assert (await invitation(life, each, EmailKind.MEETING_AGREED)).start == at
        assert "You meet on" in await life.on_own_page(each)
    return str(row["milestone_id"])


async def meeting(life: Life) -> dict[str, object]:
    """Return the newest revision of a meeting's date."""
    row = await life.pool.fetchrow(
        "select * from meeting_date where mentorship_id = $1 order by stored_at desc limit 1", life.mentorship
    )
    assert row
    return dict(row)


async def invitation(life: Life, side: Side, kind: EmailKind) -> icalendar.Event:
    """Return the event that the newest email of a kind puts into one side's calendar."""
    [file] = (await life.message(side, kind)).iter_attachments()
    [event] = icalendar.Calendar.from_ical(file.get_content()).events
    return event


async def find_and_call_off_a_date(life: Life, side: Side) -> None:
    """Let one side propose, their partner choose, one move it and one change where; then one side calls it off."""
    await life.on(date(2019, 6, 3) if side is MENTOR else date(2019, 6, 5))
    at = await propose(life, side, MEETING_DAY, "Find a date for your next meeting")
    await choose(life, side.partner, at)
    moved = await propose(life, side.partner, MEETING_DAY + timedelta(days=1), "Move it")
    await choose(life, side, moved)
    keyboard = await life.own_page(side)
    await keyboard.link("change where")
    await keyboard.fill("Save and tell us both", {"place": f"The café of the {side}"})
    assert (await meeting(life))["place"] == f"The café of the {side}"
    assert f"Where: The café of the {side}" in await life.on_own_page(side.partner)
    assert str((await invitation(life, side.partner, EmailKind.MEETING_AGREED))["location"]).endswith(side)
    keyboard = await life.own_page(side)
    await keyboard.link("call it off")
    await keyboard.button("Call off this meeting")
    assert "The meeting is called off." in await keyboard.text()
    assert (await meeting(life))["cancelled"] is True
    called_off = await invitation(life, side.partner, EmailKind.MEETING_CANCELLED)
    assert (called_off.start, str(called_off["status"])) == (moved, "CANCELLED")
    assert "You meet on" not in await life.on_own_page(side.partner)


async def keep_a_date(life: Life) -> None:
    """Let both find the date on which they will meet."""
    await life.on(date(2019, 6, 7))
    at = await propose(life, MENTEE, MEETING_DAY, "Find a date for your next meeting")
    assert await choose(life, MENTOR, at) == "meeting-1"


async def make_a_calendar_address_and_take_it_back(life: Life, side: Side) -> None:
    """Let one side make a calendar address, and take it back; a calendar program opens it in between."""
    keyboard = await life.own_page(side)
    await keyboard.link("See it all in your calendar")
    await keyboard.button("Make my calendar address")
    address = await keyboard.page.get_by_label("Your calendar address").input_value()
    path = address[address.index("/m/") :]
    read = icalendar.Calendar.from_ical((await life.environment.http.get(path)).content)
    assert (await meeting(life))["starts_at"] in [event.start for event in read.events]
    await keyboard.button("Stop my calendar address")
    assert "Your calendar address opens nothing any more." in await keyboard.text()
    assert (await life.environment.http.get(path)).status_code == 404


async def log_a_meeting(life: Life) -> None:
    """Let the mentee log the meeting from the email of the day after, and the mentor from their own page."""
    await life.on(MEETING_DAY + timedelta(days=1))
    keyboard = await life.open_email(MENTEE, EmailKind.MEETING, "/r/")
    held = {"held": "held", "held_on": f"{MEETING_DAY}", "medium": "video", "topics": "networking"}
    await keyboard.fill("Save", held | {"takeaway": PRIVATE[MENTEE]})
    await life.settle()
    assert await life.answers(MENTEE, "meeting-1") == held | {"takeaway": PRIVATE[MENTEE]}
    keyboard = await life.own_page(MENTOR)
    assert "You met on Wednesday, June 26" in await keyboard.text()
    assert PRIVATE[MENTEE] not in await keyboard.text()
    await keyboard.link("See what you noted")
    await keyboard.fill("Save", held | {"takeaway": PRIVATE[MENTOR]})
    await life.settle()
    assert await life.answers(MENTOR, "meeting-1") == held | {"takeaway": PRIVATE[MENTOR]}
    assert PRIVATE[MENTOR] not in await life.on_own_page(MENTEE)


async def check_in(life: Life) -> None:
    """Let both answer the first check-in by the button of its email; what else is asked comes in steps."""
    await life.on(date(2019, 7, 23))
    for side in Side:
        keyboard = await life.open_email(side, EmailKind.CHECK_IN, "/answer/met")
        assert await keyboard.page.get_by_label("We have met").is_checked()
        typed = {"meetings": "1", "introductions": "2", "satisfaction": "5", "note_to_self": PRIVATE[side]}
        await keyboard.fill("Send my check-in|Save and continue", typed)
        await answer_in_steps(keyboard)
        await life.settle()
        assert await life.answers(side, "check_in-1") == typed | {"status": "met"}
        assert "Nothing waits for you right now." in await life.on_own_page(side)
    assert await life.answers(MENTEE, "goal_check_in-1") == {"goal_1": "on_track", "goal_2": "on_track"}
    for side in Side:
        assert PRIVATE[side] not in await life.on_own_page(side.partner)


async def pause_reminders(life: Life, side: Side) -> None:
    """Let one side pause their reminders until a day, and get them again."""
    keyboard = await life.own_page(side)
    await keyboard.link("Pause reminders")
    await keyboard.fill("Pause reminders", {"until": "2019-08-20"})
    assert "Your reminders are paused until August 20, 2019" in await keyboard.text()
    link = await reminders.link_of(life.pool, CLASS, life.people[side])
    now = life.environment.clock.now(life.mentorship)
    assert link
    assert link.is_paused(now)
    assert "reminders are paused" not in await life.on_own_page(side.partner)
    keyboard = await life.own_page(side)
    await keyboard.link("Get reminders again")
    await keyboard.button("Send me reminders again")
    assert "You get reminders again." in await keyboard.text()
    link = await reminders.link_of(life.pool, CLASS, life.people[side])
    assert link
    assert not link.is_paused(now + timedelta(seconds=1))


async def ask_for_a_call(life: Life, side: Side) -> None:
    """Let one side ask for a call, and say that it does not work; staff hear of it, the partner does not."""
    partners = await life.on_own_page(side.partner)
    for about in ("call", "not_working"):
        keyboard = await life.own_page(side)
        await keyboard.link("Ask for a call, or say that it does not work")
        await keyboard.fill("Ask for a call", {"about": about, "words": PRIVATE[side]})
        assert "We told staff that you would like a call." in await keyboard.text()
    await life.settle()
    rows = await life.pool.fetch(
        "select about, words from call_request where mentorship_id = $1 and side = $2 order by revision",
        life.mentorship,
        side,
    )
    assert [tuple(row) for row in rows] == [("call", PRIVATE[side]), ("not_working", PRIVATE[side])]
    assert await life.on_own_page(side.partner) == partners
    rows = await life.pool.fetch(
        "select key from outbox where scope_id = $1 and recipient = 'staff' and kind = 'staff_note'", life.mentorship
    )
    assert [row for row in rows if "call_requested" in row["key"]]


async def change_address(life: Life, side: Side) -> None:
    """Let one side change their address: asked on their page, told to the old mailbox, confirmed at the new one."""
    old, new = life.addresses[side], f"new.{life.addresses[side]}"
    keyboard = await life.own_page(side)
    await keyboard.link("Change your address")
    await keyboard.fill("Email my new address", {"email": new})
    assert "We emailed your new address a link." in await keyboard.text()
    # The old mailbox is told, without the whole of the new address.
    assert f"{new[0]}…@example.org instead of here" in one_line(await life.email(side, EmailKind.ADDRESS_CHANGE))
    assert old in await life.on_own_page(side.partner)
    life.addresses[side] = new
    keyboard = await life.open_email(side, EmailKind.ADDRESS_CONFIRMATION)
    await keyboard.button("Yes, email me here")
    assert "This is your address now" in await keyboard.text()
    assert (await mentorships.partners(life.pool, life.mentorship)).of(side).email == new
    told = await life.message(side, EmailKind.ADDRESS_CHANGE)
    assert parseaddr(str(told["To"]))[1] == old
    assert f"Our emails now go to {new[0]}…@example.org" in one_line(plain_text(told))
    await take_the_new_link(life, side)
    assert new in await life.on_own_page(side.partner)
    assert old not in (await life.on_own_page(side.partner)).replace(new, "")


def one_line(text: str) -> str:
    return " ".join(text.split())


async def take_the_new_link(life: Life, side: Side) -> None:
    """Take the link of the newest email to one's own page; the one before opens nothing any more."""
    before = life.own[side]
    text = await life.email(side, EmailKind.OPEN_LINKS)
    [token] = set(re.findall(r"/m/([a-z2-7]{26})", text))
    life.own[side] = f"/m/{token}/{life.mentorship}"
    assert life.own[side] != before
    assert (await life.environment.http.get(before)).status_code == 404
    assert "Your mentorship with" in await life.on_own_page(side)


async def ask_for_a_new_link(life: Life, side: Side) -> None:
    """Let one side get a new link from their own page, and once more from the page of those who lost it."""
    keyboard = await life.own_page(side)
    await keyboard.link("Get a new link")
    await keyboard.button("Email me a new link")
    assert "We sent you a new link." in await keyboard.text()
    await take_the_new_link(life, side)
    await keyboard.open("/")
    await keyboard.link("Get your links again by email")
    await keyboard.fill("Email", {"email": life.addresses[side]})
    assert "Check your email" in await keyboard.text()
    assert life.own[side].rpartition("/")[0] in await life.email(side, EmailKind.OPEN_LINKS)


async def leave_and_stay(life: Life, side: Side) -> None:
    """Let one side leave, which is asked twice, and take it back; the partner learns nothing."""
    partners = await life.on_own_page(side.partner)
    keyboard = await life.own_page(side)
    await keyboard.link("Leave your mentorship")
    await keyboard.fill("Show me what happens", {"reason": "time"})
    assert "Do you want to leave?" in await keyboard.text()
    asked = "select count(*) filter (where undone_at is null) from leaving where mentorship_id = $1 and side = $2"
    assert await life.pool.fetchval(asked, life.mentorship, side) == 0
    await keyboard.button("Leave on")
    assert "You are leaving on" in await keyboard.text()
    assert await life.pool.fetchval(asked, life.mentorship, side) == 1
    assert await life.on_own_page(side.partner) == partners
    await life.settle()
    keyboard = await life.own_page(side)
    await keyboard.button("I want to stay")
    assert "You stay. Nothing has changed." in await keyboard.text()
    assert await life.pool.fetchval(asked, life.mentorship, side) == 0
    assert await life.on_own_page(side.partner) == partners


async def close(life: Life) -> None:
    """Let a year pass in which both answer, then both close their mentorship in steps, and get their certificate."""
    assert life.pair
    await life.pair.on(date(2020, 9, 20), answering=(MENTOR, MENTEE))
    await life.on(date(2020, 10, 21))
    for side in Side:
        # The last check-in asks for all of it.
        keyboard = await life.open_email(side, EmailKind.CHECK_IN, "/r/")
        assert "Step 1 of" in await keyboard.text()
        await answer_in_steps(keyboard)
        await life.settle()
        answers = await life.answers(side, "closure_survey")
        assert answers["satisfaction"]
        assert await life.answers(side, "self_assessment-3")
        await do_what_waits(life, side)
    conversation = await life.answers(MENTOR, "closing_conversation")
    assert conversation["held"] == "held"
    assert WORDS in await life.email(MENTOR, EmailKind.GRATITUDE)
    await life.on(date(2020, 11, 12))
    assert await mentorships.outcome_of(life.pool, life.mentorship) == "completed"
    for side in Side:
        keyboard = await life.open_email(side, EmailKind.FAREWELL, "/r/")
        assert "Thank you for your mentorship" in await keyboard.text()
        keyboard = await life.own_page(side)
        await keyboard.link("Get your certificate")
        async with keyboard.page.expect_download() as started:
            await keyboard.reach("A", "Download your certificate")
            await keyboard.page.keyboard.press("Enter")
        pdf = (await (await started.value).path()).read_bytes()
        name = (await mentorships.partners(life.pool, life.mentorship)).of(side).name
        assert name in " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())


async def stay_in_touch(life: Life) -> None:
    """Let both say that they want to stay in touch; only then do their pages say again how to reach the other."""
    for side, known in ((MENTOR, False), (MENTEE, True)):
        keyboard = await life.own_page(side)
        await keyboard.link("Do you want to stay in touch?")
        await keyboard.fill("Save my answer", {"touch": "yes"})
        for one in Side:
            assert (life.addresses[one.partner] in await life.on_own_page(one)) is known
    assert "You both want to stay in touch." in await life.on_own_page(MENTOR)


async def do_what_waits(life: Life, side: Side) -> None:
    """Let one side do what their own page says waits for them, until nothing does."""
    while "Nothing waits for you right now." not in await life.on_own_page(side):
        waiting = await life.keyboards[side].page.locator("ul.tasks a").first.inner_text()
        await life.keyboards[side].link(waiting)
        await answer_in_steps(life.keyboards[side])
        await life.settle()


async def answer_in_steps(keyboard: Keyboard) -> None:
    """Answer every question of every step with its first choice, or some words, until nothing more is asked."""
    while True:
        if await has(keyboard, "Next:"):
            await keyboard.link("Next:")
        if not (asked := await questions(keyboard)):
            return
        button = await keyboard.page.locator("main form button").last.inner_text()
        await keyboard.fill(button, asked)


async def questions(keyboard: Keyboard) -> dict[str, str]:
    """Return an answer to each question of a form that has choices or a line to write."""
    fields = await keyboard.page.locator("main form [name]").evaluate_all(
        "all => all.map(one => [one.name, one.type, one.value])"
    )
    words = {name: WORDS for name, kind, _ in fields if kind == "textarea"}
    first = {name: value for name, kind, value in reversed(fields) if kind == "radio"}
    return words | first
