-- name: people_named
-- Everybody who applied to a cohort, whatever became of it, or began to, by name: their side and their town.
select * from (
    select person_id as id, side, coalesce(nullif(answers ->> 'name', ''), person_id) as name,
        answers ->> 'town' as town, true as applied
    from application where cohort_id = :cohort_id
    union all
    select d.person_id, d.side, coalesce(nullif(d.answers ->> 'name', ''), d.person_id), d.answers ->> 'town', false
    from draft d where d.cohort_id = :cohort_id and not exists (
        select from application a where a.cohort_id = d.cohort_id and a.person_id = d.person_id
    )
) person
order by lower(name), id;
