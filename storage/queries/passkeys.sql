-- name: save_passkey$
-- Keep a passkey; nothing where it is known already, whosever it is.
insert into passkey (email, credential_id, public_key, sign_count, name, added_at)
values (:email, :credential_id, :public_key, :sign_count, :name, :now)
on conflict (credential_id) do nothing
returning id;

-- name: passkeys_of
-- The passkeys of an address, the oldest first.
select * from passkey where lower(email) = lower(:email) order by id;

-- name: passkey^
-- The passkey with this id of its device's.
select * from passkey where credential_id = :credential_id;

-- name: set_passkey_used!
-- A passkey signed somebody in.
update passkey set sign_count = :sign_count, used_at = :now where id = :id;

-- name: remove_passkey$
-- Remove one passkey of an address; one of somebody else stays.
delete from passkey where id = :id and lower(email) = lower(:email)
returning id;

-- name: answer_challenge$
-- A challenge is answered; nothing where it was before.
insert into answered_challenge (challenge_hash, answered_at) values (:challenge_hash, :now)
on conflict (challenge_hash) do nothing
returning true;

-- name: forget_challenges!
-- Nobody can answer them any more.
delete from answered_challenge where answered_at < :before;

-- name: forget_passkeys!
-- Nobody signs in with them any more: their owner has held no role since a moment, and has none to come.
delete from passkey p
where coalesce(p.used_at, p.added_at) < :before and not exists (
    select from role_holder r join cohort c on c.id = r.cohort_id
    where lower(r.email) = lower(p.email)
    and coalesce(r.ends_on, 'infinity') >= cast(cast(:before as timestamptz) at time zone (c.settings ->> 'time_zone') as date)
    and coalesce(c.archived_at, 'infinity') >= :before
);
