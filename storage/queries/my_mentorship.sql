-- name: mentorships_of_person
-- The mentorships of somebody in a cohort that have begun, the newest last.
select m.id, m.ends_on, m.outcome, case when m.mentor_id = :person_id then 'mentor' else 'mentee' end as side,
    partner.answers ->> 'name' as partner
from (
    select * from mentorship where cohort_id = :cohort_id and mentor_id = :person_id and started_at is not null
    union all
    select * from mentorship where cohort_id = :cohort_id and mentee_id = :person_id and started_at is not null
) m
join application partner on partner.cohort_id = m.cohort_id
and partner.person_id = case when m.mentor_id = :person_id then m.mentee_id else m.mentor_id end
order by m.starts_on, length(m.id), m.id;

-- name: phase_of$
-- The phase a mentorship is in.
select phase from mentorship where id = :mentorship_id;

-- name: milestones_of_side
-- What was, is and will be due in a mentorship, with what a side answered and what their partner did.
select
    s.id, s.kind, s.number, :side = any(s.asked) as asked, s.opens_on, s.closes_on, s.dropped_at is not null as dropped,
    least(s.opens_at, s.dropped_at) as opens_at,
    least(coalesce(s.open_until, s.closes_at), s.dropped_at) as closes_at,
    mine.answers, mine.received_at as answered_at, theirs.answers as partners_answers
from milestone s
left join lateral (
    select answers, received_at from response
    where mentorship_id = s.mentorship_id and milestone_id = s.id and side = :side
    order by revision desc limit 1
) mine on true
left join lateral (
    select answers from response
    where mentorship_id = s.mentorship_id and milestone_id = s.id and side <> :side
    order by revision desc limit 1
) theirs on true
where s.mentorship_id = :mentorship_id
order by s.opens_at, s.closes_at, s.id;
