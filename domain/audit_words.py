"""What a drift audit found, in sentences."""

from schemas.audit import AuditResult, Drift, DriftKind

ASK_THE_OPERATOR = "ask the operator: the Temporal UI says why"
# For each kind: the problem, with the columns, milestones or responses, and advice where it cannot be repaired.
WORDS = {
    DriftKind.STAGE: (
        "is listed with another stage than its workflow: {what}",
        "nothing: the workflow gets there by itself",
    ),
    DriftKind.COHORT_WITHOUT_WORKFLOW: (
        "has no workflow",
        "ask the operator whether one was ended, and restore it from Temporal's backup",
    ),
    DriftKind.NOT_STARTED: ("should have started and has not", "start the one it takes over from again"),
    DriftKind.WITHOUT_WORKFLOW: (
        "has started but has no workflow any more, so nothing more will happen",
        "repair the mentorship that it takes over from first",
    ),
    DriftKind.WITHOUT_ROW: (
        "has a workflow but no row, so its people can't get emails",
        "start the cohort's mentorships again if it is one of them, or end the workflow if it is of no cohort",
    ),
    DriftKind.INTERRUPTED: ("was ended from outside before its time", ASK_THE_OPERATOR),
    DriftKind.STUCK: ("cannot go on, because a step of its workflow fails again and again", ASK_THE_OPERATOR),
    DriftKind.UNRESPONSIVE: ("does not answer", ASK_THE_OPERATOR),
    DriftKind.PROGRESS: ("has other columns than its workflow: {what}", ""),
    DriftKind.PLAN: ("has another plan than its workflow: {what}", ""),
    DriftKind.CLOSINGS: (
        "has milestones that closed here or in its workflow only: {what}",
        "ask the operator whether Temporal was restored from a backup; the workflow closes them in time",
    ),
    DriftKind.RESPONSES: ("does not know of saved answers: {what}", ""),
    DriftKind.RESPONSES_LOST: (
        "was told of answers that are no longer stored: {what}",
        "send their emails again, and ask them to answer again",
    ),
    DriftKind.EMAILS_LOST: ("has enqueued emails that are no longer stored: {what}", ""),
    DriftKind.DECISIONS: (
        "has not heard of what staff decided: {what}",
        "staff decided otherwise since, or it is too late: if it still holds, make it again",
    ),
    DriftKind.DECISIONS_UNRECORDED: ("has made decisions that the audit log does not show: {what}", ""),
    DriftKind.PUBLICATION: ("does not know that match run {what} is published", ""),
    DriftKind.PUBLICATION_LOST: (
        "has published match run {what}, which is no longer stored",
        "ask the operator to restore a newer backup of PostgreSQL",
    ),
}


def audit_lines(audit: AuditResult) -> list[str]:
    """Return what an audit found as sentences, one for each drift, what is left first."""
    compared = f"{audit.mentorships} mentorships compared, {audit.inspected} of them inspected closely"
    if not audit.drifts:
        return [f"{audit.cohort_id} agrees with Temporal: {compared}."]
    lines = [_line(drift) for drift in sorted(audit.drifts, key=lambda drift: (drift.repaired, drift.repairable))]
    return [f"{audit.cohort_id}: {compared}.", *lines]


def _line(drift: Drift) -> str:
    problem, advice = WORDS[drift.kind]
    done = "repaired" if drift.repaired else "can be repaired" if drift.repairable else advice
    return f"  {drift.id} {problem.format(what=', '.join(drift.what))} - {done}."
