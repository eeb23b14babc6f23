-- name: answered_email^
-- The newest email that has one of these Message-IDs.
select * from outbox where message_id = any(:answered) order by due_at desc, key limit 1;

-- name: subject_of_email$
-- The subject that an email was sent with.
select subject from outbox where key = :key;

-- name: noted_reply^
-- A message that was noted before, and whether it waits in a digest.
select digest_key is not null as in_digest from reply where fingerprint = :fingerprint;

-- name: save_reply!
-- Note that somebody replied to an email; a second time changes nothing.
insert into reply (fingerprint, email_key, cohort_id, scope_id, side, kind, received_at, passed_on, digest_key)
select :fingerprint, key, cohort_id, :scope_id, :side, :kind, :received_at, :passed_on, :digest_key
from outbox where key = :email_key
on conflict (fingerprint) do nothing;

-- name: count_replies_to$
-- How many replies to an email were noted.
select count(*) from reply where email_key = :email_key;

-- name: count_passed_on^
-- How many replies were passed on since a moment: of a cohort, and of one side of a scope in it.
select
    count(*) as of_cohort,
    count(*) filter (where scope_id = :scope_id and side is not distinct from cast(:side as text)) as of_person
from reply where cohort_id = :cohort_id and passed_on and received_at > :since;

-- name: open_reply_digest$
-- The key of the digest that still takes replies: nobody has tried to send it. It stays locked until the reply is in it.
select key from outbox
where scope_id = :cohort_id and kind = 'reply_digest' and state = 'queued' and attempts = 0
order by due_at desc limit 1
for update;

-- name: replies_in_digest
-- How many replies of a digest came from whom, most first.
select scope_id, side, count(*) as count from reply where digest_key = :digest_key
group by scope_id, side order by count(*) desc, scope_id, side;

-- name: replies_of_scope
-- The newest replies to emails of a mentorship or a person's place in a cohort, newest first.
select received_at, side, kind from reply where scope_id = :scope_id order by received_at desc, fingerprint limit :most;
