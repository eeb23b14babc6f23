"""Every kind of email that closes a mentorship, and those that follow at once on what somebody did."""

from datetime import date

from emails.at_once import (
    AgreedEmail,
    AgreementChangedEmail,
    ComingDay,
    GratitudeEmail,
    PartnerUnreachableEmail,
    TermsChangedEmail,
)
from emails.contexts import ClosingConversationEmail, ClosureSurveyEmail, FarewellEmail, FollowUpEmail, ParticipantEmail
from emails.guidance import guidance
from schemas.enums import ChangeKind, EmailKind, MilestoneKind, Outcome
from tests.emails.cast import (
    AFTER,
    AGREE,
    CHECK_IN,
    ENDS_ON,
    FAREWELL,
    OVER,
    QUARTER,
    SURVEY,
    TO_MENTEE,
    TO_MENTOR,
    WORDS,
    ask,
)

CLOSING: dict[str, tuple[EmailKind, ParticipantEmail]] = {
    "closing conversation": (
        EmailKind.CLOSING_CONVERSATION,
        ClosingConversationEmail(
            **TO_MENTEE, asks=(ask(MilestoneKind.CLOSING_CONVERSATION, ENDS_ON),), guidance=(guidance("closing"),)
        ),
    ),
    "closure survey with the last check-in beside it": (
        EmailKind.CLOSURE_SURVEY,
        ClosureSurveyEmail(**TO_MENTOR, asks=(SURVEY, CHECK_IN)),
    ),
    "closure survey reminder": (
        EmailKind.CLOSURE_SURVEY,
        ClosureSurveyEmail(**TO_MENTEE, **OVER, asks=(SURVEY,), occurrence=2),
    ),
    "farewell after the whole time": (
        EmailKind.FAREWELL,
        FarewellEmail(
            **TO_MENTOR,
            **OVER,
            asks=(FAREWELL, SURVEY),
            outcome=Outcome.COMPLETED,
            follow_ups=(date(2021, 2, 10), date(2021, 5, 10)),
        ),
    ),
    **{
        f"farewell to the {to['recipient'].side}: {outcome}": (
            EmailKind.FAREWELL,
            FarewellEmail(**to, **OVER, asks=(FAREWELL, SURVEY), outcome=outcome),
        )
        for outcome in (Outcome.ENDED_EARLY, Outcome.MENTOR_WITHDREW, Outcome.MENTEE_WITHDREW)
        for to in (TO_MENTOR, TO_MENTEE)
    },
    "follow-up to the mentee": (
        EmailKind.FOLLOW_UP,
        FollowUpEmail(**TO_MENTEE, **OVER, asks=(ask(MilestoneKind.FOLLOW_UP, AFTER),), may_mentor_from=2021),
    ),
    "follow-up reminder to the mentor": (
        EmailKind.FOLLOW_UP,
        FollowUpEmail(**TO_MENTOR, **OVER, asks=(ask(MilestoneKind.FOLLOW_UP, AFTER),), occurrence=1),
    ),
}
AT_ONCE: dict[str, tuple[EmailKind, ParticipantEmail]] = {
    "agreement changed": (EmailKind.AGREEMENT_CHANGED, AgreementChangedEmail(**TO_MENTOR, asks=(AGREE,))),
    "agreed": (EmailKind.AGREED, AgreedEmail(**TO_MENTEE, asks=(AGREE,), agreed_on=date(2019, 6, 14))),
    "gratitude": (EmailKind.GRATITUDE, GratitudeEmail(**TO_MENTOR, words=WORDS, sent_on=date(2019, 7, 2))),
    "paused": (
        EmailKind.TERMS_CHANGED,
        TermsChangedEmail(**TO_MENTEE, change=ChangeKind.PAUSE, since=date(2020, 1, 6), goes_on=date(2020, 3, 10)),
    ),
    "resumed, by a pair that began later": (
        EmailKind.TERMS_CHANGED,
        TermsChangedEmail(**TO_MENTOR, change=ChangeKind.RESUME, began_on=date(2019, 10, 14)),
    ),
    "extended": (EmailKind.TERMS_CHANGED, TermsChangedEmail(**TO_MENTEE, change=ChangeKind.EXTEND)),
    "another rhythm": (
        EmailKind.TERMS_CHANGED,
        TermsChangedEmail(
            **TO_MENTEE,
            change=ChangeKind.CADENCE,
            coming=(
                ComingDay(kind=MilestoneKind.MEETING, day=date(2019, 9, 24)),
                ComingDay(kind=MilestoneKind.GOAL_CHECK_IN, day=QUARTER),
            ),
        ),
    ),
    "partner unreachable": (
        EmailKind.PARTNER_UNREACHABLE,
        PartnerUnreachableEmail(**TO_MENTEE, by=date(2019, 8, 2)),
    ),
}
