"""One name for one thing: no class of the product is defined twice."""

import ast
import subprocess
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_class_name_is_defined_twice() -> None:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.splitlines() if not name.startswith("tests/")]
    trees = [ast.parse(file.read_text()) for file in files if file.exists()]
    names = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert len(names) > 400
    assert [name for name, times in names.items() if times > 1] == []
