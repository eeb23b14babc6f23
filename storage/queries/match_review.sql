-- name: match_runs
-- All match runs of a cohort in figures, the newest first.
select run, created_at, published_at, request,
    cast(result ->> 'coverage' as integer) as pairs, jsonb_array_length(result -> 'unplaced') as unplaced,
    cast(result ->> 'total' as integer) as total, cast(result ->> 'worst' as integer) as worst,
    result ->> 'objective' as objective, cast(result #>> '{certificate,valid}' as boolean) as valid
from match_run where cohort_id = :cohort_id order by run desc;

-- name: matching_since$
-- Since when a match run that staff asked for is being made, or nothing; one that was interrupted counts for a while.
select max(happened_at) from audit_event
where cohort_id = :cohort_id and action = 'matched' and not completed and happened_at > :after;

-- name: pairs_of_run
-- The pairs of one match run with their scores, without their reasons, which are most of what is stored.
select pair ->> 'mentee' as mentee, pair ->> 'mentor' as mentor, cast(pair ->> 'score' as integer) as score
from match_run cross join lateral jsonb_array_elements(result -> 'pairs') pair
where cohort_id = :cohort_id and run = :run;
