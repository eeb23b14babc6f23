"""What guards the pages: private headers, forms of our own only, a limit to size, and a log without secrets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import structlog
from starlette.applications import Starlette

from schemas.cohort.settings import Program, ProgramContact
from web.app import create_app
from web.middleware.protection import MAX_BODY_BYTES, MAX_READ_BYTES

if TYPE_CHECKING:
    from tests.web.conftest import RecordingService

MET = {"status": "met"}
PRIVATE = {
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


async def test_every_page_carries_the_private_headers(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    pages = [
        await client.get(path) for path in ("/", check_in, "/readyz", "/r/x", "/nothing", "http://127.0.0.1/mailbox")
    ]
    pages += [await client.post(check_in, data=data) for data in ({}, MET)]
    pages += [await client.put(check_in), await client.post(check_in, content=b"x" * (MAX_BODY_BYTES + 1))]
    service.fault = ValueError("the database said: a secret")
    pages.append(await client.get(check_in))
    for page in pages:
        assert PRIVATE.items() <= dict(page.headers).items()
        assert "noindex" in page.headers["x-robots-tag"]
        policy = page.headers["content-security-policy"]
        for rule in ("default-src 'none'", "script-src 'none'", "form-action 'self'", "frame-ancestors 'none'"):
            assert rule in policy
    assert {page.status_code for page in pages} == {200, 303, 404, 405, 413, 422, 500}


async def test_no_page_holds_a_script_or_asks_another_host(client: httpx.AsyncClient, check_in: str) -> None:
    for path in ("/", check_in, "http://127.0.0.1/mailbox"):
        page = await client.get(path)
        assert page.status_code == 200, path
        assert "<script" not in page.text
        assert " on" + "click" not in page.text
        assert "src=" not in page.text
        assert "style=" not in page.text


async def test_browsers_remember_https(client: httpx.AsyncClient) -> None:
    assert "max-age" in (await client.get("https://mile.example.org/")).headers["strict-transport-security"]
    assert "strict-transport-security" not in (await client.get("http://mile.example.org/")).headers


async def test_stylesheet_may_be_kept_and_is_asked_for_only_once(client: httpx.AsyncClient) -> None:
    home = await client.get("/")
    address = home.text.partition('href="/static')[2].partition('"')[0]
    sheet = await client.get(f"/static{address}")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "max-age=31536000" in sheet.headers["cache-control"]
    again = await client.get(f"/static{address}", headers={"If-None-Match": sheet.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://mile.example.org"},
        {"Origin": "https://elsewhere.example.org"},
        {"Origin": "https://mile.example.org.elsewhere.example.org"},
        {"Origin": "nonsense"},
    ],
)
async def test_forms_of_other_sites_are_refused(
    client: httpx.AsyncClient, service: RecordingService, check_in: str, headers: dict[str, str]
) -> None:
    page = await client.post(check_in, data=MET, headers=headers)
    assert page.status_code == 403
    assert "Another website tried to send this form" in page.text
    assert service.saved == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "https://mile.example.org"},
        {"Origin": "null"},
    ],
)
async def test_forms_of_our_own_are_taken(
    client: httpx.AsyncClient, service: RecordingService, check_in: str, headers: dict[str, str]
) -> None:
    assert (await client.post(check_in, data=MET, headers=headers)).status_code == 303
    assert len(service.saved) == 1


async def test_links_may_be_followed_from_anywhere(client: httpx.AsyncClient, check_in: str) -> None:
    assert (await client.get(check_in, headers={"Sec-Fetch-Site": "cross-site"})).status_code == 200


async def test_form_of_256_kilobytes_is_read_and_a_larger_one_is_not(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    prefix = b"status=met&note_to_self="
    fits = await client.post(check_in, content=prefix + b"x" * (MAX_BODY_BYTES - len(prefix)), headers=FORM)
    assert fits.status_code == 422
    page = await client.post(check_in, content=prefix + b"x" * MAX_BODY_BYTES, headers=FORM)
    assert page.status_code == 413
    assert "We could not save what you sent, because it is too long." in page.text
    assert service.saved == []


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_endless_body_without_a_length_is_cut_off(client: httpx.AsyncClient, check_in: str) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b"x" * 65_536

    page = await client.post(check_in, content=endless(), headers=FORM)
    assert page.status_code == 413
    assert sent <= MAX_READ_BYTES + 2 * 65_536


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"%ff%fe=%00&status=%c3%28", "application/x-www-form-urlencoded"),
        (b"&&&==%", "application/x-www-form-urlencoded"),
        (b'{"status": "met"}', "application/json"),
        (b"--x\r\nnothing", "multipart/form-data; boundary=x"),
        (b"nothing", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"a=1&" * 2000, "application/x-www-form-urlencoded"),
    ],
)
async def test_broken_forms_get_a_page_and_save_nothing(
    client: httpx.AsyncClient, service: RecordingService, check_in: str, content: bytes, content_type: str
) -> None:
    page = await client.post(check_in, content=content, headers={"Content-Type": content_type})
    assert page.status_code in {400, 413, 422}
    assert page.text.startswith("<!DOCTYPE html>")
    assert service.saved == []


async def test_log_names_the_route_and_never_the_token(client: httpx.AsyncClient, check_in: str) -> None:
    with structlog.testing.capture_logs() as noted:
        await client.get(check_in)
        await client.post(check_in, data=MET)
        await client.get(f"{check_in}/thanks")
        await client.get("/nothing")
    events: list[Any] = [(line["event"], line["route"], line["status"]) for line in noted]
    assert events == [
        ("page_served", "response", 200),
        ("page_served", "response_sent", 303),
        ("page_served", "response_thanks", 200),
        ("page_served", "none", 404),
    ]
    assert check_in.removeprefix("/r/") not in str(noted)


async def test_fault_is_answered_with_a_page_and_noted(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    service.fault = ValueError("the database said: a secret")
    with structlog.testing.capture_logs() as noted:
        page = await client.get(check_in)
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.text
    assert "database" not in page.text
    assert [line["event"] for line in noted] == ["page_failed", "page_served"]
    assert noted[1]["status"] == 500
    assert "open" in noted[0]["place"]
    assert "database" not in str(noted)


async def test_pages_are_ready_without_temporal_and_not_without_postgresql(
    client: httpx.AsyncClient, service: RecordingService
) -> None:
    well = await client.get("/readyz")
    assert (well.status_code, well.json()) == (200, {"ready": True, "checks": {"postgresql": True, "temporal": True}})
    service.checks = {"postgresql": True, "temporal": False}
    without_temporal = await client.get("/readyz")
    assert (without_temporal.status_code, without_temporal.json()) == (200, {"ready": True, "checks": service.checks})
    service.checks = {"postgresql": False, "temporal": True}
    ill = await client.get("/readyz")
    assert (ill.status_code, ill.json()["ready"]) == (503, False)


async def test_home_names_nobody_and_says_whom_to_ask(service: RecordingService, check_in: str) -> None:
    assert check_in
    app = create_app(
        service,
        program=Program(short_name="LEAD"),
        contact=ProgramContact(role="Mentorship Subcommittee", email="sub@example.org"),
    )
    async with _client(app) as client:
        home = (await client.get("/")).text
        lost = (await client.get("/r/lost")).text
    assert "Solveig" not in home
    assert "LEAD" in home
    for page in (home, lost):
        assert "Mentorship Subcommittee" in page
        assert "sub@example.org" in page


async def test_without_a_local_stack_there_is_no_mailbox(service: RecordingService) -> None:
    async with _client(create_app(service)) as client:
        assert (await client.get("/mailbox")).status_code == 404
        assert "mailbox" not in (await client.get("/")).text


def _client(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://mile.example.org")


async def test_form_of_empty_fields_is_refused_before_it_is_read(client: httpx.AsyncClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    # Nobody has signed in; a form of our own is as small where files may be uploaded.
    for path, size in ((f"/r/{'a' * 26}", 512_000), ("/staff/classes/mile-2019/import", 4_000_000)):
        response = await client.post(path, content=b"&" * size, headers=form | {"Sec-Fetch-Site": "same-origin"})
        assert response.status_code == 413
