-- name: lock_mailbox$
-- Read the mailbox for bounces alone, or return false where another connection does.
select pg_try_advisory_lock(hashtext('bounce mailbox'));

-- name: unlock_mailbox$
-- Let another connection read the mailbox for bounces.
select pg_advisory_unlock(hashtext('bounce mailbox'));

-- name: bounced_email^
-- The email whose envelope sender has a token.
select * from outbox where bounce_hash = :token_hash;

-- name: save_bounce$
-- Keep that an address did not take an email; returns its key, or nothing where this bounce was kept before.
insert into bounce (email_key, source, code) values (:email_key, :source, :code)
on conflict (email_key, source) do nothing
returning email_key;

-- name: set_email_bounced!
-- An email that the relay took came back. Its sender may not have noted yet that the relay took it.
update outbox set state = :state, failure = :failure, signaled_at = null
where key = :key and state in ('queued', 'sending', 'sent');

-- name: soft_bounced
-- Whose address failed at least twice since a moment, without refusing emails for good; the person's id, or "staff".
select o.cohort_id, coalesce(
    case o.recipient when 'mentor' then m.mentor_id when 'mentee' then m.mentee_id end,
    nullif(split_part(o.scope_id, '/', 2), ''), o.recipient
) as person,
count(*) as bounces, (array_agg(b.code order by b.bounced_at desc))[1] as failure
from bounce b
join outbox o on o.key = b.email_key
left join mentorship m on m.id = o.scope_id
where b.bounced_at >= :since and b.code like '4%'
group by 1, 2
having count(*) > 1
order by 1, 2;
