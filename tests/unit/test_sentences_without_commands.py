"""What services and storage say reaches pages, too: no sentence of theirs names a command, but advice for the shell."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = re.compile(r"\bmile (cohort|mentorship|emails|match|report|rehearse|doctor|up|worker|web|migrate|links)\b")
# What mile doctor finds, and what notes to staff propose by email.
FOR_THE_SHELL = {"services/email_health.py", "services/link_health.py", "services/replies.py"}
FILES = sorted(
    file.relative_to(ROOT)
    for room in ("services", "storage")
    for file in (ROOT / room).rglob("*.py")
    if str(file.relative_to(ROOT)) not in FOR_THE_SHELL
)


def sentences(tree: ast.AST) -> Iterator[str]:
    """Yield the texts in code, but for docstrings and what is said in ``shell_advice``."""
    if isinstance(tree, ast.keyword) and tree.arg == "shell_advice":
        return
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.value
    for part in ast.iter_child_nodes(tree):
        if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
            yield from sentences(part)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_sentence_names_no_command(file: Path) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert [text for text in sentences(tree) if COMMAND.search(text)] == []
