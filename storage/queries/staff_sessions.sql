-- name: roles_of_address
-- The roles that an address holds today, each by the day in its cohort's time zone; archived classes are left out.
select r.id, r.cohort_id, r.access
from role_holder r
join cohort c on c.id = r.cohort_id
where lower(r.email) = lower(:email)
and c.archived_at is null
and (cast(:now as timestamptz) at time zone (c.settings ->> 'time_zone'))::date between r.starts_on
    and coalesce(r.ends_on, 'infinity')
order by r.cohort_id, r.id;

-- name: save_sign_in_link!
-- Keep a link before an email carries it; an email that is written again carries the same one.
insert into sign_in_link (token_hash, email, made_at) values (:token_hash, :email, :made_at)
on conflict (token_hash) do nothing;

-- name: forget_sign_in_links!
-- Nobody needs a link that has ended.
delete from sign_in_link where made_at < :before;

-- name: is_sign_in_link_open$
-- Whether a link signs somebody in now.
select true from sign_in_link where token_hash = :token_hash and used_at is null and made_at > :since;

-- name: use_sign_in_link$
-- Use a link up; the address that it signs in, or nothing where it is used, too old or unknown.
update sign_in_link set used_at = :now
where token_hash = :token_hash and used_at is null and made_at > :since
returning email;

-- name: save_session!
-- Somebody has signed in.
insert into staff_session (token_hash, email, began_at, seen_at, authenticated_at)
values (:token_hash, :email, :now, :now, :authenticated_at);

-- name: session^
-- Whose session it is, when it was last in use and when they last showed who they are, if it goes on.
select email, seen_at, authenticated_at from staff_session
where token_hash = :token_hash and ended_at is null and seen_at > :idle_since and began_at > :began_since;

-- name: touch_session!
-- Somebody is still there; once a minute is often enough.
update staff_session set seen_at = :now where token_hash = :token_hash and seen_at < :before;

-- name: end_session!
-- Somebody has signed out.
update staff_session set ended_at = :now where token_hash = :token_hash and ended_at is null;

-- name: end_sessions!
-- Somebody has signed out everywhere.
update staff_session set ended_at = :now where lower(email) = lower(:email) and ended_at is null;

-- name: open_sessions
-- The sessions of an address that go on, the one in use last first; whether it is the one that asks.
select id, began_at, seen_at, token_hash = :token_hash as here
from staff_session
where lower(email) = lower(:email) and ended_at is null and seen_at > :idle_since and began_at > :began_since
order by seen_at desc, id;

-- name: end_session_by_number!
-- Somebody ends one of their own sessions, as one on a device that is lost.
update staff_session set ended_at = :now where id = :id and lower(email) = lower(:email) and ended_at is null;

-- name: forget_sessions!
-- Nobody needs to know any more who was signed in; a session in use is seen each minute.
delete from staff_session where seen_at < :before;
