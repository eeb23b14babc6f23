"""Applications imported on the staff pages: uploaded, read, corrected in place, and saved with one yes."""

import csv
import html
import io
import re
from typing import Any

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser, expect
from starlette.applications import Starlette

from tests.services.conftest import FakeTemporal
from tests.unit.applications.workbooks import workbook
from tests.web.browser import follow, open_browser_page, served
from tests.web.staff.conftest import CHAIR, COORDINATOR, Ask, SignIn
from tests.web.staff.pages import hidden
from tests.web.staff.steps import look, take

IMPORT = "/staff/classes/mile-2019/import"
OURS = b"""\
id,name,email,library,library_type,town,role,years
M21,Ada Lund,ada@example.org,Roseau Library,public,Roseau,Director,12
M22,Bo Berg,bo at example.org,Ely Library,public,Ely,Clerk,7

M24,Cy Dahl,cy@example.org,"Ely, ""N"" side",academic,Ely,=Clerk,many
"""
THEIRS = """\
Timestamp;Full name;E-mail;Name of your library;Type of library;City;Job title;Years of library experience;\
Can you be a mentor in this program?
1;Ada Lund;ada@example.org;Roseau Library;Public library;Roseau;Director;12;Yes
2;Dée Moe;dee@example.org;Ely Library;Something else;Ely;Clerk;7;Yes
3;Not Now;now@example.org;Ely Library;Public library;Ely;Clerk;7;No
""".encode("windows-1252")


@pytest.fixture
def temporal() -> FakeTemporal:
    return FakeTemporal()


@pytest.fixture
async def staff(client: httpx.AsyncClient, sign_in: SignIn) -> httpx.AsyncClient:
    """The coordinator's browser."""
    await sign_in(client, COORDINATOR)
    return client


async def upload(client: httpx.AsyncClient, content: bytes, name: str = "mentors.csv", **words: str) -> str:
    answer = await client.post(IMPORT, files={"mentor": (name, content)}, data=words)
    assert answer.status_code == 303, html.unescape(answer.text)
    return str(answer.headers["location"])


async def mentors(pool: asyncpg.Pool) -> dict[str, str]:
    rows = await pool.fetch("select email, answers ->> 'name' as name from application where side = 'mentor'")
    return {row["email"]: row["name"] for row in rows}


def inputs(page: httpx.Response) -> dict[str, str]:
    """Return what a page's form sends as it is: what stands in its fields, and what is chosen in its lists."""
    fields = dict(re.findall(r'<input [^>]*name="([^"]+)"[^>]* value="([^"]*)"', page.text))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page.text, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen[0] if chosen else re.findall(r'<option value="([^"]*)"', options)[0]
    return {name: html.unescape(value) for name, value in fields.items()}


def said_of(page: httpx.Response, name: str) -> str:
    """Return what describes a field that a page marks as wrong, as a screen reader reads it."""
    [field] = re.findall(rf'<(?:input|select) [^>]*name="{re.escape(name)}"[^>]*>', page.text)
    assert 'aria-invalid="true"' in field
    ids = re.findall(r'aria-describedby="([^"]+)"', field)[0].split()
    return " ".join(re.findall(rf'id="{re.escape(each)}">(.*?)</(?:p|div)>', page.text, re.DOTALL)[0] for each in ids)


async def test_bad_cells_are_corrected_in_place_and_all_rows_are_saved(
    staff: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    assert await upload(staff, OURS) == f"{IMPORT}/rows"
    page = await staff.get(f"{IMPORT}/rows")
    assert "<dt>Added</dt><dd>1</dd>" in page.text
    assert inputs(page) == {"mentor.3.2": "bo at example.org", "mentor.5.7": "many"}
    assert "mentors.csv, row 5" in page.text
    assert "<title>Please correct: The rows" in page.text
    for cell, problem in (("mentor.3.2", "is not an email address"), ("mentor.5.7", "years: ")):
        assert problem in said_of(page, cell)
    refused = await staff.post(f"{IMPORT}/save", data={})
    assert (refused.status_code, "2 rows cannot be used." in refused.text) == (409, True)
    await staff.post(f"{IMPORT}/rows", data={"mentor.3.2": "bo@example.org", "mentor.5.7": "many"})
    assert inputs(await staff.get(f"{IMPORT}/rows")) == {"mentor.5.7": "many"}
    await staff.post(f"{IMPORT}/rows", data={"mentor.5.7": "=9", "mentor.99.1": "x", "mentor.2.99": "x"})
    assert inputs(await staff.get(f"{IMPORT}/rows")) == {"mentor.5.7": "=9"}
    await staff.post(f"{IMPORT}/rows", data={"mentor.5.7": "9"})
    shown = await look(staff, f"{IMPORT}/save", {})
    assert "Would be added: Ada Lund, Bo Berg, Cy Dahl." in shown.text
    assert len(await mentors(pool)) == 1
    done = await take(staff, f"{IMPORT}/save", {}, note="from the spring form")
    assert "3 added, 0 changed, 0 unchanged." in done.text
    stored = await mentors(pool)
    assert (stored["bo@example.org"], stored["cy@example.org"]) == ("Bo Berg", "Cy Dahl")
    # Corrected three times, and what a spreadsheet would calculate is still as it was written.
    odd = "select answers ->> 'library' || ' ' || (answers ->> 'role') from application where email = 'cy@example.org'"
    assert await pool.fetchval(odd) == 'Ely, "N" side =Clerk'
    event = await pool.fetchrow("select actor, details from audit_event where action = 'imported'")
    assert event
    assert event["actor"] == f"staff:{COORDINATOR}"
    assert "from the spring form" in event["details"]
    assert await pool.fetchval("select count(*) from staff_upload") == 0


async def test_lines_of_a_cell_stay_apart_when_another_cell_is_corrected(
    staff: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    header = b"id,name,email,library,library_type,town,role,years,about\n"
    long = "First line\n\n" + "a" * 2000
    await upload(staff, header + f'M21,Ada Lund,ada@example.org,L,public,Ely,Clerk,many,"{long}"\n'.encode())
    page = await staff.get(f"{IMPORT}/rows")
    [shown] = re.findall(r'<textarea [^>]*name="mentor.2.8"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL)
    assert html.unescape(shown) == long
    # As a browser sends it.
    sent = html.unescape(shown).replace("\n", "\r\n")
    await staff.post(f"{IMPORT}/rows", data={"mentor.2.7": "9", "mentor.2.8": sent})
    await staff.post(f"{IMPORT}/rows", data={"mentor.2.8": sent[:-100]})
    await take(staff, f"{IMPORT}/save", {})
    assert await pool.fetchval("select answers ->> 'about' from application where person_id = 'M21'") == long[:-100]


async def test_bad_rows_are_downloaded_with_reasons_and_left_out(staff: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    await upload(staff, OURS)
    file = await staff.get(f"{IMPORT}/bad-rows/mentor")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == ["M22", "M24"]
    assert "is not an email address" in rows[0]["why"]
    await take(staff, f"{IMPORT}/save", {"skip": "yes"})
    assert set(await mentors(pool)) == {"m@example.org", "ada@example.org"}


async def test_another_form_is_read_by_what_is_chosen_in_drop_downs(
    staff: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    assert await upload(staff, THEIRS, encoding="windows-1252") == f"{IMPORT}/mapping"
    early = (await staff.get(f"{IMPORT}/rows")).text
    assert "<title>Please correct: The rows" in early
    assert '<div class="summary" role="alert" tabindex="-1" autofocus aria-labelledby="summary-title">' in early
    page = await staff.get(f"{IMPORT}/mapping")
    typed = inputs(page)
    assert typed["mentor.columns.name"] == "Full name"
    assert typed["mentor.columns.email"] == "E-mail"
    assert typed["mentor.columns.town"] == "City"
    word = next(name for name, words in typed.items() if name.startswith("mentor.words.") and words == "?")
    assert "“Something else”" in page.text
    # A needed column that is taken away, and a word that is not decided, are asked for again.
    again = await staff.post(f"{IMPORT}/mapping", data=typed)
    assert again.status_code == 422
    undecided = next(name for name, words in inputs(again).items() if name.startswith("mentor.words.") and words == "?")
    assert "Choose what it means." in said_of(again, undecided)
    done = await staff.post(f"{IMPORT}/mapping", data=inputs(again) | {word: "special"})
    for _ in range(2):
        if done.status_code == 422:
            left = inputs(done)
            done = await staff.post(
                f"{IMPORT}/mapping", data={name: "special" if words == "?" else words for name, words in left.items()}
            )
    assert done.headers["location"] == f"{IMPORT}/rows"
    rows = await staff.get(f"{IMPORT}/rows")
    assert "<dt>Added</dt><dd>2</dd>" in rows.text
    await take(staff, f"{IMPORT}/save", {})
    assert (await mentors(pool))["dee@example.org"] == "Dée Moe"
    assert "now@example.org" not in await mentors(pool)
    kind = "select answers ->> 'library_type' from application where email = 'dee@example.org'"
    assert await pool.fetchval(kind) == "special"
    # The next file of this form needs no choosing.
    assert await upload(staff, THEIRS, encoding="windows-1252") == f"{IMPORT}/rows"


async def test_file_whose_headings_are_not_all_chosen_is_not_left_out(
    staff: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    mentees = b"id,name,email,library,library_type,town,role\nP31,Ed,ed@example.org,L,public,Ely,C\n"
    both: Any = {"mentor": ("m.csv", THEIRS.replace(b"Type of library", b"Remarks")), "mentee": ("p.csv", mentees)}
    await staff.post(IMPORT, files=both, data={"encoding": "windows-1252"})
    typed = inputs(await staff.get(f"{IMPORT}/mapping"))
    assert typed["mentor.columns.library_type"] == "?"
    assert (await staff.post(f"{IMPORT}/mapping", data=typed)).status_code == 422
    # The page of the files leads on to the rows.
    rows = await staff.get(f"{IMPORT}/rows")
    assert "m.csv, column library_type: is still open; choose the heading that has it" in rows.text
    assert (await staff.post(f"{IMPORT}/save", data={})).status_code == 409
    assert await pool.fetchval("select count(*) from application where person_id = 'P31'") == 0


async def test_reading_of_one_sides_form_stays_when_the_other_side_is_imported(staff: httpx.AsyncClient) -> None:
    mentees = b"When;Full name;E-mail;Name of your library;Type of library;City;Job title;Goal 1\n" + (
        b"1;Ed Moe;ed@example.org;Roseau Library;Public library;Roseau;Clerk;Lead\n"
    )
    mentors = THEIRS.replace(b"Something else", b"Public library")
    both: Any = {"mentor": ("m.csv", mentors), "mentee": ("p.csv", mentees)}
    words = {"encoding": "windows-1252"}
    assert (await staff.post(IMPORT, files=both, data=words)).headers["location"] == f"{IMPORT}/mapping"
    await staff.post(f"{IMPORT}/mapping", data=inputs(await staff.get(f"{IMPORT}/mapping")))
    await take(staff, f"{IMPORT}/save", {})
    more = mentors.replace(b"ada@example.org", b"other@example.org")
    assert await upload(staff, more, **words) == f"{IMPORT}/rows"
    await take(staff, f"{IMPORT}/save", {})
    # The next file of the mentees' form needs no choosing.
    answer = await staff.post(IMPORT, files={"mentee": ("p.csv", mentees)})
    assert answer.headers["location"] == f"{IMPORT}/rows"


async def test_file_of_one_person_is_no_one_elses_and_stays_a_day(
    staff: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await upload(staff, OURS)
    assert "mentors.csv waits here" in re.sub(r"\s+", " ", (await staff.get(IMPORT)).text).replace("Mentors: ", "")
    await pool.execute("delete from link_request")
    await sign_in(staff, CHAIR)
    assert "waits here" not in (await staff.get(IMPORT)).text
    assert (await staff.get(f"{IMPORT}/rows")).status_code == 409
    await pool.execute("delete from link_request")
    await sign_in(staff, COORDINATOR)
    assert (await staff.get(f"{IMPORT}/rows")).status_code == 200
    await pool.execute("update staff_upload set uploaded_at = uploaded_at - interval '25 hours'")
    assert (await staff.get(f"{IMPORT}/rows")).status_code == 409
    await upload(staff, OURS, "again.csv")
    assert [row["file_name"] for row in await pool.fetch("select file_name from staff_upload")] == ["again.csv"]
    await staff.post(f"{IMPORT}/give-up")
    assert await pool.fetchval("select count(*) from staff_upload") == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Please choose a file."),
        (b"id,name\n", "has a header but no rows"),
        (b"PK\x03\x04 no workbook", "is a workbook that cannot be opened"),
    ],
    ids=["none", "no rows", "no workbook"],
)
async def test_file_that_cannot_be_read_is_refused_and_the_one_before_stays(
    staff: httpx.AsyncClient, pool: asyncpg.Pool, content: bytes, said: str
) -> None:
    await upload(staff, OURS, "before.csv")
    answer = await staff.post(IMPORT, files={"mentor": ("new.csv", content)})
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert [row["file_name"] for row in await pool.fetch("select file_name from staff_upload")] == ["before.csv"]


async def test_two_files_may_name_each_others_people(staff: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    mentees = (
        b"id,name,email,library,library_type,town,role,goal_1,ranks\nP31,Ed,ed@example.org,L,public,Ely,C,Lead,M21\n"
    )
    both: Any = {"mentor": ("mentors.csv", OURS), "mentee": ("participants.csv", mentees)}
    assert (await staff.post(IMPORT, files=both)).status_code == 303
    await take(staff, f"{IMPORT}/save", {"skip": "yes"})
    ranks = "select answers ->> 'ranks' from application where email = 'ed@example.org'"
    assert await pool.fetchval(ranks) == '["M21"]'


async def test_import_sent_twice_says_the_same_as_once(staff: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    await upload(staff, OURS)
    page = await look(staff, f"{IMPORT}/save", {"skip": "yes"})
    fields = hidden(page) | {"step-action": "confirm", "note": ""}
    answers = [await staff.post(f"{IMPORT}/save", data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "1 added, 0 changed, 0 unchanged." in (await staff.get(answers[1].headers["location"])).text
    assert await pool.fetchval("select count(*) from audit_event where action = 'imported'") == 1


async def test_workbook_is_read_and_its_cells_are_corrected(staff: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    rows = [line.split(",") for line in OURS.decode().splitlines()[:3]]
    await upload(staff, workbook({"Mentors": rows}), "mentors.xlsx")
    assert inputs(await staff.get(f"{IMPORT}/rows")) == {"mentor.3.2": "bo at example.org"}
    await staff.post(f"{IMPORT}/rows", data={"mentor.3.2": "bo@example.org"})
    await take(staff, f"{IMPORT}/save", {})
    assert set(await mentors(pool)) == {"m@example.org", "ada@example.org", "bo@example.org"}


async def test_torn_upload_is_refused(staff: httpx.AsyncClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    torn = await staff.post(IMPORT, content=b'--x\r\nContent-Disposition: form-data; name="mentor', headers=headers)
    assert torn.status_code in {409, 422}


@pytest.mark.browser
async def test_file_is_imported_by_keyboard(
    browser: Browser, app: Starlette, client: httpx.AsyncClient, ask_for_link: Ask
) -> None:
    link = await ask_for_link(client, COORDINATOR)
    content = THEIRS.decode("windows-1252").replace("Something else", "Public library").replace(";12;", ";a lot;")
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(f"{link}")
        await follow(page.get_by_role("button", name="Sign in"))
        await page.goto(IMPORT)
        file = {"name": "form.csv", "mimeType": "text/csv", "buffer": content.encode()}
        await page.get_by_label("Mentors").set_input_files(file)  # type: ignore[arg-type]
        await page.get_by_role("button", name="Upload").focus()
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        word = page.get_by_label("Years in libraries: “a lot”")
        await expect(word).to_have_accessible_description(re.compile("A number. Leave it empty for no answer."))
        await word.fill("12")
        async with page.expect_navigation():
            await word.press("Enter")
        assert page.url == f"{site}{IMPORT}/rows"
