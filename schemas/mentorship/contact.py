"""How a participant is reached; never leaves PostgreSQL, SMTP and the terminal of staff."""

from schemas.addresses import EmailAddress
from schemas.applications.people import PersonId
from schemas.base import InputModel
from schemas.cohort.settings import CohortId, Line
from schemas.enums import Side


class ParticipantContact(InputModel):
    """The participant on one side of a mentorship: whose id it is, and the name and address emails go to."""

    cohort_id: CohortId
    person_id: PersonId
    side: Side
    name: Line
    email: EmailAddress
