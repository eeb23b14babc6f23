"""The settings of a cohort, one to one with its cohort.toml: what differs between classes is here, never in code."""

import re
from calendar import day_name
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import localedata
from pydantic import AwareDatetime, Field, StringConstraints, field_validator, model_validator

from schemas.addresses import EmailAddress
from schemas.base import InputModel
from schemas.days import Day
from schemas.enums import Language
from schemas.mentorship.terms import TimelineSettings

CohortId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
# No control characters, which could control terminals and break headers, and none that change the reading direction.
CONTROLS = r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
ONE_LINE = rf"^[^{CONTROLS}]*$"
ONE_PLAIN_LINE = rf'^[^{CONTROLS}@:,"<>]*$'
# Line ends are the only control characters in a text of several paragraphs.
SEVERAL_LINES = r"^[^\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$"
LONGEST_HANDBOOK = 12_000
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=ONE_LINE)]
Objective = Literal["bands", "total", "bottleneck", "stable"]
HandbookText = Annotated[str, StringConstraints(max_length=LONGEST_HANDBOOK, pattern=SEVERAL_LINES)]
DisplayName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=ONE_PLAIN_LINE)]


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Program(InputModel):
    """What the program calls itself, brings and asks; the same for every cohort unless a cohort says otherwise.

    A list that is left empty stands for the standard text in ``domain/cohort/program_text.py`` (A44, A45), a handbook
    for the one in ``emails/guidance``. Handbooks are Markdown with headings.
    """

    name: Line = "MLA Institute for Leadership Excellence"
    short_name: DisplayName = "MILE"
    association: Line = "Minnesota Library Association"
    value_for_mentors: tuple[Line, ...] = ()
    value_for_participants: tuple[Line, ...] = ()
    value_for_association: tuple[Line, ...] = ()
    mentor_responsibilities: tuple[Line, ...] = ()
    mentee_responsibilities: tuple[Line, ...] = ()
    mentor_handbook: HandbookText = ""
    mentee_handbook: HandbookText = ""
    handbooks_revised_on: Day | None = None


class Institute(InputModel):
    """Where and when the class meets; ``first_day`` is the last day where it is not given."""

    venue: Line
    town: Line
    address: Line | None = None
    first_day: Day | None = None
    last_day: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first_day and self.first_day > self.last_day:
            raise ValueError(f"first_day {self.first_day} is after last_day {self.last_day}")
        return self

    @property
    def opens_on(self) -> date:
        """Return the institute's first day."""
        return self.first_day or self.last_day


class ProgramContact(InputModel):
    """The role that answers questions; people in it change (A41)."""

    role: DisplayName
    email: EmailAddress


class Weights(InputModel):
    """How much each matching criterion counts, in points of the whole; 0 switches one off.

    ``words`` compares people's own words and stays small; it needs the extra ``text``.
    """

    goals: int = Field(default=40, ge=0, le=1000)
    rankings: int = Field(default=20, ge=0, le=1000)
    career_path: int = Field(default=10, ge=0, le=1000)
    library_type: int = Field(default=10, ge=0, le=1000)
    distance: int = Field(default=5, ge=0, le=1000)
    availability: int = Field(default=10, ge=0, le=1000)
    working_style: int = Field(default=5, ge=0, le=1000)
    # Common word parts say little, so they count little (decision 8).
    words: int = Field(default=0, ge=0, le=10)

    @model_validator(mode="after")
    def _something_counts(self) -> Self:
        if not any(getattr(self, name) for name in type(self).model_fields):
            raise ValueError("at least one weight must be above 0")
        return self


class Bands(InputModel):
    """The lines under which a match is called poor and fair, of 100."""

    poor: int = Field(default=40, ge=0, le=100)
    fair: int = Field(default=60, ge=0, le=100)

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if self.poor >= self.fair:
            raise ValueError(f"poor ({self.poor}) must be below fair ({self.fair})")
        return self


class Eligibility(InputModel):
    """Who may mentor: years of experience, and cohorts to sit out after the own class (in years)."""

    # The rules have changed between classes, so they are settings (A2): in 2015 five years, and one cycle to sit out.
    min_years: int = Field(default=0, ge=0, le=50)
    sit_out_years: int = Field(default=0, ge=0, le=20)


class MatchingSettings(InputModel):
    """How mentors and participants are matched."""

    objective: Objective = "bands"
    weights: Weights = Weights()
    bands: Bands = Bands()
    allow_same_employer: bool = False


class ApplicationWindow(InputModel):
    """When people may apply, and how they are reminded; without it, staff import applications (A7, B2, A35).

    ``reminders`` are days before the close at which unfinished applications are reminded of, ``intake_reminders`` days
    before kickoff at which participants whose goals are missing are. ``grace_minutes`` lets those in who began before
    the close. ``expected_participants`` is how many mentor places are needed until the participants' list is there.
    ``closed_at`` is set where staff closed the window at once.
    """

    opens_on: Day
    closes_on: Day
    grace_minutes: int = Field(default=0, ge=0, le=1440)
    waiting_list: bool = True
    reminders: tuple[int, ...] = (-14, -3)
    recruit_every_days: int = Field(default=7, ge=1, le=90)
    expected_participants: int = Field(default=0, ge=0, le=1000)
    intake_reminders: tuple[int, ...] = (-35, -21, -10)
    closed_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens_on > self.closes_on:
            raise ValueError(f"opens_on {self.opens_on} is after closes_on {self.closes_on}")
        for name in ("reminders", "intake_reminders"):
            if any(days >= 0 for days in getattr(self, name)):
                raise ValueError(f"{name} are days before, so they are written with a minus sign")
        return self


class ProposalSettings(InputModel):
    """How long both sides have to answer a proposed match; without it, published matches are final (A23)."""

    answer_days: int = Field(default=10, ge=1, le=90)
    reminders: tuple[int, ...] = (5, 8)

    @model_validator(mode="after")
    def _within(self) -> Self:
        if any(not 0 < days < self.answer_days for days in self.reminders):
            raise ValueError(f"reminders are days after the proposal, between 1 and {self.answer_days - 1}")
        return self


class HalfDay(InputModel):
    """A half-day of the institute that mentors are welcome to attend; hours are local."""

    id: Slug
    label: Line
    day: Day
    begins: time
    ends: time

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.begins >= self.ends:
            raise ValueError(f"begins {self.begins} is not before ends {self.ends}")
        return self

    @model_validator(mode="after")
    def _named_by_its_day(self) -> Self:
        # A half day that is moved keeps its label unless somebody thinks of it, and emails name it.
        day = day_name[self.day.weekday()]
        named = [name for name in day_name if re.search(rf"\b{name}", self.label, re.IGNORECASE)]
        if named and day not in named:
            raise ValueError(f"label says {named[0]}, but {self.day} is a {day}")
        return self


class HalfDaySession(InputModel):
    """The half-day session mentors are invited to, and when; never a condition (A20)."""

    title: Line = "Leading for Life"
    invite_days: int = Field(default=28, ge=1, le=180)
    remind_days: int = Field(default=7, ge=1, le=180)
    half_days: tuple[HalfDay, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        ids = [half.id for half in self.half_days]
        if len(set(ids)) < len(ids):
            raise ValueError("two half_days have the same id")
        if self.remind_days >= self.invite_days:
            raise ValueError(f"remind_days ({self.remind_days}) must be below invite_days ({self.invite_days})")
        return self


class KickoffSettings(InputModel):
    """How the mentorships start; with ``confirm_attendance`` not before staff say who was there (A3).

    Where staff say nothing, they start the next business day at 9:00 AM, without those noted absent.
    """

    confirm_attendance: bool = True


class CohortSettings(InputModel):
    """A whole cohort.toml.

    ``kickoff_on`` defaults to the institute's last day and must lie within the institute (promises A5, A21, B5).
    ``languages`` are those that participants can choose; who chooses none reads the first.
    """

    id: CohortId
    title: Line
    time_zone: str = "America/Chicago"
    locale: str = "en_US"
    languages: tuple[Language, ...] = (Language.ENGLISH,)
    kickoff_on: Day | None = None
    program: Program = Program()
    institute: Institute
    contact: ProgramContact
    eligibility: Eligibility = Eligibility()
    matching: MatchingSettings = MatchingSettings()
    applications: ApplicationWindow | None = None
    proposals: ProposalSettings | None = None
    session: HalfDaySession | None = None
    kickoff: KickoffSettings = KickoffSettings()
    timeline: TimelineSettings = TimelineSettings()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is not a time zone; write one such as America/Chicago") from None
        return value

    @field_validator("locale")
    @classmethod
    def _known_locale(cls, value: str) -> str:
        # The sentences around the dates are English, so a date of another language would not fit into them.
        if not re.fullmatch(r"en_[A-Z]{2}", value) or not localedata.exists(value):
            raise ValueError("is not a locale for dates in English; write one such as en_US or en_GB")
        return value

    @field_validator("languages")
    @classmethod
    def _some_languages(cls, value: tuple[Language, ...]) -> tuple[Language, ...]:
        if not value or len(set(value)) < len(value):
            raise ValueError("needs at least one language, and each of them once")
        return value

    @model_validator(mode="after")
    def _kickoff_within_institute(self) -> Self:
        first, last = self.institute.opens_on, self.institute.last_day
        if not first <= self.kickoff_day <= last:
            raise ValueError(f"kickoff_on {self.kickoff_day} is outside the institute ({first} to {last})")
        return self

    @model_validator(mode="after")
    def _before_kickoff(self) -> Self:
        if self.applications and self.applications.closes_on >= self.kickoff_day:
            raise ValueError(f"applications.closes_on {self.applications.closes_on} is not before the kickoff")
        for half in self.session.half_days if self.session else ():
            if not self.institute.opens_on <= half.day <= self.institute.last_day:
                raise ValueError(f"the half day {half.id} is on {half.day}, outside the institute")
        return self

    def language_for(self, wish: Language | None) -> Language:
        """Return the language for somebody: the one they chose, if the class offers it, or else its first."""
        return wish if wish in self.languages else self.languages[0]

    @property
    def applications_close_at(self) -> datetime | None:
        """Return the moment (UTC) from which applications come too late, or None where nobody applies here."""
        if self.applications is None:
            return None
        midnight = datetime.combine(self.applications.closes_on + timedelta(days=1), time(), ZoneInfo(self.time_zone))
        return min(midnight, self.applications.closed_at or midnight).astimezone(UTC)

    @property
    def kickoff_day(self) -> date:
        """Return the day the mentorships begin."""
        return self.kickoff_on or self.institute.last_day
