"""Who answers for a cohort on a day, checked on paper."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.cohort.roles import contact_on, coordinators_on, is_held_on, settings_with_contact
from schemas.cohort.roles import NewRoleHolder, RoleHolder
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact

KICKOFF = date(2019, 5, 10)
SETTINGS = CohortSettings(
    id="mile-2019",
    title="2019 Mentorship Program",
    institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=KICKOFF),
    contact=ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
)


def held(id_: int, starts_on: str, ends_on: str | None = None, role: str = "Chair", **more: str) -> RoleHolder:
    given_ = {
        "id": id_,
        "role": role,
        "email": f"n{id_}@example.org",
        "starts_on": starts_on,
        "ends_on": ends_on,
    } | more
    return RoleHolder.model_validate(given_)


def answers(day: str, *holders: RoleHolder) -> str:
    return settings_with_contact(SETTINGS, holders, date.fromisoformat(day)).contact.email


def test_without_anybody_the_contact_of_the_settings_answers() -> None:
    assert settings_with_contact(SETTINGS, (), KICKOFF) == SETTINGS


def test_a_role_is_held_on_its_first_and_its_last_day_and_not_beside_them() -> None:
    holder = held(1, "2019-06-01", "2019-06-30")
    days = ("2019-05-31", "2019-06-01", "2019-06-30", "2019-07-01")
    assert [answers(day, holder) for day in days] == [
        "chair@example.org",
        "n1@example.org",
        "n1@example.org",
        "chair@example.org",
    ]


def test_the_name_of_the_role_changes_with_its_holder_and_nothing_else_does() -> None:
    later = settings_with_contact(SETTINGS, (held(1, "2019-06-01", role="Mentorship Team"),), date(2019, 6, 1))
    assert later.contact == ProgramContact(role="Mentorship Team", email="n1@example.org")
    assert later.model_copy(update={"contact": SETTINGS.contact}) == SETTINGS


def test_a_deputy_answers_while_they_stand_in_and_the_chair_does_again_afterwards() -> None:
    chair, deputy = held(1, "2019-06-01"), held(2, "2019-07-01", "2019-07-31")
    for holders in ((chair, deputy), (deputy, chair)):
        assert [answers(day, *holders) for day in ("2019-06-30", "2019-07-15", "2019-08-01")] == [
            "n1@example.org",
            "n2@example.org",
            "n1@example.org",
        ]


def test_of_two_who_begin_on_one_day_the_one_who_was_set_later_answers() -> None:
    assert answers("2019-06-02", held(2, "2019-06-01"), held(1, "2019-06-01")) == "n2@example.org"


def test_a_coordinator_reads_along_and_never_answers() -> None:
    holder = held(1, "2019-06-01", access="coordinator")
    two = held(2, "2019-06-01", "2019-06-30", access="coordinator")
    assert answers("2019-06-15", holder, two) == "chair@example.org"
    assert coordinators_on((two, holder), date(2019, 6, 15)) == (holder, two)
    assert coordinators_on((two, holder), date(2019, 7, 1)) == (holder,)


def test_a_reader_neither_answers_nor_reads_along() -> None:
    reader = held(1, "2019-06-01", access="reader")
    assert answers("2019-06-15", reader) == "chair@example.org"
    assert coordinators_on((reader,), date(2019, 6, 15)) == ()


def test_a_coordinator_with_two_roles_gets_one_copy() -> None:
    twice = (
        held(1, "2019-06-01", access="coordinator", email="ann@example.org"),
        held(2, "2019-06-05", access="coordinator", email="Ann@example.org"),
    )
    assert len(coordinators_on(twice, date(2019, 6, 10))) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "Chair <a@b.example>"},
        {"role": ""},
        {"email": "nobody"},
        {"ends_on": "2019-05-31"},
        {"role": "two\nlines"},
    ],
)
def test_what_cannot_stand_in_an_email_or_lasts_no_day_is_refused(wrong: dict[str, str]) -> None:
    right = {"role": "Chair", "email": "chair@example.org", "starts_on": "2019-06-01"}
    NewRoleHolder.model_validate(right)
    with pytest.raises(ValidationError):
        NewRoleHolder.model_validate(right | wrong)


@given(
    spans=st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers(0, 20)), max_size=6),
    on=st.integers(0, 70),
)
def test_whoever_answers_holds_the_role_and_nobody_who_does_began_later(
    spans: list[tuple[int, int | None]], on: int
) -> None:
    day = KICKOFF + timedelta(days=on)
    holders = [
        held(
            number,
            str(KICKOFF + timedelta(days=begins)),
            None if lasts is None else str(KICKOFF + timedelta(days=begins + lasts)),
        )
        for number, (begins, lasts) in enumerate(spans, start=1)
    ]
    coordinators = contact_on(holders, day)
    in_office = [holder for holder in holders if is_held_on(holder, day)]
    if coordinators is None:
        assert in_office == []
    else:
        assert coordinators in in_office
        assert all((holder.starts_on, holder.id) <= (coordinators.starts_on, coordinators.id) for holder in in_office)
