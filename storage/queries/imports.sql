-- name: stored_applications
-- Every application of a cohort as it stands, in a fixed order.
select side, person_id, status, answers from application where cohort_id = :cohort_id order by person_id;

-- name: drafts_without_application
-- The addresses of those who began to apply and have not submitted, and whether they went on: to look changes nothing,
-- so that what opens links by machine does not count.
select d.person_id, d.email, d.answers - 'language' <> '{}' or d.saved_at > d.began_at as continued from draft d
where d.cohort_id = :cohort_id
and not exists (select from application a where a.cohort_id = d.cohort_id and a.person_id = d.person_id)
order by d.person_id;

-- name: addresses_waitlisted_before
-- Which of these addresses belong to participants whom the last class they applied to left without a mentor: those
-- still on its waiting list, and those whom its published pairs do not name.
with class as (
    select
        c.id,
        coalesce((c.settings ->> 'kickoff_on')::date, (c.settings -> 'institute' ->> 'last_day')::date) as kickoff_on
    from cohort c
),
placed as (
    select p.cohort_id, pair.value ->> 'mentee' as person_id
    from published_run p cross join jsonb_array_elements(p.result -> 'pairs') as pair
)
select newest.address
from (
    select distinct on (lower(a.email))
        lower(a.email) as address,
        a.status = 'waiting' or a.status = 'accepted' and exists (
            select from published_run p where p.cohort_id = a.cohort_id
        ) and not exists (
            select from placed p where p.cohort_id = a.cohort_id and p.person_id = a.person_id
        ) as left_waiting
    from application a
    join class earlier on earlier.id = a.cohort_id
    join class this on this.id = :cohort_id and earlier.kickoff_on < this.kickoff_on
    where a.side = 'mentee' and a.status <> 'withdrawn' and lower(a.email) = any(:addresses::text[])
    order by lower(a.email), earlier.kickoff_on desc, earlier.id
) newest
where newest.left_waiting
order by newest.address;

-- name: add_application*!
-- Keep an application of somebody who is new to the cohort.
insert into application (cohort_id, side, person_id, email, answers)
values (:cohort_id, :side, :person_id, :email, :answers);

-- name: change_application*!
-- Replace what an application says; where it stands stays.
update application set email = :email, answers = :answers where cohort_id = :cohort_id and person_id = :person_id;

-- name: free_addresses!
-- Free the addresses of people who get another one, so that two of them may exchange theirs; no id is an address.
with freed_drafts as (
    update draft set email = person_id where cohort_id = :cohort_id and person_id = any(:person_ids::text[])
)
update application set email = person_id where cohort_id = :cohort_id and person_id = any(:person_ids::text[]);

-- name: close_drafts!
-- What nobody went on with takes no more answers and frees its address; no id is an address.
update draft set email = person_id, closed_at = :now where cohort_id = :cohort_id and person_id = any(:person_ids::text[]);

-- name: update_draft*!
-- What somebody began to type follows what was imported; the rest of it stays.
update draft
set email = :email, answers = draft.answers - cast(:columns as text[]) || cast(:typed as jsonb)
where cohort_id = :cohort_id and person_id = :person_id;

-- name: people_with_personal_links
-- Which of these people have a page of their own.
select distinct person_id from personal_link
where cohort_id = :cohort_id and revoked_at is null and person_id = any(:person_ids::text[])
order by person_id;

-- name: people_with_links
-- Which of these people have a link that works.
select l.person_id from personal_link l
where l.cohort_id = :cohort_id and l.revoked_at is null and l.person_id = any(:person_ids::text[])
union
select case when l.side = 'mentor' then m.mentor_id else m.mentee_id end
from link l join mentorship m on m.id = l.mentorship_id
where m.cohort_id = :cohort_id and l.revoked_at is null and (
    (l.side = 'mentor' and m.mentor_id = any(:person_ids::text[]))
    or (l.side = 'mentee' and m.mentee_id = any(:person_ids::text[]))
)
order by person_id;

-- name: running_mentorships_of
-- The running mentorships of these people, and the side each is on.
select m.id as mentorship, 'mentor' as side from mentorship m
where m.cohort_id = :cohort_id and m.outcome is null and m.mentor_id = any(:person_ids::text[])
union all
select m.id, 'mentee' from mentorship m
where m.cohort_id = :cohort_id and m.outcome is null and m.mentee_id = any(:person_ids::text[])
order by mentorship, side;
