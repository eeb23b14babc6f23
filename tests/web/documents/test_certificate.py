"""The farewell: who the two were, from when until when, and a certificate to keep (A39)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from domain import languages
from schemas.cohort.settings import Program
from schemas.enums import Language, MilestoneKind, Outcome, Side
from tests.pseudo_language import PseudoCatalog
from tests.web.conftest import COHORT
from tests.web.participants.test_responses import text_of
from web.documents.certificate import certificate

if TYPE_CHECKING:
    import httpx

    from schemas.mentorship.responses import ResponsePage
    from tests.web.conftest import RecordingService

CLAIMS_TO_BE_ACCESSIBLE = b"<pdfuaid:part>1"


def page_of(service: RecordingService, name: str, **different: object) -> ResponsePage:
    service.link(MilestoneKind.FAREWELL, Side.MENTEE)
    page = next(iter(service.pages.values()))
    return page.model_copy(update={"person": page.person.model_copy(update={"name": name}), **different})


def read(pdf: bytes) -> str:
    (sheet,) = PdfReader(BytesIO(pdf)).pages
    return " ".join(sheet.extract_text().split())


@pytest.mark.parametrize("side", list(Side))
async def test_farewell_shows_the_pair_and_the_exact_dates_and_asks_nothing(
    client: httpx.AsyncClient, service: RecordingService, side: Side
) -> None:
    shown = await client.get(service.link(MilestoneKind.FAREWELL, side))
    assert "Mentor Solveig Aaberg Mentee Kao Nou Vue-Reyes" in text_of(shown)
    assert "Began Friday, May 10, 2019 Ended Tuesday, November 10, 2020" in text_of(shown)
    assert "<form" not in shown.text


async def test_farewell_stays_open_for_good(client: httpx.AsyncClient, service: RecordingService) -> None:
    link = service.link(MilestoneKind.FAREWELL, outcome=Outcome.COMPLETED)
    service.time = service.closes_at + timedelta(days=1000)
    assert "Download your certificate" in text_of(await client.get(link))
    assert (await client.get(f"{link}/certificate.pdf")).status_code == 200


async def test_before_the_end_there_is_no_certificate(client: httpx.AsyncClient, service: RecordingService) -> None:
    link = service.link(MilestoneKind.FAREWELL)
    service.time = service.opens_at - timedelta(seconds=1)
    assert "It opens on Monday, July 22, 2019, when your mentorship ends" in text_of(await client.get(link))
    assert (await client.get(f"{link}/certificate.pdf")).status_code == 404


async def test_ending_before_its_time_opens_the_farewell_at_once(
    client: httpx.AsyncClient, service: RecordingService
) -> None:
    link = service.link(MilestoneKind.FAREWELL, outcome=Outcome.ENDED_EARLY, ends_on=date(2019, 7, 1))
    service.time = service.opens_at - timedelta(days=9)
    shown = text_of(await client.get(link))
    assert "has ended" in shown
    assert "Ended Monday, July 1, 2019" in shown
    assert "What comes next" not in shown


@pytest.mark.parametrize("outcome", [Outcome.COMPLETED, Outcome.ENDED_EARLY])
def test_certificate_is_in_the_language_of_its_reader(
    service: RecordingService, monkeypatch: pytest.MonkeyPatch, outcome: Outcome
) -> None:
    monkeypatch.setattr(languages, "catalog", lambda _: PseudoCatalog())
    nameless = {"cohort": COHORT.model_copy(update={"title": "2019", "program": Program(name="1", association="2")})}
    page = page_of(service, "Αννα", outcome=outcome, **nameless)
    with languages.in_language(Language.SPANISH):
        pdf = certificate(page)
    assert set(re.findall(r"[a-z]{2,}", read(pdf))) == {"viernes", "martes", "de", "mayo", "noviembre"}
    assert PdfReader(BytesIO(pdf)).root_object.get("/Lang") == "es"
    assert CLAIMS_TO_BE_ACCESSIBLE in pdf


async def test_sentence_of_the_partner_is_shown_where_they_shared_it(
    client: httpx.AsyncClient, service: RecordingService
) -> None:
    shown = await client.get(service.link(MilestoneKind.FAREWELL, shared="Ask <b>early</b>."))
    assert "What Kao takes away" in text_of(shown)
    assert "Ask &lt;b&gt;early&lt;/b&gt;." in shown.text
    assert "takes away" not in text_of(await client.get(service.link(MilestoneKind.FAREWELL)))


@pytest.mark.parametrize("kind", [kind for kind in MilestoneKind if kind is not MilestoneKind.FAREWELL])
async def test_other_links_lead_to_no_certificate(
    client: httpx.AsyncClient, service: RecordingService, kind: MilestoneKind
) -> None:
    assert (await client.get(f"{service.link(kind)}/certificate.pdf")).status_code == 404


async def test_certificate_comes_as_a_file_without_a_name_in_its_name(
    client: httpx.AsyncClient, service: RecordingService
) -> None:
    link = service.link(MilestoneKind.FAREWELL, Side.MENTEE)
    first, second = [await client.get(f"{link}/certificate.pdf") for _ in range(2)]
    assert first.headers["content-type"] == "application/pdf"
    assert first.headers["content-disposition"] == 'attachment; filename="certificate.pdf"'
    assert first.headers["cache-control"] == "no-store"
    assert first.content == second.content
    assert service.saved == []
    assert read(first.content) == (
        "Minnesota Library Association Certificate Kao Nou Vue-Reyes completed a mentorship as a mentee "
        "from Friday, May 10, 2019 to Tuesday, November 10, 2020 "
        "MLA Institute for Leadership Excellence, 2019 Mentorship Program"
    )


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.COMPLETED])
def test_certificate_of_an_early_ending_says_what_is_true_and_not_why(
    service: RecordingService, outcome: Outcome
) -> None:
    words = read(certificate(page_of(service, "Ada Berg", outcome=outcome, ends_on=date(2019, 9, 3))))
    assert "took part in a mentorship as a mentee from Friday, May 10, 2019 to Tuesday, September 3, 2019" in words


@pytest.mark.parametrize("name", ["Łukasz Ó Nguyễn", "Şükran Žižková", "Ὀδυσσεύς Άννα", "Анна Щукина", "Pa Houa Vang"])
def test_certificate_is_accessible_and_shows_letters_of_many_alphabets(service: RecordingService, name: str) -> None:
    pdf = certificate(page_of(service, name))
    # The standard is only claimed where every letter has a glyph.
    assert CLAIMS_TO_BE_ACCESSIBLE in pdf
    assert PdfReader(BytesIO(pdf)).root_object.get("/Lang") == "en"
    assert name in read(pdf)


@pytest.mark.parametrize("name", ["陳大文", "🧿 Ana", "#panic() *Ana* $x$ @ana", "a\u202ebc\ndef", "N" * 200])
def test_any_name_gets_its_certificate_of_one_page(service: RecordingService, name: str) -> None:
    page = page_of(service, name)
    pdf = certificate(page)
    assert pdf == certificate(page)
    assert "completed a mentorship as a mentee" in read(pdf)


def test_markup_in_a_name_stays_a_name(service: RecordingService) -> None:
    assert "#panic() *Ana* $x$" in read(certificate(page_of(service, "#panic() *Ana* $x$")))
