"""Measure the code: sizes of files and functions, comments, depth of classes. It sets no limits."""

import argparse
import ast
import json
import math
import subprocess
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
BESIDE_THE_PRODUCT = {"benchmarks", "docs", "tests", "tools"}
COMMITS = 50


@dataclass(frozen=True)
class Figures:
    """The figures of some Python files; lengths are in lines, a function's from ``def`` to its last line."""

    files: int
    lines: int
    file_median: float
    file_max: int
    longest_file: str
    functions: int
    function_median: float
    function_p90: int
    comments_per_100: float
    """Lines with nothing but a comment, for each 100 lines that are neither blank, comment nor docstring."""
    classes_above_max: int
    """The longest chain of classes of this project above one of its classes."""
    deepest_class: str
    modules_per_folder_max: int
    fullest_folder: str
    classes_defined_twice: Sequence[str]


@dataclass(frozen=True)
class SourceFile:
    """One Python file, parsed when that is asked for."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def module(self) -> str:
        """Return the dotted name by which other files import it."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    def function_lengths(self) -> Iterator[int]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield (node.end_lineno or node.lineno) - node.lineno + 1

    def comment_lines(self) -> int:
        tokens = tokenize.generate_tokens(iter(self.text.splitlines(keepends=True)).__next__)
        return sum(token.type == tokenize.COMMENT and token.line.lstrip().startswith("#") for token in tokens)

    def code_lines(self) -> int:
        documentation = {number for node in ast.walk(self.tree) for number in _documentation(node)}
        return sum(
            bool(line.strip()) and not line.lstrip().startswith("#") and number not in documentation
            for number, line in enumerate(self.text.splitlines(), start=1)
        )

    def classes(self) -> Iterator[ast.ClassDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))

    def imported_names(self) -> dict[str, str]:
        """Return what each imported name means, as a dotted name."""
        meanings: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                meanings |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
            elif isinstance(node, ast.Import):
                meanings |= {name.asname: name.name for name in node.names if name.asname}
        return meanings


def _documentation(node: ast.AST) -> range:
    """Return the lines of a statement that is a string alone: a docstring, or the description of a field."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return range(0)


def python_files(root: Path) -> list[SourceFile]:
    """Read the Python files below a folder, without hidden folders and what builds leave behind."""
    # A virtual environment is not walked through: it has more files than the project.
    top = [path for path in root.iterdir() if path.name != "build" and not path.name.startswith(".")]
    inside = [path for folder in top for path in folder.rglob("*.py")]
    relative = sorted(path.relative_to(root) for path in [*top, *inside] if path.suffix == ".py")
    return [
        SourceFile(path, (root / path).read_text())
        for path in relative
        if not any(part.startswith(".") for part in path.parts)
    ]


def _parents(files: Sequence[SourceFile]) -> dict[str, list[str]]:
    """Return the classes that each class is built on, all as dotted names; others' classes are left out."""
    own = {f"{file.module}.{node.name}" for file in files for node in file.classes()}
    parents = {}
    for file in files:
        meanings = file.imported_names()
        for node in file.classes():
            bases = [_dotted(base, meanings, file.module) for base in node.bases]
            parents[f"{file.module}.{node.name}"] = [base for base in bases if base in own]
    return parents


def _dotted(base: ast.expr, meanings: Mapping[str, str], module: str) -> str:
    plain = ast.unparse(base.value if isinstance(base, ast.Subscript) else base)
    first, _, rest = plain.partition(".")
    meaning = meanings.get(first, plain if rest else f"{module}.{first}")
    return f"{meaning}.{rest}" if rest and first in meanings else meaning


def _depth(name: str, parents: Mapping[str, Sequence[str]]) -> int:
    return max((1 + _depth(parent, parents) for parent in parents[name]), default=0)


def measure(files: Sequence[SourceFile]) -> Figures:
    """Return the figures of files, of which there must be some."""
    functions = sorted(length for file in files for length in file.function_lengths()) or [0]
    longest = max(files, key=lambda file: file.lines)
    code = sum(file.code_lines() for file in files)
    parents = _parents(files)
    deepest = max(parents, key=lambda name: _depth(name, parents), default="")
    folders = Counter(file.path.parent for file in files if file.path.name != "__init__.py")
    folder, modules = max(folders.items(), key=lambda item: item[1], default=(Path(), 0))
    names = Counter(name.rpartition(".")[2] for name in parents)
    return Figures(
        files=len(files),
        lines=sum(file.lines for file in files),
        file_median=median(file.lines for file in files),
        file_max=longest.lines,
        longest_file=longest.path.as_posix(),
        functions=sum(1 for file in files for _ in file.function_lengths()),
        function_median=median(functions),
        function_p90=functions[math.ceil(0.9 * len(functions)) - 1],
        comments_per_100=round(100 * sum(file.comment_lines() for file in files) / max(code, 1), 1),
        classes_above_max=_depth(deepest, parents) if deepest else 0,
        deepest_class=deepest,
        modules_per_folder_max=modules,
        fullest_folder=folder.as_posix(),
        classes_defined_twice=sorted(name for name, count in names.items() if count > 1),
    )


def commit_subject_median(root: Path) -> float | None:
    """Return the median length of the last commits' subjects, or None where there is no git or no commit."""
    command = ["git", "log", f"-{COMMITS}", "--format=%s"]
    try:
        log = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603 - a fixed command
    except (OSError, subprocess.CalledProcessError):
        return None
    subjects = log.stdout.splitlines()
    return median(map(len, subjects)) if subjects else None


def _rows(figures: Figures) -> list[tuple[str, str]]:
    return [
        ("files, lines", f"{figures.files:,}, {figures.lines:,}"),
        ("file length, median / max", f"{figures.file_median:g} / {figures.file_max} ({figures.longest_file})"),
        ("function length, median / p90", f"{figures.function_median:g} / {figures.function_p90}"),
        ("comment lines per 100 lines of code", f"{figures.comments_per_100:g}"),
        ("own classes above a class, max", f"{figures.classes_above_max} ({figures.deepest_class or 'no class'})"),
        ("modules per folder, max", f"{figures.modules_per_folder_max} ({figures.fullest_folder})"),
        ("class names defined twice", ", ".join(figures.classes_defined_twice) or "none"),
    ]


def main() -> None:
    """Print the figures of the product and of its tests."""
    parser = argparse.ArgumentParser(prog="make figures", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print them as JSON")
    options = parser.parse_args()
    files = python_files(ROOT)
    product = measure([file for file in files if file.path.parts[0] not in BESIDE_THE_PRODUCT])
    tests = measure([file for file in files if file.path.parts[0] == "tests"])
    subjects = commit_subject_median(ROOT)
    if options.json:
        report = {"product": asdict(product), "tests": asdict(tests), "commit_subject_median": subjects}
        print(json.dumps(report, indent=2))
        return
    for heading, figures in (("The product", product), ("Its tests", tests)):
        print(heading)
        for label, figure in _rows(figures):
            print(f"  {label:<36} {figure}")
    if subjects is not None:
        print(f"Commit subject, median of the last {COMMITS}: {subjects:g} characters")


if __name__ == "__main__":
    main()
