"""Whatever is sent to the pages of matches and the kickoff: a page in answer, and nothing typed is lost."""

import html
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.enums import Commitment, DeclineReason, RsvpStatus
from tests.web.applicants.invitations.proposed_class import DUE, KICKOFF, PROPOSED, ProposedClass

MOMENTS = (PROPOSED + timedelta(hours=1), DUE, KICKOFF)
words = st.text(max_size=60) | st.text(st.characters(categories=["Cc", "Cf", "Zs", "L"]), max_size=30)


def one_of(*known: object) -> st.SearchStrategy[str]:
    return st.sampled_from([str(each) for each in known]) | words


match_forms = st.fixed_dictionaries(
    {},
    optional={
        "partner": one_of("M02", "P03", "M01"),
        "act": one_of(*Commitment),
        "question": words,
        "reason": one_of(*DeclineReason),
    },
)
kickoff_forms = st.fixed_dictionaries(
    {},
    optional={
        "status": one_of(*RsvpStatus),
        "half_day": one_of("thursday", "friday", "any"),
        "meals": words,
        "access": words,
    },
)
bodies = st.binary(max_size=80)
PATIENT = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def plain(text: str) -> str:
    """Return a text as a browser shows it: lines end one way, and what nobody can type is not there."""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


@contextmanager
def nothing_lost(page: httpx.Response, typed: Sequence[str]) -> Iterator[None]:
    """Check that a page which kept nothing still shows what was typed."""
    assert page.status_code in {303, 409, 422}
    yield
    if page.status_code != 303:
        shown = plain(html.unescape(page.text))
        assert all(plain(each) in shown for each in typed)


@pytest.fixture
async def invited(proposed: ProposedClass) -> ProposedClass:
    await proposed.commit("M01", "P01")
    return proposed


@PATIENT
@given(sent=match_forms, moment=st.sampled_from(MOMENTS))
async def test_any_answer_to_a_match(
    client: httpx.AsyncClient, invited: ProposedClass, *, sent: dict[str, str], moment: object
) -> None:
    invited.at(moment)  # type: ignore[arg-type]
    for person in ("P03", "M02"):
        page = await client.post(invited.match(person), data=sent)
        with nothing_lost(page, [sent.get("question", "")]):
            row = await invited.kept("M02", "P03")
        assert row["mentor_answer"] in {None, *Commitment}


@PATIENT
@given(sent=kickoff_forms, moment=st.sampled_from(MOMENTS))
async def test_any_answer_to_the_session(
    client: httpx.AsyncClient, invited: ProposedClass, *, sent: dict[str, str], moment: object
) -> None:
    invited.at(moment)  # type: ignore[arg-type]
    page = await client.post(invited.kickoff("P01"), data=sent)
    with nothing_lost(page, [sent.get("meals", ""), sent.get("access", "")]):
        assert (await client.get(f"{invited.kickoff('P01')}.ics")).status_code == 200


@PATIENT
@given(body=bodies, query=words)
async def test_any_bytes_and_any_query(
    client: httpx.AsyncClient, invited: ProposedClass, *, body: bytes, query: str
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in (invited.match("P03"), invited.kickoff("P01")):
        assert (await client.post(path, content=body, headers=form)).status_code in {303, 409, 422}
        assert (await client.get(path, params={"with": query})).status_code == 200
        assert (await client.post(path, content=body, headers={"Content-Type": "text/plain"})).status_code in {409, 422}
