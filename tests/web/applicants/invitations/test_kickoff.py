"""The half-day session: asked without obliging anybody, changed until the kickoff, and taken into a calendar (A20)."""

from datetime import timedelta

import httpx
import icalendar
import pytest

from schemas.applications.applicant import Rsvp
from schemas.cohort.settings import HalfDaySession
from schemas.enums import RsvpStatus
from storage import cohorts, kickoff
from tests.web.applicants.invitations.proposed_class import (
    COHORT,
    HALF_DAYS,
    ID,
    KICKOFF,
    PROPOSED,
    ProposedClass,
    text_of,
)

COMES = {"status": "yes", "half_day": "friday", "meals": "Vegetarian", "access": "A seat\nnear the front"}


@pytest.fixture
async def invited(proposed: ProposedClass) -> ProposedClass:
    """The class with one match that stands."""
    await proposed.commit("M02", "P03")
    return proposed


async def said(proposed: ProposedClass, person: str) -> Rsvp | None:
    guest = await kickoff.guest(proposed.pool, ID, person)
    return guest.rsvp if guest else None


async def test_page_says_where_and_when_and_that_nobody_has_to_come(
    client: httpx.AsyncClient, invited: ProposedClass
) -> None:
    words = text_of(await client.get(invited.kickoff("M02")))
    for told in (
        "Sugar Lake Lodge, Cohasset",
        "Thursday, May 9, 2019, 9:00 AM to 12:30 PM",
        "Friday, May 10, 2019, 1:00 PM to 4:00 PM",
        "You don’t have to come.",
        "Your mentorship starts as planned",
        "Who can see your answers: you and staff.",
        "We delete it at most 30 days after Friday, May 10, 2019",
    ):
        assert told in words


async def test_answer_is_kept_shown_and_can_be_changed(client: httpx.AsyncClient, invited: ProposedClass) -> None:
    link = invited.kickoff("M02")
    assert (await client.post(link, data=COMES)).status_code == 303
    assert await said(invited, "M02") == Rsvp(
        status=RsvpStatus.YES, half_day="friday", meals="Vegetarian", access="A seat\nnear the front"
    )
    page = await client.get(link)
    assert "We saved your answer" in text_of(page)
    assert "Vegetarian" in page.text
    form = await client.get(f"{link}?change=yes")
    assert 'value="friday" checked' in form.text
    await client.post(link, data={"status": "no", "half_day": "any"})
    assert await said(invited, "M02") == Rsvp(status=RsvpStatus.NO)
    assert "Your mentorship starts anyway" in text_of(await client.get(link))


async def test_participant_who_cannot_be_there_is_told_that_staff_settle_how_to_begin(
    client: httpx.AsyncClient, invited: ProposedClass
) -> None:
    assert "Your mentorship starts as planned" not in text_of(await client.get(invited.kickoff("P03")))
    await client.post(invited.kickoff("P03"), data={"status": "no"})
    words = text_of(await client.get(invited.kickoff("P03")))
    assert "Staff will talk with you about how your mentorship starts" in words
    assert "all the same" not in words


@pytest.mark.parametrize("person", ["M02", "M01"])
async def test_page_of_a_class_that_is_called_off_says_so_and_asks_nothing(
    client: httpx.AsyncClient, invited: ProposedClass, person: str
) -> None:
    await invited.pool.execute("update cohort set archived_at = now()")
    for path in (invited.kickoff(person), f"{invited.kickoff(person)}?change=yes"):
        page = await client.get(path)
        assert (page.status_code, "<form" in page.text) == (200, False)
        assert "The class is called off There is no kickoff, so you don’t need to answer." in text_of(page)
    invited.at(KICKOFF)
    assert "called off" not in text_of(await client.get(invited.kickoff(person)))


async def test_half_day_may_stay_open(client: httpx.AsyncClient, invited: ProposedClass) -> None:
    assert (await client.post(invited.kickoff("P03"), data={"status": "yes"})).status_code == 303
    assert await said(invited, "P03") == Rsvp(status=RsvpStatus.YES)


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"meals": "Nuts kill me"}, "Please choose an answer."),
        ({"status": "perhaps", "meals": "Nuts kill me"}, "Please choose one of these answers."),
        ({"status": "yes", "half_day": "sunday", "meals": "Nuts kill me"}, "Please choose one of these answers."),
        ({"status": "yes", "meals": "Nuts kill me", "access": "long " * 300}, "Please shorten it to 1,000 or fewer."),
    ],
)
async def test_answer_that_cannot_be_kept_comes_back_with_what_was_typed(
    client: httpx.AsyncClient, invited: ProposedClass, sent: dict[str, str], problem: str
) -> None:
    page = await client.post(invited.kickoff("M02"), data=sent)
    assert page.status_code == 422
    assert problem in text_of(page)
    assert "Nuts kill me" in page.text
    assert await said(invited, "M02") is None


async def test_answers_end_with_the_kickoffs_morning_and_what_comes_later_can_be_copied(
    client: httpx.AsyncClient, invited: ProposedClass
) -> None:
    link = invited.kickoff("M02")
    invited.at(KICKOFF - timedelta(seconds=1))
    await client.post(link, data=COMES)
    invited.at(KICKOFF)
    late = await client.post(link, data=COMES | {"meals": "Vegan since today"})
    assert late.status_code == 409
    assert "Vegan since today" in late.text
    kept = await said(invited, "M02")
    assert kept
    assert kept.meals == "Vegetarian"
    assert "change your answer" not in (await client.get(f"{link}?change=yes")).text


async def test_who_has_no_match_that_stands_is_not_asked(client: httpx.AsyncClient, invited: ProposedClass) -> None:
    link = invited.kickoff("P01")
    assert "You have no invitation yet" in text_of(await client.get(link))
    sent = await client.post(link, data=COMES)
    assert sent.status_code == 409
    assert "A seat" in sent.text
    assert (await client.get(f"{link}.ics")).status_code == 404
    assert await said(invited, "P01") is None


async def test_everybody_in_a_published_match_is_asked_where_nobody_has_to_commit(
    client: httpx.AsyncClient, proposed: ProposedClass
) -> None:
    await cohorts.save_settings(proposed.pool, COHORT.model_copy(update={"proposals": None}), PROPOSED)
    for person in proposed.links:
        assert "Will you come" in text_of(await client.get(proposed.kickoff(person)))


async def test_class_without_a_session_asks_nobody_and_still_has_a_calendar_file(
    client: httpx.AsyncClient, invited: ProposedClass
) -> None:
    await cohorts.save_settings(invited.pool, COHORT.model_copy(update={"session": None}), PROPOSED)
    assert "You don’t need to answer an invitation" in text_of(await client.get(invited.kickoff("M02")))
    assert (await client.post(invited.kickoff("M02"), data=COMES)).status_code == 409
    [event] = icalendar.Calendar.from_ical((await client.get(f"{invited.kickoff('M02')}.ics")).content).events
    assert event.start == COHORT.kickoff_day


async def test_one_half_day_is_not_asked_about(client: httpx.AsyncClient, invited: ProposedClass) -> None:
    only = COHORT.model_copy(update={"session": HalfDaySession(half_days=HALF_DAYS[1:])})
    await cohorts.save_settings(invited.pool, only, PROPOSED)
    assert "Which half day" not in text_of(await client.get(invited.kickoff("M02")))
    await client.post(invited.kickoff("M02"), data={"status": "yes"})
    file = icalendar.Calendar.from_ical((await client.get(f"{invited.kickoff('M02')}.ics")).content)
    assert [str(event["status"]) for event in file.events] == ["CONFIRMED", "CONFIRMED"]


async def test_half_day_that_was_dropped_since_is_asked_for_again(
    client: httpx.AsyncClient, invited: ProposedClass
) -> None:
    await client.post(invited.kickoff("M02"), data=COMES | {"half_day": "thursday"})
    later = HALF_DAYS[1].model_copy(update={"id": "evening"})
    changed = COHORT.model_copy(update={"session": HalfDaySession(half_days=(HALF_DAYS[1], later))})
    await cohorts.save_settings(invited.pool, changed, PROPOSED)
    page = await client.get(f"{invited.kickoff('M02')}?change=yes")
    assert "Vegetarian" in page.text
    assert 'name="half_day" id="half_day-friday" value="friday">' in page.text


async def test_calendar_file_follows_the_answer_and_has_no_address_of_a_participant(
    client: httpx.AsyncClient, invited: ProposedClass
) -> None:
    link = f"{invited.kickoff('M02')}.ics"
    before = await client.get(link)
    assert before.headers["content-type"].startswith("text/calendar")
    assert before.headers["content-disposition"] == 'attachment; filename="kickoff.ics"'
    invited.at(PROPOSED + timedelta(days=1))
    await client.post(invited.kickoff("M02"), data=COMES)
    after = await client.get(link)
    first, second = (icalendar.Calendar.from_ical(page.content).events for page in (before, after))
    assert [str(event["status"]) for event in first] == ["TENTATIVE", "TENTATIVE", "CONFIRMED"]
    assert [str(event["status"]) for event in second] == ["CANCELLED", "CONFIRMED", "CONFIRMED"]
    assert [event.uid for event in first] == [event.uid for event in second]
    assert all(one.sequence < other.sequence for one, other in zip(first, second, strict=True))
    assert "m02@example.org" not in after.text
    assert "Warsame" not in after.text


async def test_same_answer_again_is_no_change_of_the_calendar_file(
    client: httpx.AsyncClient, invited: ProposedClass
) -> None:
    await client.post(invited.kickoff("M02"), data=COMES)
    before = (await client.get(f"{invited.kickoff('M02')}.ics")).content
    invited.at(PROPOSED + timedelta(days=1))
    await client.post(invited.kickoff("M02"), data=COMES)
    assert (await client.get(f"{invited.kickoff('M02')}.ics")).content == before


async def test_unknown_link_leads_nowhere_and_what_was_typed_can_be_copied(client: httpx.AsyncClient) -> None:
    for path in ("kickoff", "kickoff.ics"):
        assert (await client.get(f"/a/{'a' * 26}/{path}")).status_code == 404
    sent = await client.post(f"/a/{'a' * 26}/kickoff", data=COMES)
    assert sent.status_code == 404
    assert "near the front" in sent.text
