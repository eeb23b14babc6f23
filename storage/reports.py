"""The rows a report is made from, and the report itself."""

import json
from datetime import datetime

from schemas.enums import MilestoneKind
from schemas.report.figures import Report
from schemas.report.records import (
    AgreementRecord,
    ApplicationRecord,
    CohortRecords,
    PairRecord,
    PersonRecord,
    ResponseRecord,
    WindowRecord,
)
from storage.database import Db, queries, stored_as


async def cohort_records(db: Db, cohort_id: str, now: datetime) -> CohortRecords:
    """Return the records of a cohort's report; only milestones that have closed by a moment count as asked."""
    windows: list[WindowRecord] = []
    asked_by_form: dict[str, int] = {}
    async for row in queries.closed_milestones(db, cohort_id=cohort_id, now=now):
        for side in row["asked"]:
            asked_by_form[f"{row['kind']}/{side}"] = asked_by_form.get(f"{row['kind']}/{side}", 0) + 1
        if row["kind"] == MilestoneKind.CHECK_IN:
            windows.append(WindowRecord(**{name: row[name] for name in WindowRecord.model_fields}))
    endings = [row async for row in queries.endings(db, cohort_id=cohort_id)]
    agreements = queries.first_agreements(db, cohort_id=cohort_id)
    return CohortRecords(
        cohort_id=cohort_id,
        outcomes=tuple(row["outcome"] for row in endings),
        replaced=sum(row["replaced"] for row in endings),
        agreements=tuple([AgreementRecord(**dict(row)) async for row in agreements]),
        windows=tuple(windows),
        responses=await _last_responses(db, cohort_id, now),
        asked=asked_by_form,
        people=await _people(db, cohort_id),
        pairs=tuple(PairRecord(mentor=row["mentor"], mentee=row["mentee"]) for row in endings),
        applications=await _applications(db, cohort_id),
        **dict(await queries.openings_of_report(db, cohort_id=cohort_id)),
    )


async def _people(db: Db, cohort_id: str) -> tuple[PersonRecord, ...]:
    rows = queries.people_of_report(db, cohort_id=cohort_id)
    return tuple(
        [PersonRecord(person=row["person"], role=row["role"] or "", town=row["town"] or "") async for row in rows]
    )


async def _applications(db: Db, cohort_id: str) -> tuple[ApplicationRecord, ...]:
    rows = queries.applications_of_report(db, cohort_id=cohort_id)
    return tuple([ApplicationRecord(**dict(row)) async for row in rows])


async def _last_responses(db: Db, cohort_id: str, now: datetime) -> tuple[ResponseRecord, ...]:
    return tuple(
        [
            ResponseRecord(
                form=row["form"],
                side=row["side"],
                answers=json.loads(row["answers"]),
                number=row["number"],
                mentorship=row["mentorship_id"],
                person=row["person"],
            )
            async for row in queries.last_responses(db, cohort_id=cohort_id, now=now)
        ]
    )


async def save_report(db: Db, report: Report, now: datetime) -> None:
    """Store a cohort's report; a later one replaces it."""
    await queries.save_report(db, cohort_id=report.cohort_id, figures=report.model_dump_json(), now=now)


async def report(db: Db, cohort_id: str) -> Report | None:
    """Return a cohort's report, or None while there is none."""
    figures = await queries.report_figures(db, cohort_id=cohort_id)
    return None if figures is None else stored_as(Report, figures)
