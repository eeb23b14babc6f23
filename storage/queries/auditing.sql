-- name: mentorships_at_a_glance
-- What the rows of a cohort's mentorships say, for a comparison with what the engine shows of them.
select
    m.id, m.phase, m.outcome, cardinality(m.concerns) > 0 as concerned,
    m.started_at is not null as started, m.predecessor is not null as takes_over,
    coalesce(plan.milestones, 0) > 0 as planned, plan.closes_next, coalesce(told.answered, '{}') as answered
from mentorship m
left join (
    select
        s.mentorship_id, count(*) as milestones,
        min(s.closes_at) filter (
            where s.closed_at is null and cardinality(s.asked) > 0 and s.kind <> all(:quiet::text[])
        ) as closes_next
    from milestone s where s.dropped_at is null group by s.mentorship_id
) plan on plan.mentorship_id = m.id
left join (
    -- What a pair agreed on is asked about again at every new version.
    select r.mentorship_id, array_agg(distinct r.side || ':' || r.milestone) as answered
    from response r where r.signalled_at < :told_before and r.form <> 'agreement' group by r.mentorship_id
) told on told.mentorship_id = m.id
where m.cohort_id = :cohort_id
order by length(m.id), m.id;

-- name: newest_responses
-- The newest revision of each response of a mentorship that its workflow should know of by now.
select distinct on (id) id, mentorship_id, envelope
from response
where mentorship_id = :mentorship_id
    and (signalled_at < :told_before or (signalled_at is null and received_at < :received_before))
order by id, revision desc;
