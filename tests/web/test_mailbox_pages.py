"""The local stack's mailbox: every caught email with its parts, and never taken for the real thing."""

import html
import mailbox
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

Catch = Callable[..., str]
LABEL = "Local mailbox: nothing here was really sent"


@pytest.fixture
def client(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Ask as people do who run the local stack."""
    client.base_url = httpx.URL("http://127.0.0.1:8400")
    return client


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def test_before_the_first_email_the_list_is_empty(client: httpx.AsyncClient, maildir: Path) -> None:
    page = await client.get("/mailbox")
    assert "There are no emails yet." in page.text
    assert files_in(maildir) == []


async def test_list_shows_every_email_newest_first(client: httpx.AsyncClient, catch: Catch) -> None:
    catch(subject="The first", hour=9)
    catch(subject="The third", hour=11, to="ole@example.org")
    catch(subject="The second", hour=10)
    page = await client.get("/mailbox")
    assert re.findall(r">(The \w+)</a>", page.text) == ["The third", "The second", "The first"]
    assert "3 of 3 emails" in page.text
    assert "July 22, 2019, 9:00 AM UTC" in page.text
    assert LABEL in page.text


async def test_list_can_show_one_recipient_without_an_address_in_the_url(
    client: httpx.AsyncClient, catch: Catch
) -> None:
    catch(subject="To Ada")
    catch(subject="To Ole", to="ole@example.org")
    everybody = await client.get("/mailbox")
    (chosen,) = re.findall(r'<option value="(\w+)">Ada Berg &lt;ole@', everybody.text)
    page = await client.get("/mailbox", params={"to": chosen})
    assert ">To Ole</a>" in page.text
    assert ">To Ada</a>" not in page.text
    assert "1 of 2 emails" in page.text
    assert "There is no email to this recipient." in (await client.get("/mailbox", params={"to": "nobody"})).text


async def test_one_email_is_shown_with_all_its_parts(client: httpx.AsyncClient, catch: Catch) -> None:
    key = catch(
        text="Plain words: https://mile.example.org/r/abc\n",
        html="<html><head></head><body><h1>Styled</h1></body></html>",
    )
    page = await client.get(f"/mailbox/{key}")
    assert LABEL in page.text
    assert '<a href="https://mile.example.org/r/abc"' in page.text
    assert "Auto-Submitted" in page.text
    assert "Content-Transfer-Encoding: quoted-printable" in page.text
    (framed,) = re.findall(r'<iframe[^>]* srcdoc="([^"]*)"', page.text)
    assert "<h1>Styled</h1>" in html.unescape(framed)
    assert "<base target=" in html.unescape(framed)


async def test_email_in_the_frame_can_run_nothing(client: httpx.AsyncClient, catch: Catch) -> None:
    evil = '"></iframe><script>alert(1)</script>'
    page = await client.get(f"/mailbox/{catch(subject=evil, text=evil, html=evil)}")
    assert "<script" not in page.text
    (sandbox,) = re.findall(r'<iframe[^>]* sandbox="([^"]*)"', page.text)
    assert "allow-scripts" not in sandbox
    assert "allow-same-origin" not in sandbox
    assert "script-src 'none'" in page.headers["content-security-policy"]


async def test_looking_moves_no_email(client: httpx.AsyncClient, catch: Catch, maildir: Path) -> None:
    key = catch()
    before = files_in(maildir)
    await client.get("/mailbox")
    await client.get(f"/mailbox/{key}")
    assert files_in(maildir) == before


@pytest.mark.parametrize(
    "name", ["elsewhere.example.org", "127.0.0.1.example.org", "localhost.example.org", "2130706433"]
)
async def test_mailbox_does_not_answer_to_a_name_that_a_website_may_have_made_up(
    client: httpx.AsyncClient, catch: Catch, name: str
) -> None:
    for path in ("/mailbox", f"/mailbox/{catch(subject='To Ada')}"):
        page = await client.get(path, headers={"Host": f"{name}:8400"})
        assert page.status_code == 404
        assert "To Ada" not in page.text


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
async def test_mailbox_answers_to_this_machine(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get("/mailbox", headers={"Host": f"{name}:8400"})).status_code == 200


async def test_unknown_emails_and_paths_outside_are_not_found(client: httpx.AsyncClient, catch: Catch) -> None:
    catch()
    for key in ("nothing", "..%2F..%2Fetc%2Fpasswd", "%2e%2e"):
        assert (await client.get(f"/mailbox/{key}")).status_code == 404


async def test_odd_message_is_shown_as_far_as_it_can_be(client: httpx.AsyncClient, maildir: Path) -> None:
    key = mailbox.Maildir(maildir).add(b"Date: yesterday\n\n\xff\xfe only bytes")
    assert "(no subject)" in (await client.get("/mailbox")).text
    assert "only bytes" in (await client.get(f"/mailbox/{key}")).text
