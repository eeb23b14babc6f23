"""The pages with a service that keeps responses in memory, so that a test can look at every one it saved."""

import mailbox
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page
from starlette.applications import Starlette

from domain.forms import answer_for_workflow
from emails.kinds._base.participant import AskBlock
from emails.kinds.welcome.context import WelcomeEmail
from emails.links import token, token_hash
from emails.message import address, compose
from emails.rendering import Rendered, render
from schemas.actor import Actor
from schemas.applications.people import Person
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.enums import EmailKind, Language, MilestoneKind, Side
from schemas.errors import Refusal
from schemas.forms.catalog import FORMS
from schemas.mentorship.responses import Link, NewResponse, ResponsePage, SavedResponse
from services.responses import ResponseService
from tests.web.browser import open_browser_page, served
from web.app import create_app

OPENS, CLOSES = datetime(2019, 7, 22, 14, tzinfo=UTC), datetime(2019, 8, 11, 5, tzinfo=UTC)
COHORT = CohortSettings(
    id="mile-2019",
    title="2019 Mentorship Program",
    institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=date(2019, 5, 10)),
    contact=ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
)
PAIR = {
    side: Person(
        id=f"{side}-1", side=side, name=name, email="a@example.org", library="Library", town="Ely", role="Clerk"
    )
    for side, name in ((Side.MENTOR, "Solveig Aaberg"), (Side.MENTEE, "Kao Nou Vue-Reyes"))
}
GOALS = ("Lead the weekly meeting", "Write a grant application")


class RecordingService(ResponseService):
    """A service whose whole memory can be compared before and after."""

    opens_at, closes_at = OPENS, CLOSES

    def __init__(self) -> None:
        self.pages: dict[bytes, ResponsePage] = {}
        self.saved: list[NewResponse] = []
        self.actors: list[tuple[Actor, str]] = []
        self.time = OPENS + timedelta(days=3)
        self.checks = {"postgresql": True, "temporal": True}
        self.refuses = ""
        self.fault: Exception | None = None

    async def open(self, token_hash: bytes) -> ResponsePage | None:
        if self.fault:
            raise self.fault
        return self.pages.get(token_hash)

    async def save(
        self, actor: Actor, cohort_id: str, response: NewResponse, *, in_steps: bool = False, goes_on: bool = False
    ) -> SavedResponse:
        if self.refuses:
            raise Refusal(self.refuses)
        self.saved.append(response)
        self.actors.append((actor, cohort_id))
        changed = False
        for key, page in self.pages.items():
            if page.link == response.link:
                changed = page.answers != response.answers
                update = {"answers": response.answers, "answered_at": response.received_at}
                self.pages[key] = page.model_copy(update=update)
        answer = answer_for_workflow(
            response.form,
            response.answers,
            milestone=response.link.milestone,
            side=response.link.side,
            revision=len(self.saved),
            received_at=response.received_at,
        )
        return SavedResponse(id="r", mentorship_id=response.link.mentorship_id, answer=answer, changed=changed)

    def now(self, mentorship_id: str) -> datetime:
        assert mentorship_id == "mile-2019-007"
        return self.time

    async def check_servers(self) -> dict[str, bool]:
        return self.checks

    def link(self, kind: MilestoneKind, side: Side = Side.MENTOR, **different: object) -> str:
        """Give out a link to a milestone's page and return its address."""
        secret = token(b"s" * 32, f"{kind}/{side}", str(len(self.pages)))
        page = ResponsePage(
            link=Link(mentorship_id="mile-2019-007", milestone=kind, side=side),
            kind=kind,
            number=1,
            cohort=COHORT,
            person=PAIR[side],
            partner=PAIR[side.partner],
            goals=GOALS,
            starts_on=date(2019, 5, 10),
            ends_on=date(2020, 11, 10),
            opens_at=OPENS,
            closes_at=CLOSES,
            closes_on=date(2019, 8, 10),
        )
        self.pages[token_hash(secret)] = page.model_copy(update=different)
        return f"/r/{secret}"


@pytest.fixture
def service() -> RecordingService:
    return RecordingService()


@pytest.fixture
def check_in(service: RecordingService) -> str:
    return service.link(MilestoneKind.CHECK_IN)


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    return tmp_path / "mailbox"


@pytest.fixture
def app(service: RecordingService, maildir: Path) -> Starlette:
    return create_app(service, mailbox=maildir)


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://mile.example.org") as client:
        yield client


@pytest.fixture
def catch(maildir: Path) -> Callable[..., str]:
    """Return a function that puts an email into the local mailbox and returns its key."""

    def put(
        to: str = "ada@example.org", subject: str = "MILE mentorship: check-in 1", hour: int = 9, **parts: str
    ) -> str:
        words = {
            "text": "Hello\nhttps://mile.example.org/r/abc\n",
            "html": "<html><head></head><body>Hello</body></html>",
        }
        message = compose(
            Rendered(kind=EmailKind.CHECK_IN, language=Language.ENGLISH, subject=subject, **(words | parts)),
            sender=address("MILE", "mile@example.org"),
            recipient=address("Ada Berg", to),
            reply_to=address("Chair", "chair@example.org"),
            key=f"{to}{subject}{hour}",
            message_id=f"<{hour}@example.org>",
            at=datetime(2019, 7, 22, hour, tzinfo=UTC),
            list_id="mile-2019.example.org",
            mentorship_root="mile-2019-007",
        )
        return str(mailbox.Maildir(maildir).add(message))

    return put


@pytest.fixture
def welcome() -> str:
    """Return an email's HTML with a card, lists, links and a button."""
    form = FORMS[MilestoneKind.CHECK_IN]
    ask = AskBlock(
        kind=form.kind,
        ask=form.ask,
        minutes=2,
        url="https://mile.example.org",
        closes_on=CLOSES.date(),
    )
    pair = {"recipient": PAIR[Side.MENTOR], "partner": PAIR[Side.MENTEE], "page_url": "https://mile.example.org/m/a"}
    email = WelcomeEmail(
        cohort=COHORT, **pair, ends_on=date(2020, 11, 10), contact_by=date(2019, 5, 31), asks=(ask, ask)
    )
    return render(email).html


@pytest.fixture
async def site(app: Starlette) -> AsyncIterator[str]:
    """The address of the pages, for a browser."""
    async with served(app) as address_of_pages:
        yield address_of_pages


@pytest.fixture
async def page(browser: Browser, site: str) -> AsyncIterator[Page]:
    """An empty browser page."""
    async with open_browser_page(browser, site) as page:
        yield page
