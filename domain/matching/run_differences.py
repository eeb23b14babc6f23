"""What changed between two match runs."""

from schemas.matching.results import MatchResult, MentorChange


def changes(before: MatchResult, after: MatchResult) -> tuple[MentorChange, ...]:
    """Return every participant whose mentor differs, in order of id; somebody who left or joined counts too."""
    had = {pair.participant: pair.mentor for pair in before.pairs}
    has = {pair.participant: pair.mentor for pair in after.pairs}
    return tuple(
        MentorChange(participant=participant, before=had.get(participant), after=has.get(participant))
        for participant in sorted(had.keys() | has.keys())
        if had.get(participant) != has.get(participant)
    )
