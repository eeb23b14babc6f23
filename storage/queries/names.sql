-- name: names_of_people
-- Everybody of a cohort by id: their side and their name.
select person_id, side, answers ->> 'name' as name from application where cohort_id = :cohort_id
order by lower(answers ->> 'name'), person_id;
