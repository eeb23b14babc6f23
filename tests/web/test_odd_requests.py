"""Odd responses: late, twice, out of order, by the wrong link, far too long, with scripts: nothing typed is lost."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from domain.forms import questions_for
from schemas.enums import MilestoneKind, Outcome, Side
from schemas.forms.catalog import FORMS
from tests.web.conftest import GOALS
from tests.web.participants.test_responses import ATTACK, MET, text_of

if TYPE_CHECKING:
    import httpx

    from tests.web.conftest import RecordingService

WORDS = "Bring the grant draft,\nand ask about Duluth"
TYPED = {"status": "met", "meetings": "2", "note_to_self": WORDS}
THANKS = {"text": "You listened, and then you asked the one thing I had not thought of."}


def assert_can_be_copied(page: httpx.Response, *words: str) -> None:
    assert page.status_code == 409
    for typed in words:
        assert typed in html.unescape(page.text)
    assert "We did not save this" in text_of(page)
    assert '<a href="mailto:chair@example.org">' in page.text


async def test_what_comes_after_the_window_can_be_copied_and_names_whom_to_write_to(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    service.time = service.closes_at
    page = await client.post(check_in, data=TYPED)
    assert_can_be_copied(page, WORDS, "We have met")
    assert "You could answer until Saturday, August 10, 2019" in text_of(page)
    assert service.saved == []


async def test_what_comes_before_the_window_can_be_copied(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    service.time = service.opens_at - timedelta(days=1)
    assert_can_be_copied(await client.post(check_in, data=TYPED), WORDS)
    assert service.saved == []


async def test_what_comes_in_the_very_moment_of_closing_can_be_copied(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    service.refuses = "The form has closed while you were typing."
    page = await client.post(check_in, data=TYPED)
    assert_can_be_copied(page, WORDS)
    assert service.refuses in text_of(page)


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_closed_page_of_a_mortal_mentorship_says_when_it_ended_and_blames_nobody(
    client: httpx.AsyncClient, service: RecordingService, outcome: Outcome
) -> None:
    link = service.link(MilestoneKind.CHECK_IN, Side.MENTEE, outcome=outcome)
    service.time = service.closes_at
    shown, sent = await client.get(link), await client.post(link, data=TYPED)
    assert shown.status_code == 200
    assert_can_be_copied(sent, WORDS)
    for page in (shown, sent):
        assert "Your mentorship has ended" in page.text
        assert "Tuesday, November 10, 2020" in text_of(page)
        assert "withdr" not in text_of(page)
    assert service.saved == []


@pytest.mark.parametrize("side", list(Side))
async def test_link_of_a_replaced_mentors_mentorship_points_the_mentee_to_the_new_one(
    client: httpx.AsyncClient, service: RecordingService, side: Side
) -> None:
    link = service.link(MilestoneKind.CHECK_IN, side, outcome=Outcome.MENTOR_WITHDREW)
    service.time = service.closes_at
    assert ("If you get a new mentor" in text_of(await client.get(link))) is (side is Side.MENTEE)


async def test_what_was_dropped_with_the_ending_names_the_day_it_really_closed(
    client: httpx.AsyncClient, service: RecordingService
) -> None:
    link = service.link(MilestoneKind.CHECK_IN, closes_at=service.opens_at + timedelta(days=1))
    assert "You could answer until Tuesday, July 23, 2019" in text_of(await client.get(link))


async def test_survey_is_still_taken_when_the_mentorship_has_ended(
    client: httpx.AsyncClient, service: RecordingService
) -> None:
    link = service.link(MilestoneKind.CLOSURE_SURVEY, outcome=Outcome.ENDED_EARLY)
    assert (await client.post(link, data={"satisfaction": "4"})).status_code == 303
    assert service.saved[0].answers == {"satisfaction": "4"}


async def test_words_sent_to_a_link_that_stopped_working_can_be_copied(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    page = next(iter(service.pages.values()))
    revoked = service.link(MilestoneKind.CHECK_IN, link=page.link.model_copy(update={"revoked": True}))
    sent = await client.post(revoked, data=TYPED)
    assert sent.status_code == 404
    assert WORDS in html.unescape(sent.text)
    assert "We did not save this" in text_of(sent)
    assert "Solveig" not in sent.text
    assert service.saved == []


async def test_partners_link_says_whose_it_is_and_takes_only_what_that_side_is_asked(
    client: httpx.AsyncClient, service: RecordingService
) -> None:
    link = service.link(MilestoneKind.CLOSURE_SURVEY, Side.MENTEE)
    assert "Not Kao Nou Vue-Reyes? Then this link is not for you" in text_of(await client.get(link))
    await client.post(link, data={"satisfaction": "4", "again": "yes", "learned": "5", "advice": "2"})
    (response,) = service.saved
    assert response.link.side is Side.MENTEE
    assert response.answers == {"satisfaction": "4", "advice": "2"}


async def test_forms_may_be_answered_out_of_order(client: httpx.AsyncClient, service: RecordingService) -> None:
    for kind, answers in (
        (MilestoneKind.CLOSURE_SURVEY, {"satisfaction": "4"}),
        (MilestoneKind.CHECK_IN, {"status": "met"}),
        (MilestoneKind.FIRST_CONTACT, {"contacted": "yes"}),
    ):
        assert (await client.post(service.link(kind), data=answers)).status_code == 303
    assert [response.form for response in service.saved] == ["closure_survey", "check_in", "first_contact"]


async def test_page_left_open_for_long_counts_as_the_last_word(
    client: httpx.AsyncClient, service: RecordingService, check_in: str
) -> None:
    await client.post(check_in, data=MET)
    await client.post(check_in, data={"status": "not_yet"})
    assert service.saved[-1].answers == {"status": "not_yet"}
    assert 'value="not_yet" checked' in (await client.get(check_in)).text


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("kind", list(FORMS))
async def test_every_form_outlives_hostile_answers_with_all_of_them_still_there(
    client: httpx.AsyncClient, service: RecordingService, kind: MilestoneKind, side: Side
) -> None:
    link = service.link(kind, side)
    asked = questions_for(kind, side, GOALS)
    hostile = {question.name: ATTACK + "word " * 20_000 * (question.kind == "text") for question in asked}
    page = await client.post(link, data=hostile)
    assert page.status_code == (422 if asked else 409)
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert service.saved == []
    for question in asked:
        if question.kind in {"text", "count", "date"}:
            assert hostile[question.name] in html.unescape(page.text)


async def test_several_ticks_arrive_together(client: httpx.AsyncClient, service: RecordingService) -> None:
    link = service.link(MilestoneKind.MEETING)
    content = "held=held&held_on=2019-08-02&medium=video&topics=leadership&topics=networking"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await client.post(link, content=content, headers=headers)).status_code == 303
    assert service.saved[0].answers == {
        "held": "held",
        "held_on": "2019-08-02",
        "medium": "video",
        "topics": "networking,leadership",
    }
    noted = text_of(await client.get(f"{link}/thanks"))
    assert "Friday, August 2, 2019" in noted
    assert "Networking, Leadership" in noted
    shown = await client.get(link)
    assert shown.text.count(" checked") == 4
    assert 'type="date" name="held_on" id="held_on" value="2019-08-02"' in shown.text


async def test_thanks_are_sent_to_the_mentor_by_name_and_only_when_the_mentee_presses(
    client: httpx.AsyncClient, service: RecordingService
) -> None:
    link = service.link(MilestoneKind.THANKS, Side.MENTEE)
    shown = await client.get(link)
    assert '<button type="submit">Send to Solveig</button>' in shown.text
    assert "Who can see your answer: you and your partner." in text_of(shown)
    assert service.saved == []
    assert (await client.post(link, data={"text": "  "})).status_code == 422
    sent = await client.post(link, data=THANKS)
    assert sent.headers["location"] == f"{link}/thanks"
    assert service.saved[0].answers == THANKS


async def test_thanks_once_sent_show_when_and_cannot_be_changed(
    client: httpx.AsyncClient, service: RecordingService
) -> None:
    link = service.link(MilestoneKind.THANKS, Side.MENTEE)
    await client.post(link, data=THANKS)
    for path in (link, f"{link}/thanks"):
        page = await client.get(path)
        assert "You wrote them on Thursday, July 25, 2019" in text_of(page)
        assert THANKS["text"] in text_of(page)
        assert "<form" not in page.text
        assert "change your answers" not in page.text


async def test_thanks_pressed_twice_are_sent_once(client: httpx.AsyncClient, service: RecordingService) -> None:
    link = service.link(MilestoneKind.THANKS, Side.MENTEE)
    first, second = [await client.post(link, data=THANKS) for _ in range(2)]
    assert (first.status_code, first.headers["location"]) == (second.status_code, second.headers["location"])
    assert len(service.saved) == 1


async def test_other_words_of_thanks_can_be_copied_and_are_not_sent(
    client: httpx.AsyncClient, service: RecordingService
) -> None:
    link = service.link(MilestoneKind.THANKS, Side.MENTEE)
    await client.post(link, data=THANKS)
    page = await client.post(link, data={"text": "And thank you for the book."})
    assert page.status_code == 409
    assert "we did not send what you typed now" in text_of(page)
    for words in ("And thank you for the book.", THANKS["text"]):
        assert words in text_of(page)
    assert len(service.saved) == 1


async def test_mentor_is_asked_for_no_thanks(client: httpx.AsyncClient, service: RecordingService) -> None:
    link = service.link(MilestoneKind.THANKS, Side.MENTOR)
    assert "This page is only for Kao Nou Vue-Reyes" in text_of(await client.get(link))
    assert (await client.post(link, data=THANKS)).status_code == 409
    assert service.saved == []
