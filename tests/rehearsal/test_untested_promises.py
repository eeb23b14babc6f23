"""A promise whose event is missing from the play is not put to the test, which is neither held nor broken."""

from datetime import date

import pytest

from rehearsal.checks.evidence import Evidence
from rehearsal.checks.ledger import with_promises
from schemas.enums import NotShown, Outcome
from tests.rehearsal.breaking import Breaking, change, gathered

# What the play must have for each of these to be put to the test at all.
UNTESTED: list[tuple[str, Breaking]] = [
    ("A3", lambda evidence: _without_mentee(evidence, "P03")),
    ("A6", lambda evidence: _without_persona(change(5, ends_on=date(2020, 11, 10))(evidence), "P06")),
    ("A25", lambda evidence: _without_persona(change(2, outcome=Outcome.COMPLETED)(evidence), "M02")),
    ("A26", lambda evidence: _without_persona(evidence, "P01")),
    ("A27", lambda evidence: _without_persona(evidence, "M05")),
    ("A29", lambda evidence: _without_persona(evidence, "M01")),
    ("A31", lambda evidence: _without_persona(_without_persona(evidence, "M05"), "P05")),
    ("A35", lambda evidence: evidence.model_copy(update={"mentees": evidence.mentees[:1]})),
    ("A42", gathered(inquiries=())),
]


@pytest.mark.parametrize(("promise", "missing"), UNTESTED)
def test_promise_without_its_event_is_not_put_to_the_test(promise: str, missing: Breaking, evidence: Evidence) -> None:
    record = with_promises(missing(evidence))
    (row,) = [one for one in record.promises_not_shown if one.id == promise]
    assert row.reason is NotShown.NOT_TESTED


def _without_persona(evidence: Evidence, who: str) -> Evidence:
    return evidence.model_copy(
        update={"personas": {one: each for one, each in evidence.personas.items() if one != who}}
    )


def _without_mentee(evidence: Evidence, who: str) -> Evidence:
    mentees = tuple(one for one in evidence.mentees if one.id != who)
    return _without_persona(evidence.model_copy(update={"mentees": mentees}), who)
