"""Real parts for whoever asks for one: a PostgreSQL with the program's empty tables, and a browser."""

import asyncio
import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
import uvloop
from hypothesis import HealthCheck, settings
from playwright.async_api import Browser, async_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from runtime.local_stack.postgres import Postgres
from runtime.migrations import migrate
from storage.database import open_pool

# The engine's server would take a tenth of its time to give back memory that a test's end gives back anyway.
os.environ.setdefault("GOGC", "400")

# How long an example takes says more about what else the machine does than about the rule it checks.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# The first is Chromium without the window that nobody sees, and takes a third less of the processor's time.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
# Each new window would load two pages of the browser's own below its address bar, which nobody sees and which cost half
# of a browser's time. Chromium heeds the last such list only, so it has what Playwright switches off for tests, too.
UNWANTED = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "MediaRouter",
    "LensOverlay",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
)
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    # A process of its own would draw what nobody sees, in software.
    "--disable-gpu",
    "--disable-background-networking",
    f"--disable-features={','.join(UNWANTED)}",
]
# Files that share what was played for them, or a stack whose cohorts would be in each other's way.
WORKFLOWS = "tests/workflows/test_"
TOGETHER = {
    "the class of 2019": (
        f"{WORKFLOWS}cohort",
        f"{WORKFLOWS}digests",
        f"{WORKFLOWS}emails",
        f"{WORKFLOWS}privacy",
        f"{WORKFLOWS}redaction",
    ),
    "the class of 2017": (f"{WORKFLOWS}killed_worker", f"{WORKFLOWS}other_settings"),
    "the command": ("tests/cli/",),
    "classes made at random": ("tests/report/test_recomputed", "tests/report/test_withholding"),
}
# What takes longest begins first, so that no process is still at it when the others have nothing left to do.
LONGEST = (
    "tests/web/staff/test_whole_class",
    *TOGETHER["the command"],
    *TOGETHER["the class of 2019"],
    *TOGETHER["the class of 2017"],
)
LONG = ("tests/workflows/", "tests/runtime/local_stack/test_stack")
TABLES = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations' order by 1"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Keep histories for a release; write the dump of the schema after a migration."""
    parser.addoption(
        "--keep-histories", type=Path, metavar="DIR", help="keep the histories of workflows that tests run"
    )
    parser.addoption("--write-schema", action="store_true", help="write storage/schema.sql anew, from the migrations")


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """Deals out tests by their files, and in one piece what shares a stack or a class that was played on it."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((name for name, files in TOGETHER.items() if file.startswith(files)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """Let several processes run the tests without playing a class twice."""
    return Together(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage: what is collected lives to the end, and a search would visit all of it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: staff's commands on one stack, the classes that are played, then other stacks."""
    first = (*LONGEST, *LONG)
    items.sort(key=lambda item: next((place for place, part in enumerate(first) if part in item.nodeid), len(first)))


class SessionLoop(uvloop.Loop):
    """The event loop that the worker and the pages have, for a session of tests."""

    def close(self) -> None:
        """Leave it to the end of the process.

        uvloop would wait for whatever a failed test has left open, for ever if need be, and nobody learned what failed.
        """


class SessionLoopPolicy(asyncio.DefaultEventLoopPolicy):
    """Makes that loop first; whoever runs another one beside it closes it."""

    def __init__(self) -> None:
        super().__init__()
        self._session_loop: SessionLoop | None = None

    def new_event_loop(self) -> uvloop.Loop:
        """Return a new one."""
        if self._session_loop:
            return uvloop.Loop()
        self._session_loop = SessionLoop()
        return self._session_loop


@pytest.fixture(scope="session")
def event_loop_policy() -> SessionLoopPolicy:
    """Run tests on the session's loop.

    pytest-asyncio has a newer hook for this, which begins every fixture of the session anew at each test that is not
    asynchronous.
    """
    return SessionLoopPolicy()


@pytest.fixture(scope="session", autouse=True)
def one_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let a process make PostgreSQL's files once, and copy them for each further server that begins with none."""
    made = tmp_path_factory.mktemp("cluster") / "made"
    set_up = Postgres._set_up

    async def copied(server: Postgres, folder: Path) -> None:
        # Not in a thread: a start that is canceled would leave its cp behind, which a test takes for the stack's.
        if made.exists():
            _copy(made, folder)
        else:
            await set_up(server, folder)
            _copy(folder, made)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Postgres, "_set_up", copied)
        yield


def _copy(folder: Path, to: Path) -> None:
    # With the owners, whom Python's own copy leaves out: where tests run as root, PostgreSQL does not.
    subprocess.run(["cp", "--archive", "--no-target-directory", str(folder), str(to)], check=True)


@pytest_asyncio.fixture(scope="session")
async def postgres() -> AsyncIterator[Postgres]:
    """One server for the session, in a folder that also PostgreSQL's own user can reach."""
    with tempfile.TemporaryDirectory(prefix="mile-test-") as made:
        server = Postgres(Path(made) / "postgres", Path(made) / "postgres.log", print, throwaway=True)
        try:
            await server.start()
            yield server
        finally:
            await server.stop()


@pytest_asyncio.fixture(scope="session")
async def database_url(postgres: Postgres) -> str:
    """The address of a database with every migration applied."""
    migrate(postgres.url)
    return postgres.url


@pytest_asyncio.fixture(scope="session")
async def emptying(database_url: str) -> str:
    """The statements that empty every table there is, in whatever order they refer to each other.

    Few rows are deleted faster than tables are truncated, which makes new files for each.
    """
    connection = await asyncpg.connect(database_url)
    try:
        deleting = [f"delete from {row['tablename']}" for row in await connection.fetch(TABLES)]  # noqa: S608
    finally:
        await connection.close()
    return ";".join(["set local session_replication_role = replica", *deleting])


@pytest_asyncio.fixture(scope="session")
async def connections(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """A pool for the session: PostgreSQL starts a process for each new connection."""
    async with open_pool(database_url, size=12) as pool:
        yield pool


@pytest_asyncio.fixture
async def pool(connections: asyncpg.Pool, emptying: str) -> asyncpg.Pool:
    """A pool on empty tables."""
    await connections.execute(emptying)
    return connections


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The first Chromium found, without a window."""
    if not CHROMIUM:
        pytest.skip("no Chromium found: install one, or name it in CHROMIUM")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        await chromium.close()
