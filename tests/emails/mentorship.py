"""An invented mentorship with all a mentorship can have: an agreement, a first meeting, words of thanks, openings."""

from datetime import UTC, datetime, time, timedelta

from domain.calendar import months_after
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from emails.kinds._base.participant import MentorshipFacts
from emails.samples import GOALS, MENTEE, MENTOR
from schemas.cohort.opportunities import Opportunity
from schemas.cohort.settings import CohortSettings
from schemas.ids import mentorship_id
from schemas.mentorship.responses import DueMilestone, MentorshipPair
from schemas.mentorship.state import Milestone, Plan
from schemas.mentorship.terms import Cadence, Ending, Rhythm

THANKS = "Thank you for asking what I want before you told me what you would do.\n\nPao"
AGREED_AFTER, MET_AFTER = timedelta(days=35), timedelta(days=46)
QUARTERLY = Rhythm(every_months=3)


def sample_pair(cohort: CohortSettings) -> MentorshipPair:
    """Return an invented pair of this cohort."""
    return MentorshipPair(
        mentorship_id=mentorship_id(cohort.id, 7),
        cohort=cohort,
        mentor=MENTOR,
        mentee=MENTEE,
        goals=GOALS,
        starts_on=cohort.kickoff_day,
        ends_on=months_after(cohort.kickoff_day, cohort.timeline.months),
    )


def sample_plan(pair: MentorshipPair, ending: Ending | None = None) -> Plan:
    """Return the plan of a pair that agreed on everything early, so that every email there is stands in it."""
    kickoff = pair.cohort.kickoff_day
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


def sample_facts(pair: MentorshipPair, planned: Plan) -> MentorshipFacts:
    """Return what is known of the pair: all that any email can tell of."""
    due = {milestone.id: _known(milestone) for milestone in planned.milestones}
    return MentorshipFacts(
        pair=pair,
        due=due,
        openings=_openings(pair.cohort),
        thanks=THANKS,
        coming=tuple(
            milestone for milestone in due.values() if milestone.opens_on > pair.cohort.kickoff_day + MET_AFTER
        ),
    )


def _openings(cohort: CohortSettings) -> tuple[Opportunity, ...]:
    until = months_after(cohort.kickoff_day, cohort.timeline.months)
    return (
        Opportunity(
            id=1,
            area="involvement",
            title="Two seats on the conference's program committee",
            url="https://association.example.org/committees",
            closes_on=until,
        ),
        Opportunity(id=2, area="chance", title="A scholarship for first-time speakers", closes_on=until),
    )


def _known(milestone: Milestone) -> DueMilestone:
    return DueMilestone(**{name: getattr(milestone, name) for name in DueMilestone.model_fields})
