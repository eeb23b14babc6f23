"""A mentorship as Temporal carries it: its terms, its plan, what was answered. Ids, dates and enumerations only."""

from datetime import date, datetime, timedelta
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator

from schemas.base import Carried, Strict
from schemas.words import EmailKind, MilestoneKind, Outcome, Phase, Recipient, Side, StaffReason, WindowStatus

Days = Annotated[int, Field(ge=-366, le=366)]


class Window(Strict):
    """When something is asked, in days from its anchor: opened, reminded of, closed (negative: before the anchor)."""

    opens: Days
    reminders: tuple[Days, ...] = ()
    closes: Days

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes - self.opens < 7:
            raise ValueError(f"there must be at least 7 days from opens ({self.opens}) to closes ({self.closes})")
        for reminder in self.reminders:
            if not self.opens < reminder < self.closes:
                raise ValueError(f"a reminder ({reminder}) must lie between opens and closes")
        return self


class Timeline(Strict):
    """The rhythm of a mentorship; the defaults are MILE's (promises A6, A22, A27, A28).

    Anchors: ``first_contact`` counts from kickoff, ``check_in`` and ``goal_check_in`` from the end of their window,
    ``closure_survey`` from the mentorship's end.
    """

    months: int = Field(default=18, ge=3, le=60)
    check_in_every_months: int = Field(default=3, ge=1, le=12)
    goal_check_in_every_months: int = Field(default=3, ge=1, le=12)
    first_contact: Window = Window(opens=0, reminders=(10,), closes=21)
    check_in: Window = Window(opens=-21, reminders=(-10, -3), closes=0)
    goal_check_in: Window = Window(opens=-21, reminders=(-10, -3), closes=0)
    closure_survey: Window = Window(opens=-21, reminders=(-7, 7), closes=21)

    @model_validator(mode="after")
    def _whole_windows(self) -> Self:
        for name in ("check_in_every_months", "goal_check_in_every_months"):
            if self.months % getattr(self, name):
                raise ValueError(f"{name} ({getattr(self, name)}) must divide months ({self.months})")
        return self


class Terms(Carried):
    """What a mentorship was agreed to be when it started; ``goals`` is how many the mentee named."""

    mentorship_id: str
    cohort_id: str
    kickoff_on: date
    time_zone: str = "America/Chicago"
    timeline: Timeline = Timeline()
    goals: int = 1


class Milestone(Carried):
    """Something due in a mentorship. Moments are UTC; dates are the cohort's local ones.

    ``asked`` are the participants who are asked and reminded, ``settled_by_either`` says that one answer is enough.
    ``told_at`` is when staff hear of it if it closes in silence.
    """

    id: str
    kind: MilestoneKind
    number: int = 0
    asked: tuple[Side, ...] = ()
    settled_by_either: bool = False
    opens_on: date
    closes_on: date
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    told_at: AwareDatetime | None = None


class Ask(Carried):
    """One milestone named in an email: for the first time (occurrence 0) or as reminder 1, 2, …"""

    milestone: str
    occurrence: int = 0


class PlannedEmail(Carried):
    """An email the plan foresees, unless everything it asks for is answered before."""

    to: Recipient
    at: AwareDatetime
    asks: tuple[Ask, ...]


class Plan(Carried):
    """All that will happen if nobody ever replies: milestones in order of opening, emails in order of sending."""

    milestones: tuple[Milestone, ...] = ()
    emails: tuple[PlannedEmail, ...] = ()
    ends_on: date
    ends_at: AwareDatetime

    def milestone(self, milestone_id: str) -> Milestone:
        """Return the milestone of this id, or raise KeyError."""
        for milestone in self.milestones:
            if milestone.id == milestone_id:
                return milestone
        raise KeyError(milestone_id)


class Answer(Carried):
    """What the workflow needs to know of a response: that it came, when, and its enumerations, never its words."""

    milestone: str
    side: Side
    revision: int = 1
    received_at: AwareDatetime
    status: WindowStatus | None = None
    call_requested: bool = False


class Closing(Carried):
    """How a milestone closed: which of those asked stayed silent, and for a check-in what each side said."""

    milestone: str
    silent: tuple[Side, ...] = ()
    mentor: WindowStatus | None = None
    mentee: WindowStatus | None = None


class MentorshipState(Carried):
    """All a mentorship remembers; the one argument of its workflow, carried over from quarter to quarter.

    ``clock_offset`` is what is added to Temporal's time to get the programme's: zero outside rehearsals.
    ``done_through`` is the last moment of the plan that was carried out.
    """

    terms: Terms
    clock_offset: timedelta = timedelta(0)
    plan: Plan | None = None
    done_through: AwareDatetime | None = None
    answers: tuple[Answer, ...] = ()
    closings: tuple[Closing, ...] = ()
    calls_told: tuple[str, ...] = ()
    outcome: Outcome | None = None
    needs_attention: bool = False
    runs: int = 1


class Progress(Carried):
    """What the ``progress`` query answers: where a mentorship stands, and what it is waiting for.

    ``busy`` is true while something due is being done; then ``next_due_at`` may be past. ``clock_offset`` is what the
    programme's time is ahead of Temporal's: zero outside rehearsals.
    """

    now: AwareDatetime
    clock_offset: timedelta = timedelta(0)
    busy: bool = False
    phase: Phase
    quarter: int
    next_due_at: AwareDatetime | None
    waiting_for: tuple[str, ...] = ()
    outcome: Outcome | None = None
    needs_attention: bool = False


class Forecast(Carried):
    """One line of the ``timeline`` query: an email that will be sent, to whom, why, and what happens in silence."""

    at: AwareDatetime
    to: Recipient
    kind: EmailKind
    asks: tuple[Ask, ...] = ()
    why: str
    if_nobody_replies: str


class StaffNote(Carried):
    """A note to staff that a silence, a participant or the end of a cohort brought about."""

    reason: StaffReason
    milestone: str | None = None
    at: AwareDatetime


def when(moment: datetime) -> str:
    """Return a moment as the engine's summaries show it: UTC, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M}Z"
