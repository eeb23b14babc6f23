"""Events and billed actions of one mentorship in which everything is answered, compared with their limits.

Run ``python benchmarks/mentorship.py``: for each rhythm a class of a single pair is rehearsed; the figures are printed
and stored in benchmarks/results/. The seconds are those of the machine and of no use elsewhere.
"""

import csv
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "examples" / "mile-2019"
RESULTS = Path(__file__).parent / "results"
MOST_EVENTS = 1500
# By the persona of the mentee; the mentor is always keen.
MOST_ACTIONS = {"quarterly": 160, "monthly": 200}


def write_single_pair_class(folder: Path, rhythm: str) -> None:
    """Write a class with one participant who wants a rhythm, and a mentor who answers everything within a day."""
    (folder / "cohort.toml").write_text((EXAMPLE / "cohort.toml").read_text())
    for name in ("mentors.csv", "participants.csv"):
        (folder / name).write_text(keep_first_person(EXAMPLE / name))
    (folder / "personas.toml").write_text(f'default = "keen"\n[people]\nP01 = "{rhythm}"\n')


def keep_first_person(file: Path) -> str:
    """Return a file of people with its first row alone, without references to other people."""
    header, first, *_ = csv.reader(io.StringIO(file.read_text()))
    named = ("ranks", "vetoes", "conflicts", "reports_to")
    alone = ["" if column in named else value for column, value in zip(header, first, strict=True)]
    written = io.StringIO()
    csv.writer(written).writerows([header, alone])
    return written.getvalue()


def rehearse(rhythm: str) -> dict[str, object]:
    """Rehearse such a class and return what its mentorship came to."""
    with tempfile.TemporaryDirectory(prefix="mile benchmark ") as temporary:
        folder, record_file = Path(temporary) / "class", Path(temporary) / "record.json"
        folder.mkdir()
        write_single_pair_class(folder, rhythm)
        command = [sys.executable, "-m", "cli.main", "rehearse", str(folder), "--json", str(record_file)]
        # Not every promise can hold in a class of one pair, so the exit status says nothing about the costs.
        result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        if not record_file.exists():
            raise SystemExit(result.stderr)
        record = json.loads(record_file.read_text())
    [mentorship] = record["mentorships"]
    figures = {name: mentorship[name] for name in ("runs", "events", "actions")}
    return {"rhythm": rhythm, **figures, "responses": len(mentorship["responses"]), "seconds": record["seconds"]}


def as_table(rows: list[dict[str, object]]) -> str:
    """Return the figures as a Markdown table; what each may be at most stands beside it."""
    lines = ["| rhythm | responses | runs | events | billed actions |", "|---|---|---|---|---|"]
    for row in rows:
        events = f"{row['events']} (at most {MOST_EVENTS:,})"
        actions = f"{row['actions']} (at most {MOST_ACTIONS[str(row['rhythm'])]})"
        lines.append(f"| {row['rhythm']} | {row['responses']} | {row['runs']} | {events} | {actions} |")
    return "\n".join(lines)


def main() -> None:
    """Rehearse each rhythm, print the figures and keep them."""
    rows = [rehearse(rhythm) for rhythm in MOST_ACTIONS]
    print(as_table(rows))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "mentorship.json").write_text(json.dumps(rows, indent=2) + "\n")
    (RESULTS / "mentorship.md").write_text(f"# One mentorship in the engine\n\n{as_table(rows)}\n")


if __name__ == "__main__":
    main()
