"""Forms and sentences in a language of Greek letters: a Latin word is one that no catalog has."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from babel import Locale
from pydantic import BaseModel

from domain import languages
from domain.applications.applying import application_problems
from domain.applications.eligibility import eligibility_rules, ineligibility_for_applicant
from domain.availability.addresses import check_address
from domain.cohort.program_text import responsibilities, value_of_mentoring
from domain.date_parsing import MAX_DAYS, parse_day, parse_days
from domain.formatting import format_day, format_list, format_weekday
from domain.forms import answer_label, questions_for, read_answers
from domain.kickoff.rsvp import session_questions
from domain.languages import in_language, translated
from domain.matching.proposals import (
    ProposalClosed,
    ProposalClosedReason,
    read_proposal_answer,
    shared_reasons,
)
from domain.mentorship.agreement import agreement_problems
from domain.mentorship.my_mentorship import TITLES, title_of
from schemas.applications.people import MentorApplication
from schemas.cohort.settings import CohortSettings, HalfDaySession, Program
from schemas.enums import Availability, GoalArea, Language, LibraryType, MilestoneKind, Side, WorkingStyle
from schemas.errors import CalendarRefused
from schemas.forms import invitations, meetings, opportunities, own_page
from schemas.forms.agreement import AGREEMENT, SECTIONS
from schemas.forms.applying import BEGINNING, INQUIRY, LOST_LINKS, PAGES
from schemas.forms.catalog import CONFIDENCE, FORMS, GOAL
from schemas.forms.questions import Question
from schemas.forms.readiness import READINESS
from schemas.forms.topics import TOPIC
from schemas.matching.results import CriterionScore, Pair
from schemas.mentorship.terms import TimelineSettings
from tests.pseudo_language import PseudoCatalog
from web.form import Field, readers_note, readers_sentence, shared_readers
from web.participants.own_steps import SAVED

COHORT = CohortSettings.model_validate(
    {
        "id": "mile-2019",
        "title": "2019",
        "languages": ["en", "es"],
        "institute": {"venue": "Σ", "town": "Ε", "last_day": "2019-05-10"},
        "contact": {"role": "Χ", "email": "chair@example.org"},
        "eligibility": {"min_years": 5, "sit_out_years": 2},
        "program": {"association": "Α"},
    }
)
OWN_FORMS = (
    own_page.CALL,
    own_page.DETAILS,
    own_page.ADDRESS,
    own_page.PAUSE,
    own_page.RESUME,
    own_page.LEAVE,
    own_page.STAY_IN_TOUCH,
    own_page.CALENDAR,
    own_page.CALENDAR_REMOVED,
    own_page.NEW_LINK,
)
MEETING_FORMS = (meetings.PROPOSE, meetings.CHOOSE, meetings.CHANGE_PLACE)
SINGLE = (
    *(GOAL, CONFIDENCE, TOPIC, opportunities.KINDS, invitations.QUESTION_FIRST, invitations.DECLINE_REASON),
    *(invitations.HALF_DAY, invitations.MEALS, invitations.ACCESS, *invitations.STATUS.values()),
)
EVERY_FORM: tuple[BaseModel, ...] = (
    *FORMS.values(),
    *(AGREEMENT, *SECTIONS, *PAGES[Side.MENTOR], *PAGES[Side.MENTEE], BEGINNING, LOST_LINKS, INQUIRY),
    *OWN_FORMS,
    *MEETING_FORMS,
    *READINESS.values(),
    *SINGLE,
)
# Read by programs alone.
NOT_SHOWN = {"name", "kind", "value", "slug", "autocomplete", "tick", "reader", "readers", "asked"}
CALENDAR_WORDS = {
    word
    for names in (Locale("es").months["format"]["wide"], Locale("es").days["format"]["wide"])
    for word in names.values()
} | {"de"}


@pytest.fixture(autouse=True)
def _greek(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(languages, "catalog", lambda _: PseudoCatalog())
    with in_language(Language.SPANISH):
        yield


def latin(text: str) -> list[str]:
    """Return the Latin words of a text, without placeholders, addresses, and days as Babel writes them."""
    plain = re.sub(r"%\(\w+\)s|\{\w+\}|\S+://|\S+@\S+", "", text)
    return [word for word in re.findall(r"[A-Za-zÀ-ÿ]{2,}", plain) if word not in CALENDAR_WORDS]


def shown_texts(model: BaseModel) -> Iterator[str]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, BaseModel):
                yield from shown_texts(part)
            elif isinstance(part, str) and name not in NOT_SHOWN:
                yield part


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda form: getattr(form, "title", getattr(form, "name", "part")))
def test_every_word_of_a_form_is_a_message(form: BaseModel) -> None:
    assert list(filter(latin, shown_texts(translated(form)))) == []


def test_goals_stay_in_the_words_of_the_mentee() -> None:
    asked = questions_for(MilestoneKind.GOAL_CHECK_IN, Side.MENTEE, ("Networking",))
    assert [question.label for question in asked] == ["Networking"]
    rated = questions_for(MilestoneKind.SELF_ASSESSMENT, Side.MENTEE, ("Networking",))
    assert latin(rated[-1].label) == ["Networking"]


def test_half_days_keep_the_words_of_the_class() -> None:
    half = {"label": "Morning", "day": "2019-05-08", "begins": "09:00", "ends": "12:00"}
    session = HalfDaySession.model_validate({"half_days": [half | {"id": "one"}, half | {"id": "two"}]})
    asked = session_questions(session, Side.MENTOR, "en_US")
    words = [word for question in asked for text in shown_texts(question) for word in latin(text)]
    assert set(words) == {"Morning"}


@pytest.mark.parametrize("kind", FORMS)
def test_who_sees_an_answer_is_said_in_the_readers_language(kind: MilestoneKind) -> None:
    for side in Side:
        fields = [Field(question=question) for question in FORMS[kind].for_side(side)]
        notes = [readers_sentence(field.question, "en_US") for field in fields]
        notes += [readers_note(fields, shared_readers(fields), "en_US"), readers_note(fields[:1], None, "en_US")]
        notes += [readers_note([field], field.question, "en_US") for field in fields]
        # Babel joins the last two readers of a list.
        assert list(filter(latin, notes)) == []


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ({"kind": "choice"}, "?"),
        ({"kind": "choice", "required": True}, ""),
        ({"kind": "tick"}, "?"),
        ({"kind": "ticks"}, "?"),
        ({"kind": "ticks", "required": True}, ""),
        ({"kind": "count"}, "?"),
        ({"kind": "count", "least": 1900, "most": 2200}, "?"),
        ({"kind": "text", "longest": 2}, "???"),
        ({"kind": "text", "required": True}, ""),
        ({"kind": "line"}, "?\n?"),
        ({"kind": "email"}, "?"),
        ({"kind": "email"}, "ö@example.org"),
        ({"kind": "date"}, "?"),
        ({"kind": "date"}, "2019-02-30"),
        ({"kind": "date"}, "lunes, 10 de mayo de 2019"),
        ({"kind": "time"}, "?"),
        ({"kind": "dates"}, "?"),
        ({"kind": "dates"}, "\n".join(f"{date(2019, 1, 1) + timedelta(days=day)}" for day in range(MAX_DAYS + 1))),
    ],
)
def test_problem_of_an_answer_is_said_in_the_readers_language(question: dict[str, object], typed: str) -> None:
    asked = Question.model_validate({"name": "it", "label": "?", **question})
    (problem,) = read_answers([asked], {"it": typed}).problems.values()
    assert latin(problem) == []


def test_sentences_about_an_application_are_in_the_readers_language() -> None:
    mentor = {"id": "M1", "name": "?", "email": "m@example.org", "library": "?", "library_type": "public"}
    mentor |= {"town": "?", "role": "?"}
    said = [
        *eligibility_rules(COHORT.eligibility),
        ineligibility_for_applicant(MentorApplication.model_validate(mentor | {"years": 2}), COHORT),
        ineligibility_for_applicant(
            MentorApplication.model_validate(mentor | {"years": 9, "last_attended": 2019}), COHORT
        ),
        *application_problems(Side.MENTOR, {"about": "\x01", "years": "?"}).values(),
        *read_proposal_answer({"act": "?"}).problems.values(),
        *(str(ProposalClosed(why)) for why in ProposalClosedReason),
    ]
    assert [text for text in said if text is None or latin(text)] == []


def test_sentences_about_a_mentorship_are_in_the_readers_language() -> None:
    first, last = date(2019, 5, 10), date(2020, 11, 10)
    dates = {"meetings": "dates", "meeting_dates": "2018-01-01", "goal_updates": "6"}
    said = [
        *agreement_problems({}, first, last).values(),
        *agreement_problems(dates, first, last).values(),
        *agreement_problems({"meetings": "dates"}, first, last).values(),
        *map(title_of, TITLES),
        *map(languages.gettext, SAVED.values()),
        answer_label(FORMS[MilestoneKind.CHECK_IN].questions[4], "yes"),
    ]
    for address in ("https://[", "http://example.org", "https://me:secret@example.org"):
        with pytest.raises(CalendarRefused) as refused:
            check_address(address)
        said.append(str(refused.value))
    assert list(filter(latin, said)) == []


@pytest.mark.parametrize("months", [1, 2, 3])
def test_standard_text_of_the_program_is_in_the_readers_language(months: int) -> None:
    timeline = TimelineSettings(meetings_every_months=months)
    value = value_of_mentoring(Program())
    said = [*value.mentors, *value.participants, *value.association]
    said += [text for side in Side for text in responsibilities(COHORT.program, timeline, side)]
    assert list(filter(latin, said)) == []


def test_reasons_for_a_match_are_in_the_readers_language() -> None:
    def words(values: object) -> str:
        return ", ".join(str(value).replace("_", " ") for value in values)  # type: ignore[attr-defined]

    answers = [
        ("goals", words(GoalArea), words(GoalArea)),
        ("availability", words(Availability), words(Availability)),
        *(("library_type", *pair) for pair in product(LibraryType, LibraryType)),
        *(("working_style", style.replace("_", " "), style.replace("_", " ")) for style in WorkingStyle),
        ("distance", "Duluth", "Cloquet"),
    ]
    criteria = [
        CriterionScore(name=name, points=5, of=10, question="?", answers=(mentor, mentee), reason="?")
        for name, mentor, mentee in answers
    ]
    reasons = shared_reasons(Pair(mentee="P01", mentor="M01", score=7000, criteria=tuple(criteria)))
    assert len(reasons) == len(answers)
    assert list(filter(latin, reasons)) == []


def test_days_are_read_as_they_are_written() -> None:
    days = [date(2019, 1, 1) + timedelta(days=17 * step) for step in range(40)]
    for language in Language:
        with in_language(language):
            assert [parse_day(format_weekday(day)) for day in days] == days
            assert parse_days("\n".join(map(format_day, days))) == tuple(days)
            assert parse_days(format_list([format_day(day) for day in days])) == tuple(days)
            assert parse_day("sabado, 11 de mayo de 2019") == date(2019, 5, 11)
            assert parse_day("el sábado 11 de mayo del 2019") == date(2019, 5, 11)
