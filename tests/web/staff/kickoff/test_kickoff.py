"""The kickoff on the staff pages: who comes and needs what, who was there, paper to print, and the start."""

import csv
from datetime import UTC, date, datetime, time
from io import StringIO

import asyncpg
import httpx
import pytest
from playwright.async_api import Page

from schemas.applications.applicant import Rsvp
from schemas.cohort.settings import HalfDay, HalfDaySession
from schemas.cohort.state import CohortState
from schemas.enums import CohortStage, RsvpStatus, StaffAccess
from schemas.ids import cohort_workflow_id
from schemas.matching.messages import MatchRequest
from services.matching import compute_matches
from storage import cohorts, kickoff
from tests.services.conftest import FakeTemporal
from tests.web.browser import press
from tests.web.staff.conftest import COORDINATOR, SignIn
from tests.web.staff.conftest import give as give_role
from tests.web.staff.matching.conftest import CLASS, MENTEES, MENTORS, SETTINGS
from tests.web.staff.matching.test_matching import words
from tests.web.staff.proposals.test_proposals import take
from tests.web.staff.test_steps import hidden

KICKOFF = f"/staff/classes/{CLASS}/kickoff"
ATTENDANCE = f"/staff/classes/{CLASS}/attendance"
SAID = {
    "M1": Rsvp(status=RsvpStatus.YES, half_day="morning", meals="no nuts"),
    "P1": Rsvp(status=RsvpStatus.YES, half_day="noon", access="a seat near the <front>"),
    "P2": Rsvp(status=RsvpStatus.NO, meals="halal"),
}


def half(id_: str, label: str, hour: int, day: date) -> HalfDay:
    return HalfDay(id=id_, label=label, day=day, begins=time(hour), ends=time(hour + 3))


@pytest.fixture
def temporal() -> FakeTemporal:
    """A Temporal in which the class's workflow runs."""
    state = CohortState(cohort_id=CLASS, published_run=1)
    return FakeTemporal(running={cohort_workflow_id(CLASS)}, answers={"state": state})


@pytest.fixture
async def coming_class(pool: asyncpg.Pool, app: object) -> str:
    """The id of a class that asks nobody first: M1 with P1 and M2 with P2 are final; three of the four answered."""
    day = SETTINGS.kickoff_day
    session = HalfDaySession(half_days=(half("morning", "The morning", 8, day), half("noon", "After noon", 13, day)))
    settings = SETTINGS.model_copy(update={"proposals": None, "session": session})
    now = datetime.now(UTC)
    await cohorts.save_cohort(pool, settings, MENTORS, MENTEES, now)
    await give_role(pool, CLASS, COORDINATOR, StaffAccess.COORDINATOR)
    result = await compute_matches(pool, CLASS, MatchRequest(pins=(("M1", "P1"), ("M2", "P2"))))
    run = await cohorts.save_match_run(pool, CLASS, result, now)
    await cohorts.publish_match_run(pool, CLASS, run, now)
    for person, rsvp in SAID.items():
        await kickoff.save_rsvp(pool, CLASS, person, rsvp, now)
    return CLASS


@pytest.fixture
async def staff(client: httpx.AsyncClient, sign_in: SignIn, coming_class: str) -> httpx.AsyncClient:
    """A browser in which the class's coordinator is signed in."""
    await sign_in(client, COORDINATOR)
    return client


async def events(pool: asyncpg.Pool) -> list[tuple[str, str]]:
    rows = await pool.fetch("select actor, action from audit_event order by id")
    return [(row["actor"], row["action"]) for row in rows]


async def attendance(pool: asyncpg.Pool) -> dict[str, bool]:
    return {row["person_id"]: row["attended"] for row in await pool.fetch("select * from attendance")}


async def test_page_counts_who_comes_by_half_day_and_shows_nothing_that_anybody_wrote(
    staff: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    page = await staff.get(KICKOFF)
    shown = words(page)
    assert "4 invited: 2 come, 0 do not know yet, 1 cannot, 1 have not answered." in shown
    # Come, not sure, with meal wishes, with access needs.
    assert "The morning 1 0 1 0 After noon 1 0 0 1" in shown
    assert "Solveig Aaberg mentor comes The morning" in shown
    assert "Tarik Boyd mentee cannot come –" in shown
    assert "Amina Warsame mentor no answer yet –" in shown
    assert not [wrote for wrote in ("nuts", "front", "halal") if wrote in page.text]
    assert await events(pool) == []


async def test_each_look_at_needs_is_audited_and_shows_those_who_come(
    staff: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    for looks in (1, 2):
        page = await staff.post(f"{KICKOFF}/needs")
        assert await events(pool) == [(f"staff:{COORDINATOR}", "needs_viewed")] * looks
    assert "Solveig Aaberg yes The morning no nuts" in words(page)
    assert "a seat near the &lt;front&gt;" in page.text
    # Who does not come needs nothing.
    assert "halal" not in page.text
    assert (await staff.get(f"{KICKOFF}/needs")).status_code == 405


async def test_guest_list_is_a_file_with_a_row_for_everybody_invited(
    staff: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    sent = await staff.post(f"{KICKOFF}/guests")
    assert sent.headers["content-disposition"] == f'attachment; filename="{CLASS}-guests.csv"'
    rows = {row["id"]: row for row in csv.DictReader(StringIO(sent.content.decode("utf-8-sig")))}
    assert rows.keys() == {"M1", "M2", "P1", "P2"}
    assert (rows["M1"]["meals"], rows["P1"]["access"]) == ("no nuts", "a seat near the <front>")
    assert await events(pool) == [(f"staff:{COORDINATOR}", "rsvp_exported")]


@pytest.mark.parametrize(
    ("part", "event", "file"),
    [("cards", "pair_cards_written", "pair-cards"), ("name-tags", "name_tags_written", "name-tags")],
)
async def test_paper_is_a_pdf_and_audited(
    staff: httpx.AsyncClient, pool: asyncpg.Pool, part: str, event: str, file: str
) -> None:
    sent = await staff.post(f"{KICKOFF}/{part}")
    assert (sent.status_code, sent.headers["content-type"], sent.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert f"{CLASS}-{file}.pdf" in sent.headers["content-disposition"]
    assert sent.headers["cache-control"] == "no-store"
    assert await events(pool) == [(f"staff:{COORDINATOR}", event)]


async def test_one_pairs_card_can_be_had_alone(staff: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    offered = (await staff.get(KICKOFF)).text
    assert '<option value="M1:P1">Kao Nou Vue and Solveig Aaberg</option>' in offered
    assert (await staff.post(f"{KICKOFF}/cards", data={"pair": "M1:P1"})).status_code == 200
    assert await pool.fetchval("select details ->> 'cards' from audit_event") == "1"
    other = await staff.post(f"{KICKOFF}/cards", data={"pair": "M1:P2"})
    assert (other.status_code, "M1:P2 is no published pair" in other.text) == (409, True)


async def test_attendance_is_noted_for_all_at_once_and_can_be_corrected(
    staff: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    typed = {"absent_mentees": "P2", "others_there": "yes"}
    preview = await staff.post(ATTENDANCE, data=typed)
    assert "Would be noted: Solveig Aaberg, Amina Warsame, Kao Nou Vue, Tarik Boyd, Inés O'Neil." in words(preview)
    assert "There: 4. Absent: Tarik Boyd. Not noted: 0." in words(preview)
    assert await attendance(pool) == {}
    await staff.post(ATTENDANCE, data=hidden(preview) | {"step-action": "confirm"})
    assert await attendance(pool) == {"M1": True, "M2": True, "P1": True, "P2": False, "P3": True}
    # A mentee without a pair is there, too; a mentor without one is not expected.
    form = (await staff.get(ATTENDANCE)).text
    assert 'value="P2" checked' in form
    assert 'value="P1" checked' not in form
    # He came after all, and one mentor did not.
    await take(staff, ATTENDANCE, {"absent_mentors": "M2"})
    assert await attendance(pool) == {"M1": True, "M2": False, "P1": True, "P2": True, "P3": True}
    assert await events(pool) == [(f"staff:{COORDINATOR}", "attendance_noted")] * 2


async def test_attendance_leaves_out_about_whom_nothing_is_said(staff: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    await take(staff, ATTENDANCE, {"absent_mentors": "M1,M2"})
    assert await attendance(pool) == {"M1": False, "M2": False}
    await pool.execute("delete from attendance")
    nothing = await staff.post(ATTENDANCE, data={"others_there": ""})
    assert (nothing.status_code, "Check who was absent" in nothing.text) == (409, True)
    unknown = await staff.post(ATTENDANCE, data={"absent_mentors": "M3"})
    assert unknown.status_code == 422
    assert await attendance(pool) == {}


async def test_start_says_by_name_who_starts_and_who_waits_and_is_one_update(
    staff: httpx.AsyncClient, pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    early = await staff.get(f"{KICKOFF}/start")
    assert (early.status_code, "on kickoff day and not before" in early.text) == (409, True)
    await cohorts.set_stage(pool, CLASS, CohortStage.STARTING, datetime.now(UTC))
    await kickoff.record_attendance(pool, CLASS, {"P2": False}, datetime.now(UTC))
    preview = await staff.get(f"{KICKOFF}/start")
    assert "Would start: Solveig Aaberg with Kao Nou Vue." in words(preview)
    assert "Amina Warsame with Tarik Boyd waits: Tarik Boyd was noted absent." in words(preview)
    temporal.results["start"] = 1
    await staff.post(f"{KICKOFF}/start", data=hidden(preview) | {"step-action": "confirm"})
    assert temporal.messages == [(f"cohort-{CLASS}", "start")]
    assert await events(pool) == [(f"staff:{COORDINATOR}", "started")]


async def test_nobody_can_be_started_where_everybody_waits(staff: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    await cohorts.set_stage(pool, CLASS, CohortStage.STARTING, datetime.now(UTC))
    await kickoff.record_attendance(pool, CLASS, {"P1": False, "P2": False}, datetime.now(UTC))
    preview = await staff.get(f"{KICKOFF}/start")
    assert "Tarik Boyd was noted absent" in words(preview)
    assert "Nothing would change." in preview.text
    assert "Start them" not in preview.text


async def test_class_without_a_session_says_so_and_still_notes_attendance(
    staff: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await pool.execute("update cohort set settings = settings - 'session' where id = $1", CLASS)
    page = await staff.get(KICKOFF)
    assert (page.status_code, "has no half-day session" in page.text) == (200, True)
    assert (await staff.post(f"{KICKOFF}/needs")).status_code == 409
    assert (await staff.get(ATTENDANCE)).status_code == 200
    assert await events(pool) == []


@pytest.mark.browser
async def test_attendance_takes_one_press_a_person_on_a_phone(
    staff_page: Page, coming_class: str, pool: asyncpg.Pool
) -> None:
    await staff_page.goto(KICKOFF)
    await press(staff_page.get_by_role("link", name="Note who was there"))
    for name in ("Tarik Boyd", "Everyone else was there"):
        box = staff_page.get_by_label(name)
        # The whole line can be tapped.
        size = await box.locator("xpath=..").bounding_box()
        assert size
        assert size["height"] >= 40
        await box.focus()
        await staff_page.keyboard.press("Space")
    await press(staff_page.get_by_role("button", name="See what it leads to"))
    await press(staff_page.get_by_role("button", name="Note it"))
    assert await attendance(pool) == {"M1": True, "M2": True, "P1": True, "P2": False, "P3": True}
    await press(staff_page.get_by_role("button", name="Show meals and needs"))
