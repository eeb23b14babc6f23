-- name: people_to_ask
-- Who mentored in an earlier cohort, or was a mentee there, said that they would mentor one day, and has sat out; each
-- known by their newest mentorship. Nobody who applied to this cohort or began to.
-- Who said last that they would not mentor again is left alone, and who said "not in the next class" for one class; so
-- is who asked for no more invitations.
select distinct on (lower(a.email)) a.cohort_id, a.person_id, a.side, a.answers ->> 'name' as name
from mentorship m
cross join lateral (values ('mentor', m.mentor_id), ('mentee', m.mentee_id)) as s (side, person_id)
join application a on a.cohort_id = m.cohort_id and a.person_id = s.person_id
left join lateral (
    select r.answers ->> 'mentor_one_day' as one_day from response r
    where r.mentorship_id = m.id and r.side = 'mentee' and r.form = 'follow_up' and r.answers ? 'mentor_one_day'
    order by r.received_at desc limit 1
) wish on s.side = 'mentee'
left join lateral (
    select r.answers ->> 'again' as again, earlier.starts_on
    from application other
    join mentorship earlier on earlier.cohort_id = other.cohort_id and earlier.mentor_id = other.person_id
    join response r on r.mentorship_id = earlier.id and r.side = 'mentor' and r.form = 'closure_survey'
    where lower(other.email) = lower(a.email)
    order by earlier.starts_on desc, r.received_at desc limit 1
) said on true
where m.cohort_id <> :cohort_id and m.starts_on < :kickoff_on
and (
    s.side = 'mentor' or (
        wish.one_day = 'yes'
        and extract(year from cast(:kickoff_on as date)) - extract(year from m.starts_on) >= cast(:sit_out_years as integer)
    )
)
and not exists (
    select from application here where here.cohort_id = :cohort_id and lower(here.email) = lower(a.email)
)
and not exists (select from draft here where here.cohort_id = :cohort_id and lower(here.email) = lower(a.email))
and not exists (select from application asked where lower(asked.email) = lower(a.email) and asked.uninvited_at is not null)
and said.again is distinct from 'no'
and (said.again is distinct from 'later' or exists (
    select from mentorship between_them
    where between_them.starts_on > said.starts_on and between_them.starts_on < :kickoff_on
))
order by lower(a.email), m.starts_on desc, a.cohort_id, a.person_id;

-- name: asked_person^
-- Somebody of an earlier cohort, on which side of which mentorship, and whether they have come to another one since, or
-- asked for no more invitations.
select
    (
        select m.id from mentorship m
        where m.cohort_id = a.cohort_id and a.person_id in (m.mentor_id, m.mentee_id)
        order by m.starts_on desc, m.id limit 1
    ) as mentorship_id,
    a.side, a.answers ->> 'name' as name, a.email, a.language, c.settings ->> 'title' as took_part_in,
    exists (
        select from application here where here.cohort_id = :cohort_id and lower(here.email) = lower(a.email)
        union all
        select from draft here where here.cohort_id = :cohort_id and lower(here.email) = lower(a.email)
        union all
        select from application asked where lower(asked.email) = lower(a.email) and asked.uninvited_at is not null
    ) as came
from application a join cohort c on c.id = a.cohort_id
where a.cohort_id = :earlier and a.person_id = :person_id;

-- name: set_uninvited$
-- Invite somebody no more to mentor, or take that back; returns whether it changes anything, or nothing where there is no
-- such person.
with before as (
    select uninvited_at from application where cohort_id = :cohort_id and person_id = :person_id
), changed as (
    update application set uninvited_at = :uninvited_at
    where cohort_id = :cohort_id and person_id = :person_id
    and (uninvited_at is null) <> (cast(:uninvited_at as timestamptz) is null)
)
select (uninvited_at is null) <> (cast(:uninvited_at as timestamptz) is null) from before;

-- name: uninvited
-- The people of a cohort who asked not to be invited to mentor.
select person_id, answers ->> 'name' as name from application
where cohort_id = :cohort_id and uninvited_at is not null order by name, person_id;

-- name: is_uninvited$
-- Whether somebody asked not to be invited to mentor; nothing where there is no such person.
select uninvited_at is not null from application
where cohort_id = :cohort_id and person_id = :person_id;

-- name: unfinished_drafts
-- Who began to apply, went on with the link, and has not handed anything in. Whoever only typed an address may have
-- typed somebody else's, and what opens links by machine saves no page.
select d.person_id, d.side from draft d
where d.cohort_id = :cohort_id and d.submitted_at is null and d.closed_at is null
and (d.answers - 'language' <> '{}' or d.saved_at > d.began_at)
and not exists (
    select from application a where a.cohort_id = d.cohort_id and a.person_id = d.person_id
)
order by d.person_id;

-- name: emailed_since
-- The emails of a cohort since a moment of the program's time, but for those with the keys named.
select key, scope_id, kind, reason, automatic, due_at, requested_at from outbox
where cohort_id = :cohort_id and requested_at >= :since and key <> all(:except_keys);

-- name: open_proposals
-- Proposals that are neither final nor withdrawn nor declined, with what each side said; nobody took back their
-- application.
select mentor_id, mentee_id, proposed_at, mentor_answer, mentee_answer from proposed_match
where cohort_id = :cohort_id and withdrawn_at is null and not final and not declined
    and mentor_status = 'accepted' and mentee_status = 'accepted'
order by mentee_id, mentor_id;

-- name: count_disputed_proposals$
-- Proposals somebody declined or asked about, among the published matches that are not final.
select count(*) from proposal
where cohort_id = :cohort_id and withdrawn_at is null and confirmed_at is null
    and array['declined', 'asked'] && array[mentor_answer, mentee_answer];

-- name: left_without_match
-- Who had not declined a match that is no longer proposed, and has no other one now.
select p.mentor_id, p.mentee_id, p.proposed_at, s.side, s.person_id
from proposal p
cross join lateral (
    values ('mentor', p.mentor_id, p.mentor_answer), ('mentee', p.mentee_id, p.mentee_answer)
) as s (side, person_id, answer)
join application a on a.cohort_id = p.cohort_id and a.person_id = s.person_id and a.status = 'accepted'
where p.cohort_id = :cohort_id and p.withdrawn_at is not null and s.answer is distinct from 'declined'
and not exists (
    select from proposal other
    where other.cohort_id = p.cohort_id and other.withdrawn_at is null
    and s.person_id in (other.mentor_id, other.mentee_id)
)
order by s.person_id, p.proposed_at;
