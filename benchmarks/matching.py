"""Time and memory of matching, from a class of 30 to 10,000, compared with SciPy's solver alone.

Run ``python -m benchmarks.matching [SIZE ...]``: every size runs in a process of its own, so that its peak memory
is its own; the figures are printed and stored in benchmarks/results/.
"""

import json
import os
import platform
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import scipy
from scipy.optimize import linear_sum_assignment

from domain.matching.geography import TOWNS
from domain.matching.people import collect_people
from domain.matching.run import assign, explain, prepare
from domain.matching.score_bands import SCORE_PER_SHOWN_POINT
from domain.matching.scores import MAX_SCORE, Scores
from domain.matching.solver.assignment import solve
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import MatchingSettings
from schemas.enums import Availability, GoalArea, LibraryType, WorkingStyle

SIZES = (30, 300, 1_000, 3_000, 10_000)
RESULTS = Path(__file__).parent / "results"

Result = TypeVar("Result")


def invented(size: int, seed: int = 2019) -> tuple[list[MentorApplication], list[MenteeApplication]]:
    """Return ``size`` invented mentors and as many mentees; about one answer in ten is missing."""
    rng = random.Random(seed)  # noqa: S311

    def sample(words: type[GoalArea] | type[Availability], at_most: int) -> tuple[str, ...]:
        return tuple(rng.sample(list(words), rng.randint(0 if rng.random() < 0.1 else 1, at_most)))

    def person(prefix: str, number: int, other: str) -> dict[str, object]:
        town = rng.choice(list(TOWNS))
        return {
            "id": f"{prefix}{number:05}",
            "name": f"{prefix} {number}",
            "email": f"{prefix}{number}@example.org".casefold(),
            "library": f"{town.title()} {rng.choice(('Public Library', 'College', 'High School', 'Law Library'))}",
            "library_type": rng.choices(list(LibraryType), (50, 25, 15, 7, 3))[0],
            "town": town,
            "role": "librarian",
            "working_style": rng.choice([*WorkingStyle, None]),
            "availability": sample(Availability, 3),
            "ranks": tuple(f"{other}{rng.randrange(size):05}" for _ in range(rng.choice((0, 0, 1, 3)))),
        }

    mentors = [
        MentorApplication.model_validate(
            person("M", n, "P") | {"years": rng.randint(5, 35), "offers": sample(GoalArea, 6)}
        )
        for n in range(size)
    ]
    mentees = [
        MenteeApplication.model_validate(
            person("P", n, "M") | {"years": rng.randint(0, 15), "wants": sample(GoalArea, 4)}
        )
        for n in range(size)
    ]
    return mentors, mentees


def timed(work: Callable[[], Result], now: Callable[[], float] = time.perf_counter) -> tuple[float, Result]:
    """Do the work and return the seconds it took and what it returned."""
    begin = now()
    result = work()
    return now() - begin, result


def peak_mb() -> int:
    """Return the peak memory of this process so far, in megabytes (Linux reports kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def side_by_side(scores: Scores, bands: tuple[int, ...]) -> tuple[float, float]:
    """Return the median CPU seconds of solving with proof and of SciPy's bare solver, in turn on the same scores.

    Both use one core. In turn, so that both meet the same load of the machine; it disturbs CPU seconds least.
    """
    runs = [
        (
            timed(lambda: solve(scores, bands=bands), time.process_time)[0],
            timed(lambda: linear_sum_assignment(scores, maximize=True), time.process_time)[0],
        )
        for _ in range(101 if len(scores) <= 300 else 11 if len(scores) <= 1_000 else 3)
    ]
    solving, bare = np.median(runs, axis=0).tolist()
    return solving, bare


def measure(size: int) -> dict[str, float | int | bool | None]:
    """Measure one size: seconds for scores, solving and explanations, peak memory, and the bare solver's seconds.

    Uniformly random scores, the easiest for the bare solver, are measured too (up to a size of 3,000).
    """
    people, settings = collect_people(*invented(size)), MatchingSettings()
    scores, prepared = timed(lambda: prepare(people, settings))
    solving, assignment = timed(lambda: assign(prepared))
    explanations, result = timed(lambda: explain(prepared, assignment, ""))
    memory = peak_mb()
    bands = (SCORE_PER_SHOWN_POINT * settings.bands.poor, SCORE_PER_SHOWN_POINT * settings.bands.fair)
    solving_seconds, bare = side_by_side(prepared.scored.scores, bands)
    random_solving, random_bare = None, None
    if size <= 3_000:
        even = np.random.default_rng(2019).integers(0, MAX_SCORE + 1, (size, size), np.int16)
        random_solving, random_bare = side_by_side(even, bands)
    return {
        "size": size,
        "scores": scores,
        "solve": solving_seconds,
        "explanations": explanations,
        "together": scores + solving + explanations,
        "bare": bare,
        "ratio": solving_seconds / bare,
        "random solve": random_solving,
        "random bare": random_bare,
        "random ratio": random_solving / random_bare if random_solving and random_bare else None,
        "peak_mb": memory,
        "placed": result.coverage,
        "valid": result.certificate.valid,
    }


def as_table(rows: list[dict[str, float | int | bool | None]]) -> str:
    """Return the figures as a Markdown table, seconds and ratios with three digits."""
    names = list(rows[0])
    shown = [[f"{row[name]:.3g}" if isinstance(row[name], float) else f"{row[name]}" for name in names] for row in rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [names, ["---"] * len(names), *shown])


def main(arguments: list[str]) -> None:
    """Measure the sizes asked for, each in its own process, print the table and store it."""
    if arguments[:1] == ["--one"]:
        print(json.dumps(measure(int(arguments[1]))))
        return
    rows = []
    for size in [int(argument) for argument in arguments] or SIZES:
        command = [sys.executable, "-m", "benchmarks.matching", "--one", str(size)]
        rows.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))  # noqa: S603
        print(as_table(rows[-1:]), flush=True)
    RESULTS.mkdir(exist_ok=True)
    machine = (
        f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}; "
        f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}"
    )
    (RESULTS / "matching.json").write_text(json.dumps({"machine": machine, "rows": rows}, indent=2) + "\n")
    (RESULTS / "matching.md").write_text(f"# Matching: seconds and megabytes\n\n{machine}\n\n{as_table(rows)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
