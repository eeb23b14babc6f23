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
-- What both sides said in each check-in window of a cohort's mentorships, once it has closed.
select c.mentorship_id, c.number, c.opens_on,
    case when c.closes_at <= :now then c.mentor_status end as mentor_status,
    case when c.closes_at <= :now then c.mentee_status end as mentee_status
from check_in c join mentorship m on m.id = c.mentorship_id
where m.cohort_id = :cohort_id
order by c.mentorship_id, c.number;
