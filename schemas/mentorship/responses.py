"""What a participant's page needs to know, and what a participant sends from it; these never enter Temporal."""

from datetime import date, datetime

from pydantic import AwareDatetime, ConfigDict, Field

from schemas.applications.people import IntakeWords, Person
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import Language, MilestoneKind, Outcome, Side
from schemas.mentorship.state import Answer


class Link(FrozenModel):
    """What a link in an email leads to: one person, one mentorship, one milestone."""

    mentorship_id: str
    milestone: str
    side: Side
    revoked: bool = False


class ReminderPause(FrozenModel):
    """From when to when somebody's reminders are paused; without ``resumed_at`` until they take it back."""

    paused_at: AwareDatetime | None = None
    resumed_at: AwareDatetime | None = None

    def is_paused(self, now: datetime) -> bool:
        """Tell whether reminders are paused at a moment (aware)."""
        return self.paused_at is not None and (self.resumed_at is None or self.resumed_at > now)


class ReminderLink(ReminderPause):
    """The link by which a participant pauses their reminders; ``mentorship_id`` is of their newest email."""

    person_id: str
    mentorship_id: str
    side: Side


class StoredReminderLink(ReminderPause):
    """A participant's newest link to pause their reminders, and what it was derived with.

    ``key_id`` is None once it was revoked, ``revocations`` counts those before it. JSON has the hash in hexadecimal.
    """

    model_config = ConfigDict(val_json_bytes="hex", ser_json_bytes="hex")

    token_hash: bytes
    key_id: str | None = None
    revocations: int = 0
    mentorship_id: str
    side: Side


class StoredPersonalLinks(FrozenModel):
    """The links to somebody's own page that work, by their tokens' hashes, and how many were revoked before.

    JSON has the hashes in hexadecimal.
    """

    model_config = ConfigDict(val_json_bytes="hex", ser_json_bytes="hex")

    token_hashes: tuple[bytes, ...] = ()
    revocations: int = 0


class MentorshipPair(FrozenModel):
    """The two people of a mentorship, their cohort, and the mentee's goals in the mentee's own words.

    ``intake`` is what the mentee told before the match, which the mentor may read.
    """

    mentorship_id: str
    cohort: CohortSettings
    mentor: Person
    mentee: Person
    goals: tuple[str, ...] = ()
    intake: IntakeWords = IntakeWords()
    starts_on: date
    ends_on: date

    def of(self, side: Side) -> Person:
        """Return the person on this side."""
        return self.mentor if side is Side.MENTOR else self.mentee

    def language_of(self, side: Side) -> Language:
        """Return the language in which one side reads emails and pages."""
        return self.cohort.language_for(self.of(side).language)


class DueMilestone(FrozenModel):
    """A milestone as emails and pages need it."""

    id: str
    kind: MilestoneKind
    number: int
    opens_on: date
    closes_on: date


class AgreementVersion(FrozenModel):
    """A version of a pair's agreement: its words by question name, who wrote it, and who agreed to it.

    Version 0 is the proposal both start from: the mentee's goals at intake and the cohort's rhythm. It is in force once
    both confirmed the same version. ``confirmed_at`` has the moment for each side that did.
    """

    version: int = 0
    contents: dict[str, str] = Field(default_factory=dict)
    written_by: Side | None = None
    written_at: AwareDatetime | None = None
    confirmed_by: tuple[Side, ...] = ()
    confirmed_at: dict[Side, AwareDatetime] = Field(default_factory=dict)

    @property
    def in_force(self) -> bool:
        """Tell whether both sides agreed to this version."""
        return len(self.confirmed_by) == len(Side)


class AskedStep(FrozenModel):
    """One of several things that are asked together: whether it was ``answered``, and still can be (``is_open``)."""

    milestone: str
    kind: MilestoneKind
    answered: bool = False
    is_open: bool = True


class AgreementDraft(FrozenModel):
    """What one side saved step by step, and the version it started from; its partner sees nothing of it."""

    seen: AgreementVersion
    answers: dict[str, str]


class ResponsePage(FrozenModel):
    """Everything a response page shows. ``answers`` is what this person sent before, by question name.

    ``closes_at`` is when the page stops taking answers, ``closes_on`` the day by which they are asked for. The
    agreement's page has ``agreement``, its newest version, ``agreement_before``, the version before that one, and
    ``agreement_in_force``, the newest one both agreed to. ``answered_at`` is when the answers came, ``shared`` on the
    farewell's page the sentence the partner takes away, where they said it may be shared (A9). ``last_milestone_on`` is
    the close of the mentorship's last milestone. ``meeting_on`` is the day on which the pair agreed to
    hold the meeting that the page is about. ``steps`` are all that is asked together and can be answered now, this
    page among them, in order.
    """

    link: Link
    kind: MilestoneKind
    number: int
    cohort: CohortSettings
    person: Person
    partner: Person
    goals: tuple[str, ...] = ()
    starts_on: date
    ends_on: date
    last_milestone_on: date | None = None
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    closes_on: date
    answers: dict[str, str] = Field(default_factory=dict)
    answered_at: AwareDatetime | None = None
    shared: str = ""
    outcome: Outcome | None = None
    agreement: AgreementVersion | None = None
    agreement_before: AgreementVersion | None = None
    agreement_in_force: AgreementVersion | None = None
    agreement_draft: AgreementDraft | None = None
    meeting_on: date | None = None
    steps: tuple[AskedStep, ...] = ()

    @property
    def language(self) -> Language:
        """Return the language in which the page is shown."""
        return self.cohort.language_for(self.person.language)

    def place(self) -> int:
        """Return which of its steps a page is, from 1; 0 where it is none of several."""
        ids = [step.milestone for step in self.steps]
        return ids.index(self.link.milestone) + 1 if len(ids) > 1 and self.link.milestone in ids else 0

    def next_step(self) -> AskedStep | None:
        """Return what is asked next and not answered: after this page, else before it; None where nothing is left."""
        place = self.place()
        others = [step for step in (*self.steps[place:], *self.steps[:place]) if step.milestone != self.link.milestone]
        return next((step for step in others if not step.answered), None)


class NewResponse(FrozenModel):
    """A response as a page passes it to storage: every answer as text, by question name.

    For the agreement ``version`` is the version its sender saw, and ``confirmed`` that they agree to what they send.
    """

    link: Link
    form: MilestoneKind
    answers: dict[str, str]
    received_at: AwareDatetime
    version: int | None = None
    confirmed: bool = False


class StoredResponse(FrozenModel):
    """A response as it was stored last."""

    milestone: str
    side: Side
    form: MilestoneKind
    answers: dict[str, str]
    received_at: AwareDatetime


class SavedResponse(FrozenModel):
    """A stored response. ``changed`` is false where the same answers were sent again: that counts once."""

    id: str
    mentorship_id: str
    answer: Answer
    changed: bool
