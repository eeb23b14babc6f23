-- name: applicant^
-- Everything one person's page shows, from what they typed so far to what they answered since.
select
    c.settings,
    coalesce(a.side, d.side) as side,
    coalesce(a.email, d.email) as email,
    coalesce(a.language, d.answers ->> 'language') as language,
    d.answers as draft,
    d.closed_at is not null as closed,
    a.answers as application,
    coalesce(d.began_at, a.submitted_at, c.updated_at) as began_at,
    coalesce(a.person_id is not null or d.answers - 'language' <> '{}' or d.saved_at > d.began_at, false) as continued,
    a.submitted_at,
    a.status,
    exists (select from published_run r where r.cohort_id = c.id) as published,
    r.status as rsvp_status, r.half_day, r.meals, r.access,
    t.attended
from cohort c
left join draft d on d.cohort_id = c.id and d.person_id = :person_id
left join application a on a.cohort_id = c.id and a.person_id = :person_id
left join rsvp r on r.cohort_id = c.id and r.person_id = :person_id
left join attendance t on t.cohort_id = c.id and t.person_id = :person_id
where c.id = :cohort_id and coalesce(d.person_id, a.person_id) is not null;

-- name: mentor_places^
-- How many people accepted mentors can take, how many accepted mentees there are, and how many are expected.
select
    coalesce(sum((answers->>'capacity')::integer) filter (where side = 'mentor'), 0) as mentor_places,
    count(*) filter (where side = 'mentee') as mentees,
    coalesce(
        (select (c.settings #>> '{applications,expected_participants}')::integer from cohort c where c.id = :cohort_id), 0
    ) as expected
from application where cohort_id = :cohort_id and status = 'accepted';

-- name: keep_apart_requests
-- Whom people asked not to be matched with, in their own words, for staff; without those who withdrew.
select d.person_id, d.answers->>'keep_apart' as request
from draft d
join application a on a.cohort_id = d.cohort_id and a.person_id = d.person_id
where d.cohort_id = :cohort_id and coalesce(d.answers->>'keep_apart', '') <> '' and a.status <> 'withdrawn'
order by d.person_id;
