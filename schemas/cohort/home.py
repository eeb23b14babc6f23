"""What staff see first of their classes."""

from datetime import date

from pydantic import AwareDatetime

from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import ChangeKind, CohortStage, MilestoneKind, StaffReason


class HomeClass(FrozenModel):
    """One class: its stage, and how many questions about matches and emails that do not leave it has."""

    id: str
    stage: CohortStage
    settings: CohortSettings
    questions: int
    dead_emails: int
    newest_run: int | None
    published_run: int | None


class HomeConcern(FrozenModel):
    """A mentorship that needs staff, with the names of both, and until when staff put that off last."""

    cohort_id: str
    mentorship_id: str
    mentor: str
    mentee: str
    concerns: tuple[StaffReason, ...]
    look_again_on: date | None


class LostDecision(FrozenModel):
    """What staff decided about a mentorship on a day, and was lost when an older backup was restored."""

    cohort_id: str
    mentorship_id: str
    mentor: str
    mentee: str
    kind: ChangeKind
    at: AwareDatetime


class ComingMilestones(FrozenModel):
    """How many mentorships of a class are asked something of a kind on a day."""

    cohort_id: str
    opens_on: date
    kind: MilestoneKind
    mentorships: int
