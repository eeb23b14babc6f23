"""Who can take over from a mentor who leaves: whoever has a free place, also by what staff import after the kickoff."""

import pytest

from schemas.applications.people import MentorApplication
from schemas.enums import Phase
from schemas.mentorship.state import Progress
from services.applications.imports import import_applications
from services.context import ServiceContext
from services.mentorships.lookup import find_mentorship
from services.mentorships.replacement import find_candidates
from storage import mentorships
from tests.services.conftest import ACTOR, COHORT
from tests.services.stored_class import StoredClass, class_at, matches, own_person
from tests.services.test_imports import sheets
from tests.workflows.previewed import KICKOFF, MOMENTS


@pytest.fixture
async def full_class(context: ServiceContext) -> StoredClass:
    """A class past its kickoff in which each of three mentors has the one mentee that they take."""
    full = await class_at(context.pool, context.settings, COHORT, MOMENTS["past"])
    await mentorships.save_pairs(
        full.pool, COHORT, matches("M03"), starts_on=KICKOFF, ends_on=KICKOFF.replace(year=2028), now=full.now
    )
    full.temporal.answers["progress"] = Progress(now=full.now, phase=Phase.ENABLING, quarter=1, next_due_at=None)
    return full


async def _import(full: StoredClass, number: int, *, capacity: int = 1) -> None:
    # Of another library than all others, because nobody is matched with a colleague.
    mentor = own_person(COHORT, "M", number) | {"years": 9, "library": "Library of Cook", "capacity": capacity}
    result, _ = await import_applications(full.context, ACTOR, COHORT, sheets(MentorApplication.model_validate(mentor)))
    assert result.saved


async def test_with_every_place_taken_an_import_after_the_kickoff_gives_one(full_class: StoredClass) -> None:
    await _import(full_class, 2)
    pair = await find_mentorship(full_class.context, f"{COHORT}-001")
    assert (await find_candidates(full_class.context, pair)).available == ()
    await _import(full_class, 2, capacity=2)
    await _import(full_class, 4)
    found = await find_candidates(full_class.context, pair)
    assert {each.mentor: each.free for each in found.available} == {"M02": 1, "M04": 1}
