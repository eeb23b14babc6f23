-- name: agreements_of_cohort
-- Every version of every agreement of a cohort's pairs.
select a.mentorship_id, a.version, a.contents, a.written_by, a.written_at, a.mentor_confirmed_at, a.mentee_confirmed_at
from agreement a join mentorship m on m.id = a.mentorship_id
where m.cohort_id = :cohort_id order by a.mentorship_id, a.version;

-- name: links_of_email
-- What the links of an email lead to, by the hash of their tokens.
select l.token_hash, l.milestone, s.kind
from link l join milestone s on s.mentorship_id = l.mentorship_id and s.id = l.milestone
where l.email_key = :email_key;

-- name: draft_of$
-- Who began to apply to a cohort with an address.
select person_id from draft where cohort_id = :cohort_id and lower(email) = lower(:email);

-- name: end_postponement$
-- Let the time pass until emails that wait for office hours may leave, as far as they are concerned; returns how many.
-- Clocks of a rehearsal jump, and nobody waits for the real one.
with ended as (
    update outbox
    set enqueued_at = enqueued_at - (next_attempt_at - clock_timestamp()), next_attempt_at = clock_timestamp()
    where :scope_id in (scope_id, cohort_id) and state = 'queued' and failing_since is null
        and next_attempt_at > clock_timestamp() + interval '1 second'
    returning key
)
select count(*) from ended;
