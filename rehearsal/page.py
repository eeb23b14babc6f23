"""A rehearsal as a page: its outcome, both sides' check-ins of every mentorship, and the closing report."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from domain.formatting import format_month
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import Recipient
from schemas.rehearsal import RehearsalRecord
from schemas.report.figures import Report
from web.documents.blocks import Bar, BarChart
from web.documents.files import render_page
from web.documents.report_document import report_document


class MonthRecord(FrozenModel):
    """How many emails of a month went to whom; ``name`` is such as ``May 2019``."""

    name: str
    mentors: int
    mentees: int
    staff: int

    @property
    def emails(self) -> int:
        """Return the emails to all of them."""
        return self.mentors + self.mentees + self.staff


def rehearsal_page(record: RehearsalRecord, report: Report | None, settings: CohortSettings) -> str:
    """Return a rehearsal as one HTML page that needs nothing but itself; people appear by their ids.

    Without a report the page says that none was written.
    """
    months = tuple(monthly_emails(record, settings.locale))
    return render_page(
        "rehearsal.html",
        settings,
        record=record,
        months=months,
        months_chart=_months_chart(months) if months else None,
        report=report_document(report, settings) if report else None,
    )


def monthly_emails(record: RehearsalRecord, locale: str) -> Iterator[MonthRecord]:
    """Yield the emails of each month from the first to the last, months without any too."""
    to_participants = (email for mentorship in record.mentorships for email in mentorship.emails)
    emails = (*to_participants, *record.staff_emails)
    counts = Counter((email.at.year * 12 + email.at.month - 1, email.to) for email in emails)
    numbers = sorted({month for month, _ in counts})
    for month in range(numbers[0], numbers[-1] + 1) if numbers else ():
        yield MonthRecord(
            name=format_month(date(month // 12, month % 12 + 1, 1), locale),
            mentors=counts[month, Recipient.MENTOR],
            mentees=counts[month, Recipient.MENTEE],
            staff=counts[month, Recipient.STAFF],
        )


def _months_chart(months: Sequence[MonthRecord]) -> BarChart:
    return BarChart(
        id="months",
        title="Emails per month",
        bars=tuple(Bar(label=month.name, value=month.emails, text=str(month.emails)) for month in months),
        longest=max(month.emails for month in months),
        label_share=36,
    )
