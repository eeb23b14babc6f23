-- name: places_of_address
-- Where somebody with an address takes part: of each cohort their newest mentorship, or without one their application.
-- Cohorts whose public pages may not email them are left out.
select a.cohort_id, a.person_id, a.side, m.id as mentorship_id
from application a
left join lateral (
    select id from (
        select * from mentorship where cohort_id = a.cohort_id and mentor_id = a.person_id and started_at is not null
        union all
        select * from mentorship where cohort_id = a.cohort_id and mentee_id = a.person_id and started_at is not null
    ) taken_part
    order by starts_on desc, length(id) desc, id desc limit 1
) m on true
where lower(a.email) = lower(:email)
and not exists (select from stopped_mailbox s where s.cohort_id = a.cohort_id and s.mailbox_hash = :mailbox_hash)
order by a.cohort_id;

-- name: any_cohort$
-- Some cohort, or nothing.
select id from cohort where id > '' order by id limit 1;
