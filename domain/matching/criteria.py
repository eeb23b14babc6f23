"""What makes two people a good match: one small rule per question of the applications, each worth some points."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.matching.geography import distance_km, distance_miles, find_town
from domain.matching.text_similarity import nearest_phrases_reason, shorten, similarities
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.enums import Availability, GoalArea, LibraryType, LibraryTypeWish, WorkingStyle

Shares = NDArray[np.float64]

# A missing answer neither helps nor harms a match (A4).
NEUTRAL = 0.5
# A pair across types of libraries costs little, because each learns of another kind, unless one of them wished for the
# same kind (A38). Who wished for another kind loses as little with the same one.
OTHER_LIBRARY_TYPE = 0.4
YEARS_AHEAD_WANTED = 5
NEAR_KM = 40.0
FAR_KM = 400.0
# Distance only weighs; pairs across regions are welcome (A19).
MIN_SHARE_SAME_REGION = 0.6


class KindOfLibrary(NamedTuple):
    """The kind of library a person works in, and the kind they wish their partner to know, if they said."""

    type: LibraryType
    wish: LibraryTypeWish | None


@dataclass(frozen=True)
class Criterion:
    """One rule: the questions it reads, the two answers as people see them, and how well they go together.

    ``mentor_answer`` and ``mentee_answer`` return an answer in a form that can be compared, or None where it is
    missing. ``shares`` returns 0..1 for every mentee's answer (rows) with every mentor's (columns), without the
    missing ones, which score neutral.
    """

    name: str
    question: str
    mentor_answer: Callable[[MentorApplication], Hashable]
    mentee_answer: Callable[[MenteeApplication], Hashable]
    shares: Callable[[Sequence[Any], Sequence[Any]], Shares]
    shown: Callable[[Any], str]
    reason: Callable[[Any, Any], str]


def _pairwise(rule: Callable[[Any, Any], float]) -> Callable[[Sequence[Any], Sequence[Any]], Shares]:
    def shares(wanted: Sequence[Any], offered: Sequence[Any]) -> Shares:
        return np.array([[rule(wish, offer) for offer in offered] for wish in wanted]).reshape(
            len(wanted), len(offered)
        )

    return shares


def _membership(answers: Sequence[frozenset[str]], words: Sequence[str]) -> Shares:
    return np.array([[word in answer for word in words] for answer in answers], np.float64).reshape(len(answers), -1)


def _goals_covered(wanted: Sequence[frozenset[str]], offered: Sequence[frozenset[str]]) -> Shares:
    """The share of stated needs that are met, not overlap: what a mentor offers beyond them costs nothing."""
    needs = _membership(wanted, list(GoalArea))
    met: Shares = needs @ _membership(offered, list(GoalArea)).T / needs.sum(axis=1, keepdims=True)
    return met


def _times_shared(wanted: Sequence[frozenset[str]], offered: Sequence[frozenset[str]]) -> Shares:
    mentee_times, mentor_times = _membership(wanted, list(Availability)), _membership(offered, list(Availability))
    shared: Shares = (
        mentee_times @ mentor_times.T / np.minimum(mentee_times.sum(axis=1)[:, None], mentor_times.sum(axis=1))
    )
    return shared


def _nearness(wanted: str, offered: str) -> float:
    mentee_town, mentor_town = find_town(wanted), find_town(offered)
    if not mentee_town or not mentor_town:
        return NEUTRAL
    share = min(1.0, max(0.0, 1 - (distance_km(mentee_town, mentor_town) - NEAR_KM) / (FAR_KM - NEAR_KM)))
    return max(share, MIN_SHARE_SAME_REGION) if mentee_town.region == mentor_town.region else share


def _libraries_fit(mentee: KindOfLibrary, mentor: KindOfLibrary) -> float:
    """How well the wishes that were said are met; where neither said one, the same kind fits a little better."""
    same = mentee.type == mentor.type
    wishes = [wish for wish in (mentee.wish, mentor.wish) if wish]
    if not wishes:
        return 1.0 if same else OTHER_LIBRARY_TYPE
    return sum(_wish_met(wish, same=same) for wish in wishes) / len(wishes)


def _wish_met(wish: LibraryTypeWish, *, same: bool) -> float:
    if wish is LibraryTypeWish.OTHER:
        return OTHER_LIBRARY_TYPE if same else 1.0
    return 1.0 if same or wish is LibraryTypeWish.EITHER else 0.0


def _libraries_reason(mentee: KindOfLibrary, mentor: KindOfLibrary) -> str:
    if mentee.type == mentor.type:
        return "The same kind of library."
    wished = LibraryTypeWish.OTHER in {mentee.wish, mentor.wish}
    return f"Another kind of library{', as wished' if wished else ''}: a wider view."


def _words(answer: frozenset[str]) -> str:
    return ", ".join(sorted(word.replace("_", " ") for word in answer))


def _goals_reason(wanted: frozenset[str], offered: frozenset[str]) -> str:
    met = wanted & offered
    missing = f"; not {_words(wanted - offered)}" if met and wanted - offered else ""
    return (
        f"The mentor offers {len(met)} of the {len(wanted)} areas wanted{': ' + _words(met) if met else ''}{missing}."
    )


def _times_reason(wanted: frozenset[str], offered: frozenset[str]) -> str:
    return f"Both can meet: {_words(wanted & offered)}." if wanted & offered else "They name no common time."


def _nearness_reason(wanted: str, offered: str) -> str:
    mentee_town, mentor_town = find_town(wanted), find_town(offered)
    if not mentee_town or not mentor_town:
        unknown = ", ".join(dict.fromkeys(name for name in (wanted, offered) if not find_town(name)))
        return f"Not on the map, so distance counts as neutral: {unknown}."
    where = (
        f"both {mentee_town.region}"
        if mentee_town.region == mentor_town.region
        else f"{mentee_town.region} and {mentor_town.region}"
    )
    miles = distance_miles(mentee_town, mentor_town)
    return f"{miles} {'mile' if miles == 1 else 'miles'} apart ({where})."


def _years_reason(wanted: int, offered: int) -> str:
    ahead = offered - wanted
    return f"The mentor has {ahead} more years in libraries." if ahead > 0 else "The mentor is no further in years."


def _same(yes: str, no: str) -> Callable[[Any, Any], str]:
    return lambda wanted, offered: yes if wanted == offered else no


def _styles_fit(wanted: WorkingStyle, offered: WorkingStyle) -> float:
    """Structured and flexible pull apart; any other two styles get along half-way or better."""
    if wanted == offered:
        return 1.0
    return 0.0 if {wanted, offered} == {WorkingStyle.STRUCTURED, WorkingStyle.FLEXIBLE} else NEUTRAL


def _own_words(mentee: MenteeApplication) -> list[str]:
    return [words for words in (*mentee.goals, mentee.challenges, mentee.hopes) if words]


# None of them asks for a degree or a title (A17). Each names the question that it reads (A4).
CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        name="goals",
        question="Which areas can you offer? / Which areas do your goals and challenges belong to?",
        mentor_answer=lambda mentor: frozenset(mentor.offers) or None,
        mentee_answer=lambda mentee: frozenset(mentee.wants) or None,
        shares=_goals_covered,
        shown=_words,
        reason=_goals_reason,
    ),
    Criterion(
        name="career_path",
        question="How many years have you worked in libraries?",
        mentor_answer=lambda mentor: mentor.years,
        mentee_answer=lambda mentee: mentee.years,
        shares=_pairwise(lambda wanted, offered: min(1.0, max(0.0, (offered - wanted) / YEARS_AHEAD_WANTED))),
        shown=str,
        reason=_years_reason,
    ),
    Criterion(
        name="library_type",
        question="What kind of library do you work in? / Would you like a partner from another kind of library?",
        mentor_answer=lambda mentor: KindOfLibrary(mentor.library_type, mentor.library_type_wish),
        mentee_answer=lambda mentee: KindOfLibrary(mentee.library_type, mentee.library_type_wish),
        shares=_pairwise(_libraries_fit),
        shown=lambda library: str(library.type),
        reason=_libraries_reason,
    ),
    Criterion(
        name="distance",
        question="In which town do you work?",
        mentor_answer=lambda mentor: mentor.town,
        mentee_answer=lambda mentee: mentee.town,
        shares=_pairwise(_nearness),
        shown=str,
        reason=_nearness_reason,
    ),
    Criterion(
        name="availability",
        question="When can you usually meet?",
        mentor_answer=lambda mentor: frozenset(mentor.availability) or None,
        mentee_answer=lambda mentee: frozenset(mentee.availability) or None,
        shares=_times_shared,
        shown=_words,
        reason=_times_reason,
    ),
    Criterion(
        name="working_style",
        question="How do you like to work with a partner?",
        mentor_answer=lambda mentor: mentor.working_style,
        mentee_answer=lambda mentee: mentee.working_style,
        shares=_pairwise(_styles_fit),
        shown=lambda style: str(style).replace("_", " "),
        reason=_same("The same way of working.", "Different ways of working."),
    ),
    Criterion(
        name="words",
        question="What would you like to tell us? / What are your goals, challenges and hopes, in your own words?",
        mentor_answer=lambda mentor: mentor.about or None,
        mentee_answer=lambda mentee: "\n".join(_own_words(mentee)) or None,
        shares=similarities,
        shown=shorten,
        reason=nearest_phrases_reason,
    ),
)
