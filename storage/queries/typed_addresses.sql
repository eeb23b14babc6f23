-- name: lock_typed_address!
-- Let one of two requests for the same mailbox wait for the other, so that each counts the other's email.
select pg_advisory_xact_lock(hashtextextended('typed ' || encode(:mailbox_hash, 'hex'), 0));

-- name: count_link_requests$
-- How many emails the public pages of a cohort sent to a mailbox since a moment.
select count(*) from link_request
where cohort_id = :cohort_id and sent_at > :since and mailbox_hash = :mailbox_hash;

-- name: save_link_request!
-- A public page sends an email to an address that somebody typed.
insert into link_request (cohort_id, mailbox_hash, sent_at) values (:cohort_id, :mailbox_hash, :now);

-- name: forget_link_requests!
-- Emails of long ago count for no limit.
delete from link_request where cohort_id = :cohort_id and sent_at < :before;

-- name: is_mailbox_stopped$
-- Whether a mailbox gets nothing from the public pages of a cohort.
select exists (select from stopped_mailbox where cohort_id = :cohort_id and mailbox_hash = :mailbox_hash);

-- name: stop_mailbox$
-- Send a mailbox nothing more from the public pages of a cohort; nothing comes back where that was so before.
insert into stopped_mailbox (cohort_id, mailbox_hash, stopped_at) values (:cohort_id, :mailbox_hash, :now)
on conflict (cohort_id, mailbox_hash) do nothing
returning true;

-- name: resume_mailbox$
-- Send a mailbox emails from the public pages again; nothing comes back where they were not stopped.
delete from stopped_mailbox where cohort_id = :cohort_id and mailbox_hash = :mailbox_hash returning true;

-- name: is_draft_untouched$
-- Whether somebody only began to apply: no page was saved, and staff did not import them.
select exists (
    select from draft d
    where d.cohort_id = :cohort_id and d.person_id = :person_id and d.closed_at is null
    and d.answers - 'language' = '{}' and d.saved_at = d.began_at and d.submitted_at is null
    and not exists (select from application a where a.cohort_id = d.cohort_id and a.person_id = d.person_id)
);
