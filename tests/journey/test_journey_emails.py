"""Every email the plan demands is sent, and none twice: the outbox held against ``timeline.plan``."""

import json
from collections import Counter
from typing import TYPE_CHECKING

from domain.terms import terms_of
from domain.timeline import plan
from schemas.mentorship import Plan
from schemas.words import MilestoneKind, Recipient, Side

if TYPE_CHECKING:
    from tests.journey.conftest import Played

Sent = tuple[str, str, int]


def _plan(played: "Played", mentorship: str) -> Plan:
    terms = terms_of(played.folder.settings, mentorship)
    return plan(terms, min(row["due_at"] for row in played.outbox))


def _answered(played: "Played", mentorship: str, milestone: str, sides: tuple[Side, ...]) -> list[object]:
    return [
        row["received_at"]
        for row in played.responses
        if row["mentorship_id"] == mentorship and row["milestone"] == milestone and row["side"] in sides
    ]


def _demanded(played: "Played", mentorship: str) -> set[tuple[str, str, int, object]]:
    """Every ask of every planned email that nobody had answered when it was due, written out once more by hand."""
    drawn_up = _plan(played, mentorship)
    demanded: set[tuple[str, str, int, object]] = set()
    for email in drawn_up.emails:
        for ask in email.asks:
            milestone = drawn_up.milestone(ask.milestone)
            either = milestone.kind is MilestoneKind.FIRST_CONTACT
            sides = tuple(Side) if either else (Side(email.to),)
            if not any(at < email.at for at in _answered(played, mentorship, milestone.id, sides)):  # type: ignore[operator]
                demanded.add((email.to.value, ask.milestone, ask.occurrence, email.at))
    return demanded


def test_every_demanded_email_is_sent_and_nothing_else(played: "Played") -> None:
    for mentorship in played.record.mentorships:
        rows = [r for r in played.outbox if r["scope_id"] == mentorship.id and r["recipient"] != Recipient.STAFF]
        asked = {
            (row["recipient"], ask["milestone"], ask["occurrence"], row["due_at"])
            for row in rows
            for ask in json.loads(row["asks"])
        }
        assert asked == _demanded(played, mentorship.id)


def test_the_plan_of_a_rehearsal_is_not_empty(played: "Played") -> None:
    assert sum(len(_demanded(played, mentorship.id)) for mentorship in played.record.mentorships) > 200


def test_no_email_arrives_twice(played: "Played") -> None:
    arrived = Counter(str(message["Message-ID"]) for message in played.stage.letters.arrived)
    assert set(arrived.values()) == {1}
    assert len(arrived) >= len(played.outbox)


def test_every_email_in_the_outbox_is_sent(played: "Played") -> None:
    assert {row["state"] for row in played.outbox} == {"sent"}
    assert {row["attempts"] for row in played.outbox} == {1}
