"""The promise ledger: each check holds where its promise was kept, and finds it out where it was broken."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from rehearsal.promises.evidence import Evidence
from rehearsal.promises.ledger import with_promises
from rehearsal.promises.rows import PROMISES
from schemas.rehearsal import ChangePlayed, MentorshipPlayed
from schemas.words import EmailKind, Recipient, Side

Breaking = Callable[[Evidence], Evidence]
ROWS = {row.id: row for row in PROMISES}


def change(number: int, **different: Any) -> Breaking:
    """Return what changes one mentorship of the record."""

    def broken(seen: Evidence) -> Evidence:
        played = list(seen.record.mentorships)
        played[number] = played[number].model_copy(update=different)
        return seen.model_copy(update={"record": seen.record.model_copy(update={"mentorships": tuple(played)})})

    return broken


def rewrite(kind: EmailKind, **different: Any) -> Breaking:
    """Return what changes every letter of a kind."""

    def broken(seen: Evidence) -> Evidence:
        letters = tuple(each.model_copy(update=different) if each.kind is kind else each for each in seen.letters)
        return seen.model_copy(update={"letters": letters})

    return broken


def drop(kind: EmailKind) -> Breaking:
    return lambda seen: seen.model_copy(
        update={"letters": tuple(each for each in seen.letters if each.kind is not kind)}
    )


def without(milestone: str, question: str) -> Breaking:
    """Return what takes a question from the pages of a milestone."""

    def broken(seen: Evidence) -> Evidence:
        pages = tuple(
            page.model_copy(update={"html": page.html.replace(f'name="{question}"', 'name="other"')})
            if page.milestone == milestone
            else page
            for page in seen.pages
        )
        return seen.model_copy(update={"pages": pages})

    return broken


def unasked(milestone: str, to: Recipient) -> Breaking:
    """Return what takes a milestone from all that one side of the first mentorship was asked."""

    def broken(seen: Evidence) -> Evidence:
        first = seen.record.mentorships[0]
        emails = tuple(
            email.model_copy(update={"asks": tuple(ask for ask in email.asks if ask != milestone)})
            if email.to is to
            else email
            for email in first.emails
        )
        return change(0, emails=emails)(seen)

    return broken


def agreed(**contents: str) -> Breaking:
    return lambda seen: seen.model_copy(
        update={"agreements": tuple(each.model_copy(update={"contents": contents}) for each in seen.agreements)}
    )


def in_sight_of(side: Side, words: str) -> Breaking:
    def broken(seen: Evidence) -> Evidence:
        pages = tuple(
            page.model_copy(update={"html": page.html + words}) if page.side is side else page for page in seen.pages
        )
        return seen.model_copy(update={"pages": pages})

    return broken


def moved_meetings(seen: Evidence) -> Evidence:
    first = seen.record.mentorships[0]
    moved = tuple(
        due.model_copy(update={"closes_on": due.closes_on + timedelta(days=20)}) if due.id == "meeting-2" else due
        for due in first.milestones
    )
    return change(0, milestones=moved)(seen)


def windows_a_week_late(seen: Evidence) -> Evidence:
    late = tuple(
        quarter.model_copy(update={"closes_on": quarter.closes_on + timedelta(days=7)})
        for quarter in seen.record.mentorships[0].quarters
    )
    return change(0, quarters=late)(seen)


def lost_a_version(seen: Evidence) -> Evidence:
    second = seen.record.mentorships[0].agreement[0].model_copy(update={"version": 2})
    return change(0, agreement=(second,))(seen)


def one_more(seen: Evidence) -> Evidence:
    """Give the first mentor a second mentee at the same time."""
    first: MentorshipPlayed = seen.record.mentorships[0]
    twice = first.model_copy(update={"id": "mile-2019-004", "mentee": "P09"})
    return seen.model_copy(
        update={"record": seen.record.model_copy(update={"mentorships": (*seen.record.mentorships, twice)})}
    )


SECRET = "Between us, said M01: keep at it."

BROKEN: list[tuple[str, Breaking]] = [
    ("A6", change(0, ends_on=date(2020, 11, 11))),
    ("A6", change(0, changes=(ChangePlayed(change="extend", months=1),))),
    ("A8", without("follow_up-1", "new_role")),
    ("A9", without("closure_survey", "share_takeaway")),
    ("A10", unasked("self_assessment-3", Recipient.MENTOR)),
    ("A10", without("self_assessment-1", "communication")),
    ("A11", without("closure_survey", "again")),
    ("A12", without("closure_survey", "advice")),
    ("A13", unasked("self_assessment-2", Recipient.MENTEE)),
    ("A14", without("check_in-1", "introductions")),
    ("A15", unasked("self_assessment-1", Recipient.MENTEE)),
    ("A16", without("check_in-1", "opportunity")),
    ("A18", unasked("follow_up-2", Recipient.MENTEE)),
    ("A21", rewrite(EmailKind.WELCOME, text="Somewhere else.")),
    ("A22", change(0, quarters=())),
    ("A22", windows_a_week_late),
    ("A23", rewrite(EmailKind.WELCOME, text="It ends one day.")),
    ("A24", rewrite(EmailKind.MEETING, asks=("meeting-2",))),
    ("A25", one_more),
    ("A25", change(1, emails=())),
    ("A25", change(2, mentee="P07")),
    ("A26", lost_a_version),
    ("A26", agreed(meetings="2", goal_updates="3")),
    ("A27", unasked("first_contact", Recipient.MENTOR)),
    ("A27", lambda seen: seen.model_copy(update={"agreements": ()})),
    ("A28", moved_meetings),
    ("A29", rewrite(EmailKind.MEETING, text="You must.")),
    ("A30", without("agreement", "mentee_does")),
    ("A30", change(0, emails=())),
    ("A31", drop(EmailKind.STAFF_DIGEST)),
    ("A32", without("meeting-1", "topics")),
    ("A33", rewrite(EmailKind.MEETING, text="Skip it.")),
    ("A34", in_sight_of(Side.MENTEE, SECRET)),
    ("A34", lambda seen: seen.model_copy(update={"said_to_engine": (SECRET,)})),
    ("A34", drop(EmailKind.STAFF_NOTE)),
    ("A34", rewrite(EmailKind.CHECK_IN, text="Your partner asked for a call.")),
    ("A36", agreed(goal_1="Lead.", meetings="2", goal_updates="3")),
    ("A37", rewrite(EmailKind.MEETING, text="Skip it.")),
    ("A38", without("closure_survey", "new_ideas")),
    ("A39", rewrite(EmailKind.GRATITUDE, text="Thanks.")),
    ("A39", unasked("farewell", Recipient.MENTOR)),
    ("A40", unasked("involvement-1", Recipient.MENTEE)),
    ("A41", rewrite(EmailKind.CHECK_IN, reply_to="nobody@example.org")),
    ("A43", rewrite(EmailKind.MEETING, text="Do this.")),
]


@pytest.mark.parametrize("promise", [row.id for row in PROMISES if row.check])
def test_promise_that_was_kept_is_seen_to_hold(promise: str, evidence: Evidence) -> None:
    check = ROWS[promise].check
    assert check is not None
    finding = check(evidence)
    assert finding.held is True, finding.evidence


@pytest.mark.parametrize(("promise", "breaking"), BROKEN)
def test_promise_that_was_broken_is_found_out(promise: str, breaking: Breaking, evidence: Evidence) -> None:
    check = ROWS[promise].check
    assert check is not None
    finding = check(breaking(evidence))
    assert finding.held is False, finding.evidence


def test_every_check_was_seen_to_fail() -> None:
    aliases = {"B3": "A21", "B4": "A41", "B8": "A43"}
    assert {aliases.get(row.id, row.id) for row in PROMISES if row.check} == {promise for promise, _ in BROKEN}


def test_ledger_has_each_promise_once_and_says_why_where_nothing_is_shown(evidence: Evidence) -> None:
    record = with_promises(evidence)
    told = [one.id for one in record.promises] + [one.id for one in record.promises_not_shown]
    assert sorted(told) == sorted(ROWS)
    assert len(told) == 51
    assert all(one.why for one in record.promises_not_shown)


def test_where_nobody_was_played_nothing_is_held(evidence: Evidence) -> None:
    nobody = evidence.record.model_copy(update={"mentorships": ()})
    empty = Evidence(record=nobody, settings=evidence.settings)
    record = with_promises(empty)
    assert record.promises == ()
    assert all(one.why for one in record.promises_not_shown)
