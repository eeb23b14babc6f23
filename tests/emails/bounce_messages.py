"""Messages as servers and people send them to the envelope sender of an email; all of them are invented."""

TOKEN = "abcdefghijklmnopqrstuvwxyz"
BOUNCES = "bounces@example.org"
TO = f"bounces+{TOKEN}@example.org"
DAEMON = "MAILER-DAEMON@mx.example.net"


def message(body: str, **headers: str) -> bytes:
    """Return a message to our envelope sender; ``_`` in a header's name stands for ``-``."""
    given = {"Return_Path": "<>", "From": DAEMON, "To": TO, "Subject": "Undelivered Mail Returned to Sender"} | headers
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in given.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + body.replace("\n", "\r\n")).encode()


def report(*recipients: str, words: str = "I'm sorry to have to inform you.", **headers: str) -> bytes:
    """Return a report (RFC 3464) with a block for each recipient."""
    blocks = "\n\n".join(["Reporting-MTA: dns; mx.example.net", *recipients])
    body = (
        "This is a MIME-encapsulated message.\n\n"
        f"--b1\nContent-Type: text/plain; charset=us-ascii\n\n{words}\n\n"
        f"--b1\nContent-Type: message/delivery-status\n\n{blocks}\n\n"
        "--b1\nContent-Type: message/rfc822\n\n"
        f"From: mile@example.org\nTo: p@example.org\nSubject: Your check-in\n\nPlease call 550 5.7.1 times.\n\n--b1--\n"
    )
    kind = 'multipart/report; report-type=delivery-status; boundary="b1"'
    return message(body, **{"Content_Type": kind, "Auto_Submitted": "auto-replied"} | headers)


def recipient(
    action: str, status: str, diagnostic: str | None = None, *, to: str = "p@example.org", original: str | None = None
) -> str:
    """Return the block of a report about one recipient; ``original`` is the address that its sender wrote to."""
    lines = [f"Final-Recipient: rfc822; {to}", f"Action: {action}", f"Status: {status}"]
    lines += [f"Original-Recipient: rfc822;{original}"] if original else []
    return "\n".join([*lines, *([f"Diagnostic-Code: {diagnostic}"] if diagnostic else [])])


def reply(body: str = "Thank you!", **headers: str) -> bytes:
    """Return what somebody's mailbox sends back, or what they write themselves."""
    return message(
        body, **{"Return_Path": "<p@example.org>", "From": "P <p@example.org>", "Subject": "Re: Hi"} | headers
    )
