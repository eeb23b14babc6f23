"""One pair of MILE 2019, and what Hypothesis draws where a test asks for terms or for a mentorship."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import strategies as st

from domain.mentorship.plan import plan
from schemas.mentorship.state import MentorshipState
from schemas.mentorship.terms import Terms
from tests.unit.mentorship.histories import RHYTHMS, History, histories, some_terms

st.register_type_strategy(Terms, some_terms(RHYTHMS))
st.register_type_strategy(History, histories())


@pytest.fixture
def mile_2019() -> Terms:
    """The terms of a pair of the 2019 class, with the program's own rhythm."""
    return Terms(mentorship_id="mile-2019-001", cohort_id="mile-2019", kickoff_on=date(2019, 5, 10))


@pytest.fixture
def begun(mile_2019: Terms) -> MentorshipState:
    """A mentorship of the 2019 class on its first morning."""
    return MentorshipState(terms=mile_2019, plan=plan(mile_2019, datetime(2019, 5, 10, 13, tzinfo=UTC)))
