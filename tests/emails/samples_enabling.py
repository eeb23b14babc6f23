"""Every kind of email a pair gets from the welcome to the last review."""

from datetime import date

from emails.contexts import (
    AgreementEmail,
    AgreementReviewEmail,
    CheckInEmail,
    FirstContactEmail,
    GoalCheckInEmail,
    InvolvementEmail,
    MeetingAhead,
    MeetingEmail,
    ParticipantEmail,
    SelfAssessmentEmail,
    ThanksEmail,
    WelcomeEmail,
)
from emails.guidance import guidance
from schemas.enums import EmailKind, MilestoneKind
from tests.emails.cast import (
    AGREE,
    CHECK_IN,
    CONTACT,
    ENDS_ON,
    FIRST_CONTACT,
    GOAL_CHECK_IN,
    GOALS,
    MEET,
    MEETING,
    OPENINGS,
    PREPARED,
    QUARTER,
    SELF_ASSESSMENT,
    TO_MENTEE,
    TO_MENTOR,
    ask,
)

ON_THE_WAY: dict[str, tuple[EmailKind, ParticipantEmail]] = {
    "welcome to the mentor": (
        EmailKind.WELCOME,
        WelcomeEmail(**TO_MENTOR, contact_by=CONTACT, agreement_on=date(2019, 5, 17), asks=(FIRST_CONTACT,)),
    ),
    "welcome to the mentee": (EmailKind.WELCOME, WelcomeEmail(**TO_MENTEE, contact_by=CONTACT)),
    "first contact reminder": (
        EmailKind.FIRST_CONTACT,
        FirstContactEmail(**TO_MENTOR, asks=(FIRST_CONTACT,), occurrence=1),
    ),
    "first contact asked of the mentee": (
        EmailKind.FIRST_CONTACT,
        FirstContactEmail(**TO_MENTEE, asks=(FIRST_CONTACT,)),
    ),
    "agreement to the mentor": (
        EmailKind.AGREEMENT,
        AgreementEmail(
            **TO_MENTOR, asks=(AGREE, SELF_ASSESSMENT), goals=GOALS, guidance=(guidance("agreement"), guidance("stuck"))
        ),
    ),
    "agreement reminder to the mentor with a meeting beside it": (
        EmailKind.AGREEMENT,
        AgreementEmail(
            **TO_MENTOR,
            asks=(AGREE, MEET),
            occurrence=1,
            beside=PREPARED["guidance"],
            meeting_beside=MeetingAhead(day=MEETING, goals=GOALS),
        ),
    ),
    "agreement reminder to the mentee": (
        EmailKind.AGREEMENT,
        AgreementEmail(**TO_MENTEE, asks=(AGREE,), goals=GOALS, guidance=(guidance("agreement"),), occurrence=2),
    ),
    **{
        f"self-assessment {number}": (
            EmailKind.SELF_ASSESSMENT,
            SelfAssessmentEmail(**TO_MENTEE, asks=(SELF_ASSESSMENT,), number=number, occurrence=1),
        )
        for number in (1, 2, 3)
    },
    "meeting to the mentor": (
        EmailKind.MEETING,
        MeetingEmail(**TO_MENTOR, **PREPARED, asks=(MEET,), meeting_on=MEETING, goals=GOALS),
    ),
    "meeting to the mentee": (
        EmailKind.MEETING,
        MeetingEmail(**TO_MENTEE, **PREPARED, asks=(MEET, CHECK_IN), meeting_on=MEETING),
    ),
    "thanks after the first meeting": (
        EmailKind.THANKS,
        ThanksEmail(**TO_MENTEE, asks=(ask(MilestoneKind.THANKS, QUARTER),)),
    ),
    "thanks at the end": (
        EmailKind.THANKS,
        ThanksEmail(**TO_MENTEE, asks=(ask(MilestoneKind.THANKS, ENDS_ON),), closing=True),
    ),
    "check-in to the mentor with stuck goals": (
        EmailKind.CHECK_IN,
        CheckInEmail(
            **TO_MENTOR,
            asks=(CHECK_IN,),
            number=2,
            goals=GOALS,
            stuck_goals=GOALS[1:],
            openings=OPENINGS,
            guidance=(guidance("stuck"),),
        ),
    ),
    "check-in to the mentee with goals beside it": (
        EmailKind.CHECK_IN,
        CheckInEmail(**TO_MENTEE, asks=(CHECK_IN, GOAL_CHECK_IN), number=2),
    ),
    "check-in reminder": (
        EmailKind.CHECK_IN,
        CheckInEmail(**TO_MENTEE, asks=(CHECK_IN,), number=2, occurrence=2),
    ),
    "goal check-in": (EmailKind.GOAL_CHECK_IN, GoalCheckInEmail(**TO_MENTEE, asks=(GOAL_CHECK_IN,), goals=GOALS)),
    "goal check-in reminder": (
        EmailKind.GOAL_CHECK_IN,
        GoalCheckInEmail(**TO_MENTEE, asks=(GOAL_CHECK_IN,), goals=GOALS, occurrence=1),
    ),
    "involvement": (
        EmailKind.INVOLVEMENT,
        InvolvementEmail(**TO_MENTEE, asks=(ask(MilestoneKind.INVOLVEMENT, QUARTER),), openings=OPENINGS[:1]),
    ),
    "agreement review": (
        EmailKind.AGREEMENT_REVIEW,
        AgreementReviewEmail(
            **TO_MENTOR, asks=(ask(MilestoneKind.AGREEMENT_REVIEW, QUARTER),), guidance=(guidance("feedback"),)
        ),
    ),
}
