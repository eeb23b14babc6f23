"""What the documents point at: links, files, make targets and pictures, all of which must be there."""

import re
import tomllib
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "deploy/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
ROOMS = "|".join(sorted(path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")))
SVG = "{http://www.w3.org/2000/svg}"


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(params=PAGES, ids=_name)
def page(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    assert [target for target in targets if "://" not in target and not (page.parent / target).exists()] == []


def test_every_file_that_is_named_exists(page: Path) -> None:
    named = re.findall(rf"`((?:{ROOMS})/[\w./-]+\.\w+)`", page.read_text())
    assert [name for name in named if not (ROOT / name).exists()] == []


def _expanded(word: str) -> list[str]:
    """Return what a shell makes of the braces in a word."""
    before, opened, rest = word.partition("{")
    inside, _, after = rest.partition("}")
    return [before + each + after for each in inside.split(",")] if opened else [word]


def test_every_test_that_a_command_runs_exists(page: Path) -> None:
    blocks = re.findall(r"^```\w*\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    words = [word for block in blocks for word in re.findall(r"\btests/\S+\.py", block)]
    assert [name for word in words for name in _expanded(word) if not (ROOT / name).exists()] == []


def test_braces_are_read_as_a_shell_reads_them() -> None:
    assert _expanded("tests/test_{a,b}.py") == ["tests/test_a.py", "tests/test_b.py"]
    assert _expanded("tests/test_a.py") == ["tests/test_a.py"]


@cache
def _names_in_code() -> set[str]:
    sources = [path for suffix in ("py", "sql", "toml", "yml") for path in ROOT.rglob(f"*.{suffix}")]
    texts = [path.read_text() for path in [ROOT / ".env.example", *sources] if ".venv" not in path.parts]
    return {name for text in texts for name in re.findall(r"[A-Za-z_]\w*", text)}


# The change log tells of the past.
@pytest.mark.parametrize("today", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=_name)
def test_every_name_from_the_code_that_a_page_has_exists(today: Path) -> None:
    named = set(re.findall(r"`([A-Za-z]\w*)`", today.read_text()))
    from_code = {name for name in named if "_" in name or re.search(r"[a-z][A-Z]", name)}
    assert sorted(from_code - _names_in_code()) == []


def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", page.read_text(), re.MULTILINE)) <= targets


def test_no_page_names_a_folder_of_one_machine(page: Path) -> None:
    assert not re.search(r"(?<![\w.])/(home|root|work|Users)/", page.read_text())


def test_the_readme_stays_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120


def test_the_readme_leads_to_every_page() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        found = waiting.pop().resolve()
        if found not in seen and found.suffix == ".md":
            seen.add(found)
            waiting += [found.parent / target for target in re.findall(r"\]\(([^)#]+\.md)", found.read_text())]
    assert set(PAGES) <= seen


def test_every_decision_is_in_the_list_by_its_number_and_title() -> None:
    decisions = ROOT / "docs" / "decisions"
    pages = sorted(decisions.glob("[0-9]*.md"))
    titles = [page.read_text().splitlines()[0].removeprefix("# ") for page in pages]
    listed = [f"{title.replace('. ', '. [', 1)}]({page.name})" for title, page in zip(titles, pages, strict=True)]
    assert [line for line in (decisions / "README.md").read_text().splitlines() if line[:1].isdigit()] == listed
    assert [int(title.partition(".")[0]) for title in titles] == list(range(1, len(titles) + 1))


@pytest.mark.parametrize("name", ["flow.svg", "architecture.svg"])
def test_a_picture_says_in_words_what_it_shows(name: str) -> None:
    picture = ET.parse(ROOT / "docs" / "pictures" / name).getroot()  # noqa: S314 - our own file
    assert picture.get("role") == "img"
    assert all((picture.findtext(f"{SVG}{part}") or "").strip() for part in ("title", "desc"))
    assert picture.get("aria-labelledby") == "title desc"


def test_every_room_has_its_line_in_both_tables_and_stands_in_the_order_of_imports() -> None:
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    order = re.search(r"Imports go down only: (.*?)\.", contributing, re.DOTALL)
    assert order
    assert re.findall(r"`(\w+)`", order[1]) == layers
    lines = re.findall(r"^\| .* \| (.*) \|$", contributing, re.MULTILINE)
    assert [layer for layer in layers if not any(f"`{layer}`" in line for line in lines)] == []
    rooms = re.findall(r"^\| `(\w+)/` \|", (ROOT / "docs" / "architecture.md").read_text(), re.MULTILINE)
    assert [room for room in rooms if room in layers] == layers


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_to_a_heading_finds_it(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text())
    assert [f"{name}#{to}" for name, to in links if to not in _anchors(page.parent / name if name else page)] == []
