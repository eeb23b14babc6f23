import mailbox
from email.message import EmailMessage

import aiosmtplib

from runtime.local_stack.stack import LocalStack


def _email(subject: str) -> EmailMessage:
    email = EmailMessage()
    email["From"], email["To"], email["Subject"] = "mile@example.org", "astrid@example.org", subject
    email.set_content(".a line that starts with a full stop\nund ein Grüß Gott\n")
    return email


async def test_every_email_is_kept_as_it_was_sent_and_told_of(
    servers: LocalStack, captured: list[EmailMessage]
) -> None:
    for subject in ("first", "second"):
        await aiosmtplib.send(_email(subject), hostname="127.0.0.1", port=servers.ports.mail)
    kept = mailbox.Maildir(servers.folder / "mail", create=False)
    assert sorted(email["Subject"] for email in kept) == ["first", "second"]
    assert [email["Subject"] for email in captured] == ["first", "second"]
    assert "Grüß Gott" in captured[0].get_content()
    assert captured[0].get_content().startswith(".a line")
