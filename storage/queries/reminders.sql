-- name: ensure_reminder_link!
-- Keep the hash of a participant's newest link; the one before leads nowhere any more.
insert into reminder_link (cohort_id, person_id, token_hash, key_id, mentorship_id, side)
values (:cohort_id, :person_id, :token_hash, :key_id, :mentorship_id, :side)
on conflict (cohort_id, person_id) do update
set token_hash = excluded.token_hash, key_id = excluded.key_id, mentorship_id = excluded.mentorship_id, side = excluded.side;

-- name: reminder_link_of^
-- A participant's link.
select token_hash, key_id, revocations, mentorship_id, side, paused_at, resumed_at
from reminder_link where cohort_id = :cohort_id and person_id = :person_id;

-- name: reminder_link^
-- Whose reminders a link pauses, and from when to when they are paused.
select person_id, mentorship_id, side, paused_at, resumed_at
from reminder_link where token_hash = :token_hash;

-- name: pause_reminders$
-- Pause reminders, until a moment or for good; nothing where they are paused so already.
update reminder_link set paused_at = :now, resumed_at = :until
where token_hash = :token_hash and (
    paused_at is null or resumed_at <= :now or resumed_at is distinct from cast(:until as timestamptz)
)
returning true;

-- name: resume_reminders$
-- Send reminders again; nothing where they are not paused.
update reminder_link set paused_at = null, resumed_at = null
where token_hash = :token_hash and paused_at is not null and (resumed_at is null or resumed_at > :now)
returning true;
