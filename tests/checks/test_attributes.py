"""What an object of the product keeps for itself, it reads."""

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_private_attribute_is_set_and_never_read() -> None:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.splitlines() if not name.startswith("tests/")]
    trees = [ast.parse(file.read_text()) for file in files if file.exists()]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert len(classes) > 400
    unread = {node.name: _own(node, ast.Store) - _own(node, ast.Load) for node in classes}
    assert {name: attributes for name, attributes in unread.items() if attributes} == {}


def _own(node: ast.ClassDef, context: type[ast.expr_context]) -> set[str]:
    """Return the private attributes of ``self`` that a class sets, or reads; ``+=`` is both."""
    changed = {inner.target for inner in ast.walk(node) if isinstance(inner, ast.AugAssign)}
    return {
        inner.attr
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == "self"
        if inner.attr.startswith("_") and (isinstance(inner.ctx, context) or inner in changed)
    }
