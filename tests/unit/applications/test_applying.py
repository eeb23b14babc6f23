"""From what is typed to an application, who is eligible, and the status of an application."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.applications.applying import (
    application_problems,
    application_questions,
    has_unsubmitted_changes,
    read_application,
    status_on_submission,
    typed_answers,
)
from domain.applications.eligibility import eligibility_rules, ineligibility_for_applicant, ineligibility_for_staff
from domain.forms import answer_label
from rehearsal.folder import read_folder
from schemas.applications.people import Application, MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings, Eligibility, Institute, ProgramContact
from schemas.enums import ApplicationStatus, Availability, GoalArea, LibraryType, Side, WorkingStyle
from schemas.forms.applying import PAGES
from schemas.forms.questions import Question

EXAMPLE = read_folder(Path(__file__).parents[3] / "examples" / "mile-2019")
RULES = Eligibility(min_years=5, sit_out_years=2)
COHORT = CohortSettings.model_validate(
    {
        "id": "mile-2019",
        "title": "2019 Mentorship Program",
        "institute": Institute.model_validate({"venue": "Lodge", "town": "Cohasset", "last_day": "2019-05-10"}),
        "contact": ProgramContact(role="Chair", email="chair@example.org"),
        "eligibility": RULES,
        "applications": {"opens_on": "2019-02-01", "closes_on": "2019-03-31"},
    }
)
MENTOR = {"name": "Solveig", "role": "Clerk", "library": "Ely", "library_type": "public", "town": "Ely", "years": "9"}
MENTEE = {name: answer for name, answer in MENTOR.items() if name != "years"} | {
    "goal_1": "Lead",
    "challenges": "Being heard",
    "hopes": "An ear",
}
TYPED = {Side.MENTOR: MENTOR, Side.MENTEE: MENTEE}
ANYTHING = st.text(max_size=40) | st.sampled_from(["9", "public", "leadership,networking", "yes", "flexible", "1990"])
QUESTIONS = [(side, question) for side in Side for question in application_questions(side)]


def mentor(**different: object) -> MentorApplication:
    return MentorApplication.model_validate(MENTOR | {"id": "A001", "email": "a@example.org"} | different)


@pytest.mark.parametrize("side", list(Side))
def test_every_question_is_asked_once_and_tells_who_reads_its_answer(side: Side) -> None:
    names = [question.name for question in application_questions(side)]
    assert len(names) == len(set(names))
    assert all({"you", "staff"} <= set(question.readers) for question in application_questions(side))
    read_by_partner = {question.name for question in application_questions(side) if "partner" in question.readers}
    goals = {"goal_1", "goal_2", "goal_3", "challenges", "hopes"} if side is Side.MENTEE else set()
    assert read_by_partner == {"name", "preferred_name", "pronouns", "role", "library", "town"} | goals


def test_pages_are_few_and_short() -> None:
    assert [len(PAGES[side]) for side in Side] == [5, 4]
    # Which language is asked for only where a class offers several.
    asked = [{question.name for question in page.questions} - {"language"} for side in Side for page in PAGES[side]]
    assert max(map(len, asked)) <= 7


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("library_type", LibraryType),
        ("offers", GoalArea),
        ("wants", GoalArea),
        ("working_style", WorkingStyle),
        ("availability", Availability),
    ],
)
def test_every_word_of_the_program_can_be_picked(name: str, words: type[GoalArea]) -> None:
    for _, question in QUESTIONS:
        if question.name == name:
            assert [choice.value for choice in question.choices] == [str(word) for word in words]
            assert all(answer_label(question, str(word)) != str(word) for word in words)


@pytest.mark.parametrize("side", list(Side))
def test_what_is_needed_is_enough_and_nothing_is_filled_in_beyond(side: Side) -> None:
    filled = read_application(side, TYPED[side], person_id="A001", email="a@example.org")
    assert filled.problems == {}
    assert filled.application is not None
    assert typed_answers(filled.application) == TYPED[side]
    for name in TYPED[side]:
        without = {other_name: typed for other_name, typed in TYPED[side].items() if other_name != name}
        assert set(application_problems(side, without)) == {name}


@pytest.mark.parametrize("person", [*EXAMPLE.mentors, *EXAMPLE.mentees], ids=lambda person: person.id)
def test_imported_application_is_the_same_after_a_visit_to_its_pages(person: Application) -> None:
    side = Side.MENTOR if isinstance(person, MentorApplication) else Side.MENTEE
    typed = typed_answers(person)
    assert not has_unsubmitted_changes(side, typed, person)
    filled = read_application(side, typed, person_id=person.id, email=person.email, stored=person)
    if filled.application is None:
        assert set(filled.problems) <= {"goal_1", "challenges", "hopes"}
    else:
        same = filled.application.model_dump(exclude={"offers", "wants", "availability"})
        assert same == person.model_dump(exclude={"offers", "wants", "availability"})
        assert not has_unsubmitted_changes(side, typed, filled.application)


@given(side=st.sampled_from(Side), data=st.data())
def test_any_typing_is_an_application_or_a_problem_with_a_question(side: Side, data: st.DataObject) -> None:
    names = [question.name for question in application_questions(side)]
    typed = TYPED[side] | data.draw(st.dictionaries(st.sampled_from(names), ANYTHING))
    filled = read_application(side, typed, person_id="A001", email="a@example.org")
    assert (filled.application is None) == bool(filled.problems)
    assert set(filled.problems) <= set(names)
    if filled.application:
        again = read_application(side, typed_answers(filled.application), person_id="A001", email="a@example.org")
        assert again.application == filled.application
        assert not has_unsubmitted_changes(side, typed, filled.application)


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"role": "Director"}, True),
        ({"role": " Clerk "}, False),
        ({"years": "x"}, True),
        ({"keep_apart": "Ada"}, False),
    ],
)
def test_only_what_the_application_would_say_otherwise_is_a_change(changes: dict[str, str], *, differs: bool) -> None:
    assert has_unsubmitted_changes(Side.MENTOR, MENTOR | changes, mentor()) is differs


@pytest.mark.parametrize(
    ("years", "attended", "for_staff", "for_applicant"),
    [
        (5, None, None, None),
        (5, 2017, None, None),
        (4, None, "mentors need 5 years", "Mentors of this class need 5 years or more in libraries, and"),
        (
            9,
            2018,
            "this mentor attended in 2018",
            "You attended the institute in 2018. This class asks its mentors to wait 2 years",
        ),
    ],
)
def test_rules_of_the_cohort_decide_who_may_mentor(
    years: int, attended: int | None, for_staff: str | None, for_applicant: str | None
) -> None:
    applicant = mentor(years=years, last_attended=attended)
    sentences = (
        ineligibility_for_staff(applicant, RULES, COHORT.kickoff_day),
        ineligibility_for_applicant(applicant, COHORT),
    )
    for sentence, begins in zip(sentences, (for_staff, for_applicant), strict=True):
        assert sentence is None if begins is None else str(sentence).startswith(begins)


def test_what_staff_waived_speaks_against_nobody() -> None:
    waived = mentor(years=0, rules_waived=True)
    assert ineligibility_for_staff(waived, RULES, COHORT.kickoff_day) is None
    assert ineligibility_for_applicant(waived, COHORT) is None


def test_only_the_requirements_a_cohort_has_are_listed() -> None:
    assert eligibility_rules(Eligibility()) == ()
    assert eligibility_rules(Eligibility(min_years=1)) == (
        "You have worked in libraries for one year or more. Any job title counts.",
    )
    assert len(eligibility_rules(RULES)) == 2


@pytest.mark.parametrize(
    ("application", "in_time", "before", "after"),
    [
        (mentor(), True, None, ApplicationStatus.ACCEPTED),
        (mentor(), False, None, ApplicationStatus.WAITING),
        (mentor(), False, ApplicationStatus.WITHDRAWN, ApplicationStatus.WAITING),
        (mentor(years=1), True, None, ApplicationStatus.INELIGIBLE),
        (mentor(years=1), False, None, ApplicationStatus.WAITING),
        (mentor(), False, ApplicationStatus.ACCEPTED, ApplicationStatus.ACCEPTED),
        (mentor(), True, ApplicationStatus.WAITING, ApplicationStatus.WAITING),
        (mentor(years=1), True, ApplicationStatus.ACCEPTED, ApplicationStatus.INELIGIBLE),
        (mentor(years=1, rules_waived=True), True, ApplicationStatus.ACCEPTED, ApplicationStatus.ACCEPTED),
    ],
)
def test_status_after_submission(
    application: MentorApplication, before: ApplicationStatus | None, after: ApplicationStatus, *, in_time: bool
) -> None:
    stored = mentor() if before else None
    assert status_on_submission(application, COHORT, in_time=in_time, status=before, stored=stored) is after


def test_nobody_waits_where_there_is_no_waiting_list() -> None:
    window = COHORT.applications.model_copy(update={"waiting_list": False}) if COHORT.applications else None
    assert status_on_submission(mentor(), COHORT.model_copy(update={"applications": window}), in_time=False) is None


def test_participants_are_on_the_institutes_list_whenever_they_tell_their_goals() -> None:
    sentence = MenteeApplication.model_validate(MENTOR | {"id": "P01", "email": "p@example.org"})
    for before in (None, ApplicationStatus.ACCEPTED, ApplicationStatus.WITHDRAWN):
        assert status_on_submission(sentence, COHORT, in_time=False, status=before) is ApplicationStatus.ACCEPTED


@pytest.mark.parametrize("question", [question for _, question in QUESTIONS], ids=lambda question: question.name)
def test_browsers_may_fill_in_what_they_know_of_their_owner(question: Question) -> None:
    stored_fields = {
        "name": "name",
        "preferred_name": "nickname",
        "role": "organization-title",
        "library": "organization",
        "town": "address-level2",
    }
    assert question.autocomplete == stored_fields.get(question.name, "off")
