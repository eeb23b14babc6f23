-- name: claim_email^
-- Claim an email's key; an email that is there already stays as it is.
insert into outbox (key, scope_id, cohort_id, kind, recipient, subject, asks, automatic, due_at, state)
values (:key, :scope_id, :cohort_id, :kind, :recipient, :subject, :asks, :automatic, :due_at, 'waiting')
on conflict (key) do update set subject = excluded.subject where outbox.state = 'waiting'
returning state;

-- name: email_state$
-- Where an email stands, or nothing.
select state from outbox where key = :key;

-- name: set_email_sending!
-- Said before the first byte goes to SMTP, so that a dead attempt is known as one.
update outbox set state = 'sending', attempts = attempts + 1 where key = :key and state in ('waiting', 'sending');

-- name: set_email_sent!
-- Said after the relay took it.
update outbox set state = 'sent', sent_at = :now where key = :key and state = 'sending';

-- name: set_email_undeliverable!
-- The relay refused the address for good.
update outbox set state = 'undeliverable' where key = :key and state = 'sending';

-- name: emails_of_scope
-- Every email of one mentorship, or of a cohort as a whole, in order of their moments.
select * from outbox where scope_id = :scope_id order by due_at, key;

-- name: emails_of_cohort
-- Every email of a cohort, in order of their moments.
select * from outbox where cohort_id = :cohort_id order by due_at, key;

-- name: save_link!
-- Keep the hash of a link's token.
insert into link (token_hash, email_key, mentorship_id, milestone, side)
values (:token_hash, :email_key, :mentorship_id, :milestone, :side)
on conflict (token_hash) do nothing;

-- name: enqueue_email!
-- Have a letter wait until somebody writes and sends it; one that was asked for before stays as it is.
insert into outbox (
    key, scope_id, cohort_id, kind, recipient, subject, asks, automatic, due_at, state, requested_at, reason, about
) values (
    :key, :scope_id, :cohort_id, :kind, :recipient, '', :asks, :automatic, :due_at, 'waiting', :requested_at, :reason, :about
)
on conflict (key) do nothing;

-- name: count_emails$
-- How many letters of a kind somebody was written, or will be.
select count(*) from outbox where scope_id = :scope_id and kind = :kind;

-- name: waiting_emails
-- Letters of a cohort that were asked for and have not left, oldest first, without those that rest.
select * from outbox
where cohort_id = :cohort_id and requested_at is not null and state in ('waiting', 'sending')
    and (retry_at is null or retry_at <= :now)
order by requested_at, key;

-- name: next_retry_at$
-- When the first letter that rests is tried again, or nothing.
select min(retry_at) from outbox
where cohort_id = :cohort_id and requested_at is not null and state in ('waiting', 'sending') and retry_at > :now;

-- name: cohorts_with_waiting_emails
-- The cohorts in which letters wait that nobody has a reason to leave alone.
select distinct cohort_id from outbox
where requested_at is not null and state in ('waiting', 'sending') and (retry_at is null or retry_at <= :now)
order by cohort_id;

-- name: defer_email$
-- A letter that could not leave waits again, or is given up after the most attempts; where it stands then comes back.
update outbox
set state = case when attempts >= :most_attempts then 'undeliverable' else 'waiting' end,
    retry_at = :until, requested_at = coalesce(requested_at, :requested_at)
where key = :key and state in ('waiting', 'sending')
returning state;

-- name: discard_email!
-- A letter that has nothing to say any more is not sent, or not once more.
delete from outbox where key = :key and state in ('waiting', 'sending');
