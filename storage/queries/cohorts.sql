-- name: save_cohort!
-- Keep a cohort's settings; a second save replaces them, and every later email follows.
insert into cohort (id, settings, updated_at) values (:id, :settings, :now)
on conflict (id) do update set settings = excluded.settings, updated_at = excluded.updated_at;

-- name: add_cohort!
-- Keep a new cohort's settings; one that is there keeps its own.
insert into cohort (id, settings, updated_at) values (:id, :settings, :now) on conflict (id) do nothing;

-- name: cohort_settings$
-- One cohort's settings as JSON.
select settings from cohort where id = :id;

-- name: current_settings
-- The settings of every cohort that is not archived, as JSON.
select settings from cohort where archived_at is null order by id;

-- name: save_mapping!
-- Keep how a cohort's files are read, for the next import.
update cohort set mapping = :mapping where id = :id;

-- name: cohort_mapping$
-- How a cohort's files are read, as JSON.
select mapping from cohort where id = :id;

-- name: set_stage!
-- Where a cohort stands, for lists.
update cohort set stage = :stage, updated_at = :now where id = :id;

-- name: save_application$
-- Keep one application; the same id replaces what it said before, but nobody changes sides: then nothing comes back.
insert into application (cohort_id, side, person_id, email, answers)
values (:cohort_id, :side, :person_id, :email, :answers)
on conflict (cohort_id, person_id) do update set email = excluded.email, answers = excluded.answers
where application.side = excluded.side
returning person_id;

-- name: applications
-- All applications of one side of a cohort, in a fixed order.
select answers from application
where cohort_id = :cohort_id and side = :side and status = 'accepted' order by person_id;

-- name: cohort_figures^
-- Where one cohort stands: its stage, accepted applications, newest and published match run.
select
    c.stage, c.archived_at is not null as archived, count(*) filter (where a.side = 'mentor') as mentors,
    count(*) filter (where a.side = 'mentee') as mentees,
    (select max(r.run) from match_run r where r.cohort_id = c.id) as newest_run,
    (select p.run from published_run p where p.cohort_id = c.id) as published_run
from cohort c left join application a on a.cohort_id = c.id and a.status = 'accepted'
where c.id = :id
group by c.id;

-- name: stages
-- Where every cohort stands, and when it was archived.
select id, stage, archived_at from cohort order by id;

-- name: is_archived$
-- Whether a cohort is archived; nobody archives it before the transaction is over.
select archived_at is not null from cohort where id = :id for share;

-- name: match_run_by_inputs$
-- The match run that saw these very inputs, or nothing.
select run from match_run where cohort_id = :cohort_id and inputs_sha256 = :inputs_sha256;

-- name: lock_cohort!
-- Let one of two simultaneous match runs wait for the other, so that each gets a number of its own. Rows that only name
-- the cohort can be inserted meanwhile: with a plain "for update" an answer and a publication wait for each other forever.
select 1 from cohort where id = :id for no key update;

-- name: save_match_run!
-- Keep a match run as a draft under the cohort's next number.
insert into match_run (cohort_id, run, inputs_sha256, result, request, created_at)
select :cohort_id, coalesce(max(run), 0) + 1, :inputs_sha256, :result, :request, :now
from match_run where cohort_id = :cohort_id
on conflict (cohort_id, inputs_sha256) do nothing;

-- name: match_result$
-- The result of one match run.
select result from match_run where cohort_id = :cohort_id and run = :run;

-- name: publish_match_run!
-- Make one draft the cohort's matches.
update match_run set published_at = :now where cohort_id = :cohort_id and run = :run;

-- name: published_result$
-- The pairs that were published last.
select result from published_run where cohort_id = :cohort_id;

-- name: latest_match_run$
-- The number of the newest match run of a cohort.
select max(run) from match_run where cohort_id = :cohort_id;
