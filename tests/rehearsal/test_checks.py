"""The promise ledger: each check holds where its promise was kept, and finds it out where it was broken."""

from datetime import date, timedelta

import pytest

from rehearsal.checks.evidence import Evidence
from rehearsal.checks.ledger import with_promises
from rehearsal.checks.promises import PROMISES
from schemas.enums import ApplicationStatus, EmailKind, NotShown, Outcome, Recipient, Side, WindowStatus
from schemas.matching.proposals import SideAnswer
from schemas.rehearsal import QuarterRecord
from tests.rehearsal.breaking import (
    Breaking,
    add_email,
    agreed,
    before_kickoff,
    change,
    drop,
    gathered,
    in_sight_of,
    late_windows,
    moved,
    of_one_employer,
    on_pages,
    person,
    replaced,
    reported,
    reword,
    rewrite,
    second_mentee,
    unanswered,
    unasked,
    unseen,
    without_question,
)
from tests.rehearsal.recorded_class import KICKOFF, PROPOSED_AT
from tests.rehearsal.recorded_pairs import SECRET, THANKS
from tests.rehearsal.recorded_texts import CHOICES


def leaking(evidence: Evidence, text: str) -> Evidence:
    return evidence.model_copy(update={"leaked_to_temporal": (text,)})


def asking(evidence: Evidence, question: str) -> Evidence:
    """Let a mentor have asked something about the first proposal."""
    first, *others = evidence.pre_kickoff.proposals
    asked = first.model_copy(update={"mentor": first.mentor.model_copy(update={"question": question})})
    return gathered(proposals=(asked, *others))(evidence)


ROWS = {row.id: row for row in PROMISES}
ALIASES = {"B1": "A1", "B3": "A21", "B4": "A41", "B8": "A43"}
UNHEARD = CHOICES[1].model_copy(update={"mentorship": "mile-2019-001"})
ANSWERED = tuple(
    QuarterRecord(
        number=number, opens_on=KICKOFF, closes_on=KICKOFF, mentor=WindowStatus.MET, mentee=WindowStatus.UNANSWERED
    )
    for number in range(1, 7)
)

BROKEN: list[tuple[str, Breaking]] = [
    ("A1", change(2, id="other-002")),
    ("A1", gathered(earlier_page="")),
    ("A1", gathered(earlier_applications=())),
    ("A2", rewrite(EmailKind.APPLICATION_RECEIVED, text="We have your application.")),
    ("A2", change(1, mentor="A001")),
    ("A2", person("A001", "applications", status=ApplicationStatus.ACCEPTED)),
    ("A2", replaced("public_pages", "5 years", "some years")),
    ("A3", person("P03", "guests", attended=True)),
    ("A3", person("P01", "guests", attended=False)),
    ("A3", change(1, mentee="P03")),
    ("A3", change(1, mentee="P99")),
    ("A3", drop(EmailKind.WELCOME, "001")),
    ("A4", before_kickoff("pairs", criteria=())),
    ("A5", change(1, starts_on=KICKOFF + timedelta(days=1))),
    ("A5", person("P01", "guests", attended=None)),
    ("A5", person("M02", "guests", attended=True)),
    ("A6", change(1, ends_on=date(2020, 11, 11))),
    ("A6", change(5, ends_on=date(2020, 11, 10))),
    ("A6", change(1, outcome=Outcome.ENDED_EARLY)),
    ("A7", replaced("public_pages", "Applications are open.", "Applications for this class are closed.")),
    ("A7", unseen(3)),
    ("A8", without_question("follow_up-1", "new_role")),
    ("A8", on_pages("library profession a little stronger")),
    ("A9", without_question("closure_survey", "share_takeaway")),
    ("A9", in_sight_of(Side.MENTEE, "Listening is work, and I like it.", "mile-2019-001")),
    ("A10", unasked("self_assessment-3", Recipient.MENTOR)),
    ("A10", without_question("self_assessment-1", "communication")),
    ("A11", without_question("closure_survey", "again")),
    ("A11", add_email(EmailKind.MENTORS_NEEDED, "mile-2019/before-mile-2019.E02")),
    ("A11", add_email(EmailKind.MENTORS_NEEDED, "mile-2019/before-mile-2019.E04")),
    ("A12", without_question("closure_survey", "advice")),
    ("A12", on_pages("one thing you take away")),
    ("A13", unasked("self_assessment-2", Recipient.MENTEE)),
    ("A13", on_pages("no one to ask", "nobody near")),
    ("A13", unanswered("self_assessment-2", Side.MENTOR)),
    ("A14", without_question("check_in-1", "introductions")),
    ("A14", reword(EmailKind.CHECK_IN, "Who could you introduce?")),
    ("A14", unasked("check_in-4", Recipient.MENTOR)),
    ("A15", unasked("self_assessment-1", Recipient.MENTEE)),
    ("A15", without_question("self_assessment-1", "confidence")),
    ("A16", without_question("check_in-1", "opportunity")),
    ("A16", reword(EmailKind.CHECK_IN, "Scholarship for a leadership course")),
    ("A16", reword(EmailKind.CHECK_IN, "Questions?", "Scholarship for a leadership course")),
    ("A16", reported(sums=())),
    ("A16", lambda evidence: evidence.model_copy(update={"taken_up": {}})),
    ("A16", lambda evidence: evidence.model_copy(update={"choices": (UNHEARD,)})),
    ("A17", replaced("forms", 'name="role"', 'name="degree"')),
    ("A17", reported(people=())),
    ("A18", add_email(EmailKind.MENTORS_NEEDED, "mile-2019/before-mile-2019.F03")),
    ("A18", drop(EmailKind.MENTORS_NEEDED, ".F01")),
    ("A18", unasked("follow_up-2", Recipient.MENTEE)),
    ("A18", change(1, ends_on=date(2020, 10, 10))),
    ("A19", reported(people=())),
    ("A19", of_one_employer),
    ("A20", change(2, mentor="M09")),
    ("A20", rewrite(EmailKind.KICKOFF, calendar="")),
    ("A20", drop(EmailKind.KICKOFF, "P01")),
    ("A20", reword(EmailKind.KICKOFF, "You don’t have to come.")),
    ("A20", replaced("forms", 'value="unsure"', 'value="maybe"')),
    ("A21", reword(EmailKind.WELCOME, "Cohasset", "Deerwood")),
    ("A21", reword(EmailKind.WELCOME, "May 10", "May 11")),
    ("A22", change(1, quarters=())),
    ("A22", change(4, quarters=ANSWERED)),
    ("A22", late_windows),
    ("A22", reword(EmailKind.CHECK_IN, "“not yet” is a fine answer")),
    ("A23", before_kickoff("proposals", mentee=SideAnswer(), confirmed_at=None)),
    ("A23", before_kickoff("proposals", withdrawn_at=PROPOSED_AT)),
    ("A23", reword(EmailKind.PROPOSAL, "November 10", "November 9")),
    ("A23", reword(EmailKind.WELCOME, "2020", "2021")),
    ("A23", change(1, mentor="M04")),
    ("A24", reword(EmailKind.MEETING, "A topic for this meeting: networking", "A topic for this meeting: goals")),
    ("A25", second_mentee),
    ("A25", change(2, emails=())),
    ("A25", change(3, mentee="P07")),
    ("A25", change(3, predecessor=None)),
    ("A26", agreed(goal_1="")),
    ("A26", agreed(comment="")),
    ("A26", lambda evidence: change(1, agreement=evidence.record.mentorships[0].agreement[1:])(evidence)),
    ("A27", unasked("first_contact", Recipient.MENTOR)),
    ("A27", reword(EmailKind.WELCOME, "May 31", "June 30")),
    ("A27", drop(EmailKind.STAFF_DIGEST)),
    ("A28", moved("meeting", 20)),
    ("A29", reword(EmailKind.MEETING, "Skip it")),
    ("A29", agreed(meetings="3")),
    ("A30", without_question("agreement", "mentee_does")),
    ("A30", change(1, emails=())),
    ("A31", drop(EmailKind.STAFF_DIGEST)),
    ("A31", reword(EmailKind.STAFF_DIGEST, "No agreement", "No first contact")),
    ("A31", moved("agreement", 7)),
    ("A31", change(4, emails=())),
    ("A31", reported(agreement=None)),
    ("A32", without_question("meeting-1", "topics")),
    ("A32", on_pages("name=takeaway", "name=what_was_said", "meeting-1")),
    ("A33", reword(EmailKind.MEETING, "Lead a small team well.")),
    ("A34", in_sight_of(Side.MENTEE, SECRET, "mile-2019-005")),
    ("A34", reword(EmailKind.STAFF_DIGEST, "Ask both.", SECRET)),
    ("A34", lambda evidence: evidence.model_copy(update={"leaked_to_temporal": (SECRET,)})),
    ("A34", lambda evidence: evidence.model_copy(update={"leaked_to_temporal": ("Time.",)})),
    ("A34", lambda evidence: leaking(gathered(keep_apart={"P01": "Not my old chief."})(evidence), "Not my old chief.")),
    ("A34", lambda evidence: leaking(asking(evidence, "Is it far to Ely?"), "Is it far to Ely?")),
    ("A34", drop(EmailKind.STAFF_NOTE, "005")),
    ("A34", reword(EmailKind.CHECK_IN, "Who could you", "Your partner asked for a call. Who could you")),
    ("A34", on_pages("Who can see this", "All of this")),
    ("A35", replaced("forms", "challenges", "other")),
    ("A35", lambda evidence: reword(EmailKind.WELCOME, "> Calm.")(reword(EmailKind.PROPOSAL, "> Calm.")(evidence))),
    ("A35", drop(EmailKind.INTAKE)),
    ("A36", agreed(criticism="", goal_1="Lead a small team well.")),
    ("A36", without_question("agreement_review-1", "feedback_received")),
    ("A36", unanswered("agreement_review-2", Side.MENTEE)),
    ("A37", reword(EmailKind.MEETING, "one question")),
    ("A37", unasked("meeting-3", Recipient.MENTEE, 4)),
    ("A38", without_question("closure_survey", "new_ideas")),
    ("A39", reword(EmailKind.GRATITUDE, THANKS, "Thanks.")),
    ("A39", reword(EmailKind.FAREWELL, "certificate")),
    ("A39", on_pages("Download your certificate")),
    ("A40", unasked("involvement-1", Recipient.MENTEE)),
    ("A40", without_question("involvement-1", "where")),
    ("A40", reword(EmailKind.INVOLVEMENT, "A seat on the conference committee")),
    ("A41", rewrite(EmailKind.CHECK_IN, reply_to="nobody@example.org")),
    ("A41", reword(EmailKind.FOLLOW_UP, "next.contact@example.org", "chair@example.org")),
    ("A41", rewrite(EmailKind.STAFF_NOTE, sent_to="nobody@example.org")),
    ("A42", rewrite(EmailKind.INQUIRY, sent_to="nobody@example.org")),
    ("A42", rewrite(EmailKind.INQUIRY, text="A question.")),
    ("A42", drop(EmailKind.INQUIRY)),
    ("A43", reword(EmailKind.MEETING, "A topic for this meeting:", "Talk about")),
    ("A43", lambda evidence: evidence.model_copy(update={"guidance_page": "Where our tips come from"})),
    ("A43", on_pages("/guidance", "/")),
    ("A44", replaced("public_pages", "less alone", "fine", "front_page")),
    ("A44", replaced("public_pages", "Sugar Lake Lodge", "a lodge", "front_page")),
    ("A45", replaced("public_pages", "gratitude", "thanks", "front_page")),
    ("A45", replaced("forms", "Make the first contact", "Wait")),
    ("A45", replaced("forms", "new ideas", "old ideas")),
    ("B2", replaced("public_pages", "Mentors still needed: 2", "Mentors still needed: 3")),
    ("B2", drop(EmailKind.MENTORS_NEEDED)),
    ("B2", add_email(EmailKind.MENTORS_NEEDED, "mile-2019/before-mile-2019.E01")),
    ("B5", reword(EmailKind.WELCOME, "Sugar Lake Lodge", "Gunflint Hall")),
    ("B5", reword(EmailKind.CHECK_IN, "2019 Mentorship Program")),
    ("B6", lambda evidence: evidence.model_copy(update={"report_page": "<h2>What there was</h2>"})),
]


def judged(promise: str, evidence: Evidence) -> tuple[bool | None, str]:
    check = ROWS[promise].check
    assert check is not None
    verdict = check(evidence)
    return verdict.held, verdict.evidence


@pytest.mark.parametrize("promise", [row.id for row in PROMISES if row.check])
def test_promise_that_was_kept_is_seen_to_hold(promise: str, evidence: Evidence) -> None:
    held, why = judged(promise, evidence)
    assert held is True, why


@pytest.mark.parametrize(
    ("promise", "breaking"), [pytest.param(*each, id=f"{each[0]}-{place}") for place, each in enumerate(BROKEN)]
)
def test_promise_that_was_broken_is_found_out(promise: str, breaking: Breaking, evidence: Evidence) -> None:
    held, why = judged(promise, breaking(evidence))
    assert held is False, why


@pytest.mark.parametrize(
    ("promise", "table"),
    [
        ("A7", "applications"),
        ("A42", "applications"),
        ("B2", "applications"),
        ("A20", "session"),
        ("A2", "eligibility"),
    ],
)
def test_promise_of_a_table_the_cohort_leaves_out_is_not_judged(promise: str, table: str, evidence: Evidence) -> None:
    left_out = type(evidence.settings).model_fields[table].default
    settings = evidence.settings.model_copy(update={table: left_out})
    record = with_promises(evidence.model_copy(update={"settings": settings}))
    (row,) = [one for one in record.promises_not_shown if one.id == promise]
    assert row.reason is NotShown.LEFT_OUT


def test_every_check_was_seen_to_fail() -> None:
    assert {ALIASES.get(row.id, row.id) for row in PROMISES if row.check} == {promise for promise, _ in BROKEN}


def test_ledger_has_53_promises_and_at_most_three_that_no_rehearsal_can_show(evidence: Evidence) -> None:
    record = with_promises(evidence)
    told = [one.id for one in record.promises] + [one.id for one in record.promises_not_shown]
    expected = {f"A{number}" for number in range(1, 46)} | {f"B{number}" for number in range(1, 9)}
    assert sorted(told) == sorted(ROWS) == sorted(expected)
    assert [one.reason for one in record.promises_not_shown] == [NotShown.CANNOT_BE_SHOWN]
    assert all(one.why for one in record.promises_not_shown)


def test_where_nobody_was_played_nothing_is_held(evidence: Evidence) -> None:
    nobody = evidence.record.model_copy(update={"mentorships": ()})
    empty = Evidence(record=nobody, settings=evidence.settings)
    record = with_promises(empty)
    assert not [one.id for one in record.promises if one.held]
    assert all(one.why for one in record.promises_not_shown)
