-- name: ensure_personal_link!
-- Keep the hash of a personal link's token; a revoked one stays revoked.
insert into personal_link (token_hash, cohort_id, person_id, key_id)
values (:token_hash, :cohort_id, :person_id, :key_id)
on conflict (token_hash) do nothing;

-- name: personal_link_owner^
-- Whose link it is, unless it was revoked or what it leads to was closed.
select l.cohort_id, l.person_id from personal_link l
left join draft d on d.cohort_id = l.cohort_id and d.person_id = l.person_id
where l.token_hash = :token_hash and l.revoked_at is null and d.closed_at is null;

-- name: hold_personal_link$
-- Whether a link still works; whoever revokes it waits until the transaction is over.
select true from personal_link where token_hash = :token_hash and revoked_at is null for share;

-- name: revoked_personal_links$
-- How many links of somebody lead nowhere any more.
select count(*) from personal_link
where cohort_id = :cohort_id and person_id = :person_id and revoked_at is not null;

-- name: revoke_personal_links!
-- Whoever reads the old mailbox now finds no link there that works.
update personal_link set revoked_at = :now
where cohort_id = :cohort_id and person_id = :person_id and revoked_at is null;
