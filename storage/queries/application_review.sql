-- name: application_for_update^
-- One application, which nobody changes before the transaction is over.
select side, status, answers from application
where cohort_id = :cohort_id and person_id = :person_id for update;

-- name: set_application_status!
-- Where an application stands from now on, and whether staff waived the rules for it.
update application set status = :status, answers = :answers
where cohort_id = :cohort_id and person_id = :person_id;

-- name: is_paired$
-- Whether somebody counts in a running mentorship, or in published pairs that nobody is asked about.
select exists (
    select from mentorship m
    where m.cohort_id = :cohort_id and m.outcome is null and :person_id in (m.mentor_id, m.mentee_id)
) or (
    select coalesce(jsonb_typeof(c.settings -> 'proposals'), 'null') = 'null' and exists (
        select from jsonb_array_elements(r.result -> 'pairs') as pair
        where :person_id in (pair.value ->> 'mentor', pair.value ->> 'mentee')
    )
    from cohort c join published_run r on r.cohort_id = c.id
    where c.id = :cohort_id
) is true;

-- name: applications_and_drafts
-- Everybody who applied to a cohort or began to, with what is needed to say what is missing.
select
    coalesce(a.person_id, d.person_id) as person_id,
    coalesce(a.side, d.side) as side,
    coalesce(a.email, d.email) as email,
    a.status, a.submitted_at, a.answers, d.answers as draft, d.began_at
from (select * from application where cohort_id = :cohort_id) a
full join (select * from draft where cohort_id = :cohort_id and closed_at is null) d on d.person_id = a.person_id
order by coalesce(a.side, d.side) desc, coalesce(a.person_id, d.person_id);

-- name: unpaired_applications
-- Applications without a pair: those on the waiting list, and, once pairs are published, those whom none of them names.
with published as (
    select result from published_run where cohort_id = :cohort_id
),
paired as (
    select pair.value ->> column_name.value as person_id
    from published
    cross join jsonb_array_elements(published.result -> 'pairs') as pair
    cross join unnest(array['mentor', 'mentee']) as column_name (value)
)
select a.side, a.person_id, a.status, a.answers from application a
where a.cohort_id = :cohort_id and (
    a.status = 'waiting' or a.status = 'accepted' and exists (select from published)
    and not exists (select from paired p where p.person_id = a.person_id)
)
order by a.side, a.person_id;
