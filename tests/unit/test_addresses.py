"""One rule for the address of a mailbox, wherever somebody gives one: every mail server on its way can write to it."""

from collections.abc import Callable
from datetime import date

import pytest
from pydantic import BaseModel, ValidationError

from domain.forms import read_answers
from domain.input_files.validation_messages import error_sentence
from schemas.applications.people import MenteeApplication, MentorApplication, Person
from schemas.cohort.roles import NewRoleHolder
from schemas.cohort.settings import ProgramContact
from schemas.forms.applying import BEGINNING, INQUIRY
from schemas.forms.questions import FormPage
from schemas.mentorship import contact

TOLD = {"name": "Zoë", "library": "Ely", "town": "Ely", "role": "Clerk"}
GIVEN: dict[str, Callable[[str], BaseModel]] = {
    "mentor": lambda email: MentorApplication.model_validate(
        TOLD | {"id": "M01", "library_type": "public", "years": 5, "email": email}
    ),
    "participant": lambda email: MenteeApplication.model_validate(
        TOLD | {"id": "P01", "library_type": "public", "email": email}
    ),
    "card": lambda email: Person.model_validate(TOLD | {"id": "P01", "side": "mentee", "email": email}),
    "corrected": lambda email: contact.ParticipantContact.model_validate(
        {"cohort_id": "mile-2019", "person_id": "P01", "side": "mentee", "name": "Zoë", "email": email}
    ),
    "contact": lambda email: ProgramContact(role="Chair", email=email),
    "role holder": lambda email: NewRoleHolder(role="Chair", email=email, starts_on=date(2019, 5, 10)),
}
WRITTEN = [
    ("zoe@exämple.org", "zoe@xn--exmple-cua.org"),
    ("zoe@XN--EXMPLE-CUA.org", "zoe@xn--exmple-cua.org"),
    ("Zoe.O'Hara+1@Example.org", "Zoe.O'Hara+1@example.org"),
]


@pytest.mark.parametrize(("typed", "written"), WRITTEN)
@pytest.mark.parametrize("where", GIVEN)
def test_international_domain_is_stored_by_its_ascii_name(where: str, typed: str, written: str) -> None:
    assert GIVEN[where](typed).model_dump()["email"] == written


@pytest.mark.parametrize("where", GIVEN)
def test_other_letters_before_the_at_sign_are_refused_with_what_to_do(where: str) -> None:
    with pytest.raises(ValidationError) as refused:
        GIVEN[where]("zoë@example.org")
    (error,) = refused.value.errors()
    assert error_sentence(error).startswith(
        "has letters before the @ that not every mail server takes; write one in plain"
    )


@pytest.mark.parametrize("form", [BEGINNING, INQUIRY], ids=["apply", "ask"])
def test_forms_keep_to_the_same_rule(form: FormPage) -> None:
    for typed, written in WRITTEN:
        assert read_answers(form.questions, {"email": typed, "text": "Why?"}).answers["email"] == written
    problems = read_answers(form.questions, {"email": "zoë@example.org", "text": "Why?"}).problems
    assert problems == {
        "email": "We can’t email this address. Please enter one with plain letters before the @, "
        "such as name@example.org."
    }
