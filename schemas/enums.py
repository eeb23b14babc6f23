"""The program's terms as enumerations: one per thing, the same in code, SQL, emails and pages.

Each value is explained beside it, and nowhere else, except where people type it (docs/settings.md, docs/commands.md).
"""

from enum import StrEnum


class Side(StrEnum):
    """The two participants of a mentorship."""

    MENTOR = "mentor"  # the experienced library professional
    MENTEE = "mentee"  # the participant whom the mentor supports

    @property
    def partner(self) -> "Side":
        """Return the other participant's side."""
        return Side.MENTEE if self is Side.MENTOR else Side.MENTOR


class Language(StrEnum):
    """A language that we can write to participants in; staff read English."""

    ENGLISH = "en"  # in which every text is written first
    SPANISH = "es"  # our own translation, which needs a native reader


class Recipient(StrEnum):
    """Whom an email goes to."""

    MENTOR = "mentor"  # of the mentorship that the email is about
    MENTEE = "mentee"  # of the same mentorship
    STAFF = "staff"  # the cohort's contact


class MilestoneKind(StrEnum):
    """What can be due in a mentorship."""

    WELCOME = "welcome"  # the first email, which asks nothing
    FIRST_CONTACT = "first_contact"  # the mentor's first task; either side may confirm it
    AGREEMENT = "agreement"  # goals, roles, schedules and confidentiality; both confirm the same version
    SELF_ASSESSMENT = "self_assessment"  # the same few ratings at the start, halfway and at the end
    MEETING = "meeting"  # a meeting on the pair's schedule: prepared before, logged after, by either side
    THANKS = "thanks"  # the mentee's thanks in their own words, after the first meeting and at the end
    CHECK_IN = "check_in"  # the quarterly question to both: have you met, how is it going
    GOAL_CHECK_IN = "goal_check_in"  # the mentee's progress on each goal
    INVOLVEMENT = "involvement"  # once a year: how both take part in the association
    AGREEMENT_REVIEW = "agreement_review"  # every six months: does the agreement still fit?
    CLOSING_CONVERSATION = "closing_conversation"  # the last conversation of the two
    CLOSURE_SURVEY = "closure_survey"  # the last questions to both
    FAREWELL = "farewell"  # the end; asks nothing, and its page has the certificate
    FOLLOW_UP = "follow_up"  # some months after the end: how did it turn out?


class Phase(StrEnum):
    """The four phases of a mentorship after Zachary (2000), and what follows its end."""

    PREPARING = "preparing"  # from kickoff until the agreement opens
    NEGOTIATING = "negotiating"  # until both agreed, or the agreement was due
    ENABLING = "enabling"  # until the closing conversation opens
    CLOSURE = "closure"  # until the end
    AFTER = "after"  # from the end until the last follow-up


class WindowStatus(StrEnum):
    """What one participant said about one quarter; a silence stays a silence."""

    MET = "met"  # the two have met
    PLANNED = "planned"  # they have a date
    NOT_YET = "not_yet"  # neither
    UNANSWERED = "unanswered"  # no answer before the window closed; never counted as an answer


class GoalStatus(StrEnum):
    """How a goal is getting on."""

    ON_TRACK = "on_track"  # as hoped
    CHANGED = "changed"  # the goal is now a different one
    STUCK = "stuck"  # something is in the way
    DONE = "done"  # reached


class Outcome(StrEnum):
    """How a mentorship ended."""

    COMPLETED = "completed"  # lasted until its end date
    ENDED_EARLY = "ended_early"  # both wanted to end before that date
    MENTOR_WITHDREW = "mentor_withdrew"  # the mentor could not continue; another may have taken over
    MENTEE_WITHDREW = "mentee_withdrew"  # the mentee could not continue


class EndingReason(StrEnum):
    """Why a mentorship ends early; nobody is at fault, and nobody writes more than this down."""

    GOALS_REACHED = "goals_reached"  # the mentee reached the goals
    TIME = "time"  # too little time
    CIRCUMSTANCES = "circumstances"  # something in life or at work
    FIT = "fit"  # the two do not fit
    NO_CONTACT = "no_contact"  # the two lost touch


class StaffAccess(StrEnum):
    """What the holder of a role may do; each may also do what those after it may."""

    CHAIR = "chair"  # answers questions, and takes every step
    COORDINATOR = "coordinator"  # takes most steps, and gets copies of the digests
    READER = "reader"  # sees figures only, never a person's answers

    def includes(self, other: "StaffAccess") -> bool:
        """Tell whether who has this access may do what another one lets do."""
        order = list(StaffAccess)
        return order.index(self) <= order.index(other)


class ChangeKind(StrEnum):
    """What staff can do to a running mentorship."""

    PAUSE = "pause"  # stop the clock for a time
    RESUME = "resume"  # continue tomorrow
    EXTEND = "extend"  # move the end date
    CADENCE = "cadence"  # change how often the pair meets or reports on goals
    END = "end"  # end the mentorship today
    REPLACE = "replace"  # let another mentor take over
    RESEND = "resend"  # email one side again
    RESOLVE = "resolve"  # note that staff took care of its concerns


class EmailKind(StrEnum):
    """The emails the service writes; each has a folder of templates of the same name.

    The first fourteen are about a milestone; the next follow at once on what somebody did, or go to staff. The last
    are about somebody's place in a cohort, before its mentorships begin.
    """

    WELCOME = "welcome"  # the partner's contact card, and who does what next
    FIRST_CONTACT = "first_contact"  # reminds of the first contact
    AGREEMENT = "agreement"  # asks for the agreement, or reminds of it
    SELF_ASSESSMENT = "self_assessment"  # a self-assessment on its own, or its reminder
    MEETING = "meeting"  # before a meeting: goals for the mentor, one question for the mentee to name
    THANKS = "thanks"  # offers the mentee to thank the mentor
    CHECK_IN = "check_in"  # a check-in or its reminder
    GOAL_CHECK_IN = "goal_check_in"  # a goal check-in without a check-in, or its reminder
    INVOLVEMENT = "involvement"  # the yearly question on its own
    AGREEMENT_REVIEW = "agreement_review"  # asks whether the agreement still fits
    CLOSING_CONVERSATION = "closing_conversation"  # how to end well
    CLOSURE_SURVEY = "closure_survey"  # the closure survey or its reminder
    FAREWELL = "farewell"  # thanks, exact dates and the certificate
    FOLLOW_UP = "follow_up"  # asks how it turned out
    AGREEMENT_CHANGED = "agreement_changed"  # to the partner: there is a version to look at
    AGREED = "agreed"  # to both: the agreement is final
    GRATITUDE = "gratitude"  # to the mentor: the mentee's own words
    MEETING_PROPOSED = "meeting_proposed"  # to the partner: times for the next meeting to choose from, or a reminder
    MEETING_AGREED = "meeting_agreed"  # to both: the date of a meeting, as an invitation for their calendars
    MEETING_CANCELLED = "meeting_cancelled"  # to both: a meeting is called off, also in their calendars
    TERMS_CHANGED = "terms_changed"  # to both: what staff changed
    PARTNER_UNREACHABLE = "partner_unreachable"  # to the partner of somebody whose address refuses email
    REMINDERS_PAUSED = "reminders_paused"  # to whoever paused their reminders: what still comes, and the way back
    OPEN_LINKS = "open_links"  # to whoever lost their links: the one to their own page
    ADDRESS_CONFIRMATION = "address_confirmation"  # to the address that somebody wants our emails at: to say yes
    ADDRESS_CHANGE = "address_change"  # to the other mailbox: an address is to change, has changed, or stays
    STAFF_NOTE = "staff_note"  # to staff: something that cannot wait
    SIGN_IN = "sign_in"  # a link for staff who want to sign in
    ROLE_GIVEN = "role_given"  # to whoever was given a role: what it is, and what to look at first
    STAFF_DIGEST = "staff_digest"  # to staff, once a week: everything else
    APPLICATION_LINK = "application_link"  # a link to one's own page, after typing an address
    APPLICATION_RECEIVED = "application_received"  # confirms an application and says what happens next
    APPLICATION_REMINDER = "application_reminder"  # to applicants who have not submitted yet
    MENTORS_NEEDED = "mentors_needed"  # asks people of earlier classes while places are missing
    INTAKE = "intake"  # asks a participant for missing goals, challenges or hopes
    STATUS_CHANGED = "status_changed"  # the status of an application, or of a match, has changed
    PROPOSAL = "proposal"  # the proposed match with its reasons, or its reminder
    QUESTION_ANSWERED = "question_answered"  # what staff answer to a question about the proposed match
    MATCH_FINAL = "match_final"  # to both, at once: with whom, and until when
    KICKOFF = "kickoff"  # the invitation to the half-day session with a calendar file, or its reminder
    MESSAGE = "message"  # what staff wrote to people of a class
    KICKOFF_CHANGED = "kickoff_changed"  # a new place, day or time, with a new calendar file
    INQUIRY = "inquiry"  # to the cohort's contact: a question asked before applying
    INQUIRY_DIGEST = "inquiry_digest"  # to the cohort's contact: questions above the limit of emails, all in one
    REPLY_DIGEST = "reply_digest"  # to the cohort's contact: replies above the limit of those that are passed on


# Emails about an address that changes: they go to the mailbox that is meant, whatever address is stored.
ADDRESS_EMAILS = frozenset({EmailKind.ADDRESS_CONFIRMATION, EmailKind.ADDRESS_CHANGE})


class EmailState(StrEnum):
    """The state of an email in the outbox."""

    QUEUED = "queued"  # enqueued, and not yet sent, or to be tried again
    SENDING = "sending"  # claimed by a sender that has not recorded the result yet
    SENT = "sent"  # accepted by the relay
    UNDELIVERABLE = "undeliverable"  # refused by its address for good
    HELD = "held"  # stopped by staff, until they release it
    DEAD = "dead"  # failed for five days by its own fault; staff can retry it
    DROPPED = "dropped"  # dropped by staff


class IncomingKind(StrEnum):
    """What arrived in the mailbox for bounces."""

    ADDRESS_REFUSED = "address_refused"  # the address does not exist, or accepts no email
    NOT_DELIVERED = "not_delivered"  # another server gave the email up for another reason
    DELAYED = "delayed"  # another server has not delivered the email yet
    DELIVERED = "delivered"  # another server says that the email arrived
    AUTOMATIC_REPLY = "automatic_reply"  # written by a program, such as an out-of-office note
    REPLY = "reply"  # written by a person
    UNRECOGNIZED = "unrecognized"  # about none of our emails, or not readable


class ReplyKind(StrEnum):
    """What a reply to an email seems to ask for; staff decide, and nothing follows by itself."""

    MESSAGE = "message"  # anything else that a person wrote
    NO_MORE_EMAILS = "no_more_emails"  # asks for no more emails
    NEW_ADDRESS = "new_address"  # says that the address changes
    AUTOMATIC = "automatic"  # written by a program, such as an out-of-office note
    CALENDAR_ACCEPTED = "calendar_accepted"  # their calendar accepts the invitation to a half-day session
    CALENDAR_TENTATIVE = "calendar_tentative"  # it accepts for now
    CALENDAR_DECLINED = "calendar_declined"  # it declines


class StaffReason(StrEnum):
    """Why staff are written to: a call, an address and a report at once, the rest in the weekly digest."""

    CALL_REQUESTED = "call_requested"  # somebody ticked "please call me"
    UNDELIVERABLE = "undeliverable"  # an address refused an email for good
    NO_FIRST_CONTACT = "no_first_contact"  # neither side confirmed a first contact in time
    NO_AGREEMENT = "no_agreement"  # the two did not agree in time
    SILENT = "silent"  # two quarters in a row without a reported meeting
    AGREEMENT_WAITING = "agreement_waiting"  # one side has agreed, the other has not for two weeks
    NOT_UNDERSTOOD = "not_understood"  # a message arrived that no code understands
    REPORT_READY = "report_ready"  # the closing report is written
    APPLICATIONS_CLOSED = "applications_closed"  # the last day to apply is over
    INTAKE_INCOMPLETE = "intake_incomplete"  # participants have not given goals, challenges or hopes
    PROPOSAL_DECLINED = "proposal_declined"  # somebody declined the proposed match, or has a question about it
    PROPOSALS_UNANSWERED = "proposals_unanswered"  # the last day to answer is over, and answers are missing
    ATTENDANCE_DUE = "attendance_due"  # it is kickoff day, and staff know who is there
    ATTENDANCE_UNCONFIRMED = "attendance_unconfirmed"  # mentorships started without staff's word on who was there
    NOT_STARTED = "not_started"  # pairs whose mentorship did not start with the others
    REMINDERS_PAUSED = "reminders_paused"  # a participant wants no more reminders
    DRIFT_FOUND = "drift_found"  # PostgreSQL and Temporal differ where the audit may not repair


class DigestNews(StrEnum):
    """Why the weekly digest tells staff about a mentorship this week."""

    NEW = "new"  # no digest has told them before
    WORSE = "worse"  # it lasts longer, or something was added
    LOOK_AGAIN = "look_again"  # the day has come on which they wanted to look again


class CohortStage(StrEnum):
    """Where a cohort stands."""

    IMPORTING = "importing"  # applications are being read
    APPLYING = "applying"  # people apply; matching is already possible
    MATCHING = "matching"  # waits for match runs, and for one to be published
    PUBLISHED = "published"  # the pairs are published, and proposed where both sides commit first
    STARTING = "starting"  # the mentorships are being started
    RUNNING = "running"  # the mentorships run
    REPORTING = "reporting"  # the report is being written
    CLOSED = "closed"  # done

    @property
    def started(self) -> bool:
        """Tell whether kickoff day has come and mentorships were started."""
        return self in {CohortStage.STARTING, CohortStage.RUNNING, CohortStage.REPORTING, CohortStage.CLOSED}


class GoalArea(StrEnum):
    """What a mentee may want and a mentor may offer; the first three are the program's own."""

    GOAL_SETTING = "goal_setting"  # setting and reaching goals
    NETWORKING = "networking"  # knowing people and being known
    LEADERSHIP = "leadership"  # leading people and change
    SUPERVISION = "supervision"  # supervising staff
    COMMUNICATION = "communication"  # speaking, writing, listening
    CAREER_CHANGE = "career_change"  # another role, another kind of library
    ADVOCACY = "advocacy"  # speaking up for libraries
    BUDGETING = "budgeting"  # money, grants and contracts
    TECHNOLOGY = "technology"  # systems and digital services
    COLLECTIONS = "collections"  # selecting, describing and preserving
    OUTREACH = "outreach"  # reaching people who do not come on their own
    TEACHING = "teaching"  # instruction and programs


class LibraryType(StrEnum):
    """The kind of library a person works in."""

    PUBLIC = "public"  # a public library
    ACADEMIC = "academic"  # of a college or university
    SCHOOL = "school"  # of a school
    SPECIAL = "special"  # of a company, hospital, court or museum
    STATE = "state"  # of the state or the federal government


class LibraryTypeWish(StrEnum):
    """What a person wishes about the kind of library that their partner works in."""

    SAME = "same"  # the same kind as their own
    OTHER = "other"  # another kind, for a wider view
    EITHER = "either"  # they like both alike


class OpportunityKind(StrEnum):
    """What staff draw people's attention to; each participant chooses the kinds that emails list."""

    COMMITTEE = "committee"  # a seat in a committee, section or round table
    CONFERENCE = "conference"  # a conference or training day
    COURSE = "course"  # a course, a talk or a webinar
    FUNDING = "funding"  # a scholarship or grant
    SPEAKING = "speaking"  # speaking or writing
    OTHER = "other"  # anything else


class WorkingStyle(StrEnum):
    """How a person likes to work with a partner."""

    STRUCTURED = "structured"  # with a plan
    FLEXIBLE = "flexible"  # as things come up
    REFLECTIVE = "reflective"  # by talking things over
    HANDS_ON = "hands_on"  # by trying things out


class Availability(StrEnum):
    """When a person can usually meet."""

    MORNINGS = "mornings"  # before noon
    LUNCH = "lunch"  # around noon
    AFTERNOONS = "afternoons"  # after noon
    EVENINGS = "evenings"  # after work
    WEEKENDS = "weekends"  # on Saturdays and Sundays


class TextEncoding(StrEnum):
    """How a program saved the letters of a text file."""

    UTF_8 = "utf-8"  # what everything should be saved as
    UTF_16 = "utf-16"  # Excel's “Unicode Text”
    WINDOWS_1252 = "windows-1252"  # western Europe and the Americas, on Windows
    WINDOWS_1250 = "windows-1250"  # central Europe, on Windows
    MAC_ROMAN = "mac-roman"  # Excel's “CSV (Macintosh)”
    IBM_850 = "ibm850"  # Excel's “CSV (MS-DOS)”

    @property
    def codec(self) -> str:
        """Return Python's name for it."""
        return {TextEncoding.MAC_ROMAN: "mac_roman"}.get(self, str(self))


class WindowState(StrEnum):
    """What the public page says about applying to a cohort."""

    NOT_YET_OPEN = "not_yet_open"  # before the first day
    OPEN = "open"  # anybody may apply
    WAITING_LIST = "waiting_list"  # closed; new applicants wait for a place
    CLOSED = "closed"  # nobody may apply


class ApplicationStatus(StrEnum):
    """Where an application stands; only accepted ones are matched."""

    ACCEPTED = "accepted"  # can be matched
    INELIGIBLE = "ineligible"  # does not meet a requirement; staff can make an exception
    WAITING = "waiting"  # came after the window closed
    WITHDRAWN = "withdrawn"  # taken back, by the applicant or by staff


class Commitment(StrEnum):
    """What somebody says to the match proposed to them."""

    COMMITTED = "committed"  # says yes to this match
    ASKED = "asked"  # asks staff a question first
    DECLINED = "declined"  # asks for a different match


class DeclineReason(StrEnum):
    """Why somebody declines a match; the partner never learns it."""

    TIME = "time"  # less time than expected
    KNOWN_TO_EACH_OTHER = "known_to_each_other"  # the two know each other already
    OTHER_GOALS = "other_goals"  # goals and experience do not fit
    DISTANCE = "distance"  # too far apart
    WITHOUT_SAYING = "without_saying"  # no reason given


class RsvpStatus(StrEnum):
    """Whether somebody comes to the half-day session; never a condition (A20)."""

    YES = "yes"  # comes to the half-day session
    NO = "no"  # cannot come
    UNSURE = "unsure"  # does not know yet; reminded once


class CampaignKind(StrEnum):
    """What a cohort does for all its people at one moment before its mentorships begin."""

    OPENING = "opening"  # applications open: to people of earlier classes, and to participants with missing answers
    UNFINISHED = "unfinished"  # before the close, to applicants who have not submitted
    RECRUITING = "recruiting"  # to people of earlier classes again, while places are missing
    CLOSING = "closing"  # the first morning after the close: a note to staff
    INTAKE = "intake"  # to participants with missing answers, and a note to staff
    PROPOSAL = "proposal"  # the matches to both sides, and reminders to who has not answered
    # the first morning after the last day to answer: a note to staff, if answers are missing
    PROPOSALS_DUE = "proposals_due"
    KICKOFF = "kickoff"  # the invitation to everybody whose match is final, and one reminder
    KICKOFF_CHANGED = "kickoff_changed"  # the new place, day or time to everybody who is invited


class SkipReason(StrEnum):
    """Why a campaign does not run."""

    OVER = "over"  # what it is about is past
    SAID = "said"  # people were told the same before, and only its date has moved
    MERGED = "merged"  # another email that leaves now says the same


class NotShown(StrEnum):
    """Why a rehearsal says nothing about a promise of the program."""

    NOT_TESTED = "not_tested"  # nothing in the play put it to the test
    LEFT_OUT = "left_out"  # the cohort's settings leave out what it is about
    CANNOT_BE_SHOWN = "cannot_be_shown"  # no rehearsal can show it
