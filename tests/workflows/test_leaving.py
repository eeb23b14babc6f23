"""Who leaves on their own page: staff hear of it at once, it is taken back for a week, and then the engine ends it."""

import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import date
from typing import Any

from schemas.enums import Outcome, Recipient, StaffReason
from schemas.ids import SWEEPER_SCHEDULE
from services.leavings import end_due
from tests.workflows.one_pair import OnePair
from tests.workflows.test_call_requests import OWN_PAGE, contents_of

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]


async def own_page(pair: OnePair, to: Recipient) -> str:
    """Return the address that every email to one side has."""
    environment = pair.environment
    await environment.pool.execute("update mentorship set started_at = now() where id = $1", pair.mentorship)
    key = next(row["key"] for row in await pair.emails() if row["recipient"] == to)
    [page] = set(OWN_PAGE.findall("".join(contents_of(environment.inbox.message(environment.settings, key)))))
    return str(page)


async def leave(pair: OnePair, page: str) -> None:
    left = await pair.environment.http.post(f"{page}/leave", data={"reason": "time", "act": "leave"})
    assert "You are leaving on" in left.text
    # The engine heard of it as of a wish to be called.
    assert StaffReason.CALL_REQUESTED in (await pair.progress_at()).concerns


@contextlib.asynccontextmanager
async def without_sweeper(pair: OnePair) -> AsyncIterator[None]:
    """Let only the test end what is due: the worker's sweeper goes by real time, years after the week is over."""
    schedule = pair.environment.client.get_schedule_handle(SWEEPER_SCHEDULE)
    await schedule.pause()
    try:
        yield
    finally:
        await schedule.unpause()


async def test_leaving_is_taken_back_and_the_second_time_ends_the_mentorship(one_pair: Begin) -> None:
    pair = await one_pair("leaves-by-page")
    async with without_sweeper(pair):
        await leave_twice(pair)


async def leave_twice(pair: OnePair) -> None:
    await pair.on(date(2019, 10, 1))
    page, services = await own_page(pair, Recipient.MENTEE), pair.environment.services
    told = len(await pair.email_lines())
    await leave(pair, page)
    assert [line.split()[2:] for line in (await pair.email_lines())[told:]] == [["*staff", "staff_note"]]
    await pair.on(date(2019, 10, 5))
    stays = await pair.environment.http.post(f"{page}/stay")
    assert "You stay. Nothing has changed." in stays.text
    await pair.on(date(2019, 10, 9))
    assert await end_due(services) == 0
    assert (await pair.progress_at()).outcome is None

    await leave(pair, page)
    await pair.on(date(2019, 10, 15))
    assert await end_due(services) == 0
    await pair.on(date(2019, 10, 16))
    assert await end_due(services) == 1
    assert (await pair.progress_at()).outcome is Outcome.MENTEE_WITHDREW
    farewells = [line.split()[:4] for line in await pair.email_lines() if "farewell" in line]
    assert [(day, to) for day, _, to, _ in farewells] == [("2019-10-16", "*mentee"), ("2019-10-16", "*mentor")]
    # The reason is for staff's report alone.
    for row in await pair.emails():
        if row["recipient"] == Recipient.MENTOR:
            message = pair.environment.inbox.message(pair.environment.settings, row["key"])
            assert "too little time" not in "".join(contents_of(message))
