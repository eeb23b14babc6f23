"""Brings one side the times that the other proposes for their next meeting, or reminds of them."""

from typing import ClassVar

from pydantic import Field

from domain.mentorship.meeting_times import both_times
from domain.safe_text import SafeLine
from emails.kinds._base.email import Details
from emails.kinds._base.participant import MentorshipFacts, ParticipantEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Side
from schemas.ids import occurrence_of


class MeetingProposedEmail(ParticipantEmail):
    """Brings one side the ``times`` that the other proposes, in words; at ``url`` they choose. ``place`` may be empty.

    ``moves`` says that a meeting that has a date would move.
    """

    kind: ClassVar[EmailKind] = EmailKind.MEETING_PROPOSED
    reads: ClassVar[frozenset[str]] = frozenset({"proposal"})
    shows: ClassVar[tuple[str, ...]] = ("minutes",)

    times: tuple[str, ...] = Field(min_length=1)
    minutes: int
    place: SafeLine = ""
    moves: bool = False
    url: str

    @classmethod
    def details(cls, queued: QueuedEmail, facts: MentorshipFacts) -> Details:
        proposed, cohort, side = facts.proposal, facts.pair.cohort, Side(queued.to)
        if proposed is None:
            raise ValueError(f"{queued.key} is about times that are not stored")
        reader, partner, today = facts.pair.of(side), facts.pair.of(side.partner), facts.written_on(queued)
        return {
            "times": tuple(
                both_times(at, reader, partner, cohort.time_zone, cohort.locale, today=today)
                for at in sorted(proposed.times)
            ),
            "minutes": proposed.minutes,
            "place": proposed.place,
            "moves": proposed.moves is not None,
            "occurrence": occurrence_of(queued.key),
            "url": f"{facts.page_url}/meetings/choose",
        }
