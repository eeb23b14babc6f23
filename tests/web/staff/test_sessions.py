"""The sessions of somebody who is signed in: their own and nobody else's, each ended by itself."""

import re

import asyncpg
import httpx
from starlette.applications import Starlette

from tests.web.staff.conftest import CHAIR, OTHER_CHAIR, SITE, SignIn


async def test_one_of_several_sessions_is_ended_from_another_device(
    app: Starlette, client: httpx.AsyncClient, pool: asyncpg.Pool, sign_in: SignIn
) -> None:
    transport = httpx.ASGITransport(app=app)
    async with (
        httpx.AsyncClient(transport=transport, base_url=SITE, headers={"origin": SITE}) as phone,
        httpx.AsyncClient(transport=transport, base_url=SITE, headers={"origin": SITE}) as stranger,
    ):
        await sign_in(phone, CHAIR)
        await sign_in(stranger, OTHER_CHAIR)
        await pool.execute("delete from link_request")
        await sign_in(client, CHAIR)
        page = (await client.get("/staff/sessions")).text
        assert (page.count("This device"), page.count("Another device")) == (1, 1)
        (number,) = re.findall(r'name="session" value="(\d+)"', page)
        others = await pool.fetchval("select id from staff_session where email = $1", OTHER_CHAIR)
        for wrong in (str(others), "x", "9" * 30):
            await client.post("/staff/sessions", data={"session": wrong})
        assert [(await one.get("/staff")).status_code for one in (client, phone, stranger)] == [200, 200, 200]
        await client.post("/staff/sessions", data={"session": number})
        assert [(await one.get("/staff")).status_code for one in (client, phone, stranger)] == [200, 303, 200]
