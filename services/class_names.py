"""Whom ids of a class stand for: people and pairs by their names."""

import re

from schemas.base import FrozenModel
from schemas.enums import Side
from services.context import ServiceContext
from storage import mentorships, names


class ClassNames(FrozenModel):
    """The names of a class by id: of people, of their sides, and of the two of each mentorship."""

    people: dict[str, str]
    sides: dict[str, Side]
    pairs: dict[str, tuple[str, str]]

    def person(self, person_id: str) -> str:
        """Return somebody's name; the id where nobody has it (any more)."""
        return self.people.get(person_id, person_id)

    def pair(self, mentorship_id: str) -> str:
        """Return the names of the two of a mentorship; its id where it is of another class."""
        pair = self.pairs.get(mentorship_id)
        return " and ".join(map(self.person, pair)) if pair else mentorship_id

    def explain(self, words: str) -> tuple[str, ...]:
        """Say in a sentence each whom the ids stand for that words name without saying who it is."""
        ids = dict.fromkeys(re.findall(r"\w[\w-]*", words))
        people = {id_: self.people[id_] for id_ in ids if id_ in self.people}
        pairs = {id_: self.pair(id_) for id_ in ids if id_ in self.pairs}
        return tuple(f"{id_} is {who}." for id_, who in (pairs | people).items() if who not in words and who != id_)


async def class_names(context: ServiceContext, cohort: str) -> ClassNames:
    """Return the names of a class, by two statements however large it is."""
    people = await names.people_named(context.pool, cohort)
    pairs = await mentorships.mentorship_ids(context.pool, cohort)
    return ClassNames(
        people={person.id: person.name for person in people},
        sides={person.id: person.side for person in people},
        pairs={mentorship: pair for pair, mentorship in pairs.items()},
    )
