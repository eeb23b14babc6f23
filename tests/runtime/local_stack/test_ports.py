"""Ports that a stack chooses: nobody else is given them, and stacks that choose together choose apart."""

import socket
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import pytest

from runtime.local_stack import ports
from runtime.local_stack.ports import FREE_PORT_RANGE, HOST, Ports
from schemas.errors import MileError

GIVEN_TO_CONNECTIONS = Path("/proc/sys/net/ipv4/ip_local_port_range")
CHOOSE = "from runtime.local_stack.ports import Ports; print(Ports.free().web)"
ROOT = Path(__file__).parents[3]


def test_no_connection_of_anybody_is_given_a_port_that_a_stack_chooses() -> None:
    from_on = int(GIVEN_TO_CONNECTIONS.read_text().split()[0]) if GIVEN_TO_CONNECTIONS.exists() else 49_152
    assert max(astuple(Ports.free())) < FREE_PORT_RANGE.stop <= from_on


def test_stacks_that_choose_before_any_of_them_listens_choose_apart() -> None:
    assert len({port for _ in range(6) for port in astuple(Ports.free())}) == 24


def test_processes_that_choose_at_the_same_moment_choose_apart() -> None:
    choosing = [subprocess.Popen([sys.executable, "-c", CHOOSE], cwd=ROOT, stdout=subprocess.PIPE) for _ in range(3)]
    assert len({each.communicate()[0] for each in choosing}) == 3


def test_port_that_somebody_listens_on_is_passed_over() -> None:
    before = Ports.free()
    next_one = FREE_PORT_RANGE[(FREE_PORT_RANGE.index(before.web) + 1) % len(FREE_PORT_RANGE)]
    with socket.socket() as busy:
        busy.bind((HOST, next_one + 2))
        busy.listen()
        assert Ports.free().web != next_one


def test_without_a_free_port_it_is_said_where_it_was_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as busy:
        busy.bind((HOST, 0))
        busy.listen()
        monkeypatch.setattr(ports, "FREE_PORT_RANGE", range(busy.getsockname()[1], busy.getsockname()[1] + 4, 4))
        with pytest.raises(MileError, match="are free; stop some of what listens there"):
            Ports.free()
