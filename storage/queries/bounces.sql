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
-- Keep that an address did not take an email; returns its key, or nothing where this bounce was kept before. Of soft and
-- plain ones of an email some are enough: whoever has its token could write any number.
insert into bounce (email_key, source, code, plain_kind)
select :email_key, :source, :code, :plain_kind
where (cast(:plain_kind as text) is null and cast(:code as text) not like '4%') or (
    select count(*) from bounce b where b.email_key = :email_key and (b.plain_kind is not null or b.code like '4%')
) < 10
on conflict (email_key, source) do nothing
returning email_key;

-- name: other_plain_bounces
-- The tokens' hashes of other emails of its cohort that came back since a moment by plain words of the same kind.
select distinct o.key, o.bounce_hash
from bounce b
join outbox o on o.key = b.email_key
where b.bounced_at >= :since and b.plain_kind = :plain_kind and o.key <> :email_key
and o.cohort_id = (select cohort_id from outbox where key = :email_key);

-- name: set_email_bounced!
-- An email that the relay took came back. Its sender may not have noted yet that the relay took it.
update outbox set state = :state, failure = :failure, signaled_at = null
where key = :key and state in ('queued', 'sending', 'sent');

-- name: soft_bounced
-- Whose address failed at least twice since a moment, or once for good by words that anybody could write, without being
-- undeliverable; the person's id, or "staff".
select o.cohort_id, coalesce(
    case o.recipient when 'mentor' then m.mentor_id when 'mentee' then m.mentee_id end,
    nullif(split_part(o.scope_id, '/', 2), ''), o.recipient
) as person,
count(*) as bounces, (array_agg(b.code order by b.bounced_at desc))[1] as failure
from bounce b
join outbox o on o.key = b.email_key
left join mentorship m on m.id = o.scope_id
where b.bounced_at >= :since and (b.code like '4%' or b.plain_kind is not null) and o.state <> 'undeliverable'
and (cast(:cohort_id as text) is null or o.cohort_id = :cohort_id)
group by 1, 2
having count(*) > 1 or bool_or(b.code like '5%')
order by 1, 2;
