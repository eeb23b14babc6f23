"""The oracle of the report: its numbers counted from the tables' rows, without any code of the report."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import asyncpg

from schemas.enums import Side
from tests.report.random_class import TABLES

Number = float | None
Path = tuple[str, ...]
Numbers = Iterator[tuple[Path, Number]]
OUT_OF_FORM = {"agreement"}


class CountedResponse(NamedTuple):
    """The counted answers of one person to one milestone; ``place`` is the response's id."""

    place: str
    form: str
    number: int
    side: str
    person: str
    mentorship: str
    answers: dict[str, str]


class Rows:
    """The rows of one cohort."""

    def __init__(self, cohort_id: str, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self.applications = [row for row in tables["application"] if row["cohort_id"] == cohort_id]
        self.mentorships = {row["id"]: row for row in tables["mentorship"] if row["cohort_id"] == cohort_id}
        own = {
            table: [row for row in tables[table] if row["mentorship_id"] in self.mentorships]
            for table in ("milestone", "response", "agreement")
        }
        self.milestones = {(row["mentorship_id"], row["id"]): row for row in own["milestone"]}
        self.agreements = own["agreement"]
        self.inquiries = [row for row in tables["inquiry"] if row["cohort_id"] == cohort_id]
        self.said = [
            response for response in map(self._said, _last_in_time(own["response"], self.milestones)) if response
        ]

    @property
    def people(self) -> dict[str, dict[str, str]]:
        """Return what those who took part applied with."""
        took_part = {row[f"{side}_id"] for row in self.mentorships.values() for side in Side}
        return {
            row["person_id"]: json.loads(row["answers"]) for row in self.applications if row["person_id"] in took_part
        }

    def _said(self, row: Mapping[str, Any]) -> CountedResponse | None:
        milestone = self.milestones[row["mentorship_id"], row["milestone_id"]]
        if not is_closed(milestone) or row["form"] in OUT_OF_FORM:
            return None
        person = self.mentorships[row["mentorship_id"]][f"{row['side']}_id"]
        key = (row["form"], milestone["number"], row["side"], person, row["mentorship_id"])
        return CountedResponse(row["id"], *key, json.loads(row["answers"]))


def is_closed(milestone: Mapping[str, Any]) -> bool:
    """Tell whether a window is over."""
    return bool(milestone["closes_at"] <= datetime.now(UTC))


def _last_in_time(
    responses: Iterable[Mapping[str, Any]], milestones: Mapping[tuple[str, str], Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    last: dict[str, Mapping[str, Any]] = {}
    for row in responses:
        if row["received_at"] < milestones[row["mentorship_id"], row["milestone_id"]]["closes_at"]:
            last[row["id"]] = row
    return list(last.values())


async def rows_of(pool: asyncpg.Pool, cohort_id: str) -> Rows:
    """Read all the tables a report is made from."""
    # In PostgreSQL's own order of ids: of two ratings of one person at one time, the later id's counts.
    order = {"response": "order by id, revision"}
    tables = {
        table: [dict(row) for row in await pool.fetch(f"select * from {table} {order.get(table, '')}")]  # noqa: S608
        for table in TABLES
    }
    return Rows(cohort_id, tables)


def hidden(cells: Mapping[str, Iterable[str]]) -> set[str]:
    """Return the names of the cells that must be withheld, found by trying sizes from the smallest on."""
    people = {name: set(cell) for name, cell in cells.items()}
    if all(len(cell) == 0 or len(cell) >= 5 for cell in people.values()):
        return set()
    for size in range(5, 2000):
        small = {name: cell for name, cell in people.items() if len(cell) < size}
        together = set().union(*small.values())
        sure = sum(len(cell) for cell in small.values()) == 4 * len(small)
        if len(small) == len(people) or (len(together) >= 5 and len(small) > 1 and not sure):
            return set(small)
    raise AssertionError("no cell is that large")


def hidden_counts(counts: Mapping[Any, int]) -> set[str]:
    """Return the same where everybody counts once."""
    return hidden({name: [f"{name}{number}" for number in range(count)] for name, count in counts.items()})


def together(cells: Mapping[str, Collection[Any]], withheld: Collection[str], *, known: bool = False) -> Number:
    """Return how many the withheld cells count together; where all are withheld only if their sum is ``known``."""
    if not withheld or (len(withheld) == len(cells) and not known):
        return None
    return sum(len(cells[name]) for name in withheld)


def mean(points: Sequence[float], people: Iterable[str]) -> Number:
    """Return a mean rounded as in the report, or None where it rests on fewer than five people."""
    return round(sum(points) / len(points), 2) if len(set(people)) >= 5 else None


def numbers_in(value: object, at: Path = ()) -> dict[Path, Number]:
    """Return every number of a report's dump by where it stands; entries of a list stand under what names them."""
    if isinstance(value, dict):
        numbers: dict[Path, Number] = {}
        for name, entry in value.items():
            if name not in WORDS:
                numbers |= numbers_in(entry, (*at, str(name)))
        return numbers
    if isinstance(value, (list, tuple)):
        entries = [(_named(entry), entry) for entry in value]
        assert len({name for name, _ in entries}) == len(entries), f"{at} names two entries alike"
        return {path: number for name, entry in entries for path, number in numbers_in(entry, (*at, *name)).items()}
    assert value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)), f"{at} is {value!r}"
    return {at: value}


# What names a figure or says it in words; all else of a report is a number, and must be counted again.
NAMES = ("form", "number", "question", "side", "by", "group")
WORDS = {*NAMES, "label", "ends", "cohort_id", "quotes", "interim_on", "classes"}


def _named(entry: dict[str, Any]) -> Path:
    names = [str(entry[name]) for name in NAMES if entry.get(name) is not None]
    return tuple(names or [str(entry["label"])])
