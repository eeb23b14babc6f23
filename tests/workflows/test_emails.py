"""Every email a mentorship owes its people is sent, and none twice: the outbox held against the record."""

import json
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from domain.calendar import local_day
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from schemas.enums import MilestoneKind, Recipient, Side
from schemas.mentorship.state import Plan
from schemas.rehearsal import MentorshipRecord

if TYPE_CHECKING:
    from tests.workflows.conftest import Simulated

Asked = tuple[str, str, int, str]


def _asked(simulated: "Simulated", mentorship: MentorshipRecord) -> list[Asked]:
    """Every ask of every email the plan foresaw: to whom, about what, the how-manieth time, in which window's email."""
    rows = [row for row in simulated.outbox if row["scope_id"] == mentorship.id and row["automatic"]]
    return [
        (row["recipient"], ask["milestone"], ask["occurrence"], row["due_at"].date().isoformat()[:7])
        for row in rows
        for ask in json.loads(row["asks"])
    ]


def _first_meeting(simulated: "Simulated", mentorship: str) -> datetime | None:
    """When somebody first reported that the two had met, or None where nobody did."""
    told = (row for row in simulated.responses if row["mentorship_id"] == mentorship)
    said = ((row["received_at"], json.loads(row["signal_payload"])) for row in told)
    return min((at for at, envelope in said if envelope["met"]), default=None)


def _plan(simulated: "Simulated", mentorship: str) -> Plan:
    """The plan of a pair that agreed on nothing: drawn up at kickoff, and once more when they had met."""
    settings, met_at = simulated.folder.settings, _first_meeting(simulated, mentorship)
    terms = initial_terms(settings, mentorship, goals=3)
    first = plan(terms, min(row["due_at"] for row in simulated.outbox))
    if met_at is None:
        return first
    met = terms.model_copy(update={"first_met_on": local_day(met_at, settings.time_zone), "revision": 1})
    return plan(met, met_at, tuple(email for email in first.emails if email.at <= met_at))


def _answered(
    simulated: "Simulated", mentorship: str, milestone: str, sides: tuple[Side, ...], before: datetime
) -> bool:
    own = (
        (row["received_at"], json.loads(row["signal_payload"]))
        for row in simulated.responses
        if (row["mentorship_id"], row["milestone_id"]) == (mentorship, milestone) and row["side"] in sides
    )
    # Who only wrote a draft of the agreement has not agreed to anything yet.
    return any(at < before and (said["version"] is None or said["confirmed"]) for at, said in own)


def test_what_the_plan_demands_is_sent_and_nothing_else(simulated: "Simulated") -> None:
    pairs = [one.id for one in simulated.record.mentorships if not any(v.in_force_since for v in one.agreement)]
    assert len(pairs) == 2
    for pair in pairs:
        drawn = _plan(simulated, pair)
        demanded = set()
        for email in drawn.emails:
            for ask in email.asks:
                due = drawn.milestone(ask.milestone)
                sides = tuple(Side) if due.settled_by_either else (Side(email.to),)
                if not due.asked or not _answered(simulated, pair, due.id, sides, email.at):
                    demanded.add((email.to.value, ask.milestone, ask.occurrence, email.at))
        rows = [row for row in simulated.outbox if row["scope_id"] == pair and row["automatic"]]
        asked = {
            (row["recipient"], ask["milestone"], ask["occurrence"], row["due_at"])
            for row in rows
            for ask in json.loads(row["asks"])
        }
        assert asked == demanded
        assert len(asked) > 40


def test_everybody_was_asked_about_all_that_was_due_to_them(simulated: "Simulated") -> None:
    owed = 0
    for mentorship in simulated.record.mentorships:
        asked = {(to, milestone) for to, milestone, _, _ in _asked(simulated, mentorship)}
        answered_unasked = {(answer.side.value, answer.id.split("/")[1]) for answer in mentorship.responses} - asked
        for due in mentorship.milestones:
            # A farewell to a mentorship that ended early, and the survey in it, go out at once and not by plan.
            if mentorship.changes and due.kind in (MilestoneKind.CLOSURE_SURVEY, MilestoneKind.FAREWELL):
                continue
            for side in due.asked:
                owed += 1
                settled = due.kind in (MilestoneKind.MEETING, MilestoneKind.CLOSING_CONVERSATION)
                assert (side.value, due.id) in asked | answered_unasked or settled, (mentorship.id, due.id, side)
    assert owed > 400


def test_nothing_is_asked_twice(simulated: "Simulated") -> None:
    for mentorship in simulated.record.mentorships:
        assert [ask for ask, times in Counter(_asked(simulated, mentorship)).items() if times > 1] == []


def test_nobody_who_has_answered_is_reminded(simulated: "Simulated") -> None:
    reminders = 0
    for mentorship in simulated.record.mentorships:
        first: dict[tuple[str, str], object] = {}
        for row in simulated.responses:
            if row["mentorship_id"] == mentorship.id and row["form"] != MilestoneKind.AGREEMENT:
                first.setdefault((row["side"], row["milestone_id"]), row["received_at"])
        for row in simulated.outbox:
            if row["scope_id"] != mentorship.id or not row["automatic"] or row["recipient"] == Recipient.STAFF:
                continue
            for ask in json.loads(row["asks"]):
                answered_at = first.get((row["recipient"], ask["milestone"]))
                reminders += ask["occurrence"] > 0
                assert answered_at is None or answered_at > row["due_at"], row["key"]
    assert reminders > 50


def test_no_email_arrives_twice(simulated: "Simulated") -> None:
    arrived = Counter(str(message["Message-ID"]) for message in simulated.environment.inbox.messages)
    assert set(arrived.values()) == {1}
    assert len(arrived) >= len(simulated.outbox)


def test_every_email_in_the_outbox_is_sent(simulated: "Simulated") -> None:
    assert {row["state"] for row in simulated.outbox} == {"sent"}
    assert {row["attempts"] for row in simulated.outbox} == {1}
