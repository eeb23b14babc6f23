"""Proposals follow what is published, answers are serialized, and each is reported to staff once (A23)."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from domain.matching.proposals import ProposalClosed, ProposalClosedReason, next_match_request
from schemas.applications.applicant import ProposalAnswer, Rsvp
from schemas.cohort.campaigns import ProposalAnswersSummary
from schemas.cohort.settings import CohortSettings, HalfDay, HalfDaySession, ProposalSettings
from schemas.enums import Commitment, DeclineReason, RsvpStatus
from schemas.errors import Refusal
from schemas.matching.messages import MatchRequest
from schemas.matching.results import CriterionScore, MatchResult, Pair
from storage import cohorts, kickoff, mentorships, proposal_answers, proposals

PROPOSED = datetime(2019, 4, 15, 15, tzinfo=UTC)
LATER = PROPOSED + timedelta(days=3)
COMMIT = ProposalAnswer(commitment=Commitment.COMMITTED)
ASK = ProposalAnswer(commitment=Commitment.ASKED, question="How often?")
DECLINE = ProposalAnswer(commitment=Commitment.DECLINED, reason=DeclineReason.TIME)
ID = "mile-2019"
EVERYBODY = {f"{prefix}{number:02}" for prefix in "MP" for number in (1, 2, 3)}


@pytest.fixture
def settings(settings: CohortSettings) -> CohortSettings:
    half = HalfDay(
        id="friday",
        label="Friday",
        day=settings.kickoff_day,
        begins=datetime(2019, 5, 10, 9).time(),  # noqa: DTZ001 - the hour alone counts
        ends=datetime(2019, 5, 10, 12).time(),  # noqa: DTZ001
    )
    return settings.model_copy(update={"proposals": ProposalSettings(), "session": HalfDaySession(half_days=(half,))})


async def publish(pool: asyncpg.Pool, result: MatchResult, pairs: set[tuple[str, str]], now: datetime) -> None:
    """Publish a run with these (mentor, participant) pairs and bring the proposals in step."""
    kept_pairs = tuple(Pair(mentee=mentee, mentor=mentor, score=7000) for mentor, mentee in sorted(pairs))
    changed = result.model_copy(update={"pairs": kept_pairs, "inputs_sha256": f"{now.timestamp():064.0f}"})
    run = await cohorts.save_match_run(pool, ID, changed, now)
    await cohorts.publish_match_run(pool, ID, run, now)
    await proposals.propose(pool, ID, now)


@pytest.fixture
async def proposed(pool: asyncpg.Pool, cohort: str, result: MatchResult) -> str:
    """The id of a cohort whose three pairs are proposed: P03 with M01, P01 with M02, P02 with M03."""
    await publish(pool, result, {(pair.mentor, pair.mentee) for pair in result.pairs}, PROPOSED)
    return cohort


async def says(pool: asyncpg.Pool, person: str, partner: str, answer: ProposalAnswer, now: datetime = PROPOSED) -> bool:
    saved = await proposal_answers.answer(pool, ID, person, partner, answer=answer, now=now)
    return saved.changed


async def both_commit(pool: asyncpg.Pool, mentor: str, mentee: str) -> None:
    await says(pool, mentor, mentee, COMMIT)
    await says(pool, mentee, mentor, COMMIT)


async def email_keys(pool: asyncpg.Pool) -> list[str]:
    """Return the keys of the emails that wait."""
    return [row["key"] for row in await pool.fetch("select key from outbox where state = 'queued' order by key")]


async def final_by_pair(pool: asyncpg.Pool) -> dict[tuple[str, str], bool]:
    """Return for each proposal that was not withdrawn whether it is final."""
    stored = await proposals.proposals(pool, ID)
    return {(match.mentor_id, match.mentee_id): match.final for match in stored if not match.withdrawn_at}


async def test_proposing_twice_at_one_moment_is_proposing_once(
    pool: asyncpg.Pool, cohort: str, result: MatchResult
) -> None:
    run = await cohorts.save_match_run(pool, cohort, result, PROPOSED)
    assert await proposals.propose(pool, cohort, PROPOSED) == 0
    await cohorts.publish_match_run(pool, cohort, run, PROPOSED)
    assert [await proposals.propose(pool, cohort, PROPOSED) for _ in range(2)] == [3, 3]
    assert await proposals.propose(pool, cohort, LATER) == 0


async def test_a23_both_are_written_to_once_when_their_match_is_final_and_not_before(
    pool: asyncpg.Pool, proposed: str
) -> None:
    await says(pool, "M02", "P01", COMMIT)
    assert await email_keys(pool) == []
    await both_commit(pool, "M02", "P01")
    expected = ["mile-2019/M02/match_final/P01-with-M02-2019-04-15T15:00/mentor/0"]
    expected += ["mile-2019/P01/match_final/P01-with-M02-2019-04-15T15:00/mentee/0"]
    assert await email_keys(pool) == expected
    assert not await proposal_answers.confirm(pool, ID, "M02", "P01", LATER)
    assert await email_keys(pool) == expected
    assert await proposal_answers.confirm(pool, ID, "M03", "P02", LATER)
    assert len(await email_keys(pool)) == 4


async def test_cohort_that_asks_nobody_proposes_nothing(
    pool: asyncpg.Pool, proposed: str, settings: CohortSettings
) -> None:
    await pool.execute("delete from proposal")
    await cohorts.save_settings(pool, settings.model_copy(update={"proposals": None}), PROPOSED)
    assert await proposals.propose(pool, proposed, LATER) == 0
    assert await proposals.proposals(pool, proposed) == ()


async def test_new_run_keeps_answers_withdraws_what_left_and_asks_again_what_came_back(
    pool: asyncpg.Pool, proposed: str, result: MatchResult
) -> None:
    await both_commit(pool, "M02", "P01")
    await both_commit(pool, "M03", "P02")
    await publish(pool, result, {("M02", "P01"), ("M03", "P03")}, LATER)
    assert await final_by_pair(pool) == {("M02", "P01"): True, ("M03", "P03"): False}
    await publish(pool, result, {("M02", "P01"), ("M03", "P02")}, LATER + timedelta(days=1))
    assert await final_by_pair(pool) == {("M02", "P01"): True, ("M03", "P02"): False}
    [again] = [match for match in await proposals.proposals(pool, ID) if match.mentee_id == "P02"]
    assert (again.proposed_at, again.mentor.commitment) == (LATER + timedelta(days=1), None)


async def test_decline_counts_after_a_run_that_ignored_it_was_published(
    pool: asyncpg.Pool, proposed: str, result: MatchResult
) -> None:
    await says(pool, "P01", "M02", DECLINE)
    await publish(pool, result, {("M02", "P01"), ("M03", "P02")}, LATER)
    [match] = [match for match in await proposals.proposals(pool, ID) if match.mentee_id == "P01"]
    assert match.mentee.commitment is Commitment.DECLINED


async def test_withdrawn_proposal_takes_no_answer(pool: asyncpg.Pool, proposed: str, result: MatchResult) -> None:
    await says(pool, "P02", "M03", COMMIT)
    await publish(pool, result, {("M02", "P01")}, LATER)
    for answer in (COMMIT, DECLINE):
        with pytest.raises(ProposalClosed) as refused:
            await says(pool, "P02", "M03", answer, LATER)
        assert refused.value.why is ProposalClosedReason.WITHDRAWN


async def test_answers_of_many_at_once_are_all_kept(pool: asyncpg.Pool, proposed: str) -> None:
    pairs = list(await final_by_pair(pool))
    assert len(pairs) == 3
    both = [*pairs, *[pair[::-1] for pair in pairs]]
    changed = await asyncio.gather(*(says(pool, *pair, COMMIT) for pair in both for _ in range(3)))
    assert sum(changed) == len(both)
    assert all((await final_by_pair(pool)).values())


async def test_proposing_again_while_people_answer_loses_no_answer(
    pool: asyncpg.Pool, proposed: str, result: MatchResult
) -> None:
    pairs = set(await final_by_pair(pool))
    await asyncio.gather(
        publish(pool, result, pairs, LATER),
        *(says(pool, *people, COMMIT) for pair in pairs for people in (pair, pair[::-1])),
    )
    final = await final_by_pair(pool)
    assert final == dict.fromkeys(pairs, True)
    assert len(final) == 3


async def test_each_decline_and_question_is_reported_once_and_a_retry_counts_the_same(
    pool: asyncpg.Pool, proposed: str
) -> None:
    assert await proposals.report_answers(pool, proposed, PROPOSED) == ProposalAnswersSummary(unanswered=3)
    await says(pool, "P01", "M02", DECLINE)
    await says(pool, "M03", "P02", ASK)
    expected = ProposalAnswersSummary(declined=1, asked=1, unanswered=2)
    assert [await proposals.report_answers(pool, proposed, LATER) for _ in range(2)] == [expected, expected]
    after = LATER + timedelta(hours=1)
    assert await proposals.report_answers(pool, proposed, after) == ProposalAnswersSummary(unanswered=2)
    await says(pool, "M02", "P01", COMMIT)
    assert (await proposals.report_answers(pool, proposed, after)).declined == 0
    await says(pool, "M03", "P02", DECLINE, after)
    assert (await proposals.report_answers(pool, proposed, after + timedelta(hours=1))).declined == 1


async def test_withdrawn_application_counts_as_a_decline(pool: asyncpg.Pool, proposed: str) -> None:
    await both_commit(pool, "M02", "P01")
    await pool.execute("update application set status = 'withdrawn' where person_id = 'P01'")
    assert await proposals.report_answers(pool, proposed, LATER) == ProposalAnswersSummary(declined=1, unanswered=2)
    assert (await final_by_pair(pool))["M02", "P01"] is False


async def test_new_match_run_is_to_keep_what_is_final_and_to_leave_what_was_declined(
    pool: asyncpg.Pool, proposed: str, result: MatchResult
) -> None:
    await both_commit(pool, "M02", "P01")
    await says(pool, "M03", "P02", DECLINE)
    await publish(pool, result, {("M02", "P01"), ("M03", "P03")}, LATER)
    await says(pool, "P03", "M03", DECLINE, LATER)
    stored = await proposals.proposals(pool, ID)
    request = next_match_request(stored, await proposals.published_request(pool, ID), there=EVERYBODY)
    assert request.pins == (("M02", "P01"),)
    assert request.forbid == (("M03", "P02"), ("M03", "P03"))
    assert request.close_to == 2


async def test_run_stores_its_request_and_the_next_one_starts_from_the_run_published_last(
    pool: asyncpg.Pool, cohort: str, result: MatchResult
) -> None:
    assert await proposals.published_request(pool, cohort) == MatchRequest()
    request = MatchRequest(pins=(("M02", "P01"),), forbid=(("M01", "P02"),), objective="total")
    other_result = result.model_copy(update={"inputs_sha256": "2e" * 32})
    runs = [
        await cohorts.save_match_run(pool, cohort, result, PROPOSED, request=request),
        await cohorts.save_match_run(pool, cohort, other_result, PROPOSED),
    ]
    for run, day, stored in ((0, 0, request), (1, 1, MatchRequest()), (0, 2, request)):
        await cohorts.publish_match_run(pool, cohort, runs[run], PROPOSED + timedelta(days=day))
        expected = stored.model_copy(update={"close_to": runs[run]})
        assert await proposals.published_request(pool, cohort) == expected


async def test_run_counts_as_published_while_it_was_published_last_and_all_its_pairs_are_proposed(
    pool: asyncpg.Pool, cohort: str, settings: CohortSettings, result: MatchResult
) -> None:
    fewer = result.model_copy(update={"inputs_sha256": "2e" * 32, "pairs": result.pairs[:2]})
    first, second = [await cohorts.save_match_run(pool, cohort, run, PROPOSED) for run in (result, fewer)]
    assert not await proposals.is_published(pool, settings, first)
    for run, now in ((first, PROPOSED), (second, LATER), (first, LATER + timedelta(days=1))):
        await cohorts.publish_match_run(pool, cohort, run, now)
        assert not await proposals.is_published(pool, settings, run), "nobody was asked yet"
        asks_nobody = settings.model_copy(update={"proposals": None})
        assert await proposals.is_published(pool, asks_nobody, run)
        await proposals.propose(pool, cohort, now)
        assert [await proposals.is_published(pool, settings, run) for run in (first, second)] == [
            run == first,
            run == second,
        ]


async def test_staff_make_a_match_final_even_against_a_decline(pool: asyncpg.Pool, proposed: str) -> None:
    await says(pool, "P01", "M02", DECLINE)
    assert [await proposal_answers.confirm(pool, ID, "M02", "P01", LATER) for _ in range(2)] == [True, False]
    assert (await final_by_pair(pool))["M02", "P01"] is True
    assert (await proposals.report_answers(pool, proposed, LATER)).declined == 0
    request = next_match_request(await proposals.proposals(pool, ID), MatchRequest(), there=EVERYBODY)
    assert (request.pins, request.forbid) == ((("M02", "P01"),), ())


async def test_staff_decline_for_somebody_until_the_mentorship_is_stored(
    pool: asyncpg.Pool, proposed: str, settings: CohortSettings, result: MatchResult
) -> None:
    await both_commit(pool, "M02", "P01")
    await proposal_answers.confirm(pool, ID, "M02", "P01", PROPOSED)
    for changed in (True, False):
        saved = await proposal_answers.decline_for(pool, ID, "M02", "P01", answer=DECLINE, now=LATER)
        assert saved.changed is changed
    assert (await final_by_pair(pool))["M02", "P01"] is False
    day = settings.kickoff_day
    await mentorships.save_pairs(pool, ID, result, starts_on=day, ends_on=day, now=LATER)
    with pytest.raises(Refusal, match="has started"):
        await proposal_answers.decline_for(pool, ID, "M03", "P02", answer=DECLINE, now=LATER)


async def test_nobody_confirms_what_is_not_proposed(pool: asyncpg.Pool, proposed: str, result: MatchResult) -> None:
    with pytest.raises(Refusal, match="M01 and P01 are not proposed to each other"):
        await proposal_answers.confirm(pool, ID, "M01", "P01", LATER)
    await pool.execute("update application set status = 'withdrawn' where person_id = 'P02'")
    with pytest.raises(Refusal, match="P02 withdrew"):
        await proposal_answers.confirm(pool, ID, "M03", "P02", LATER)
    await publish(pool, result, {("M02", "P01")}, LATER)
    with pytest.raises(Refusal, match="no longer a published match"):
        await proposal_answers.confirm(pool, ID, "M01", "P03", LATER)


async def test_page_has_the_reasons_of_its_own_run_and_nothing_the_partner_wrote(
    pool: asyncpg.Pool, cohort: str, result: MatchResult
) -> None:
    towns = CriterionScore(name="distance", points=1, of=1, question="Where?", answers=("Ely", "Ely"))
    first = result.pairs[0].model_copy(update={"criteria": (towns,), "score": 8150})
    run = await cohorts.save_match_run(pool, cohort, result.model_copy(update={"pairs": (first,)}), PROPOSED)
    await cohorts.publish_match_run(pool, cohort, run, PROPOSED)
    await proposals.propose(pool, cohort, PROPOSED)
    await says(pool, "M01", "P03", ASK)
    [opened] = await proposals.proposals_to(pool, cohort, "P03")
    assert opened.shown.shared == ("Both work in Ely.",)
    assert opened.match.mentor.commitment is Commitment.ASKED
    assert ASK.question not in opened.model_dump_json()
    assert opened.shown.answer_by == datetime(2019, 4, 26, 5, tzinfo=UTC)


async def test_mentorship_may_start_once_its_match_is_final_and_its_mentee_was_there(
    pool: asyncpg.Pool, proposed: str, settings: CohortSettings
) -> None:
    assert await kickoff.startable(pool, proposed) == set()
    for mentor, mentee in list(await final_by_pair(pool)):
        await both_commit(pool, mentor, mentee)
    everybody = {("M01", "P03"), ("M02", "P01"), ("M03", "P02")}
    assert await kickoff.startable(pool, proposed) == everybody
    noted = {"P01": False, "M03": False, "P03": True}
    assert await kickoff.record_attendance(pool, proposed, noted, LATER) == ["M03", "P01", "P03"]
    assert await kickoff.record_attendance(pool, proposed, noted, LATER) == []
    assert await kickoff.startable(pool, proposed) == everybody - {("M02", "P01")}
    await kickoff.record_attendance(pool, proposed, {"P01": True}, LATER)
    assert await kickoff.startable(pool, proposed) == everybody
    await pool.execute("update application set status = 'withdrawn' where person_id = 'M03'")
    assert await kickoff.startable(pool, proposed) == everybody - {("M03", "P02")}
    await cohorts.save_settings(pool, settings.model_copy(update={"proposals": None}), LATER)
    await pool.execute("delete from proposal")
    assert await kickoff.startable(pool, proposed) == everybody - {("M03", "P02")}


async def test_attendance_of_strangers_is_refused_and_nothing_of_it_kept(pool: asyncpg.Pool, proposed: str) -> None:
    with pytest.raises(Refusal, match="no one with the id M99, P77"):
        await kickoff.record_attendance(pool, proposed, {"P01": False, "P77": True, "M99": True}, LATER)
    assert await pool.fetchval("select count(*) from attendance") == 0


async def test_needs_are_erased_and_the_answer_stays(pool: asyncpg.Pool, proposed: str) -> None:
    await both_commit(pool, "M02", "P01")
    expected = Rsvp(status=RsvpStatus.YES, half_day="friday", meals="Vegetarian", access="Captions")
    await kickoff.save_rsvp(pool, proposed, "P01", expected, PROPOSED)
    assert [await kickoff.erase_needs(pool, proposed) for _ in range(2)] == [1, 0]
    guest = await kickoff.guest(pool, proposed, "P01")
    assert guest
    assert guest.rsvp == Rsvp(status=RsvpStatus.YES, half_day="friday")


async def test_rsvp_is_for_those_whose_match_is_final_and_until_the_kickoff(
    pool: asyncpg.Pool, proposed: str, now: datetime
) -> None:
    with pytest.raises(Refusal, match="you have no final match"):
        await kickoff.save_rsvp(pool, proposed, "P01", Rsvp(status=RsvpStatus.YES), PROPOSED)
    await both_commit(pool, "M02", "P01")
    await kickoff.save_rsvp(pool, proposed, "P01", Rsvp(status=RsvpStatus.YES), PROPOSED)
    with pytest.raises(Refusal, match="The kickoff has started"):
        await kickoff.save_rsvp(pool, proposed, "P01", Rsvp(status=RsvpStatus.NO), now + timedelta(hours=1))


@pytest.mark.parametrize(("leaving", "staying"), [("M01", "P03"), ("P03", "M01")])
async def test_who_remains_when_the_partner_withdraws_is_neither_a_pair_nor_invited_any_more(
    pool: asyncpg.Pool, proposed: str, leaving: str, staying: str
) -> None:
    await both_commit(pool, "M01", "P03")
    (before,) = await proposals.proposals_to(pool, ID, staying)
    assert (before.shown.partner.id, before.shown.final) == (leaving, True)
    assert {guest.person.id for guest in await kickoff.guests(pool, ID) if guest.invited} == {"M01", "P03"}
    await pool.execute("update application set status = 'withdrawn' where person_id = $1", leaving)
    (after,) = await proposals.proposals_to(pool, ID, staying)
    assert after.shown.final is False
    assert [guest for guest in await kickoff.guests(pool, ID) if guest.invited] == []
