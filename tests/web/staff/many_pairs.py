"""A class of many pairs, copied from the one pair that the tests store."""

import asyncpg

_PEOPLE = """
insert into application
select (jsonb_populate_record(a, jsonb_build_object(
    'person_id', a.person_id || '-' || n,
    'email', n || '.' || a.email,
    'answers', a.answers || jsonb_build_object(
        'id', a.person_id || '-' || n, 'name', (a.answers ->> 'name') || ' ' || n, 'email', n || '.' || a.email
    )
))).*
from application a, generate_series(2, $1::integer) n
where a.cohort_id = 'mile-2019' and a.person_id in ('M01', 'P01')
"""
_MENTORSHIPS = """
insert into mentorship
select (jsonb_populate_record(m, jsonb_build_object(
    'id', 'mile-2019-' || lpad(n::text, 3, '0'), 'mentor_id', 'M01-' || n, 'mentee_id', 'P01-' || n
))).*
from mentorship m, generate_series(2, $1::integer) n where m.id = 'mile-2019-001'
"""
_MILESTONES = """
insert into milestone
select (jsonb_populate_record(s, jsonb_build_object('mentorship_id', m.id))).*
from milestone s, mentorship m where s.mentorship_id = 'mile-2019-001' and m.id <> 'mile-2019-001'
"""
_MATCH_RUN = """
insert into match_run (cohort_id, run, inputs_sha256, result, created_at, published_at)
select 'mile-2019', 1, 'inputs', jsonb_build_object(
    'pairs', (
        select jsonb_agg(jsonb_build_object('mentor', mentor_id, 'mentee', mentee_id, 'score', 7000)) from mentorship
    ),
    'unplaced', '[]'::jsonb, 'coverage', 1, 'total', 7000, 'worst', 7000, 'objective', 'bands',
    'certificate', '{"valid": true}'::jsonb, 'inputs_sha256', repeat('1f', 32)
), now(), now()
"""


async def store_many(pool: asyncpg.Pool, pairs: int) -> None:
    """Copy the stored pair until there are so many, with their plans, in a published match run."""
    await pool.execute(_PEOPLE, pairs)
    await pool.execute(_MENTORSHIPS, pairs)
    await pool.execute(_MILESTONES)
    await pool.execute(_MATCH_RUN)
    await pool.execute("analyze")
