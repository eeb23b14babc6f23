"""Files of applications that staff uploaded and have not imported yet."""

from datetime import datetime

from schemas.applications.mapping import SideMapping
from schemas.base import FrozenModel
from schemas.enums import Side
from storage.database import Db, queries


class StaffUpload(FrozenModel):
    """One side's file, and how it is read."""

    side: Side
    file_name: str
    content: bytes
    mapping: SideMapping


async def save(db: Db, cohort_id: str, email: str, upload: StaffUpload, now: datetime) -> None:
    """Store one side's file for whoever uploaded it; a second one replaces it."""
    await queries.save_staff_upload(db, cohort_id=cohort_id, email=email, now=now, **_columns(upload))


async def uploads(db: Db, cohort_id: str, email: str, since: datetime) -> dict[Side, StaffUpload]:
    """Return the files that somebody uploaded since a moment, by side, mentors first."""
    rows = queries.staff_uploads(db, cohort_id=cohort_id, email=email, since=since)
    found = {row["side"]: _upload(dict(row)) async for row in rows}
    return {side: found[side] for side in Side if side in found}


async def change(db: Db, cohort_id: str, email: str, upload: StaffUpload) -> None:
    """Store a file as it was corrected, or is read now."""
    columns = {name: value for name, value in _columns(upload).items() if name != "file_name"}
    await queries.change_staff_upload(db, cohort_id=cohort_id, email=email, **columns)


async def delete(db: Db, cohort_id: str, email: str) -> None:
    """Delete somebody's files for a cohort."""
    await queries.delete_staff_uploads(db, cohort_id=cohort_id, email=email)


async def forget(db: Db, before: datetime) -> None:
    """Delete all files uploaded before a moment."""
    await queries.forget_staff_uploads(db, before=before)


def _columns(upload: StaffUpload) -> dict[str, object]:
    return upload.model_dump(exclude={"mapping"}) | {"mapping": upload.mapping.model_dump_json()}


def _upload(row: dict[str, str | bytes]) -> StaffUpload:
    mapping = SideMapping.model_validate_json(row["mapping"])
    return StaffUpload.model_validate(row | {"mapping": mapping})
