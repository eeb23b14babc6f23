-- name: concerns_of_cohort
-- Every concern there was about a mentorship of a cohort at a moment, with the local day since when, where it can be
-- told from the rows.
-- What only a running mentorship can resolve is left out once it has ended.
select
    m.id as mentorship_id, mentor.answers ->> 'name' as mentor, mentee.answers ->> 'name' as mentee, c.reason, c.raised_at,
    exists (
        select from concern earlier
        where earlier.mentorship_id = c.mentorship_id and earlier.reason = c.reason and earlier.raised_at < c.raised_at
    ) as raised_before,
    case c.reason
        when 'no_first_contact' then (
            select s.closes_on from milestone s where s.mentorship_id = m.id and s.id = 'first_contact'
        )
        when 'no_agreement' then (
            select s.closes_on from milestone s where s.mentorship_id = m.id and s.id = 'agreement'
        )
        -- The first window after the last one in which somebody said that they had met.
        when 'silent' then (
            select min(s.closes_on) from check_in s
            where s.mentorship_id = m.id and s.closes_at <= :at
            and s.number > coalesce((
                select max(earlier.number) from check_in earlier
                where earlier.mentorship_id = m.id and earlier.closes_at <= :at
                and 'met' in (earlier.mentor_status, earlier.mentee_status)
            ), 0)
        )
        -- The first email that came back since the last one that did not.
        when 'undeliverable' then (
            select (min(o.due_at) at time zone :zone)::date from outbox o
            where o.scope_id = m.id and o.state = 'undeliverable' and o.due_at <= :at and not exists (
                select from outbox later
                where later.scope_id = o.scope_id and later.recipient = o.recipient
                and later.state = 'sent' and later.due_at > o.due_at and later.due_at <= :at
            )
        )
        when 'call_requested' then (
            select (max(requested.received_at) at time zone :zone)::date from (
                select r.received_at from response r
                where r.mentorship_id = m.id and (r.signal_payload ->> 'call_requested')::boolean
                union all
                select q.received_at from call_request q where q.mentorship_id = m.id
            ) requested
            where requested.received_at <= :at
        )
    end as since
from mentorship m
join concern c on c.mentorship_id = m.id and c.raised_at <= :at and coalesce(c.resolved_at > :at, true)
join application mentor on mentor.cohort_id = m.cohort_id and mentor.person_id = m.mentor_id
join application mentee on mentee.cohort_id = m.cohort_id and mentee.person_id = m.mentee_id
where m.cohort_id = :cohort_id
and (coalesce(m.ended_at > :at, true) or c.reason in ('call_requested', 'undeliverable', 'not_understood'))
order by m.id, c.reason;

-- name: agreements_waiting
-- The newest version of each running pair's agreement where, at a moment, one side had confirmed it and the other not.
select
    m.id as mentorship_id, mentor.answers ->> 'name' as mentor, mentee.answers ->> 'name' as mentee,
    case when newest.mentor_at is null then 'mentor' else 'mentee' end as waits_for,
    coalesce(newest.mentor_at, newest.mentee_at) as raised_at,
    (coalesce(newest.mentor_at, newest.mentee_at) at time zone :zone)::date as since
from mentorship m
cross join lateral (
    select
        case when a.mentor_confirmed_at <= :at then a.mentor_confirmed_at end as mentor_at,
        case when a.mentee_confirmed_at <= :at then a.mentee_confirmed_at end as mentee_at
    from agreement a where a.mentorship_id = m.id and a.written_at <= :at order by a.version desc limit 1
) newest
join application mentor on mentor.cohort_id = m.cohort_id and mentor.person_id = m.mentor_id
join application mentee on mentee.cohort_id = m.cohort_id and mentee.person_id = m.mentee_id
where m.cohort_id = :cohort_id and coalesce(m.ended_at > :at, true)
and (newest.mentor_at is null) <> (newest.mentee_at is null)
order by m.id;

-- name: told_concerns
-- What digests before a moment told of each concern about the mentorships of a cohort, as the last of them told it.
select distinct on (t.mentorship_id, t.reason, t.raised_at) t.mentorship_id, t.reason, t.raised_at, t.level, t.told_at
from mentorship m join told_concern t on t.mentorship_id = m.id
where m.cohort_id = :cohort_id and t.told_at < :at
order by t.mentorship_id, t.reason, t.raised_at, t.told_at desc;

-- name: put_off_of_cohort
-- What staff put off before a moment, the last word for each mentorship of a cohort.
select distinct on (p.mentorship_id) p.mentorship_id, p.put_off_at, p.look_again_on, p.note
from mentorship m join put_off p on p.mentorship_id = m.id
where m.cohort_id = :cohort_id and p.put_off_at < :at
order by p.mentorship_id, p.put_off_at desc;

-- name: save_told_concern!
-- Keep what a digest tells of a concern; a digest that is written again tells the same.
insert into told_concern (mentorship_id, reason, raised_at, level, told_at)
values (:mentorship_id, :reason, :raised_at, :level, :told_at)
on conflict do nothing;

-- name: save_put_off!
-- Keep until when staff put off what there is about a mentorship.
insert into put_off (mentorship_id, put_off_at, look_again_on, note)
values (:mentorship_id, :put_off_at, :look_again_on, :note)
on conflict (mentorship_id, put_off_at) do update set look_again_on = excluded.look_again_on, note = excluded.note;
