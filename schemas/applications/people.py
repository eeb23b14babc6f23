"""Who takes part: the mentors' applications and the participants' intake, as staff import them."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, StringConstraints

from schemas.addresses import EmailAddress
from schemas.base import FrozenModel, InputModel
from schemas.enums import Availability, GoalArea, Language, LibraryType, LibraryTypeWish, Side, WorkingStyle

PersonId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
Words = Annotated[str, StringConstraints(max_length=2000)]
# What a mentee tells in their own words before the kickoff (A35).
IntakeAnswer = Literal["goals", "challenges", "hopes"]
INTAKE_ANSWERS: tuple[IntakeAnswer, ...] = get_args(IntakeAnswer)
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
PreferredName = Annotated[str, StringConstraints(max_length=100)]
Pronouns = Annotated[str, StringConstraints(max_length=60)]
# An IANA name, or nothing for the time zone of the class.
TimeZone = Annotated[str, StringConstraints(pattern=r"^([A-Za-z_]+(/[A-Za-z_]+)+)?$", max_length=60)]
Reach = Annotated[str, StringConstraints(max_length=300)]

_TITLE = re.compile(r"(dr|prof|professor|rev|reverend|fr|father|sr|sister|mr|mrs|ms|miss|mx|hon)\.?", re.IGNORECASE)
_INITIALS = re.compile(r"(\w\.?|(\w\.)+)")


def short_name(name: str, preferred_name: str = "") -> str:
    """Return what to call somebody in a greeting, and after the first mention of the full name.

    That is the preferred name they gave, else the first word of their name. The name stays whole where that word would
    be wrong: it is the only one, a title ("Dr. Vang"), an initial ("J. R. Olson"), or ends in a comma, so that the
    family name comes first.
    """
    if preferred_name:
        return preferred_name
    first, *others = name.split() or [""]
    unclear = first.endswith(",") or _TITLE.fullmatch(first) or _INITIALS.fullmatch(first)
    return first if others and not unclear else name


class Application(InputModel):
    """What a mentor's application and a participant's intake have in common.

    ``conflicts`` are ids of people of the other side this person must not be matched with, ``vetoes`` ids this person
    asked not to have, ``ranks`` ids this person would like best, the first one most.
    """

    id: PersonId
    name: Name
    preferred_name: PreferredName = ""
    pronouns: Pronouns = ""
    email: EmailAddress
    library: Name
    library_type: LibraryType
    town: Name
    role: Name
    working_style: WorkingStyle | None = None
    availability: tuple[Availability, ...] = ()
    library_type_wish: LibraryTypeWish | None = None
    ranks: tuple[PersonId, ...] = ()
    vetoes: tuple[PersonId, ...] = ()
    conflicts: tuple[PersonId, ...] = ()
    reports_to: PersonId | None = None


class MentorApplication(Application):
    """What a mentor applies with: experience, what they can offer, and how many mentees they can take.

    ``rules_waived`` is set where staff let somebody mentor who does not meet the requirements (A2).
    """

    years: int = Field(ge=0, le=70)
    offers: tuple[GoalArea, ...] = ()
    capacity: int = Field(default=1, ge=1, le=20)
    last_attended: int | None = Field(default=None, ge=1900, le=2200)
    about: Words = ""
    rules_waived: bool = False


class MenteeApplication(Application):
    """What a participant of the institute tells at intake: goals in their own words, and the areas they belong to."""

    years: int = Field(default=0, ge=0, le=70)
    wants: tuple[GoalArea, ...] = ()
    goals: tuple[Words, ...] = ()
    challenges: Words = ""
    hopes: Words = ""
    waited: bool = False


class IntakeWords(FrozenModel):
    """What a mentee told at intake in their own words; their mentor reads it before the two meet (A35, A4)."""

    goals: tuple[str, ...] = ()
    challenges: str = ""
    hopes: str = ""

    @classmethod
    def of(cls, answers: Mapping[str, object]) -> Self:
        """Return what a mentee's stored answers have of it."""
        return cls.model_validate({name: answers[name] for name in cls.model_fields if name in answers})


class Person(InputModel):
    """A participant as emails and pages know them; never leaves PostgreSQL, SMTP and pages.

    ``reach`` is how their partner best reaches them, in their own words, ``time_zone`` where they are and ``language``
    what they are written to in, if they said so.
    """

    id: PersonId
    side: Side
    name: Name
    preferred_name: PreferredName = ""
    pronouns: Pronouns = ""
    email: EmailAddress
    library: Name
    town: Name
    role: Name
    reach: Reach = ""
    time_zone: TimeZone = ""
    language: Language | None = None

    @property
    def short_name(self) -> str:
        """Return what to call this person in a greeting, and after the first mention of their full name."""
        return short_name(self.name, self.preferred_name)
