"""Days and rhythms as people type them on the command line."""

from datetime import date

from domain.date_parsing import parse_day
from schemas.errors import Refusal
from schemas.mentorship.terms import Rhythm

RHYTHMS = {"monthly": 1, "every-other-month": 2, "quarterly": 3, "twice-a-year": 6}


def day(text: str, option: str) -> date:
    """Read a day such as 2019-05-10 or May 10, 2019; raises Refusal naming the option where it is none."""
    try:
        return parse_day(text)
    except ValueError:
        raise Refusal(f"{option} {text} is no day; write one as YEAR-MONTH-DAY, such as 2019-05-10.") from None


def rhythm(text: str | None, option: str) -> Rhythm | None:
    """Read a rhythm by its word, or days separated by commas; raises Refusal naming the option where it is neither."""
    if text is None:
        return None
    if months := RHYTHMS.get(text.strip().lower()):
        return Rhythm(every_months=months)
    if not text[:1].isdigit():
        raise Refusal(
            f"{option} {text} is no rhythm; write {', '.join(RHYTHMS)}, or days such as 2019-07-01,2019-10-01."
        )
    return Rhythm(on=tuple(sorted({day(part, option) for part in text.split(",")})))
