"""The named queries of a folder of SQL files, each file read when one of its queries is needed first."""

import re
from functools import cached_property
from pathlib import Path
from typing import Any

import aiosql

NAME = re.compile(r"^-- name: (\w+)", re.MULTILINE)


class NamedQueries:
    """The queries as methods, named as in the files: a command uses a few of the files and need not wait for all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def available_queries(self) -> list[str]:
        """Return the names of all queries."""
        return sorted(self._files)

    @cached_property
    def _files(self) -> dict[str, Path]:
        return {name: file for file in sorted(self._folder.glob("*.sql")) for name in NAME.findall(file.read_text())}

    def __getattr__(self, name: str) -> Any:
        """Read the file of a query and keep all of its queries; Python asks only for what is not kept yet."""
        if name not in self._files:
            raise AttributeError(f"There is no query {name} in {self._folder}.")
        read = aiosql.from_path(self._files[name], "asyncpg", mandatory_parameters=False)
        self.__dict__.update({each: getattr(read, each) for each in read.available_queries})
        return self.__dict__[name]
