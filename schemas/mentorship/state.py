"""A mentorship's state in Temporal: its terms, its plan, its answers. Ids, dates and enumerations only."""

from datetime import date, datetime, timedelta

from pydantic import AwareDatetime, Field

from schemas.base import FrozenModel, TemporalModel
from schemas.enums import (
    ChangeKind,
    EmailKind,
    MilestoneKind,
    Outcome,
    Phase,
    Recipient,
    Side,
    StaffReason,
    WindowStatus,
)
from schemas.mentorship.changes import StaffDecision
from schemas.mentorship.terms import AgreedMeeting, Pause, Rhythm, Terms


class Milestone(TemporalModel):
    """Something due in a mentorship. Moments are UTC; dates are the cohort's local ones.

    ``asked`` are the participants who are asked and reminded, ``settled_by_either`` says that one answer is enough.
    ``open_until`` is set where its page stays open after it was due, as the agreement's does. What is ``announced`` has
    had its first email outside the plan, as a meeting that was agreed on a few weeks before. Where ``reminded`` names
    somebody, only they are reminded: one answer is enough.
    """

    id: str
    kind: MilestoneKind
    number: int = 0
    asked: tuple[Side, ...] = ()
    settled_by_either: bool = False
    announced: bool = False
    reminded: tuple[Side, ...] = ()
    opens_on: date
    closes_on: date
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    open_until: AwareDatetime | None = None

    @property
    def answerable_until(self) -> datetime:
        """Return the moment from which an answer comes too late."""
        return self.open_until or self.closes_at


class Ask(TemporalModel):
    """One milestone named in an email: for the first time (occurrence 0) or as reminder 1, 2, …"""

    milestone: str
    occurrence: int = 0


class PlannedEmail(TemporalModel):
    """An email the plan foresees, unless everything it asks for is answered before."""

    to: Recipient
    at: AwareDatetime
    asks: tuple[Ask, ...]


class Plan(TemporalModel):
    """All that will happen if nobody ever replies: milestones in order of opening, emails in order of sending.

    ``revision`` is that of the terms it was made for. Emails that were sent before stay in it.
    """

    revision: int = 0
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


class Agreed(TemporalModel):
    """What the workflow needs to know of an agreement that both sides confirmed."""

    meetings: Rhythm
    goal_updates: Rhythm
    goals: int


class Answer(TemporalModel):
    """What the workflow needs to know of a response: that it came, when, and its enumerations, never its words.

    ``version`` is the version of the agreement a response is about, ``confirmed`` that its sender agrees to it;
    ``agreed`` comes with the response by which both do. ``met`` says that a meeting was held. ``meeting`` is set where
    the two agreed on a meeting's date: then no milestone has the id, and nothing else is asked of it. ``stored_at`` is
    by PostgreSQL's clock, which orders revisions: the clocks of the pages, which say when a response was received, may
    be days apart.
    """

    # An id and nothing else, so that no free text enters Temporal's history by a signal (A34).
    milestone: str = Field(pattern=r"^[a-z_]{1,40}(-[0-9]{1,3})?$")
    side: Side
    revision: int = 1
    received_at: AwareDatetime
    stored_at: AwareDatetime = Field(default_factory=lambda given: given["received_at"])
    status: WindowStatus | None = None
    call_requested: bool = False
    met: bool = False
    version: int | None = None
    confirmed: bool = False
    agreed: Agreed | None = None
    meeting: AgreedMeeting | None = None


class Closing(TemporalModel):
    """How a milestone closed: which of those asked stayed silent, and for a check-in what each side said."""

    milestone: str
    silent: tuple[Side, ...] = ()
    mentor: WindowStatus | None = None
    mentee: WindowStatus | None = None


class EmailRequest(TemporalModel):
    """An email that is to be sent now: ``automatic`` by the plan, or because of something somebody did.

    ``change`` says what staff changed; a pause has its first day, and the first day after it. QueuedEmail has the rest.
    """

    key: str
    kind: EmailKind
    to: Recipient
    at: AwareDatetime
    asks: tuple[Ask, ...] = ()
    reason: StaffReason | None = None
    about: Side | None = None
    change: ChangeKind | None = None
    pause_from_on: date | None = None
    pause_until_on: date | None = None
    automatic: bool = False


class MentorshipState(TemporalModel):
    """All state of a mentorship: the one argument of its workflow, passed from run to run.

    ``clock_offset`` is added to Temporal's time to get the program's: zero outside rehearsals. ``done_through`` is the
    last moment of the plan that was executed, ``pending_emails`` what is still to be sent. ``open_call_requests`` are
    the requests for a call that staff have not resolved (as ``mentor:check_in-3``), ``unreachable`` the sides whose
    address refused an email. ``unrecognized_messages`` counts what the workflow could not handle, ``resend_count`` how
    often staff had an email sent again. ``notified_of_agreement`` are the sides that were emailed about their partner's
    changes and have not answered since; ``successor`` is the mentorship that took over. ``decisions`` are what
    staff decided, in the order in which it was made; ``refused_decisions`` the ids of those that were missed and could
    not be made again, about which staff are told; ``recent_emails`` were enqueued of late, so they can be written
    again where PostgreSQL lost them; ``planned_as_of`` is set where the next plan is made for an earlier moment,
    because what called for it was heard of late; ``plan_requested`` is set where an operator asked for a plan by the
    rules of the release that takes over.
    """

    terms: Terms
    clock_offset: timedelta = timedelta(0)
    plan: Plan | None = None
    done_through: AwareDatetime | None = None
    answers: tuple[Answer, ...] = ()
    closings: tuple[Closing, ...] = ()
    pending_emails: tuple[EmailRequest, ...] = ()
    recent_emails: tuple[EmailRequest, ...] = ()
    open_call_requests: tuple[str, ...] = ()
    unreachable: tuple[Side, ...] = ()
    unrecognized_messages: int = 0
    resend_count: int = 0
    notified_of_agreement: tuple[Side, ...] = ()
    successor: str | None = None
    decisions: tuple[StaffDecision, ...] = ()
    refused_decisions: tuple[str, ...] = ()
    planned_as_of: AwareDatetime | None = None
    plan_requested: bool = False
    outcome: Outcome | None = None
    run_count: int = 1


class MentorshipSummary(FrozenModel):
    """What lists show of a mentorship; it is recorded whenever it changes."""

    phase: Phase
    outcome: Outcome | None
    concerns: tuple[StaffReason, ...]


class Progress(TemporalModel):
    """What the ``progress`` query answers: where a mentorship stands, and what it is waiting for.

    ``busy`` is true while something due is being done; then ``next_due_at`` may be past. ``clock_offset`` is what the
    program's time is ahead of Temporal's: zero outside rehearsals. ``concerns`` are why staff should look at it,
    ``pauses`` the times in which its clock stood or will stand still.
    """

    now: AwareDatetime
    clock_offset: timedelta = timedelta(0)
    busy: bool = False
    phase: Phase
    quarter: int
    next_due_at: AwareDatetime | None
    waiting_for: tuple[str, ...] = ()
    outcome: Outcome | None = None
    ends_on: date | None = None
    pauses: tuple[Pause, ...] = ()
    concerns: tuple[StaffReason, ...] = ()


class Forecast(TemporalModel):
    """One line of the ``timeline`` query: an email that will be sent, to whom, why, and what happens in silence."""

    at: AwareDatetime
    to: Recipient
    kind: EmailKind
    asks: tuple[Ask, ...] = ()
    why: str
    if_nobody_replies: str


def when(moment: datetime) -> str:
    """Return a moment as Temporal's summaries show it: UTC, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M}Z"
