"""Which context each kind of email is written from."""

from emails.applicants import (
    ApplicantEmail,
    ApplicationLinkEmail,
    ApplicationReceivedEmail,
    ApplicationReminderEmail,
    InquiryEmail,
    IntakeEmail,
    KickoffChangedEmail,
    KickoffEmail,
    MatchFinalEmail,
    MentorsNeededEmail,
    ProposalEmail,
    StandingChangedEmail,
)
from emails.at_once import (
    AgreedEmail,
    AgreementChangedEmail,
    GratitudeEmail,
    PartnerUnreachableEmail,
    TermsChangedEmail,
)
from emails.contexts import (
    AgreementEmail,
    AgreementReviewEmail,
    CheckInEmail,
    ClosingConversationEmail,
    ClosureSurveyEmail,
    FarewellEmail,
    FirstContactEmail,
    FollowUpEmail,
    GoalCheckInEmail,
    InvolvementEmail,
    MeetingEmail,
    ParticipantEmail,
    SelfAssessmentEmail,
    ThanksEmail,
    WelcomeEmail,
)
from emails.staff import StaffDigestEmail, StaffNoteEmail
from schemas.enums import EmailKind

EmailContext = ParticipantEmail | ApplicantEmail | InquiryEmail | StaffNoteEmail | StaffDigestEmail

PARTICIPANT_EMAILS: dict[EmailKind, type[ParticipantEmail]] = {
    EmailKind.WELCOME: WelcomeEmail,
    EmailKind.FIRST_CONTACT: FirstContactEmail,
    EmailKind.AGREEMENT: AgreementEmail,
    EmailKind.SELF_ASSESSMENT: SelfAssessmentEmail,
    EmailKind.MEETING: MeetingEmail,
    EmailKind.THANKS: ThanksEmail,
    EmailKind.CHECK_IN: CheckInEmail,
    EmailKind.GOAL_CHECK_IN: GoalCheckInEmail,
    EmailKind.INVOLVEMENT: InvolvementEmail,
    EmailKind.AGREEMENT_REVIEW: AgreementReviewEmail,
    EmailKind.CLOSING_CONVERSATION: ClosingConversationEmail,
    EmailKind.CLOSURE_SURVEY: ClosureSurveyEmail,
    EmailKind.FAREWELL: FarewellEmail,
    EmailKind.FOLLOW_UP: FollowUpEmail,
    EmailKind.AGREEMENT_CHANGED: AgreementChangedEmail,
    EmailKind.AGREED: AgreedEmail,
    EmailKind.GRATITUDE: GratitudeEmail,
    EmailKind.TERMS_CHANGED: TermsChangedEmail,
    EmailKind.PARTNER_UNREACHABLE: PartnerUnreachableEmail,
}
APPLICANT_EMAILS: dict[EmailKind, type[ApplicantEmail]] = {
    EmailKind.APPLICATION_LINK: ApplicationLinkEmail,
    EmailKind.APPLICATION_RECEIVED: ApplicationReceivedEmail,
    EmailKind.APPLICATION_REMINDER: ApplicationReminderEmail,
    EmailKind.MENTORS_NEEDED: MentorsNeededEmail,
    EmailKind.INTAKE: IntakeEmail,
    EmailKind.STANDING_CHANGED: StandingChangedEmail,
    EmailKind.PROPOSAL: ProposalEmail,
    EmailKind.MATCH_FINAL: MatchFinalEmail,
    EmailKind.KICKOFF: KickoffEmail,
    EmailKind.KICKOFF_CHANGED: KickoffChangedEmail,
}
CONTEXTS: dict[EmailKind, type[EmailContext]] = {
    **PARTICIPANT_EMAILS,
    **APPLICANT_EMAILS,
    EmailKind.INQUIRY: InquiryEmail,
    EmailKind.STAFF_NOTE: StaffNoteEmail,
    EmailKind.STAFF_DIGEST: StaffDigestEmail,
}
