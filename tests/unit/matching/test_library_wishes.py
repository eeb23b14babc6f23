"""A partner from another kind of library: whoever wishes for one is rather matched so, and nobody else is (A38)."""

import pytest

from domain.matching.criteria import CRITERIA, KindOfLibrary
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.enums import LibraryType, LibraryTypeWish

(CRITERION,) = (each for each in CRITERIA if each.name == "library_type")
SAME, OTHER, EITHER = LibraryTypeWish.SAME, LibraryTypeWish.OTHER, LibraryTypeWish.EITHER
ANSWERS = {"id": "X", "name": "X", "email": "x@example.org", "library": "Library", "town": "Ely", "role": "Clerk"}


@pytest.mark.parametrize(
    ("mentee", "mentor", "same_kind", "another_kind"),
    [
        (None, None, 1.0, 0.4),
        (OTHER, None, 0.4, 1.0),
        (None, OTHER, 0.4, 1.0),
        (OTHER, OTHER, 0.4, 1.0),
        (SAME, None, 1.0, 0.0),
        (None, SAME, 1.0, 0.0),
        (OTHER, SAME, 0.7, 0.5),
        (EITHER, None, 1.0, 1.0),
        (EITHER, OTHER, 0.7, 1.0),
    ],
)
def test_wishes_that_were_said_decide_how_well_two_kinds_of_libraries_fit(
    mentee: LibraryTypeWish | None, mentor: LibraryTypeWish | None, same_kind: float, another_kind: float
) -> None:
    offered = [KindOfLibrary(kind, mentor) for kind in (LibraryType.PUBLIC, LibraryType.SCHOOL)]
    ((same, other),) = CRITERION.shares([KindOfLibrary(LibraryType.PUBLIC, mentee)], offered)
    assert (same, other) == pytest.approx((same_kind, another_kind))


def test_wish_of_an_application_is_read_and_said_to_staff() -> None:
    mentor = MentorApplication.model_validate(ANSWERS | {"library_type": "school", "years": 9})
    mentee = MenteeApplication.model_validate(ANSWERS | {"library_type": "public", "library_type_wish": "other"})
    wanted, offered = CRITERION.mentee_answer(mentee), CRITERION.mentor_answer(mentor)
    assert CRITERION.reason(wanted, offered) == "Another kind of library, as wished: a wider view."
    assert (CRITERION.shown(wanted), CRITERION.shown(offered)) == ("public", "school")
