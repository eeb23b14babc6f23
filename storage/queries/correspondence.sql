-- name: put_in_outbox^
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

-- name: link_page^
-- What a link opens, with all its page shows; least() passes over what is not set, so a dropped milestone is closed.
select
    l.mentorship_id, l.milestone, l.side, l.revoked_at is not null as revoked,
    s.kind, s.number, s.closes_on,
    least(s.opens_at, s.dropped_at) as opens_at,
    least(coalesce(s.open_until, s.closes_at), s.dropped_at) as closes_at,
    m.starts_on, m.ends_on, m.outcome, c.settings, r.answers, r.received_at as answered_at,
    (
        select p.answers from response p
        where s.kind = 'farewell' and p.mentorship_id = l.mentorship_id and p.form = 'closure_survey' and p.side <> l.side
        order by p.revision desc limit 1
    ) as closing_words
from link l
join milestone s on s.mentorship_id = l.mentorship_id and s.id = l.milestone
join mentorship m on m.id = l.mentorship_id
join cohort c on c.id = m.cohort_id
left join lateral (
    select answers, received_at from response
    where mentorship_id = l.mentorship_id and milestone = l.milestone and side = l.side
    order by revision desc limit 1
) r on true
where l.token_hash = :token_hash;

-- name: lock_response!
-- Let one of two simultaneous posts wait for the other, so that a double click is one response.
select pg_advisory_xact_lock(hashtextextended(:id, 0));

-- name: latest_response^
-- The newest revision of a response.
select revision, answers, envelope from response where id = :id order by revision desc limit 1;

-- name: save_response!
-- Keep one revision.
insert into response (id, revision, mentorship_id, milestone, side, form, answers, envelope, received_at)
values (:id, :revision, :mentorship_id, :milestone, :side, :form, :answers, :envelope, :received_at);

-- name: set_signalled!
-- The workflow was told of this revision.
update response set signalled_at = :now where id = :id and revision = :revision;

-- name: not_signalled
-- Responses the workflow may not know of yet, oldest first.
select id, revision, mentorship_id, envelope from response
where signalled_at is null and received_at < :before order by received_at limit 500;

-- name: responses_of_cohort
-- Every revision of every response of a cohort.
select r.* from response r join mentorship m on m.id = r.mentorship_id
where m.cohort_id = :cohort_id order by r.mentorship_id, r.received_at, r.id, r.revision;

-- name: stuck_goals$
-- The newest two goal check-ins' answers of a mentorship's mentee, as a JSON list, newest first.
select coalesce(jsonb_agg(answers order by number desc), '[]')
from (
    select distinct on (s.number) s.number, r.answers
    from response r join milestone s on s.mentorship_id = r.mentorship_id and s.id = r.milestone
    where r.mentorship_id = :mentorship_id and r.form = 'goal_check_in'
    order by s.number desc, r.revision desc
    limit 2
) newest;

-- name: thanks_words$
-- What a mentee wrote as thanks.
select answers->>'words' from response
where mentorship_id = :mentorship_id and milestone = :milestone and side = 'mentee' and form = 'thanks'
order by revision desc limit 1;
