-- name: outcome_of$
-- How a mentorship ended, or nothing.
select outcome from mentorship where id = :mentorship_id;

-- name: milestones_after
-- What opens after a day, without what the plan no longer has.
select id, kind, number, opens_on, closes_on from milestone
where mentorship_id = :mentorship_id and opens_on > :day and dropped_at is null
order by opens_on, closes_on, id;
