"""The promise ledger: every promise, judged by a rehearsal's evidence."""

from rehearsal.checks.evidence import Evidence
from rehearsal.checks.promises import PROMISES
from schemas.enums import NotShown
from schemas.rehearsal import PromiseRecord, RehearsalRecord, UntestedPromiseRecord


def with_promises(evidence: Evidence) -> RehearsalRecord:
    """Return the record with its ledger: promises that held, that did not, and that a rehearsal cannot show."""
    shown: list[PromiseRecord] = []
    not_shown: list[UntestedPromiseRecord] = []
    for row in PROMISES:
        fields = {"id": row.id, "says": row.says, "since": row.since}
        verdict = row.check(evidence) if row.check else None
        if verdict is None:
            not_shown.append(UntestedPromiseRecord(**fields, why=row.why_not, reason=NotShown.CANNOT_BE_SHOWN))
        elif verdict.held is None:
            reason = NotShown.LEFT_OUT if verdict.left_out else NotShown.NOT_TESTED
            not_shown.append(UntestedPromiseRecord(**fields, why=verdict.evidence, reason=reason))
        else:
            shown.append(PromiseRecord(**fields, held=verdict.held, evidence=verdict.evidence))
    return evidence.record.model_copy(update={"promises": tuple(shown), "promises_not_shown": tuple(not_shown)})
