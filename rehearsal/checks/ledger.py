"""The promise ledger: every promise put to the test by what a rehearsal left behind."""

from rehearsal.checks.evidence import Evidence
from rehearsal.checks.promises import PROMISES
from schemas.rehearsal import PromiseKept, PromiseNotShown, RehearsalRecord


def with_promises(seen: Evidence) -> RehearsalRecord:
    """Return the record with its ledger: promises that held or did not, and those it says nothing about."""
    kept: list[PromiseKept] = []
    not_shown: list[PromiseNotShown] = []
    for row in PROMISES:
        told = {"id": row.id, "says": row.says, "since": row.since}
        finding = row.check(seen) if row.check else None
        if finding is None or finding.held is None:
            not_shown.append(PromiseNotShown(**told, why=finding.evidence if finding else row.why_not))
        else:
            kept.append(PromiseKept(**told, held=finding.held, evidence=finding.evidence))
    return seen.record.model_copy(update={"promises": tuple(kept), "promises_not_shown": tuple(not_shown)})
