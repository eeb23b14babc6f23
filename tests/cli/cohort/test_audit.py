"""What an audit found, in words: each kind of drift has its sentence, and what is left stands first."""

import pytest

from cli.cohort.audit import WORDS, lines_of
from schemas.audit import AuditResult, Drift, DriftKind

MENDED = Drift(kind=DriftKind.STANDING, id="c-001", what=("phase",), mendable=True, mended=True)
MENDABLE = Drift(kind=DriftKind.PLAN, id="c-002", what=("check_in-1", "ends_on"), mendable=True)
LEFT = Drift(kind=DriftKind.CUT_OFF, id="c-003")


def test_a_cohort_in_step_is_said_to_be() -> None:
    assert lines_of(AuditResult(cohort_id="c", mentorships=12, asked=2)) == [
        "c is in step: 12 mentorships compared, 2 of them asked themselves."
    ]


def test_what_is_left_stands_first_and_the_last_line_says_how_to_mend() -> None:
    assert lines_of(AuditResult(cohort_id="c", mentorships=12, asked=3, drifts=(MENDED, MENDABLE, LEFT))) == [
        "c: 12 mentorships compared, 3 of them asked themselves.",
        "  c-003 was ended from outside before its time - ask the operator: the Temporal UI says why.",
        "  c-002 has another plan than its workflow: check_in-1, ends_on - can be mended.",
        "  c-001 is listed otherwise than its workflow stands: phase - mended.",
        "To mend what can be mended: mile cohort audit c --repair",
    ]


def test_nobody_is_told_to_mend_what_is_mended_or_cannot_be() -> None:
    assert not any("--repair" in line for line in lines_of(AuditResult(cohort_id="c", drifts=(MENDED, LEFT))))


@pytest.mark.parametrize("kind", DriftKind)
def test_every_drift_that_cannot_be_mended_comes_with_what_to_do(kind: DriftKind) -> None:
    always_mended = {DriftKind.STAGE, DriftKind.STANDING, DriftKind.PLAN, DriftKind.RESPONSES}
    assert bool(WORDS[kind][1]) is (kind not in always_mended)


def test_the_same_drifts_left_have_the_same_fingerprint_whoever_finds_them() -> None:
    audit = AuditResult(cohort_id="c", drifts=(LEFT, MENDED))
    assert audit.fingerprint == AuditResult(cohort_id="c", drifts=(LEFT,)).fingerprint
    assert audit.fingerprint != AuditResult(cohort_id="c", drifts=(LEFT, MENDABLE)).fingerprint
    assert audit.in_short() == {"found": {"cut_off": 1, "standing": 1}, "mended": 1, "ids": ["c-001", "c-003"]}
