"""What leaves in the next days, what one mentorship was sent, and what is held."""

import json
from datetime import UTC, datetime, timedelta

from runtime.local_stack.stack import LocalStack
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient
from storage import outbox
from storage.database import open_pool
from tests.cli.conftest import Mile, RunningClass
from tests.cli.mentorship.test_commands import YESTERDAY

CLASS = "since-yesterday"


async def test_next_emails_are_those_of_every_timeline_until_the_day(mile: Mile, running_class: RunningClass) -> None:
    await running_class(CLASS, YESTERDAY)
    until = datetime.now(UTC) + timedelta(days=50)
    expected = set()
    for number in range(1, 14):
        timeline = json.loads((await mile("mentorship", "timeline", f"{CLASS}-{number:03}", "--json")).stdout)
        emails = [(email["at"], timeline["mentorship"], email["to"], email["kind"]) for email in timeline["emails"]]
        expected |= {email for email in emails if datetime.fromisoformat(email[0]) < until}
    shown = json.loads((await mile("emails", "next", CLASS, "--days", "50", "--json")).stdout)
    listed = {tuple(email[key] for key in ("at", "about", "to", "kind")) for email in shown["emails"]}
    assert listed >= expected
    assert len(expected) > 26
    assert {about for _, about, *_ in listed - expected} <= {CLASS}
    assert shown["not_asked"] == []
    assert f"{CLASS}-013" in (await mile("emails", "next", CLASS, "--days", "50")).stdout


async def test_emails_of_one_mentorship_are_listed_with_their_states(
    mile: Mile, running_class: RunningClass, stack: LocalStack
) -> None:
    await running_class(CLASS, YESTERDAY)
    later = datetime.now(UTC) + timedelta(days=300)
    async with open_pool(stack.settings.database_url.get_secret_value(), size=1) as pool:
        for number in (7, 8):
            scope = f"{CLASS}-{number:03}"
            given = {"scope_id": scope, "to": Recipient.MENTOR, "at": later, "now": later}
            key = f"{scope}/thanks/x/mentor/0"
            await outbox.enqueue(pool, QueuedEmail(key=key, kind=EmailKind.THANKS, **given), delay=timedelta(days=300))
    shown = json.loads((await mile("emails", "sent", f"{CLASS}-007", "--json")).stdout)
    thanks = [email for email in shown["emails"] if email["kind"] == "thanks"]
    assert [(email["key"], email["state"]) for email in thanks] == [(f"{CLASS}-007/thanks/x/mentor/0", "queued")]
    assert {email["scope_id"] for email in shown["emails"]} == {f"{CLASS}-007"}
    assert "queued" in (await mile("emails", "sent", f"{CLASS}-007")).stdout
    await assert_listed_while_held(mile, thanks[0]["key"])


async def assert_listed_while_held(mile: Mile, key: str) -> None:
    """Hold an email and drop it: it is listed as held in between, and as stuck at no time."""
    assert json.loads((await mile("emails", "stuck", "--json")).stdout) == {"emails": [], "held": []}
    await mile("emails", "hold", key, "--note", "asked")
    shown = json.loads((await mile("emails", "stuck", "--json")).stdout)
    assert ([email["key"] for email in shown["held"]], shown["emails"]) == ([key], [])
    printed = (await mile("emails", "stuck")).stdout
    assert "No email is stuck.\n\n1 held" in printed
    assert key in printed
    assert "leaves now" in (await mile("emails", "release", key, "--note", "it never left", "--dry-run")).stdout
    await mile("emails", "drop", key, "--note", "it left before")
    assert (await mile("emails", "stuck")).stdout == "No email is stuck.\n"
