"""The promise ledger: every promise, judged by a rehearsal's evidence."""

from rehearsal.checks.evidence import Evidence
from rehearsal.checks.promises import PROMISES
from schemas.rehearsal import PromiseRecord, RehearsalRecord, UntestedPromiseRecord


def with_promises(evidence: Evidence) -> RehearsalRecord:
    """Return the record with its ledger: promises that held, that did not, and that a rehearsal cannot show."""
    shown: list[PromiseRecord] = []
    not_shown: list[UntestedPromiseRecord] = []
    for row in PROMISES:
        fields = {"id": row.id, "says": row.says, "since": row.since}
        verdict = row.check(evidence) if row.check else None
        if verdict is None or verdict.held is None:
            not_shown.append(UntestedPromiseRecord(**fields, why=verdict.evidence if verdict else row.why_not))
        else:
            shown.append(PromiseRecord(**fields, held=verdict.held, evidence=verdict.evidence))
    return evidence.record.model_copy(update={"promises": tuple(shown), "promises_not_shown": tuple(not_shown)})
