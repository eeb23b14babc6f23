-- name: mentorship_rows
-- What the rows of a cohort's mentorships say, for a comparison with what the engine shows of them.
select
    m.id, m.phase, m.outcome, cardinality(m.concerns) > 0 as concerned,
    m.started_at, m.predecessor_id is not null as takes_over,
    plan.milestones > 0 as planned, plan.closes_last, coalesce(signaled.answered, '{}') as answered
from mentorship m
cross join lateral (
    select
        count(*) as milestones,
        max(s.closes_at) filter (
            where s.closed_at is null and cardinality(s.asked) > 0 and s.kind <> all(:quiet::text[])
        ) as closes_last
    from milestone s where s.mentorship_id = m.id and s.dropped_at is null
) plan
cross join lateral (
    -- What a pair agreed on is asked about again at every new version.
    select array_agg(distinct r.side || ':' || r.milestone_id) as answered
    from response r where r.mentorship_id = m.id and r.signaled_at < :signaled_before and r.form <> 'agreement'
) signaled
where m.cohort_id = :cohort_id
order by length(m.id), m.id;

-- name: newest_responses
-- The newest revision of each response, of each side's requests for a call, and of each meeting's date, of a mentorship
-- that its workflow should know of by now.
select distinct on (id) id, mentorship_id, signal_payload
from (
    select id, revision, mentorship_id, signal_payload, signaled_at, received_at from response
    where mentorship_id = :mentorship_id
    union all
    select id, revision, mentorship_id, signal_payload, signaled_at, received_at from call_request
    where mentorship_id = :mentorship_id
    union all
    select id, revision, mentorship_id, signal_payload, signaled_at, received_at from meeting_date
    where mentorship_id = :mentorship_id
) stored
where signaled_at < :signaled_before or (signaled_at is null and received_at < :received_before)
order by id, revision desc;

-- name: newest_answers
-- The newest revision of every response of a mentorship, of each side's requests for a call, and of the date of every
-- meeting.
select distinct on (id) id, revision, signal_payload
from (
    select id, revision, signal_payload from response where mentorship_id = :mentorship_id
    union all
    select id, revision, signal_payload from call_request where mentorship_id = :mentorship_id
    union all
    select id, revision, signal_payload from meeting_date where mentorship_id = :mentorship_id
) stored order by id, revision desc;

-- name: stored_cohort^
-- The match runs of a cohort, and whether staff confirmed its start.
select
    (select max(run) from match_run where cohort_id = :cohort_id) as newest_run,
    (select run from published_run where cohort_id = :cohort_id) as published_run,
    array(
        select published_at from match_run
        where cohort_id = :cohort_id and published_at is not null order by published_at
    ) as published_at,
    exists (
        select from audit_event where cohort_id = :cohort_id and action = 'started' and completed
    ) as started_by_staff;

-- name: known_emails^
-- The keys of all emails that were ever enqueued for a mentorship, also of those that had nothing to say any more, and
-- whether its cohort is archived, so that nobody is emailed any more.
select
    c.archived_at is not null as archived,
    array(
        select key from outbox where scope_id = m.id
        union all
        select key from discarded_email where scope_id = m.id
    ) as keys
from mentorship m join cohort c on c.id = m.cohort_id where m.id = :mentorship_id;

-- name: milestones
-- The milestones of a mentorship in order of opening.
select * from milestone where mentorship_id = :mentorship_id order by opens_at, closes_at, id;
