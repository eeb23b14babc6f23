-- name: board
-- Every mentorship of a cohort with the names of both, and when either last answered.
select
    m.id, m.mentor_id, m.mentee_id, mentor.answers ->> 'name' as mentor, mentee.answers ->> 'name' as mentee,
    m.phase, m.outcome, m.concerns, m.starts_on, m.ends_on, answered.mentor_at, answered.mentee_at
from mentorship m
join application mentor on mentor.cohort_id = m.cohort_id and mentor.person_id = m.mentor_id
join application mentee on mentee.cohort_id = m.cohort_id and mentee.person_id = m.mentee_id
cross join lateral (
    select
        max(r.received_at) filter (where r.side = 'mentor') as mentor_at,
        max(r.received_at) filter (where r.side = 'mentee') as mentee_at
    from response r where r.mentorship_id = m.id
) answered
where m.cohort_id = :cohort_id
order by length(m.id), m.id;

-- name: board_check_ins
-- What both sides said in each check-in window of a cohort's mentorships.
select s.mentorship_id, s.number, s.opens_on, s.closed_at, s.mentor_status, s.mentee_status
from milestone s join mentorship m on m.id = s.mentorship_id
where m.cohort_id = :cohort_id and s.kind = 'check_in' and s.dropped_at is null
order by s.mentorship_id, s.number;
