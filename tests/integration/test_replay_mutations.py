"""Thirteen ways to break running workflows, each in a copy of the code: the replay catches it and says what to do."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What workflows import, and what the check needs.
LINKED = ("activities", "domain", "emails", "rehearsal", "runtime", "schemas", "services", "storage", "tests", "web")
HISTORIES = "tests/replay/histories/0.2.0"
SILENT, AUDIT, SWEEPER = "mentorship-silent-001", "drift-audit", "sweeper"
MENTORSHIP, RECORDS, STATE = "workflows/mentorship.py", "activities/records.py", "schemas/mentorship/state.py"
GUARD = "workflow.patched()"


@dataclass(frozen=True)
class Mutation:
    """What is replaced in which file, the history that tells, and a part of each sentence that must be said."""

    file: str
    old: str
    new: str
    history: str
    said: tuple[str, ...]


MUTATIONS = {
    "activity added": Mutation(
        MENTORSHIP,
        "        self.add_planned_emails(moment.emails)\n",
        "        self.add_planned_emails(moment.emails)\n        await self.record_progress()\n",
        SILENT,
        ("does not replay", GUARD),
    ),
    "activities reordered": Mutation(
        MENTORSHIP,
        "elif self.summary() != self.recorded:\n                await self.record_progress()",
        "elif not self.state.pending_emails:\n                await self.record_progress()",
        SILENT,
        ("does not replay", GUARD),
    ),
    "activity renamed": Mutation(
        RECORDS,
        "    @activity.defn\n    async def record_progress(",
        '    @activity.defn(name="note_progress")\n    async def record_progress(',
        SILENT,
        ("does not replay", GUARD),
    ),
    "send and close swapped": Mutation(
        MENTORSHIP,
        "        await self.record_closings(moment.closes)\n",
        "        if self.state.pending_emails:\n            await self.enqueue_emails()\n"
        "        await self.record_closings(moment.closes)\n",
        SILENT,
        ("does not replay", GUARD),
    ),
    "field without default in state": Mutation(
        STATE,
        "    resend_count: int = 0\n",
        "    resend_count: int = 0\n    letters: int\n",
        SILENT,
        ("MentorshipState requires the field letters. Give it a default", "does not replay"),
    ),
    "field without default in a result": Mutation(
        STATE,
        "    ends_on: date\n    ends_at: AwareDatetime\n",
        "    ends_on: date\n    letters: int\n    ends_at: AwareDatetime\n",
        SILENT,
        ("Plan requires the field letters. Give it a default", "does not replay"),
    ),
    "rule changed": Mutation(
        "domain/mentorship/progression.py",
        "CLOSURE_KINDS = (MilestoneKind.CLOSING_CONVERSATION, MilestoneKind.CLOSURE_SURVEY)",
        "CLOSURE_KINDS = (MilestoneKind.CLOSURE_SURVEY,)",
        SILENT,
        ("does not replay", GUARD),
    ),
    "timer 30 days longer": Mutation(
        "workflows/support/clock.py",
        "workflow.sleep(at - self.now(),",
        "workflow.sleep(at - self.now() + timedelta(days=30),",
        SILENT,
        ("and is now “start_timer 3", GUARD),
    ),
    "retry timer": Mutation(
        "workflows/support/retry.py",
        "RETRY_EVERY = timedelta(minutes=10)",
        "RETRY_EVERY = timedelta(minutes=20)",
        SWEEPER,
        ("RETRY_EVERY is not what it is in 0.2.0: 0:10:00 is now 0:20:00", GUARD),
    ),
    "stored field renamed": Mutation(
        STATE,
        "    unrecognized_messages: int = 0\n",
        "    unrecognized: int = 0\n",
        SWEEPER,
        ("MentorshipState has no field unrecognized_messages any more. Keep it under this name",),
    ),
    "activity more in the sweeper": Mutation(
        "workflows/maintenance.py",
        '        """Sweep once and return how many responses were signaled."""\n',
        '        """Sweep once and return how many responses were signaled."""\n'
        "        await workflow.execute_activity_method(AuditActivities.list_open_cohorts, **RECORD)\n",
        SWEEPER,
        ("sweeper does not replay", GUARD),
    ),
    "activity more in the audit": Mutation(
        "workflows/maintenance.py",
        "        left, failed = 0, []\n",
        "        left, failed = 0, []\n"
        "        await workflow.execute_activity_method(Sweeper.signal_pending_responses, **BATCH)\n",
        AUDIT,
        ("drift-audit does not replay", GUARD),
    ),
    "signal removed": Mutation(
        MENTORSHIP,
        "    @workflow.signal\n    def upgrade_requested(",
        "    def upgrade_requested(",
        SWEEPER,
        ("MentorshipWorkflow has no signal of the name upgrade_requested any more. Keep it",),
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_replay_catches_a_change_that_would_break_running_workflows(name: str, tmp_path: Path) -> None:
    mutation = MUTATIONS[name]
    assert len(MUTATIONS) == 13
    folder = mutation.file.partition("/")[0]
    for linked in {*LINKED, "workflows"} - {folder}:
        (tmp_path / linked).symlink_to(ROOT / linked)
    shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "worker.py").symlink_to(ROOT / "worker.py")
    source = (tmp_path / mutation.file).read_text()
    assert source.count(mutation.old) == 1
    (tmp_path / mutation.file).write_text(source.replace(mutation.old, mutation.new))
    check = [sys.executable, "-m", "rehearsal.fingerprint", "check", HISTORIES, mutation.history]
    done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    for sentence in mutation.said:
        assert sentence in done.stdout
