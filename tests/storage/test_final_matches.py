"""Which match is final, and which is open: of every match there can be, as the program's handbook says it."""

from datetime import UTC, datetime
from itertools import product

import asyncpg

from schemas.cohort.settings import CohortSettings, ProposalSettings
from schemas.enums import ApplicationStatus, Commitment, Side
from storage import campaigns, cohorts, kickoff, proposals

AT = datetime(2019, 4, 15, 15, tzinfo=UTC)
ANSWERS = (None, *Commitment)
# What the mentor says, the mentee says, whether staff confirmed it and withdrew it, and where both applications stand.
Match = tuple[
    Commitment | None, Commitment | None, datetime | None, datetime | None, ApplicationStatus, ApplicationStatus
]
EVERY: list[Match] = list(product(ANSWERS, ANSWERS, (None, AT), (None, AT), ApplicationStatus, ApplicationStatus))
PEOPLE = """
    insert into application (cohort_id, side, person_id, email, answers, status)
    select 'mile-2019', $1, $2 || number, $2 || number || '@example.org',
        jsonb_build_object('id', $2 || number, 'name', 'Ása', 'email', 'a@example.org', 'library', 'Ely', 'town', 'Ely',
            'role', 'Clerk'),
        status
    from unnest($3::text[]) with ordinality as each (status, number)
"""
MATCHES = """
    insert into proposal (
        cohort_id, mentor_id, mentee_id, run, proposed_at, mentor_answer, mentee_answer, confirmed_at, withdrawn_at
    )
    select 'mile-2019', 'M' || number, 'P' || number, 1, $5, mentor, mentee, confirmed, withdrawn
    from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
        with ordinality as each (mentor, mentee, confirmed, withdrawn, number)
"""
PUBLISHED = """
    insert into match_run (cohort_id, run, inputs_sha256, result, created_at, published_at)
    select 'mile-2019', 1, 'x', jsonb_build_object('pairs', jsonb_agg(
        jsonb_build_object('mentor', mentor_id, 'mentee', mentee_id)
    )), $1, $1 from proposal
"""


async def _store(pool: asyncpg.Pool, settings: CohortSettings) -> None:
    """Keep every match there can be, each of two people of its own, all of them published."""
    mentor, mentee, confirmed, withdrawn, *statuses = map(list, zip(*EVERY, strict=True))
    await cohorts.save_settings(pool, settings, AT)
    for side, prefix, status in zip(Side, "MP", statuses, strict=True):
        await pool.execute(PEOPLE, side, prefix, status)
    await pool.execute(MATCHES, mentor, mentee, confirmed, withdrawn, AT)
    await pool.execute(PUBLISHED, AT)


def _is_final(match: Match) -> bool:
    mentor, mentee, confirmed_at, withdrawn_at, *statuses = match
    agreed = confirmed_at is not None or mentor == mentee == Commitment.COMMITTED
    return agreed and withdrawn_at is None and set(statuses) == {ApplicationStatus.ACCEPTED}


def _is_declined(match: Match) -> bool:
    mentor, mentee, confirmed_at, *_ = match
    return confirmed_at is None and Commitment.DECLINED in {mentor, mentee}


async def test_match_is_final_once_both_committed_or_staff_confirmed_it_while_both_are_accepted(
    pool: asyncpg.Pool, settings: CohortSettings
) -> None:
    await _store(pool, settings.model_copy(update={"proposals": ProposalSettings()}))
    matches = await proposals.proposals(pool, "mile-2019")
    assert len(matches) == len(EVERY) == 1024
    assert {match.mentor_id: (match.final, match.declined) for match in matches} == {
        f"M{number}": (_is_final(match), _is_declined(match)) for number, match in enumerate(EVERY, 1)
    }
    final = {(match.mentor_id, match.mentee_id) for match in matches if match.final}
    rows = await pool.fetch("select mentor_id, mentee_id from final_match where cohort_id = 'mile-2019'")
    assert {(row["mentor_id"], row["mentee_id"]) for row in rows} == final
    assert {
        (pair.mentor_id, pair.mentee_id) for pair in await kickoff.published_pairs(pool, "mile-2019") if pair.final
    } == final
    invited = {guest.person.id for guest in await kickoff.guests(pool, "mile-2019") if guest.invited}
    assert invited == {person for match in final for person in match}
    current = [match for match in matches if not (match.withdrawn_at or match.gone)]
    waiting = {(match.mentor_id, match.mentee_id) for match in current if not (match.final or match.declined)}
    assert {
        (proposal.mentor_id, proposal.mentee_id) for proposal in await campaigns.open_proposals(pool, "mile-2019")
    } == waiting


async def test_without_proposals_a_published_match_is_final_while_both_applications_count(
    pool: asyncpg.Pool, settings: CohortSettings
) -> None:
    await _store(pool, settings)
    await pool.execute("delete from proposal")
    accepted = {f"M{number}" for number, case in enumerate(EVERY, 1) if set(case[4:]) == {ApplicationStatus.ACCEPTED}}
    rows = await pool.fetch("select mentor_id from final_match where cohort_id = 'mile-2019'")
    assert {row["mentor_id"] for row in rows} == accepted
    assert {pair.mentor_id for pair in await kickoff.published_pairs(pool, "mile-2019") if pair.can_start} == accepted
