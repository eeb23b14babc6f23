"""The mentorships of a recorded class, their emails and answers.

M01 and P01 agree after a negotiation and complete; M02 leaves P02, who goes on with M03; M05 and P05 never answer;
P06 has a pause with M06, who asks for a call.
"""

from datetime import date, datetime, timedelta
from itertools import pairwise

from domain.calendar import months_after
from rehearsal.checks.evidence import AgreementEvidence, ResponseEvidence, kind_of
from schemas.enums import EmailKind, MilestoneKind, Outcome, Recipient, Side, WindowStatus
from schemas.personas import Persona, PersonaScript
from schemas.rehearsal import (
    AgreementVersionRecord,
    ChangeRecord,
    EmailRecord,
    MentorshipRecord,
    MilestoneRecord,
    QuarterRecord,
    RehearsalRecord,
)
from tests.rehearsal.recorded_class import KICKOFF, LOCAL
from tests.rehearsal.recorded_texts import ENDS_ON, GOAL, at

AGREED_AT = datetime(2019, 5, 22, 10, tzinfo=LOCAL)
CALLED_AT = datetime(2019, 8, 1, 10, tzinfo=LOCAL)
LEFT_ON = date(2019, 10, 2)
PAUSED_FROM, PAUSED_UNTIL = date(2020, 1, 6), date(2020, 3, 6)
SECRET = "Between us, said M06: keep at it."
THANKS = "Thank you for every question."
PERSONAS = {
    "M01": PersonaScript(persona=Persona.MONTHLY),
    "P01": PersonaScript(persona=Persona.NEGOTIATES),
    "M02": PersonaScript(persona=Persona.LEAVES, starts_on=LEFT_ON),
    "P03": PersonaScript(persona=Persona.ABSENT),
    "M04": PersonaScript(persona=Persona.DECLINES),
    "M05": PersonaScript(persona=Persona.SILENT),
    "P05": PersonaScript(persona=Persona.SCANNER),
    "M06": PersonaScript(persona=Persona.ASKS_FOR_CALL),
    "P06": PersonaScript(persona=Persona.PAUSES, starts_on=PAUSED_FROM, ends_on=PAUSED_UNTIL - timedelta(days=1)),
}
CONTENTS = {
    "goal_1": f"{GOAL} Between us, said P01 once.",
    "comment": "Between us, said M01 once.",
    "meetings": "1",
    "goal_updates": "3",
    "criticism": "yes",
}
ASKED = (
    ("welcome", 0, ("first_contact",)),
    ("agreement", 10, ("agreement", "self_assessment-1")),
    ("agreement", 38, ("agreement",)),
    ("agreed", 12, ("agreement",)),
    *(("meeting", 84 + 90 * number, (f"meeting-{number + 1}",)) for number in range(6)),
    *(("check_in", 71 + 91 * number, (f"check_in-{number + 1}",)) for number in range(6)),
    ("self_assessment", 262, ("self_assessment-2",)),
    ("involvement", 345, ("involvement-1",)),
    ("closure_survey", 530, ("closure_survey", "self_assessment-3")),
    ("farewell", 552, ("farewell",)),
    ("follow_up", 643, ("follow_up-1",)),
    ("follow_up", 735, ("follow_up-2",)),
)
ANSWERED = (
    *(f"check_in-{number}" for number in range(1, 7)),
    *(f"self_assessment-{number}" for number in range(1, 4)),
    *(f"{kind}-{number}" for kind in ("follow_up", "agreement_review") for number in (1, 2)),
    "involvement-1",
    "closure_survey",
)


def _emails(mentorship: str, later: timedelta = timedelta()) -> tuple[EmailRecord, ...]:
    return tuple(
        EmailRecord(
            key=f"{mentorship}/{kind}/{asks[0]}@{days}/{to}/0",
            kind=EmailKind(kind),
            to=to,
            automatic=True,
            at=at(KICKOFF + timedelta(days=days) + later),
            subject=kind,
            state="sent",
            asks=asks,
        )
        for kind, days, asks in ASKED
        for to in (Recipient.MENTOR, Recipient.MENTEE)
    )


def milestone(kind: MilestoneKind, number: int, closes_on: date, silent: tuple[Side, ...] = ()) -> MilestoneRecord:
    """Return something that was due to both sides and closed."""
    return MilestoneRecord(
        id=f"{kind}-{number}" if number else kind,
        kind=kind,
        asked=(Side.MENTOR, Side.MENTEE),
        opens_on=closes_on - timedelta(days=21),
        closes_on=closes_on,
        closed=True,
        silent=silent,
    )


def _completed(number: int, mentor: str, mentee: str, status: WindowStatus = WindowStatus.MET) -> MentorshipRecord:
    ends = [months_after(KICKOFF, 3 * quarter) for quarter in range(7)]
    return MentorshipRecord(
        id=f"mile-2019-{number:03}",
        mentor=mentor,
        mentee=mentee,
        score=9000,
        outcome=Outcome.COMPLETED,
        starts_on=KICKOFF,
        ends_on=ENDS_ON,
        quarters=tuple(
            QuarterRecord(number=quarter, opens_on=first, closes_on=last, mentor=status, mentee=status)
            for quarter, (first, last) in enumerate(pairwise(ends), start=1)
        ),
        emails=_emails(f"mile-2019-{number:03}"),
        responses=(),
        runs=7,
        events=900,
        actions=200,
        milestones=(milestone(MilestoneKind.AGREEMENT, 0, KICKOFF + timedelta(days=42)),),
    )


def _negotiated() -> MentorshipRecord:
    drafts = [
        AgreementVersionRecord(version=number, written_by=Side.MENTEE, at=AGREED_AT - timedelta(days=3 - number))
        for number in (1, 2)
    ]
    final = AgreementVersionRecord(
        version=3, written_by=Side.MENTOR, at=AGREED_AT, mentor_agreed_at=AGREED_AT, mentee_agreed_at=AGREED_AT
    )
    first = _completed(1, "M01", "P01")
    meetings = (milestone(MilestoneKind.MEETING, number, months_after(KICKOFF, number)) for number in (1, 2, 3, 4))
    return first.model_copy(update={"agreement": (*drafts, final), "milestones": (*first.milestones, *meetings)})


def _withdrawn() -> MentorshipRecord:
    whole = _completed(2, "M02", "P02")
    farewell = (email.model_copy(update={"at": at(LEFT_ON)}) for email in whole.emails if email.kind == "farewell")
    return whole.model_copy(
        update={
            "outcome": Outcome.MENTOR_WITHDREW,
            "ends_on": LEFT_ON,
            "quarters": whole.quarters[:1],
            "emails": (*(email for email in whole.emails if email.kind == "welcome"), *farewell),
            "successor": "mile-2019-003",
            "changes": (ChangeRecord(change="replace", mentor="M03"),),
        }
    )


def _successor() -> MentorshipRecord:
    whole = _completed(3, "M03", "P02")
    emails = tuple(
        email.model_copy(update={"at": at(LEFT_ON)}) if email.kind is EmailKind.WELCOME else email
        for email in whole.emails
        if email.at.date() >= LEFT_ON or email.kind is EmailKind.WELCOME
    )
    return whole.model_copy(
        update={"starts_on": LEFT_ON, "emails": _without_agreed(emails), "predecessor": "mile-2019-002"}
    )


def _silent() -> MentorshipRecord:
    whole = _completed(4, "M05", "P05", WindowStatus.UNANSWERED)
    due = milestone(MilestoneKind.AGREEMENT, 0, KICKOFF + timedelta(days=42), (Side.MENTOR, Side.MENTEE))
    return whole.model_copy(update={"milestones": (due,), "emails": _without_agreed(whole.emails)})


def _paused() -> MentorshipRecord:
    length = PAUSED_UNTIL - PAUSED_FROM
    whole = _completed(5, "M06", "P06")
    emails = tuple(
        email.model_copy(update={"at": email.at + length}) if email.at.date() >= PAUSED_FROM else email
        for email in whole.emails
    )
    return whole.model_copy(
        update={
            "ends_on": ENDS_ON + length,
            "emails": _without_agreed(emails),
            "changes": (ChangeRecord(change="pause", from_on=PAUSED_FROM, until_on=PAUSED_UNTIL),),
        }
    )


def _without_agreed(emails: tuple[EmailRecord, ...]) -> tuple[EmailRecord, ...]:
    return tuple(email for email in emails if email.kind is not EmailKind.AGREED)


def record() -> RehearsalRecord:
    """Return the record of the whole play."""
    return RehearsalRecord(
        cohort="mile-2019",
        seed=1,
        kickoff_on=KICKOFF,
        seconds=1,
        people={"mentors": 6, "participants": 5},
        unmatched=(),
        mentorships=(_negotiated(), _withdrawn(), _successor(), _silent(), _paused()),
        staff_emails=(),
    )


def answer(mentorship: str, milestone_id: str, side: Side, moment: datetime, **answers: str) -> ResponseEvidence:
    """Return one response."""
    return ResponseEvidence(
        mentorship=mentorship,
        milestone=milestone_id,
        kind=kind_of(milestone_id),
        side=side,
        at=moment,
        answers=answers,
    )


def answers() -> tuple[ResponseEvidence, ...]:
    """Return all that was answered: by M01 and P01 everything, by M06 a wish for a call with a note."""
    both = [answer("mile-2019-001", each, side, CALLED_AT, satisfaction="4") for each in ANSWERED for side in Side]
    called = {"call_requested": "yes", "note_to_self": SECRET}
    return (
        *both,
        answer("mile-2019-001", "meeting-1", Side.MENTEE, CALLED_AT, topics="career"),
        answer("mile-2019-001", "closure_survey", Side.MENTOR, CALLED_AT, takeaway="Listening is work, and I like it."),
        answer("mile-2019-001", "thanks-1", Side.MENTEE, CALLED_AT, text=THANKS),
        answer("mile-2019-005", "check_in-1", Side.MENTOR, CALLED_AT, **called),
        answer("mile-2019-005", "check_in-2", Side.MENTEE, CALLED_AT, opportunity="yes"),
    )


def agreements() -> tuple[AgreementEvidence, ...]:
    """Return the contents of the agreement in force."""
    return (AgreementEvidence(mentorship="mile-2019-001", version=3, contents=CONTENTS, in_force_since=AGREED_AT),)
