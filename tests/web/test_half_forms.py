"""A form counts as a whole or not at all, in the encoding of our own pages, and a fault of ours repeats none of it."""

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
import structlog
from starlette.applications import Starlette
from starlette.types import Message, Scope

from schemas.cohort.settings import Program
from web.middleware.protection import BodySizeLimitMiddleware
from web.pages import Pages

if TYPE_CHECKING:
    from tests.web.conftest import RecordingService

WORDS = "Quillsworth"


def _post(path: str) -> Scope:
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"host", b"mile.example.org")]
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "scheme": "https",
        "http_version": "1.1",
        "client": ("192.0.2.1", 1),
        "server": ("mile.example.org", 443),
    }


async def test_a_form_that_breaks_off_is_not_an_answer(
    app: Starlette, service: "RecordingService", check_in: str
) -> None:
    arriving: list[Message] = [
        {"type": "http.request", "body": b"status=met&note_to_self=cut in the", "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[Message] = []

    async def receive() -> Message:
        return arriving.pop(0)

    async def send(message: Message) -> None:
        answered.append(message)

    await app(_post(check_in), receive, send)
    assert service.saved == []
    assert answered == []


async def test_a_form_that_trickles_in_is_given_up(app: Starlette) -> None:
    answered: list[Message] = []

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        answered.append(message)

    await BodySizeLimitMiddleware(app, Pages(Program(), None), timeout=0.01)(_post("/"), never, send)
    assert answered[0]["status"] == 408
    assert b"so we saved nothing" in answered[1]["body"]


@pytest.mark.parametrize("alphabet", ["unicode_escape", "utf-7", "punycode", "utf-8"])
async def test_a_form_in_an_alphabet_of_its_own_is_not_read(
    client: httpx.AsyncClient, service: "RecordingService", check_in: str, alphabet: str
) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = part.format("status", "met") + part.format("note_to_self", "\\ud800+2AA-") + "--x--\r\n"
    kind = f"multipart/form-data; boundary=x; charset={alphabet}"
    page = await client.post(check_in, content=body, headers={"Content-Type": kind})
    assert page.status_code == 422
    assert service.saved == []


async def test_fault_is_noted_without_the_words_that_caused_it(
    client: httpx.AsyncClient, service: "RecordingService", check_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise ValueError(f"Failing row contains ({WORDS}).")

    monkeypatch.setattr(service, "save", refuse)
    with structlog.testing.capture_logs() as noted:
        page = await client.post(check_in, data={"status": "met", "note_to_self": WORDS})
    assert page.status_code == 500
    assert [(line["event"], line.get("kind")) for line in noted] == [
        ("page_failed", "ValueError"),
        ("page_served", None),
    ]
    assert WORDS not in str(noted)


async def test_a_link_with_a_slash_too_many_is_not_repeated_in_a_header(
    client: httpx.AsyncClient, check_in: str
) -> None:
    page = await client.get(f"{check_in}/", headers={"Host": "elsewhere.example.org"})
    assert page.status_code == 404
    assert "location" not in page.headers
