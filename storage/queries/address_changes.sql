-- name: lock_address_changes!
-- Let two steps with the address of one person come one after the other.
select pg_advisory_xact_lock(hashtextextended('address ' || :cohort_id || '/' || :person_id, 0));

-- name: save_address_change$
-- Keep that an address is to change, or was changed by staff; return its number.
insert into address_change (
    mentorship_id, side, cohort_id, person_id, old_email, new_email, by_staff, asked_at, confirmed_at, closed_at
) values (
    :mentorship_id, :side, :cohort_id, :person_id, :old_email, :new_email, :by_staff, :asked_at,
    case when :by_staff then :asked_at::timestamptz end, case when :by_staff then :asked_at::timestamptz end
)
returning id;

-- name: count_address_changes$
-- How often somebody asked for another address since a moment.
select count(*) from address_change
where cohort_id = :cohort_id and person_id = :person_id and asked_at > :since and not by_staff;

-- name: address_change^
-- One change of an address, or nothing once it is deleted.
select id, mentorship_id, side, cohort_id, person_id, old_email, new_email, by_staff, asked_at, confirmed_at, kept_at,
    closed_at
from address_change where id = :id;

-- name: address_change_behind^
-- The change that a link is about, and whether the link confirms it or takes it back.
select c.id, c.mentorship_id, c.side, c.cohort_id, c.person_id, c.old_email, c.new_email, c.by_staff, c.asked_at,
    c.confirmed_at, c.kept_at, c.closed_at, l.confirms
from address_link l join address_change c on c.id = l.change_id
where l.token_hash = :token_hash;

-- name: waiting_address_change^
-- The newest change that somebody asked for and that nobody has confirmed or taken back.
select id, mentorship_id, side, cohort_id, person_id, old_email, new_email, by_staff, asked_at, confirmed_at, kept_at,
    closed_at
from address_change
where cohort_id = :cohort_id and person_id = :person_id and asked_at > :since
    and confirmed_at is null and kept_at is null and closed_at is null
order by id desc limit 1;

-- name: set_address_confirmed!
-- The owner of the new mailbox said yes.
update address_change set confirmed_at = :now where id = :id;

-- name: set_address_kept!
-- The old address is kept; what was asked for after this change goes with it.
update address_change
set kept_at = case when id = :id then :now else kept_at end, closed_at = case when id = :id then closed_at else :now end
where cohort_id = :cohort_id and person_id = :person_id and id >= :id;

-- name: close_address_changes!
-- No link about these changes does anything any more: those that nobody confirmed, or all.
update address_change set closed_at = :now
where cohort_id = :cohort_id and person_id = :person_id and closed_at is null and (confirmed_at is null or :confirmed_too);

-- name: forget_address_changes!
-- Addresses of long ago are deleted, with the links about them.
delete from address_change where saved_at < :before;

-- name: save_address_link!
-- Keep the hash of a link about a change; a second run changes nothing.
insert into address_link (token_hash, change_id, confirms, key_id) values (:token_hash, :change_id, :confirms, :key_id)
on conflict (token_hash) do nothing;
