"""What comes back to the envelope sender of an email, as the service understands it."""

import time

import pytest

from emails.incoming import READ_BYTES, read_incoming
from schemas.enums import IncomingKind
from tests.emails.bounce_messages import BOUNCES, DAEMON, TO, TOKEN, message, recipient, reply, report

REFUSED, LOST, DELAYED = IncomingKind.ADDRESS_REFUSED, IncomingKind.NOT_DELIVERED, IncomingKind.DELAYED
DELIVERED, AUTOMATIC = IncomingKind.DELIVERED, IncomingKind.AUTOMATIC_REPLY
UNKNOWN_USER = recipient("failed", "5.1.1", "smtp; 550 5.1.1 <p@example.org>: user unknown")

MESSAGES: dict[str, tuple[bytes, IncomingKind, str | None]] = {
    "Postfix": (report(UNKNOWN_USER), REFUSED, "550 5.1.1"),
    "Exchange": (
        report(recipient("failed", "5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP")),
        REFUSED,
        "550 5.1.10",
    ),
    "a folded diagnostic": (
        report(recipient("failed", "5.0.0", "smtp; 550-5.1.1 The email account\n    does not exist")),
        REFUSED,
        "550 5.1.1",
    ),
    "a status with a comment and no diagnostic": (
        report(recipient("failed", "5.1.2 (bad destination system)")),
        REFUSED,
        "550 5.1.2",
    ),
    "a general status with a bare reply that names the mailbox": (
        report(recipient("failed", "5.0.0", "smtp; 550 No such user here")),
        REFUSED,
        "550",
    ),
    "LMTP": (report(recipient("failed", "5.1.1", "lmtp; 550 5.1.1 User does not exist")), REFUSED, "550 5.1.1"),
    "a policy": (report(recipient("failed", "5.7.1", "smtp; 550 5.7.1 message looks like spam")), LOST, "550 5.7.1"),
    "the server's code against the reporter's": (
        report(recipient("failed", "5.1.1", "smtp; 554 5.7.1 rejected")),
        LOST,
        "554 5.7.1",
    ),
    "a full mailbox, for good": (report(recipient("failed", "5.2.2", "smtp; 552 5.2.2 full")), LOST, "552 5.2.2"),
    "given up after days": (report(recipient("failed", "4.4.1", "smtp; connection timed out")), LOST, "450 4.4.1"),
    "delayed": (
        report(recipient("delayed", "4.2.2"), Subject="Delayed Mail (still being retried)"),
        DELAYED,
        "450 4.2.2",
    ),
    "delayed, though with a code for good": (report(recipient("delayed", "5.1.1")), DELAYED, "450 4.1.1"),
    "relayed": (report(recipient("relayed", "2.1.9"), Subject="Successful Mail Delivery Report"), DELIVERED, "2.1.9"),
    "one of two behind an alias": (report(UNKNOWN_USER, recipient("delivered", "2.1.5")), DELIVERED, "2.1.5"),
    "one of two behind an alias, while the other waits": (
        report(UNKNOWN_USER, recipient("delayed", "4.2.2")),
        DELAYED,
        "450 4.2.2",
    ),
    "both behind an alias": (report(UNKNOWN_USER, UNKNOWN_USER), REFUSED, "550 5.1.1"),
    "qmail": (
        message("Hi. This is the qmail-send program.\n<p@example.org>:\nSorry, no mailbox here. (#5.1.1)\n"),
        REFUSED,
        "550 5.1.1",
    ),
    "plain words with a reply": (
        message("A message that you sent could not be delivered:\n  p@example.org\n    550 Unknown user\n"),
        REFUSED,
        "550",
    ),
    "plain words from nobody": (
        message("Undeliverable: 550-5.1.1 user unknown", From="Gateway <gate@example.net>"),
        REFUSED,
        "550 5.1.1",
    ),
    "plain words about a policy": (message("host mx said: 554 5.7.1 Relay access denied"), LOST, "554 5.7.1"),
    "plain words of a delay": (
        message("Will be retried: 451 4.7.1 greylisted", Subject="Warning: delayed 4 hours"),
        DELAYED,
        "451 4.7.1",
    ),
    "out of office": (reply("Call 550 5.1.1", Auto_Submitted="auto-replied", Return_Path="<>"), AUTOMATIC, None),
    "out of office by its subject": (
        reply(Subject="Automatic reply: Your check-in", Return_Path="<>"),
        AUTOMATIC,
        None,
    ),
    "out of office by its precedence": (reply(Precedence="auto_reply"), AUTOMATIC, None),
    "a responder of old": (reply(X_Autoreply="yes"), AUTOMATIC, None),
    "a receipt": (
        reply(Content_Type='multipart/report; report-type=disposition-notification; boundary="b"'),
        AUTOMATIC,
        None,
    ),
    "a telephone number from nobody": (reply("Away. Call 651 550 1234.", Return_Path="<>"), IncomingKind.REPLY, None),
    "a person": (reply("The code 5.1.1 was in my email"), IncomingKind.REPLY, None),
    "a person who says it was not by a machine": (reply(Auto_Submitted="no"), IncomingKind.REPLY, None),
}


@pytest.mark.parametrize(("raw", "kind", "failure"), MESSAGES.values(), ids=MESSAGES)
def test_message_is_understood(raw: bytes, kind: IncomingKind, failure: str | None) -> None:
    incoming = read_incoming(raw, BOUNCES)
    assert (incoming.kind, incoming.failure, incoming.token) == (kind, failure, TOKEN)


NAMED = {
    "as it is": ("p@example.org", None, {"p@example.org"}),
    "in capitals": ("P@EXAMPLE.ORG", None, {"p@example.org"}),
    "in angle brackets": ("<p@example.org>", None, {"p@example.org"}),
    "a domain of another script": ("p@bücher.example.org", None, {"p@xn--bcher-kva.example.org"}),
    "behind a forwarder": ("x@example.net", "p@example.org", {"x@example.net", "p@example.org"}),
    "with an encoded original": (
        "x@example.net",
        "p+2Bq@example.org",
        {"x@example.net", "p+2bq@example.org", "p+q@example.org"},
    ),
    "no address": ("postmaster", None, {"postmaster"}),
}


@pytest.mark.parametrize(("final", "original", "named"), NAMED.values(), ids=NAMED)
def test_report_names_its_recipients_in_the_form_in_which_addresses_are_stored(
    final: str, original: str | None, named: set[str]
) -> None:
    [said] = read_incoming(report(recipient("failed", "5.1.1", to=final, original=original)), BOUNCES).reports
    assert set(said.addresses) == named


def test_only_a_report_names_addresses() -> None:
    assert read_incoming(message("p@example.org: 550 5.1.1 user unknown"), BOUNCES).reports == ()


@pytest.mark.parametrize("header", ["Delivered_To", "X_Original_To", "To", "Cc"])
def test_email_is_found_by_the_envelope_recipient(header: str) -> None:
    raw = reply(**{"To": "undisclosed-recipients:;"} | {header: f"Somebody <{TO.upper()}>"})
    assert read_incoming(raw, BOUNCES).token == TOKEN


@pytest.mark.parametrize(
    "to",
    [
        "bounces@example.org",
        f"bounces+{TOKEN}@example.net",
        f"x-bounces+{TOKEN}a@example.org",
        "bounces+short@example.org",
    ],
)
def test_message_to_another_address_is_about_no_email(to: str) -> None:
    incoming = read_incoming(report(UNKNOWN_USER, To=to), BOUNCES)
    assert (incoming.kind, incoming.token) == (IncomingKind.UNRECOGNIZED, None)


def _nested(depth: int) -> bytes:
    parts = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(depth))
    return message(parts, Content_Type='multipart/mixed; boundary="x"').replace(b"\r\n\r\n", b"\r\n\r\n--x\r\n", 1)


HOSTILE = {
    "a megabyte of words": reply("550 " * 250_000),
    "a megabyte of boundaries": report(UNKNOWN_USER, words="--b1\n" * 200_000),
    "parts within parts": _nested(3_000),
    "a long header": reply(Subject="(" * 3_000),
    "many long recipients": reply(Cc=", ".join([f"{'a' * 60}+b@example.org"] * 2_000)),
    "open tags": message("<" * 100_000, Content_Type="text/html"),
    "an unknown encoding": message("\xff", Content_Type="text/plain; charset=nothing", Content_Transfer_Encoding="x"),
    "bad base64": message("!" * 9_999, Content_Type="text/plain", Content_Transfer_Encoding="base64"),
    "a status of digits": report(recipient("failed", "5." + "1" * 50_000, "smtp; 550 " + "5." * 50_000)),
    "thousands of recipients": report(*(recipient("failed", "5.7.1", to=f"{n}@{n}.org") for n in range(3_000))),
    "headers only": b"To: " + TO.encode(),
    "nothing": b"",
    "bytes": bytes(range(256)) * 1_000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_hostile_message_is_read_quickly(raw: bytes) -> None:
    began = time.process_time()
    incoming = read_incoming(raw[:READ_BYTES], BOUNCES)
    assert time.process_time() - began < 2
    assert incoming.kind is not REFUSED


def test_report_is_understood_though_what_it_returns_is_cut_off() -> None:
    raw = report(UNKNOWN_USER).replace(b"Please call", b"x" * 2 * READ_BYTES)
    assert read_incoming(raw[:READ_BYTES], BOUNCES).kind is REFUSED


def test_every_envelope_sender_of_ours_comes_back() -> None:
    assert DAEMON not in TO
    assert read_incoming(report(UNKNOWN_USER, To=f"<{TO}>"), BOUNCES).token == TOKEN
