-- name: pending_starts
-- The pairs of a cohort that are kept and not started, with how many goals the mentee named; who takes over from another
-- mentorship is started by that one.
select m.id, jsonb_array_length(a.answers -> 'goals') as goals
from mentorship m
join application a on a.cohort_id = m.cohort_id and a.person_id = m.mentee_id
where m.cohort_id = :cohort_id and m.started_at is null and m.predecessor_id is null
order by length(m.id), m.id;

-- name: set_started!
-- These mentorships have their workflows; the first moment stands.
update mentorship set started_at = :now where id = any(:ids::text[]) and started_at is null;

-- name: start_progress^
-- How many of a cohort's mentorships were started, how many were not, and whose they are.
select
    count(started_at) as started, count(*) - count(started_at) as unstarted,
    coalesce(array_agg(mentee_id), '{}') as mentees
from mentorship where cohort_id = :cohort_id;
