"""What an email needs to know that goes out at once, because somebody did something."""

from datetime import date
from typing import Literal

from pydantic import Field

from domain.safe_text import SafeLine
from emails.contexts import AskingEmail, ParticipantEmail
from schemas.base import FrozenModel
from schemas.enums import ChangeKind, MilestoneKind


class AgreementChangedEmail(AskingEmail):
    """Tells one side that the other wrote a new version of the agreement."""


class AgreedEmail(AskingEmail):
    """Tells both that their agreement stands; the link shows its text."""

    agreed_on: date


class GratitudeEmail(ParticipantEmail):
    """Brings the mentor the mentee's own words, line by line as they were written (A39)."""

    words: tuple[SafeLine, ...] = Field(min_length=1)
    sent_on: date


class ComingDay(FrozenModel):
    """A day on which something is due, as the announcement of a new rhythm lists it."""

    kind: MilestoneKind
    day: date


class TermsChangedEmail(ParticipantEmail):
    """Tells both what staff changed.

    A pause lasts from ``since`` until ``goes_on``; ``coming`` are the next days of a new rhythm.
    """

    change: Literal[ChangeKind.PAUSE, ChangeKind.RESUME, ChangeKind.EXTEND, ChangeKind.CADENCE]
    since: date | None = None
    goes_on: date | None = None
    coming: tuple[ComingDay, ...] = ()


class PartnerUnreachableEmail(ParticipantEmail):
    """Asks one side to tell the other that our emails do not arrive."""

    by: date
