"""The messages of a mentorship between its workflow and its activities: ids, dates and enumerations only."""

from datetime import timedelta

from pydantic import AwareDatetime

from schemas.base import TemporalModel
from schemas.enums import Outcome, Phase, StaffReason
from schemas.mentorship.changes import StaffDecision
from schemas.mentorship.state import Answer, Closing, MentorshipState, PlannedEmail
from schemas.mentorship.terms import Terms


class CloseMilestones(TemporalModel):
    """Ask to record how milestones closed."""

    mentorship_id: str
    closings: tuple[Closing, ...]
    now: AwareDatetime


class RecordProgress(TemporalModel):
    """Ask to record where a mentorship stands, for lists and reports."""

    mentorship_id: str
    phase: Phase
    concerns: tuple[StaffReason, ...] = ()
    outcome: Outcome | None = None
    now: AwareDatetime


class PlanMentorship(TemporalModel):
    """Ask for the plan of a mentorship; ``sent`` are the emails of an earlier plan whose moment is past."""

    terms: Terms
    now: AwareDatetime
    sent: tuple[PlannedEmail, ...] = ()


class FindMissed(TemporalModel):
    """Ask what PostgreSQL knows of a mentorship up to a moment that its workflow, in this state, has not heard of."""

    state: MentorshipState
    until: AwareDatetime


class MissedSteps(TemporalModel):
    """Answers and decisions that a workflow has not heard of, as after a restore."""

    answers: tuple[Answer, ...] = ()
    decisions: tuple[StaffDecision, ...] = ()


class StartSuccessor(TemporalModel):
    """Ask to start the mentorship of another mentor with the same mentee, which takes over what is left of one."""

    terms: Terms
    mentor: str
    now: AwareDatetime
    clock_offset: timedelta = timedelta(0)


class GoalSummary(TemporalModel):
    """What staff may know of a goal check-in: how many goals are stuck, and how many for the second time in a row."""

    stuck: int
    stuck_twice: int
