"""How a match run is shown to staff: a table in the terminal, and a page with histogram and bands to pass on."""

from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from rich.console import Console
from rich.table import Table

from cli.common.tables import print_table
from domain.matching.run_differences import mentor_changes
from domain.matching.score_bands import band_labels, histogram
from schemas.cohort.settings import Bands
from schemas.matching.results import MatchResult


def as_html(result: MatchResult, bands: Bands) -> str:
    """Return a page that needs nothing but itself; people appear by their ids."""
    page = files("cli.matching").joinpath("match_report.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(page).render(
        result=result,
        bands=[(label, result.band_counts[name]) for name, label in band_labels(bands).items()],
        histogram=histogram(result),
        highest=max((count for _, count in histogram(result)), default=0) or 1,
    )


def _next_best(mentor: str, cost: int) -> str:
    # Where fewer weak matches come first, another pair can raise the total and still be worse for the program.
    return f"{mentor} costs {_points(cost)}" if cost >= 0 else f"{mentor} adds {_points(-cost)}, with weaker matches"


def pairs_table(result: MatchResult) -> Table:
    """Show the pairs of a match run, each with its strongest reason and what the next best mentor would cost."""
    table = Table("Participant", "Mentor", "Score", "Strongest", "Next best", box=None, pad_edge=False)
    for pair in result.pairs:
        strongest = max(pair.criteria, key=lambda alternative: alternative.points, default=None)
        costs = [
            (alternative.mentor, alternative.program_cost)
            for alternative in pair.alternatives
            if alternative.program_cost is not None
        ]
        next_best = _next_best(*costs[0]) if costs else ""
        mentor = f"{pair.mentor} (pinned)" if pair.pinned else pair.mentor
        table.add_row(pair.mentee, mentor, _points(pair.score), strongest.reason if strongest else "", next_best)
    return table


def print_result(result: MatchResult, bands: Bands, earlier: MatchResult | None = None) -> None:
    """Print the pairs, those left out, what it comes to, and what changed from an earlier run."""
    console = Console(highlight=False, markup=False)
    print_table(pairs_table(result), console)
    if result.words_compared_by:
        console.print(f"People's own words were compared by {result.words_compared_by}.", soft_wrap=True)
    for unplaced in result.unplaced:
        console.print(f"{unplaced.mentee} has no mentor. {unplaced.why}", soft_wrap=True)
    for cost in result.pins:
        placed = f" and {cost.placed_without} more could be placed" if cost.placed_without else ""
        console.print(
            f"Without the pin {cost.mentor}:{cost.mentee} the total would differ by "
            f"{_points(cost.program_cost)}{placed}.",
            soft_wrap=True,
        )
    for change in mentor_changes(earlier, result) if earlier else ():
        console.print(f"Changed: {change.mentee} from {change.before or 'nobody'} to {change.after or 'nobody'}")
    counted = ", ".join(f"{result.band_counts[name]} {label}" for name, label in band_labels(bands).items())
    proof = "checked: no better matching exists" if result.certificate.valid else "NOT proven. Please report this."
    if result.objective == "stable" and result.certificate.valid:
        proof = "checked: no two people would both rather have each other"
    console.print(
        f"\n{result.coverage} placed, {len(result.unplaced)} not; {counted}.\n"
        f"Total {_points(result.total)}, worst {_points(result.worst)}, objective {result.objective}; {proof}.",
        soft_wrap=True,
    )


def _points(score: int) -> str:
    return f"{score / 100:.1f}"
