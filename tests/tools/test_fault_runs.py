"""What fault runs draw, and that they see each kind of loss."""

import random
from pathlib import Path
from typing import Any

import pytest

from emails.links import token_hash
from tools.fault_runs.counts import FaultCounts, Signal, count_emails, count_responses, reasons
from tools.fault_runs.injection import Fault, FaultInterval, FaultKind, draw, possible
from tools.fault_runs.participants import Accepted, FailedRequest, Received, RelayMailbox
from tools.fault_runs.run import FaultRun
from tools.fault_runs.stack import FaultStack, Part

KILLED = FaultInterval(Fault(FaultKind.KILL, Part.WORKER, False, 0, 3), began=100, ended=103)
TOLD = Signal("one-001", "check_in-1", "mentor", 1)


def seeded(number: int) -> random.Random:
    return random.Random(number)  # noqa: S311 - the seed is to give the same again


def sent(**changed: object) -> dict[str, Any]:
    row = {"key": "one-001/welcome", "state": "sent", "message_id": "<1>", "attempts": 1, "failure": None}
    return row | changed


def received(at: float = 99.5, content: bytes = b"Hello") -> Received:
    return Received(at, "<1>", "m1-one@example.org", content)


def emails(row: dict[str, Any], *copies: Received) -> FaultCounts:
    counts = FaultCounts()
    count_emails(counts, [row], copies, [KILLED])
    return counts


def responses(accepted: list[Accepted], signals: set[Signal]) -> list[str]:
    row = {"id": "one-001/check_in-1/mentor", "revision": 1, "words": '{"note": "words 1"}'}
    place = {"mentorship_id": "one-001", "side": "mentor"}
    links = {token_hash("a" * 26): place | {"milestone": "check_in-1"}}
    return list(count_responses(accepted, links, [row | place | {"milestone_id": "check_in-1"}], signals))


def test_same_seed_draws_the_same_and_no_part_twice() -> None:
    among = [(kind, part) for kind in FaultKind for part in Part]
    runs = [draw(seeded(number), among) for number in range(200)]
    assert runs == [draw(seeded(number), among) for number in range(200)]
    assert all(len({fault.part for fault in run}) == len(run) for run in runs)
    assert {len(run) for run in runs} == {1, 2, 3, 4, 5}
    assert {(fault.kind, fault.part) for run in runs for fault in run} == set(among)


def test_what_a_machine_does_not_allow_is_not_drawn(tmp_path: Path) -> None:
    assert FaultKind.FULL not in {kind for kind, _ in possible(FaultStack(tmp_path))}


def test_a_form_that_another_link_led_to_is_looked_for_at_its_own_milestone() -> None:
    assert responses([Accepted("a" * 26, "words 1", "check_in-1")], {TOLD}) == []
    assert responses([Accepted("a" * 26, "words 1", "agreement")], {TOLD}) == ["not stored: words 1"]


def test_what_arrived_once_and_was_heard_of_is_in_order() -> None:
    assert not emails(sent(), received()).faulty
    assert responses([Accepted("a" * 26, "words 1")], {TOLD}) == []


def test_email_that_is_marked_as_sent_and_never_arrived_is_lost() -> None:
    assert emails(sent()).lost_emails == ["sent, not received: one-001/welcome"]


def test_email_that_waits_is_stuck() -> None:
    assert emails(sent(state="queued", failure="TimeoutError")).stuck == ["queued: one-001/welcome TimeoutError"]


def test_repetition_after_an_attempt_that_a_fault_came_upon_is_none_that_is_wrong() -> None:
    counts = emails(sent(attempts=2), received(), received(at=165))
    assert (counts.repeats, counts.wrong_repeats) == (1, [])


@pytest.mark.parametrize(
    ("copies", "attempts", "why"),
    [
        ((received(), received(at=165, content=b"Hi")), 2, "the bytes differ"),
        ((received(at=200), received(at=260)), 2, "no fault came between"),
        ((received(), received(at=165)), 1, "2 copies of 1 attempts"),
    ],
)
def test_other_repetitions_are_wrong(copies: tuple[Received, ...], attempts: int, why: str) -> None:
    assert emails(sent(attempts=attempts), *copies).wrong_repeats == [f"one-001/welcome: {why}"]


def test_answer_that_a_page_accepted_and_nobody_stored_is_lost() -> None:
    assert responses([Accepted("a" * 26, "words 2")], {TOLD}) == ["not stored: words 2"]
    assert responses([Accepted("b" * 26, "words 1")], {TOLD}) == ["not stored: words 1"]


def test_answer_that_the_workflow_never_heard_of_is_lost() -> None:
    assert responses([], set()) == ["not in the workflow: one-001/check_in-1/mentor/1"]


def test_failed_requests_are_counted_by_what_came_and_by_the_fault_of_the_pages_that_was_on() -> None:
    web = FaultInterval(Fault(FaultKind.KILL, Part.WEB, False, 0, 3), began=100, ended=103)
    failed = [
        FailedRequest(99, 100.1, "POST", "cut off"),
        FailedRequest(98, 99.9, "POST", "cut off"),
        FailedRequest(101, 102, "GET", "status 500"),
    ]
    counts = FaultCounts(failed=reasons(failed, [KILLED, web]))
    assert counts.failed == {
        "POST cut off, kill web": 1,
        "POST cut off, which no fault of the pages excuses": 1,
        "GET status 500, which no fault of the pages excuses": 1,
    }
    assert counts.faulty
    assert not FaultCounts(failed=reasons(failed[:1], [web])).faulty


def test_how_often_an_agreement_changed_and_the_days_of_a_run_are_no_loss() -> None:
    run = FaultRun(FaultStack(Path("unused")), RelayMailbox(Path("unused")), 1, 3, None)
    name, changed = "run0003-agreement-001", "run0003-agreement-001/agreement_changed/v1/mentor/0"
    agreed = {f"{name}/agreed/v2/mentor/0", f"{name}/welcome/welcome@2026-11-09/mentor/0", f"{name}/staff/note"}
    again = {f"{name}/agreed/v3/mentor/0", f"{name}/welcome/welcome@2026-11-08/mentor/0"}
    expected = run.keys(FaultCounts(keys=agreed | {changed}))
    assert run.keys(FaultCounts(keys=again)) == expected
    missing = {"agreement-001/agreed/v/mentor/0", "agreement-001/welcome/welcome/mentor/0"}
    assert expected - run.keys(FaultCounts(keys={changed})) == missing
