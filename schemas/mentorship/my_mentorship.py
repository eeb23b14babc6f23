"""What a participant's own page about their mentorship needs to know; it never enters Temporal."""

from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from schemas.applications.people import Name, PreferredName, Pronouns, Reach, TimeZone
from schemas.availability.busy_times import CalendarSubscription
from schemas.base import FrozenModel
from schemas.cohort.resources import Resource
from schemas.cohort.settings import CohortSettings
from schemas.enums import EndingReason, GoalArea, Language, MilestoneKind, Outcome, Phase, Side
from schemas.mentorship.meetings import MeetingDate, MeetingProposal
from schemas.mentorship.responses import AgreementVersion, MentorshipPair


class MentorshipOfPerson(FrozenModel):
    """A mentorship that somebody is in, and on which side."""

    id: str
    side: Side
    partner: str
    outcome: Outcome | None = None
    ends_on: date


class MilestoneForSide(FrozenModel):
    """A milestone as one side sees it: whether they are asked, what they answered, and what their partner shares.

    ``answers`` are this side's newest ones, ``shared`` those of the partner that this side may read. ``closes_at`` is
    when its page takes no more answers; what the plan dropped has closed.
    """

    id: str
    kind: MilestoneKind
    number: int
    asked: bool
    opens_on: date
    closes_on: date
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    answers: dict[str, str] = Field(default_factory=dict)
    answered_at: AwareDatetime | None = None
    shared: dict[str, str] = Field(default_factory=dict)

    def is_open(self, now: datetime) -> bool:
        """Tell whether its page takes answers at a moment (aware)."""
        return self.opens_at <= now < self.closes_at


class CallRequest(FrozenModel):
    """What one side asks staff: to call them (``call``), because it does not work, or because they are leaving.

    The words are for staff alone.
    """

    side: Side
    about: Literal["call", "not_working", "leaving"]
    words: str = ""
    received_at: AwareDatetime


class Leaving(FrozenModel):
    """That one side wants to leave, and when the mentorship ends unless they take it back before."""

    mentorship_id: str
    side: Side
    asked_at: AwareDatetime
    reason: EndingReason
    ends_at: AwareDatetime


class ParticipantDetails(FrozenModel):
    """What somebody may change about themselves: names, pronouns, time zone, language, and how to reach them."""

    name: Name
    preferred_name: PreferredName = ""
    pronouns: Pronouns = ""
    reach: Reach = ""
    time_zone: TimeZone = ""
    language: Language | None = None


class MyMentorship(FrozenModel):
    """Everything that somebody's own page shows of one of their mentorships.

    ``link`` is the hash of the personal link behind which it was opened; a calendar program has none.
    ``mentorships`` are all that the person is in within the cohort, this one among them. ``agreements`` are all
    versions, the newest last. ``called_at`` is when the person last asked staff for a call. Reminders are ``paused``
    until ``paused_until``, or for good where that is None. ``leaving`` says that the person wants to leave,
    ``new_address`` is the one that they asked for and have not confirmed there,
    ``calendar`` says that we may read when they are busy. ``dates`` are the newest ones of the meetings that the pair
    agreed on, by milestone, ``proposal`` the times that one side proposes now. ``feed`` says that the person has a
    private calendar address. ``ready`` is what they checked on their list, ``topics`` the topics that the pair chose
    for its meetings, by milestone. ``resources`` are the links that staff recommend.
    ``wants_contact`` is what the person said about staying in touch after the end, ``in_touch`` that both said yes.
    """

    cohort: CohortSettings
    pair: MentorshipPair
    side: Side
    phase: Phase
    outcome: Outcome | None = None
    now: AwareDatetime
    milestones: tuple[MilestoneForSide, ...] = ()
    agreements: tuple[AgreementVersion, ...] = ()
    mentorships: tuple[MentorshipOfPerson, ...] = ()
    called_at: AwareDatetime | None = None
    leaving: Leaving | None = None
    paused: bool = False
    paused_until: AwareDatetime | None = None
    new_address: str | None = None
    calendar: CalendarSubscription | None = None
    dates: dict[str, MeetingDate] = Field(default_factory=dict)
    proposal: MeetingProposal | None = None
    feed: bool = False
    ready: tuple[str, ...] = ()
    topics: dict[str, GoalArea | None] = Field(default_factory=dict)
    resources: tuple[Resource, ...] = ()
    wants_contact: bool | None = None
    in_touch: bool = False
    link: bytes = b""

    @property
    def language(self) -> Language:
        """Return the language in which the page is shown."""
        return self.pair.language_of(self.side)
