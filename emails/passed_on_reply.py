"""A person's reply as it is passed on to the role that answers for the cohort: their words, and what staff could do."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from domain.safe_text import SafeLine, encodable, one_line
from emails.headers import check_headers, header_block
from emails.links import LinkKeys
from emails.message import address, message_id
from emails.replies import Reply
from runtime.settings import Settings
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import ReplyKind

_IN_CALENDAR = {
    ReplyKind.CALENDAR_ACCEPTED: "accepted",
    ReplyKind.CALENDAR_TENTATIVE: "accepted for now",
    ReplyKind.CALENDAR_DECLINED: "declined",
}
_MIME = frozenset({"Content-Type", "Content-Transfer-Encoding", "MIME-Version"})


class ReplyToPassOn(FrozenModel):
    """A reply with the subject of the email it answers, who wrote it, and the command that does what it asks for."""

    reply: Reply
    fingerprint: str
    cohort: CohortSettings
    subject: SafeLine
    writer: str
    command: str | None = None


def pass_on(given: ReplyToPassOn, settings: Settings, at: datetime) -> bytes:
    """Return the message to the role; the same arguments give the same bytes. Raises InvalidHeader."""
    cohort, reply = given.cohort, given.reply
    sender = address(f"{cohort.program.short_name} mentorship", settings.sender)
    mailboxes = {"From": sender, "To": address(cohort.contact.role, cohort.contact.email)}
    if reply.address is not None:
        mailboxes["Reply-To"] = Address(addr_spec=reply.address)
    subject = one_line(f"Reply: {given.subject}")
    secret = LinkKeys(settings).find(None).secret
    others = {
        "Date": format_datetime(at),
        "Message-ID": message_id(secret, f"reply/{given.fingerprint}", sender.domain),
        "Auto-Submitted": "auto-generated",
    }
    body = EmailMessage(SMTP)
    body.set_content(encodable(_text(given)), cte="quoted-printable")
    message = header_block(mailboxes, subject, others) + body.as_bytes()
    check_headers(message, mailboxes, subject, others, _MIME)
    return message


def _text(given: ReplyToPassOn) -> str:
    goes_to = "Your answer goes to them." if given.reply.address else "Their address cannot be answered."
    paragraphs = [
        f"Please read this reply from {given.writer} to “{given.subject}.” {goes_to}",
        "\n".join(f"> {line}" for line in given.reply.lines) or "They wrote nothing above the quoted email.",
    ]
    if answer := _IN_CALENDAR.get(given.reply.kind):
        paragraphs.append(
            f"In their calendar they {answer} the half-day session. Their answer on their own page is as it was."
        )
    if given.reply.attachments:
        paragraphs.append("Their reply has attachments. They are in the mailbox for bounces for 30 days.")
    if given.command:
        paragraphs.append(
            "Nothing was changed. Anyone can write under another’s name, so ask them first, by phone for instance. "
            f"If it is what they want, run:\n{given.command}"
        )
    return "\n\n".join(paragraphs) + "\n"
