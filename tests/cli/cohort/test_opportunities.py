"""What staff draw a cohort's attention to: opportunities and links, added, listed, removed, and remembered."""

import json
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import asyncpg
import pytest

from runtime.local_stack.stack import LocalStack

Mile = Callable[..., Awaitable[CompletedProcess[str]]]
NewClass = Callable[[str, date], Path]

OPENING = ("--area", "involvement", "--title", "Join the legislative committee", "--until", "2100-09-01")
COURSE = ("--area", "chance", "--title", "Course", "--until", "2100-06-01", "--url", "https://example.org/course")


@pytest.fixture
async def open_class(mile: Mile, new_class: NewClass) -> str:
    """A cohort; whoever asks later finds it there."""
    await mile("cohort", "create", str(new_class("open", date(2100, 5, 10))))
    return "open"


async def test_an_opportunity_is_listed_until_it_is_removed(mile: Mile, open_class: str, stack: LocalStack) -> None:
    assert (await mile("cohort", "opportunity", "list", open_class)).stdout.startswith("open has no opportunities.")
    tried = await mile("cohort", "opportunity", "add", open_class, *OPENING, "--dry-run")
    assert "would be shown" in tried.stdout
    for opportunity in (OPENING, COURSE):
        assert (await mile("cohort", "opportunity", "add", open_class, *opportunity)).returncode == 0
    listed = json.loads((await mile("cohort", "opportunity", "list", open_class, "--json")).stdout)
    assert [(one["title"], one["closes_on"]) for one in listed] == [
        ("Course", "2100-06-01"),
        ("Join the legislative committee", "2100-09-01"),
    ]
    assert "https://example.org/course" in (await mile("cohort", "opportunity", "list", open_class)).stdout
    for one in listed:
        remove = ("cohort", "opportunity", "remove", open_class, str(one["id"]))
        assert f"{one['title']} would be removed" in (await mile(*remove, "--dry-run")).stdout
        assert (await mile(*remove)).returncode == 0
        assert ((await mile(*remove)).returncode, (await mile(*remove, "--dry-run")).returncode) == (2, 2)
    assert json.loads((await mile("cohort", "opportunity", "list", open_class, "--json")).stdout) == []
    assert await _remembered(stack, open_class) == ["opportunity_added"] * 2 + ["opportunity_removed"] * 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("--url", "javascript:alert(1)"), "--url 'javascript:alert(1)' cannot be used; write an address such as"),
        (("--title", "two\nlines"), "cannot be used; write one line of at most 200 characters."),
        (("--until", "next week"), "--until next week is no day"),
    ],
)
async def test_what_cannot_be_shown_in_an_email_is_refused(
    mile: Mile, open_class: str, changed: tuple[str, str], said: str
) -> None:
    ran = await mile("cohort", "opportunity", "add", open_class, *OPENING, *changed)
    assert ran.returncode == 2
    assert said in ran.stderr


async def test_a_cohort_that_does_not_exist_has_no_opportunities(mile: Mile) -> None:
    for step in (("add", "nowhere", *OPENING), ("list", "nowhere"), ("remove", "nowhere", "1")):
        ran = await mile("cohort", "opportunity", *step)
        assert (ran.returncode, ran.stderr) == (2, "There is no cohort nowhere.\n")


async def test_link_for_learning_is_listed_until_it_is_removed(mile: Mile, open_class: str, stack: LocalStack) -> None:
    link = ("--area", "networking", "--title", "A guide", "--about", "How to begin.", "--url")
    refused = await mile("cohort", "resource", "add", open_class, *link, "http://example.org/guide")
    assert (refused.returncode, "begins with https://" in refused.stderr) == (2, True)
    address = "https://example.org/guide"
    tried = await mile("cohort", "resource", "add", open_class, *link, address, "--dry-run")
    assert "would be on the own pages" in tried.stdout
    assert (await mile("cohort", "resource", "add", open_class, *link, address)).returncode == 0
    (listed,) = json.loads((await mile("cohort", "resource", "list", open_class, "--json")).stdout)
    assert (listed["area"], listed["title"], listed["url"]) == ("networking", "A guide", address)
    remove = ("cohort", "resource", "remove", open_class, str(listed["id"]))
    assert [(await mile(*remove)).returncode for _ in range(2)] == [0, 2]


async def _remembered(stack: LocalStack, cohort: str) -> list[str]:
    connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
    try:
        sql = "select action from audit_event where cohort_id = $1 and action like 'opportunity%' order by id"
        return [row["action"] for row in await connection.fetch(sql, cohort)]
    finally:
        await connection.close()
