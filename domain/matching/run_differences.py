"""What changed between two match runs."""

from collections.abc import Mapping

from schemas.matching.results import MatchResult, MentorChange


def mentor_changes(before: MatchResult, after: MatchResult) -> tuple[MentorChange, ...]:
    """Return every mentee whose mentor differs, in order of id; somebody who left or joined counts too."""
    had, has = ({pair.mentee: pair.mentor for pair in run.pairs} for run in (before, after))
    return changes_between(had, has)


def changes_between(had: Mapping[str, str], has: Mapping[str, str]) -> tuple[MentorChange, ...]:
    """Return every mentee whose mentor differs, by the mentor of each mentee before and after."""
    return tuple(
        MentorChange(mentee=mentee, before=had.get(mentee), after=has.get(mentee))
        for mentee in sorted(had.keys() | has.keys())
        if had.get(mentee) != has.get(mentee)
    )
