-- name: save_staff_message$
-- Keep a draft, and return its number.
insert into staff_message (cohort_id, subject, body, audience, written_by, saved_at)
values (:cohort_id, :subject, :body, :audience, :written_by, :now)
returning id;

-- name: change_staff_message$
-- Change a draft; nothing where it was sent or is not there.
update staff_message
set subject = :subject, body = :body, audience = :audience, written_by = :written_by, saved_at = :now
where cohort_id = :cohort_id and id = :id and sent_at is null
returning id;

-- name: set_staff_message_sent$
-- A message is sent, once; nothing where it was before.
update staff_message set sent_at = :now where cohort_id = :cohort_id and id = :id and sent_at is null
returning id;

-- name: delete_staff_message$
-- Delete a draft; nothing where it was sent. A test of it that has not left says nothing then.
delete from staff_message where cohort_id = :cohort_id and id = :id and sent_at is null
returning id;

-- name: staff_message^
-- One message.
select * from staff_message where cohort_id = :cohort_id and id = :id;

-- name: staff_messages
-- The messages of a class, the newest first.
select * from staff_message where cohort_id = :cohort_id order by saved_at desc, id desc;

-- name: message_audience
-- Whom a message goes to; filters that are null let everybody pass. Who stopped our reminders is among them, and said so.
select
    a.person_id, a.side, a.answers ->> 'name' as name,
    r.paused_at is not null and (r.resumed_at is null or r.resumed_at > :now) as stopped
from application a
left join reminder_link r on r.cohort_id = a.cohort_id and r.person_id = a.person_id
left join lateral (
    select bool_or(m.outcome is null) as running,
        bool_or(m.outcome is null and m.phase = :phase::text) as in_phase,
        bool_or(m.outcome is null and not exists (
            select from agreement g
            where g.mentorship_id = m.id and g.mentor_confirmed_at is not null and g.mentee_confirmed_at is not null
        )) as without_agreement
    from mentorship m
    where m.cohort_id = a.cohort_id and case a.side when 'mentor' then m.mentor_id else m.mentee_id end = a.person_id
) their on true
where a.cohort_id = :cohort_id and a.status = :status
    and (:side::text is null or a.side = :side)
    and (:phase::text is null or their.in_phase)
    and (not :running or their.running)
    and (not :without_agreement or their.without_agreement)
    and (not :without_pair or their.running is not true)
order by lower(a.answers ->> 'name'), a.person_id;

-- name: message_to^
-- A message with the person that one of its emails is to, and their newest mentorship, if they have one.
select
    s.subject, s.body, a.person_id, a.side, a.email, a.answers ->> 'name' as name,
    coalesce(a.answers ->> 'preferred_name', '') as preferred_name, a.language, their.id as mentorship_id
from staff_message s
join application a on a.cohort_id = s.cohort_id and a.person_id = :person_id
left join lateral (
    select m.id from mentorship m
    where m.cohort_id = a.cohort_id and case a.side when 'mentor' then m.mentor_id else m.mentee_id end = a.person_id
    order by m.starts_on desc, length(m.id) desc, m.id desc limit 1
) their on true
where s.cohort_id = :cohort_id and s.id = :id;
