"""The promises of the front page: what mentoring brings, and what it asks of both sides before anybody accepts."""

from collections.abc import Iterator, Sequence
from html import unescape

from rehearsal.checks.evidence import Evidence
from rehearsal.checks.own_calendar import local_date, names_day
from rehearsal.checks.verdict import Verdict, combine, judge
from rehearsal.pages_seen import PublicPageSeen

# Words for each point of the program's pages, in their order, as the standard text has them.
VALUE = {
    "value_for_mentors": ("profession stronger", "learn from your mentee", "leading them", "feels good"),
    "value_for_participants": (
        "advice on your career goals",
        "less alone",
        "meet more people",
        "new skills",
        "chances",
    ),
    "value_for_association": ("whatever their degree or title", "keep learning", "across the whole state"),
}
ASKED = {
    "mentor_responsibilities": (
        "with your mentee",
        "the mentee we match you with",
        "Try to meet",
        "set goals, get to know people, and learn to lead",
        "help put them into words",
        "Make the first contact",
        "on that schedule",
        "what your mentee needs",
        "who does what",
        "early on",
        "questions of the profession",
        "career goals",
        "safe to talk about hard things",
    ),
    "mentee_responsibilities": (
        "with your mentor",
        "Try to meet",
        "what is hard in your work",
        "criticism",
        "advice and feedback",
        "new ideas",
        "gratitude",
        "active part in",
    ),
}
NO_PAGE = "nobody opened the front page"
ACCEPTS, COMMITS = "When you submit this, you agree to", "What you commit to"


def front_page_shows_the_value(evidence: Evidence) -> Verdict:
    """A44: the front page says what mentoring brings to each side, when and where it begins, and whom to ask."""
    pages = _front_pages(evidence)
    points = [words for name in VALUE for words in _points(evidence, name, VALUE[name])]
    classes = [
        page for page in pages if local_date(page.at, evidence.settings.time_zone) < evidence.settings.kickoff_day
    ]
    return combine(
        judge(
            ((str(page.at), _says(page.front_page, points)) for page in pages),
            f"looks at the front page found all {len(points)} points",
            otherwise=NO_PAGE,
        ),
        judge(
            ((str(page.at), _presents_class(evidence, page.front_page)) for page in classes),
            "looks before the kickoff found the class, its day and place, and whom to ask",
            otherwise=NO_PAGE,
        ),
    )


def responsibilities_come_first(evidence: Evidence) -> Verdict:
    """A45: what is asked of both sides is on the front page, before the application, and before the commitment."""
    sides = [_points(evidence, name, words) for name, words in ASKED.items()]
    forms = evidence.pre_kickoff.forms
    reviews = [form.html for form in forms if ACCEPTS in form.html]
    proposals = [form.html for form in forms if COMMITS in form.html]
    count = sum(map(len, sides))
    return combine(
        judge(
            ((str(page.at), all(_says(page.front_page, side) for side in sides)) for page in _front_pages(evidence)),
            f"looks at the front page found all {count} responsibilities",
            otherwise=NO_PAGE,
        ),
        judge(
            _numbered(any(_says(html, side) for side in sides) for html in reviews),
            "applications named all that is asked before they were submitted",
            otherwise="nobody applied on the pages",
        ),
        judge(
            _numbered(all(_says(html, side) for side in sides) for html in proposals),
            "proposals named all that is asked of both",
            otherwise="nobody opened a proposal",
        ),
    )


def _front_pages(evidence: Evidence) -> list[PublicPageSeen]:
    return [page for page in evidence.pre_kickoff.public_pages if page.front_page]


def _points(evidence: Evidence, name: str, standard: Sequence[str]) -> Sequence[str]:
    """Return what the settings say of one list in the cohort's own words, or else words of the standard text."""
    own: Sequence[str] = getattr(evidence.settings.program, name)
    return own or standard


def _presents_class(evidence: Evidence, html: str) -> bool:
    settings = evidence.settings
    words = (settings.title, settings.institute.venue, settings.institute.town, settings.contact.email)
    links = (f'href="/apply/{settings.id}"', f'href="/ask/{settings.id}"')
    shown = unescape(html)
    return all(found in shown for found in (*words, *links)) and names_day(shown, settings.kickoff_day)


def _says(html: str, points: Sequence[str]) -> bool:
    return all(words in unescape(html) for words in points)


def _numbered(passed: Iterator[bool]) -> Iterator[tuple[str, bool]]:
    return ((f"page {number}", each) for number, each in enumerate(passed, start=1))
