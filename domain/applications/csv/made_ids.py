"""Ids for people whose file has none: the one that a cohort knows them by, else the next free number."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from domain.applications.csv.parsed_file import ParsedFile, ParsedRow
from schemas.enums import Side

PREFIXES = {Side.MENTOR: "M", Side.MENTEE: "P"}


def with_known_ids(
    side: Side, sheet: ParsedFile[Any], known: Mapping[str, str], taken: Collection[str]
) -> ParsedFile[Any]:
    """Return a file whose people have the ids by which ``known`` has their addresses (in lower case).

    The others get new ones that nobody in ``taken`` has, in the order of the rows. A second import of the same file
    therefore finds the same people, in whatever order they stand.
    """
    free = _free_ids(PREFIXES[side], taken)
    return replace(sheet, lines=tuple(_with_id(line, known, free) for line in sheet.lines))


def _with_id(line: ParsedRow[Any], known: Mapping[str, str], free: Iterator[str]) -> ParsedRow[Any]:
    if not line.given:
        return line
    address = line.person.email if line.person else str(line.given.get("email", ""))
    id_ = known.get(address.casefold()) or next(free)
    person = line.person.model_copy(update={"id": id_}) if line.person else None
    return replace(line, person=person, given={**line.given, "id": id_})


def _free_ids(prefix: str, taken: Collection[str]) -> Iterator[str]:
    used = [int(found[1]) for id_ in taken if (found := re.fullmatch(rf"{prefix}(\d+)", id_, re.IGNORECASE | re.ASCII))]
    # Row 1 is the header, so that a first import gives the ids that the rows have.
    return (f"{prefix}{number:03d}" for number in count(max([1, *used]) + 1))
