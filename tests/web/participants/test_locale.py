"""A cohort's locale changes the dates of participants' pages and of their certificate, and nothing else."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from itertools import product

import httpx
import pytest
from pypdf import PdfReader

from domain.date_parsing import parse_days
from schemas.enums import MilestoneKind, Outcome, Side
from schemas.forms.catalog import FORMS
from schemas.forms.questions import Question
from schemas.mentorship.responses import AgreementVersion
from tests.british import in_british
from tests.web.conftest import CLOSES, COHORT, OPENS, RecordingService
from web.documents.certificate import certificate
from web.form import Field

BRITISH = COHORT.model_copy(update={"locale": "en_GB"})
OWN_DATES = {"goal_1": "Lead", "meetings": "dates", "meeting_dates": "2019-08-01,2019-10-20", "below_quarterly": "yes"}
FIRST = AgreementVersion(
    version=1,
    contents=OWN_DATES,
    written_by=Side.MENTEE,
    written_at=OPENS,
    confirmed_by=(Side.MENTEE,),
    confirmed_at={Side.MENTEE: OPENS},
)
CHANGED = FIRST.model_copy(
    update={"version": 2, "contents": OWN_DATES | {"meeting_dates": "2019-08-02"}, "written_by": Side.MENTEE}
)
AGREED = FIRST.model_copy(update={"confirmed_by": tuple(Side), "confirmed_at": dict.fromkeys(Side, OPENS)})
AGREEMENTS: dict[str, dict[str, object]] = {
    "nothing written": {"agreement": None},
    "agreed by one": {"agreement": FIRST},
    "changed": {"agreement": CHANGED, "agreement_before": FIRST},
    "agreed by both": {"agreement": AGREED, "agreement_in_force": AGREED},
    "change proposed": {"agreement": CHANGED, "agreement_before": AGREED, "agreement_in_force": AGREED},
}
ANSWERS = {"status": "met", "held": "held", "held_on": "2019-08-01", "words": "Thank you", "call_requested": "yes"}
STATES: dict[str, dict[str, object]] = {
    "open": {},
    "answered": {"answers": ANSWERS, "answered_at": OPENS},
    "ended early": {"outcome": Outcome.MENTOR_WITHDREW},
    "completed": {"outcome": Outcome.COMPLETED, "answers": ANSWERS, "answered_at": OPENS},
}
# Before the page opens, while it is open, and after it closed.
TIMES = (OPENS - timedelta(days=1), OPENS + timedelta(days=1), CLOSES + timedelta(days=1))


def words(page: httpx.Response) -> str:
    assert page.status_code in {200, 409, 422}
    return " ".join(page.text.split())


def pages(service: RecordingService, kind: MilestoneKind, side: Side, **state: object) -> Iterator[str]:
    """Yield the links of the American and the British page, with one token and so with one text."""
    for cohort in (COHORT, BRITISH):
        service.pages.clear()
        yield service.link(kind, side, cohort=cohort, **state)


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("kind", [*FORMS, MilestoneKind.AGREEMENT, MilestoneKind.FAREWELL])
async def test_pages_differ_in_dates_only(
    client: httpx.AsyncClient, service: RecordingService, kind: MilestoneKind, side: Side
) -> None:
    states = AGREEMENTS if kind is MilestoneKind.AGREEMENT else STATES
    for service.time, state, path in product(TIMES, states.values(), ("", "?change=yes", "/thanks")):
        american, british = [
            words(await client.get(f"{link}{path}", follow_redirects=True))
            for link in pages(service, kind, side, **state)
        ]
        assert british == in_british(american)
        assert kind is not MilestoneKind.AGREEMENT or "2019-" not in british


@pytest.mark.parametrize("days", ["2019-05-09", "2019-08-01,2019-09-03", "soon"])
async def test_dates_that_could_not_be_saved_come_back_in_a_form_that_can_be_sent_again(
    client: httpx.AsyncClient, service: RecordingService, days: str
) -> None:
    sent = {"version": "1", "act": "agree", "meetings": "dates", "meeting_dates": days}
    for service.time in TIMES:
        american, british = [
            words(await client.post(link, data=sent))
            for link in pages(service, MilestoneKind.AGREEMENT, Side.MENTOR, agreement=FIRST)
        ]
        assert british == in_british(american)
        assert "2019-0" not in british.replace("or 2019-05-10", "")


@pytest.mark.parametrize("locale", ["en_US", "en_GB"])
def test_days_shown_to_be_changed_are_read_as_the_same_days(locale: str) -> None:
    question = Question(name="days", kind="dates", label="Days")
    shown = Field(question=question, typed="2019-08-01,2019-10-20").editable(locale)
    assert parse_days(shown) == (date(2019, 8, 1), date(2019, 10, 20))


@pytest.mark.parametrize("outcome", [Outcome.COMPLETED, Outcome.ENDED_EARLY])
def test_certificate_differs_in_dates_only(service: RecordingService, outcome: Outcome) -> None:
    service.link(MilestoneKind.FAREWELL, outcome=outcome)
    (page,) = service.pages.values()
    american, british = [
        PdfReader(BytesIO(certificate(page.model_copy(update={"cohort": cohort})))).pages[0].extract_text()
        for cohort in (COHORT, BRITISH)
    ]
    assert " ".join(british.split()) == in_british(" ".join(american.split()))
    assert british != american
