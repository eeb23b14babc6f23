-- name: guests
-- Everybody with an application, or one of them: whether they are in a match that is final, what they said, and whether
-- they were there.
with final as materialized (select mentor_id, mentee_id from final_match where cohort_id = :cohort_id)
select a.person_id, a.side, a.answers, r.status, r.half_day, r.meals, r.access, r.answered_at, t.attended,
    a.person_id in (select mentor_id from final union all select mentee_id from final) as invited
from application a
left join rsvp r on r.cohort_id = a.cohort_id and r.person_id = a.person_id
left join attendance t on t.cohort_id = a.cohort_id and t.person_id = a.person_id
where a.cohort_id = :cohort_id and a.person_id = coalesce(cast(:person_id as text), a.person_id)
order by a.side, a.person_id;

-- name: save_rsvp!
-- What somebody said about the half-day session; the last word counts.
insert into rsvp (cohort_id, person_id, status, half_day, meals, access, answered_at)
values (:cohort_id, :person_id, :status, :half_day, :meals, :access, :now)
on conflict (cohort_id, person_id) do update set
    status = excluded.status, half_day = excluded.half_day, meals = excluded.meals, access = excluded.access,
    answered_at = excluded.answered_at
where (rsvp.status, rsvp.half_day, rsvp.meals, rsvp.access)
    is distinct from (excluded.status, excluded.half_day, excluded.meals, excluded.access);

-- name: erase_needs$
-- Nobody needs to know any more what was eaten and what was needed to take part.
with erased as (
    update rsvp set meals = '', access = '' where cohort_id = :cohort_id and (meals <> '' or access <> '')
    returning person_id
)
select count(*) from erased;

-- name: kickoff_changed_at$
-- When what somebody's calendar file says was last changed: by the cohort's settings, by what they answered, or by an
-- email that called it off.
select greatest(c.updated_at, r.answered_at, (
    select max(o.due_at) + cast(:after as interval) from outbox o
    where o.scope_id = :scope_id and o.kind = 'status_changed'
))
from cohort c left join rsvp r on r.cohort_id = c.id and r.person_id = :person_id
where c.id = :cohort_id;

-- name: save_attendance$
-- Whether somebody was there; nothing comes back where that is noted already.
insert into attendance (cohort_id, person_id, attended, recorded_at)
values (:cohort_id, :person_id, :attended, :now)
on conflict (cohort_id, person_id) do update set attended = excluded.attended, recorded_at = excluded.recorded_at
where attendance.attended <> excluded.attended
returning person_id;

-- name: published_pairs
-- The pairs that were published last, each with whether its match is final and its mentee was noted absent.
-- The matches that stand are found once: for each pair anew, a class of a thousand took PostgreSQL over ten minutes.
with final as materialized (select cohort_id, mentor_id, mentee_id from final_match where cohort_id = :cohort_id)
select pair ->> 'mentor' as mentor_id, pair ->> 'mentee' as mentee_id,
    s.cohort_id is not null as final,
    m.status = 'accepted' and p.status = 'accepted' as both_accepted,
    coalesce(not t.attended, false) as absent,
    exists (
        select from mentorship k
        where k.cohort_id = c.id and k.mentor_id = m.person_id and k.mentee_id = p.person_id
    ) as has_mentorship
from cohort c
join published_run published on published.cohort_id = c.id
cross join lateral jsonb_array_elements(published.result -> 'pairs') pair
join application m on m.cohort_id = c.id and m.person_id = pair ->> 'mentor'
join application p on p.cohort_id = c.id and p.person_id = pair ->> 'mentee'
left join final s on s.mentor_id = m.person_id and s.mentee_id = p.person_id
left join attendance t on t.cohort_id = c.id and t.person_id = p.person_id
where c.id = :cohort_id
order by mentee_id;
