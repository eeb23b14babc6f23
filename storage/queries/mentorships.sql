-- name: outcome_of$
-- How a mentorship ended, or nothing.
select outcome from mentorship where id = :mentorship_id;

-- name: milestones_after
-- What opens after a day, without what the plan no longer has.
select id, kind, number, opens_on, closes_on from milestone
where mentorship_id = :mentorship_id and opens_on > :day and dropped_at is null
order by opens_on, closes_on, id;

-- name: pairs
-- The pairs of a cohort, with the ids of their mentorships.
select id, mentor_id, mentee_id from mentorship where cohort_id = :cohort_id order by length(id), id;

-- name: save_pairs!
-- Keep new pairs.
insert into mentorship (id, cohort_id, mentor_id, mentee_id, score, starts_on, ends_on, updated_at)
select pair.id, :cohort_id, pair.mentor_id, pair.mentee_id, pair.score, :starts_on, :ends_on, :now
from unnest(:ids::text[], :mentors::text[], :mentees::text[], :scores::integer[]) as pair (id, mentor_id, mentee_id, score);

-- name: mentorship^
-- One mentorship.
select * from mentorship where id = :id;

-- name: mentorships
-- All mentorships of a cohort, in order of their ids.
select * from mentorship where cohort_id = :cohort_id order by id;

-- name: quarters
-- The number of the check-in window that each of several mentorships is in at a moment; after the last window, its number.
select mentorship_id, coalesce(min(number) filter (where closes_at > :now), max(number)) as quarter
from milestone
where mentorship_id = any(:ids::text[]) and kind = 'check_in' and dropped_at is null
group by mentorship_id;

-- name: count_open$
-- How many mentorships of a cohort have not ended at a moment, or are still asked something of this kind.
select count(*) from mentorship m
left join lateral (
    select s.id from milestone s
    where s.mentorship_id = m.id and s.kind = :kind and s.closes_at > :now and s.dropped_at is null
    limit 1
) asked on true
where m.cohort_id = :cohort_id and (coalesce(m.ended_at > :now, true) or asked.id is not null);

-- name: set_progress!
-- Mirror where the workflow stands, and note since when and until when there is a reason to look at a mentorship.
with raised as (
    insert into concern (mentorship_id, reason, raised_at)
    select :id, r.reason, :now from unnest(:concerns::text[]) as r (reason)
    where not exists (
        select from concern c where c.mentorship_id = :id and c.reason = r.reason and c.resolved_at is null
    )
    on conflict (mentorship_id, reason, raised_at) do update set resolved_at = null
), resolved as (
    update concern set resolved_at = :now
    where mentorship_id = :id and resolved_at is null and reason <> all(:concerns::text[])
)
update mentorship
set phase = :phase, concerns = :concerns, outcome = :outcome, updated_at = :now,
    ended_at = case when :outcome::text is not null then coalesce(ended_at, :now) end
where id = :id;

-- name: save_plan!
-- Keep the end and the milestones of a plan. A later plan moves its milestones, except closed ones: of these, a page that
-- stays open follows the mentorship's end. What the plan has no more is dropped, and its pages close, unless it has
-- closed already.
with planned as (
    select * from jsonb_to_recordset(cast(:plan as jsonb) -> 'milestones') as milestones (
        id text, kind text, number integer, asked text[], opens_on date, closes_on date, opens_at timestamptz,
        closes_at timestamptz, open_until timestamptz
    )
), ending as (
    update mentorship set ends_on = :ends_on where id = :mentorship_id
), kept_open as (
    update milestone set open_until = planned.open_until
    from planned
    where milestone.mentorship_id = :mentorship_id and milestone.id = planned.id and milestone.closed_at is not null
        and planned.open_until is not null and planned.open_until is distinct from milestone.open_until
), dropped as (
    update milestone set dropped_at = :now, open_until = null
    where mentorship_id = :mentorship_id and dropped_at is null and (closed_at is null or open_until > :now)
        and id not in (select planned.id from planned)
)
insert into milestone (mentorship_id, id, kind, number, asked, opens_on, closes_on, opens_at, closes_at, open_until)
select :mentorship_id, planned.* from planned
-- A statement changes no row twice.
where not exists (
    select from milestone m where m.mentorship_id = :mentorship_id and m.id = planned.id and m.closed_at is not null
)
on conflict (mentorship_id, id) do update
set asked = excluded.asked, opens_on = excluded.opens_on, closes_on = excluded.closes_on,
    opens_at = excluded.opens_at, closes_at = excluded.closes_at, open_until = excluded.open_until, dropped_at = null
where milestone.closed_at is null;

-- name: close_milestone!
-- Record how a milestone closed; the first closing stands.
update milestone
set closed_at = :now, silent = :silent
where mentorship_id = :mentorship_id and id = :id and closed_at is null;

-- name: mentorship_pairs
-- The two of each of several mentorships.
select * from mentorship_pair where id = any(:ids);

-- name: milestones_of_cohort
-- Every milestone of every mentorship of a cohort.
select s.* from milestone s join mentorship m on m.id = s.mentorship_id
where m.cohort_id = :cohort_id order by s.mentorship_id, s.opens_at, s.closes_at, s.id;

-- name: check_ins_of_cohort
-- What both said in each check-in window of a cohort's mentorships.
select c.* from check_in c join mentorship m on m.id = c.mentorship_id
where m.cohort_id = :cohort_id order by c.mentorship_id, c.number;

-- name: lock_cohort_of_mentorship!
-- Let one of two simultaneous successors wait for the other, so that each gets a number of its own.
select 1 from cohort c join mentorship m on m.cohort_id = c.id where m.id = :id for no key update of c;

-- name: successor_of^
-- The mentorship that took over from another one.
select id, mentor_id from mentorship where predecessor_id = :id;

-- name: save_successor!
-- Keep the mentorship that takes over, under the cohort's next number.
insert into mentorship (id, cohort_id, mentor_id, mentee_id, score, starts_on, ends_on, updated_at, predecessor_id)
select :id, cohort_id, :mentor_id, mentee_id, :score, :starts_on, ends_on, :now, id
from mentorship where id = :predecessor_id;
