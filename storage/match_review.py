"""What staff look at before they publish a match run: the runs in figures, and whom their ids stand for."""

from datetime import datetime

from schemas.cohort.overview import MatchedPair
from schemas.matching.messages import MatchRequest
from schemas.matching.review import MatchRunFigures
from storage.database import Db, queries


async def match_runs(db: Db, cohort_id: str) -> tuple[MatchRunFigures, ...]:
    """Return all match runs of a cohort in figures, the newest first."""
    return tuple(
        [
            MatchRunFigures(**dict(row) | {"request": MatchRequest.model_validate_json(row["request"])})
            async for row in queries.match_runs(db, cohort_id=cohort_id)
        ]
    )


async def pairs_of_run(db: Db, cohort_id: str, run: int) -> dict[str, MatchedPair]:
    """Return the pairs of a match run by mentee, without their reasons."""
    rows = queries.pairs_of_run(db, cohort_id=cohort_id, run=run)
    return {row["mentee"]: MatchedPair(**row) async for row in rows}


async def matching_since(db: Db, cohort_id: str, after: datetime) -> datetime | None:
    """Return since when a match run is being made that staff asked for after a moment, or None."""
    since: datetime | None = await queries.matching_since(db, cohort_id=cohort_id, after=after)
    return since
