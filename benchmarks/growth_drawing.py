"""How growth is told: bars and tables of what was measured of each class."""

from typing import Any

from benchmarks.stack_parts import MeasuredPart

WIDTH = 40
SERVICE = (MeasuredPart.WORKER, MeasuredPart.TEMPORAL, MeasuredPart.POSTGRESQL)
PHASES = {"started": "started and welcomed", "opened": "a check-in opened for all"}
Figures = dict[str, Any]


def each_ms(costs: Figures, pairs: int, *parts: MeasuredPart) -> float:
    """Return the processor's milliseconds of these parts for one mentorship."""
    return float(sum(1000 * costs["cpu_seconds"][part] for part in parts)) / pairs


def bar(value: float, largest: float) -> str:
    """Return a bar of at most WIDTH characters."""
    return "█" * round(WIDTH * value / largest) if largest else ""


def drawing(classes: list[Figures]) -> str:
    """Return the processor time of each part for one mentorship as bars, and the memory beside them."""
    lines: list[str] = []
    for phase, title in PHASES.items():
        largest = max(each_ms(one[phase], one["pairs"], *SERVICE) for one in classes)
        lines.append(f"{title}, ms of processor for each mentorship:")
        for one in classes:
            parts = {part: each_ms(one[phase], one["pairs"], part) for part in SERVICE}
            told = ", ".join(f"{part} {value:.0f}" for part, value in parts.items())
            together = sum(parts.values())
            lines.append(f"{one['pairs']:>6,} {bar(together, largest):<{WIDTH}} {together:,.0f} ({told})")
        lines.append("")
    largest = max(one["opened"]["megabytes"][MeasuredPart.WORKER] for one in classes)
    lines.append("the worker's memory after it, MB:")
    lines += [
        f"{one['pairs']:>6,} {bar(held, largest):<{WIDTH}} {held:,.0f}"
        for one in classes
        for held in [one["opened"]["megabytes"][MeasuredPart.WORKER]]
    ]
    return "\n".join(lines)


def table(classes: list[Figures]) -> str:
    """Return all figures as a Markdown table."""
    columns = ["mentorships", "phase", "seconds", "enqueued after", "emails/s", "CPU ms each", *SERVICE, "in memory"]
    columns += ["replayed", "events", "actions", "waited too long", "worked too long", "others busy"]
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for one in classes:
        for phase, title in PHASES.items():
            costs, held = one[phase], one[phase]["megabytes"]
            memory = [f"{held[part]:,.0f} MB" for part in SERVICE]
            cells = [f"{one['pairs']:,}", title, f"{costs['seconds']:,.0f}", f"{costs['enqueued_seconds']:,.0f} s"]
            cells += [f"{costs['emails_per_second']:.0f}", f"{each_ms(costs, one['pairs'], *SERVICE):.0f}", *memory]
            cells += [f"{costs[name]:,.0f}" for name in ("cached", "replayed", "events", "actions", "waited", "worked")]
            cells.append(f"{costs['others']:.1f}")
            lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "| mentorships | asleep, CPU ms a second | Temporal's database, kB each | PostgreSQL, kB each |"]
    lines.append("|---|---|---|---|")
    for one in classes:
        asleep, stored = one["asleep"], one["stored_kb_each"]
        idle = 1000 * sum(asleep["cpu_seconds"][part] for part in SERVICE) / asleep["seconds"]
        grown = [f"{stored[part]:,.0f}" for part in (MeasuredPart.TEMPORAL, MeasuredPart.POSTGRESQL)]
        lines.append(f"| {one['pairs']:,} | {idle:.0f} | {' | '.join(grown)} |")
    return "\n".join(lines)


def series_drawn(series: list[dict[str, float]]) -> str:
    """Return the worker's memory over the mentorships it played, as some twenty bars."""
    largest = max(point[MeasuredPart.WORKER] for point in series)
    shown = series[:: max(1, len(series) // 20)]
    shown += series[-1:] if shown[-1] is not series[-1] else []
    return "\n".join(
        f"{point['played']:>6,.0f} {bar(held, largest):<{WIDTH}} {held:,.0f} MB"
        for point in shown
        for held in [point[MeasuredPart.WORKER]]
    )


def as_markdown(results: Figures) -> str:
    """Return all that was measured so far."""
    classes = sorted(results["classes"].values(), key=lambda one: one["pairs"])
    text = "# How the service grows\n"
    if classes:
        text += f"\n```\n{drawing(classes)}\n```\n\n{table(classes)}\n"
    if series := results["played"].get("series"):
        text += "\nThe memory of one worker over the mentorships that were played through it:\n"
        text += f"\n```\n{series_drawn(series)}\n```\n"
    return text
