-- name: lock_response!
-- Let one of two simultaneous posts wait for the other, so that a double click is one response.
select pg_advisory_xact_lock(hashtextextended(:id, 0));

-- name: save_response^
-- Keep one more revision with its audit event, if there is one, whose details it joins; none if its answers are those of
-- the newest, or that has the last number there may be. The newest before and the number of the new one come back; there
-- is none either where another transaction, for which this waits, took the number meanwhile. Revisions are in the order
-- of PostgreSQL's clock.
with latest as (
    select revision, answers, signal_payload from response where id = :id order by revision desc limit 1
), saved as (
    insert into response
        (id, revision, mentorship_id, milestone_id, side, form, answers, signal_payload, received_at, left_until)
    select
        :id, number, :mentorship_id, :milestone_id, :side, :form, :answers,
        cast(:signal_payload as jsonb) || jsonb_build_object('revision', number, 'stored_at', clock_timestamp()), :received_at,
        clock_timestamp() + cast(:left_for as interval)
    from (select coalesce((select revision from latest), 0) + 1 as number) next
    where number <= :most and not exists (select from latest where answers = :answers)
    on conflict (id, revision) do nothing
    returning revision, signal_payload
), recorded as (
    insert into audit_event (happened_at, cohort_id, mentorship_id, person_id, actor, action, details)
    select
        :happened_at, :cohort_id, :mentorship_id, :person_id, :actor, :action,
        cast(:details as jsonb) || jsonb_build_object('revision', revision)
    from saved where cast(:actor as text) is not null
)
select saved.revision, latest.revision as before, latest.answers = :answers as repeated,
    coalesce(saved.signal_payload, latest.signal_payload) as signal_payload
from (select) one left join latest on true left join saved on true;

-- name: set_signaled!
-- The workflow was told of this revision, of this request for a call, or of this date of a meeting.
with called as (
    update call_request set signaled_at = :now where id = :id and revision = :revision
), met as (
    update meeting_date set signaled_at = :now where id = :id and revision = :revision
)
update response set signaled_at = :now where id = :id and revision = :revision;

-- name: unsignaled_responses
-- Responses, requests for a call and dates of meetings the workflow may not know of yet, oldest first. Their age is by
-- PostgreSQL's clock: those of pages and worker may be days apart. It counts from when the page leaves them to others.
select id, mentorship_id, signal_payload from (
    select id, mentorship_id, signal_payload, stored_at, coalesce(left_until, stored_at) as left_at
    from response where signaled_at is null
    union all
    select id, mentorship_id, signal_payload, stored_at, stored_at from call_request where signaled_at is null
    union all
    select id, mentorship_id, signal_payload, stored_at, stored_at from meeting_date where signaled_at is null
) pending
where left_at <= now() - cast(:stored_for as interval) order by stored_at limit 500;

-- name: unsignaled_responses_of
-- The responses of one side of a mentorship that the workflow may not know of yet, oldest first.
select id, mentorship_id, signal_payload from response
where mentorship_id = :mentorship_id and side = :side and signaled_at is null order by stored_at;

-- name: responses_of_cohort
-- Every revision of every response of a cohort.
select r.* from response r join mentorship m on m.id = r.mentorship_id
where m.cohort_id = :cohort_id order by r.mentorship_id, r.received_at, r.id, r.revision;

-- name: stuck_goals
-- The newest two goal check-ins' answers of the mentee of each mentorship, as JSON lists, newest first.
select m.id, (
    select coalesce(jsonb_agg(answers order by number desc), '[]')
    from (
        select distinct on (s.number) s.number, r.answers
        from response r join milestone s on s.mentorship_id = r.mentorship_id and s.id = r.milestone_id
        where r.mentorship_id = m.id and r.form = 'goal_check_in'
        order by s.number desc, r.revision desc
        limit 2
    ) newest
) as newest
from unnest(cast(:ids as text[])) as m (id);

-- name: thanks_text$
-- What a mentee wrote as thanks.
select answers->>'text' from response
where mentorship_id = :mentorship_id and milestone_id = :milestone_id and side = 'mentee' and form = 'thanks'
order by revision desc limit 1;

-- name: last_responses_of
-- The newest revision of each response of a mentorship, in order of arrival.
select * from (
    select distinct on (id) id, milestone_id, side, form, answers, received_at from response
    where mentorship_id = :mentorship_id order by id, revision desc
) newest order by received_at, id;
