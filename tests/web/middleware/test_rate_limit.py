"""People are never held up; a machine that hurries is, for one link and for one address."""

from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.async_api import Browser, expect

from schemas.enums import MilestoneKind, Side
from tests.web.browser import follow, open_browser_page, served
from web.app import create_app
from web.middleware import rate_limit
from web.middleware.rate_limit import RateLimit, RateLimits

if TYPE_CHECKING:
    from tests.web.conftest import RecordingService


class Watch:
    """A clock that goes when it is told to."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_a_burst_is_allowed_and_then_so_many_a_second(watch: Watch) -> None:
    limit = RateLimit(3, 0.5, watch)
    assert [limit.allow("one") for _ in range(4)] == [True, True, True, False]
    assert limit.allow("another")
    watch.seconds = 2.0
    assert [limit.allow("one") for _ in range(2)] == [True, False]
    watch.seconds = 1000.0
    assert [limit.allow("one") for _ in range(4)] == [True, True, True, False]


def test_only_so_many_are_remembered_and_the_hurried_longest(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MAX_KEYS", 3)
    limit = RateLimit(2, 0.0, watch)
    for key in ("old", "busy", "x", "busy", "y"):
        assert limit.allow(key)
    assert not limit.allow("busy")
    assert [limit.allow("old"), limit.allow("old"), limit.allow("old")] == [True, True, False]


async def test_a_hurried_link_waits_and_its_partners_does_not(service: "RecordingService", watch: Watch) -> None:
    links = [service.link(MilestoneKind.CHECK_IN, side) for side in Side]
    async with _client(service, RateLimits(link=RateLimit(2, 0.5, watch))) as client:
        for path in (links[0], f"{links[0]}/thanks"):
            assert (await client.get(path)).status_code in {200, 303}
        limited = await client.post(links[0], data={"status": "met"})
        assert limited.status_code == 429
        assert limited.headers["retry-after"] == "60"
        assert limited.headers["referrer-policy"] == "no-referrer"
        assert "Please wait a moment" in limited.text
        assert service.saved == []
        assert (await client.get(links[1])).status_code == 200
        watch.seconds = 2.0
        assert (await client.post(links[0], data={"status": "met"})).status_code == 303


@pytest.mark.browser
async def test_browser_sends_again_what_came_too_soon_when_its_page_is_reloaded(
    service: "RecordingService", watch: Watch, browser: Browser
) -> None:
    link, limits = service.link(MilestoneKind.CHECK_IN), RateLimits(link=RateLimit(1, 0.5, watch))
    app = create_app(service, limits=limits)
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(link)
        await page.get_by_label("We have met").check()
        await page.get_by_label("What do you want to remember").fill("Bring the draft")
        await follow(page.get_by_role("button"))
        await expect(page.get_by_text("then reload this page")).to_be_visible()
        assert service.saved == []
        watch.seconds = 2.0
        await page.reload()
    assert [response.answers["note_to_self"] for response in service.saved] == ["Bring the draft"]


@pytest.mark.parametrize("kind", ["r", "a", "m", "u"])
async def test_a_link_of_each_kind_has_its_own_limit(service: "RecordingService", watch: Watch, kind: str) -> None:
    async with _client(service, RateLimits(link=RateLimit(1, 0.0, watch))) as client:
        looks = [(await client.get(f"/{kind}/{letter * 26}")).status_code for letter in "aba"]
    assert looks == [404, 404, 429]


async def test_an_address_that_guesses_links_is_stopped(service: "RecordingService", watch: Watch) -> None:
    async with _client(service, RateLimits(address=RateLimit(5, 1.0, watch))) as client:
        guesses = [(await client.get(f"/r/{letter * 26}")).status_code for letter in "abcdefg"]
    assert guesses == [404] * 5 + [429] * 2


async def test_a_class_that_answers_at_once_from_one_network_is_not_held_up(
    service: "RecordingService",
) -> None:
    links = [service.link(MilestoneKind.CHECK_IN) for _ in range(50)]
    async with _client(service, RateLimits()) as client:
        for link in links:
            assert (await client.get(link)).status_code == 200
            assert (await client.post(link, data={"status": "met"}, follow_redirects=True)).status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("2001:db8:0:7::1", "2001:db8:0:7:a:b:c:d", True),
        ("2001:db8:0:7::1", "2001:db8:0:8::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("a socket", "another", False),
    ],
)
async def test_an_ipv6_network_is_one_address(
    *, service: "RecordingService", watch: Watch, one: str, other: str, together: bool
) -> None:
    limits = RateLimits(address=RateLimit(1, 0.0, watch))
    async with _client(service, limits, one) as first, _client(service, limits, other) as second:
        assert (await first.get("/")).status_code == 200
        assert (await second.get("/")).status_code == (429 if together else 200)


@pytest.mark.parametrize(
    ("other", "together"), [("2001:db8:1:ffff::1", True), ("2001:db8:2:7::1", False), ("192.0.2.1", False)]
)
async def test_networks_of_an_ipv6_site_share_a_higher_limit(
    *, service: "RecordingService", watch: Watch, other: str, together: bool
) -> None:
    limits = RateLimits(address=RateLimit(1, 0.0, watch), site=RateLimit(3, 0.0, watch))
    for network in range(3):
        async with _client(service, limits, f"2001:db8:1:{network}::1") as client:
            assert [(await client.get("/")).status_code for _ in range(5)] == [200, 429, 429, 429, 429]
    async with _client(service, limits, other) as client:
        assert (await client.get("/")).status_code == (429 if together else 200)


async def test_emails_of_an_ipv6_site_have_a_limit_of_their_own(service: "RecordingService", watch: Watch) -> None:
    limits = RateLimits(site_emails=RateLimit(2, 0.0, watch))
    answers = []
    for network in range(3):
        async with _client(service, limits, f"2001:db8:1:{network}::1") as client:
            answers.append((await client.post("/apply/mile-2019", data={"email": "x@example.org"})).status_code)
            assert (await client.get("/")).status_code == 200
    assert answers == [404, 404, 429]


def _client(service: "RecordingService", limits: RateLimits, address: str = "127.0.0.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=create_app(service, limits=limits), client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://mile.example.org")
