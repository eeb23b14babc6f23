-- name: lock_inquiries!
-- Let one of two who ask at the same moment wait for the other, so that each counts the other's question.
select pg_advisory_xact_lock(hashtextextended('inquiries ' || :cohort_id, 0));

-- name: save_inquiry$
-- Keep a question that was asked before applying.
insert into inquiry (cohort_id, name, email, mailbox, text, received_at)
values (:cohort_id, :name, :email, :mailbox, :text, :now)
returning id;

-- name: inquiry^
-- One question that was asked before applying.
select id, cohort_id, name, email, text from inquiry where id = :id;

-- name: count_inquiry_emails^
-- How many questions had an email of their own: all of a cohort in an hour, and those of one mailbox in a day.
select
    count(*) filter (where received_at > :hour_ago) as of_cohort,
    count(*) filter (where mailbox = :mailbox) as of_mailbox
from inquiry where cohort_id = :cohort_id and digest_key is null and received_at > :day_ago;

-- name: open_inquiry_digest$
-- The key of the digest that still takes questions: nobody has tried to send it, and it has room. It stays locked, so
-- no sender claims it before the next question is in it; one that a sender is claiming does not come back from here.
select o.key from outbox o
where o.scope_id = :cohort_id and o.kind = 'inquiry_digest' and o.state = 'queued' and o.attempts = 0
and (
    -- 600 characters for the name, the address and what stands around a question.
    select sum(length(i.text) + 600) from inquiry i where i.digest_key = o.key
) < :most_characters
order by o.due_at desc limit 1
for update;

-- name: put_in_inquiry_digest!
-- Let a question come in a digest.
update inquiry set digest_key = :digest_key where id = :id;

-- name: inquiries_in_digest
-- The questions of a digest in the order in which they came.
select id, cohort_id, name, email, text from inquiry where digest_key = :digest_key order by id;
