"""Who in a cohort has which id and which address: each belongs to one person, on one side."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.input_files.validation_messages import shown_value
from schemas.applications.imports import Applied, StoredApplication, side_of
from schemas.enums import Side
from schemas.errors import Problem

SIDE_NAMES = {Side.MENTOR: "mentor", Side.MENTEE: "participant"}


class IdOwner(NamedTuple):
    """Whose an id is; ``side`` is unknown (None) of those who have only begun to apply."""

    id: str
    side: Side | None


class Uniqueness:
    """The ids and addresses of a cohort as they would be after an import; capitals make no difference.

    Whoever has an id or address keeps it; of two newcomers with the same one, the first counts. ``begun`` are the
    addresses of those who have begun to apply and not submitted, by id; ``untouched`` the ids among them whose owners
    never went on. Anybody can type an address, so those reserve their id and no address.
    """

    def __init__(
        self,
        stored: Mapping[str, StoredApplication],
        begun: Mapping[str, str],
        untouched: Collection[str],
        coming: Sequence[Applied],
    ) -> None:
        self._stored = stored
        self._begun = {id_: address for id_, address in begun.items() if id_ not in stored}
        self._untouched = untouched
        self._owners: dict[str, IdOwner] = {}
        for owner in (
            *(IdOwner(id_, application.side) for id_, application in stored.items()),
            *(IdOwner(id_, None) for id_ in self._begun),
            *(IdOwner(person.id, side_of(person)) for person in coming),
        ):
            self._owners.setdefault(owner.id.casefold(), owner)
        self._addresses: dict[str, str] = {}
        for id_, address in self._in_order(coming):
            self._addresses.setdefault(address.casefold(), id_)
        sides = {
            **{person.id: side_of(person) for person in coming},
            **{id_: application.side for id_, application in stored.items()},
        }
        self._ids = {side: {id_ for id_, application in sides.items() if application is side} for side in Side}

    def ids(self, side: Side) -> Collection[str]:
        """Return the ids of one side."""
        return self._ids[side]

    def against(self, file: str, person: Applied) -> Iterator[Problem]:
        """Return why somebody cannot have the id or the address their row gives them."""
        if why := self._why_not_id(person):
            yield Problem(file, why, None, "id", person.id)
        elif why := self._why_not_address(person):
            yield Problem(file, why, None, "email", shown_value(person.email))

    def _in_order(self, coming: Sequence[Applied]) -> Iterator[tuple[str, str]]:
        """Return (id, address): first of those who keep their address, then of those who come for one."""
        by_id = {person.id: person for person in coming}
        yield from ((id_, address) for id_, address in self._begun.items() if id_ not in self._untouched)
        for id_, application in self._stored.items():
            if id_ not in by_id or by_id[id_].email.casefold() == application.person.email.casefold():
                yield id_, application.person.email
        yield from ((person.id, person.email) for person in coming)

    def _why_not_id(self, person: Applied) -> str | None:
        owner, side = self._owners[person.id.casefold()], side_of(person)
        if owner.id in self._stored and owner.side is not side:
            present, requested = SIDE_NAMES[side.partner], SIDE_NAMES[side]
            return f"is a {present} of this cohort and cannot be a {requested} too; choose another id"
        if owner.id in self._stored and owner.id != person.id:
            return f"is written {owner.id} in this cohort; write it the same way, or choose another id"
        if owner.side is None:
            begun_by_them = self._begun[owner.id].casefold() == person.email.casefold() and owner.id == person.id
            return None if begun_by_them else "belongs to someone who has started to apply; choose another id"
        if owner != IdOwner(person.id, side):
            return f"is an id of the {SIDE_NAMES[side.partner]}s' file too; give the two people different ids"
        return None

    def _why_not_address(self, person: Applied) -> str | None:
        owner = self._addresses[person.email.casefold()]
        if owner == person.id:
            return None
        if owner in self._begun:
            return f"is the address of {owner}, who has begun to apply here; import them under that id"
        return f"of {person.id} is also the address of {owner}; no one can be in a cohort twice, so correct one"
