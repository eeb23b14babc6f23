"""A message of staff to one person names the newest of their mentorships."""

from datetime import UTC, datetime

import asyncpg

from schemas.emails.staff_messages import Audience, MessageWords
from schemas.enums import Side
from storage import staff_messages

WORDS = MessageWords(subject="A webinar", body="It begins at noon.", audience=Audience(side=Side.MENTOR))


async def test_thousandth_mentorship_is_newer_than_the_one_before(
    pool: asyncpg.Pool, cohort: str, pairs: tuple[str, ...]
) -> None:
    number = await staff_messages.save(pool, cohort, WORDS, "amina", datetime(2019, 7, 1, tzinfo=UTC))
    for mentorship, id_ in zip(pairs, (f"{cohort}-999", f"{cohort}-1000"), strict=False):
        await pool.execute("update mentorship set id = $2, mentor_id = 'M01' where id = $1", mentorship, id_)
    message = await staff_messages.message_to(pool, cohort, number, "M01")
    assert message
    assert message.mentorship_id == f"{cohort}-1000"
