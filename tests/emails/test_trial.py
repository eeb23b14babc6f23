"""A test email is plain, leaves past the outbox, and whatever the relay answers is said."""

from datetime import UTC, datetime

import pytest

from emails.trial import send_trial
from tests.emails.relay import Relay, listening, settings_for

NOW = datetime(2019, 5, 10, 14, tzinfo=UTC)


async def tried(relay: Relay, recipient: str = "ada@example.org") -> tuple[bool, str, int | None, str]:
    async with listening(relay) as port:
        result = await send_trial(settings_for("postgresql://nowhere", port), recipient, NOW)
    assert result.relay == f"127.0.0.1:{port}"
    return result.accepted, result.step, result.code, result.words


async def test_accepted_email_is_plain_and_says_that_nothing_is_asked(relay: Relay) -> None:
    assert await tried(relay) == (True, "DATA", 250, "taken")
    [message] = relay.messages
    assert (message["To"], message["From"]) == ("ada@example.org", "MILE mentorship <mile@example.org>")
    assert message.get_content_type() == "text/plain"
    assert "don't need to do anything" in message.get_content()
    assert not message.defects


async def test_two_test_emails_are_two_messages(relay: Relay) -> None:
    await tried(relay)
    await tried(relay)
    assert len({message["Message-ID"] for message in relay.messages}) == 2


@pytest.mark.parametrize(
    ("relay", "answer"),
    [
        (Relay(to_recipient="550 5.1.1 no such user"), ("RCPT", 550, "5.1.1 no such user")),
        (Relay(to_recipient="451 4.7.1 greylisted"), ("RCPT", 451, "4.7.1 greylisted")),
        (Relay(to_message="554 5.7.1 looks like \x1b[2Jspam"), ("DATA", 554, "5.7.1 looks like [2Jspam")),
    ],
)
async def test_refusal_is_told_with_its_step_code_and_words(relay: Relay, answer: tuple[str, int, str]) -> None:
    assert await tried(relay) == (False, *answer)


async def test_relay_that_is_not_there_is_told_without_a_code() -> None:
    result = await send_trial(settings_for("postgresql://nowhere", 1), "ada@example.org", NOW)
    assert (result.accepted, result.step, result.code) == (False, "connect", None)
    assert "SMTPConnectError" in result.words
