"""Postfix, OpenDKIM and Dovecot with Sieve on loopback, all that they write in one folder of their own."""

import base64
import contextlib
import os
import pwd
import re
import shutil
import socket
import socketserver
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted

from tests.integration.checkers import require

DOMAIN, SELECTOR, PASSWORD = "example.org", "test", "secret"
READY_WITHIN_SECONDS = 20


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def require_servers() -> None:
    """Skip the test where the servers are not installed, or where they could not change to their users."""
    for name, package in (("postfix", "postfix"), ("dovecot", "dovecot-lmtpd"), ("opendkim", "opendkim")):
        require(name, package)
    if not Path("/usr/lib/dovecot/modules/lib90_sieve_plugin.so").exists():
        pytest.skip("Sieve is not installed (Debian: dovecot-sieve)")
    version = _run("dovecot", "--version").split()[0]
    # 2.4 reads other settings.
    if not version.startswith("2.3."):
        pytest.skip(f"Dovecot is {version}; the configuration is for 2.3")
    if os.geteuid():
        pytest.skip("Postfix starts as root only")


class Policy(socketserver.ThreadingTCPServer):
    """Says what Postfix answers to recipients: unlike its settings, this also holds for connections that are open.

    ``action`` is an answer such as ``450 4.7.1 later``, or DUNNO to take the recipient; ``refused`` counts the former.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _PolicyHandler)
        self.action = "DUNNO"
        self.refused = 0


class _PolicyHandler(socketserver.StreamRequestHandler):
    server: Policy

    def handle(self) -> None:
        """Answer each request: lines of attributes, and an empty one."""
        for line in self.rfile:
            if not line.strip():
                self.server.refused += self.server.action != "DUNNO"
                self.wfile.write(f"action={self.server.action}\n\n".encode())


@dataclass
class MailServers:
    """A relay that signs, and mailboxes that are read by IMAP.

    ``users`` have a mailbox each at ``@example.org``; every other address there is taken by Postfix and refused by
    Dovecot after that, so that it bounces.
    """

    folder: Path
    users: Collection[str]
    smtp_port: int = field(default_factory=free_port)
    imap_port: int = field(default_factory=free_port)
    imaps_port: int = field(default_factory=free_port)
    milter_port: int = field(default_factory=free_port)

    policy: Policy = field(default_factory=Policy)

    def start(self) -> None:
        """Write the configurations, and start all three."""
        # The servers' own users pass through it.
        self.folder.chmod(0o755)
        threading.Thread(target=self.policy.serve_forever, daemon=True).start()
        self._configure_dovecot()
        self._configure_opendkim()
        self._configure_postfix()
        _run("dovecot", "-c", str(self.folder / "dovecot.conf"))
        _run("opendkim", "-x", str(self.folder / "opendkim.conf"))
        self.start_postfix()
        for port in (self.imap_port, self.milter_port):
            wait_for(lambda port=port: _listens(port), f"port {port}")  # type: ignore[misc]

    def stop(self) -> None:
        """Stop all three."""
        self.policy.shutdown()
        self.policy.server_close()
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop_postfix()
        with contextlib.suppress(subprocess.CalledProcessError):
            _run("doveadm", "-c", str(self.folder / "dovecot.conf"), "stop")
        with contextlib.suppress(OSError, ValueError):
            os.kill(int((self.folder / "opendkim" / "opendkim.pid").read_text()), 15)

    def start_postfix(self) -> None:
        """Start Postfix, and wait until it listens."""
        _run("postfix", "-c", str(self._postfix), "start")
        wait_for(lambda: _listens(self.smtp_port), "Postfix")

    def stop_postfix(self) -> None:
        """Stop Postfix; what it has taken stays in its queue."""
        _run("postfix", "-c", str(self._postfix), "stop")

    def write_sieve(self, user: str, script: str) -> None:
        """Give a mailbox a Sieve script."""
        file = self.folder / "sieve" / f"{user}.sieve"
        file.write_text(script)
        _run("sievec", "-c", str(self.folder / "dovecot.conf"), str(file))
        for each in file.parent.iterdir():
            shutil.chown(each, "mail", "mail")

    def remove_sieve(self, user: str) -> None:
        """Take a mailbox's Sieve script away."""
        for file in (self.folder / "sieve").glob(f"{user}.*"):
            file.unlink()

    def empty(self) -> None:
        """Delete every message of every mailbox."""
        _run("doveadm", "-c", str(self.folder / "dovecot.conf"), "expunge", "-A", "mailbox", "*", "all")

    def messages(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """Return the messages of a mailbox, as they are read over IMAP."""
        with MailBoxUnencrypted("127.0.0.1", self.imap_port, timeout=10).login(user, PASSWORD, folder) as mailbox:
            fetched = [mailbox.client.uid("fetch", uid, "(BODY.PEEK[])")[1] for uid in mailbox.uids()]
        return [bytes(part[1]) for data in fetched for part in data if isinstance(part, tuple)]

    def everything(self) -> dict[str, list[bytes]]:
        """Return the messages of each user who has any."""
        found = {user: self.messages(user) for user in self.users}
        return {user: messages for user, messages in found.items() if messages}

    def files(self) -> Iterator[Path]:
        """Yield the files of all messages that Dovecot has taken."""
        for folder in ("new", "cur"):
            yield from (self.folder / "mail").glob(f"*/{folder}/*")

    def count_queued(self) -> int:
        """Return how many messages Postfix has taken and not delivered yet."""
        # A file that nobody may execute is a message whose end never came; postqueue would list it, too.
        queued = [file for name in ("incoming", "active", "deferred") for file in (self._spool / name).rglob("*")]
        return sum(self._is_complete(file) for file in queued)

    @staticmethod
    def _is_complete(file: Path) -> bool:
        try:
            return file.is_file() and bool(file.stat().st_mode & stat.S_IXUSR)
        # Delivered in the meantime.
        except FileNotFoundError:
            return False

    def dns(self) -> dict[str, list[list[str]]]:
        """Return the DNS record that has the public key of the signature."""
        der = subprocess.run(
            ["openssl", "rsa", "-in", self.folder / "dkim.key", "-pubout", "-outform", "DER"],
            capture_output=True,
            check=True,
        ).stdout
        return {f"{SELECTOR}._domainkey.{DOMAIN}": [[f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"]]}

    @property
    def _spool(self) -> Path:
        return self.folder / "spool"

    @property
    def _postfix(self) -> Path:
        return self.folder / "postfix"

    @property
    def authority(self) -> Path:
        """Return the certificate of the authority that signed Dovecot's, which is for 127.0.0.1 alone."""
        return self.folder / "authority.crt"

    def _make_certificates(self) -> None:
        """Make an authority of the tests' own, and a certificate that it signed."""
        names = self.folder / "names"
        names.write_text("subjectAltName=IP:127.0.0.1")
        key, crt, csr = (str(self.folder / f"dovecot.{end}") for end in ("key", "crt", "csr"))
        root_key, root = str(self.folder / "authority.key"), str(self.authority)
        new = ("openssl", "req", "-newkey", "rsa:2048", "-nodes")
        _run(*new, "-x509", "-days", "2", "-subj", "/CN=Tests", "-keyout", root_key, "-out", root)
        _run(*new, "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", csr)
        signed_by = ("-CA", root, "-CAkey", root_key, "-CAcreateserial", "-days", "2", "-extfile", str(names))
        _run("openssl", "x509", "-req", "-in", csr, *signed_by, "-out", crt)

    def _configure_dovecot(self) -> None:
        self._make_certificates()
        for name in ("mail", "sieve"):
            (self.folder / name).mkdir()
            shutil.chown(self.folder / name, "mail", "mail")
        users = self.folder / "users"
        mail = pwd.getpwnam("mail")
        ids = f"{mail.pw_uid}:{mail.pw_gid}"
        users.write_text(
            "".join(f"{user}:{{PLAIN}}{PASSWORD}:{ids}::{self.folder}/mail/{user}\n" for user in self.users)
        )
        users.chmod(0o644)
        (self.folder / "dovecot.conf").write_text(
            _DOVECOT.format(
                folder=self.folder, imap_port=self.imap_port, imaps_port=self.imaps_port, smtp_port=self.smtp_port
            )
        )

    def _configure_opendkim(self) -> None:
        # It writes the number of its process after it has changed to its user.
        (self.folder / "opendkim").mkdir()
        shutil.chown(self.folder / "opendkim", "opendkim", "opendkim")
        key = self.folder / "dkim.key"
        _run("openssl", "genrsa", "-out", str(key), "2048")
        shutil.chown(key, "opendkim", "opendkim")
        (self.folder / "opendkim.conf").write_text(
            _OPENDKIM.format(folder=self.folder, port=self.milter_port, domain=DOMAIN, selector=SELECTOR)
        )

    def _configure_postfix(self) -> None:
        self._postfix.mkdir()
        self._spool.mkdir()
        (self.folder / "data").mkdir()
        shutil.chown(self.folder / "data", "postfix", "postfix")
        (self._postfix / "master.cf").write_text(_MASTER.format(port=self.smtp_port))
        (self._postfix / "main.cf").write_text(
            _MAIN.format(
                folder=self.folder,
                domain=DOMAIN,
                milter_port=self.milter_port,
                policy_port=self.policy.server_address[1],
            )
        )


@contextlib.contextmanager
def mail_servers(users: Collection[str]) -> Iterator[MailServers]:
    """Run the servers for as long as the block lasts."""
    # Sockets have short paths, and pytest's folders are the owner's alone.
    with tempfile.TemporaryDirectory(prefix="mile-mail-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        servers = MailServers(Path(folder), users)
        try:
            servers.start()
            yield servers
        finally:
            servers.stop()


def acceptance(message: bytes) -> tuple[str, str]:
    """Return the Message-ID of a message and the id under which Postfix took it.

    A Postfix that is stopped while it delivers one delivers it once more after its start, under the same id.
    """
    taken = re.search(rb"\(Postfix\) with E?SMTP id (\w+)", message)
    assert taken
    return str(message_from_bytes(message)["Message-ID"]), taken[1].decode()


def wait_for(happened: Callable[[], object], what: str, seconds: float = READY_WITHIN_SECONDS) -> None:
    """Wait until something has happened, or fail."""
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, f"not within {seconds} s: {what}"
        time.sleep(0.1)


def _run(*command: str) -> str:
    # A daemon that inherited a pipe would keep whoever reads it waiting.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
        output.seek(0)
        words = output.read().decode("utf-8", "replace")
    assert done.returncode == 0, f"{' '.join(command)}: {words}"
    return words


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


_DOVECOT = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
ssl = yes
ssl_cert = <{folder}/dovecot.crt
ssl_key = <{folder}/dovecot.key
disable_plaintext_auth = no
auth_username_format = %Ln
recipient_delimiter = +
mail_location = maildir:{folder}/mail/%n
first_valid_uid = 1
first_valid_gid = 1
postmaster_address = postmaster@example.org
submission_host = 127.0.0.1:{smtp_port}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
service imap-login {{
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service lmtp {{
  unix_listener lmtp {{
    mode = 0666
  }}
}}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:{folder}/sieve/%n.sieve
  sieve_vacation_min_period = 1s
}}
"""

_OPENDKIM = """
Socket inet:{port}@127.0.0.1
PidFile {folder}/opendkim/opendkim.pid
UserID opendkim
Background yes
Mode s
Domain {domain}
Selector {selector}
KeyFile {folder}/dkim.key
RequireSafeKeys no
Canonicalization relaxed/relaxed
"""

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mx.{domain}
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = {domain}
virtual_transport = lmtp:unix:{folder}/run/lmtp
recipient_delimiter = +
smtpd_milters = inet:127.0.0.1:{milter_port}
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:{policy_port}
queue_run_delay = 5s
minimal_backoff_time = 5s
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
