"""What is known of a mentorship at the moment an email to one of its participants is written."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from schemas.base import FrozenModel
from schemas.cohort.opportunities import Opportunity
from schemas.emails.messages import SendEmail
from schemas.enums import Outcome
from schemas.mentorship.responses import DueMilestone, MentorshipPair


class Facts(FrozenModel):
    """The pair, what is due to it, and what only some emails tell.

    ``stuck`` are the numbers of the goals stuck twice in a row, ``openings`` the opportunities of the day, ``thanks``
    the words of the ``thanks`` the email is about, ``coming`` what is due after the email.
    """

    pair: MentorshipPair
    due: Mapping[str, DueMilestone]
    stuck: frozenset[int] = frozenset()
    openings: tuple[Opportunity, ...] = ()
    thanks: str = ""
    outcome: Outcome | None = None
    coming: tuple[DueMilestone, ...] = ()


def written_on(order: SendEmail, facts: Facts) -> date:
    """Return the local day an email is due on."""
    return order.at.astimezone(ZoneInfo(facts.pair.cohort.time_zone)).date()
