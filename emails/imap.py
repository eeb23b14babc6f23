"""The mailbox that bounces come back to, by IMAP. Its calls block: make them in a thread."""

import contextlib
import imaplib
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Self

from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from emails.incoming import READ_BYTES
from runtime.settings import Settings

# What was read moves there, so that it is not read again and people can look at it.
DONE_FOLDER = "mile-done"
UNRECOGNIZED_FOLDER = "mile-unrecognized"
NOT_PASSED_ON_FOLDER = "mile-not-passed-on"
FOLDERS = (DONE_FOLDER, UNRECOGNIZED_FOLDER, NOT_PASSED_ON_FOLDER)
# There may be people's words and addresses in it.
KEPT_FOR = timedelta(days=30)
MOST_AT_ONCE = 200
TIMEOUT_SECONDS = 10
# ValueError: STARTTLS at the port of implicit TLS.
MAILBOX_ERRORS = (OSError, ValueError, imaplib.IMAP4.error, ImapToolsError)


class ImapMailbox:
    """One session with the mailbox; the folder of new messages is selected."""

    def __init__(self, session: BaseMailBox, folder: str) -> None:
        self._session = session
        self._folder = folder

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Log in, select the folder of new messages, and make the others. Raises one of MAILBOX_ERRORS."""
        mailbox = cls(_connect(settings), settings.bounces_imap_folder)
        try:
            mailbox._log_in(settings)
        except MAILBOX_ERRORS:
            mailbox.close()
            raise
        return mailbox

    def _log_in(self, settings: Settings) -> None:
        password = settings.bounces_imap_password
        self._session.login(
            settings.bounces_imap_username or "", password.get_secret_value() if password else "", self._folder
        )
        for folder in FOLDERS:
            if not self._session.folder.exists(folder):
                self._session.folder.create(folder)

    def new_messages(self) -> Sequence[str]:
        """Return the ids of the messages that were not read yet, oldest first."""
        return self._session.uids("ALL")[:MOST_AT_ONCE]

    def fetch(self, uid: str) -> bytes:
        """Return the beginning of a message, or nothing where it is gone."""
        _, data = self._session.client.uid("fetch", uid, f"(BODY.PEEK[]<0.{READ_BYTES}>)")
        return next((bytes(part[1]) for part in data if isinstance(part, tuple)), b"")

    def file(self, uid: str, folder: str) -> None:
        """Move a message to another folder."""
        self._session.move(uid, folder)

    def count(self, folder: str) -> int:
        """Return how many messages a folder has."""
        return self._session.folder.status(folder, ["MESSAGES"])["MESSAGES"]

    def remove_old(self) -> None:
        """Delete what was read long ago, then select the folder of new messages again."""
        before = (datetime.now(UTC) - KEPT_FOR).date()
        for folder in FOLDERS:
            self._session.folder.set(folder)
            self._session.delete(self._session.uids(AND(date_lt=before)))
        self._session.folder.set(self._folder)

    def close(self) -> None:
        """End the session."""
        with contextlib.suppress(*MAILBOX_ERRORS):
            self._session.logout()


def _connect(settings: Settings) -> BaseMailBox:
    host, port = settings.bounces_imap_host or "", settings.bounces_imap_port
    if settings.bounces_imap_tls == "none":
        return MailBoxUnencrypted(host, port, timeout=TIMEOUT_SECONDS)
    # Without a context of its own, imaplib would accept any certificate.
    secure = MailBox if settings.bounces_imap_tls == "implicit" else MailBoxStartTls
    return secure(host, port, timeout=TIMEOUT_SECONDS, ssl_context=ssl.create_default_context())
