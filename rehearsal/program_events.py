"""What happens around a rehearsed class, whoever is in it: an earlier class, a new chair, and opportunities."""

from datetime import date, timedelta

from rehearsal.environment import STAFF, Environment
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.base import FrozenModel
from schemas.cohort.opportunities import NewOpportunity
from schemas.cohort.roles import NewRoleHolder
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.enums import LibraryType, OpportunityKind
from services import opportunities, roles

LONGEST_ID = 40
YEARS_BEFORE = 2
# Between two check-ins, so that each shows another list of opportunities.
CHANCE_CLOSES_AFTER = timedelta(days=100)
OPENING_CLOSES_AFTER = timedelta(days=400)
NEW_CONTACT_AFTER = timedelta(days=240)


class EarlierMentor(FrozenModel):
    """A mentor of the earlier class: what they said to mentoring again, and whether they want no invitations."""

    application: MentorApplication
    again: str
    uninvited: bool = False

    @property
    def invited(self) -> bool:
        """Tell whether this class may invite them."""
        return self.again == "yes" and not self.uninvited


class EarlierMentee(FrozenModel):
    """A mentee of the earlier class, and what they said to being a mentor one day; they have sat out."""

    application: MenteeApplication
    one_day: str

    @property
    def invited(self) -> bool:
        """Tell whether this class may invite them."""
        return self.one_day == "yes"


class EarlierClass(FrozenModel):
    """A class before the rehearsed one, with one mentee for each mentor."""

    settings: CohortSettings
    mentors: tuple[EarlierMentor, ...]
    mentees: tuple[EarlierMentee, ...]


class ProgramEvents(FrozenModel):
    """What happens around a class. ``contact`` answers for it from its first day on; ``chance`` closes early."""

    earlier: EarlierClass
    contact: NewRoleHolder
    chance: NewOpportunity
    opening: NewOpportunity


def program_events(settings: CohortSettings) -> ProgramEvents:
    """Return what happens around the class of these settings."""
    kickoff = settings.kickoff_day
    return ProgramEvents(
        earlier=_earlier_class(settings),
        contact=NewRoleHolder(
            role="Chair of Mentoring", email="next.contact@example.org", starts_on=kickoff + NEW_CONTACT_AFTER
        ),
        chance=NewOpportunity(
            area="chance",
            kind=OpportunityKind.FUNDING,
            title="Scholarship for a leadership course",
            closes_on=kickoff + CHANCE_CLOSES_AFTER,
        ),
        opening=NewOpportunity(
            area="involvement",
            kind=OpportunityKind.COMMITTEE,
            title="A seat on the conference committee",
            url="https://library.example.org/committee",
            closes_on=kickoff + OPENING_CLOSES_AFTER,
        ),
    )


async def announce(environment: Environment, settings: CohortSettings) -> None:
    """Enter the opportunities and the next role holder.

    Staff do so at the kickoff: a mentorship may be ahead of its cohort, and its emails would miss what comes later.
    """
    events, services = program_events(settings), environment.services
    for opportunity in (events.chance, events.opening):
        await opportunities.add(services, STAFF, settings.id, opportunity)
    await roles.set_role(services, STAFF, settings.id, events.contact)


def _earlier_class(settings: CohortSettings) -> EarlierClass:
    # Long enough ago for its mentees to have sat out.
    years = max(YEARS_BEFORE, settings.eligibility.sit_out_years)
    last_day = date(settings.kickoff_day.year - years, 5, 8)
    return EarlierClass(
        settings=CohortSettings(
            id=f"before-{settings.id}"[:LONGEST_ID],
            title="Earlier Mentorship Program",
            institute=Institute(venue="Gunflint Hall", town="Grand Marais", last_day=last_day),
            contact=ProgramContact(role="Earlier Chair", email="earlier.chair@example.org"),
        ),
        mentors=(
            EarlierMentor(application=_mentor("E01", "Alma Nygaard"), again="yes"),
            EarlierMentor(application=_mentor("E02", "Bertil Krone"), again="no"),
            EarlierMentor(application=_mentor("E03", "Celia Ashworth"), again="later"),
            EarlierMentor(application=_mentor("E04", "Dov Abelman"), again="yes", uninvited=True),
        ),
        mentees=tuple(
            EarlierMentee(application=_mentee(f"F{number:02}", number), one_day=one_day)
            for number, one_day in enumerate(("yes", "perhaps", "no", ""), start=1)
        ),
    )


def _mentor(person: str, name: str) -> MentorApplication:
    return MentorApplication(**_person(person, name), library_type=LibraryType.PUBLIC, years=20)


def _mentee(person: str, number: int) -> MenteeApplication:
    name = f"Earlier Mentee {'ABCD'[number - 1]}"
    return MenteeApplication(**_person(person, name), library_type=LibraryType.PUBLIC, goals=("Learn.",))


def _person(person: str, name: str) -> dict[str, str]:
    return {
        "id": person,
        "name": name,
        "email": f"{person.lower()}@earlier.example.org",
        "library": f"Earlier Library of {name}",
        "town": "Grand Marais",
        "role": "Librarian",
    }
