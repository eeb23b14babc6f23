-- name: save_calendar_subscription!
-- Keep the sealed address of somebody's calendar in place of the one before, as one that was not read yet.
insert into calendar_subscription (cohort_id, person_id, sealed_address, added_at)
values (:cohort_id, :person_id, :sealed_address, :now)
on conflict (cohort_id, person_id) do update
set sealed_address = excluded.sealed_address, added_at = excluded.added_at, tried_at = null, read_at = null, problem = null;

-- name: delete_calendar_subscription$
-- Forget somebody's calendar and all that was read in it; nothing comes back where there was none.
delete from calendar_subscription where cohort_id = :cohort_id and person_id = :person_id returning true;

-- name: calendar_subscription^
-- When somebody let us read their calendar, when that last worked, and what speaks against it now.
select added_at, read_at, problem from calendar_subscription where cohort_id = :cohort_id and person_id = :person_id;

-- name: forget_calendars_of_ended!
-- Forget the calendars of people whose mentorships have all ended.
delete from calendar_subscription s
where not exists (
    select from mentorship m where m.cohort_id = s.cohort_id and m.mentor_id = s.person_id and m.outcome is null
) and not exists (
    select from mentorship m where m.cohort_id = s.cohort_id and m.mentee_id = s.person_id and m.outcome is null
);

-- name: calendars_to_read
-- The calendars that nobody has tried to read since a moment, the longest untried first.
select s.person_id, s.sealed_address, c.settings, a.language
from calendar_subscription s
join cohort c on c.id = s.cohort_id
left join application a on a.cohort_id = s.cohort_id and a.person_id = s.person_id
where s.tried_at is null or s.tried_at < :before
order by s.tried_at nulls first
limit :count;

-- name: save_calendar_reading$
-- Keep when a calendar was tried; where there is no problem, it was read. Nothing comes back where it was replaced meanwhile.
update calendar_subscription
set tried_at = :now, problem = :problem, read_at = case when cast(:problem as text) is null then :now else read_at end
where cohort_id = :cohort_id and person_id = :person_id and sealed_address = :sealed_address
returning true;

-- name: delete_busy_times!
-- Forget when somebody is busy.
delete from busy_time where cohort_id = :cohort_id and person_id = :person_id;

-- name: save_busy_times!
-- Keep when somebody is busy.
insert into busy_time (cohort_id, person_id, starts_at, ends_at)
select :cohort_id, :person_id, t.starts_at, t.ends_at
from unnest(cast(:starts_at as timestamptz []), cast(:ends_at as timestamptz [])) as t (starts_at, ends_at);

-- name: busy_times
-- When somebody is busy between two moments, in order.
select starts_at, ends_at from busy_time
where cohort_id = :cohort_id and person_id = :person_id and starts_at < :last and ends_at > :first
order by starts_at;
