"""The participants of a run: they read what the relay received and answer on the real pages, again until it worked.

What a page accepted is noted here, apart from the service; the counts compare the two.
"""

import asyncio
import hashlib
import re
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import NamedTuple

import httpx

from rehearsal.agreement_answers import MENTEE_FIELD
from rehearsal.http_client import CHOICE_KINDS, STEP, FormField, FormPageRead, read_page
from schemas.forms.agreement import CLAUSES

LOOK_EVERY_SECONDS = 0.3
# Nobody waits longer for a page; it is the patience of a browser's user, not of a browser.
PATIENCE_SECONDS = 20.0
AGAIN_AFTER_SECONDS = 0.7
# A connection for each request: one on a connection that the pages close just then is sent again by a browser, and not
# by this client.
NONE_KEPT_OPEN = httpx.Limits(max_keepalive_connections=0)
NEXT = re.compile(r'href="(/r/[a-z2-7]{26}/steps/[\w-]+)"')
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
SEE_OTHER, CONFLICT, UNAVAILABLE = 303, 409, 503
CUT_OFF, NO_ANSWER = "cut off", f"no answer in {PATIENCE_SECONDS:.0f} s"


class Received(NamedTuple):
    """An email that the relay received: when (seconds of ``time.time``), its Message-ID, to whom, and its bytes."""

    at: float
    message_id: str
    to: str
    content: bytes


class Accepted(NamedTuple):
    """A form that a page accepted: by which link's token, and the words in it that stand in no other.

    ``step`` is the milestone that was answered where another one's link led to it.
    """

    token: str
    words: str
    step: str = ""


class FailedRequest(NamedTuple):
    """A request without an answer that a page should give: when (seconds of ``time.time``), which, and what came."""

    began: float
    ended: float
    method: str
    what: str


class RelayMailbox:
    """Reads the Maildir of the relay, each email once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "new"
        self._seen: set[str] = set()
        self.received: list[Received] = []

    def read_new(self) -> list[tuple[Received, EmailMessage]]:
        """Return the emails that arrived since the last call, the oldest first."""
        files = [file for file in self._folder.glob("*") if file.name not in self._seen]
        self._seen |= {file.name for file in files}
        new = []
        for file in sorted(files, key=lambda one: one.stat().st_mtime):
            content = file.read_bytes()
            message = message_from_bytes(content, _class=EmailMessage, policy=default)
            one = Received(file.stat().st_mtime, str(message["Message-ID"]), str(message["To"]), content)
            self.received.append(one)
            new.append((one, message))
        return new


@dataclass
class Participants:
    """Everyone who gets emails in a run; ``slowest_seconds`` is how long the slowest page took to answer at all."""

    base: str
    mailbox: RelayMailbox
    run_name: str
    accepted: list[Accepted] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    without_form: list[str] = field(default_factory=list)
    slowest_seconds: float = 0.0
    unavailable: int = 0
    words_lost: int = 0
    failed: list[FailedRequest] = field(default_factory=list)
    _opened: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    async def run(self) -> None:
        """Read and answer emails until canceled."""
        async with AsyncExitStack() as clients:
            try:
                while True:
                    await self._answer_new(clients)
                    await asyncio.sleep(LOOK_EVERY_SECONDS)
            finally:
                for task in self._opened.values():
                    task.cancel()
                await asyncio.gather(*self._opened.values(), return_exceptions=True)

    @property
    def busy(self) -> bool:
        """Tell whether somebody has not come to the end of a page."""
        return any(not task.done() for task in self._opened.values())

    def check(self) -> None:
        """Raise what went wrong with a visit, such as a page that is none."""
        for task in self._opened.values():
            if task.done() and not task.cancelled() and (error := task.exception()):
                raise error

    async def _client(self, person: str, clients: AsyncExitStack) -> httpx.AsyncClient:
        """Return somebody's own browser, at an address of its own: the limits of the pages count by address."""
        if person not in self._clients:
            # All of 127.0.0.0/8 is this machine, on Linux.
            own = f"127.0.1.{len(self._clients) + 1}" if sys.platform == "linux" else None
            # Reading the certificates of authorities, which nobody needs here, takes longer than many pages.
            transport = httpx.AsyncHTTPTransport(verify=False, local_address=own, limits=NONE_KEPT_OPEN)
            client = httpx.AsyncClient(timeout=PATIENCE_SECONDS, transport=transport)
            self._clients[person] = await clients.enter_async_context(client)
        return self._clients[person]

    async def _answer_new(self, clients: AsyncExitStack) -> None:
        for received, message in self.mailbox.read_new():
            # An email of a run before came late: nobody answers it any more.
            if self.run_name not in received.to:
                continue
            http = await self._client(received.to, clients)
            text = message.get_body(preferencelist=("plain",))
            for url in re.findall(rf"{re.escape(self.base)}/r/[a-z2-7]{{26}}", str(text.get_content()) if text else ""):
                # An email that came twice is read once.
                self._begin(http, url, f"{received.message_id} {url}")

    def _begin(self, http: httpx.AsyncClient, url: str, visit: str) -> None:
        if visit not in self._opened:
            self._opened[visit] = asyncio.create_task(self._visit(http, url, visit))

    async def _visit(self, http: httpx.AsyncClient, url: str, visit: str) -> None:
        words = f"words {hashlib.sha256(visit.encode()).hexdigest()[:16]}"
        while True:
            opened = await self._until_answered(http, "GET", url)
            # The agreement is in steps: all are read, and sent at once as the last one does.
            steps = dict.fromkeys(STEP.findall(opened.text))
            others = [await self._until_answered(http, "GET", f"{url}/parts/{step}") for step in steps]
            values = _fill(read_page("".join(page.text for page in (opened, *others))), words)
            if values is None:
                self.without_form.append(f"{opened.status_code} {' '.join(HEADING.findall(opened.text))}")
                self._go_on(http, opened, visit)
                return
            answer = await self._until_answered(http, "POST", url, values)
            if answer.status_code == SEE_OTHER:
                self.accepted.append(Accepted(*_asked_at(url, words if words in str(values) else "")))
                thanks = await self._until_answered(http, "GET", f"{self.base}{answer.headers['location']}")
                self._go_on(http, thanks, visit)
                return
            # The agreement changed meanwhile: it is read again.
            if not (answer.status_code == CONFLICT and "version" in values):
                self.refused.append(f"{answer.status_code} for {sorted(values)}")
                return

    def _go_on(self, http: httpx.AsyncClient, page: httpx.Response, visit: str) -> None:
        """Follow the page to what else is asked: an email that is late asks for several things behind one link."""
        email = visit.partition(" ")[0]
        for step in NEXT.findall(page.text):
            self._begin(http, f"{self.base}{step}", f"{email} {step}")

    async def _until_answered(
        self, http: httpx.AsyncClient, method: str, url: str, values: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Try until a page answers and is no page of an error."""
        while True:
            began = time.time()
            failed = None
            try:
                answer = await http.request(method, url, data=values)
            except httpx.ConnectError:
                # The pages are down: a browser says so at once.
                pass
            except httpx.TimeoutException:
                failed = NO_ANSWER
            except (httpx.HTTPError, AttributeError):
                # anyio asks uvloop for the peer of a connection that may be gone already (AttributeError).
                failed = CUT_OFF
            else:
                self.slowest_seconds = max(self.slowest_seconds, time.time() - began)
                if answer.status_code < 500 and answer.status_code != 429:
                    return answer
                if answer.status_code == UNAVAILABLE:
                    self._note_unavailable(answer, values)
                else:
                    failed = f"status {answer.status_code}"
            if failed:
                self.failed.append(FailedRequest(began, time.time(), method, failed))
            await asyncio.sleep(AGAIN_AFTER_SECONDS)

    def _note_unavailable(self, answer: httpx.Response, values: Mapping[str, str] | None) -> None:
        self.unavailable += 1
        typed = [value for value in (values or {}).values() if value.startswith("words ")]
        self.words_lost += any(value not in answer.text for value in typed)


def _asked_at(url: str, words: str) -> tuple[str, str, str]:
    """Return an accepted form: the token in its address, its words, and the step in its address."""
    link, _, step = url.partition("/steps/")
    return link.rpartition("/")[2], words, step


def _fill(page: FormPageRead, words: str) -> dict[str, str] | None:
    """Return what a participant sends from a page, or None where it has no form or it is the partner's turn."""
    if not page.fields:
        return None
    values = _agree(page, words) if "version" in page.hidden else _answers(page, words)
    return None if values is None else {**page.hidden, **{name: value for name, value in values.items() if value}}


def _agree(page: FormPageRead, words: str) -> dict[str, str] | None:
    offered, current = {field.name for field in page.fields}, page.current_values
    mentee, version = MENTEE_FIELD in offered, int(page.hidden["version"])
    # The mentee writes the goals first; an email tells the mentor when they stand.
    if not mentee and not version:
        return None
    wanted = {clause.name: "yes" for clause in CLAUSES}
    wanted |= {name: current.get(name) or "3" for name in ("meetings", "goal_updates")}
    wanted |= {name: current.get(name) or words for name in ("mentor_does", "mentee_does")}
    if mentee and not version:
        wanted[MENTEE_FIELD] = words
    if not mentee:
        wanted["comment"] = current.get("comment") or words
    return {**current, **{name: value for name, value in wanted.items() if name in offered}, "act": "agree"}


def _answers(page: FormPageRead, words: str) -> dict[str, str]:
    return {field.name: _answer(field, words) for field in page.fields if field.name != "call_requested"}


def _answer(one: FormField, words: str) -> str:
    if one.kind in CHOICE_KINDS:
        return one.values[0]
    return words if one.kind == "textarea" else ""
