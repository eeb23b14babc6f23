"""Who comes to the half-day session, and what its hosts have to know (A20)."""

from collections.abc import Mapping

from pydantic import Field

from domain.kickoff.rsvp import Headcount, headcounts
from schemas.actor import Actor
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings, HalfDaySession
from schemas.enums import RsvpStatus, Side
from schemas.errors import Refusal
from schemas.kickoff.guests import Guest
from services.context import ServiceContext
from storage import cohorts, kickoff

GUEST_COLUMNS = ("id", "name", "side", "rsvp", "half_day", "meals", "access", "attended")


class GuestRsvp(FrozenModel):
    """What one person said, without meals and needs."""

    id: str
    side: Side
    rsvp: RsvpStatus | None
    half_day: str | None
    attended: bool | None


class RsvpOverview(FrozenModel):
    """Who is invited and comes, by half day; nothing anybody wrote.

    ``labels`` are what people call the half days, by id; they never enter the JSON.
    """

    cohort: str
    invited: int
    yes: int
    no: int
    unsure: int
    silent: int
    half_days: tuple[Headcount, ...]
    guests: tuple[GuestRsvp, ...]
    labels: dict[str, str] = Field(exclude=True)

    def label(self, half_day: str | None) -> str:
        """Return what people call a half day; one that was taken from the settings since is known by its id only."""
        return self.labels.get(half_day, half_day) if half_day else ""


async def rsvp_overview(context: ServiceContext, cohort: str) -> RsvpOverview:
    """Return who comes to the session of a cohort; raises UnknownCohort, or Refusal where nobody is invited to one."""
    settings = await cohorts.cohort_settings(context.pool, cohort)
    return _overview(settings, await _invited(context, cohort))


async def export_guests(context: ServiceContext, actor: Actor, cohort: str) -> list[tuple[str, ...]]:
    """Return a row of GUEST_COLUMNS for everybody invited, meals and needs too; raises as ``rsvp_overview`` does."""
    settings = await cohorts.cohort_settings(context.pool, cohort)
    guests = await _invited(context, cohort)
    labels = _labels(_session(settings))
    await context.audit(actor, "rsvp_exported", cohort, people=len(guests))
    return [_row(guest, labels) for guest in guests]


async def look_at_needs(context: ServiceContext, actor: Actor, cohort: str) -> tuple[Guest, ...]:
    """Return those who come, or may, and said what they eat or need; raises as ``rsvp_overview`` does.

    Each look leaves an audit event: these words are for whoever cooks and prepares the rooms.
    """
    _session(await cohorts.cohort_settings(context.pool, cohort))
    guests = [guest for guest in await _invited(context, cohort) if _has_needs(guest)]
    await context.audit(actor, "needs_viewed", cohort, people=len(guests))
    return tuple(guests)


def _has_needs(guest: Guest) -> bool:
    rsvp = guest.rsvp
    return rsvp is not None and rsvp.status is not RsvpStatus.NO and bool(rsvp.meals or rsvp.access)


async def _invited(context: ServiceContext, cohort: str) -> list[Guest]:
    return [guest for guest in await kickoff.guests(context.pool, cohort) if guest.invited]


def _session(settings: CohortSettings) -> HalfDaySession:
    if settings.session is None:
        raise Refusal(f"{settings.id} has no half-day session. To add one, add [session] to its settings.")
    return settings.session


def _labels(session: HalfDaySession) -> dict[str, str]:
    return {half.id: half.label for half in session.half_days}


def _overview(settings: CohortSettings, guests: list[Guest]) -> RsvpOverview:
    session = _session(settings)
    answers = [guest.rsvp.status if guest.rsvp else None for guest in guests]
    return RsvpOverview(
        cohort=settings.id,
        invited=len(guests),
        yes=answers.count(RsvpStatus.YES),
        no=answers.count(RsvpStatus.NO),
        unsure=answers.count(RsvpStatus.UNSURE),
        silent=answers.count(None),
        half_days=headcounts(session, guests),
        guests=tuple(_guest(guest) for guest in guests),
        labels=_labels(session),
    )


def _guest(guest: Guest) -> GuestRsvp:
    return GuestRsvp(
        id=guest.person.id,
        side=guest.person.side,
        rsvp=guest.rsvp.status if guest.rsvp else None,
        half_day=guest.rsvp.half_day if guest.rsvp else None,
        attended=guest.attended,
    )


def _row(guest: Guest, labels: Mapping[str, str]) -> tuple[str, ...]:
    rsvp = guest.rsvp
    half_day = rsvp.half_day if rsvp else None
    answers = (rsvp.status, labels.get(half_day or "", half_day or ""), rsvp.meals, rsvp.access) if rsvp else ("",) * 4
    attended = {True: "yes", False: "no", None: ""}[guest.attended]
    return (guest.person.id, guest.person.name, guest.person.side, *answers, attended)
