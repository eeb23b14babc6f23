"""A rehearsal as a page: what it came to, what both sides of every mentorship said, and the report at its end."""

from collections import Counter
from collections.abc import Iterator

from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import Recipient
from schemas.rehearsal import RehearsalRecord
from schemas.report.figures import Report
from web.documents.files import document
from web.documents.report import report_words


class MonthRecord(FrozenModel):
    """How many emails of a month went to whom; ``name`` is such as ``May 2019``."""

    name: str
    mentors: int
    mentees: int
    staff: int

    @property
    def emails(self) -> int:
        """Return all of them."""
        return self.mentors + self.mentees + self.staff


def rehearsal_page(record: RehearsalRecord, report: Report | None, settings: CohortSettings) -> str:
    """Return a rehearsal as one HTML page that needs nothing but itself; people appear by their ids.

    Without a report the page says that none was written.
    """
    words = report_words(report, settings) if report else {"report": None}
    return document("rehearsal.html", settings, record=record, months=tuple(monthly_emails(record)), **words)


def monthly_emails(record: RehearsalRecord) -> Iterator[MonthRecord]:
    """Count the emails of each month from the first to the last, the months without any too."""
    own = (email for mentorship in record.mentorships for email in mentorship.emails)
    counts = Counter((email.at.year * 12 + email.at.month - 1, email.to) for email in (*own, *record.staff_emails))
    numbers = sorted({month for month, _ in counts})
    for month in range(numbers[0], numbers[-1] + 1) if numbers else ():
        yield MonthRecord(
            name=f"{MONTHS[month % 12]} {month // 12}",
            mentors=counts[month, Recipient.MENTOR],
            mentees=counts[month, Recipient.MENTEE],
            staff=counts[month, Recipient.STAFF],
        )


# Written out: the standard library's names follow the machine's language.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
