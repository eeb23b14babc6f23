"""One stack with a worker for staff's commands, and cohorts' folders to run them on."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import pytest_asyncio

from cli.main import main
from runtime.stack.local import LocalStack, Options, Part

EXAMPLE = Path(__file__).parents[2] / "examples" / "mile-2019"


Mile = Callable[..., Awaitable[CompletedProcess[str]]]
NewClass = Callable[[str, date], Path]


@pytest_asyncio.fixture(scope="session")
async def staffed() -> AsyncIterator[LocalStack]:
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        parts = frozenset({Part.MAIL, Part.WORKER})
        async with LocalStack(Options(folder=Path(made), ports=None, parts=parts, rehearsal=True)) as stack:
            yield stack


@pytest.fixture
def mile(staffed: LocalStack, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Mile:
    """Run a command against the stack, on a terminal wide enough for every table."""
    monkeypatch.setenv("COLUMNS", "240")

    async def run(*arguments: str) -> CompletedProcess[str]:
        capsys.readouterr()
        status = await asyncio.to_thread(_status_of, [*arguments, "--folder", str(staffed.folder)])
        said = capsys.readouterr()
        return CompletedProcess(arguments, status, said.out, said.err)

    return run


def _status_of(arguments: list[str]) -> int:
    try:
        main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture
def new_class(tmp_path: Path) -> NewClass:
    """Make a folder of the example's people with an id and a kickoff of its own."""

    def make(cohort: str, kickoff: date) -> Path:
        folder = tmp_path / cohort
        shutil.copytree(EXAMPLE, folder)
        file = folder / "cohort.toml"
        text = file.read_text().replace('id = "mile-2019"', f'id = "{cohort}"')
        file.write_text(text.replace("last_day = 2019-05-10", f"last_day = {kickoff}"))
        return folder

    return make
