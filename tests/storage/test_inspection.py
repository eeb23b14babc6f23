"""What a mentorship is told again where its workflow lost it."""

from datetime import timedelta

import asyncpg

from schemas.enums import Side
from schemas.mentorship.my_mentorship import CallRequest
from storage import inspection
from storage.call_requests import save_call_request
from storage.database import transaction
from tests.emails.stored import NOW, PAIR, store_pair


async def test_newest_request_for_a_call_of_each_side_is_told_again_without_its_words(pool: asyncpg.Pool) -> None:
    await store_pair(pool)
    for side, about, day in ((Side.MENTEE, "call", 1), (Side.MENTEE, "not_working", 2), (Side.MENTOR, "leaving", 3)):
        request = CallRequest(side=side, about=about, words="in private", received_at=NOW + timedelta(days=day))
        async with transaction(pool) as db:
            await save_call_request(db, PAIR, request)
    told = {answer.side: answer for answer in await inspection.newest_answers(pool, PAIR)}
    assert {side: (answer.revision, answer.call_requested) for side, answer in told.items()} == {
        Side.MENTEE: (2, True),
        Side.MENTOR: (1, True),
    }
    assert "private" not in "".join(answer.model_dump_json() for answer in told.values())
    later = NOW + timedelta(days=9)
    stored = await inspection.stored_mentorship(pool, PAIR, later, received_before=later)
    assert {response.answer for response in stored.responses} == set(told.values())
