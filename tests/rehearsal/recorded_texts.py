"""What the people of a recorded class read: the words of their emails and pages, by kind."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.formatting import format_weekday
from rehearsal.pages_seen import OpportunityChoice
from rehearsal.program_events import program_events
from schemas.enums import EmailKind, Side
from tests.rehearsal.recorded_class import KICKOFF, LOCAL, SETTINGS

ENDS_ON = date(2020, 11, 10)
EVENTS = program_events(SETTINGS)
GOAL = "Lead a small team well."
TURNS = ("goals", "networking", "leadership")
FIRST_WORDS = {
    EmailKind.WELCOME: (
        f"Please contact your mentee, P01, by {format_weekday(date(2019, 5, 31))}. Sugar Lake Lodge, Cohasset,"
        f" {format_weekday(KICKOFF)} to {format_weekday(ENDS_ON)}. > Lead a small team well. > Time. > Calm."
    ),
    EmailKind.MEETING: f"Please pick one question to ask. {GOAL} Between us, said P01 once. Skip it if you like.",
    EmailKind.CHECK_IN: (
        "In person, phone, video, or email all count, and “not yet” is a fine answer. Who could you introduce?"
    ),
    EmailKind.FAREWELL: "Your certificate is ready.",
    EmailKind.AGREEMENT: "Making an agreement",
}


CHOSEN_AT = datetime(2019, 7, 22, 10, tzinfo=LOCAL)
CHOICES = (
    OpportunityChoice(mentorship="mile-2019-001", side=Side.MENTEE, at=CHOSEN_AT, taken_up=EVENTS.chance.title),
    OpportunityChoice(mentorship="mile-2019-005", side=Side.MENTEE, at=CHOSEN_AT, kinds=("course",)),
)


def at(day: date) -> datetime:
    """Return 9:00 local of a day."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(LOCAL.key))


def contact_on(day: date) -> tuple[str, str]:
    """Return the role and the address that answer on a day."""
    contact = EVENTS.contact if day >= EVENTS.contact.starts_on else SETTINGS.contact
    return contact.role, contact.email


def words_of(kind: EmailKind, day: date, asks: tuple[str, ...] = (), *, lists: bool = True) -> str:
    """Return the text of an email of a day; one to somebody who wants other kinds ``lists`` no opportunities."""
    number = int(asks[0].rpartition("-")[2]) if asks and asks[0][-1].isdigit() else 1
    topic = f"A topic for this meeting: {TURNS[(number - 1) % 3]}" if kind is EmailKind.MEETING else ""
    opportunities = [one.title for one in (EVENTS.chance, EVENTS.opening) if lists and day <= one.closes_on]
    shown = " ".join(opportunities if kind is EmailKind.CHECK_IN else opportunities[-1:])
    listed = shown if kind in {EmailKind.CHECK_IN, EmailKind.INVOLVEMENT} else ""
    footer = f"{SETTINGS.program.name}, {SETTINGS.title}. Questions? Ask the {' '.join(contact_on(day))}"
    return " ".join((FIRST_WORDS.get(kind, ""), topic, listed, footer))


def form(text: str = "", **phrases: str) -> str:
    """Return a page that asks for each of these in its words, with one field for free words."""
    inputs = "".join(f'<p>{words}</p><input type="radio" name="{name}" value="1">' for name, words in phrases.items())
    area = f"<textarea name={text}></textarea>" if text else ""
    return f'<p>Who can see this: you.</p><form>{inputs}{area}</form><a href="/guidance">Tips</a>'


PAGES = {
    "agreement": form(mentor_does="What the mentor will do", mentee_does="What the mentee will do"),
    "self_assessment-1": form(
        isolation="no one to ask about work",
        skills="I have the skills I need for my goals",
        confidence="I feel confident about tasks that are new to me",
        communication="I listen, ask, and explain well",
        leadership="I lead well",
    ),
    "meeting-1": form("takeaway", topics="What did you talk about?", take="What is one thing you take away?"),
    "check_in-1": form(
        introductions="introduced your mentee to, or met through your mentor",
        opportunity="I took an opportunity",
        satisfaction="How satisfied are you",
        call_requested="Please call me",
    ),
    "involvement-1": form(active="Have you taken part in the association", where="At a conference or training day"),
    "agreement_review-1": form(
        feedback_given="I told my partner what helps me", feedback_received="I asked my partner the same"
    ),
    "closure_survey": form(
        satisfaction="Overall, how satisfied are you",
        learned="I learned from my mentee",
        share_takeaway="You may share this answer with my partner",
        again="Would you mentor again?",
        advice="I got knowledge and advice that help my career",
        career="I see my next career steps",
        criticism="We could tell each other what was not going well",
        new_ideas="I found ideas that were new to me",
        profession="Minnesota’s library profession a little stronger",
    ),
    "follow_up-1": form(new_role="Have you taken on a new role?", leadership="I take the lead more often"),
    "farewell": '<p>Download your certificate</p><a href="/guidance">Tips</a>',
}
