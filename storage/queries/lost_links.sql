-- name: places_of_address
-- Where somebody with an address takes part: their mentorships, or in a cohort without one their application. Cohorts
-- whose public pages may not email them are left out.
select a.cohort_id, a.person_id, a.side, m.id as mentorship_id
from application a
left join lateral (
    select id from mentorship where cohort_id = a.cohort_id and mentor_id = a.person_id and started_at is not null
    union all
    select id from mentorship where cohort_id = a.cohort_id and mentee_id = a.person_id and started_at is not null
) m on true
where lower(a.email) = lower(:email)
and not exists (select from stopped_mailbox s where s.cohort_id = a.cohort_id and s.mailbox_hash = :mailbox_hash)
order by a.cohort_id, m.id;

-- name: any_cohort$
-- Some cohort, or nothing.
select id from cohort where id > '' order by id limit 1;

-- name: open_pages
-- The milestones of a mentorship whose pages are open to a side at a moment; a farewell stays open.
select s.id from milestone s
join mentorship m on m.id = s.mentorship_id
where s.mentorship_id = :mentorship_id and case
    when s.kind = 'farewell' then m.outcome is not null or (s.opens_at <= :at and s.dropped_at is null)
    else :side = any(s.asked) and s.opens_at <= :at and coalesce(s.open_until, s.closes_at) > :at and s.dropped_at is null
end
order by s.kind = 'farewell', s.closes_on, s.id;
