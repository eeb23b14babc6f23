"""A pair that never answers: what the ``timeline`` query foretells on the first day is what happens."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from schemas.mentorship import Forecast
from schemas.words import Outcome, Recipient
from storage import mentorships

if TYPE_CHECKING:
    from tests.journey.conftest import OnePair

Begin = Callable[[str], Coroutine[Any, Any, "OnePair"]]
FAR = datetime(2030, 1, 1, tzinfo=UTC)


async def test_the_timeline_of_the_first_day_is_lived_to_the_letter(one_pair: Begin) -> None:
    pair = await one_pair("silent-pair")
    await pair.standing()
    foretold: list[Forecast] = await pair.handle.query("timeline", result_type=list[Forecast])
    where = await pair.live_until(FAR)
    assert where.outcome is Outcome.COMPLETED
    assert await pair.handle.result() == Outcome.COMPLETED
    lived = [(row["due_at"], row["recipient"], row["kind"]) for row in await pair.emails()]
    assert sorted(lived) == sorted((line.at, line.to, line.kind) for line in foretold)
    assert len(lived) == 47


async def test_staff_hear_of_a_missing_first_contact_and_of_every_second_silent_window(one_pair: Begin) -> None:
    pair = await one_pair("silent-pair-two")
    await pair.live_until(FAR)
    told = [row["key"].split("/")[2] for row in await pair.emails() if row["recipient"] == Recipient.STAFF]
    assert told == [
        "no_first_contact-first_contact",
        "silent-check_in-2",
        "silent-check_in-4",
        "silent-check_in-6",
    ]
    row = (await mentorships.mentorships(pair.stage.pool, "silent-pair-two"))[0]
    assert (row["outcome"], row["phase"], row["quarter"]) == ("completed", "after", 6)
