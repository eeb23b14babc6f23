"""The ports of a stack: chosen, checked before anything starts, and explained when somebody else has one."""

import contextlib
import socket
from dataclasses import dataclass, fields

import psutil

from schemas.errors import Refusal

HOST = "127.0.0.1"
FIRST_PORT = 8400


@dataclass(frozen=True)
class Ports:
    """Four ports on this machine. PostgreSQL has none: it listens on a Unix socket only its owner can open."""

    web: int
    temporal_ui: int
    temporal: int
    mail: int

    @classmethod
    def following(cls, first: int) -> "Ports":
        """Return four consecutive ports from this one on; raise Refusal if there is no such range."""
        if not 1 <= first <= 65535 - len(fields(cls)) + 1:
            raise Refusal(f"--ports {first}: give a number between 1024 and 65532; four ports from it on are used.")
        return cls(*range(first, first + len(fields(cls))))

    @classmethod
    def free(cls) -> "Ports":
        """Return four ports that nobody listens on just now."""
        with contextlib.ExitStack() as held:
            sockets = [held.enter_context(socket.socket()) for _ in fields(cls)]
            for each in sockets:
                each.bind((HOST, 0))
            return cls(*(each.getsockname()[1] for each in sockets))


def require_free(port: int, title: str) -> None:
    """Raise Refusal if the port cannot be had, saying which process holds it and how to choose others."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Refusal(
                f"Port {port} ({title}) is reserved for administrators. Choose others: --ports 8500"
            ) from None
        except OSError:
            raise Refusal(
                f"Port {port} ({title}) is in use by {holder(port)}. Stop it, or choose other ports: "
                f"--ports {_suggestion(port)} (four ports from there on are used)."
            ) from None


def holder(port: int) -> str:
    """Describe the process that has a port, listening or connected from it, as far as this user may know."""
    try:
        connections = [each for each in psutil.net_connections(kind="tcp") if each.laddr and each.laddr.port == port]
    except psutil.Error:
        connections = []
    listening_first = sorted(connections, key=lambda each: each.status != psutil.CONN_LISTEN)
    pid = next((each.pid for each in listening_first if each.pid), None)
    return f"process {pid} ({_name(pid)})" if pid else "a process of another user"


def _name(pid: int) -> str:
    try:
        return psutil.Process(pid).name()
    except psutil.Error:
        return "name unknown"


def _suggestion(port: int) -> int:
    return (port // 100 + 1) * 100 if port < 65_000 else FIRST_PORT + 100
