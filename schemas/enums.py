"""The program's words as enumerations: one per thing, the same in code, SQL, emails and pages."""

from enum import StrEnum


class Side(StrEnum):
    """The two participants of a mentorship."""

    MENTOR = "mentor"
    MENTEE = "mentee"

    @property
    def partner(self) -> "Side":
        """Return the other participant's side."""
        return Side.MENTEE if self is Side.MENTOR else Side.MENTOR


class Recipient(StrEnum):
    """Whom an email goes to."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    STAFF = "staff"


class MilestoneKind(StrEnum):
    """What can be due in a mentorship."""

    WELCOME = "welcome"
    FIRST_CONTACT = "first_contact"
    AGREEMENT = "agreement"
    SELF_ASSESSMENT = "self_assessment"
    MEETING = "meeting"
    THANKS = "thanks"
    CHECK_IN = "check_in"
    GOAL_CHECK_IN = "goal_check_in"
    INVOLVEMENT = "involvement"
    AGREEMENT_REVIEW = "agreement_review"
    CLOSING_CONVERSATION = "closing_conversation"
    CLOSURE_SURVEY = "closure_survey"
    FAREWELL = "farewell"
    FOLLOW_UP = "follow_up"


class Phase(StrEnum):
    """The four phases of a mentorship after Zachary (2000), and what follows its end."""

    PREPARING = "preparing"
    NEGOTIATING = "negotiating"
    ENABLING = "enabling"
    CLOSURE = "closure"
    AFTER = "after"


class WindowStatus(StrEnum):
    """What one participant said about one quarter; a silence stays a silence."""

    MET = "met"
    PLANNED = "planned"
    NOT_YET = "not_yet"
    UNANSWERED = "unanswered"


class GoalStatus(StrEnum):
    """How a goal is getting on."""

    ON_TRACK = "on_track"
    CHANGED = "changed"
    STUCK = "stuck"
    DONE = "done"


class Outcome(StrEnum):
    """How a mentorship ended."""

    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    MENTOR_WITHDREW = "mentor_withdrew"
    MENTEE_WITHDREW = "mentee_withdrew"


class EndingReason(StrEnum):
    """Why a mentorship ends early; nobody is at fault, and nobody writes more than this down."""

    GOALS_REACHED = "goals_reached"
    TIME = "time"
    CIRCUMSTANCES = "circumstances"
    FIT = "fit"
    NO_CONTACT = "no_contact"


class ChangeKind(StrEnum):
    """What staff can do to a running mentorship."""

    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    CADENCE = "cadence"
    END = "end"
    REPLACE = "replace"


class EmailKind(StrEnum):
    """The emails the service writes; each has a folder of templates of the same name.

    The first fourteen are about a milestone; the next follow at once on what somebody did, or go to staff. The last
    are about somebody's place in a cohort, before its mentorships begin.
    """

    WELCOME = "welcome"
    FIRST_CONTACT = "first_contact"
    AGREEMENT = "agreement"
    SELF_ASSESSMENT = "self_assessment"
    MEETING = "meeting"
    THANKS = "thanks"
    CHECK_IN = "check_in"
    GOAL_CHECK_IN = "goal_check_in"
    INVOLVEMENT = "involvement"
    AGREEMENT_REVIEW = "agreement_review"
    CLOSING_CONVERSATION = "closing_conversation"
    CLOSURE_SURVEY = "closure_survey"
    FAREWELL = "farewell"
    FOLLOW_UP = "follow_up"
    AGREEMENT_CHANGED = "agreement_changed"
    AGREED = "agreed"
    GRATITUDE = "gratitude"
    TERMS_CHANGED = "terms_changed"
    PARTNER_UNREACHABLE = "partner_unreachable"
    STAFF_NOTE = "staff_note"
    STAFF_DIGEST = "staff_digest"
    APPLICATION_LINK = "application_link"
    APPLICATION_RECEIVED = "application_received"
    APPLICATION_REMINDER = "application_reminder"
    MENTORS_NEEDED = "mentors_needed"
    INTAKE = "intake"
    STANDING_CHANGED = "standing_changed"
    PROPOSAL = "proposal"
    MATCH_FINAL = "match_final"
    KICKOFF = "kickoff"
    KICKOFF_CHANGED = "kickoff_changed"
    INQUIRY = "inquiry"


class StaffReason(StrEnum):
    """Why staff are written to: a call, an address and a report at once, the rest in the weekly digest."""

    CALL_REQUESTED = "call_requested"
    UNDELIVERABLE = "undeliverable"
    NO_FIRST_CONTACT = "no_first_contact"
    NO_AGREEMENT = "no_agreement"
    SILENT = "silent"
    NOT_UNDERSTOOD = "not_understood"
    REPORT_READY = "report_ready"
    APPLICATIONS_CLOSED = "applications_closed"
    INTAKE_INCOMPLETE = "intake_incomplete"
    PROPOSAL_DECLINED = "proposal_declined"
    PROPOSALS_UNANSWERED = "proposals_unanswered"
    NOT_STARTED = "not_started"
    DRIFT_FOUND = "drift_found"


class CohortStage(StrEnum):
    """Where a cohort stands."""

    IMPORTING = "importing"
    APPLYING = "applying"
    MATCHING = "matching"
    PUBLISHED = "published"
    STARTING = "starting"
    RUNNING = "running"
    REPORTING = "reporting"
    CLOSED = "closed"

    @property
    def started(self) -> bool:
        """Tell whether kickoff day has come and mentorships were started."""
        return self in {CohortStage.STARTING, CohortStage.RUNNING, CohortStage.REPORTING, CohortStage.CLOSED}


class GoalArea(StrEnum):
    """What a mentee may want and a mentor may offer; the first three are the program's own."""

    GOAL_SETTING = "goal_setting"
    NETWORKING = "networking"
    LEADERSHIP = "leadership"
    SUPERVISION = "supervision"
    COMMUNICATION = "communication"
    CAREER_CHANGE = "career_change"
    ADVOCACY = "advocacy"
    BUDGETING = "budgeting"
    TECHNOLOGY = "technology"
    COLLECTIONS = "collections"
    OUTREACH = "outreach"
    TEACHING = "teaching"


class LibraryType(StrEnum):
    """The kind of library a person works in."""

    PUBLIC = "public"
    ACADEMIC = "academic"
    SCHOOL = "school"
    SPECIAL = "special"
    STATE = "state"


class WorkingStyle(StrEnum):
    """How a person likes to work with a partner."""

    STRUCTURED = "structured"
    FLEXIBLE = "flexible"
    REFLECTIVE = "reflective"
    HANDS_ON = "hands_on"


class Availability(StrEnum):
    """When a person can usually meet."""

    MORNINGS = "mornings"
    LUNCH = "lunch"
    AFTERNOONS = "afternoons"
    EVENINGS = "evenings"
    WEEKENDS = "weekends"


class WindowState(StrEnum):
    """What the public page says about applying to a cohort."""

    NOT_YET_OPEN = "not_yet_open"
    OPEN = "open"
    WAITING_LIST = "waiting_list"
    CLOSED = "closed"


class ApplicationStatus(StrEnum):
    """Where an application stands; only accepted ones are matched."""

    ACCEPTED = "accepted"
    INELIGIBLE = "ineligible"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class Commitment(StrEnum):
    """What somebody says to the match proposed to them."""

    COMMITTED = "committed"
    ASKED = "asked"
    DECLINED = "declined"


class DeclineReason(StrEnum):
    """Why somebody declines a match; the partner never learns it."""

    TIME = "time"
    KNOWN_TO_EACH_OTHER = "known_to_each_other"
    OTHER_GOALS = "other_goals"
    DISTANCE = "distance"
    WITHOUT_SAYING = "without_saying"


class RsvpStatus(StrEnum):
    """Whether somebody comes to the half-day session; never a condition (A20)."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class CampaignKind(StrEnum):
    """What a cohort does for all its people at one moment before its mentorships begin."""

    OPENING = "opening"
    UNFINISHED = "unfinished"
    RECRUITING = "recruiting"
    CLOSING = "closing"
    INTAKE = "intake"
    PROPOSAL = "proposal"
    PROPOSALS_DUE = "proposals_due"
    KICKOFF = "kickoff"
    KICKOFF_CHANGED = "kickoff_changed"
