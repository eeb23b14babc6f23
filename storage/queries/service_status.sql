-- name: emails_by_state
-- How many emails there are in each state, and since when the one that waits longest could have left.
select state, count(*) as emails,
    min(case when state in ('queued', 'sending') then coalesce(failing_since, next_attempt_at) else enqueued_at end) as since
from outbox group by state;

-- name: service_counts^
-- Responses, those that their workflow does not know of, and mentorships that run; how many of these are silent, or need
-- staff.
select
    r.responses, r.unsignaled, r.unsignaled_since, m.mentorships, m.silent, m.concerned
from (
    select
        count(*) as responses, count(*) filter (where signaled_at is null) as unsignaled,
        min(coalesce(left_until, stored_at)) filter (
            where signaled_at is null and coalesce(left_until, stored_at) <= now()
        ) as unsignaled_since
    from response
) r
cross join (
    select
        count(*) as mentorships, count(*) filter (where 'silent' = any(concerns)) as silent,
        count(*) filter (where concerns <> '{}') as concerned
    from mentorship where started_at is not null and outcome is null
) m;

-- name: backup_status^
-- When the first backup began and the newest was finished, or nothing where none was ever begun.
select began_at, finished_at from backup_status where only_row;
