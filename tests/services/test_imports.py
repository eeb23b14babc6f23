"""Staff import applications: a preview says what an import then saves, and one audit event says who did it."""

import asyncpg
import pytest

from domain.applications.csv.parsing import parse_file
from domain.applications.csv.writing import write_people
from domain.applications.import_comparison import EXTRA_COLUMNS
from schemas.applications.imports import StoredApplication
from schemas.applications.people import MentorApplication
from schemas.audit_event import AuditFilter
from schemas.enums import Side
from schemas.errors import UnknownCohort
from services.applications.imports import Sheets, import_applications, preview_import
from services.context import ServiceContext
from storage import audit, cohorts
from tests.services.conftest import ACTOR, FakeTemporal, events_of, person


def mentor(number: int, **different: object) -> MentorApplication:
    return MentorApplication.model_validate(person("M", number) | {"years": 9} | different)


def sheets(*mentors: MentorApplication, spoil: tuple[bytes, bytes] = (b"", b"")) -> Sheets:
    """Return a file of mentors as parsed, with some of its bytes replaced."""
    file = write_people(Side.MENTOR, [StoredApplication(side=Side.MENTOR, person=one) for one in mentors])
    parsed = parse_file(MentorApplication, "mentors.csv", file.replace(*spoil), beside=EXTRA_COLUMNS)
    return {Side.MENTOR: parsed}


FILE = sheets(mentor(1), mentor(2, town="Cook"), mentor(9))


async def towns(pool: asyncpg.Pool, cohort: str) -> dict[str, str]:
    return {mentor.id: mentor.town for mentor in await cohorts.mentors(pool, cohort)}


async def test_preview_says_what_an_import_would_change_and_saves_nothing(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    result, _ = await preview_import(context, cohort, FILE)
    assert (result.saved, result.added, result.unchanged, result.absent) == (False, ("M09",), ("M01",), ("M03",))
    assert [(changed.id, changed.columns) for changed in result.changed] == [("M02", ("town",))]
    assert result.preview is not None
    assert result.preview.changes == ("mile-2019: 1 added, 1 changed, 1 unchanged, 0 refused.",)
    assert result.preview.way_back == "withdraw who was added"
    assert await towns(pool, cohort) == {"M01": "Ely", "M02": "Ely", "M03": "Ely"}
    assert (await events_of(pool, cohort), temporal.messages) == ([], [])


async def test_preview_without_new_people_says_how_to_go_back(context: ServiceContext, cohort: str) -> None:
    result, _ = await preview_import(context, cohort, sheets(mentor(2, town="Cook")))
    assert result.preview is not None
    assert result.preview.way_back == "import the file as it was before"


async def test_import_saves_what_its_preview_said_with_one_event_and_once(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    previewed, _ = await preview_import(context, cohort, FILE)
    result, _ = await import_applications(context, ACTOR, cohort, FILE, note="from the form")
    assert result == previewed.model_copy(update={"saved": True, "preview": None})
    again, _ = await import_applications(context, ACTOR, cohort, FILE)
    assert (again.added, again.changed) == ((), ())
    assert await towns(pool, cohort) == {"M01": "Ely", "M02": "Cook", "M03": "Ely", "M09": "Ely"}
    assert temporal.messages == []
    [event] = await audit.events(pool, AuditFilter(cohort_id=cohort))
    assert (event.actor, event.action) == (ACTOR, "imported")
    assert event.details == {"added": 1, "changed": 1, "unchanged": 1, "refused": 0, "note": "from the form"}


async def test_row_that_cannot_be_used_stops_the_import_unless_it_is_skipped(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    bad = sheets(mentor(2, town="Cook"), mentor(9), spoil=(b"m9@example.org", b"nobody"))
    refused, _ = await import_applications(context, ACTOR, cohort, bad)
    assert (refused.saved, [(row.row, row.column) for row in refused.refused]) == (False, [(3, "email")])
    assert (await towns(pool, cohort))["M02"] == "Ely"
    assert (await events_of(pool, cohort), temporal.messages) == ([], [])
    skipped, _ = await import_applications(context, ACTOR, cohort, bad, skip_bad_rows=True)
    assert (skipped.saved, skipped.added) == (True, ())
    assert await towns(pool, cohort) == {"M01": "Ely", "M02": "Cook", "M03": "Ely"}
    assert await events_of(pool, cohort) == [("staff:amina", "imported")]


async def test_import_and_its_event_are_saved_together_or_not_at_all(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(audit, "save_event", fail)
        with pytest.raises(ConnectionError):
            await import_applications(context, ACTOR, cohort, FILE)
    assert await towns(pool, cohort) == {"M01": "Ely", "M02": "Ely", "M03": "Ely"}


async def test_unknown_cohort_is_refused(context: ServiceContext) -> None:
    with pytest.raises(UnknownCohort):
        await preview_import(context, "other", FILE)
    with pytest.raises(UnknownCohort):
        await import_applications(context, ACTOR, "other", FILE)
