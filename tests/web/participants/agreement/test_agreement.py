"""The agreement's page on a real database: two people write it in turn, and it stands when both say so (A26-A34)."""

import asyncio
import html
import re
from datetime import timedelta
from itertools import pairwise

import httpx
import pytest

from storage import agreements, responses
from tests.web.participants.agreement.answers import (
    GOAL,
    KICKOFF,
    MENTORSHIP,
    PARTS,
    RHYTHM,
    TICKED,
    AgreementService,
    agrees,
    read_steps,
    saves,
    seen,
    seen_in,
)

ATTACK = "\"'></textarea><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"


async def test_mentee_finds_the_goals_of_the_intake_and_the_cohorts_rhythm(
    client: httpx.AsyncClient, mentee: str
) -> None:
    page = await read_steps(client, mentee)
    assert (await client.get(mentee)).text == (await client.get(f"{mentee}/parts/goals")).text
    assert "Lead the weekly meeting</textarea>" in page
    assert page.count(" checked") == 2
    for chosen in ("meetings-3", "goal_updates-3"):
        assert f'id="{chosen}" value="3" checked' in page
    assert "Save, and send it to Solveig" in page
    assert 'value="agree"' not in page
    await client.post(mentee, data=saves(0, GOAL, TICKED))
    last = (await client.get(f"{mentee}/parts/sign")).text
    # Enter presses the first button, and nobody signs by accident.
    assert last.index('value="save"') < last.index('value="agree"')


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_writes_nothing(
    client: httpx.AsyncClient, service: AgreementService, mentee: str, method: str
) -> None:
    for path in (
        mentee,
        f"{mentee}?change=yes",
        f"{mentee}?act=agree&version=0",
        f"{mentee}/thanks",
        f"{mentee}/parts/sign",
    ):
        assert (await client.request(method, path)).status_code in {200, 303}
    assert await service.pool.fetchval("select count(*) from agreement") == 0
    assert await service.pool.fetchval("select count(*) from agreement_draft") == 0
    assert await responses.responses_of_cohort(service.pool, "mile-2019") == []


async def test_each_side_writes_its_own_and_reads_the_others(
    client: httpx.AsyncClient, mentee: str, mentor: str
) -> None:
    await client.post(mentor, data=saves(0, {"comment": "Start with one meeting", "goal_1": "Mine"}))
    mentors, mentees = await read_steps(client, mentor), await read_steps(client, mentee)
    assert 'name="goal_1"' not in mentors
    assert "Lead the weekly meeting" in seen_in(mentors)
    assert 'name="comment"' not in mentees
    assert "Start with one meeting" in seen_in(mentees)
    assert "Mine" not in seen_in(mentees)
    assert seen_in(mentees).count("Only Solveig can change this.") == 1


async def test_every_field_says_who_can_see_it_and_only_the_call_says_staff(
    client: httpx.AsyncClient, mentee: str
) -> None:
    page = seen_in(await read_steps(client, mentee))
    assert page.count("Who can see your answers: you and your partner.") == 4
    assert page.count("Who can see this:") == page.count("Who can see this: you and staff.") == 1


async def test_draft_goes_back_and_forth_until_both_agree(
    client: httpx.AsyncClient, service: AgreementService, mentee: str, mentor: str
) -> None:
    sent = await client.post(mentee, data=saves(0, GOAL))
    assert (sent.status_code, sent.headers["location"]) == (303, f"{mentee}/thanks")
    assert "Your changes are saved" in seen(await client.get(f"{mentee}/thanks"))
    assert "Kao wrote this version on Monday, May 20, 2019." in seen(await client.get(mentor))
    await client.post(mentor, data=agrees(1, {"comment": "Start small"}))
    page = await client.get(mentee)
    assert "Solveig signed off on this version on Monday, May 20, 2019." in seen(page)
    assert "What Solveig changed" in seen(page)
    assert "Solveig wrote: Start small" in seen(page)
    await client.post(mentee, data=agrees(2, GOAL))
    assert (await service.newest()).in_force
    for link in (mentee, mentor):
        page = await client.get(link)
        assert "You have both signed off on your agreement" in seen(page)
        assert "Solveig Aaberg on Monday, May 20, 2019 and Kao Nou Vue-Reyes on Monday, May 20, 2019" in seen(page)
        assert "Start small" in seen(page)
        assert "<form" not in page.text


async def test_who_agreed_reads_the_text_and_waits(client: httpx.AsyncClient, mentee: str) -> None:
    await client.post(mentee, data=agrees(0, GOAL))
    for page in (await client.get(mentee), await client.get(f"{mentee}/thanks")):
        assert "Next, Solveig Aaberg signs off on it or changes it" in seen(page)
        assert "<form" not in page.text
    assert "<form" in (await client.get(f"{mentee}?change=yes")).text


@pytest.mark.usefixtures("standing")
async def test_either_may_propose_a_change_and_the_old_words_stand_until_both_agree(
    client: httpx.AsyncClient, service: AgreementService, mentee: str, mentor: str
) -> None:
    assert f"{mentor}?change=yes" in (await client.get(mentor)).text
    form = await client.get(f"{mentor}?change=yes")
    assert "Anything you change here is a proposal." in seen(form)
    await client.post(f"{mentor}?change=yes", data=agrees(1, {"meetings": "1"}))
    page = seen(await client.get(mentee))
    assert "Read the agreement you have now" in page
    assert "How often will you meet? Before: Every three months Solveig wrote: Every month" in page
    standing = await agreements.in_force(service.pool, MENTORSHIP)
    assert standing is not None
    assert standing.contents["meetings"] == "3"
    await client.post(mentee, data=agrees(2, GOAL, {"meetings": "1"}))
    assert (await service.newest()).in_force


async def test_new_words_of_the_partner_are_shown_beside_mine_and_nothing_typed_is_lost(
    client: httpx.AsyncClient, service: AgreementService, mentee: str, mentor: str
) -> None:
    await client.post(mentee, data=saves(0, GOAL, {"contact": "By email", "ground_rules": "On time"}))
    await client.post(mentee, data=saves(1, GOAL, {"contact": "By phone", "ground_rules": "Be kind"}))
    mine = {"contact": "By letter", "ground_rules": "On time", "comment": "Start small", "call_requested": "yes"}
    page = await client.post(mentor, data=agrees(1, mine))
    assert page.status_code == 409
    said = seen(page)
    assert "Before: By email Kao wrote: By phone You wrote: By letter" in said
    assert "Before: On time Kao wrote: Be kind" in said
    assert "You wrote: On time" not in said
    for name, kept in (("contact", "By letter"), ("ground_rules", "Be kind"), ("comment", "Start small")):
        assert f'name="{name}" value="{kept}"' in page.text
    assert "By letter</textarea>" in (await client.get(f"{mentor}/parts/roles")).text
    assert "By letter" not in await read_steps(client, mentee)
    assert 'id="call_requested" value="yes"' in page.text
    assert 'name="version" value="2"' in page.text
    assert (await service.newest()).version == 2
    assert len(await responses.responses_of_cohort(service.pool, "mile-2019")) == 2
    await client.post(mentor, data=agrees(2, mine, {"ground_rules": "Be kind"}))
    assert (await service.newest()).contents["contact"] == "By letter"


async def test_same_press_twice_counts_once(client: httpx.AsyncClient, service: AgreementService, mentee: str) -> None:
    first, second = [await client.post(mentee, data=agrees(0, GOAL)) for _ in range(2)]
    assert (first.status_code, first.headers["location"]) == (second.status_code, second.headers["location"])
    assert (await service.newest()).version == 1
    assert len(await responses.responses_of_cohort(service.pool, "mile-2019")) == 1


async def test_both_pressing_at_once_get_an_agreement_or_a_question(
    client: httpx.AsyncClient, service: AgreementService, mentee: str, mentor: str
) -> None:
    await client.post(mentee, data=saves(0, GOAL, TICKED))
    pressed = [client.post(mentee, data=agrees(1, GOAL)), client.post(mentor, data=agrees(1))]
    assert [page.status_code for page in await asyncio.gather(*pressed)] == [303, 303]
    assert (await service.newest()).in_force
    written = [
        client.post(mentee, data=saves(1, GOAL, TICKED, {"contact": "By phone"})),
        client.post(mentor, data=saves(1, TICKED, {"contact": "By letter"})),
    ]
    assert sorted([page.status_code for page in await asyncio.gather(*written)]) == [303, 409]
    assert (await service.newest()).version == 2


async def test_what_keeps_one_from_agreeing_is_named_with_everything_typed(
    client: httpx.AsyncClient, service: AgreementService, mentee: str
) -> None:
    typed = {"contact": " By <phone> ", "meetings": "6", "call_requested": "yes"}
    page = await client.post(mentee, data=saves(0, typed) | {"act": "agree"})
    assert page.status_code == 422
    assert "<title>Please correct: Your mentorship agreement" in page.text
    targets = re.findall(rf'<a href="({mentee}/parts/\w+)#(\w+)">', page.text)
    assert [at for _, at in targets] == ["goal_1", "below_quarterly", "confidentiality", "criticism", "no_fault"]
    for path, at in targets:
        assert f'id="{at}"' in (await client.get(path)).text
    assert 'value=" By &lt;phone&gt; "' in page.text
    assert 'name="meetings" value="6"' in page.text
    assert (await service.newest()).version == 0


async def test_mentor_is_told_that_the_goals_are_still_to_come(
    client: httpx.AsyncClient, service: AgreementService, mentee: str, mentor: str
) -> None:
    await client.post(mentee, data=saves(0))
    page = await client.post(mentor, data=agrees(1))
    assert page.status_code == 422
    assert "Goal 1 – An agreement needs a goal. The mentee writes it." in seen(page)
    assert f'<a href="{mentor}/parts/goals#goal_1">' in page.text
    assert 'id="goal_1"' in (await client.get(f"{mentor}/parts/goals")).text
    assert (await service.newest()).version == 1


async def test_goals_that_are_written_are_in_sight_with_room_for_one_more(
    client: httpx.AsyncClient, service: AgreementService, mentee: str
) -> None:
    first = await client.get(mentee)
    assert first.text.index('id="goal_2"') < first.text.index("Add more goals") < first.text.index('id="goal_3"')
    await client.post(mentee, data=saves(0, {f"goal_{number}": "Learn" for number in range(1, 6)}))
    assert "Add more goals" not in (await client.get(mentee)).text
    assert len((await service.newest()).contents) == 7


async def test_guidance_says_where_it_comes_from(client: httpx.AsyncClient, mentee: str) -> None:
    assert re.search(r"Making an agreement, version \d+, after ", seen(await client.get(mentee)))


async def test_draft_needs_nothing_of_all_that(
    client: httpx.AsyncClient, service: AgreementService, mentee: str
) -> None:
    page = await client.post(mentee, data={"version": "0", "act": "save", "contact": "By phone"})
    assert page.status_code == 303
    assert (await service.newest()).contents == {"contact": "By phone"}


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 30])
async def test_version_nobody_can_have_seen_is_never_agreed_to(
    client: httpx.AsyncClient, service: AgreementService, mentee: str, mentor: str, *, version: str
) -> None:
    await client.post(mentee, data=saves(0, GOAL, TICKED))
    page = await client.post(mentor, data=agrees(1, {"comment": "Hm"}) | {"version": version})
    assert page.status_code == 409
    assert (await service.newest()).confirmed_by == ()


async def test_wish_to_be_called_is_seen_by_its_writer_alone(
    client: httpx.AsyncClient, service: AgreementService, mentee: str, mentor: str
) -> None:
    await client.post(mentee, data=agrees(0, GOAL, {"call_requested": "yes"}))
    assert "We told staff that you would like a call. We did not tell Solveig." in seen(
        await client.get(f"{mentee}/thanks")
    )
    before = await read_steps(client, mentor)
    await client.post(mentor, data=agrees(1))
    assert before.count(" checked") == len({**TICKED, **RHYTHM})
    for page in (before, (await client.get(mentor)).text, (await client.get(f"{mentor}/thanks")).text):
        assert "would like a call" not in page
    assert "call" not in str((await service.newest()).contents)


async def test_scripts_stay_words_on_every_page(client: httpx.AsyncClient, mentee: str, mentor: str) -> None:
    evil = {"goal_1": ATTACK, "contact": ATTACK}
    shown = [await client.post(mentee, data=saves(0, evil, {"meetings": ATTACK, "version": ATTACK}))]
    await client.post(mentee, data=agrees(0, evil))
    shown += [await client.get(mentee), await client.get(mentor), await client.get(f"{mentee}/thanks")]
    shown.append(await client.post(mentor, data=saves(0, {"contact": f"my {ATTACK}"})))
    shown += [await client.get(f"{mentor}/parts/{part}") for part in ("goals", "roles", "sign")]
    assert [page.status_code for page in shown] == [422, 200, 200, 200, 409, 200, 200, 200]
    for page in shown:
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert ATTACK in html.unescape(page.text)


async def test_100_kilobytes_come_back_with_a_clear_sentence(
    client: httpx.AsyncClient, service: AgreementService, mentee: str
) -> None:
    typed = "é word " * 14_000
    page = await client.post(mentee, data=saves(0, {"goal_1": typed}))
    assert page.status_code == 422
    assert "Please shorten it to 4,000 or fewer." in page.text
    assert typed in html.unescape(page.text)
    assert (await service.newest()).version == 0


async def test_before_it_opens_and_after_the_end_typed_words_can_be_copied(
    client: httpx.AsyncClient, service: AgreementService, mentee: str
) -> None:
    for time in (KICKOFF, KICKOFF + timedelta(days=700)):
        service.time = time
        assert (await client.get(mentee)).status_code == 200
        page = await client.post(mentee, data=saves(0, {"contact": "By phone, at noon"}))
        assert page.status_code == 409
        assert "By phone, at noon" in seen(page)
        assert "<form" not in page.text
    assert (await service.newest()).version == 0


@pytest.mark.usefixtures("standing")
async def test_after_the_end_the_two_can_still_read_what_they_agreed_on(
    client: httpx.AsyncClient, service: AgreementService, mentor: str
) -> None:
    service.time = KICKOFF + timedelta(days=700)
    page = await client.get(mentor)
    assert "What you agreed on" in seen(page)
    assert "Lead the weekly meeting" in seen(page)
    assert "change=yes" not in (await client.get(f"{mentor}/thanks")).text


@pytest.mark.usefixtures("standing")
async def test_agreement_closes_with_a_mentorship_that_ends_early(
    client: httpx.AsyncClient, service: AgreementService, mentor: str
) -> None:
    await service.pool.execute("update mentorship set outcome = 'ended_early'")
    page = await client.post(mentor, data=agrees(1, {"contact": "By phone"}))
    assert page.status_code == 409
    assert "Your mentorship has ended" in seen(page)
    assert "By phone" in seen(page)
    assert (await service.newest()).version == 1


async def test_agreement_can_still_be_made_long_after_it_was_due(
    client: httpx.AsyncClient, service: AgreementService, mentee: str
) -> None:
    service.time = KICKOFF + timedelta(days=300)
    assert (await client.post(mentee, data=agrees(0, GOAL))).status_code == 303


async def step(client: httpx.AsyncClient, link: str, part: str, version: str = "0", **answers: str) -> httpx.Response:
    return await client.post(f"{link}/parts/{part}", data={"version": version, "go": "on"} | answers)


def hidden_in(page: httpx.Response) -> dict[str, str]:
    """Return what a page's form brings along unseen."""
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in found}


async def test_each_step_is_saved_for_its_writer_alone_until_the_last_one_sends_all(
    client: httpx.AsyncClient, service: AgreementService, mentee: str, mentor: str
) -> None:
    before = await read_steps(client, mentor)
    typed = {
        "goals": {"goal_1": "Lead", "goal_1_area": "leadership", "goal_3": "Write"},
        "rhythm": {"meetings": "1", "goal_updates": "3"},
        "roles": {"contact": "By phone"},
        "rules": TICKED,
    }
    for part, following in pairwise(PARTS):
        saved = await step(client, mentee, part, **typed[part])
        assert saved.headers["location"] == f"{mentee}/parts/{following}?saved=yes"
    assert await read_steps(client, mentor) == before
    assert (await service.newest()).version == 0
    assert await responses.responses_of_cohort(service.pool, "mile-2019") == []
    assert "You have begun." in seen(await client.get(mentee))
    last = await client.get(f"{mentee}/parts/sign?saved=yes")
    assert "Saved. Your mentorship agreement, step 5 of 5" in seen(last)
    assert "Goal 2 Write" in seen(last)
    sent = await client.post(mentee, data=hidden_in(last) | {"act": "agree"})
    assert sent.headers["location"] == f"{mentee}/thanks"
    newest = await service.newest()
    goals = {"goal_1": "Lead", "goal_1_area": "leadership", "goal_2": "Write"}
    assert newest.contents == goals | typed["rhythm"] | typed["roles"] | TICKED
    assert [side.value for side in newest.confirmed_by] == ["mentee"]
    assert await service.pool.fetchval("select count(*) from agreement_draft") == 0


@pytest.mark.parametrize(("typed", "shown"), [("next week", "next week"), ("0026-05-10", "May 10, 26")])
async def test_wrong_format_is_shown_in_the_step_in_which_it_was_typed(
    client: httpx.AsyncClient, service: AgreementService, mentee: str, typed: str, shown: str
) -> None:
    page = await step(client, mentee, "rhythm", meetings="dates", meeting_dates=typed, goal_updates="3")
    assert page.status_code == 422
    assert "Your mentorship agreement, step 2 of 5" in seen(page)
    assert '<a href="#meeting_dates">' in page.text
    assert f"{shown}</textarea>" in page.text
    assert await service.pool.fetchval("select count(*) from agreement_draft") == 0


async def test_last_step_marks_what_differs_from_the_last_version_and_by_whom(
    client: httpx.AsyncClient, mentee: str, mentor: str
) -> None:
    await client.post(mentee, data=saves(0, GOAL, TICKED, {"contact": "By email"}))
    await client.post(mentor, data=saves(1, TICKED, {"contact": "By phone"}))
    saved = await step(client, mentee, "rhythm", "2", meetings="1", goal_updates="3", go="review")
    assert saved.headers["location"] == f"{mentee}/parts/sign?saved=yes"
    page = seen(await client.get(f"{mentee}/parts/sign"))
    assert "How often will you meet? Every month You changed this. Before: Every three months" in page
    assert "By phone Solveig changed this. Before: By email" in page
    assert page.count("changed this.") == 2


async def test_partner_who_writes_in_between_changes_only_what_one_left_alone(
    client: httpx.AsyncClient, service: AgreementService, mentee: str, mentor: str
) -> None:
    await step(client, mentee, "roles", contact="By letter")
    await client.post(mentor, data=saves(0, TICKED, {"contact": "By phone", "when_stuck": "Ask staff"}))
    for part in ("roles", "sign"):
        page = await client.get(f"{mentee}/parts/{part}")
        assert "Solveig changed the agreement while you were writing" in seen(page)
        assert "By letter" in seen(page)
    assert hidden_in(page)["when_stuck"] == "Ask staff"
    assert (await client.post(mentee, data=hidden_in(page) | {"act": "agree"})).status_code == 303
    newest = await service.newest()
    assert (newest.version, newest.contents["contact"], newest.contents["when_stuck"]) == (2, "By letter", "Ask staff")


async def test_there_is_no_other_step(client: httpx.AsyncClient, mentee: str) -> None:
    assert (await client.get(f"{mentee}/parts/money")).status_code == 404
    assert (await step(client, mentee, "sign")).status_code == 404
