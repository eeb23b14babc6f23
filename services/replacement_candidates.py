"""Who could take over from a mentor who withdraws, by the matching of their cohort (promise A25)."""

from schemas.enums import Outcome
from schemas.errors import Refusal
from schemas.matching.results import ReplacementCandidate
from schemas.mentorship.responses import MentorshipPair
from storage import cohorts, mentorships
from storage.database import Db


async def replacement_candidates(db: Db, pair: MentorshipPair) -> tuple[ReplacementCandidate, ...]:
    """Return every mentor of a pair's cohort, best score first, each with what speaks against them if anything does."""
    # With NumPy only when somebody withdraws: services/matching.py has the reason.
    from domain.matching.replacement_candidates import EarlierPair, find_replacement_candidates  # noqa: PLC0415

    rows = await mentorships.mentorships(db, pair.cohort.id)
    return find_replacement_candidates(
        pair.mentee.id,
        await cohorts.mentors(db, pair.cohort.id),
        await cohorts.mentees(db, pair.cohort.id),
        pair.cohort.matching,
        eligibility=pair.cohort.eligibility,
        kickoff_on=pair.cohort.kickoff_day,
        so_far=[EarlierPair(row["mentor_id"], row["mentee_id"], _outcome(row["outcome"])) for row in rows],
    )


async def find_candidate(db: Db, pair: MentorshipPair, mentor_id: str) -> ReplacementCandidate:
    """Return a mentor who can take over; raises Refusal with what speaks against this one."""
    candidates = await replacement_candidates(db, pair)
    candidate = next((one for one in candidates if one.mentor == mentor_id), None)
    if candidate and candidate.hindrance is None:
        return candidate
    hindrance = candidate.hindrance if candidate else f"{pair.cohort.id} has no mentor of this id"
    raise Refusal(
        f"{mentor_id} cannot take over {pair.mentorship_id}: {hindrance}.",
        shell_advice=f"See who can: mile mentorship replace {pair.mentorship_id}",
    )


def _outcome(stored: str | None) -> Outcome | None:
    return Outcome(stored) if stored else None
