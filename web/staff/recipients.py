"""Who gets which email when, by name: the list under the sentences of a preview."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.formatting import format_time, format_weekday
from domain.labels import label
from schemas.base import FrozenModel
from schemas.enums import Side
from schemas.preview import Preview, PreviewedEmail
from services.cohort_overview import person_names
from web.staff.console import StaffVisit


class RecipientLine(FrozenModel):
    """One email of a preview: to whom, which, and when it leaves."""

    to: str
    kind: str
    when: str


async def recipient_lines(visit: StaffVisit, preview: Preview) -> list[RecipientLine]:
    """Return the emails of a preview in order of leaving."""
    if not preview.emails:
        return []
    names = await _names(visit)
    return [
        RecipientLine(to=names.get(email.to, email.to), kind=_kind(email), when=_when(visit, email.at))
        for email in sorted(preview.emails, key=lambda one: (one.at is not None, one.at or 0, one.to))
    ]


async def _names(visit: StaffVisit) -> dict[str, str]:
    """Return the names of people by id; about one mentorship, of its two sides."""
    if visit.pair:
        return {str(side): f"{visit.pair.of(side).name} ({side})" for side in Side} | {"staff": "Staff"}
    return await person_names(visit.services, visit.cohort.id) | {"staff": "Staff"}


def _kind(email: PreviewedEmail) -> str:
    reason = f" ({label(email.reason)})" if email.reason else ""
    return f"{label(email.kind)}{' (reminder)' if email.occurrence else ''}{reason}"


def _when(visit: StaffVisit, at: datetime | None) -> str:
    if at is None:
        return "at once"
    local = at.astimezone(ZoneInfo(visit.cohort.time_zone))
    locale = visit.cohort.locale
    return f"{format_weekday(local.date(), locale)}, {format_time(local.time(), locale)}"
