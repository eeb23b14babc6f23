"""The match runs staff look at before they publish one."""

from schemas.matching import MatchResult
from storage.database import Db, queries


async def latest_run(db: Db, cohort: str) -> int | None:
    """Return the number of a cohort's newest match run, or None before the first."""
    row = await queries.latest_run(db, cohort_id=cohort)
    return None if row is None else int(row["run"])


async def match_run(db: Db, cohort: str, run: int) -> MatchResult:
    """Return what a match run of a cohort came to."""
    return MatchResult.model_validate_json(await queries.match_result(db, cohort_id=cohort, run=run))
