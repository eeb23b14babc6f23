"""Every email a mentorship owes its people is sent, and none twice: the outbox held against the record."""

import json
from collections import Counter
from typing import TYPE_CHECKING

from schemas.rehearsal import MentorshipPlayed
from schemas.words import MilestoneKind, Recipient

if TYPE_CHECKING:
    from tests.journey.conftest import Played

Asked = tuple[str, str, int, str]


def _asked(played: "Played", mentorship: MentorshipPlayed) -> list[Asked]:
    """Every ask of every email the plan foresaw: to whom, about what, the how-manieth time, in which window's email."""
    rows = [row for row in played.outbox if row["scope_id"] == mentorship.id and row["automatic"]]
    return [
        (row["recipient"], ask["milestone"], ask["occurrence"], row["due_at"].date().isoformat()[:7])
        for row in rows
        for ask in json.loads(row["asks"])
    ]


def test_everybody_was_asked_about_all_that_was_due_to_them(played: "Played") -> None:
    owed = 0
    for mentorship in played.record.mentorships:
        asked = {(to, milestone) for to, milestone, _, _ in _asked(played, mentorship)}
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


def test_nothing_is_asked_twice(played: "Played") -> None:
    for mentorship in played.record.mentorships:
        assert [ask for ask, times in Counter(_asked(played, mentorship)).items() if times > 1] == []


def test_nobody_who_has_answered_is_reminded(played: "Played") -> None:
    reminders = 0
    for mentorship in played.record.mentorships:
        first: dict[tuple[str, str], object] = {}
        for row in played.responses:
            if row["mentorship_id"] == mentorship.id and row["form"] != MilestoneKind.AGREEMENT:
                first.setdefault((row["side"], row["milestone"]), row["received_at"])
        for row in played.outbox:
            if row["scope_id"] != mentorship.id or not row["automatic"] or row["recipient"] == Recipient.STAFF:
                continue
            for ask in json.loads(row["asks"]):
                answered_at = first.get((row["recipient"], ask["milestone"]))
                reminders += ask["occurrence"] > 0
                assert answered_at is None or answered_at > row["due_at"], row["key"]
    assert reminders > 50


def test_no_email_arrives_twice(played: "Played") -> None:
    arrived = Counter(str(message["Message-ID"]) for message in played.stage.letters.arrived)
    assert set(arrived.values()) == {1}
    assert len(arrived) >= len(played.outbox)


def test_every_email_in_the_outbox_is_sent(played: "Played") -> None:
    assert {row["state"] for row in played.outbox} == {"sent"}
    assert {row["attempts"] for row in played.outbox} == {1}
