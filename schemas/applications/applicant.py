"""Applicants: what they typed so far, its status, and what they answered."""

from pydantic import AwareDatetime, Field

from schemas.applications.people import IntakeWords, Person, PersonId, short_name
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, Commitment, DeclineReason, Language, RsvpStatus, Side


class Proposal(FrozenModel):
    """The match proposed to somebody: ``partner`` is the other side, ``mine`` what this side said to it.

    ``score`` is the match's, of 100; ``shared`` are the reasons for it in sentences fit for both. ``intake`` is what
    the mentee told, in a proposal to a mentor. ``final`` says that the match is final (see ProposedMatch).
    """

    partner: Person
    intake: IntakeWords | None = None
    score: int
    shared: tuple[str, ...] = ()
    proposed_at: AwareDatetime
    answer_by: AwareDatetime
    mine: Commitment | None = None
    final: bool = False


class Rsvp(FrozenModel):
    """What somebody said about the half-day session: which half day (its id), meals and access needs in own words."""

    status: RsvpStatus
    half_day: str | None = None
    meals: str = ""
    access: str = ""


class Applicant(FrozenModel):
    """Everything the page behind somebody's personal link may show.

    ``answers`` is what was typed so far, by question name; ``status`` is None until the application is submitted.
    ``why`` names the requirement that an ineligible application does not meet. ``changed`` is true where something was
    typed since and not submitted; ``published`` where the cohort's matches are published; ``closed`` where staff
    imported the same address under another id before anything was typed. ``continued`` is true once a page was saved,
    or staff imported them: before, somebody else may have typed their address. ``language`` is the one in which they
    read; sentences such as ``why`` are in it.
    """

    cohort: CohortSettings
    person_id: PersonId
    side: Side
    email: str
    name: str = ""
    preferred_name: str = ""
    language: Language = Language.ENGLISH
    answers: dict[str, str] = Field(default_factory=dict)
    began_at: AwareDatetime
    submitted_at: AwareDatetime | None = None
    status: ApplicationStatus | None = None
    why: str | None = None
    proposal: Proposal | None = None
    rsvp: Rsvp | None = None
    attended: bool | None = None
    changed: bool = False
    published: bool = False
    closed: bool = False
    continued: bool = False

    @property
    def has_answers(self) -> bool:
        """Tell whether they answered anything yet beside the language that they chose at the start."""
        return bool(self.answers.keys() - {"language"})

    @property
    def short_name(self) -> str:
        """Return what to call them in a greeting; no words where they have not given a name yet."""
        return short_name(self.name, self.preferred_name)


class SubmissionResult(FrozenModel):
    """The result of submitting an application.

    It was submitted where there is a ``status``. Otherwise ``problems`` say what is missing or wrong, by question name,
    or, without any, it came too late; in either case everything typed is saved.
    """

    status: ApplicationStatus | None = None
    problems: dict[str, str] = Field(default_factory=dict)


class ProposalAnswer(FrozenModel):
    """What somebody answers to a proposal; ``question`` is for staff only, ``reason`` for staff only too."""

    commitment: Commitment
    reason: DeclineReason | None = None
    question: str = Field(default="", max_length=2000)


class Inquiry(FrozenModel):
    """A question before applying, answered by the role's mailbox (A42)."""

    id: int = 0
    cohort_id: str
    name: str = ""
    email: str
    text: str


class MentorPlaces(FrozenModel):
    """How many mentor places there are against accepted participants (B2).

    ``expected`` participants count as long as none is on the list.
    """

    mentor_places: int
    mentees: int
    expected: int = 0

    @property
    def missing(self) -> int:
        """Return how many mentor places are still needed."""
        return max((self.mentees or self.expected) - self.mentor_places, 0)
