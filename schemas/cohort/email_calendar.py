"""The emails that a class brings about by its settings alone."""

from pydantic import AwareDatetime

from schemas.base import FrozenModel
from schemas.enums import EmailKind


class CalendarEmail(FrozenModel):
    """One email to everybody it is for, if nobody replies: ``to`` says who they are, ``about`` what follows."""

    at: AwareDatetime
    kind: EmailKind
    to: str
    reminder: bool
    about: str = ""


class EmailCalendar(FrozenModel):
    """All emails of a class by day: before its kickoff, and of each mentorship whose two never reply.

    ``verdict`` says whether its dates leave enough time, ``most`` how many emails of the second list one person gets.
    """

    enough_time: bool
    verdict: str
    before_kickoff: tuple[CalendarEmail, ...]
    of_mentorship: tuple[CalendarEmail, ...]
    most: int
