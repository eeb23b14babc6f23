"""The mailbox for bounces by TLS: both ways in, and no password to a server that does not prove who it is."""

import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from emails.imap import DONE_FOLDER, FOLDERS, MAILBOX_ERRORS, ImapMailbox
from runtime.settings import ImapTls, Settings
from tests.emails.relay import settings_for
from tests.integration.mail_servers import DOMAIN, PASSWORD, MailServers, wait_for

# imap_tools leaves the socket of a STARTTLS that failed to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
WAYS: list[ImapTls] = ["implicit", "starttls"]


def settings_of(servers: MailServers, tls: ImapTls, **more: object) -> Settings:
    port = servers.imaps_port if tls == "implicit" else servers.imap_port
    given = {
        "bounces_address": f"bounces@{DOMAIN}",
        "bounces_imap_host": "127.0.0.1",
        "bounces_imap_port": port,
        "bounces_imap_username": "bounces",
        "bounces_imap_password": PASSWORD,
        "bounces_imap_tls": tls,
    }
    return settings_for("postgresql://nowhere", servers.smtp_port, **given | more)


@pytest.fixture
def trusting(servers: MailServers, monkeypatch: pytest.MonkeyPatch) -> MailServers:
    """The servers, whose authority this process trusts beside no other."""
    monkeypatch.setenv("SSL_CERT_FILE", str(servers.authority))
    return servers


@pytest.mark.parametrize("tls", WAYS)
def test_mailbox_is_read_and_filed_by_either_kind_of_tls(trusting: MailServers, tls: ImapTls) -> None:
    with smtplib.SMTP("127.0.0.1", trusting.smtp_port) as relay:
        relay.sendmail(f"x@{DOMAIN}", f"bounces@{DOMAIN}", "Subject: Hi\r\n\r\nHello\r\n")
    wait_for(lambda: trusting.messages("bounces"), "the message")
    mailbox = ImapMailbox.open(settings_of(trusting, tls))
    try:
        [uid] = mailbox.new_messages()
        assert b"Hello" in mailbox.fetch(uid)
        mailbox.file(uid, DONE_FOLDER)
        assert (list(mailbox.new_messages()), mailbox.count(DONE_FOLDER)) == ([], 1)
    finally:
        mailbox.close()
    encrypted = [line for line in _log(trusting) if "Login: user=<bounces>" in line and "TLS" in line]
    assert encrypted


def test_what_was_read_over_a_month_ago_is_deleted_from_every_folder_and_what_is_new_stays(
    trusting: MailServers,
) -> None:
    mailbox = ImapMailbox.open(settings_of(trusting, "implicit"))
    try:
        for folder in ("INBOX", *FOLDERS):
            for days in (29, 32):
                came_at = datetime.now(UTC) - timedelta(days=days)
                mailbox._session.append(f"Subject: {days} days\r\n\r\nHello\r\n".encode(), folder, dt=came_at)
        mailbox.remove_old()
        assert len(mailbox.new_messages()) == 2
    finally:
        mailbox.close()
    for folder in FOLDERS:
        [kept] = trusting.messages("bounces", folder)
        assert b"29 days" in kept


@pytest.mark.parametrize("tls", WAYS)
def test_server_of_an_unknown_authority_gets_no_password(servers: MailServers, tls: ImapTls) -> None:
    _assert_refused(servers, settings_of(servers, tls))


@pytest.mark.parametrize("tls", WAYS)
def test_certificate_for_another_host_gets_no_password(trusting: MailServers, tls: ImapTls) -> None:
    _assert_refused(trusting, settings_of(trusting, tls, bounces_imap_host="localhost"))


@pytest.mark.parametrize("tls", WAYS)
def test_port_of_the_other_kind_is_an_error_and_gets_no_password(
    trusting: MailServers, tls: ImapTls, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server of implicit TLS waits for the client, which waits for the server's greeting.
    monkeypatch.setattr("emails.imap.TIMEOUT_SECONDS", 1)
    other = trusting.imap_port if tls == "implicit" else trusting.imaps_port
    _assert_refused(trusting, settings_of(trusting, tls, bounces_imap_port=other))


def test_server_that_offers_no_starttls_gets_no_password(trusting: MailServers) -> None:
    with _plain_server() as (port, heard):
        _assert_refused(trusting, settings_of(trusting, "starttls", bounces_imap_port=port))
    assert PASSWORD not in "".join(heard)
    assert "LOGIN" not in "".join(heard).upper()


def _assert_refused(servers: MailServers, settings: Settings) -> None:
    before = sum("Login: user=" in line for line in _log(servers))
    with pytest.raises(MAILBOX_ERRORS):
        ImapMailbox.open(settings)
    assert sum("Login: user=" in line for line in _log(servers)) == before


def _log(servers: MailServers) -> list[str]:
    return Path(servers.folder / "dovecot.log").read_text().splitlines()


@contextmanager
def _plain_server() -> Iterator[tuple[int, list[str]]]:
    """Answer as somebody in between who hides STARTTLS, and yield the port and all that is said."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile("rw", newline="\r\n") as stream:
                stream.write("* OK [CAPABILITY IMAP4rev1] ready\r\n")
                stream.flush()
                for line in stream:
                    heard.append(line)
                    tag, _, command = line.partition(" ")
                    known = "* CAPABILITY IMAP4rev1\r\n" if command.startswith("CAPABILITY") else ""
                    stream.write(f"{known}{tag} {'OK' if known else 'BAD'} answered\r\n")
                    stream.flush()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1], heard
