"""The promise ledger: each check holds where its promise was kept, and finds it out where it was broken."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from domain.cohort.campaigns import planned_campaigns
from rehearsal.checks.evidence import Evidence
from rehearsal.checks.ledger import with_promises
from rehearsal.checks.promises import PROMISES
from schemas.enums import CampaignKind, EmailKind, Recipient, Side
from schemas.matching.proposals import SideAnswer
from schemas.rehearsal import ChangeRecord, MentorshipRecord
from tests.rehearsal.recorded_class import KICKOFF, PROPOSED_AT

Breaking = Callable[[Evidence], Evidence]
ROWS = {row.id: row for row in PROMISES}


def change(number: int, **different: Any) -> Breaking:
    """Return what changes one mentorship of the record."""

    def broken(evidence: Evidence) -> Evidence:
        played = list(evidence.record.mentorships)
        played[number] = played[number].model_copy(update=different)
        return evidence.model_copy(update={"record": evidence.record.model_copy(update={"mentorships": tuple(played)})})

    return broken


def rewrite(kind: EmailKind, **different: Any) -> Breaking:
    """Return a function that changes every email of a kind."""

    def broken(evidence: Evidence) -> Evidence:
        emails = tuple(each.model_copy(update=different) if each.kind is kind else each for each in evidence.emails)
        return evidence.model_copy(update={"emails": emails})

    return broken


def drop(kind: EmailKind) -> Breaking:
    return lambda evidence: evidence.model_copy(
        update={"emails": tuple(each for each in evidence.emails if each.kind is not kind)}
    )


def without_link_to_sources(evidence: Evidence) -> Evidence:
    pages = tuple(page.model_copy(update={"html": page.html.replace("/guidance", "/")}) for page in evidence.pages)
    return evidence.model_copy(update={"pages": pages})


def without(milestone: str, question: str) -> Breaking:
    """Return what takes a question from the pages of a milestone."""

    def broken(evidence: Evidence) -> Evidence:
        pages = tuple(
            page.model_copy(update={"html": page.html.replace(f'name="{question}"', 'name="other"')})
            if page.milestone == milestone
            else page
            for page in evidence.pages
        )
        return evidence.model_copy(update={"pages": pages})

    return broken


def unasked(milestone: str, to: Recipient) -> Breaking:
    """Return what takes a milestone from all that one side of the first mentorship was asked."""

    def broken(evidence: Evidence) -> Evidence:
        first = evidence.record.mentorships[0]
        emails = tuple(
            email.model_copy(update={"asks": tuple(ask for ask in email.asks if ask != milestone)})
            if email.to is to
            else email
            for email in first.emails
        )
        return change(0, emails=emails)(evidence)

    return broken


def agreed(**contents: str) -> Breaking:
    return lambda evidence: evidence.model_copy(
        update={"agreements": tuple(each.model_copy(update={"contents": contents}) for each in evidence.agreements)}
    )


def in_sight_of(side: Side, words: str) -> Breaking:
    def broken(evidence: Evidence) -> Evidence:
        pages = tuple(
            page.model_copy(update={"html": page.html + words}) if page.side is side else page
            for page in evidence.pages
        )
        return evidence.model_copy(update={"pages": pages})

    return broken


def moved_meetings(evidence: Evidence) -> Evidence:
    first = evidence.record.mentorships[0]
    moved = tuple(
        due.model_copy(update={"closes_on": due.closes_on + timedelta(days=20)}) if due.id == "meeting-2" else due
        for due in first.milestones
    )
    return change(0, milestones=moved)(evidence)


def windows_a_week_late(evidence: Evidence) -> Evidence:
    late = tuple(
        quarter.model_copy(update={"closes_on": quarter.closes_on + timedelta(days=7)})
        for quarter in evidence.record.mentorships[0].quarters
    )
    return change(0, quarters=late)(evidence)


def lost_a_version(evidence: Evidence) -> Evidence:
    second = evidence.record.mentorships[0].agreement[0].model_copy(update={"version": 2})
    return change(0, agreement=(second,))(evidence)


def unseen(evidence: Evidence, number: int) -> Evidence:
    """Leave out one look at the public page."""
    public_pages = tuple(page for place, page in enumerate(evidence.pre_kickoff.public_pages) if place != number)
    return evidence.model_copy(
        update={"pre_kickoff": evidence.pre_kickoff.model_copy(update={"public_pages": public_pages})}
    )


def one_more(evidence: Evidence) -> Evidence:
    """Give the first mentor a second mentee at the same time."""
    first: MentorshipRecord = evidence.record.mentorships[0]
    twice = first.model_copy(update={"id": "mile-2019-004", "mentee": "P09"})
    return evidence.model_copy(
        update={"record": evidence.record.model_copy(update={"mentorships": (*evidence.record.mentorships, twice)})}
    )


def of_gathered(what: str, **different: Any) -> Breaking:
    """Return what changes all that was kept of one thing before the kickoff."""

    def broken(evidence: Evidence) -> Evidence:
        changed = tuple(each.model_copy(update=different) for each in getattr(evidence.pre_kickoff, what))
        return evidence.model_copy(update={"pre_kickoff": evidence.pre_kickoff.model_copy(update={what: changed})})

    return broken


def replaced(what: str, old: str, new: str) -> Breaking:
    """Return what changes words of pages that were seen before the kickoff."""

    def broken(evidence: Evidence) -> Evidence:
        pages = tuple(
            page.model_copy(update={"html": page.html.replace(old, new)})
            for page in getattr(evidence.pre_kickoff, what)
        )
        return evidence.model_copy(update={"pre_kickoff": evidence.pre_kickoff.model_copy(update={what: pages})})

    return broken


def written_to_past_mentors(evidence: Evidence) -> Evidence:
    """Have somebody written to in a weekly round, though there were enough mentors by then."""
    round_ = next(each for each in planned_campaigns(evidence.settings) if each.kind is CampaignKind.RECRUITING)
    late = next(evidence.emails_of(EmailKind.PROPOSAL)).model_copy(
        update={"kind": EmailKind.MENTORS_NEEDED, "at": round_.at}
    )
    return evidence.model_copy(update={"emails": (*evidence.emails, late)})


def of_one_employer(evidence: Evidence) -> Evidence:
    """Have everybody work for the same library, in their own spelling."""
    applications = tuple(
        each.model_copy(update={"person": each.person.model_copy(update={"library": "Saint Croix Library"})})
        for each in evidence.pre_kickoff.applications
    )
    return evidence.model_copy(
        update={"pre_kickoff": evidence.pre_kickoff.model_copy(update={"applications": applications})}
    )


def reported(**different: Any) -> Breaking:
    """Return what changes the closing report."""

    def broken(evidence: Evidence) -> Evidence:
        assert evidence.report
        return evidence.model_copy(update={"report": evidence.report.model_copy(update=different)})

    return broken


SECRET = "Between us, said M01: keep at it."

BROKEN: list[tuple[str, Breaking]] = [
    ("A2", rewrite(EmailKind.APPLICATION_RECEIVED, text="We have your application.")),
    ("A2", change(0, mentor="A001")),
    ("A2", replaced("public_pages", "You have worked in libraries", "You are famous")),
    ("A3", of_gathered("guests", attended=False)),
    ("A3", change(0, mentee="P99")),
    ("A5", change(0, starts_on=KICKOFF + timedelta(days=1))),
    ("A5", change(1, mentee="P99")),
    ("A5", change(1, mentor="M03")),
    ("A7", replaced("public_pages", "Applications are open.", "Applications for this class are closed.")),
    ("A7", lambda evidence: unseen(evidence, 3)),
    ("A17", replaced("forms", 'name="role"', 'name="degree"')),
    ("A17", reported(people=())),
    ("A19", reported(people=())),
    ("A19", of_one_employer),
    ("A20", change(0, mentee="P99")),
    ("A20", rewrite(EmailKind.KICKOFF, calendar="")),
    ("A20", drop(EmailKind.KICKOFF)),
    ("A23", of_gathered("proposals", mentee=SideAnswer(), confirmed_at=None)),
    ("A23", of_gathered("proposals", withdrawn_at=PROPOSED_AT)),
    ("A23", rewrite(EmailKind.PROPOSAL, text="For a while.")),
    ("A35", rewrite(EmailKind.STAFF_NOTE, key="mile-2019/staff_note/call_requested-check_in-1-mentor/staff/0")),
    ("A35", replaced("forms", "challenges", "other")),
    ("A35", rewrite(EmailKind.PROPOSAL, text="Lead a small team well. Time.")),
    ("A42", rewrite(EmailKind.INQUIRY, sent_to="nobody@example.org")),
    ("A42", rewrite(EmailKind.INQUIRY, text="A question.")),
    ("A42", drop(EmailKind.INQUIRY)),
    ("B2", replaced("public_pages", "Mentors still needed: 2", "Mentors still needed: 3")),
    ("B2", written_to_past_mentors),
    ("B6", reported(items=())),
    ("A6", change(0, ends_on=date(2020, 11, 11))),
    ("A6", change(0, changes=(ChangeRecord(change="extend", months=1),))),
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
    ("A28", moved_meetings),
    ("A29", rewrite(EmailKind.MEETING, text="You must.")),
    ("A30", without("agreement", "mentee_does")),
    ("A30", change(0, emails=())),
    ("A31", drop(EmailKind.STAFF_DIGEST)),
    ("A32", without("meeting-1", "topics")),
    ("A33", rewrite(EmailKind.MEETING, text="Skip it.")),
    ("A34", in_sight_of(Side.MENTEE, SECRET)),
    ("A34", lambda evidence: evidence.model_copy(update={"leaked_to_temporal": (SECRET,)})),
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
    ("A43", lambda evidence: evidence.model_copy(update={"guidance_page": "Where our tips come from"})),
    ("A43", without_link_to_sources),
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


@pytest.mark.parametrize(("promise", "table"), [("A7", "applications"), ("A20", "session"), ("A2", "eligibility")])
def test_promise_of_a_table_the_cohort_leaves_out_is_not_judged(promise: str, table: str, evidence: Evidence) -> None:
    left_out = type(evidence.settings).model_fields[table].default
    settings = evidence.settings.model_copy(update={table: left_out})
    check = ROWS[promise].check
    assert check is not None
    assert check(evidence.model_copy(update={"settings": settings})).held is None


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
