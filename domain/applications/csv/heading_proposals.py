"""Which heading of a foreign file asks which of our questions: proposed by its words and by what stands below it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.applications.csv.cells import ENUMERATIONS, NUMBERS, UNDECIDED
from domain.applications.csv.columns import JOIN_SEPARATOR, columns_of
from domain.applications.csv.likeness import LIKELY_PERCENT, closest
from domain.applications.csv.tables import CsvTable
from domain.applications.csv.vocabulary import NO_ANSWER, NUMBER_WORDS, QUESTIONS
from domain.applications.csv.word_proposals import proposed_word
from domain.input_files.spelling import comparable
from schemas.applications.people import Application

FIRST_NAMES, LAST_NAMES = {"first", "given", "forename"}, {"last", "family", "surname"}
_ORDINALS = ({"2nd", "second", "2"}, {"3rd", "third", "3"}, {"4th", "fourth", "4"}, {"5th", "fifth", "5"})
# What stands below a heading: less than this speaks against it, and more than that for it, whatever its words are.
_FITTING_PERCENT, _TELLING_PERCENT = 40, 80
# How much less likely a heading is that nobody answered.
_EMPTY_PERCENT = 10
SAMPLE_ROWS = 200


class HeadingProposal(NamedTuple):
    """Which heading one of our columns may be, and what the proposal is made from."""

    column: str
    heading: str
    basis: str


def propose_headings(table: CsvTable, schema: type[Application]) -> list[HeadingProposal]:
    """Return a heading for each of our columns that a file seems to have, and "?" for those that are missing.

    Each heading is used once, the likeliest first; several choices of a ranking are joined.
    """
    cells = {heading: [row.cells[place] for row in table.rows] for place, heading in enumerate(table.header)}
    proposals = {proposal.column: proposal for proposal in _split_name(table.header)}
    free = [heading for heading in cells if heading and not any(heading in each.heading for each in proposals.values())]
    candidates = sorted(_candidates(free, cells, schema), key=lambda each: -each[0])
    used: set[str] = set()
    for percent, proposal in candidates:
        if percent >= LIKELY_PERCENT and proposal.column not in proposals and proposal.heading not in used:
            proposals[proposal.column] = proposal
            used.add(proposal.heading)
    if "ranks" in proposals:
        choices = {each.heading for percent, each in candidates if each.column == "ranks" and percent >= LIKELY_PERCENT}
        free_choices = choices - (used - {proposals["ranks"].heading})
        joined = JOIN_SEPARATOR.join(sorted((each for each in table.header if each in free_choices), key=_ordinal))
        proposals["ranks"] = proposals["ranks"]._replace(heading=joined)
    for column, field in schema.model_fields.items():
        if field.is_required() and column not in proposals and column != "id":
            proposals[column] = HeadingProposal(column, UNDECIDED, "no heading looks like it")
    return [proposals[column] for column in columns_of(schema) if column in proposals]


def _ordinal(heading: str) -> int:
    """Return which choice a heading asks for; the first one where it does not say."""
    words = set(re.findall(r"\w+", comparable(heading)))
    return next((number for number, said in enumerate(_ORDINALS, start=2) if words & said), 1)


def _candidates(
    headings: Sequence[str], cells: Mapping[str, Sequence[str]], schema: type[Application]
) -> Iterator[tuple[float, HeadingProposal]]:
    for column in columns_of(schema):
        for heading in headings if column in QUESTIONS else ():
            yield _candidate(column, heading, [cell for cell in cells[heading] if cell.strip()])


def _candidate(column: str, heading: str, answers: Sequence[str]) -> tuple[float, HeadingProposal]:
    """Return how likely a heading asks one of our questions: by its words, and a tenth by what stands below it."""
    like = closest(heading, column, QUESTIONS[column])
    fitting, said = _fitting(column, answers[:SAMPLE_ROWS])
    percent, basis = like.percent, f"like “{like.phrase}”"
    if not answers:
        return percent - _EMPTY_PERCENT, HeadingProposal(column, heading, basis)
    if fitting is None:
        return percent, HeadingProposal(column, heading, basis)
    if fitting < _FITTING_PERCENT:
        return 0, HeadingProposal(column, heading, basis)
    if percent < LIKELY_PERCENT and fitting >= _TELLING_PERCENT and column not in NUMBERS:
        return LIKELY_PERCENT, HeadingProposal(column, heading, said)
    return percent + fitting / 10, HeadingProposal(column, heading, f"{basis}; {said}")


def _fitting(column: str, answers: Sequence[str]) -> tuple[float | None, str]:
    """Return how many of 100 answers could be answers to one of our questions, or None where any words could be."""
    if column == "email":
        return _share(["@" in answer for answer in answers], "addresses")
    if column in NUMBERS:
        return _share([_is_number(answer) for answer in answers], "numbers")
    if column in ENUMERATIONS:
        words = [part for answer in answers for part in re.split(r"[;,\n]", answer) if part.strip()]
        return _share([proposed_word(column, word) is not None for word in words], "words like ours")
    if any("@" in answer for answer in answers):
        return 0, ""
    return None, ""


def _share(fits: Sequence[bool], called: str) -> tuple[float, str]:
    return (100 * sum(fits) / len(fits) if fits else 100), f"{sum(fits)} of {len(fits)} are {called}"


def _is_number(answer: str) -> bool:
    folded = comparable(answer)
    return bool(re.search(r"\d", folded)) or folded in NO_ANSWER or folded in NUMBER_WORDS


def _split_name(header: Sequence[str]) -> Iterator[HeadingProposal]:
    """Yield the two halves of a name, where a form asks for them apart."""
    words = {heading: set(re.findall(r"\w+", comparable(heading))) for heading in header}
    first, last = ([each for each in header if _is_half(words[each], half)] for half in (FIRST_NAMES, LAST_NAMES))
    if len(first) == 1 and len(last) == 1 and first != last:
        yield HeadingProposal("name", JOIN_SEPARATOR.join([*first, *last]), "first and last name")


def _is_half(words: set[str], half: set[str]) -> bool:
    """Tell whether a heading asks for one half of a name and not for both: “First name”, or “First” alone."""
    other = (FIRST_NAMES | LAST_NAMES) - half
    return bool(words & half) and not words & other and bool(words & {"name", "surname", "forename"} or len(words) == 1)
