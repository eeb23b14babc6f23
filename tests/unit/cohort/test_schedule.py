"""Whether there is time to match between the last day to apply and the kickoff, on the days on which staff work."""

from datetime import date

import pytest

from domain.cohort.schedule import too_little_time
from schemas.cohort.settings import ApplicationWindow, CohortSettings, Institute, ProgramContact, ProposalSettings


def settings(closes_on: date, answer_days: int | None, kickoff: date) -> CohortSettings:
    return CohortSettings(
        id="mile-2019",
        title="A class",
        institute=Institute(venue="Lodge", town="Ely", last_day=kickoff),
        contact=ProgramContact(role="Chair", email="chair@example.org"),
        applications=ApplicationWindow(opens_on=date(2019, 2, 1), closes_on=closes_on),
        proposals=ProposalSettings(answer_days=answer_days) if answer_days else None,
    )


@pytest.mark.parametrize(
    ("closes_on", "answer_days", "kickoff", "close_by"),
    [
        # Matched on Monday the 29th, answered by Thursday the 9th, confirmed on the kickoff day.
        (date(2019, 4, 26), 10, date(2019, 5, 10), None),
        (date(2019, 4, 27), 10, date(2019, 5, 10), date(2019, 4, 26)),
        # Closed on Wednesday, matched on Saturday, that is on Monday the 13th: answered and confirmed by the 24th.
        (date(2019, 5, 8), 10, date(2019, 5, 24), None),
        # Confirmed on Monday the 27th, that is Memorial Day, that is on Tuesday.
        (date(2019, 5, 8), 13, date(2019, 5, 27), date(2019, 5, 7)),
        (date(2019, 5, 8), 13, date(2019, 5, 28), None),
        (date(2019, 5, 7), None, date(2019, 5, 10), None),
        (date(2019, 5, 8), None, date(2019, 5, 10), date(2019, 5, 7)),
    ],
)
def test_applications_must_close_in_time_for_the_business_days_of_staff(
    closes_on: date, answer_days: int | None, kickoff: date, close_by: date | None
) -> None:
    said = too_little_time(settings(closes_on, answer_days, kickoff))
    assert (said is None) if close_by is None else str(said).endswith(f"Let them close by {close_by}.")


def test_sentence_says_what_takes_how_long() -> None:
    assert too_little_time(settings(date(2019, 4, 27), 10, date(2019, 5, 10))) == (
        "Applications close on 2019-04-27, too late for the kickoff: there must be 3 days to match, 10 to answer and 1 "
        "to confirm, and staff need business days. Let them close by 2019-04-26."
    )
