"""The figures of the code, against a small tree that was counted by hand."""

import subprocess
from pathlib import Path

import pytest

from tools.figures import Figures, commit_subject_median, measure, python_files

BASE = '''"""What all models share."""

from elsewhere import Model


class Base(Model):
    """A model."""

    field: int = 0
    """Described below it."""
'''

PEOPLE = '''"""People."""

import garden.base as base
from garden.base import Base


# Two kinds of people:
# both are models.
class Person(Base):
    def name(self) -> str:
        # Nobody is nameless.
        return "somebody"  # a remark beside code is no comment line


class Gardener(Person):
    async def dig(
        self,
    ) -> None:
        def deeper() -> int:
            return 1

        deeper()


class Tree(base.Base):
    text = """# no comment, but code
    """
'''


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in {"garden/base.py": BASE, "garden/people.py": PEOPLE, "garden/__init__.py": ""}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for hidden in (".venv/lib.py", "build/copy.py"):
        (tmp_path / hidden).parent.mkdir()
        (tmp_path / hidden).write_text("class Base: ...\n")
    return tmp_path


def test_figures_are_those_counted_by_hand(tree: Path) -> None:
    assert measure(python_files(tree)) == Figures(
        files=3,
        lines=37,
        file_median=10,
        file_max=27,
        longest_file="garden/people.py",
        functions=3,
        function_median=3,
        function_p90=7,
        # base.py has 3 lines of code; people.py has 15, and 3 lines of comment.
        comments_per_100=16.7,
        classes_above_max=2,
        deepest_class="garden.people.Gardener",
        modules_per_folder_max=2,
        fullest_folder="garden",
        classes_defined_twice=[],
    )


def test_class_defined_in_two_files_is_listed(tree: Path) -> None:
    (tree / "shed.py").write_text("class Person: ...\n")
    figures = measure(python_files(tree))
    assert figures.classes_defined_twice == ["Person"]
    assert figures.deepest_class == "garden.people.Gardener"


def test_length_of_commit_subjects_is_their_median(tree: Path) -> None:
    assert commit_subject_median(tree) is None
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run([*git, "init", "--quiet"], cwd=tree, check=True)
    assert commit_subject_median(tree) is None
    for subject in ("Add a tree", "Dig", "Add two gardeners"):
        subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", f"{subject}\n\nWhy."], cwd=tree, check=True)
    assert commit_subject_median(tree) == 10
