"""What people are called: the name they prefer, else their first name where their name says which one that is."""

import pytest

from schemas.applications.people import Person, short_name
from schemas.enums import Side


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Ingeborg Tamarack", "Ingeborg"),
        ("  Pao   Lindqvist ", "Pao"),
        ("LaToya Grimes, MLIS", "LaToya"),
        ("Jean-Luc O'Rourke", "Jean-Luc"),
        ("Dorothea", "Dorothea"),
        ("Dr. Vang", "Dr. Vang"),
        ("Sister Mary Olson", "Sister Mary Olson"),
        ("J. R. Olson", "J. R. Olson"),
        ("J.R. Olson", "J.R. Olson"),
        ("Brandt, Anneliese", "Brandt, Anneliese"),
        ("Frida Olson", "Frida"),
        ("", ""),
    ],
)
def test_first_name_is_used_unless_the_name_does_not_say_which_word_it_is(name: str, called: str) -> None:
    assert short_name(name) == called


@pytest.mark.parametrize("name", ["Mai See Vang", "Dr. Vang", ""])
def test_preferred_name_always_wins(name: str) -> None:
    assert short_name(name, "Mai See") == "Mai See"


def test_person_is_called_by_the_preferred_name_they_gave() -> None:
    person = Person(
        id="M02", side=Side.MENTOR, name="Mai See Vang", email="m@example.org", library="L", town="Ely", role="Clerk"
    )
    assert person.short_name == "Mai"
    assert person.model_copy(update={"preferred_name": "Mai See"}).short_name == "Mai See"
