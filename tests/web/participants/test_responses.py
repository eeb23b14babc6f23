"""The page behind a link: it shows, takes in, confirms, and never acts on its own."""

from __future__ import annotations

import copy
import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from schemas.enums import MilestoneKind, Side
from schemas.forms.catalog import CHECK_IN, CLOSURE_SURVEY

if TYPE_CHECKING:
    from tests.web.conftest import RecordingService

MET = {"status": "met", "meetings": "2", "satisfaction": "4", "note_to_self": "Bring the grant draft"}


def text_of(page: httpx.Response) -> str:
    without_tags = re.sub(r"<[^>]+>", " ", page.text)
    return " ".join(html.unescape(without_tags).split())


async def test_link_shows_every_question_with_who_can_see_the_answer(client: httpx.AsyncClient, check_in: str) -> None:
    page = await client.get(check_in)
    assert page.status_code == 200
    asked = CHECK_IN.for_side(Side.MENTOR)
    for question in asked:
        assert question.label in text_of(page)
    # Said once for most questions; the status, the wish for a call and the note to oneself say it themselves.
    assert text_of(page).count("Who can see your answers: you and staff (numbers only, no names).") == 1
    assert text_of(page).count("Who can see this: you and staff.") == 2
    assert text_of(page).count("Only you can see this.") == 1
    assert "Saturday, August 10, 2019" in page.text
    assert "chair@example.org" in page.text


async def test_nothing_is_chosen_before_somebody_chose(client: httpx.AsyncClient, check_in: str) -> None:
    page = await client.get(check_in)
    assert 'type="radio"' in page.text
    assert " checked" not in page.text
    assert " selected" not in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_changes_nothing(
    client: httpx.AsyncClient, service: RecordingService, check_in: str, method: str
) -> None:
    before = copy.deepcopy(service.pages)
    for path in (check_in, f"{check_in}/thanks", f"{check_in}?status=met", f"{check_in}?call_requested=yes"):
        assert (await client.request(method, path)).status_code in {200, 303}
    assert service.saved == []
    assert service.pages == before


async def test_head_says_what_get_says_without_a_body(client: httpx.AsyncClient, check_in: str) -> None:
    shown, asked = await client.get(check_in), await client.head(check_in)
    assert asked.status_code == 200
    assert asked.content == b""
    assert asked.headers == shown.headers


async def test_button_saves_and_leads_to_what_was_noted(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    sent = await client.post(check_in, data=MET)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{check_in}/thanks")
    (response,) = service.saved
    assert response.answers == MET
    assert response.received_at == service.time
    assert response.form is MilestoneKind.CHECK_IN
    thanks = await client.get(f"{check_in}/thanks")
    for noted in ("We have met", "4", "Bring the grant draft", "Not answered", "until Saturday, August 10, 2019"):
        assert noted in text_of(thanks)


async def test_line_ends_of_a_browser_are_kept_as_one(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    await client.post(check_in, data={"status": "met", "note_to_self": "one\r\ntwo"})
    assert service.saved[0].answers["note_to_self"] == "one\ntwo"


async def test_coming_back_finds_the_answers_filled_in(client: httpx.AsyncClient, check_in: str) -> None:
    await client.post(check_in, data=MET)
    page = await client.get(check_in)
    assert 'id="status-met" value="met" checked' in page.text
    assert page.text.count(" checked") == 2
    assert "Bring the grant draft</textarea>" in page.text
    assert "Save my changes" in page.text


async def test_answers_can_be_changed_and_taken_back(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    await client.post(check_in, data=MET)
    await client.post(check_in, data={"status": "planned"})
    assert service.saved[-1].answers == {"status": "planned"}


async def test_sending_twice_gives_the_same_page_twice(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    first, second = [await client.post(check_in, data=MET) for _ in range(2)]
    assert (first.status_code, first.headers["location"]) == (second.status_code, second.headers["location"])
    assert service.saved[0] == service.saved[1]


async def test_call_request_is_confirmed_and_kept_from_the_partner(client: httpx.AsyncClient, check_in: str) -> None:
    await client.post(check_in, data={"status": "not_yet", "call_requested": "yes"})
    assert "We told staff that you would like a call. We did not tell Kao Nou Vue-Reyes." in text_of(
        await client.get(f"{check_in}/thanks")
    )


async def test_thanks_without_an_answer_leads_to_the_form(client: httpx.AsyncClient, check_in: str) -> None:
    page = await client.get(f"{check_in}/thanks")
    assert (page.status_code, page.headers["location"]) == (303, check_in)


async def test_missing_answer_is_named_and_everything_typed_is_still_there(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    page = await client.post(
        check_in, data={"meetings": "often", "satisfaction": "4", "call_requested": "yes", "note_to_self": " & <so> "}
    )
    assert page.status_code == 422
    assert service.saved == []
    assert "<title>Please correct: Your check-in" in page.text
    for target in ("status-met", "meetings"):
        assert f'<a href="#{target}">' in page.text
        assert f'id="{target}"' in page.text
    assert 'value="often"' in page.text
    assert page.text.count(" checked") == 2
    assert "&amp; &lt;so&gt; </textarea>" in page.text
    assert 'aria-describedby="meetings-problem"' in page.text


async def test_100_kilobytes_of_text_come_back_with_a_clear_sentence(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    typed = "é word " * 14_000
    page = await client.post(check_in, data={"status": "met", "note_to_self": typed})
    assert page.status_code == 422
    assert "This has 97,999 characters. Please shorten it to 4,000 or fewer." in page.text
    assert typed in html.unescape(page.text)
    assert service.saved == []


async def test_4000_characters_are_taken(client: httpx.AsyncClient, service: RecordingService, check_in: str) -> None:
    await client.post(check_in, data={"status": "met", "note_to_self": "ö" * 4000})
    assert service.saved[0].answers["note_to_self"] == "ö" * 4000


ATTACK = "\"'></textarea><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"


async def test_scripts_in_answers_stay_words(client: httpx.AsyncClient, check_in: str) -> None:
    refused = await client.post(check_in, data={"status": ATTACK, "meetings": ATTACK, "note_to_self": ATTACK})
    await client.post(check_in, data={"status": "met", "note_to_self": ATTACK})
    for page in (refused, await client.get(check_in), await client.get(f"{check_in}/thanks")):
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert ATTACK in html.unescape(page.text)


async def test_scripts_in_names_and_goals_stay_words(client: httpx.AsyncClient, service: RecordingService) -> None:
    original = service.link(MilestoneKind.GOAL_CHECK_IN, Side.MENTEE)
    page = next(iter(service.pages.values()))
    evil = page.person.model_copy(update={"name": ATTACK})
    link = service.link(MilestoneKind.GOAL_CHECK_IN, Side.MENTEE, goals=(ATTACK,), person=evil, partner=evil)
    assert link != original
    shown = await client.get(link)
    assert ATTACK in html.unescape(shown.text)
    assert "<script" not in shown.text
    assert "<img" not in shown.text


async def test_goal_check_in_asks_about_each_goal_in_the_mentees_words(
    client: httpx.AsyncClient, service: RecordingService
) -> None:
    link = service.link(MilestoneKind.GOAL_CHECK_IN, Side.MENTEE)
    page = await client.get(link)
    assert "Lead the weekly meeting" in page.text
    assert "Write a grant application" in page.text
    await client.post(link, data={"goal_1": "stuck", "goal_2": "done", "goal_3": "done"})
    assert service.saved[0].answers == {"goal_1": "stuck", "goal_2": "done"}


async def test_without_goals_there_is_nothing_to_answer(client: httpx.AsyncClient, service: RecordingService) -> None:
    link = service.link(MilestoneKind.GOAL_CHECK_IN, Side.MENTEE, goals=())
    page = await client.get(link)
    assert "There is nothing to answer here" in page.text
    assert "<form" not in page.text
    assert (await client.post(link, data={"goal_1": "done"})).status_code == 409
    assert service.saved == []


@pytest.mark.parametrize("side", list(Side))
async def test_each_side_is_asked_its_own_closing_questions(
    client: httpx.AsyncClient, service: RecordingService, side: Side
) -> None:
    shown = text_of(await client.get(service.link(MilestoneKind.CLOSURE_SURVEY, side)))
    for question in CLOSURE_SURVEY.questions:
        assert (question.label in shown) is (side in question.asked)


async def test_first_contact_is_confirmed_by_a_choice_and_a_button(
    client: httpx.AsyncClient, service: RecordingService
) -> None:
    link = service.link(MilestoneKind.FIRST_CONTACT)
    assert "We have been in contact" in (await client.get(link)).text
    assert (await client.post(link)).status_code == 422
    assert (await client.post(link, data={"contacted": "yes"})).status_code == 303
    assert service.saved[0].answers == {"contacted": "yes"}


async def test_before_it_opens_a_page_says_from_when(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    service.time = service.opens_at - timedelta(seconds=1)
    page = await client.get(check_in)
    assert page.status_code == 200
    assert "from Monday, July 22, 2019 until Saturday, August 10, 2019" in text_of(page)
    assert (await client.post(check_in, data=MET)).status_code == 409
    assert service.saved == []


async def test_after_it_closed_a_page_says_so_and_nothing_is_taken(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    service.time = service.closes_at - timedelta(seconds=1)
    assert (await client.post(check_in, data=MET)).status_code == 303
    service.time = service.closes_at
    page = await client.get(check_in)
    assert "This form is closed" in page.text
    assert "Bring the grant draft" in page.text
    assert "<form" not in page.text
    assert (await client.post(check_in, data={"status": "not_yet"})).status_code == 409
    assert len(service.saved) == 1
    assert "The last day to change your answers was Saturday, August 10, 2019" in text_of(
        await client.get(f"{check_in}/thanks")
    )


async def test_unknown_revoked_and_mistyped_links_show_the_same_page(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    page = next(iter(service.pages.values()))
    revoked = service.link(MilestoneKind.CHECK_IN, link=page.link.model_copy(update={"revoked": True}))
    unknown = "/r/" + "a" * 26
    paths = [revoked, unknown, check_in[:-1], f"{check_in}.", f"{revoked}/thanks", f"{unknown}/thanks", "/r/%00"]
    shown = [await client.get(path) for path in paths]
    sent = [await client.post(path, data=MET) for path in paths[:4]]
    for pages in (shown, sent):
        assert {page.status_code for page in pages} == {404}
        assert len({page.content for page in pages}) == 1
        assert "Get your links again by email" in pages[0].text
    assert service.saved == []


async def test_refusal_at_the_desk_is_shown_as_a_sentence(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    service.refuses = "The form has closed while you were typing."
    page = await client.post(check_in, data=MET)
    assert page.status_code == 409
    assert service.refuses in page.text
