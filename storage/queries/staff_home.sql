-- name: home_classes
-- What a look at several classes takes: stage, settings, and how many pairs asked a question about their match, how many
-- emails do not leave, and which match runs are the newest and the published one.
select
    c.id, c.stage, c.settings,
    (
        select count(*) from proposal p
        where p.cohort_id = c.id and p.withdrawn_at is null and p.confirmed_at is null
        and 'asked' in (p.mentor_answer, p.mentee_answer)
    ) as questions,
    (
        select count(*) from outbox o
        where o.cohort_id = c.id and (o.state = 'dead' or (o.state = 'undeliverable' and o.recipient = 'staff'))
    ) as dead_emails,
    (select max(r.run) from match_run r where r.cohort_id = c.id) as newest_run,
    (select p.run from published_run p where p.cohort_id = c.id) as published_run
from cohort c where c.id = any(:ids::text[])
order by c.id;

-- name: home_concerns
-- Which mentorships of several classes need staff, with the names of both, and until when that was put off last.
select
    m.cohort_id, m.id as mentorship_id, mentor.answers ->> 'name' as mentor, mentee.answers ->> 'name' as mentee,
    m.concerns, later.look_again_on
from mentorship m
join application mentor on mentor.cohort_id = m.cohort_id and mentor.person_id = m.mentor_id
join application mentee on mentee.cohort_id = m.cohort_id and mentee.person_id = m.mentee_id
left join lateral (
    select p.look_again_on from put_off p where p.mentorship_id = m.id order by p.put_off_at desc limit 1
) later on true
where m.cohort_id = any(:ids::text[]) and m.concerns <> '{}'
order by m.cohort_id, length(m.id), m.id;

-- name: home_lost_decisions
-- What staff decided about mentorships that go on, was lost, and is not settled by what they decided since.
select
    m.cohort_id, m.id as mentorship_id, mentor.answers ->> 'name' as mentor, mentee.answers ->> 'name' as mentee,
    e.decision -> 'change' ->> 'kind' as kind, cast(e.decision ->> 'at' as timestamptz) as at
from audit_event e
join mentorship m on m.id = e.mentorship_id and m.outcome is null
join application mentor on mentor.cohort_id = m.cohort_id and mentor.person_id = m.mentor_id
join application mentee on mentee.cohort_id = m.cohort_id and mentee.person_id = m.mentee_id
where e.lost_at is not null and m.cohort_id = any(:ids::text[])
and not exists (
    select from audit_event later
    where later.mentorship_id = e.mentorship_id and later.decision is not null and later.completed
    and later.happened_at > e.lost_at
)
order by m.cohort_id, length(m.id), m.id, e.id;

-- name: home_coming
-- What the mentorships of several classes are asked between two days: how many of them, by day and kind.
select m.cohort_id, s.opens_on, s.kind, count(*) as mentorships
from milestone s join mentorship m on m.id = s.mentorship_id
where m.cohort_id = any(:ids::text[]) and s.opens_on between :first and :last
and s.closed_at is null and s.dropped_at is null
group by m.cohort_id, s.opens_on, s.kind
order by s.opens_on, m.cohort_id, s.kind;
