"""A wish to be called reaches staff at once, and leaves no trace in anything the partner can see (A34).

The same mentorship is simulated twice, once with the wish and once without: every email the partner gets and every page
behind its links must be the same, word for word.
"""

import re
from collections.abc import Callable, Coroutine
from datetime import date
from email.message import EmailMessage
from typing import Any

from schemas.enums import Recipient, Side
from tests.workflows.one_pair import OnePair

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]
LINK = re.compile(r"https?://[^\s\"<]+/r/[a-z2-7]{26}")
# Their own page, and where they choose topics or pause reminders: a token of their own in each class.
OWN_TOKEN = re.compile(r"/([um])/[a-z2-7]{26}")
OWN_PAGE = re.compile(r"https?://[^\s\"<]+/m/[a-z2-7]{26}/[\w-]+")
ASKED = (date(2019, 5, 24), date(2019, 7, 23), date(2019, 10, 22))


async def partners_view(begin: Begin, cohort: str, call: dict[str, str]) -> list[str]:
    """Live half a year in which the mentee answers thrice, with or without the wish; return all the mentor can see."""
    pair = await begin(cohort)
    contacted, first, second = ASKED
    await pair.on(contacted)
    await pair.agree(Side.MENTEE, **call)
    await pair.on(first)
    await pair.answer(Side.MENTEE, "check_in-1", status="not_yet", **call)
    await pair.on(second)
    await pair.answer(Side.MENTEE, "check_in-2", status="planned", **call)
    await pair.on(date(2019, 11, 20), answering=(Side.MENTOR,))
    return [text.replace(cohort, "COHORT") for text in await everything_for(pair, Recipient.MENTOR)]


async def everything_for(pair: OnePair, to: Recipient) -> list[str]:
    seen = []
    arrived = {str(message["Message-ID"]): message for message in pair.environment.inbox.messages}
    for row in await pair.emails():
        if row["recipient"] == to:
            message = arrived[row["message_id"]]
            text = words_of(message)
            own_pages = OWN_PAGE.findall("".join(contents_of(message)))
            seen += [f"{row['due_at']} {message['Subject']}", LINK.sub("LINK", text)]
            seen += [LINK.sub("LINK", await page(pair, link)) for link in LINK.findall(text)]
    # Every email leads to the same one.
    await pair.environment.pool.execute("update mentorship set started_at = now() where id = $1", pair.mentorship)
    own = await page(pair, own_pages[0])
    assert "What waits for you" in own
    return [*seen, own]


def words_of(message: EmailMessage) -> str:
    return OWN_TOKEN.sub(r"/\1/TOKEN", "".join(contents_of(message)))


def contents_of(message: EmailMessage) -> list[str]:
    parts = (part for part in message.walk() if isinstance(part, EmailMessage) and not part.is_multipart())
    return [str(part.get_content()) for part in parts]


async def page(pair: OnePair, link: str) -> str:
    shown = await pair.environment.http.get(link)
    text = OWN_TOKEN.sub(r"/\1/TOKEN", re.sub(r"/r/[a-z2-7]{26}", "/r/TOKEN", shown.text))
    return f"{shown.status_code} {text}"


async def staff_were_told(pair: OnePair) -> list[str]:
    return [row["key"].split("/")[2] for row in await pair.emails() if row["recipient"] == Recipient.STAFF]


async def test_a34_the_partner_cannot_tell_whether_a_call_was_asked_for(one_pair: Begin) -> None:
    with_wish = await partners_view(one_pair, "call-wished", {"call_requested": "yes"})
    without = await partners_view(one_pair, "call-unsaid", {})
    assert len(with_wish) > 40
    assert with_wish == without


async def test_a34_staff_hear_of_each_wish_at_once_and_nobody_else_does(one_pair: Begin) -> None:
    pair = await one_pair("call-told")
    await pair.on(date(2019, 7, 23))
    await pair.answer(Side.MENTEE, "check_in-1", status="met", call_requested="yes")
    where = await pair.progress_at()
    assert where.concerns == ("call_requested", "no_agreement")
    told = [row for row in await pair.emails() if row["recipient"] == Recipient.STAFF]
    asked_at = pair.environment.clock.now(pair.mentorship)
    assert [(row["due_at"], row["automatic"], row["state"]) for row in told] == [(asked_at, False, "sent")]
    await pair.handle.execute_update("resolve_concerns")
    assert (await pair.progress_at()).concerns == ("no_agreement",)
    await pair.on(date(2019, 10, 22))
    await pair.answer(Side.MENTEE, "check_in-2", status="met", call_requested="yes")
    await pair.progress_at()
    assert len(await staff_were_told(pair)) == 2
