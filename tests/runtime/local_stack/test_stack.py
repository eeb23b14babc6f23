import asyncio
import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from runtime.local_stack.ports import FREE_PORT_RANGE, Ports
from runtime.local_stack.readiness import is_polling
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from runtime.local_stack.stack_discovery import present_settings, settings_file
from schemas.errors import MileError, Refusal

ROOT = Path(__file__).parents[3]
SERVERS = frozenset({StackPart.MAIL})

# Runs servers in another process, which says when they are up and then waits for its end.
ELSEWHERE = """
import sys
from pathlib import Path
from runtime.local_stack.interrupt import run_until_interrupted
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart

async def main():
    options = StackOptions(folder=Path(sys.argv[1]), ports=None, parts=frozenset({StackPart.MAIL}))
    async with LocalStack(options) as stack:
        print("up", flush=True)
        await stack.watch()

run_until_interrupted(main())
"""


@contextlib.contextmanager
def _elsewhere(folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[psutil.Process]]]:
    command = [sys.executable, "-c", ELSEWHERE, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as stack:
        assert stack.stdout is not None
        assert stack.stdout.readline() == "up\n"
        try:
            yield stack, psutil.Process(stack.pid).children()
        finally:
            stack.terminate()


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


@pytest.fixture(scope="module")
def killed() -> Iterator[tuple[Path, list[psutil.Process]]]:
    """The folder of a stack that was killed at once, and which of its processes still run."""
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        with _elsewhere(Path(made)) as (stack, family):
            family += [child for each in family for child in each.children(recursive=True)]
            stack.kill()
            left = psutil.wait_procs(family, timeout=30)[1]
        yield Path(made), left


def test_nothing_is_left_running_after_sigkill(killed: tuple[Path, list[psutil.Process]]) -> None:
    assert killed[1] == []


def test_settings_left_by_a_killed_stack_are_not_used(killed: tuple[Path, list[psutil.Process]]) -> None:
    assert settings_file(killed[0]).exists()
    with pytest.raises(Refusal, match="MILE_DATABASE_URL is not set"):
        present_settings(killed[0])


# After the one before, which looks at what the stack left.
def test_after_sigkill_the_same_folder_starts_again_and_stops_in_order(
    killed: tuple[Path, list[psutil.Process]],
) -> None:
    with _elsewhere(killed[0]) as (stack, family):
        stack.send_signal(signal.SIGINT)
        assert psutil.wait_procs(family, timeout=30)[1] == []
        stack.wait(timeout=30)
    assert not settings_file(killed[0]).exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_running_however_a_stack_ends(folder: Path, number: signal.Signals) -> None:
    with _elsewhere(folder) as (stack, family):
        assert {each.name() for each in family} == {"postgres", "temporal"}
        family += [child for each in family for child in each.children(recursive=True)]
        stack.send_signal(number)
        assert psutil.wait_procs(family, timeout=30)[1] == []


async def test_what_was_stored_is_there_after_a_restart(folder: Path) -> None:
    async with LocalStack(StackOptions(folder=folder, ports=None, parts=SERVERS)) as stack:
        secret = stack.settings.link_secret
        connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
        await connection.execute("CREATE TABLE left_behind (id int)")
        await connection.close()
    async with LocalStack(StackOptions(folder=folder, ports=None, parts=SERVERS)) as stack:
        assert stack.settings.link_secret == secret
        connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
        assert await connection.fetchval("SELECT count(*) FROM left_behind") == 0
        await connection.close()


async def test_two_stacks_run_side_by_side(servers: LocalStack, folder: Path) -> None:
    async with LocalStack(StackOptions(folder=folder, ports=None, parts=SERVERS)) as other:
        assert other.settings.database_url != servers.settings.database_url
        assert other.settings.temporal_address != servers.settings.temporal_address
        assert other.settings.link_secret != servers.settings.link_secret


async def test_a_folder_has_one_stack_and_says_whose(servers: LocalStack) -> None:
    with pytest.raises(Refusal, match=rf"already running .*process {os.getpid()}\)"):
        await LocalStack(StackOptions(folder=servers.folder, ports=None)).start()


async def test_a_port_in_use_is_named_with_its_holder_and_nothing_starts(folder: Path) -> None:
    before = _children()
    with socket.socket() as busy:
        port = _listen_where_no_stack_does(busy)
        stack = LocalStack(StackOptions(folder=folder / "new", ports=port - 2, parts=SERVERS))
        with pytest.raises(Refusal) as refused:
            await stack.start()
    message = str(refused.value)
    assert f"Port {port} (Temporal) is in use by process {os.getpid()} ({psutil.Process().name()})" in message
    assert "--ports" in message
    assert not (folder / "new").exists()
    assert _children() == before


def _listen_where_no_stack_does(busy: socket.socket) -> int:
    for port in range(10_000, FREE_PORT_RANGE.start - 10, 10):
        with contextlib.suppress(OSError):
            busy.bind(("127.0.0.1", port))
            busy.listen()
            return port
    raise AssertionError("no free port below those that stacks choose from")


def test_ports_past_the_last_one_are_refused() -> None:
    assert Ports.following(65532).mail == 65535
    with pytest.raises(Refusal, match="65532"):
        Ports.following(65533)


async def test_a_stack_that_cannot_start_leaves_nothing_behind(folder: Path) -> None:
    before = _children()
    (folder / "temporal.db").mkdir()
    with pytest.raises(MileError, match="Temporal ended"):
        await LocalStack(StackOptions(folder=folder, ports=None, parts=SERVERS)).start()
    left = [psutil.Process(pid) for pid in _children() - before]
    assert psutil.wait_procs(left, timeout=5)[1] == []


async def test_a_part_that_ends_by_itself_is_reported_with_its_log(folder: Path) -> None:
    async with LocalStack(StackOptions(folder=folder, ports=None, parts=SERVERS)) as stack:
        (server,) = (child for child in psutil.Process().children() if _serves(child, folder))
        server.send_signal(signal.SIGQUIT)
        with pytest.raises(MileError, match=r"PostgreSQL ended .*postgres\.log"):
            await asyncio.wait_for(stack.watch(), timeout=15)


def _serves(process: psutil.Process, folder: Path) -> bool:
    return process.name() == "postgres" and str(folder / "postgres") in process.cmdline()


async def test_other_commands_find_the_running_stack_and_nobody_else_can(folder: Path) -> None:
    async with LocalStack(StackOptions(folder=folder, ports=None, parts=SERVERS)) as stack:
        assert present_settings(folder) == stack.settings
        assert stat.S_IMODE(settings_file(folder).stat().st_mode) == 0o600
        assert stat.S_IMODE((folder / "link-secret").stat().st_mode) == 0o600
        assert _readable_by_others(folder) == set()
    with pytest.raises(Refusal, match="MILE_DATABASE_URL is not set"):
        present_settings(folder)


def _readable_by_others(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir() if entry.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)}


async def test_a_rehearsal_starts_with_an_empty_database(folder: Path) -> None:
    options = StackOptions(folder=folder, ports=None, parts=SERVERS, rehearsal=True)
    for _ in range(2):
        async with LocalStack(options) as stack:
            connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
            await connection.execute("CREATE TABLE of_this_rehearsal (id int)")
            await connection.close()


async def test_a_killed_worker_is_replaced_by_another_that_asks_for_work(folder: Path) -> None:
    async with LocalStack(StackOptions(folder=folder, ports=None, parts=frozenset({StackPart.WORKER}))) as stack:
        (first,) = _workers(folder)
        await stack.kill_worker()
        assert not first.is_running()
        assert _workers(folder) == []
        await stack.start_worker()
        (second,) = _workers(folder)
        assert await is_polling(stack.client, stack.settings.task_queue, second.pid)
        await stack.start_worker()
        assert _workers(folder) == [second]


def _workers(folder: Path) -> list[psutil.Process]:
    """The workers of the stack in this folder; other tests' stacks may have theirs."""
    workers = [child for child in psutil.Process().children() if child.cmdline()[-1:] == [str(ROOT / "worker.py")]]
    return [worker for worker in workers if worker.environ()["MILE_MAILBOX"].startswith(str(folder.resolve()))]


async def test_progress_is_told_part_by_part(folder: Path) -> None:
    told: list[str] = []
    async with LocalStack(StackOptions(folder=folder, ports=None, parts=SERVERS), report=told.append):
        ready = [line.split(" ready")[0] for line in told if " ready (" in line]
    assert sorted(ready) == ["Mailbox", "Migrations", "PostgreSQL", "Temporal"]
