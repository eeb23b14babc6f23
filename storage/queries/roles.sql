-- name: role_holders
-- Everybody who holds, held or will hold a role of a cohort.
select id, role, email, from_on, to_on from role_holder where cohort_id = :cohort_id order by from_on, id;

-- name: add_role_holder$
-- Keep who takes on a role; its number comes back, and nothing where the very same is kept already.
insert into role_holder (cohort_id, role, email, from_on, to_on)
select :cohort_id, :role, :email, cast(:from_on as date), cast(:to_on as date)
where not exists (
    select from role_holder
    where cohort_id = :cohort_id and role = :role and email = :email and from_on = :from_on
        and to_on is not distinct from :to_on
)
returning id;

-- name: end_role_holder!
-- The last day on which somebody holds a role.
update role_holder set to_on = :last_on where cohort_id = :cohort_id and id = :id and from_on <= :last_on;

-- name: remove_role_holder!
-- Who would have held a role on no day at all never held it.
delete from role_holder where cohort_id = :cohort_id and id = :id and from_on > :last_on;
