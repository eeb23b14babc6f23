"""``mile emails test``: sends one plain email and says what the relay answered."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, print_json
from emails.trial import TrialResult, send_trial
from runtime.local_stack.stack_discovery import present_settings
from schemas.addresses import EmailAddress
from schemas.errors import Refusal

_ADDRESS = TypeAdapter[str](EmailAddress)


def trial_command(
    recipient: Annotated[str, typer.Argument(metavar="ADDRESS", help="A mailbox of yours to look into.")],
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Send one plain test email, and say what the mail relay answered. Exits with 1 if it was not accepted."""
    try:
        address = _ADDRESS.validate_python(recipient)
    except ValidationError:
        raise Refusal("This is no email address that every mail server accepts. Please check it.") from None
    result = asyncio.run(send_trial(present_settings(folder), address, datetime.now(UTC)))
    if as_json:
        print_json(result)
    else:
        _print(result)
    raise typer.Exit(0 if result.accepted else 1)


def _print(result: TrialResult) -> None:
    verdict = "accepted the email" if result.accepted else f"did not accept the email (at {result.step})"
    answer = " ".join(part for part in (str(result.code or ""), result.words) if part)
    print(f"{result.relay} {verdict}: {answer}")
    if result.accepted:
        print("Look into the mailbox and its spam folder. Its source should say spf=pass, dkim=pass and dmarc=pass.")
    else:
        print("Correct MILE_SMTP_…, or what the relay allows. What its answer means: docs/howto/deliverability.md")
