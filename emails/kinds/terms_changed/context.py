"""Tells both what staff changed."""

from datetime import date
from typing import ClassVar, Literal

from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.base import FrozenModel
from schemas.emails.messages import QueuedEmail
from schemas.enums import ChangeKind, EmailKind, MilestoneKind

MOST_COMING_DAYS = 4


class ComingDay(FrozenModel):
    """A day on which something is due, as the announcement of a new rhythm lists it."""

    kind: MilestoneKind
    day: date


class TermsChangedEmail(ParticipantEmail):
    """Tells both what staff changed.

    A pause lasts from ``since`` until ``goes_on``; ``coming`` are the next days of a new rhythm.
    """

    kind: ClassVar[EmailKind] = EmailKind.TERMS_CHANGED
    shows: ClassVar[tuple[str, ...]] = ("since", "goes_on")
    reads: ClassVar[frozenset[str]] = frozenset({"coming"})

    change: Literal[ChangeKind.PAUSE, ChangeKind.RESUME, ChangeKind.EXTEND, ChangeKind.CADENCE]
    since: date | None = None
    goes_on: date | None = None
    coming: tuple[ComingDay, ...] = ()

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        if queued.change is None:
            raise ValueError(f"{queued.key} does not say what changed")
        pause, rhythm = queued.change is ChangeKind.PAUSE, queued.change is ChangeKind.CADENCE
        return {
            "change": queued.change,
            "since": queued.pause_from_on if pause else None,
            "goes_on": queued.pause_until_on if pause else None,
            "coming": _coming(facts) if rhythm else (),
        }


def _coming(facts: MentorshipFacts) -> tuple[ComingDay, ...]:
    days = [
        ComingDay(kind=due.kind, day=facts.meeting_day(due) if due.kind is MilestoneKind.MEETING else due.closes_on)
        for due in facts.coming
        if due.kind in (MilestoneKind.MEETING, MilestoneKind.GOAL_CHECK_IN)
    ]
    return tuple(sorted(days, key=lambda coming: coming.day)[:MOST_COMING_DAYS])
