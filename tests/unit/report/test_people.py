"""Who took part: role groups without regard to a degree, regions, and what is withheld of them (A17, A19)."""

import pytest

from domain.report.figures import make_report
from domain.report.people import ACROSS, REGIONS, SAME, UNKNOWN, role_group
from schemas.enums import ApplicationStatus, MilestoneKind, Side
from schemas.report.figures import Report, RoleGroup
from schemas.report.records import ApplicationRecord, CohortRecords, PairRecord, PersonRecord, ResponseRecord


@pytest.mark.parametrize(
    ("role", "group"),
    [
        ("Library director", RoleGroup.LEADING),
        ("Assistant director", RoleGroup.LEADING),
        ("Head of community services", RoleGroup.LEADING),
        ("Circulation supervisor", RoleGroup.LEADING),
        ("Reference librarian", RoleGroup.LIBRARIAN),
        ("TEACHER LIBRARIAN", RoleGroup.LIBRARIAN),
        ("Media specialist", RoleGroup.LIBRARIAN),
        ("Archives assistant", RoleGroup.SUPPORT),
        ("Youth services associate", RoleGroup.SUPPORT),
        ("Systems technician", RoleGroup.SUPPORT),
        ("Consultant for library development", RoleGroup.OTHER),
        ("Webpages", RoleGroup.OTHER),
        ("", RoleGroup.OTHER),
    ],
)
def test_words_of_a_role_tell_its_group(role: str, group: RoleGroup) -> None:
    assert role_group(role) is group


def report_of(towns: dict[str, int], role: str = "Librarian") -> Report:
    """Return the report of so many people in each town, each the other one's partner."""
    where = [town for town, count in towns.items() for _ in range(count)]
    people = tuple(PersonRecord(person=f"P{place}", role=role, town=town) for place, town in enumerate(where))
    pairs = tuple(
        PairRecord(mentor=person.person, mentee=partner.person)
        for person, partner in zip(people, reversed(people), strict=True)
    )
    return make_report(CohortRecords(cohort_id="c", people=people, pairs=pairs))


def counts(report: Report, by: str) -> dict[str, int | None]:
    (figure,) = [person for person in report.people if person.by == by]
    return {choice.label: choice.count for choice in figure.choices}


def test_people_are_counted_in_the_part_of_the_state_they_work_in() -> None:
    shown = counts(report_of({"Duluth": 6, "St. Paul": 7, "Fargo": 5}), "region")
    assert shown == {**dict.fromkeys(REGIONS, 0), "Northeast": 6, "Metro": 7, "Elsewhere, or not known": 5}
    assert report_of({"Duluth": 6, "St. Paul": 7, "Fargo": 5}).covered == 2


def test_parts_of_the_state_with_few_people_are_withheld_together() -> None:
    shown = counts(report_of({"Duluth": 9, "St. Paul": 3, "Bemidji": 2}), "region")
    assert shown == {**dict.fromkeys([*REGIONS, "Elsewhere, or not known"], None), "Northeast": 9}


def test_how_many_parts_is_withheld_where_it_would_tell_that_there_is_one_person_in_each() -> None:
    towns = ("Duluth", "St. Paul", "Bemidji", "Mankato", "Rochester", "Marshall", "Willmar", "Alexandria", "Fargo")
    everywhere = report_of(dict.fromkeys(towns, 1))
    assert everywhere.covered is None
    assert report_of({**dict.fromkeys(towns, 1), "Duluth": 2}).covered == 8


def test_pairs_across_the_state_are_counted() -> None:
    assert counts(report_of({"Duluth": 5, "St. Paul": 5}), "pair") == {SAME: 0, ACROSS: 10, UNKNOWN: 0}
    assert counts(report_of({"Duluth": 5, "Fargo": 5}), "pair") == {SAME: 0, ACROSS: 0, UNKNOWN: 10}


def test_what_a_small_role_group_answered_is_told_together_with_the_next_smallest() -> None:
    roles = ["Director"] * 3 + ["Librarian"] * 6 + ["Clerk"] * 9
    people = tuple(PersonRecord(person=f"P{place}", role=role, town="") for place, role in enumerate(roles))
    responses = tuple(
        ResponseRecord(
            form=MilestoneKind.CLOSURE_SURVEY,
            side=Side.MENTOR if place % 2 else Side.MENTEE,
            answers={"satisfaction": "5" if person.role == "Clerk" else "1"},
            person=person.person,
        )
        for place, person in enumerate(people)
    )
    groups = make_report(CohortRecords(cohort_id="c", people=people, responses=responses)).groups
    assert {person.group: (person.answered, person.mean) for person in groups} == {
        RoleGroup.LEADING: (None, None),
        RoleGroup.LIBRARIAN: (None, None),
        RoleGroup.SUPPORT: (9, 5.0),
        RoleGroup.OTHER: (None, None),
        None: (9, 1.0),
    }


def test_places_are_those_of_mentors_who_were_accepted() -> None:
    statuses = [ApplicationStatus.ACCEPTED] * 7 + [ApplicationStatus.WAITING] * 2
    records = tuple(ApplicationRecord(side=Side.MENTOR, status=person, places=2) for person in statuses)
    (figure,) = make_report(CohortRecords(cohort_id="c", applications=records)).applications
    assert (figure.applied, figure.accepted, figure.places) == (9, 7, 14)
    assert set(figure.statuses.values()) == {None}
    (full,) = make_report(CohortRecords(cohort_id="c", applications=records[:7])).applications
    assert full.statuses == {
        ApplicationStatus.INELIGIBLE: 0,
        ApplicationStatus.WAITING: 0,
        ApplicationStatus.WITHDRAWN: 0,
    }


@pytest.mark.parametrize(("took_up", "shown"), [(0, 0), (3, None), (6, 6), (9, None), (12, 12)])
def test_few_who_took_up_an_opening_are_withheld_and_few_who_did_not(took_up: int, shown: int | None) -> None:
    people = tuple(PersonRecord(person=f"P{number}", role="", town="") for number in range(12))
    records = CohortRecords(
        cohort_id="c", people=people, recommended=2, took_up=tuple(f"P{number}" for number in range(took_up))
    )
    openings = make_report(records).openings
    assert openings is not None
    assert (openings.recommended, openings.people, openings.took_up) == (2, 12, shown)
    assert make_report(records.model_copy(update={"recommended": 0})).openings is None


@pytest.mark.parametrize(("inquiries", "shown"), [(0, 0), (3, None), (5, 5)])
def test_few_inquiries_are_withheld(inquiries: int, shown: int | None) -> None:
    assert make_report(CohortRecords(cohort_id="c", inquiries=inquiries)).inquiries == shown
