"""An invented mentorship with all a mentorship can have: an agreement, a first meeting, words of thanks, openings."""

from datetime import UTC, date, datetime, time, timedelta

from domain.calendar import months_after
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from emails.facts import Facts
from schemas.applications.people import Person
from schemas.cohort.opportunities import Opportunity
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.emails.digests import AgreementWaiting, Concern, Digest
from schemas.enums import Side, StaffReason
from schemas.ids import mentorship_id
from schemas.mentorship.responses import DueMilestone, MentorshipPair
from schemas.mentorship.state import Milestone, Plan
from schemas.mentorship.terms import Cadence, Ending, Rhythm

SAMPLE_COHORT = CohortSettings(
    id="mile-2019",
    title="2019 Mentorship Program",
    institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=date(2019, 5, 10)),
    contact=ProgramContact(role="Mentorship Subcommittee Chair", email="mentorship.chair@example.org"),
)
MENTOR = Person(
    id="M03",
    side=Side.MENTOR,
    name="Ingeborg Tamarack",
    email="ingeborg.tamarack@example.org",
    library="Birch Point Public Library",
    town="Bemidji",
    role="Library director",
)
MENTEE = Person(
    id="P07",
    side=Side.MENTEE,
    name="Pao Lindqvist",
    email="pao.lindqvist@example.org",
    library="Prairie School District Media Center",
    town="Worthington",
    role="Media specialist",
)
GOALS = ("Lead the reference team's weekly meeting", "Write a grant application on my own")
THANKS = "Thank you for asking what I want before you told me what you would do.\n\nPao"
AGREED_AFTER, MET_AFTER = timedelta(days=35), timedelta(days=46)
QUARTERLY = Rhythm(every_months=3)
CONCERNS_OF_THE_DIGEST = (
    StaffReason.CALL_REQUESTED,
    StaffReason.UNDELIVERABLE,
    StaffReason.NOT_UNDERSTOOD,
    StaffReason.NO_FIRST_CONTACT,
    StaffReason.NO_AGREEMENT,
    StaffReason.SILENT,
)


def sample_pair(cohort: CohortSettings) -> MentorshipPair:
    """Return an invented pair of this cohort."""
    return MentorshipPair(
        mentorship_id=mentorship_id(cohort.id, 7),
        cohort=cohort,
        mentor=MENTOR,
        mentee=MENTEE,
        goals=GOALS,
        starts_on=cohort.kickoff,
        ends_on=months_after(cohort.kickoff, cohort.timeline.months),
    )


def sample_plan(pair: MentorshipPair, ending: Ending | None = None) -> Plan:
    """Return the plan of a pair that agreed on everything early, so that every email there is stands in it."""
    kickoff = pair.cohort.kickoff
    agreed_on = kickoff + AGREED_AFTER
    terms = initial_terms(pair.cohort, pair.mentorship_id, goals=len(pair.goals)).model_copy(
        update={
            "agreed_on": agreed_on,
            "cadences": (Cadence(since=agreed_on, meetings=QUARTERLY, goal_updates=QUARTERLY),),
            "first_met_on": kickoff + MET_AFTER,
            "ending": ending,
        }
    )
    return plan(terms, datetime.combine(kickoff, time(), UTC))


def sample_facts(pair: MentorshipPair, foreseen: Plan) -> Facts:
    """Return what is known of the pair: all that any email can tell of."""
    due = {milestone.id: _known(milestone) for milestone in foreseen.milestones}
    return Facts(
        pair=pair,
        due=due,
        openings=_openings(pair.cohort),
        thanks=THANKS,
        coming=tuple(milestone for milestone in due.values() if milestone.opens_on > pair.cohort.kickoff + MET_AFTER),
    )


def sample_digest(pair: MentorshipPair) -> Digest:
    """Return a week in which there is something of everything."""
    since = pair.cohort.kickoff + AGREED_AFTER
    about = {"mentorship_id": pair.mentorship_id, "mentor": MENTOR.name, "mentee": MENTEE.name, "since": since}
    return Digest(
        concerns=tuple(Concern.model_validate(about | {"reason": reason}) for reason in CONCERNS_OF_THE_DIGEST),
        agreements=(AgreementWaiting.model_validate(about | {"waits_for": Side.MENTEE}),),
    )


def _openings(cohort: CohortSettings) -> tuple[Opportunity, ...]:
    until = months_after(cohort.kickoff, cohort.timeline.months)
    return (
        Opportunity(
            id=1,
            area="involvement",
            title="Two seats on the conference's program committee",
            url="https://association.example.org/committees",
            until_on=until,
        ),
        Opportunity(id=2, area="chance", title="A scholarship for first-time speakers", until_on=until),
    )


def _known(milestone: Milestone) -> DueMilestone:
    return DueMilestone(**{name: getattr(milestone, name) for name in DueMilestone.model_fields})
