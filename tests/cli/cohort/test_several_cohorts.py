"""Two classes of different settings run side by side, and a third is over and its workflow gone: nothing mixes."""

import json
import mailbox
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import product
from pathlib import Path
from subprocess import CompletedProcess

import httpx
import pytest
import pytest_asyncio
from pypdf import PdfReader
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client

from domain.calendar import months_after
from domain.report.figures import make_report
from runtime.clock import WallClock
from runtime.local_stack.stack import LocalStack
from schemas.enums import CohortStage, Outcome, Side
from schemas.ids import cohort_workflow_id, mentorship_id, mentorship_workflow_id
from schemas.report.records import CohortRecords
from services.responses import ResponseService
from storage import cohorts, reports
from storage.database import open_pool
from tests.cli.small_class import small_class
from tests.clocks import TODAY
from tests.waiting import until
from web.app import create_app

Mile = Callable[..., Awaitable[CompletedProcess[str]]]
CaughtUp = Callable[[str], Awaitable[None]]

# Late enough for both sides to be asked for their agreement.
KICKOFF = TODAY - timedelta(days=30)
SESSION = """
[session]
[[session.half_days]]
id = "morning"
label = "Morning"
day = {day}
begins = 09:00:00
ends = 12:00:00
"""


@dataclass(frozen=True)
class NamedClass:
    """A class whose people, place and contact all carry a word of its own."""

    id: str
    word: str
    zone: str
    months: int

    @property
    def email(self) -> str:
        return f"{self.word.lower()}@example.org"

    def folder(self, under: Path) -> Path:
        renamed = {person: f"{self.word}-{person}" for person in ("M01", "M02", "P01", "P02")}
        return small_class(
            under / self.id,
            self.id,
            KICKOFF,
            people=2,
            renamed=renamed,
            zone=self.zone,
            title=f"Class of {self.word}",
            venue=f"{self.word} Lodge",
            role=f"{self.word} Chair",
            email=self.email,
            more=f"\n[timeline]\nmonths = {self.months}\n{SESSION.format(day=KICKOFF)}",
        )

    def alone_in(self, words: str) -> bool:
        """Tell whether words name this class and none of the others."""
        return self.word in words and not [other.word for other in CLASSES if other != self and other.word in words]


ASH = NamedClass("several-ash", "Ashquist", "America/Chicago", 18)
BIRCH = NamedClass("several-birch", "Birchquist", "America/Denver", 12)
OAK = NamedClass("several-oak", "Oakquist", "America/Chicago", 24)
CLASSES = (ASH, BIRCH, OAK)


@pytest_asyncio.fixture(scope="package")
async def emails_of(stack: LocalStack) -> Callable[[NamedClass], list[EmailMessage]]:
    """Return what reads a class's emails from the mailbox they arrived in."""

    def found(one: NamedClass) -> list[EmailMessage]:
        kept = mailbox.Maildir(stack.folder / "mail")
        messages = [message_from_bytes(kept.get_bytes(key), policy=default) for key in sorted(kept.keys())]
        assert all(isinstance(message, EmailMessage) for message in messages)
        return [message for message in messages if str(message["List-Id"]).startswith(f"<{one.id}.")]

    return found


@pytest.fixture
async def pages(stack: LocalStack) -> AsyncIterator[httpx.AsyncClient]:
    settings = stack.settings
    async with open_pool(settings.database_url.get_secret_value(), size=2) as pool:
        transport = httpx.ASGITransport(app=create_app(ResponseService(pool, stack.client, WallClock())))
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as asking:
            yield asking


@pytest.fixture
async def classes(mile: Mile, wait_until_idle: CaughtUp, tmp_path: Path, stack: LocalStack) -> tuple[NamedClass, ...]:
    """The three classes: all began, and then one came to its end; whoever asks later finds them there."""
    there = {one["id"] for one in json.loads((await mile("cohort", "show", "--json")).stdout)["cohorts"]}
    if ASH.id in there:
        return CLASSES
    for one in CLASSES:
        assert (await mile("cohort", "create", str(one.folder(tmp_path)))).returncode == 0
        assert (await mile("cohort", "match", one.id)).returncode == 0
        assert (await mile("cohort", "publish", one.id, "--run", "1")).returncode == 0
    for one in CLASSES:
        await wait_until_idle(one.id)
        await asked_again(mile, stack, one)
    await ends(stack, OAK)
    return CLASSES


async def asked_again(mile: Mile, stack: LocalStack, one: NamedClass) -> None:
    """Have both sides of both pairs written to, now that their mentorships run."""
    for number, side in product((1, 2), Side):
        again = await mile("mentorship", "resend", mentorship_id(one.id, number), "--side", side)
        assert again.stdout.startswith("1 email")
    sent = "select count(*) from outbox where cohort_id = $1 and recipient <> 'staff' and state = 'sent'"
    async with open_pool(stack.settings.database_url.get_secret_value(), size=1) as pool:

        async def all_sent() -> bool:
            return int(await pool.fetchval(sent, one.id)) >= 4

        await until(all_sent)


async def ends(stack: LocalStack, one: NamedClass) -> None:
    """Bring a class to its end, and let the engine forget it, as it does after a while."""
    workflows = [cohort_workflow_id(one.id), *(mentorship_workflow_id(mentorship_id(one.id, n)) for n in (1, 2))]
    for workflow in workflows:
        await forget(stack.client, workflow)
    now = datetime.now(UTC)
    records = CohortRecords(cohort_id=one.id, outcomes=(Outcome.COMPLETED,) * 2, responses=())
    async with open_pool(stack.settings.database_url.get_secret_value(), size=1) as pool:
        await pool.execute("update mentorship set outcome = 'completed', phase = 'after' where cohort_id = $1", one.id)
        await cohorts.set_stage(pool, one.id, CohortStage.CLOSED, now)
        await reports.save_report(pool, make_report(records), now)


async def forget(client: Client, workflow: str) -> None:
    handle = client.get_workflow_handle(workflow)
    await handle.terminate()
    gone = DeleteWorkflowExecutionRequest(
        namespace=client.namespace, workflow_execution=WorkflowExecution(workflow_id=workflow)
    )
    await client.workflow_service.delete_workflow_execution(gone)


async def test_every_class_is_listed_with_its_own_stage(mile: Mile, classes: tuple[NamedClass, ...]) -> None:
    listed = (await mile("cohort", "show")).stdout.splitlines()
    assert [line for line in listed if line.startswith("several-")] == [
        "several-ash  running",
        "several-birch  running",
        "several-oak  closed",
    ]


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.word)
async def test_a_class_is_shown_with_its_own_people_and_dates(
    mile: Mile, classes: tuple[NamedClass, ...], one: NamedClass
) -> None:
    shown = await mile("cohort", "show", one.id)
    assert shown.returncode == 0
    assert one.alone_in(shown.stdout)
    told = json.loads((await mile("cohort", "show", one.id, "--json")).stdout)
    assert {mentorship["id"] for mentorship in told["mentorships"]} == {f"{one.id}-001", f"{one.id}-002"}
    assert {mentorship["outcome"] for mentorship in told["mentorships"]} == {"completed" if one == OAK else None}
    assert told["ends_on"] == str(end_of(one))
    assert told["mentors"] == told["mentees"] == 2


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.word)
async def test_everything_about_a_class_can_be_read_whether_it_runs_or_is_over(
    mile: Mile, classes: tuple[NamedClass, ...], one: NamedClass, tmp_path: Path
) -> None:
    report = ("report", one.id, *(() if one == OAK else ("--interim",)))
    read: tuple[tuple[str, ...], ...] = (
        report,
        ("applications", one.id),
        ("proposals", one.id),
        ("rsvp", one.id),
        ("compare", one.id, "1", "1"),
        ("opportunity", "list", one.id),
        ("role", one.id, "list"),
    )
    for command in read:
        ran = await mile("cohort", *command)
        assert (ran.returncode, ran.stderr) == (0, ""), command
        assert one.alone_in(ran.stdout + one.word), command
    assert f"Today questions go to the {one.word} Chair, {one.email}" in ran.stdout
    for paper in ("cards", "nametags"):
        out = tmp_path / f"{paper}.pdf"
        assert (await mile("cohort", paper, one.id, "--out", str(out))).returncode == 0
        assert one.alone_in("".join(page.extract_text() for page in PdfReader(out).pages))
    page = tmp_path / "report.html"
    assert (await mile("cohort", *report, "--html", str(page))).returncode == 0
    assert one.alone_in(page.read_text())


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.word)
async def test_applications_of_a_class_are_exported_without_those_of_others(
    mile: Mile, classes: tuple[NamedClass, ...], one: NamedClass, tmp_path: Path
) -> None:
    files = {side: tmp_path / f"{side}.csv" for side in ("mentors", "participants")}
    ran = await mile("cohort", "export", one.id, *(word for side in files for word in (f"--{side}", str(files[side]))))
    assert ran.returncode == 0
    for file in files.values():
        written = file.read_text(encoding="utf-8")
        assert one.alone_in(written)
        assert written.count(one.word) == 2


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.word)
async def test_emails_of_a_class_name_its_own_people_contact_and_dates(
    classes: tuple[NamedClass, ...], emails_of: Callable[[NamedClass], list[EmailMessage]], one: NamedClass
) -> None:
    emails = emails_of(one)
    assert len(emails) >= 4
    for email in emails:
        words = " ".join(text_of(email).split())
        assert one.alone_in(words)
        assert email["Reply-To"].addresses[0].addr_spec == one.email
        assert f"{one.word} Chair: {one.email}" in words


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.word)
async def test_pages_of_a_class_name_its_own_people_and_contact(
    classes: tuple[NamedClass, ...],
    emails_of: Callable[[NamedClass], list[EmailMessage]],
    pages: httpx.AsyncClient,
    stack: LocalStack,
    one: NamedClass,
) -> None:
    public_url = re.escape(stack.settings.public_url)
    links = {link for email in emails_of(one) for link in re.findall(rf"{public_url}/r/[a-z2-7]{{26}}", text_of(email))}
    assert links
    for link in links:
        shown = await pages.get(link)
        assert shown.status_code == 200
        assert one.alone_in(shown.text)
        assert one.email in shown.text


async def test_a_role_of_one_class_is_nobodys_in_another(mile: Mile, classes: tuple[NamedClass, ...]) -> None:
    await mile("cohort", "role", ASH.id, "set", "Deputy", "--email", "deputy@example.org", "--from", "2000-01-01")
    try:
        answering = {
            one: json.loads((await mile("cohort", "role", one.id, "list", "--json")).stdout)["role"] for one in CLASSES
        }
        assert answering == {ASH: "Deputy", BIRCH: "Birchquist Chair", OAK: "Oakquist Chair"}
    finally:
        number = json.loads((await mile("cohort", "role", ASH.id, "list", "--json")).stdout)["number"]
        await mile("cohort", "role", ASH.id, "end", str(number), "--on", "1999-12-31")


async def test_what_only_a_workflow_can_do_is_refused_for_a_class_that_is_over(
    mile: Mile, classes: tuple[NamedClass, ...]
) -> None:
    extend = ("extend", OAK.id, "--until", str(KICKOFF))
    for command in (("match", OAK.id), ("publish", OAK.id, "--run", "2"), ("open", OAK.id), extend, ("close", OAK.id)):
        for dry_run in ((), ("--dry-run",)):
            ran = await mile("cohort", *command, *dry_run)
            assert (ran.returncode, "has no running workflow: it is over" in ran.stderr) == (2, True), command


def end_of(one: NamedClass) -> date:
    return months_after(KICKOFF, one.months)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
