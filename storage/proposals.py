"""The matches proposed to both sides: derived from the published run, answered by each, reported to staff once."""

import json
from datetime import datetime

import asyncpg

from domain.matching.proposals import proposal_deadline, shared_reasons
from schemas.applications.applicant import Proposal
from schemas.applications.people import IntakeWords, Person
from schemas.cohort.campaigns import ProposalAnswersSummary
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, Side
from schemas.matching.messages import MatchRequest
from schemas.matching.proposals import OpenedProposal, ProposedMatch, SideAnswer
from schemas.matching.results import Pair
from storage.cohorts import cohort_settings, match_run
from storage.database import Db, queries, stored_as, transaction


async def propose(db: Db, cohort_id: str, now: datetime) -> int:
    """Derive the proposals from the published run, and return how many were made at this moment.

    A pair that is still published keeps its answers, one that is not is withdrawn, one that returns is asked again.
    Does nothing where the cohort asks nobody or nothing is published; a second run changes nothing.
    """
    settings = await cohort_settings(db, cohort_id)
    async with transaction(db) as connection:
        await queries.lock_cohort(connection, id=cohort_id)
        run = await queries.published_run(connection, cohort_id=cohort_id)
        if run is None or settings.proposals is None:
            return 0
        of_all = {"cohort_id": cohort_id, "run": run, "now": now}
        pairs = (await match_run(connection, cohort_id, run)).pairs
        await queries.propose_pair(
            connection, [of_all | {"mentor_id": pair.mentor, "mentee_id": pair.mentee} for pair in pairs]
        )
        await queries.withdraw_proposals(connection, cohort_id=cohort_id, run=run, now=now)
        return int(await queries.count_proposed_at(connection, cohort_id=cohort_id, now=now))


async def published_run(db: Db, cohort_id: str) -> int | None:
    """Return the number of the match run that was published last, or None before the first."""
    run = await queries.published_run(db, cohort_id=cohort_id)
    return None if run is None else int(run)


async def is_published(db: Db, settings: CohortSettings, run: int) -> bool:
    """Tell whether a run is the one published last and, where both sides are asked, all its pairs are proposed."""
    if run != await published_run(db, settings.id):
        return False
    pairs = (await match_run(db, settings.id, run)).pairs if settings.proposals else ()
    current = [match for match in await proposals(db, settings.id) if match.run == run and not match.withdrawn_at]
    proposed = {(match.mentor_id, match.mentee_id) for match in current}
    return all((pair.mentor, pair.mentee) in proposed for pair in pairs)


async def published_request(db: Db, cohort_id: str) -> MatchRequest:
    """Return what staff asked of the match run that was published last, for a run that stays close to it."""
    row = await queries.published_request(db, cohort_id=cohort_id)
    if row is None:
        return MatchRequest()
    return stored_as(MatchRequest, row["request"]).model_copy(update={"close_to": row["run"]})


async def proposals(db: Db, cohort_id: str) -> tuple[ProposedMatch, ...]:
    """Return all proposals of a cohort by mentee, those that were withdrawn too."""
    return tuple([as_match(row) async for row in queries.proposals_of_cohort(db, cohort_id=cohort_id)])


async def proposals_to(db: Db, cohort_id: str, person_id: str) -> tuple[OpenedProposal, ...]:
    """Return the proposals to one person as their page may show them: those that stand, then those withdrawn.

    A mentor with several places may have several. The partner's reason and question are not in them.
    """
    rows = [row async for row in queries.proposals_to(db, cohort_id=cohort_id, person_id=person_id)]
    settings = await cohort_settings(db, cohort_id) if rows else None
    return tuple(_opened(row, settings, person_id) for row in rows if settings)


async def report_answers(db: Db, cohort_id: str, now: datetime) -> ProposalAnswersSummary:
    """Count the declines and questions that were not reported to staff, and mark them as reported at this moment.

    A second call for the same moment counts the same, so a retry loses none.
    """
    async with transaction(db) as connection:
        counts = await queries.report_proposals(connection, cohort_id=cohort_id, now=now)
        current = [match for match in await proposals(connection, cohort_id) if not match.withdrawn_at]
    undecided = [match for match in current if not (match.final or match.declined or match.gone)]
    return ProposalAnswersSummary(
        declined=counts["declined"],
        asked=counts["asked"],
        unanswered=sum(any(match.of(side).commitment is None for side in Side) for match in undecided),
        final=sum(match.final for match in current),
    )


def as_match(row: asyncpg.Record) -> ProposedMatch:
    """Return a proposal from its row in proposed_match."""
    sides = {
        side: SideAnswer(
            commitment=row[f"{side}_answer"],
            at=row[f"{side}_answered_at"],
            reason=row[f"{side}_reason"],
            question=row[f"{side}_question"],
        )
        for side in Side
    }
    return ProposedMatch(
        mentor_id=row["mentor_id"],
        mentee_id=row["mentee_id"],
        run=row["run"],
        proposed_at=row["proposed_at"],
        mentor=sides[Side.MENTOR],
        mentee=sides[Side.MENTEE],
        confirmed_at=row["confirmed_at"],
        withdrawn_at=row["withdrawn_at"],
        final=row["final"],
        declined=row["declined"],
        gone=tuple(side for side in Side if row[f"{side}_status"] != ApplicationStatus.ACCEPTED),
    )


def _opened(row: asyncpg.Record, settings: CohortSettings, person_id: str) -> OpenedProposal:
    match = as_match(row)
    side = Side.MENTOR if match.mentor_id == person_id else Side.MENTEE
    partner = _person(side.partner, row)
    pair = stored_as(Pair, row["pair"]) if row["pair"] else None
    return OpenedProposal(
        cohort=settings,
        person=_person(side, row),
        # The partner's reason and question are for staff only.
        match=match.model_copy(update={side.partner: SideAnswer(commitment=match.of(side.partner).commitment)}),
        shown=Proposal(
            partner=partner,
            intake=IntakeWords.of(json.loads(row["mentee_application"])) if side is Side.MENTOR else None,
            score=round(pair.score / 100) if pair else 0,
            shared=shared_reasons(pair) if pair else (),
            proposed_at=match.proposed_at,
            answer_by=proposal_deadline(settings, match.proposed_at),
            mine=match.of(side).commitment,
            final=match.final,
        ),
    )


def _person(side: Side, row: asyncpg.Record) -> Person:
    answers = json.loads(row[f"{side}_application"])
    return Person.model_validate(
        {name: answers[name] for name in Person.model_fields if name in answers} | {"side": side}
    )
