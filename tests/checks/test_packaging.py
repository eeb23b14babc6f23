"""What continuous integration, the image and the package say of the project, against the project."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CI = (ROOT / ".github" / "workflows" / "ci.yml").read_text()


def test_ci_runs_what_a_newcomer_runs_on_the_oldest_python_that_is_supported() -> None:
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert f'python: ["{oldest}"' in CI
    commands = re.findall(r"^      - run: (?:sudo env \S+ )?(make \w+|\.ci/run)$", CI, re.MULTILINE)
    assert commands == [".ci/run", "make integration", "make coverage"]


def test_every_action_is_pinned_to_a_commit() -> None:
    actions = re.findall(r"uses: (\S+)", CI)
    assert actions
    assert [action for action in actions if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)] == []


def test_the_same_packages_are_built_checked_measured_and_let_into_the_image() -> None:
    packages = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert packages == sorted({path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "tools"})
    assert PROJECT["tool"]["importlinter"]["root_packages"] == packages
    assert PROJECT["tool"]["coverage"]["run"]["source"] == packages
    allowed = re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert [name for name in allowed if (ROOT / name).is_dir()] == packages


def test_the_change_log_begins_with_the_version_of_the_package() -> None:
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest
    assert newest[1] == PROJECT["project"]["version"]
