-- name: ensure_personal_link!
-- Keep the hash of a personal link's token; a revoked one stays revoked.
insert into personal_link (token_hash, cohort_id, person_id) values (:token_hash, :cohort_id, :person_id)
on conflict (token_hash) do nothing;

-- name: personal_link_owner^
-- Whose link it is, unless it was revoked.
select cohort_id, person_id from personal_link where token_hash = :token_hash and revoked_at is null;

-- name: revoked_personal_links$
-- How many links of somebody lead nowhere any more.
select count(*) from personal_link
where cohort_id = :cohort_id and person_id = :person_id and revoked_at is not null;

-- name: revoke_personal_links!
-- Whoever reads the old mailbox now finds no link there that works.
update personal_link set revoked_at = :now
where cohort_id = :cohort_id and person_id = :person_id and revoked_at is null;
