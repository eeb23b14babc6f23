"""Answers about the half-day session: read, shown and counted; attendance is never a condition (A20)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from domain.calendar import morning
from domain.formatting import format_time_span, format_weekday
from domain.forms import FormReading, read_answers
from domain.languages import translated
from schemas.applications.applicant import Rsvp
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings, HalfDay, HalfDaySession
from schemas.enums import RsvpStatus, Side
from schemas.forms.invitations import ACCESS, ANY_HALF_DAY, HALF_DAY, MEALS, STATUS
from schemas.forms.questions import Choice, Question
from schemas.kickoff.guests import Guest

# Calendar programs keep the file with the higher number: seconds since then fit into its 31 bits until 2068.
SEQUENCE_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class RsvpReading(FrozenModel):
    """A submitted form: the answer, or what is wrong with it by question name."""

    rsvp: Rsvp | None
    reading: FormReading


class Headcount(FrozenModel):
    """How many come to a half day, and how many of them named meals or access needs.

    ``half_day`` is None for those who come and have not said when.
    """

    half_day: str | None
    attending: int = 0
    unsure: int = 0
    meals: int = 0
    access: int = 0


def session_questions(session: HalfDaySession, side: Side, locale: str) -> tuple[Question, ...]:
    """Return what the form asks one side, with days and hours in words.

    Which half day is only asked where there are several.
    """
    status, half_day, meals, access = map(translated, (STATUS[side], HALF_DAY, MEALS, ACCESS))
    if len(session.half_days) < 2:
        return status, meals, access
    choices = (
        Choice(value=half.id, label=f"{half.label}: {half_day_hours(half, locale)}") for half in session.half_days
    )
    return status, half_day.model_copy(update={"choices": (*choices, *half_day.choices)}), meals, access


def half_day_hours(half: HalfDay, locale: str) -> str:
    """Return when a half day is, such as ``Friday, May 10, 2019, 9:00 AM to noon``; times are local."""
    return f"{format_weekday(half.day, locale)}, {format_time_span(half.begins, half.ends, locale)}"


def read_rsvp(questions: Sequence[Question], posted: Mapping[str, str]) -> RsvpReading:
    """Read a form against the questions it was made of."""
    reading = read_answers(questions, posted)
    if reading.problems:
        return RsvpReading(rsvp=None, reading=reading)
    half_day = reading.answers.get("half_day")
    rsvp = Rsvp(
        status=RsvpStatus(reading.answers["status"]),
        half_day=None if half_day == ANY_HALF_DAY else half_day,
        meals=reading.answers.get("meals", ""),
        access=reading.answers.get("access", ""),
    )
    return RsvpReading(rsvp=rsvp, reading=reading)


def typed_rsvp(session: HalfDaySession, rsvp: Rsvp | None) -> dict[str, str]:
    """Return a stored answer as the form shows it; a half day that was removed is asked for again."""
    if rsvp is None:
        return {}
    half_day = ANY_HALF_DAY if rsvp.half_day is None else rsvp.half_day
    offered = {half.id for half in session.half_days} | {ANY_HALF_DAY}
    return {
        "status": rsvp.status,
        "half_day": half_day if half_day in offered else "",
        "meals": rsvp.meals,
        "access": rsvp.access,
    }


def rsvp_closes_at(settings: CohortSettings) -> datetime:
    """Return the moment (UTC) of the kickoff's morning, until which an answer can be given and changed."""
    return morning(settings.kickoff_day, settings.time_zone)


def calendar_sequence(changed_at: datetime) -> int:
    """Return the SEQUENCE of a calendar file (RFC 5545) that was last changed at a moment: seconds since 2000."""
    return max(0, int((changed_at - SEQUENCE_EPOCH).total_seconds()))


def calendar_changed_at(sequence: int) -> datetime:
    """Return the moment (UTC) of a calendar file's last change from its SEQUENCE."""
    return SEQUENCE_EPOCH + timedelta(seconds=sequence)


def headcounts(session: HalfDaySession, guests: Iterable[Guest]) -> tuple[Headcount, ...]:
    """Return how many of those invited come to each half day; the last entry counts those who named none."""
    by_half_day = Counter[tuple[str | None, str]]()
    ids = [half.id for half in session.half_days]
    for guest in guests:
        rsvp = guest.rsvp
        if rsvp is None or not guest.invited or rsvp.status is RsvpStatus.NO:
            continue
        half_day = _half_day(rsvp, ids)
        by_half_day[half_day, "attending" if rsvp.status is RsvpStatus.YES else "unsure"] += 1
        by_half_day.update({(half_day, need): 1 for need in ("meals", "access") if getattr(rsvp, need)})
    return tuple(
        Headcount(
            half_day=half_day,
            **{name: by_half_day[half_day, name] for name in ("attending", "unsure", "meals", "access")},
        )
        for half_day in (*ids, *((None,) if any(half_day is None for half_day, _ in by_half_day) else ()))
    )


def _half_day(rsvp: Rsvp, ids: list[str]) -> str | None:
    if len(ids) == 1:
        return ids[0]
    return rsvp.half_day if rsvp.half_day in ids else None
