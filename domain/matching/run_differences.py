"""What changed between two match runs."""

from schemas.matching.results import MatchResult, MentorChange


def mentor_changes(before: MatchResult, after: MatchResult) -> tuple[MentorChange, ...]:
    """Return every mentee whose mentor differs, in order of id; somebody who left or joined counts too."""
    had = {pair.mentee: pair.mentor for pair in before.pairs}
    has = {pair.mentee: pair.mentor for pair in after.pairs}
    return tuple(
        MentorChange(mentee=mentee, before=had.get(mentee), after=has.get(mentee))
        for mentee in sorted(had.keys() | has.keys())
        if had.get(mentee) != has.get(mentee)
    )
