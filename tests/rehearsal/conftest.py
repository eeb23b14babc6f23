"""The evidence of a rehearsal of two pairs: one completes its mentorship, the other's mentor withdraws."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import months_after
from domain.formatting import format_weekday
from emails.guidance import TOPICS, guidance, names
from rehearsal.checks.evidence import AgreementEvidence, EmailEvidence, Evidence, ResponseEvidence, kind_of
from rehearsal.pages_seen import PageSeen
from schemas.cohort.settings import CohortSettings
from schemas.enums import EmailKind, MilestoneKind, Outcome, Recipient, Side, WindowStatus
from schemas.rehearsal import (
    AgreementVersionRecord,
    ChangeRecord,
    EmailRecord,
    MentorshipRecord,
    MilestoneRecord,
    QuarterRecord,
    RehearsalRecord,
)
from tests.rehearsal.recorded_class import SETTINGS, emails_before_kickoff, pre_kickoff, report

LOCAL = ZoneInfo("America/Chicago")
KICKOFF = date(2019, 5, 10)
ENDS_ON = date(2020, 11, 10)
AGREED_AT = datetime(2019, 5, 22, 10, tzinfo=LOCAL)
CALLED_AT = datetime(2019, 8, 1, 10, tzinfo=LOCAL)
SECRET = "Between us, said M01: keep at it."
THANKS = "Thank you for every question."
GOAL = "Lead a small team well."
CONTENTS = {"goal_1": GOAL, "meetings": "2", "goal_updates": "3", "criticism": "yes", "mentor_does": "Ask."}
WORDS = (
    f"{format_weekday(KICKOFF)} Sugar Lake Lodge Cohasset {format_weekday(ENDS_ON)} Skip it if it does not fit. "
    f"one question {GOAL} Chair chair@example.org "
)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=LOCAL)


def form(*names: str, text: str = "") -> str:
    inputs = "".join(f'<input type="radio" name="{name}" value="1">' for name in names)
    return (
        f"""<form>{inputs}{f"<textarea name={text}></textarea>" if text else ""}</form><a href="/guidance">Tips</a>"""
    )


PAGES = {
    "agreement": form("mentor_does", "mentee_does"),
    "self_assessment-1": form("isolation", "skills", "confidence", "communication", "leadership"),
    "meeting-1": form("topics", text="takeaway"),
    "check_in-1": form("introductions", "opportunity", "satisfaction", "call_requested"),
    "involvement-1": form("active", "where"),
    "agreement_review-1": form("feedback_given", "feedback_received"),
    "closure_survey": form(
        "satisfaction", "learned", "share_takeaway", "again", "advice", "career", "criticism", "new_ideas", "profession"
    ),
    "follow_up-1": form("new_role", "leadership"),
}
ASKED = (
    ("welcome", 0, ("first_contact",)),
    ("agreement", 10, ("agreement", "self_assessment-1")),
    ("agreed", 12, ("agreement",)),
    ("meeting", 50, ("meeting-1",)),
    ("check_in", 260, ("check_in-3", "self_assessment-2")),
    ("involvement", 345, ("involvement-1",)),
    ("closure_survey", 530, ("closure_survey", "self_assessment-3")),
    ("farewell", 552, ("farewell",)),
    ("follow_up", 643, ("follow_up-1",)),
    ("follow_up", 735, ("follow_up-2",)),
)


@pytest.fixture
def settings() -> CohortSettings:
    return SETTINGS


def _emails(mentorship: str) -> tuple[EmailRecord, ...]:
    return tuple(
        EmailRecord(
            key=f"{mentorship}/{kind}/{asks[0]}/{to}/0",
            kind=EmailKind(kind),
            to=to,
            automatic=True,
            at=at(KICKOFF + timedelta(days=days)),
            subject=kind,
            state="sent",
            asks=asks,
        )
        for kind, days, asks in ASKED
        for to in (Recipient.MENTOR, Recipient.MENTEE)
    )


def milestone(kind: MilestoneKind, number: int, closes_on: date, silent: tuple[Side, ...] = ()) -> MilestoneRecord:
    return MilestoneRecord(
        id=f"{kind}-{number}" if number else kind,
        kind=kind,
        asked=(Side.MENTOR, Side.MENTEE),
        opens_on=closes_on - timedelta(days=21),
        closes_on=closes_on,
        closed=True,
        silent=silent,
    )


def _completed() -> MentorshipRecord:
    ends = [months_after(KICKOFF, 3 * number) for number in range(7)]
    return MentorshipRecord(
        id="mile-2019-001",
        mentor="M01",
        mentee="P01",
        score=9000,
        outcome=Outcome.COMPLETED,
        starts_on=KICKOFF,
        ends_on=ENDS_ON,
        quarters=tuple(
            QuarterRecord(
                number=number,
                opens_on=ends[number - 1],
                closes_on=ends[number],
                mentor=WindowStatus.MET,
                mentee=WindowStatus.MET,
            )
            for number in range(1, 7)
        ),
        emails=_emails("mile-2019-001"),
        responses=(),
        runs=7,
        events=900,
        actions=200,
        milestones=(
            milestone(MilestoneKind.AGREEMENT, 0, KICKOFF + timedelta(days=42)),
            *(milestone(MilestoneKind.MEETING, number, months_after(KICKOFF, 2 * number)) for number in (1, 2, 3)),
        ),
        agreement=(
            AgreementVersionRecord(
                version=1,
                written_by=Side.MENTEE,
                at=AGREED_AT - timedelta(days=1),
                mentor_agreed_at=AGREED_AT - timedelta(days=1),
                mentee_agreed_at=AGREED_AT,
            ),
        ),
    )


def _withdrawn() -> MentorshipRecord:
    first = _completed()
    return first.model_copy(
        update={
            "id": "mile-2019-002",
            "mentor": "M02",
            "mentee": "P02",
            "outcome": Outcome.MENTOR_WITHDREW,
            "ends_on": date(2019, 10, 2),
            "quarters": first.quarters[:1],
            "emails": tuple(email for email in _emails("mile-2019-002") if email.kind in ("welcome", "farewell")),
            "agreement": (),
            "milestones": (milestone(MilestoneKind.AGREEMENT, 0, KICKOFF + timedelta(days=42)),),
            "successor": "mile-2019-003",
            "changes": (ChangeRecord(change="replace", mentor="M03"),),
        }
    )


def _successor() -> MentorshipRecord:
    first = _completed()
    return first.model_copy(
        update={
            "id": "mile-2019-003",
            "mentor": "M03",
            "mentee": "P02",
            "starts_on": date(2019, 10, 2),
            "emails": tuple(
                email.model_copy(update={"at": at(date(2019, 10, 2))}) if email.kind is EmailKind.WELCOME else email
                for email in _emails("mile-2019-003")
            ),
            "agreement": (),
            "predecessor": "mile-2019-002",
        }
    )


def _emails_received(record: RehearsalRecord) -> list[EmailEvidence]:
    topic = guidance(f"topic_{TOPICS[0]}")
    words = f"{WORDS} {topic.title} Whom could you introduce"
    return [
        EmailEvidence(
            mentorship=mentorship.id,
            text=words,
            reply_to="chair@example.org",
            **email.model_dump(exclude={"state", "text"}),
        )
        for mentorship in record.mentorships
        for email in mentorship.emails
        if mentorship.agreement or email.kind is not EmailKind.MEETING
    ]


def email_to(kind: EmailKind, to: Recipient, moment: datetime, key: str, text: str, *asks: str) -> EmailEvidence:
    return EmailEvidence(
        key=f"mile-2019-001/{kind}/{key}/{to}/0",
        mentorship="mile-2019-001",
        kind=kind,
        to=to,
        at=moment,
        subject=kind,
        text=f"{text} {WORDS}",
        reply_to="chair@example.org",
        asks=asks,
        automatic=False,
    )


def answer(milestone_id: str, side: Side, moment: datetime, **answers: str) -> ResponseEvidence:
    return ResponseEvidence(
        mentorship="mile-2019-001",
        milestone=milestone_id,
        kind=kind_of(milestone_id),
        side=side,
        at=moment,
        answers=answers,
    )


@pytest.fixture
def evidence(settings: CohortSettings) -> Evidence:
    """Return evidence by which every promise holds."""
    record = RehearsalRecord(
        cohort=settings.id,
        seed=1,
        kickoff_on=KICKOFF,
        seconds=1,
        people={"mentors": 3, "participants": 2},
        unmatched=(),
        mentorships=(_completed(), _withdrawn(), _successor()),
        staff_emails=(),
    )
    late = at(KICKOFF + timedelta(days=45))
    return Evidence(
        record=record,
        settings=settings,
        emails=(
            *_emails_received(record),
            *emails_before_kickoff(),
            email_to(EmailKind.GRATITUDE, Recipient.MENTOR, CALLED_AT, "thanks-1", THANKS, "thanks-1"),
            email_to(
                EmailKind.STAFF_NOTE, Recipient.STAFF, CALLED_AT, "call_requested-check_in-1-mentor", "Please call."
            ),
            email_to(EmailKind.STAFF_DIGEST, Recipient.STAFF, late, "week", "mile-2019-002"),
        ),
        answers=(
            answer("check_in-1", Side.MENTOR, CALLED_AT, status="met", call_requested="yes", note_to_self=SECRET),
            answer("thanks-1", Side.MENTEE, CALLED_AT, text=THANKS),
        ),
        agreements=(
            AgreementEvidence(mentorship="mile-2019-001", version=1, contents=CONTENTS, in_force_since=AGREED_AT),
        ),
        pages=tuple(
            PageSeen(mentorship="mile-2019-001", milestone=milestone_id, side=side, at=CALLED_AT, html=html)
            for milestone_id, html in PAGES.items()
            for side in Side
        ),
        guidance_page="\n".join(words for text in map(guidance, names()) for words in (text.reference, text.source)),
        capacity={"M01": 1},
        pre_kickoff=pre_kickoff(),
        report=report(),
    )
