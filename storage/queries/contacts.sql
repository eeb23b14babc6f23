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

-- name: has_another_address$
-- Whether a participant was written to elsewhere until now; capital letters lead nowhere else.
select lower(email) <> lower(:email) from application where cohort_id = :cohort_id and person_id = :person_id;

-- name: set_contact!
-- Write to a participant at another address, or by another name, from now on; what is null stays as it is.
update application
set email = coalesce(:email, email),
    answers = answers || jsonb_strip_nulls(
        jsonb_build_object('email', cast(:email as text), 'name', cast(:name as text))
    )
where cohort_id = :cohort_id and person_id = :person_id;

-- name: set_details!
-- Call a participant by other names from now on, tell their partner how to reach them, show times where they
-- are, and write in their language.
update application
set reach = :reach, time_zone = :time_zone, language = :language,
    answers = answers || jsonb_build_object(
        'name', cast(:name as text), 'preferred_name', cast(:preferred_name as text), 'pronouns', cast(:pronouns as text)
    )
where cohort_id = :cohort_id and person_id = :person_id;

-- name: revoke_links!
-- Links that went to an address somebody has left lead nowhere any more.
update link set revoked_at = now()
from mentorship m
where m.id = link.mentorship_id and m.cohort_id = :cohort_id and link.revoked_at is null and (
    (link.side = 'mentor' and m.mentor_id = :person_id) or (link.side = 'mentee' and m.mentee_id = :person_id)
);

-- name: running_mentorships
-- The running mentorships of a participant.
select m.id from mentorship m
where m.cohort_id = :cohort_id and m.outcome is null and :person_id in (m.mentor_id, m.mentee_id)
order by m.id;

-- name: language_of^
-- Which language somebody chose, with the settings of their class.
select c.settings, coalesce(a.language, d.answers ->> 'language') as language
from cohort c
left join application a on a.cohort_id = c.id and a.person_id = :person_id
left join draft d on d.cohort_id = c.id and d.person_id = :person_id
where c.id = :cohort_id;
