"""The ports of a stack: chosen, checked before anything starts, and explained when another process has one."""

import itertools
import os
import socket
from dataclasses import astuple, dataclass, fields

import psutil

from schemas.errors import MileError, Refusal

HOST = "127.0.0.1"
FIRST_PORT = 8400
# Below the ephemeral ports (from 32,768 on Linux): the system gives none of these to a connection between our choosing
# it and listening on it.
FREE_PORT_RANGE = range(20_000, 32_000, 4)
# Stacks that choose at the same moment, in this process or in others, begin at different places of the range.
_PROBES = itertools.count(os.getpid() * 61)


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
        """Return four ports that are free now; raise MileError where there are none."""
        for number in itertools.islice(_PROBES, len(FREE_PORT_RANGE)):
            ports = cls.following(FREE_PORT_RANGE[number % len(FREE_PORT_RANGE)])
            if all(map(_is_free, astuple(ports))):
                return ports
        first, end = FREE_PORT_RANGE.start, FREE_PORT_RANGE.stop
        raise MileError(f"No four ports between {first} and {end} are free; stop some of what listens there.")


def require_free(port: int, title: str) -> None:
    """Raise Refusal if the port is not free, naming the process that has it and how to choose others."""
    try:
        _bind(port)
    except PermissionError:
        raise Refusal(f"Port {port} ({title}) is reserved for administrators. Choose others: --ports 8500") from None
    except OSError:
        raise Refusal(
            f"Port {port} ({title}) is in use by {holder(port)}. Stop it, or choose other ports: "
            f"--ports {_suggestion(port)} (four ports from there on are used)."
        ) from None


def holder(port: int) -> str:
    """Describe the process that has a port, listening or connected from it, as far as this user may know."""
    try:
        connections = [
            connection
            for connection in psutil.net_connections(kind="tcp")
            if connection.laddr and connection.laddr.port == port
        ]
    except psutil.Error:
        connections = []
    listening_first = sorted(connections, key=lambda connection: connection.status != psutil.CONN_LISTEN)
    pid = next((connection.pid for connection in listening_first if connection.pid), None)
    return f"process {pid} ({_name(pid)})" if pid else "a process of another user"


def _is_free(port: int) -> bool:
    try:
        _bind(port)
    except OSError:
        return False
    return True


def _bind(port: int) -> None:
    """Bind a port and release it; SO_REUSEADDR, as servers set it, because a stopped stack's port is in TIME_WAIT."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))


def _name(pid: int) -> str:
    try:
        return psutil.Process(pid).name()
    except psutil.Error:
        return "name unknown"


def _suggestion(port: int) -> int:
    return (port // 100 + 1) * 100 if port < 65_000 else FIRST_PORT + 100
