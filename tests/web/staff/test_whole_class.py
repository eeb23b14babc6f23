"""A class from its first setting to its closing report: a browser without JavaScript, on a rehearsal's clock."""

import csv
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser

from domain.calendar import morning
from rehearsal.cohort_simulation import CohortSimulation
from rehearsal.earlier_class import save_earlier_class
from rehearsal.environment import Environment
from rehearsal.folder import read_folder
from rehearsal.program_events import program_events
from rehearsal.subcommittee import Subcommittee
from schemas.cohort.folder import CohortFolder
from schemas.cohort.roles import NewRoleHolder
from schemas.enums import StaffAccess
from services.staff_sessions import StaffSessionService
from storage import cohorts, roles
from tests.own_stack import own_stack
from tests.web.browser import DESK, open_browser_page, served
from tests.web.staff.volunteer import Volunteer
from tests.workflows.conftest import StepCounter

GUIDE = Path(__file__).parents[3] / "docs" / "howto" / "staff-console.md"
MOST_CLICKS = {"match, review, publish": 8, "pause a mentorship": 6, "hand over the chair": 7}
EXAMPLE = Path(__file__).parents[3] / "examples" / "two-weeks"
CLASS, LAST_CLASS = "console", "last-class"
CHAIR, SUCCESSOR = "chair@staff.example.org", "successor@staff.example.org"
UNREAD = {"ranks", "vetoes", "conflicts", "reports_to"}
MENTORS, MENTEES = 4, 3


@pytest.fixture
async def environment() -> AsyncIterator[Environment]:
    async with own_stack() as (_, environment):
        yield environment


def rows_of(name: str, count: int, folder: Path) -> Path:
    """Write the first people of the example's file into a file of its own, without what they say of the others."""
    with (EXAMPLE / name).open(newline="", encoding="utf-8") as whole:
        header, *people = list(csv.reader(whole))[: count + 1]
    kept = [place for place, column in enumerate(header) if column not in UNREAD]
    rows = [[row[place] for place in kept] for row in (header, *people)]
    file = folder / name
    with file.open("w", newline="", encoding="utf-8") as part:
        csv.writer(part).writerows(rows)
    return file


class ConsoleStaff(Subcommittee):
    """Takes staff's steps before the kickoff in a browser, where a rehearsal calls the use cases."""

    def __init__(self, environment: Environment, folder: CohortFolder, volunteer: Volunteer, mentors: Path) -> None:
        super().__init__(environment, folder)
        self._volunteer = volunteer
        self._mentors_file = mentors
        self.done: list[str] = []

    async def import_mentors(self) -> None:
        """Upload the mentors who applied on paper."""
        self.done.append(await import_file(self._volunteer, "mentors", self._mentors_file))

    async def match(self) -> int:
        """Draft a match run, and look at it."""
        volunteer = self._volunteer
        volunteer.begin("match, review, publish")
        await volunteer.page.goto(f"/staff/classes/{CLASS}")
        await volunteer.link("Matching", exact=True)
        await volunteer.link("Draft a match run")
        self.done.append(await volunteer.step("Make the draft"))
        await volunteer.link("Run 1", exact=True)
        return 1

    async def publish(self, run: int) -> datetime | None:
        """Publish a match run."""
        volunteer = self._volunteer
        if run > 1:
            volunteer.begin("publish the draft after a decline")
            await volunteer.page.goto(f"/staff/classes/{CLASS}/matching/runs/{run}")
        await volunteer.link("Publish this run")
        self.done.append(await volunteer.confirm("Publish it"))
        return self._confirms_at()

    async def confirm(self) -> None:
        """Make final what nobody declined, as after a call."""
        volunteer = self._volunteer
        volunteer.begin("make the open matches final")
        while True:
            await volunteer.page.goto(f"/staff/classes/{CLASS}/proposals")
            finals = volunteer.page.get_by_role("link", name="Make final")
            if not await finals.count():
                return
            await volunteer.link("Make final")
            await volunteer.type("Note", "Both said yes on the phone.")
            self.done.append(await volunteer.confirm("Make it final"))

    async def confirm_attendance(self) -> None:
        """Check who was there, on a phone, and let the mentorships start."""
        volunteer = self._volunteer
        volunteer.begin("note attendance and start")
        await volunteer.page.set_viewport_size({"width": 390, "height": 800})
        await volunteer.page.goto(f"/staff/classes/{CLASS}/kickoff")
        await volunteer.link("Note who was there")
        await volunteer.choose("Everyone else was there", exact=False)
        self.done.append(await volunteer.step("Note it"))
        await volunteer.page.goto(f"/staff/classes/{CLASS}/kickoff")
        await volunteer.link("Start mentorships")
        self.done.append(await volunteer.confirm("Start them"))


async def import_file(volunteer: Volunteer, label: str, file: Path) -> str:
    volunteer.begin(f"import {label}")
    await volunteer.page.goto(f"/staff/classes/{CLASS}/import")
    await volunteer.upload([(label.capitalize(), file)])
    await volunteer.button("Upload")
    await volunteer.link("Import them")
    return await volunteer.step("Import them")


async def sign_in(environment: Environment, volunteer: Volunteer) -> None:
    """Sign in by a link, as the email to the chair has it."""
    sessions = StaffSessionService(environment.pool)
    await volunteer.page.goto(f"/staff/sign-in/{await sessions.new_link(CHAIR)}")
    await volunteer.button("Sign in")


async def begin_class(environment: Environment, folder: CohortFolder, volunteer: Volunteer) -> CohortFolder:
    """Begin the class from the last one, on the days of the example, and bring its participants in."""
    window, institute = folder.settings.applications, folder.settings.institute
    assert window
    starts_at = morning(window.opens_on - timedelta(days=1), folder.settings.time_zone) - timedelta(hours=1)
    environment.clock.set(CLASS, starts_at)
    volunteer.begin("begin the class")
    await volunteer.page.goto(f"/staff/classes/{LAST_CLASS}/settings")
    await volunteer.link("Begin the next class")
    await volunteer.type("Id of the new class", CLASS)
    await volunteer.type("Name of the class", "A Class from the Console")
    await volunteer.type("Last day of the institute", str(institute.last_day))
    await volunteer.type("First day to apply", str(window.opens_on))
    await volunteer.type("Last day to apply", str(window.closes_on))
    await volunteer.step("Begin this class")
    settings = await cohorts.cohort_settings(environment.pool, CLASS)
    assert settings.applications == window
    return folder.model_copy(update={"settings": settings})


async def pause(environment: Environment, volunteer: Volunteer) -> None:
    """Pause the first mentorship for a month, from the board on a phone."""
    volunteer.begin("pause a mentorship")
    await volunteer.page.goto(f"/staff/classes/{CLASS}/board")
    await volunteer.first_link_in("Board")
    await volunteer.link("Pause", exact=True)
    await volunteer.type("First day after the pause", "2019-08-15")
    await volunteer.type("First day of the pause", "2019-07-15")
    done = await volunteer.step("Pause it")
    assert "ends on 2020-12-11, instead of 2020-11-10" in done


async def compare_with_temporal(environment: Environment, volunteer: Volunteer) -> None:
    """Have a list that was changed by hand put right, and look at what its mentorship costs."""
    volunteer.begin("compare with Temporal")
    mentorship = f"{CLASS}-001"
    phase = "select phase from mentorship where id = $1"
    before = await environment.pool.fetchval(phase, mentorship)
    await environment.pool.execute("update mentorship set phase = 'after' where id = $1", mentorship)
    await volunteer.page.goto(f"/staff/classes/{CLASS}/audit")
    await volunteer.link("Compare it with Temporal")
    await volunteer.choose("Every mentorship (this takes longer)")
    done = await volunteer.step("Repair what can be repaired")
    assert f"{mentorship} has other columns than its workflow: phase - repaired." in done
    assert await environment.pool.fetchval(phase, mentorship) == before != "after"
    await volunteer.page.goto(f"/staff/mentorships/{mentorship}")
    await volunteer.link("See what it costs in Temporal")
    shown = await volunteer.page.locator("main").inner_text()
    assert re.search(rf"{mentorship}: 1 run, [1-9]\d* events, [1-9]\d* billed actions: [1-9]\d* for [\w ,]+\.", shown)


async def read_report(volunteer: Volunteer) -> None:
    """Read the closing report."""
    volunteer.begin("read the report")
    await volunteer.page.set_viewport_size({"width": 1280, "height": 900})
    await volunteer.page.goto(f"/staff/classes/{CLASS}")
    await volunteer.link("Reports", exact=True)
    shown = await volunteer.page.locator("main").inner_text()
    assert "See an interim report of today" in shown
    # As many as took part, counted by hand.
    assert f"{MENTEES} mentorships" in shown


async def hand_over(volunteer: Volunteer) -> None:
    """Hand over the chair."""
    volunteer.begin("hand over the chair")
    await volunteer.page.goto(f"/staff/classes/{CLASS}")
    await volunteer.link("Roles", exact=True)
    await volunteer.link("Hand over the chair")
    await volunteer.type("Email address of whoever takes over", SUCCESSOR)
    assert SUCCESSOR in await volunteer.step("Hand over")


async def assert_nothing_was_lost(environment: Environment) -> None:
    """Look into the tables: who did what, how it ended, and that every email left."""
    pool = environment.pool
    ends = await pool.fetch("select outcome, ends_on from mentorship where cohort_id = $1 order by ends_on", CLASS)
    assert [row["outcome"] for row in ends] == ["completed"] * MENTEES
    # One of them was paused for a month.
    assert [str(row["ends_on"]) for row in ends] == ["2020-11-10"] * (MENTEES - 1) + ["2020-12-11"]
    actors = await pool.fetch("select distinct actor, action from audit_event where cohort_id = $1", CLASS)
    by_staff = {row["action"] for row in actors if row["actor"] == f"staff:{CHAIR}"}
    assert by_staff >= {"created", "imported", "matched", "published", "attendance_noted", "paused", "role_set"}
    # The rehearsal itself enters a role and opportunities, to look at the promises about them.
    alone = by_staff - {"role_set", "opportunity_added"}
    assert {row["actor"] for row in actors if row["action"] in alone} == {f"staff:{CHAIR}"}
    states = await pool.fetch("select distinct state from outbox where cohort_id = $1 and recipient <> 'staff'", CLASS)
    assert [row["state"] for row in states] == ["sent"]
    successor = "select access from role_holder where cohort_id = $1 and email = $2"
    assert await pool.fetchval(successor, CLASS, SUCCESSOR) == "chair"


def documented_efforts() -> dict[str, tuple[int, int]]:
    """Return the clicks and typed characters of each task, as the guide for staff says them."""
    rows = re.findall(r"^\| ([a-z, ]+) \| (\d+) \| (\d+) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    return {task: (int(clicks), int(typed)) for task, clicks, typed in rows}


@pytest.mark.browser
async def test_class_is_run_from_a_browser_alone(browser: Browser, environment: Environment, tmp_path: Path) -> None:
    folder = read_folder(EXAMPLE)
    folder = folder.model_copy(update={"mentors": folder.mentors[:MENTORS], "mentees": folder.mentees[:MENTEES]})
    last = folder.settings.model_copy(update={"id": LAST_CLASS, "title": "The Last Class"})
    await cohorts.save_cohort(environment.pool, last, (), (), datetime.now(UTC))
    holder = NewRoleHolder(
        role="Chair", email=CHAIR, access=StaffAccess.CHAIR, starts_on=datetime(2019, 1, 1, tzinfo=UTC).date()
    )
    await roles.add_holder(environment.pool, LAST_CLASS, holder)
    async with served(environment.app) as site, open_browser_page(browser, site, look=DESK, scripts=False) as page:
        page.set_default_timeout(10_000)
        volunteer = Volunteer(page)
        await sign_in(environment, volunteer)
        folder = await begin_class(environment, folder, volunteer)
        await save_earlier_class(environment, program_events(folder.settings).earlier)
        participants = rows_of("participants.csv", MENTEES, tmp_path)
        await import_file(volunteer, "participants", participants)
        staff = ConsoleStaff(environment, folder, volunteer, rows_of("mentors.csv", MENTORS, tmp_path))
        simulation = CohortSimulation(environment, folder, seed=1, observer=StepCounter(), staff=staff)
        handle = environment.services.workflow(f"cohort-{CLASS}")
        overview = await simulation.run_from_creation(handle)
        await pause(environment, volunteer)
        await compare_with_temporal(environment, volunteer)
        await simulation.run_mentorships(handle, overview)
        await read_report(volunteer)
        # What is handed over ends on a day of the program, and pages open by the real one, years later.
        stays = holder.model_copy(update={"role": "Team", "access": StaffAccess.COORDINATOR})
        await roles.add_holder(environment.pool, CLASS, stays)
        await hand_over(volunteer)
    await assert_nothing_was_lost(environment)
    efforts = {task: (effort.clicks, effort.typed) for task, effort in volunteer.efforts.items()}
    assert {task: efforts[task] for task in MOST_CLICKS} == documented_efforts()
    assert {task for task, most in MOST_CLICKS.items() if efforts[task][0] > most} == set()
