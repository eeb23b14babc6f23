"""Matches and the kickoff in a real browser: no barrier axe-core knows of, no mouse and no script needed."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.applicants.invitations.proposed_class import DUE, KICKOFF, PROPOSED, ProposedClass
from tests.web.browser import assert_without_barriers, follow

pytestmark = pytest.mark.browser


async def test_every_state_of_a_match_is_without_barriers(page: Page, proposed: ProposedClass) -> None:
    await page.goto(proposed.match("P03"))
    for more in await page.locator("summary").all():
        await more.click()
    await assert_without_barriers(page)
    await follow(page.get_by_role("button", name="I decline"))
    await expect(page.get_by_role("alert")).to_be_focused()
    await assert_without_barriers(page)
    for answer in ("asked", "declined", "committed"):
        await proposed.pool.execute(
            "update proposal set mentee_answer = $1, mentee_answered_at = $2, mentee_question = 'Why?' "
            "where mentee_id = 'P03'",
            answer,
            PROPOSED,
        )
        await page.goto(proposed.match("P03"))
        await assert_without_barriers(page)
    proposed.at(DUE)
    await page.goto(proposed.match("P03"))
    await assert_without_barriers(page)
    await proposed.commit("M02", "P03")
    await page.goto(proposed.match("P03"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Your match is final")
    await assert_without_barriers(page)
    await page.goto(proposed.match("M01"))
    await assert_without_barriers(page)
    await proposed.publish({"P01": "M01"}, PROPOSED + timedelta(days=2))
    await page.goto(proposed.match("P03"))
    await assert_without_barriers(page)


async def test_every_state_of_the_invitation_is_without_barriers(page: Page, proposed: ProposedClass) -> None:
    await page.goto(proposed.kickoff("P03"))
    await assert_without_barriers(page)
    await proposed.commit("M02", "P03")
    await page.goto(proposed.kickoff("P03"))
    await assert_without_barriers(page)
    await follow(page.get_by_role("button", name="Send my answer"))
    await expect(page.get_by_role("alert")).to_be_focused()
    await assert_without_barriers(page)
    await page.get_by_label("Yes, I will come").check()
    await follow(page.get_by_role("button", name="Send my answer"))
    await assert_without_barriers(page)
    proposed.at(KICKOFF)
    await page.goto(proposed.kickoff("P03"))
    await assert_without_barriers(page)


async def test_match_and_invitation_are_answered_with_the_keyboard_and_without_scripts(
    browser: Browser, site: str, proposed: ProposedClass
) -> None:
    context = await browser.new_context(base_url=site, java_script_enabled=False)
    page = await context.new_page()
    keys = page.keyboard
    await page.goto(proposed.match("P03"))
    await page.get_by_text("I have a question first").focus()
    for key in ("Enter", "Tab"):
        await keys.press(key)
    await keys.type("When could we meet?")
    await keys.press("Tab")
    async with page.expect_navigation():
        await keys.press("Enter")
    assert (await proposed.kept("M02", "P03"))["mentee_question"] == "When could we meet?"
    await page.get_by_role("button", name="I commit").focus()
    async with page.expect_navigation():
        await keys.press("Enter")
    assert (await proposed.kept("M02", "P03"))["mentee_answer"] == "committed"
    await proposed.commit("M02", "P03")
    await page.goto(proposed.kickoff("P03"))
    await page.get_by_label("Yes, I will come").focus()
    for key in ("Space", "Tab", "Space", "Tab"):
        await keys.press(key)
    await keys.type("Vegetarian")
    for key in ("Tab", "Tab"):
        await keys.press(key)
    async with page.expect_navigation():
        await keys.press("Enter")
    row = await proposed.pool.fetchrow("select status, half_day, meals from rsvp where person_id = 'P03'")
    assert row
    assert tuple(row.values()) == ("yes", "thursday", "Vegetarian")
    await context.close()


async def test_enter_in_the_reasons_never_commits(browser: Browser, site: str, proposed: ProposedClass) -> None:
    context = await browser.new_context(base_url=site, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(proposed.match("P03"))
    await page.locator("summary", has_text="I decline").click()
    await page.get_by_label("We are too far apart").focus()
    await page.keyboard.press("Space")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert (await proposed.kept("M02", "P03"))["mentee_answer"] == "declined"
    await context.close()
