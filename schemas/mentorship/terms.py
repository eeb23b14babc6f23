"""What a mentorship is agreed to be: the rhythm of its cohort, what the pair chose, and what staff changed since."""

from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator

from schemas.base import InputModel, TemporalModel
from schemas.enums import EndingReason, Outcome, Side

# The number of the first meeting that a pair agreed on beyond its rhythm.
EXTRA_MEETINGS = 101

Days = Annotated[int, Field(ge=-366, le=366)]


class Window(InputModel):
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


class TimelineSettings(InputModel):
    """The rhythm of a mentorship; the defaults are MILE's (promises A6, A22, A27, A28, A31).

    Anchors: ``first_contact`` and ``agreement`` count from the first day, ``thanks`` from the day the first meeting was
    reported, ``meeting`` from the day of a meeting, ``check_in``, ``goal_check_in`` and ``agreement_review`` from the
    end of their months, ``closing_conversation`` and ``closure_survey`` from the mentorship's end, ``follow_up`` from
    so many months after it. ``meetings_every_months`` and ``goal_check_in_every_months`` hold until a pair agrees on
    rhythms of its own.
    """

    months: int = Field(default=18, ge=3, le=60)
    check_in_every_months: int = Field(default=3, ge=1, le=12)
    goal_check_in_every_months: int = Field(default=3, ge=1, le=12)
    meetings_every_months: int = Field(default=3, ge=1, le=12)
    agreement_review_every_months: int = Field(default=6, ge=1, le=24)
    follow_up_after_months: tuple[Annotated[int, Field(ge=1, le=36)], ...] = (3, 6)
    first_contact: Window = Window(opens=0, reminders=(10,), closes=21)
    agreement: Window = Window(opens=7, reminders=(28, 39), closes=42)
    meeting: Window = Window(opens=-7, closes=14)
    thanks: Window = Window(opens=1, closes=21)
    check_in: Window = Window(opens=-21, reminders=(-10, -3), closes=0)
    goal_check_in: Window = Window(opens=-21, reminders=(-10, -3), closes=0)
    agreement_review: Window = Window(opens=-21, closes=21)
    closing_conversation: Window = Window(opens=-45, closes=0)
    closure_survey: Window = Window(opens=-21, reminders=(-7, 7), closes=21)
    follow_up: Window = Window(opens=0, reminders=(14,), closes=30)

    @model_validator(mode="after")
    def _whole_windows(self) -> Self:
        for name in ("check_in_every_months", "goal_check_in_every_months"):
            if self.months % getattr(self, name):
                raise ValueError(f"{name} ({getattr(self, name)}) must divide months ({self.months})")
        return self


class Rhythm(TemporalModel):
    """How often something happens: every so many months, or on days of the pair's own choice."""

    every_months: int | None = Field(default=None, ge=1, le=12)
    on: tuple[date, ...] = ()


class Cadence(TemporalModel):
    """What a pair does from a day on: how often they meet, and how often goals are reported on.

    Without a rhythm for one of the two nothing was agreed about it yet.
    """

    since: date
    meetings: Rhythm | None = None
    goal_updates: Rhythm | None = None


class Pause(TemporalModel):
    """A time in which the clock is stopped: ``from_on`` is its first day, ``until_on`` the first day after it."""

    from_on: date
    until_on: date

    @property
    def length(self) -> timedelta:
        """Return by how much everything after it is postponed."""
        return self.until_on - self.from_on


class AgreedMeeting(TemporalModel):
    """That a pair agreed on the day (local) of one of its meetings, or ``cancelled`` it.

    ``number`` is that of the meeting's milestone: from ``EXTRA_MEETINGS`` on for meetings beyond the pair's rhythm. The
    last revision counts; ``by`` made it, where that is known. ``stored_at`` is by PostgreSQL's clock.
    """

    number: int = Field(ge=1, le=999)
    on: date
    cancelled: bool = False
    revision: int = 1
    by: Side | None = None
    agreed_at: AwareDatetime
    stored_at: AwareDatetime = Field(default_factory=lambda given: given["agreed_at"])


class Ending(TemporalModel):
    """That a mentorship ended before its time: on which day, how, and why."""

    on: date
    outcome: Outcome
    reason: EndingReason


class Terms(TemporalModel):
    """What a mentorship is agreed to be; what the pair or staff change later is a new revision of it.

    ``goals`` is how many goals the mentee has named. ``begins_on`` is set where the mentorship takes over from another
    one (``predecessor``): then its quarters still count from ``kickoff_on``. ``agreed_on`` is the day on which the
    newest agreement became final, ``first_met_on`` the day the first meeting was reported. ``agreed_meetings`` are the
    dates of meetings that the pair agreed on.
    """

    mentorship_id: str
    cohort_id: str
    kickoff_on: date
    time_zone: str = "America/Chicago"
    timeline: TimelineSettings = TimelineSettings()
    goals: int = 1
    begins_on: date | None = None
    predecessor: str | None = None
    extended_months: int = 0
    pauses: tuple[Pause, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    agreed_on: date | None = None
    first_met_on: date | None = None
    agreed_meetings: tuple[AgreedMeeting, ...] = ()
    ending: Ending | None = None
    revision: int = 0

    @property
    def first_day(self) -> date:
        """Return the day this pair begins."""
        return self.begins_on or self.kickoff_on
