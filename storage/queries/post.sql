-- name: ask_for_letter!
-- Have a letter wait until somebody writes and sends it; one that was asked for before stays as it is.
insert into outbox (
    key, scope_id, cohort_id, kind, recipient, subject, asks, automatic, due_at, state, asked_at, reason, about
) values (
    :key, :scope_id, :cohort_id, :kind, :recipient, '', :asks, :automatic, :due_at, 'waiting', :asked_at, :reason, :about
)
on conflict (key) do nothing;

-- name: letters_before$
-- How many letters of a kind somebody was written, or will be.
select count(*) from outbox where scope_id = :scope_id and kind = :kind;

-- name: letters_waiting
-- Letters of a cohort that were asked for and have not left, oldest first, without those that rest.
select * from outbox
where cohort_id = :cohort_id and asked_at is not null and state in ('waiting', 'sending')
    and (rests_until is null or rests_until <= :now)
order by asked_at, key;

-- name: next_letter_at$
-- When the first letter that rests is tried again, or nothing.
select min(rests_until) from outbox
where cohort_id = :cohort_id and asked_at is not null and state in ('waiting', 'sending') and rests_until > :now;

-- name: cohorts_with_letters
-- The cohorts in which letters wait that nobody has a reason to leave alone.
select distinct cohort_id from outbox
where asked_at is not null and state in ('waiting', 'sending') and (rests_until is null or rests_until <= :now)
order by cohort_id;

-- name: rest_letter$
-- A letter that could not leave waits again, or is given up after the most attempts; where it stands then comes back.
update outbox
set state = case when attempts >= :most_attempts then 'undeliverable' else 'waiting' end,
    rests_until = :until, asked_at = coalesce(asked_at, :asked_at)
where key = :key and state in ('waiting', 'sending')
returning state;

-- name: drop_letter!
-- A letter that has nothing to say any more is not sent, or not once more.
delete from outbox where key = :key and state in ('waiting', 'sending');
