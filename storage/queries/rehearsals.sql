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
