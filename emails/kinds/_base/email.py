"""What every email knows."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, TypeAlias

from domain.languages import gettext, ngettext
from domain.safe_text import SafeLine
from schemas.applications.people import Person
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import EmailKind
from schemas.translatable import gettext_noop

Details: TypeAlias = dict[str, Any]
# What a mentee told at intake, as (heading, lines).
Told: TypeAlias = tuple[tuple[str, tuple[SafeLine, ...]], ...]

# The words for a ``Side``.
_SIDES = (gettext_noop("mentor"), gettext_noop("mentee"))


class EmailContext(FrozenModel):
    """What an email needs to know before it can be written.

    ``written_on`` is the local day it is written on: dates that it makes clear stand without their year. ``own_words``
    are passages that the class words itself, by name. A ``test`` goes to whoever wrote them. ``shows`` are fields that
    passages may use, as placeholders, beside what every email of its audience shows.
    """

    kind: ClassVar[EmailKind]
    shows: ClassVar[tuple[str, ...]] = ()

    cohort: CohortSettings
    written_on: date | None = None
    own_words: Mapping[str, str] = {}
    test: bool = False

    def placeholders(self) -> dict[str, Any]:
        """Return the values that passages may use, by name; each is a day, a number or a text."""
        cohort = self.cohort
        shared = {
            "program": cohort.program.short_name,
            "association": cohort.program.association,
            "class": cohort.title,
            "contact": cohort.contact.role,
            "kickoff": cohort.kickoff_day,
            "months": cohort.timeline.months,
        }
        own = {name.replace("_", "-"): getattr(self, name) for name in self.shows}
        return shared | {name: value for name, value in own.items() if value is not None}


def partner_placeholders(partner: Person) -> dict[str, Any]:
    """Return what passages may say of the other one of a pair."""
    return {"partner": partner.name, "partner-first-name": partner.short_name, "partner-side": gettext(partner.side)}


def time_words(minutes: int) -> str:
    """Return how long something takes, such as ``about 5 minutes``."""
    return ngettext("about a minute", "about %(minutes)s minutes", minutes, minutes=minutes)


def please(occurrence: int) -> str:
    """Return how an email begins to ask: the first time, or as a reminder."""
    return gettext("A reminder: please") if occurrence else gettext("Please")
