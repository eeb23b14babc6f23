-- name: contact_of^
-- The participant on one side of a mentorship, with their name and address.
select m.cohort_id, a.person_id, a.answers->>'name' as name, a.email
from mentorship m
join application a on a.cohort_id = m.cohort_id and a.person_id = case when :side = 'mentor' then m.mentor_id else m.mentee_id end
where m.id = :mentorship_id;

-- name: address_is_taken$
-- Whether somebody else in the cohort has an address.
select exists (
    select 1 from application
    where cohort_id = :cohort_id and lower(email) = lower(:email) and person_id <> :person_id
);

-- name: set_contact!
-- Write to a participant at another address, or by another name, from now on.
update application
set email = :email,
    answers = answers || jsonb_build_object('email', cast(:email as text), 'name', cast(:name as text))
where cohort_id = :cohort_id and person_id = :person_id;

-- name: refused_mentorships
-- The running mentorships of a participant in which the relay refused the last email to them.
select m.id
from mentorship m
join lateral (
    select o.state from outbox o
    where o.scope_id = m.id and o.recipient = :side and o.state in ('sent', 'undeliverable')
    order by o.due_at desc, o.key desc limit 1
) newest on newest.state = 'undeliverable'
where m.cohort_id = :cohort_id and m.outcome is null
    and :person_id = case when :side = 'mentor' then m.mentor_id else m.mentee_id end
order by m.id;
