-- name: emails_by_state
-- How many emails there are in each state, and since when the one that waits longest could have left.
select state, count(*) as emails,
    min(case when state in ('queued', 'sending') then coalesce(failing_since, next_attempt_at) else enqueued_at end) as since
from outbox group by state;

-- name: service_counts^
-- Responses; what their workflows do not know of yet, requests for a call and dates of meetings among it; and mentorships
-- that run, how many of which are silent, or need staff.
select
    r.responses, r.unsignaled, r.unsignaled_since, m.mentorships, m.silent, m.concerned
from (
    select
        (select count(*) from response) as responses, count(*) as unsignaled,
        min(left_at) filter (where left_at <= now()) as unsignaled_since
    from (
        select coalesce(left_until, stored_at) as left_at from response where signaled_at is null
        union all
        select stored_at from call_request where signaled_at is null
        union all
        select stored_at from meeting_date where signaled_at is null
    ) pending
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
