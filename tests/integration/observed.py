"""A service on this machine that a real Prometheus observes, by the rules of deploy/prometheus at a quicker pace."""

import asyncio
import json
import os
import re
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import psutil

from runtime.local_stack.ports import Ports
from runtime.local_stack.stack import LocalStack
from runtime.migrations import program

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"
# Longer than an ended worker counts as polling.
WITHIN = timedelta(minutes=4)


class Observed:
    """A stack with a worker and pages; says which alerts fire."""

    def __init__(self, stack: LocalStack, port: int) -> None:
        self.stack = stack
        self._port = port

    async def firing(self) -> set[str]:
        """Return the names of the alerts that fire."""
        return await asyncio.to_thread(self._firing)

    async def wait_for(self, alert: str) -> None:
        """Wait until an alert fires."""
        await self._wait(alert, fires=True)

    async def wait_for_end(self, alert: str) -> None:
        """Wait until an alert fires no more."""
        await self._wait(alert, fires=False)

    async def mile(self, *arguments: str) -> str:
        """Run a command of the run-book against the stack."""
        return await self._run(sys.executable, "-m", "cli.main", *arguments, "--folder", str(self.stack.folder))

    async def temporal(self, *arguments: str) -> str:
        """Run a command of Temporal's own command line."""
        address = self.stack.settings.temporal_address
        return await self._run(program("temporal"), *arguments, "--address", str(address))

    async def ask_pages(self, times: int) -> list[int]:
        """Ask for a page of a link many times at once; return the statuses, 504 for no answer in time."""
        async with httpx.AsyncClient(base_url=self.stack.settings.public_url, timeout=60) as client:
            return await asyncio.gather(*(_status(client) for _ in range(times)))

    def processes(self, name: str) -> list[psutil.Process]:
        """Return a server of the stack with all that it started."""
        (server,) = (each for each in psutil.Process().children() if each.name() == name)
        return [server, *server.children(recursive=True)]

    def web(self) -> psutil.Process:
        """Return the process of the pages."""
        (web,) = (each for each in psutil.Process().children() if each.cmdline()[-2:] == ["cli.main", "web"])
        return web

    def _firing(self) -> set[str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/api/v1/alerts", timeout=10) as answer:
            alerts = json.load(answer)["data"]["alerts"]
        return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}

    async def _wait(self, alert: str, *, fires: bool) -> None:
        async with asyncio.timeout(WITHIN.total_seconds()):
            # Prometheus tells nobody by itself.
            while (alert in await self.firing()) is not fires:  # noqa: ASYNC110
                await asyncio.sleep(0.5)

    async def _run(self, *command: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
        return output.decode()


@asynccontextmanager
async def prometheus(folder: Path, targets: dict[str, str]) -> AsyncIterator[int]:
    """Run a Prometheus that scrapes targets (by job) each second; yield its port."""
    _configure(folder, targets)
    port = Ports.free().web
    process = await asyncio.create_subprocess_exec(
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"]},
    )
    try:
        async with httpx.AsyncClient() as client, asyncio.timeout(30):
            while not await _is_ready(client, port):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _status(client: httpx.AsyncClient) -> int:
    try:
        return (await client.get("/r/" + "a" * 26)).status_code
    except httpx.ReadTimeout:
        return 504


def _configure(folder: Path, targets: dict[str, str]) -> None:
    # The rules themselves, but nobody waits minutes for what lasts.
    rules = re.sub(r"\bfor: \w+", "for: 1s", RULES.read_text()).replace("[5m]", "[30s]")
    jobs = [{"job_name": job, "static_configs": [{"targets": [target]}]} for job, target in targets.items()]
    pace = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    # JSON is YAML.
    config = {"global": pace, "rule_files": ["alerts.yml"], "scrape_configs": jobs}
    folder.mkdir()
    (folder / "alerts.yml").write_text(rules)
    (folder / "prometheus.yml").write_text(json.dumps(config))


async def _is_ready(client: httpx.AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{port}/-/ready")).is_success
    except httpx.TransportError:
        return False
