-- name: enqueue_emails!
-- Enqueue emails; a key that is there already stays as it is. A scope is a mentorship, a cohort or one of its people.
-- A delay is of real time. Where any is new, the senders wake once the transaction is committed.
with enqueued as (
    insert into outbox (
        key, scope_id, cohort_id, kind, recipient, asks, reason, about, change, pause_from_on, pause_until_on, automatic,
        priority, due_at, requested_at, next_attempt_at
    )
    select
        e.key, e.scope_id, c.id, e.kind, e.recipient, e.asks, e.reason, e.about, e.change, e.pause_from_on,
        e.pause_until_on, e.automatic, e.priority, e.due_at, e.requested_at, now() + cast(:delay as interval)
    from jsonb_to_recordset(cast(:emails as jsonb)) as e (
        key text, scope_id text, kind text, recipient text, asks jsonb, reason text, about text, change text,
        pause_from_on date, pause_until_on date, automatic boolean, priority smallint, due_at timestamptz,
        requested_at timestamptz
    )
    -- Nobody is written to any more about a cohort that is archived.
    join cohort c on c.archived_at is null and c.id = coalesce(
        (select m.cohort_id from mentorship m where m.id = e.scope_id), split_part(e.scope_id, '/', 1)
    )
    on conflict (key) do nothing
    returning key
)
select pg_notify('outbox', '') where exists (select from enqueued);

-- name: notify_sender!
-- Wake the senders once this transaction is committed.
select pg_notify('outbox', '');

-- name: claim_emails
-- Take the next emails that may leave. Their Date is the program's time at the first attempt, so another attempt after a
-- crash gives the same bytes, in the class's own words of that moment; whoever dies here leaves them to others after the
-- lease.
with next as materialized (
    select key from outbox
    where state in ('queued', 'sending') and next_attempt_at <= clock_timestamp()
    order by priority, next_attempt_at, due_at, key
    limit :at_most
    for update skip locked
), archived as (
    -- One that an attempt has put back since its cohort was archived, or that was enqueued at the same moment.
    update outbox o set state = 'dropped', failing_since = null
    from next, cohort c
    where o.key = next.key and c.id = o.cohort_id and c.archived_at is not null
    returning o.key
)
update outbox o
set state = 'sending', attempts = attempts + 1, next_attempt_at = clock_timestamp() + cast(:lease as interval),
    first_attempt_at = coalesce(first_attempt_at, requested_at + (clock_timestamp() - enqueued_at)),
    wording = coalesce(wording, (
        select w.id from email_wording w
        where w.cohort_id = o.cohort_id and w.kind = o.kind and w.used_since is not null
        order by w.used_since desc, w.id desc limit 1
    ), 0)
from next
where o.key = next.key and next.key not in (select key from archived)
returning o.*, requested_at + (clock_timestamp() - enqueued_at) as program_now;

-- name: next_attempt_at$
-- When the next email may leave, or nothing.
select min(next_attempt_at) from outbox where state in ('queued', 'sending');

-- name: take_turns$
-- Take the next turns of all senders together, which are apart by an interval; return the seconds until the first comes.
insert into sender_status as s (next_turn_at) values (clock_timestamp() + cast(:taken as interval))
on conflict (only_row) do update set next_turn_at = greatest(s.next_turn_at, clock_timestamp()) + cast(:taken as interval)
returning extract(epoch from greatest(next_turn_at - cast(:taken as interval) - clock_timestamp(), interval '0'))::float8;

-- name: renew_lease!
-- Whoever sends the email needs longer.
update outbox set next_attempt_at = clock_timestamp() + cast(:lease as interval) where key = :key and state = 'sending';

-- name: set_sender_seen!
-- Say that a sender is at work.
insert into sender_status (seen_at) values (clock_timestamp()) on conflict (only_row) do update set seen_at = clock_timestamp();

-- name: set_sender_paused!
-- Say why the relay accepts nothing; the first moment stays.
insert into sender_status as s (paused_since, pause_cause) values (clock_timestamp(), :cause)
on conflict (only_row) do update
set paused_since = coalesce(s.paused_since, clock_timestamp()), pause_cause = excluded.pause_cause;

-- name: set_sender_resumed!
-- Say that the relay accepts email again.
update sender_status set paused_since = null, pause_cause = null where only_row and paused_since is not null;

-- name: sender_status^
-- What all senders share, or nothing where none ever ran.
select * from sender_status where only_row;

-- name: save_written!
-- Save the subjects that emails were rendered with, the tokens that their bounces come back to, and the hashes of their
-- links' tokens.
with written as (
    update outbox o
    set subject = w.subject, bounce_hash = w.bounce_hash, message_id = w.message_id, link_key_id = w.link_key_id
    from unnest(
        cast(:keys as text[]), cast(:subjects as text[]), cast(:bounce_hashes as bytea[]), cast(:message_ids as text[]),
        cast(:link_key_ids as text[])
    ) as w (key, subject, bounce_hash, message_id, link_key_id)
    where o.key = w.key
)
insert into link (token_hash, email_key, key_id, mentorship_id, milestone, side)
select * from unnest(
    cast(:token_hashes as bytea[]), cast(:email_keys as text[]), cast(:key_ids as text[]),
    cast(:mentorship_ids as text[]), cast(:milestones as text[]), cast(:sides as text[])
)
on conflict (token_hash) do nothing;

-- name: save_lost_emails!
-- Write emails again that a workflow has enqueued and that were lost with a newer database: they count as sent, and what
-- is in them leads where it did.
with lost as (
    insert into outbox (
        key, scope_id, cohort_id, kind, recipient, asks, reason, about, change, pause_from_on, pause_until_on, automatic,
        priority, due_at, requested_at, first_attempt_at, sent_at, state, bounce_hash, message_id, link_key_id
    )
    select
        e.key, e.scope_id, m.cohort_id, e.kind, e.recipient, e.asks, e.reason, e.about, e.change, e.pause_from_on,
        e.pause_until_on, e.automatic, e.priority, e.due_at, e.due_at, e.due_at, e.due_at, 'sent',
        decode(e.bounce_hash, 'hex'), e.message_id, e.link_key_id
    from jsonb_to_recordset(cast(:emails as jsonb)) as e (
        key text, scope_id text, kind text, recipient text, asks jsonb, reason text, about text, change text,
        pause_from_on date, pause_until_on date, automatic boolean, priority smallint, due_at timestamptz,
        bounce_hash text, message_id text, link_key_id text
    )
    join mentorship m on m.id = e.scope_id
    on conflict (key) do nothing
    returning key
)
insert into link (token_hash, email_key, key_id, mentorship_id, milestone, side)
select l.* from unnest(
    cast(:token_hashes as bytea[]), cast(:email_keys as text[]), cast(:key_ids as text[]),
    cast(:mentorship_ids as text[]), cast(:milestones as text[]), cast(:sides as text[])
) as l (token_hash, email_key, key_id, mentorship_id, milestone, side)
join lost on lost.key = l.email_key
join milestone s on s.mentorship_id = l.mentorship_id and s.id = l.milestone
on conflict (token_hash) do nothing;

-- name: set_emails_sent!
-- The relay took them, at the program's time of now. What their addresses answered before is settled.
with settled as (
    delete from bounce where email_key = any(:keys)
)
update outbox
set state = 'sent', sent_at = requested_at + (clock_timestamp() - enqueued_at), failing_since = null, failure = null
where key = any(:keys) and state = 'sending';

-- name: set_email_undeliverable!
-- The address refused it for good.
update outbox set state = 'undeliverable', failure = :failure where key = :key and state = 'sending';

-- name: requeue_undeliverable!
-- What was taken for a fault of addresses was one of the relay: the emails are sent after all.
update outbox
set state = 'queued', next_attempt_at = clock_timestamp() + cast(:delay as interval), failure = null, signaled_at = null
where key = any(:keys) and state = 'undeliverable';

-- name: defer_email$
-- An email that failed is tried again later; one that failed for too long gets its last state, which is returned.
-- A 4xx code counts as a soft bounce.
with soft as (
    insert into bounce (email_key, source, code)
    select key, 'attempt ' || attempts, :failure from outbox
    where key = :key and state = 'sending' and cast(:failure as text) like '4%'
    on conflict (email_key, source) do nothing
)
update outbox
set state = case when failing_since < clock_timestamp() - cast(:give_up_after as interval) then :last_state else 'queued' end,
    next_attempt_at = clock_timestamp() + cast(:delay as interval), failing_since = coalesce(failing_since, clock_timestamp()),
    failure = :failure
where key = :key and state = 'sending'
returning state;

-- name: repeating_emails
-- Those of some emails of which all that they say was said by one before that left since a moment, or is about to: of
-- the same key but for its occurrence, or of the same asks. One that fails does not count, or it would silence the other
-- one, too.
with email as (
    select * from jsonb_to_recordset(cast(:emails as jsonb)) as given (
        key text, scope_id text, recipient text, asks jsonb, earlier_keys text[], since timestamptz
    )
), recent as (
    select e.key as before, o.key, o.asks
    from email e join outbox o on o.scope_id = e.scope_id and o.recipient = e.recipient and o.key <> e.key
    where o.sent_at > e.since or (o.state in ('queued', 'sending') and o.failing_since is null)
)
select e.key from email e
where exists (select from recent r where r.before = e.key and r.key = any(e.earlier_keys)) or (
    select bool_and(exists (
        select from recent r cross join jsonb_array_elements(r.asks) earlier
        where r.before = e.key and earlier ->> 'milestone' = ask ->> 'milestone'
        and cast(earlier ->> 'occurrence' as integer) < cast(ask ->> 'occurrence' as integer)
    )) from jsonb_array_elements(e.asks) ask
);

-- name: later_one_is_queued$
-- Whether a later email of the same kind waits, which says what this one says and more.
select exists (
    select from outbox
    where scope_id = :scope_id and kind = :kind and due_at > :due_at and state in ('queued', 'sending') and failing_since is null
);

-- name: requeue_email!
-- Nothing was handed over, by no fault of this email: after a delay it is as if nobody had tried.
update outbox
set state = 'queued', next_attempt_at = clock_timestamp() + cast(:delay as interval), attempts = attempts - 1,
    first_attempt_at = case when attempts = 1 then null else first_attempt_at end,
    wording = case when attempts = 1 then null else wording end
where key = :key and state = 'sending';

-- name: discard_email!
-- An email that has nothing to say any more is not sent; an attempt before may have kept its links.
with discarded as (
    select key, scope_id, cohort_id from outbox where key = :key and state = 'sending'
), links as (
    delete from link where email_key in (select key from discarded)
), known as (
    insert into discarded_email (key, scope_id, cohort_id) select key, scope_id, cohort_id from discarded
    on conflict (key) do nothing
)
delete from outbox where key = :key and state = 'sending';

-- name: not_signaled_undeliverable
-- Emails whose address refused them and whose mentorship was not signaled yet.
select * from outbox where state = 'undeliverable' and signaled_at is null order by key;

-- name: set_undeliverable_signaled!
-- The mentorship knows that an address refused an email.
update outbox set signaled_at = clock_timestamp() where key = :key and state = 'undeliverable';

-- name: email_state$
-- The state of an email, or nothing.
select state from outbox where key = :key;

-- name: email^
-- One email, with the class's own words that it was or would be written in.
select o.*, coalesce(o.wording, (
    select w.id from email_wording w
    where w.cohort_id = o.cohort_id and w.kind = o.kind and w.used_since is not null
    order by w.used_since desc, w.id desc limit 1
), 0) as own_words
from outbox o where key = :key;

-- name: emails_of_scope
-- Every email of one mentorship, of a person or of a cohort as a whole, in order of their moments.
select * from outbox where scope_id = :scope_id order by due_at, key;

-- name: emails_of_cohort
-- Every email of a cohort, in order of their moments.
select * from outbox where cohort_id = :cohort_id order by due_at, key;

-- name: count_emails$
-- How many emails of a kind a scope was sent, or will be.
select count(*) from outbox where scope_id = :scope_id and kind = :kind;

-- name: count_unsettled$
-- How many emails of a scope have yet to be tried, or were refused without anybody knowing.
select count(*) from outbox
where scope_id = :scope_id and (
    state = 'sending' or (state = 'queued' and failing_since is null) or (state = 'undeliverable' and signaled_at is null)
);

-- name: count_unsettled_of_cohort$
-- How many emails of a cohort have yet to be tried, or were refused without anybody knowing.
select count(*) from outbox
where cohort_id = :cohort_id and (
    state = 'sending' or (state = 'queued' and failing_since is null) or (state = 'undeliverable' and signaled_at is null)
);

-- name: stuck_emails
-- Emails that failed for an hour, waited for a day, or were given up; most urgent first. Of one cohort, or of all.
select * from outbox
where state in ('queued', 'sending', 'dead', 'undeliverable')
and (cast(:cohort_id as text) is null or cohort_id = :cohort_id) and (
    state = 'dead'
    or (state = 'undeliverable' and recipient = 'staff')
    or (state in ('queued', 'sending') and failing_since < clock_timestamp() - interval '1 hour')
    -- One that waits for office hours has its next attempt ahead of it.
    or (state in ('queued', 'sending') and next_attempt_at < clock_timestamp() - interval '24 hours')
)
order by priority, enqueued_at, key;

-- name: held_emails
-- Emails that are held, of all cohorts: those that leave first once they are released come first.
select * from outbox where state = 'held' order by priority, due_at, key;

-- name: change_email_state$
-- Take a step of staff with an email; returns the key where the email is in one of the states the step starts from.
update outbox
set state = :state, next_attempt_at = clock_timestamp(),
    failing_since = case when :state = 'queued' then null else failing_since end,
    failure = case when :state = 'queued' then null else failure end,
    signaled_at = case when :state = 'queued' then null else signaled_at end
where key = :key and state = any(:from_states)
returning key;

-- name: outbox_page
-- The newest emails of a cohort that match every filter that is not null, the newest first.
select key, scope_id, kind, recipient, subject, asks, reason, due_at, sent_at, state, failure
from outbox
where cohort_id = :cohort_id
    and (:state::text is null or state = :state)
    and (:kind::text is null or kind = :kind)
    and (:scope_id::text is null or scope_id = :scope_id)
order by due_at desc, key limit :at_most;

-- name: count_outbox
-- How many emails of a cohort there are of each kind in each state.
select kind, state, count(*) as emails from outbox where cohort_id = :cohort_id group by kind, state order by kind, state;

-- name: change_emails_of_kind$
-- Take a step of staff with all emails of a kind that are in one of the states the step starts from; how many they were.
with changed as (
    update outbox
    set state = :state, next_attempt_at = clock_timestamp(),
        failing_since = case when :state = 'queued' then null else failing_since end,
        failure = case when :state = 'queued' then null else failure end,
        signaled_at = case when :state = 'queued' then null else signaled_at end
    where cohort_id = :cohort_id and kind = :kind and state = any(:from_states)
    returning key
)
select count(*) from changed;
