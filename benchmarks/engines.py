"""What a workflow costs on Temporal and on DBOS, which keeps workflows in PostgreSQL without a server of its own.

Run ``python -m benchmarks.engines [WORKFLOWS [REPETITIONS]]``. Each workflow takes two steps, waits for a message, and
takes a third. On Temporal they run against its local server, which keeps them in a file of SQLite; on DBOS against a
local PostgreSQL. All are started before the first message is sent. The processor's seconds are those of every process:
driver, workflows, and Temporal's server or PostgreSQL. Bytes are those by which the database grew.

DBOS is no dependency of the project: it is installed in an environment of its own, in a temporary folder, by the pip
that this machine has.
"""

import asyncio
import json
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import asyncpg
import psutil
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from benchmarks.processor_time import Figures, measured
from benchmarks.temporal_workflows import Mentorship, write
from runtime.local_stack.postgres import Postgres
from runtime.local_stack.stack import TEMPORAL_FILE, LocalStack, StackOptions

RESULTS = Path(__file__).parent / "results"
DBOS_VERSION = "3.4.0"
WORKFLOWS, REPETITIONS = 1000, 3
# As many starts and messages at a time as on DBOS.
AT_A_TIME = 50
QUEUE = "engines"


async def on_temporal(folder: Path, workflows: int) -> Figures:
    """Return what the workflows cost on Temporal's local server."""
    figures: Figures = {}
    async with LocalStack(StackOptions(folder=folder, ports=None, parts=frozenset())) as stack:
        before = _size_of_temporal(folder)
        worker = Worker(stack.client, task_queue=QUEUE, workflows=[Mentorship], activities=[write])
        async with worker, measured(figures):
            await _play(stack.client, workflows)
        figures["bytes"] = _size_of_temporal(folder) - before
    return figures


async def _play(client: Client, workflows: int) -> None:
    slots = asyncio.Semaphore(AT_A_TIME)

    async def start(number: int) -> WorkflowHandle[Mentorship, str]:
        async with slots:
            return await client.start_workflow(Mentorship.run, number, id=f"mentorship-{number}", task_queue=QUEUE)

    async def send(handle: WorkflowHandle[Mentorship, str]) -> None:
        async with slots:
            await handle.signal(Mentorship.answer, "met")

    handles = await asyncio.gather(*map(start, range(workflows)))
    await asyncio.gather(*map(send, handles))
    for handle in handles:
        assert await handle.result() == "met"


def _size_of_temporal(folder: Path) -> int:
    with closing(sqlite3.connect(f"file:{folder / TEMPORAL_FILE}?mode=ro", uri=True)) as database:
        sizes = [
            database.execute(f"pragma {each}").fetchone()[0] for each in ("page_count", "freelist_count", "page_size")
        ]
    pages, free, size = sizes
    return int((pages - free) * size)


async def on_dbos(python: Path, folder: Path, workflows: int) -> Figures:
    """Return what the workflows cost on DBOS and a local PostgreSQL."""
    figures: Figures = {}
    database = Postgres(folder / "postgres", folder / "postgres.log", lambda _change: None)
    await database.start()
    try:
        url = database.url.replace("/mile?", "/dbos?")
        script = Path(__file__).parent / "dbos_workflows.py"
        played = await asyncio.create_subprocess_exec(python, script, url, str(workflows), stdin=PIPE, stdout=PIPE)
        await _expect(played, b"ready\n")
        before = await _size_of_dbos(url)
        async with measured(figures):
            await _proceed(played)
            await _expect(played, b"done\n")
        figures["bytes"] = await _size_of_dbos(url) - before
        await _proceed(played)
        await played.wait()
    finally:
        await database.stop()
    return figures


async def _proceed(played: Process) -> None:
    assert played.stdin is not None
    played.stdin.write(b"\n")
    await played.stdin.drain()


async def _expect(played: Process, line: bytes) -> None:
    assert played.stdout is not None
    said = await played.stdout.readline()
    assert said == line, f"expected {line!r}, got {said!r}"


async def _size_of_dbos(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("select pg_database_size('dbos')"))
    finally:
        await connection.close()


def dbos_environment(folder: Path) -> Path:
    """Install DBOS into an environment in the folder; return its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)  # noqa: S603 - our own Python
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"dbos=={DBOS_VERSION}"]
    subprocess.run(pip, check=True)  # noqa: S603 - the environment's own
    return python


async def repeated(workflows: int, repetitions: int) -> list[dict[str, Figures]]:
    """Measure both engines in turn, each time from an empty folder."""
    found = []
    with tempfile.TemporaryDirectory(prefix="mile benchmark ") as made:
        python = dbos_environment(Path(made) / "environment")
        for number in range(repetitions):
            folders = {name: Path(made) / f"{name} {number}" for name in ("dbos", "temporal")}
            for folder in folders.values():
                folder.mkdir()
            sides = {
                "temporal": await on_temporal(folders["temporal"], workflows),
                "dbos": await on_dbos(python, folders["dbos"], workflows),
            }
            print(f"{number + 1} of {repetitions}: {sides}", file=sys.stderr)
            found.append(sides)
    return found


def table(workflows: int, repetitions: list[dict[str, Figures]]) -> str:
    """Return the medians for each workflow."""

    def median(side: str, figure: str, scale: float) -> float:
        return statistics.median(each[side][figure] for each in repetitions) * scale / workflows

    lines = [f"{workflows:,} workflows of 3 steps and a message, medians of {len(repetitions)}, for each workflow:", ""]
    lines += ["| | Temporal | DBOS |", "|---|---|---|"]
    for title, figure, scale in (
        ("processor, ms", "cpu_seconds", 1000.0),
        ("stored, kB", "bytes", 0.001),
    ):
        lines.append(f"| {title} | {median('temporal', figure, scale):.1f} | {median('dbos', figure, scale):.1f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print the figures and keep them."""
    workflows = int(sys.argv[1]) if len(sys.argv) > 1 else WORKFLOWS
    found = asyncio.run(repeated(workflows, int(sys.argv[2]) if len(sys.argv) > 2 else REPETITIONS))
    shown = table(workflows, found)
    print(shown)
    machine = {"processors": psutil.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    machine |= {"temporalio": version("temporalio"), "dbos": DBOS_VERSION}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "engines.json").write_text(json.dumps({"on": machine, "repetitions": found}, indent=2) + "\n")
    (RESULTS / "engines.md").write_text(f"# Temporal and DBOS\n\n{shown}\n")


if __name__ == "__main__":
    main()
