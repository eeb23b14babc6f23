"""From what somebody typed to an application, and its status once it is submitted."""

import re
from collections.abc import Mapping
from typing import Any

from domain.applications.eligibility import ineligibility_for_applicant
from domain.forms import read_answers
from domain.languages import gettext
from schemas.applications.people import Application, MenteeApplication, MentorApplication
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, Side
from schemas.forms.applying import GOALS_ASKED, PAGES
from schemas.forms.questions import Question

GOALS = tuple(f"goal_{number}" for number in range(1, GOALS_ASKED + 1))

_SCHEMAS: dict[Side, type[MentorApplication | MenteeApplication]] = {
    Side.MENTOR: MentorApplication,
    Side.MENTEE: MenteeApplication,
}

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class ApplicationReading(FrozenModel):
    """What somebody typed, read: the application it makes, or what is missing or wrong, by question name."""

    application: MentorApplication | MenteeApplication | None = None
    problems: dict[str, str]


def application_questions(side: Side) -> tuple[Question, ...]:
    """Return all that one side is asked, in order."""
    return tuple(question for page in PAGES[side] for question in page.questions)


def readable_answer(side: Side, answers: Mapping[str, str], name: str) -> str:
    """Return the answer to one question, or an empty string where it is not valid: drafts are saved unchecked."""
    questions = [question for question in application_questions(side) if question.name == name]
    return read_answers(questions, answers).answers.get(name, "")


def application_problems(side: Side, answers: Mapping[str, str]) -> dict[str, str]:
    """Return what is missing or wrong in what somebody typed, by question name; nothing where it is complete."""
    reading = read_answers(application_questions(side), answers)
    return reading.problems | _unprintable(side, reading.answers)


def read_application(
    side: Side, answers: Mapping[str, str], *, person_id: str, email: str, stored: Application | None = None
) -> ApplicationReading:
    """Read what was typed as an application; what only staff write, such as conflicts, is taken from ``stored``."""
    problems = application_problems(side, answers)
    if problems:
        return ApplicationReading(problems=problems)
    typed = read_answers(application_questions(side), answers).answers
    question_names = {question.name for question in application_questions(side)}
    stored_fields = stored.model_dump() if stored else {}
    fields = {name: value for name, value in stored_fields.items() if name not in question_names}
    fields |= {"id": person_id, "email": email} | _fields(side, typed)
    if side is Side.MENTEE:
        fields["goals"] = _goals(typed, stored_fields)
    return ApplicationReading(application=_SCHEMAS[side].model_validate(fields), problems={})


def typed_answers(application: Application) -> dict[str, str]:
    """Return an application as its author would have typed it; nothing is filled in that nobody answered."""
    fields: dict[str, Any] = application.model_dump(mode="json", exclude_defaults=True)
    goals = dict(zip(GOALS, fields.pop("goals", ()), strict=False))
    question_names = {question.name for side in Side for question in application_questions(side)}
    typed = {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in fields.items()}
    return {name: value for name, value in typed.items() if name in question_names} | goals


def has_unsubmitted_changes(side: Side, typed: Mapping[str, str], application: Application) -> bool:
    """Tell whether what was typed differs from the application that was submitted."""
    meant = read_application(
        side, typed, person_id=application.id, email=application.email, stored=application
    ).application
    return _comparable(side, typed_answers(meant) if meant else typed) != _comparable(side, typed_answers(application))


def status_on_submission(
    application: MentorApplication | MenteeApplication,
    settings: CohortSettings,
    *,
    in_time: bool,
    status: ApplicationStatus | None = None,
    stored: MentorApplication | MenteeApplication | None = None,
) -> ApplicationStatus | None:
    """Return the status of an application once it is submitted, or None where it is late and nobody may wait.

    ``status`` and ``stored`` are what it was before. Mentees attend the institute, so no rule keeps them out (A3). A
    change keeps its status, unless it is the first to break or to meet a requirement.
    """
    if not isinstance(application, MentorApplication):
        return (
            status if status in {ApplicationStatus.ACCEPTED, ApplicationStatus.WAITING} else ApplicationStatus.ACCEPTED
        )
    why = ineligibility_for_applicant(application, settings)
    if status in {None, ApplicationStatus.WITHDRAWN}:
        if not in_time:
            return ApplicationStatus.WAITING if settings.applications and settings.applications.waiting_list else None
        return ApplicationStatus.INELIGIBLE if why else ApplicationStatus.ACCEPTED
    before = ineligibility_for_applicant(stored, settings) if isinstance(stored, MentorApplication) else None
    if status is ApplicationStatus.WAITING or (why is None) == (before is None):
        return status
    return ApplicationStatus.INELIGIBLE if why else ApplicationStatus.ACCEPTED


def _comparable(side: Side, typed: Mapping[str, str]) -> dict[str, str]:
    reading = read_answers(application_questions(side), typed)
    comparable = {name: typed[name] for name in reading.problems if typed.get(name)} | reading.answers
    fields = {*_SCHEMAS[side].model_fields, *GOALS}
    return {name: value for name, value in comparable.items() if name in fields}


def _fields(side: Side, answers: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers as an application's fields; what was left empty is left to its defaults."""
    answered = [question for question in application_questions(side) if question.name in answers]
    fields = {question.name: _value(question, answers[question.name]) for question in answered}
    return {name: value for name, value in fields.items() if name in _SCHEMAS[side].model_fields}


def _goals(answers: Mapping[str, str], stored_fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the goals typed, and those beyond the form's number, which an import may have brought."""
    return (*(answers[goal] for goal in GOALS if goal in answers), *stored_fields.get("goals", ())[GOALS_ASKED:])


def _value(question: Question, answer: str) -> str | tuple[str, ...]:
    return tuple(answer.split(",")) if question.kind == "ticks" else answer


def _unprintable(side: Side, answers: Mapping[str, str]) -> dict[str, str]:
    return {
        question.name: gettext("We can’t show some of these characters. Please type this again.")
        for question in application_questions(side)
        if question.kind == "text" and _UNPRINTABLE.search(answers.get(question.name, ""))
    }
