"""What an audit found, in words: each kind of drift has its sentence, and what is left stands first."""

import pytest

from cli.cohort.audit import lines_of
from domain.audit_words import WORDS
from schemas.audit import AuditResult, Drift, DriftKind

REPAIRED = Drift(kind=DriftKind.PROGRESS, id="c-001", what=("phase",), repairable=True, repaired=True)
REPAIRABLE = Drift(kind=DriftKind.PLAN, id="c-002", what=("check_in-1", "ends_on"), repairable=True)
LEFT = Drift(kind=DriftKind.INTERRUPTED, id="c-003")


def test_a_cohort_in_step_is_said_to_be() -> None:
    assert lines_of(AuditResult(cohort_id="c", mentorships=12, inspected=2)) == [
        "c agrees with Temporal: 12 mentorships compared, 2 of them inspected closely."
    ]


def test_what_is_left_stands_first_and_the_last_line_says_how_to_mend() -> None:
    assert lines_of(AuditResult(cohort_id="c", mentorships=12, inspected=3, drifts=(REPAIRED, REPAIRABLE, LEFT))) == [
        "c: 12 mentorships compared, 3 of them inspected closely.",
        "  c-003 was ended from outside before its time - ask the operator: the Temporal UI says why.",
        "  c-002 has another plan than its workflow: check_in-1, ends_on - can be repaired.",
        "  c-001 has other columns than its workflow: phase - repaired.",
        "To repair what can be repaired: mile cohort audit c --repair",
    ]


def test_nobody_is_told_to_mend_what_is_mended_or_cannot_be() -> None:
    assert not any("--repair" in line for line in lines_of(AuditResult(cohort_id="c", drifts=(REPAIRED, LEFT))))


@pytest.mark.parametrize("kind", DriftKind)
def test_every_drift_that_cannot_be_mended_comes_with_what_to_do(kind: DriftKind) -> None:
    always_repaired = {
        DriftKind.PROGRESS,
        DriftKind.PLAN,
        DriftKind.RESPONSES,
        DriftKind.DECISIONS_UNRECORDED,
        DriftKind.PUBLICATION,
        DriftKind.EMAILS_LOST,
    }
    assert bool(WORDS[kind][1]) is (kind not in always_repaired)


def test_the_same_drifts_left_have_the_same_fingerprint_whoever_finds_them() -> None:
    audit = AuditResult(cohort_id="c", drifts=(LEFT, REPAIRED))
    assert audit.fingerprint == AuditResult(cohort_id="c", drifts=(LEFT,)).fingerprint
    assert audit.fingerprint != AuditResult(cohort_id="c", drifts=(LEFT, REPAIRABLE)).fingerprint
    assert audit.in_short() == {"found": {"interrupted": 1, "progress": 1}, "repaired": 1, "ids": ["c-001", "c-003"]}
