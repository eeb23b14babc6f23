-- name: answered_email^
-- The newest email that has one of these Message-IDs.
select * from outbox where message_id = any(:answered) order by due_at desc, key limit 1;

-- name: subject_of_email$
-- The subject that an email was sent with.
select subject from outbox where key = :key;

-- name: is_reply_noted$
-- Whether a message was noted before.
select exists (select from reply where fingerprint = :fingerprint);

-- name: save_reply!
-- Note that somebody replied to an email; a second time changes nothing.
insert into reply (fingerprint, email_key, scope_id, side, kind, received_at)
values (:fingerprint, :email_key, :scope_id, :side, :kind, :received_at)
on conflict (fingerprint) do nothing;

-- name: replies_of_scope
-- The newest replies to emails of a mentorship or a person's place in a cohort, newest first.
select received_at, side, kind from reply where scope_id = :scope_id order by received_at desc, fingerprint limit :most;
