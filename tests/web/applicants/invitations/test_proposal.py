"""A proposed match: what its page tells, the three answers, and who learns what (A23, A25)."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest

from domain.cohort.program_text import responsibilities
from schemas.cohort.settings import Program
from schemas.enums import DeclineReason, Side
from schemas.mentorship.terms import TimelineSettings
from services.signals import signal_pending_proposal_answers
from storage import proposal_answers
from tests.web.applicants.invitations.proposed_class import DUE, ID, KICKOFF, PAIRS, PROPOSED, ProposedClass, text_of

COMMIT = {"act": "committed"}
ASK = {"act": "asked", "question": "Does she know\nthe county’s grants?"}
DECLINE = {"act": "declined", "reason": DeclineReason.DISTANCE}


def to(partner: str, answer: dict[str, str]) -> dict[str, str]:
    return {"partner": partner, **answer}


async def test_page_tells_who_why_until_when_and_what_one_commits_to(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    page = await client.get(proposed.match("P01"))
    assert page.status_code == 200
    words = text_of(page)
    for told in (
        "Solveig Aaberg",
        "Library of Ely",
        "The mentor can offer what the mentee is looking for: leadership.",
        "Both can usually meet at these times: evenings.",
        "by Thursday, April 25, 2019",
        "18 months",
        "Friday, May 10, 2019",
        "Tuesday, November 10, 2020",
        "about every three months",
        "at least every three months",
        "without blame",
    ):
        assert told in words


async def test_each_side_commits_to_all_of_its_responsibilities(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    for person, side in (("M02", Side.MENTOR), ("P01", Side.MENTEE)):
        words = text_of(await client.get(proposed.match(person)))
        committed = words.partition("What you commit to")[2].partition("Your answer")[0]
        asked = responsibilities(Program(), TimelineSettings(), side)
        assert [each for each in asked if each not in committed.partition("What we ask of")[0]] == []
        partner = responsibilities(Program(), TimelineSettings(), side.partner)
        assert [each for each in partner if each not in committed] == []


async def test_people_are_called_what_they_prefer_after_their_full_name(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    called = {"M01": {"preferred_name": "Solly", "pronouns": "she/her"}, "P01": {"preferred_name": "Kao Nou"}}
    for person, names in called.items():
        await proposed.pool.execute(
            "update application set answers = answers || $2::jsonb where person_id = $1", person, json.dumps(names)
        )
    words = text_of(await client.get(proposed.match("P01")))
    assert "Hi Kao Nou, please tell us by" in words
    assert "Solveig Aaberg (she/her)" in words
    assert "Solly sees the same about you, and your goals, what is hard for you right now, and what" in words


async def test_page_tells_nothing_private_of_the_partner(client: httpx.AsyncClient, proposed: ProposedClass) -> None:
    for person in proposed.links:
        words = (await client.get(proposed.match(person))).text
        assert "@example.org" not in words.replace("chair@example.org", "")
        assert "budgeting" not in words
        assert "20 years" not in words
        assert "rank" not in words


async def test_match_is_final_once_both_committed_and_then_both_see_addresses(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    first = await client.post(proposed.match("P03"), data=to("M02", COMMIT))
    assert first.status_code == 303
    waiting = await client.get(first.headers["location"])
    assert "You committed to this match" in text_of(waiting)
    assert "m02@example.org" not in waiting.text
    await client.post(proposed.match("M02"), data=to("P03", COMMIT))
    for person, partner in (("P03", "m02"), ("M02", "p03")):
        page = await client.get(proposed.match(person))
        assert "Your match is final" in text_of(page)
        assert f'href="mailto:{partner}@example.org"' in page.text
        assert "What comes next" in page.text
        assert "Friday, May 31, 2019" in text_of(page)
        assert 'name="act"' not in page.text


async def test_the_cohort_hears_of_each_answer_once_and_not_who_gave_it(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    for _ in range(3):
        await client.post(proposed.match("P03"), data=to("M02", DECLINE))
    [(workflow, signal, envelope)] = proposed.temporal.signals
    assert (workflow, signal) == ("cohort-mile-2019", "proposal_answered")
    assert envelope.body == {}
    assert proposed.temporal.started == []


async def test_emails_are_enqueued_once_when_a_match_becomes_final(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    final = "select recipient from outbox where kind = 'match_final' order by recipient"
    await client.post(proposed.match("P03"), data=to("M02", COMMIT))
    assert await proposed.pool.fetch(final) == []
    for _ in range(2):
        await client.post(proposed.match("M02"), data=to("P03", COMMIT))
    assert [row["recipient"] for row in await proposed.pool.fetch(final)] == ["mentee", "mentor"]


async def test_an_answer_is_kept_while_the_engine_is_away_and_signaled_once_it_is_back(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    proposed.temporal.unreachable = True
    assert (await client.post(proposed.match("P03"), data=to("M02", COMMIT))).status_code == 303
    assert (await proposed.kept("M02", "P03"))["mentee_answer"] == "committed"
    assert await proposal_answers.unsignaled_cohorts(proposed.pool, timedelta(0)) == (ID,)
    assert await proposal_answers.unsignaled_cohorts(proposed.pool, timedelta(minutes=1)) == ()
    proposed.temporal.unreachable = False
    await signal_pending_proposal_answers(proposed.pool, proposed.client, timedelta(0))
    assert [name for _, name, _ in proposed.temporal.signals] == ["proposal_answered"]
    await signal_pending_proposal_answers(proposed.pool, proposed.client, timedelta(0))
    assert len(proposed.temporal.signals) == 1


async def test_partner_never_learns_of_a_decline_or_its_reason_or_a_question(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    before = (await client.get(proposed.match("M02"))).text
    await client.post(proposed.match("P03"), data=to("M02", ASK))
    assert (await client.get(proposed.match("M02"))).text == before
    await client.post(proposed.match("P03"), data=to("M02", DECLINE))
    assert (await client.get(proposed.match("M02"))).text == before
    assert "We never tell" in text_of(await client.get(proposed.match("P03")))
    row = await proposed.kept("M02", "P03")
    assert (row["mentee_answer"], row["mentee_reason"], row["mentee_question"]) == ("declined", "distance", "")


async def test_question_is_kept_for_staff_and_stands_in_the_form(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    await client.post(proposed.match("M02"), data=to("P03", ASK))
    assert (await proposed.kept("M02", "P03"))["mentor_question"] == ASK["question"]
    page = await client.get(proposed.match("M02"))
    assert "We sent your question to staff" in text_of(page)
    assert "Does she know" in page.text
    assert "Who can see this: you and staff." in text_of(page)


async def test_mind_can_be_changed_until_the_answers_are_due_and_not_after(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    link = proposed.match("P03")
    await client.post(link, data=to("M02", DECLINE))
    proposed.at(DUE - timedelta(seconds=1))
    assert (await client.post(link, data=to("M02", COMMIT))).status_code == 303
    proposed.at(DUE)
    late = await client.post(link, data=to("M02", ASK | {"act": "asked"}))
    assert late.status_code == 409
    assert "Does she know" in late.text
    assert "Mentorship Subcommittee Chair" in late.text
    assert (await proposed.kept("M02", "P03"))["mentee_answer"] == "committed"
    page = await client.get(link)
    assert 'name="act"' not in page.text
    assert "The last day to change your answer was Thursday, April 25, 2019" in text_of(page)


@pytest.mark.parametrize("before", [None, ASK])
async def test_whoever_has_not_decided_may_still_do_so_late_until_the_mentorships_begin(
    client: httpx.AsyncClient, proposed: ProposedClass, before: dict[str, str] | None
) -> None:
    if before:
        await client.post(proposed.match("P03"), data=to("M02", before))
    proposed.at(DUE + timedelta(days=3))
    assert (await client.post(proposed.match("P03"), data=to("M02", COMMIT))).status_code == 303
    proposed.at(KICKOFF)
    assert (await client.post(proposed.match("M02"), data=to("P03", COMMIT))).status_code == 409
    assert "The mentorships have started" in text_of(await client.get(proposed.match("M02")))


async def test_final_match_cannot_be_changed_on_the_page(client: httpx.AsyncClient, proposed: ProposedClass) -> None:
    await proposed.commit("M02", "P03")
    assert (await client.post(proposed.match("P03"), data=to("M02", DECLINE))).status_code == 409
    assert (await client.post(proposed.match("P03"), data=to("M02", COMMIT))).status_code == 303
    assert (await proposed.kept("M02", "P03"))["mentee_answer"] == "committed"


async def test_two_clicks_at_once_are_one_answer(client: httpx.AsyncClient, proposed: ProposedClass) -> None:
    sent = [client.post(proposed.match("P03"), data=to("M02", COMMIT)) for _ in range(8)]
    assert {page.status_code for page in await asyncio.gather(*sent)} == {303}
    assert len(proposed.temporal.signals) == 1


async def test_both_answering_at_once_are_both_kept(client: httpx.AsyncClient, proposed: ProposedClass) -> None:
    sent = [
        client.post(proposed.match(one), data=to(other, COMMIT)) for pair in PAIRS for one, other in (pair, pair[::-1])
    ]
    assert {page.status_code for page in await asyncio.gather(*sent)} == {303}
    rows = await proposed.pool.fetch("select mentor_answer, mentee_answer from proposal")
    assert {tuple(row.values()) for row in rows} == {("committed", "committed")}


async def test_committing_and_declining_at_once_leaves_one_of_the_two_and_a_page(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    await client.post(proposed.match("M02"), data=to("P03", COMMIT))
    sent = [client.post(proposed.match("P03"), data=to("M02", answer)) for answer in (COMMIT, DECLINE)]
    committed, declined = await asyncio.gather(*sent)
    assert committed.status_code == 303
    final = (await proposed.kept("M02", "P03"))["mentee_answer"] == "committed"
    assert declined.status_code in ({303, 409} if final else {303})


async def test_withdrawn_proposal_is_shown_as_such_and_takes_no_answer(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    await proposed.publish({"P01": "M01", "P03": "M01"}, PROPOSED + timedelta(days=2))
    page = await client.get(proposed.match("M02"))
    assert page.status_code == 200
    assert "We took back this match" in text_of(page)
    late = await client.post(proposed.match("M02"), data=to("P03", ASK))
    assert late.status_code == 409
    assert "Does she know" in late.text
    assert "Solveig Aaberg" in text_of(await client.get(proposed.match("P03")))


@pytest.mark.parametrize("person", ["P01", "M01"])
async def test_match_of_a_class_that_is_called_off_takes_no_answer_and_nobody_hears_of_one(
    client: httpx.AsyncClient, proposed: ProposedClass, person: str
) -> None:
    await client.post(proposed.match("M01"), data=to("P01", COMMIT))
    proposed.temporal.signals.clear()
    await proposed.pool.execute("update cohort set archived_at = now()")
    partner = "M01" if person == "P01" else "P02"
    answer = await client.post(proposed.match(person), data=to(partner, COMMIT))
    assert (answer.status_code, "The class is called off, so we did not save this." in text_of(answer)) == (409, True)
    kept = await proposed.pool.fetch("select mentor_answer, mentee_answer from proposal order by mentee_id")
    assert [tuple(row) for row in kept] == [("committed", None), (None, None), (None, None)]
    assert proposed.temporal.signals == []
    page = await client.get(proposed.match(person))
    assert (page.status_code, "<form" in page.text) == (200, False)
    assert "The class is called off There is no kickoff, so you don’t need to answer." in text_of(page)
    proposed.at(KICKOFF)
    assert "called off" not in text_of(await client.get(proposed.match(person)))


async def test_mentor_of_two_finds_both_and_answers_each(client: httpx.AsyncClient, proposed: ProposedClass) -> None:
    both = await client.get(proposed.match("M01"))
    assert "Kao Nou Vue-Reyes" in text_of(both)
    assert "Inés O'Neil" in text_of(both)
    page = await client.get(f"{proposed.match('M01')}?with=P02")
    assert "Inés O'Neil" in text_of(page)
    assert "Kao Nou" not in text_of(page)
    await client.post(proposed.match("M01"), data=to("P02", COMMIT))
    assert (await proposed.kept("M01", "P02"))["mentor_answer"] == "committed"
    assert (await proposed.kept("M01", "P01"))["mentor_answer"] is None
    assert "you committed" in text_of(await client.get(proposed.match("M01")))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"act": "asked", "question": " "}, "What would you like to know first?"),
        ({"act": "asked", "question": "long " * 500}, "Please shorten it to 2,000 or fewer."),
        ({"act": "declined"}, "Please choose an answer."),
        ({"act": "declined", "reason": "spite"}, "Please choose one of these answers."),
        ({"act": "maybe"}, "Please press one of the three buttons."),
        ({}, "Please press one of the three buttons."),
    ],
)
async def test_answer_that_cannot_be_kept_comes_back_with_what_was_typed(
    client: httpx.AsyncClient, proposed: ProposedClass, sent: dict[str, str], said: str
) -> None:
    page = await client.post(proposed.match("P03"), data=to("M02", sent))
    assert page.status_code == 422
    assert said in text_of(page)
    assert sent.get("question", "").strip() in page.text
    assert (await proposed.kept("M02", "P03"))["mentee_answer"] is None


async def test_somebody_elses_match_cannot_be_answered(client: httpx.AsyncClient, proposed: ProposedClass) -> None:
    page = await client.post(proposed.match("P01"), data=to("M02", ASK))
    assert page.status_code == 409
    assert "Does she know" in page.text
    assert (await proposed.kept("M02", "P03"))["mentee_answer"] is None


async def test_who_took_back_the_application_answers_no_more_and_the_partner_is_not_told_it_is_final(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    await proposed.commit("M02", "P03")
    await proposed.pool.execute("update application set status = 'withdrawn' where person_id = 'P03'")
    assert "You withdrew your application" in text_of(await client.get(proposed.match("P03")))
    assert (await client.post(proposed.match("P03"), data=to("M02", DECLINE))).status_code == 409
    theirs = await client.get(proposed.match("M02"))
    assert "p03@example.org" not in theirs.text
    assert "You committed to this match" in text_of(theirs)


async def test_link_nobody_gave_out_and_one_that_was_revoked_look_alike(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    await proposed.pool.execute("update personal_link set revoked_at = now() where person_id = 'P03'")
    pages = [await client.get(f"/a/{made}/match") for made in ("lost", "a" * 26)]
    pages.append(await client.get(proposed.match("P03")))
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    sent = await client.post(proposed.match("P03"), data=to("M02", ASK))
    assert "Does she know" in sent.text


async def test_looking_at_a_match_changes_nothing(client: httpx.AsyncClient, proposed: ProposedClass) -> None:
    before = await proposed.pool.fetch("select * from proposal order by mentee_id")
    for person in proposed.links:
        await client.get(proposed.match(person))
        await client.head(proposed.match(person))
    assert await proposed.pool.fetch("select * from proposal order by mentee_id") == before
    assert proposed.temporal.signals == []


@pytest.mark.parametrize("side", list(Side))
async def test_first_contact_is_the_mentors_task(
    client: httpx.AsyncClient, proposed: ProposedClass, side: Side
) -> None:
    await proposed.commit("M02", "P03")
    words = text_of(await client.get(proposed.match("M02" if side is Side.MENTOR else "P03")))
    assert ("Please contact" in words) is (side is Side.MENTOR)


async def test_a35_mentor_reads_what_the_mentee_told_and_the_mentee_reads_who_sees_it(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    challenges = "Too many hats.\nToo little time."
    told = {"goals": ["Chair <one> committee"], "challenges": challenges, "hopes": "Calm."}
    await proposed.pool.execute(
        "update application set answers = answers || $1::jsonb where person_id = 'P03'", json.dumps(told)
    )
    to_mentor, to_mentee = [text_of(await client.get(proposed.match(person))) for person in ("M02", "P03")]
    for words in ("Chair <one> committee", "Too many hats. Too little time.", "Calm."):
        assert words in to_mentor
        assert words not in to_mentee
    assert "your goals, what is hard for you right now, and what you hope for" in to_mentee
