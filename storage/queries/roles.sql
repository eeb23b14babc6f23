-- name: role_holders
-- Everybody who holds, held or will hold a role of a cohort.
select id, role, email, access, starts_on, ends_on from role_holder where cohort_id = :cohort_id order by starts_on, id;

-- name: add_role_holder$
-- Keep who takes on a role; its number comes back, and nothing where the very same is kept already.
insert into role_holder (cohort_id, role, email, access, starts_on, ends_on)
select :cohort_id, :role, :email, :access, cast(:starts_on as date), cast(:ends_on as date)
where not exists (
    select from role_holder
    where cohort_id = :cohort_id and role = :role and email = :email and access = :access and starts_on = :starts_on
        and ends_on is not distinct from :ends_on
)
returning id;

-- name: end_role_holder!
-- The last day on which somebody holds a role.
update role_holder set ends_on = :last_on where cohort_id = :cohort_id and id = :id and starts_on <= :last_on;

-- name: remove_role_holder!
-- Who would have held a role on no day at all never held it.
delete from role_holder where cohort_id = :cohort_id and id = :id and starts_on > :last_on;
