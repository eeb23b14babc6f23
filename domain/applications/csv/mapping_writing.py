"""A mapping as a file that people look over: what is proposed says from what, and what is open says what may stand."""

import json
from collections.abc import Iterator, Mapping

from domain.applications.csv.mapping import choices
from domain.applications.csv.proposal import MappingProposal
from schemas.applications.mapping import SideMapping
from schemas.enums import Side

TABLES = {Side.MENTOR: "mentors", Side.MENTEE: "participants"}
_HEAD = """\
# How the two files of another form are read. Look it over: the notes say what each line was proposed from.
# Left: ours. Right: the heading in your file. Where a form asks for two halves: "First name + Last name".
# Below [….values.…]: left what your file says, right what it means. "" means no answer. Decide each "?".
"""
_SKIP_NOTE = "# Rows with these answers are left out."


def write_mapping(proposal: MappingProposal) -> bytes:
    """Return a mapping.toml with a note at each line that is only proposed; it reads back as the same mapping."""
    lines = [_HEAD.rstrip()]
    for side, name in TABLES.items():
        lines += _side_lines(proposal, side, name, proposal.mapping.of(side))
    return ("\n".join(lines) + "\n").encode()


def _side_lines(proposal: MappingProposal, side: Side, name: str, mapping: SideMapping) -> Iterator[str]:
    if mapping.encoding:
        yield from ("", f"[{name}]", f"encoding = {_quoted(mapping.encoding)}")
    if mapping.columns:
        yield from ("", f"[{name}.columns]")
        for column, heading in mapping.columns.items():
            yield _line(column, heading, _basis(proposal, side, "columns", column, heading))
    if ignored := proposal.ignored.get(side):
        yield f"# Left out: {', '.join(map(_on_one_line, ignored))}"
    if mapping.skip:
        yield from ("", _SKIP_NOTE, f"[{name}.skip]")
        yield from (f"{_key(heading)} = [{', '.join(map(_quoted, words))}]" for heading, words in mapping.skip.items())
    for column, words in mapping.values.items():
        yield from _value_lines(proposal, side, name, column, words)


def _value_lines(
    proposal: MappingProposal, side: Side, name: str, column: str, words: Mapping[str, str]
) -> Iterator[str]:
    if words:
        yield from ("", f"[{name}.values.{_key(column)}]")
    for theirs, ours in words.items():
        yield _line(_quoted(theirs), ours, _basis(proposal, side, "values", column, theirs))


def _basis(proposal: MappingProposal, side: Side, kind: str, column: str, theirs: str) -> str:
    guess = proposal.basis(side, kind, column, theirs)
    if guess is None:
        return ""
    basis = choices(column) if guess.is_open and kind == "values" else guess.basis
    return f"{basis} ({guess.rows} {'row' if guess.rows == 1 else 'rows'})" if guess.rows else basis


def _line(key: str, value: str, note: str) -> str:
    return f"{key} = {_quoted(value)}" + (f"  # {_on_one_line(note)}" if note else "")


def _key(heading: str) -> str:
    return heading if heading.isascii() and heading.replace("_", "").replace("-", "").isalnum() else _quoted(heading)


def _quoted(words: str) -> str:
    """Return words as a basic string of TOML, which is one of JSON apart from the delete character."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _on_one_line(words: str) -> str:
    return "".join(char if char.isprintable() else " " for char in words)
