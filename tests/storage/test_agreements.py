"""An agreement is final once both confirmed the same version; every version is stored and none gets lost (A26)."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import asyncpg
import pytest

from schemas.enums import MilestoneKind, Side
from schemas.errors import Refusal, UnknownMentorship
from schemas.forms.agreement import SHARED, AgreementChangedMeanwhile
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.state import Agreed
from schemas.mentorship.terms import Rhythm
from storage import agreements, mentorships, responses

AT = datetime(2019, 5, 20, 15, tzinfo=UTC)
CLAUSES = {"confidentiality": "yes", "criticism": "yes", "no_fault": "yes"}
MENTEES = {
    "goal_1": "Lead the weekly meeting",
    "meetings": "1",
    "goal_updates": "3",
    "mentor_does": "Listens",
} | CLAUSES
MENTORS = {"meetings": "1", "goal_updates": "3", "mentor_does": "Listens"} | CLAUSES

Write = Callable[..., NewResponse]


@pytest.fixture
def write(mentorship: str) -> Write:
    """Return a function that writes what the agreement's page hands to storage."""

    def written(side: Side, version: int, answers: dict[str, str], *, agrees: bool = False) -> NewResponse:
        return NewResponse(
            link=Link(mentorship_id=mentorship, milestone="agreement", side=side),
            form=MilestoneKind.AGREEMENT,
            answers=answers,
            received_at=AT,
            version=version,
            confirmed=agrees,
        )

    return written


@pytest.fixture
async def agreed(pool: asyncpg.Pool, mentorship: str, write: Write) -> str:
    """The id of a mentorship whose first version is final."""
    await agreements.save_agreement(pool, write(Side.MENTEE, 0, MENTEES, agrees=True))
    await agreements.save_agreement(pool, write(Side.MENTOR, 1, MENTORS, agrees=True))
    return mentorship


async def versions(pool: asyncpg.Pool) -> int:
    return int(await pool.fetchval("select count(*) from agreement"))


async def test_pair_starts_from_the_goals_at_intake_and_the_cohorts_rhythm(pool: asyncpg.Pool, mentorship: str) -> None:
    proposed = await agreements.newest(pool, mentorship)
    assert proposed.version == 0
    assert proposed.contents == {
        "goal_1": "Lead the weekly meeting",
        "goal_2": "Write a grant application",
        "meetings": "3",
        "goal_updates": "3",
    }
    assert await versions(pool) == 0
    assert await agreements.in_force(pool, mentorship) is None


async def test_mentorship_nobody_knows_has_no_agreement(pool: asyncpg.Pool, mentorship: str) -> None:
    with pytest.raises(UnknownMentorship):
        await agreements.newest(pool, "mile-2019-999")


async def test_saving_makes_a_version_and_agrees_to_nothing(pool: asyncpg.Pool, mentorship: str, write: Write) -> None:
    saved = await agreements.save_agreement(pool, write(Side.MENTEE, 0, {"goal_1": "Lead"}))
    assert (saved.changed, saved.answer.version, saved.answer.confirmed, saved.answer.agreed) == (True, 1, False, None)
    newest = await agreements.newest(pool, mentorship)
    assert (newest.version, newest.written_by, newest.written_at, newest.confirmed_by) == (1, Side.MENTEE, AT, ())
    assert newest.contents == {"goal_1": "Lead"}


async def test_proposal_saved_as_it_is_becomes_the_first_version(
    pool: asyncpg.Pool, mentorship: str, write: Write
) -> None:
    proposed = (await agreements.newest(pool, mentorship)).contents
    saved = await agreements.save_agreement(pool, write(Side.MENTEE, 0, proposed))
    assert saved.answer.version == 1
    assert (await agreements.newest(pool, mentorship)).contents == proposed


async def test_agreement_is_final_once_both_confirmed_the_same_version(
    pool: asyncpg.Pool, mentorship: str, write: Write
) -> None:
    first = await agreements.save_agreement(pool, write(Side.MENTEE, 0, MENTEES, agrees=True))
    assert (first.answer.version, first.answer.confirmed, first.answer.agreed) == (1, True, None)
    assert await agreements.in_force(pool, mentorship) is None
    second = await agreements.save_agreement(pool, write(Side.MENTOR, 1, MENTORS, agrees=True))
    assert second.answer.agreed == Agreed(meetings=Rhythm(every_months=1), goal_updates=Rhythm(every_months=3), goals=1)
    in_force = await agreements.in_force(pool, mentorship)
    assert in_force is not None
    assert in_force.in_force
    assert in_force.confirmed_at == {Side.MENTOR: AT, Side.MENTEE: AT}


async def test_changed_words_are_a_new_version_nobody_else_has_agreed_to(
    pool: asyncpg.Pool, agreed: str, write: Write
) -> None:
    saved = await agreements.save_agreement(pool, write(Side.MENTOR, 1, MENTORS | {"comment": "Well put"}, agrees=True))
    assert (saved.answer.version, saved.answer.confirmed, saved.answer.agreed) == (2, True, None)
    assert (await agreements.newest(pool, agreed)).confirmed_by == (Side.MENTOR,)
    in_force = await agreements.in_force(pool, agreed)
    assert in_force is not None
    assert in_force.version == 1
    assert "comment" not in in_force.contents


async def test_new_version_is_final_when_both_confirmed_again_and_the_old_one_is_stored(
    pool: asyncpg.Pool, agreed: str, write: Write
) -> None:
    await agreements.save_agreement(pool, write(Side.MENTEE, 1, MENTEES | {"goal_2": "Write"}, agrees=True))
    completed = await agreements.save_agreement(pool, write(Side.MENTOR, 2, MENTORS, agrees=True))
    assert completed.answer.agreed is not None
    assert completed.answer.agreed.goals == 2
    assert (await agreements.version(pool, agreed, 1)).in_force
    assert await versions(pool) == 2


async def test_neither_side_writes_what_is_the_others(pool: asyncpg.Pool, agreed: str, write: Write) -> None:
    await agreements.save_agreement(pool, write(Side.MENTOR, 1, MENTORS | {"goal_1": "Mine", "contact": "By phone"}))
    await agreements.save_agreement(pool, write(Side.MENTEE, 2, MENTEES | {"comment": "I agree with myself"}))
    contents = (await agreements.newest(pool, agreed)).contents
    assert contents["goal_1"] == "Lead the weekly meeting"
    assert "comment" not in contents


async def test_call_request_is_no_part_of_the_agreement(
    pool: asyncpg.Pool, mentorship: str, cohort: str, write: Write
) -> None:
    saved = await agreements.save_agreement(pool, write(Side.MENTEE, 0, MENTEES | {"call_requested": "yes"}))
    assert saved.answer.call_requested
    assert "call_requested" not in (await agreements.newest(pool, mentorship)).contents
    (row,) = await responses.responses_of_cohort(pool, cohort)
    assert json.loads(row["answers"]) == {"version": "1", "call_requested": "yes"}


@pytest.mark.parametrize("before", [False, True], ids=["of a proposal", "of a version"])
async def test_call_request_alone_makes_no_new_version(
    pool: asyncpg.Pool, mentorship: str, write: Write, *, before: bool
) -> None:
    if before:
        await agreements.save_agreement(pool, write(Side.MENTEE, 0, MENTEES))
    page = await agreements.newest(pool, mentorship)
    saved = await agreements.save_agreement(
        pool, write(Side.MENTOR, page.version, page.contents | {"call_requested": "yes"})
    )
    assert (saved.changed, saved.answer.call_requested, saved.answer.version) == (True, True, page.version)
    assert await agreements.newest(pool, mentorship) == page


async def test_ten_presses_at_once_are_one_version_and_one_response(
    pool: asyncpg.Pool, mentorship: str, cohort: str, write: Write
) -> None:
    pressed = [agreements.save_agreement(pool, write(Side.MENTEE, 0, MENTEES, agrees=True)) for _ in range(10)]
    saved = await asyncio.gather(*pressed)
    assert [response.changed for response in saved].count(True) == 1
    assert {response.answer.revision for response in saved} == {1}
    assert await versions(pool) == 1
    assert len(await responses.responses_of_cohort(pool, cohort)) == 1


async def test_button_that_completes_it_may_be_pressed_again(pool: asyncpg.Pool, agreed: str, write: Write) -> None:
    again = await agreements.save_agreement(pool, write(Side.MENTOR, 1, MENTORS, agrees=True))
    assert not again.changed
    assert again.answer.agreed is not None
    assert await versions(pool) == 1


async def test_final_agreement_is_not_completed_again(pool: asyncpg.Pool, agreed: str, write: Write) -> None:
    called = await agreements.save_agreement(pool, write(Side.MENTEE, 1, MENTEES | {"call_requested": "yes"}))
    assert (called.changed, called.answer.confirmed, called.answer.agreed) == (True, True, None)


async def test_both_agreeing_at_once_complete_it_once(pool: asyncpg.Pool, mentorship: str, write: Write) -> None:
    await agreements.save_agreement(pool, write(Side.MENTEE, 0, MENTEES))
    both = [write(Side.MENTEE, 1, MENTEES, agrees=True), write(Side.MENTOR, 1, MENTORS, agrees=True)]
    saved = await asyncio.gather(*(agreements.save_agreement(pool, response) for response in both))
    assert [response.answer.agreed is not None for response in saved].count(True) == 1
    assert await agreements.in_force(pool, mentorship) is not None


async def test_two_who_write_at_once_get_one_version_and_one_question(
    pool: asyncpg.Pool, mentorship: str, cohort: str, write: Write
) -> None:
    both = [write(Side.MENTEE, 0, MENTEES), write(Side.MENTOR, 0, MENTORS | {"comment": "Start small"})]
    came_back = await asyncio.gather(
        *(agreements.save_agreement(pool, response) for response in both), return_exceptions=True
    )
    (refused,) = [response for response in came_back if isinstance(response, AgreementChangedMeanwhile)]
    assert (refused.seen.version, refused.newest.version) == (0, 1)
    assert not any(words in str(refused) for words in (*MENTEES.values(), "Start small"))
    assert await versions(pool) == 1
    assert len(await responses.responses_of_cohort(pool, cohort)) == 1


@pytest.mark.parametrize("version", [0, 1, 7, 2**40])
async def test_nobody_agrees_to_a_version_they_did_not_see(
    pool: asyncpg.Pool, mentorship: str, write: Write, version: int
) -> None:
    await agreements.save_agreement(pool, write(Side.MENTEE, 0, MENTEES))
    await agreements.save_agreement(pool, write(Side.MENTEE, 1, MENTEES | {"meetings": "2"}))
    with pytest.raises(AgreementChangedMeanwhile):
        await agreements.save_agreement(pool, write(Side.MENTOR, version, MENTORS, agrees=True))
    assert (await agreements.newest(pool, mentorship)).confirmed_by == ()


@pytest.mark.parametrize("missing", ["goal_1", "meetings", "goal_updates", "confidentiality", "criticism", "no_fault"])
async def test_what_is_not_settled_cannot_be_agreed_to(
    pool: asyncpg.Pool, mentorship: str, cohort: str, write: Write, missing: str
) -> None:
    answers = {name: words for name, words in MENTEES.items() if name != missing}
    with pytest.raises(Refusal, match="sign off on this yet"):
        await agreements.save_agreement(pool, write(Side.MENTEE, 0, answers, agrees=True))
    assert await versions(pool) == 0
    assert await responses.responses_of_cohort(pool, cohort) == []


async def test_workflow_learns_of_every_act_and_of_no_word(
    pool: asyncpg.Pool, agreed: str, cohort: str, write: Write
) -> None:
    await agreements.save_agreement(pool, write(Side.MENTEE, 1, MENTEES | {"contact": "Secret"}))
    waiting = await responses.unsignaled(pool)
    assert sorted((response.answer.side, response.answer.revision) for response in waiting) == [
        (Side.MENTEE, 1),
        (Side.MENTEE, 2),
        (Side.MENTOR, 1),
    ]
    for row in await responses.responses_of_cohort(pool, cohort):
        assert not any(words in row["signal_payload"] + row["answers"] for words in ("Secret", "Lead", "Listens"))


async def test_every_answer_of_an_agreement_is_for_the_two_alone(pool: asyncpg.Pool, agreed: str) -> None:
    newest = await agreements.newest(pool, agreed)
    readers = {question.name: question.readers for question in SHARED}
    assert {readers[name] for name in newest.contents} == {("you", "partner")}


async def test_agreed_goals_take_the_place_of_those_at_intake(
    pool: asyncpg.Pool, mentorship: str, write: Write
) -> None:
    await agreements.save_agreement(pool, write(Side.MENTEE, 0, MENTEES | {"goal_1": "Run a branch"}, agrees=True))
    assert len((await mentorships.partners(pool, mentorship)).goals) == 2
    await agreements.save_agreement(pool, write(Side.MENTOR, 1, MENTORS, agrees=True))
    assert (await mentorships.partners(pool, mentorship)).goals == ("Run a branch",)


async def test_next_mentor_starts_from_a_draft_and_goes_on_with_the_goals(
    pool: asyncpg.Pool, agreed: str, pairs: tuple[str, ...], write: Write
) -> None:
    await agreements.save_agreement(pool, write(Side.MENTOR, 1, MENTORS | {"comment": "Between us"}))
    await pool.execute("update mentorship set predecessor_id = $1 where id = $2", agreed, pairs[1])
    for _ in range(2):
        await agreements.take_over(pool, agreed, pairs[1], AT)
    draft = await agreements.newest(pool, pairs[1])
    assert (draft.version, draft.written_by, draft.confirmed_by) == (1, None, ())
    assert draft.contents == {name: words for name, words in MENTEES.items() if name != "mentor_does"}
    assert (await mentorships.partners(pool, pairs[1])).goals == ("Lead the weekly meeting",)


async def test_newest_goals_both_agreed_to_count_and_the_next_mentors_before_the_formers(
    pool: asyncpg.Pool, agreed: str, pairs: tuple[str, ...], write: Write
) -> None:
    await agreements.save_agreement(pool, write(Side.MENTEE, 1, MENTEES | {"goal_1": "Second"}, agrees=True))
    await agreements.save_agreement(pool, write(Side.MENTOR, 2, MENTORS, agrees=True))
    assert (await mentorships.partners(pool, agreed)).goals == ("Second",)
    await pool.execute("update mentorship set predecessor_id = $1 where id = $2", agreed, pairs[1])
    await agreements.take_over(pool, agreed, pairs[1], AT)
    assert (await mentorships.partners(pool, pairs[1])).goals == ("Second",)
    await pool.execute(
        'update agreement set contents = contents || \'{"goal_1": "Third"}\', mentor_confirmed_at = $1, '
        "mentee_confirmed_at = $1 where mentorship_id = $2",
        AT,
        pairs[1],
    )
    assert (await mentorships.partners(pool, pairs[1])).goals == ("Third",)


async def test_nothing_is_taken_over_where_nothing_was_written(
    pool: asyncpg.Pool, mentorship: str, pairs: tuple[str, ...]
) -> None:
    await agreements.take_over(pool, mentorship, pairs[1], AT)
    assert await versions(pool) == 0


async def test_dates_of_their_own_reach_the_workflow(pool: asyncpg.Pool, mentorship: str, write: Write) -> None:
    own = {"meetings": "dates", "meeting_dates": "2019-08-01,2019-10-20", "below_quarterly": "yes"}
    await agreements.save_agreement(pool, write(Side.MENTEE, 0, MENTEES | own, agrees=True))
    completed = await agreements.save_agreement(pool, write(Side.MENTOR, 1, MENTORS | own, agrees=True))
    assert completed.answer.agreed is not None
    assert completed.answer.agreed.meetings == Rhythm(on=(date(2019, 8, 1), date(2019, 10, 20)))
