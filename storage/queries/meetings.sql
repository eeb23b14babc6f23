-- name: lock_meetings!
-- Let one of two simultaneous steps about a pair's meetings wait for the other.
select pg_advisory_xact_lock(hashtextextended('meetings of ' || :mentorship_id, 0));

-- name: save_proposed_times$
-- Keep the times that one side proposes, under the next number.
insert into meeting_proposal (mentorship_id, number, side, times, minutes, place, question, moves, proposed_at)
select :mentorship_id, coalesce(max(number), 0) + 1, :side, cast(:times as timestamptz[]), :minutes, :place, :question,
    :moves, :proposed_at
from meeting_proposal where mentorship_id = :mentorship_id
returning number;

-- name: count_proposed_times$
-- How often a pair proposed times since a moment.
select count(*) from meeting_proposal where mentorship_id = :mentorship_id and proposed_at > :since;

-- name: close_proposed_times!
-- The times that are open are so no more: one was chosen, others replaced them, or they were taken back.
update meeting_proposal set closed_at = :now where mentorship_id = :mentorship_id and closed_at is null;

-- name: proposed_times^
-- Proposed times by their number.
select mentorship_id, number, side, times, minutes, place, question, moves, proposed_at, reminded_at, closed_at
from meeting_proposal where mentorship_id = :mentorship_id and number = :number;

-- name: open_proposed_times^
-- The times that one side of a pair proposes now.
select mentorship_id, number, side, times, minutes, place, question, moves, proposed_at, reminded_at, closed_at
from meeting_proposal where mentorship_id = :mentorship_id and closed_at is null;

-- name: unanswered_proposed_times
-- All times that are open and that nobody was reminded of. A rehearsal's clocks differ, so the caller knows which are due.
select mentorship_id, number, side, times, minutes, place, question, moves, proposed_at, reminded_at, closed_at
from meeting_proposal where closed_at is null and reminded_at is null and mentorship_id > '' order by proposed_at;

-- name: set_reminded_of_times$
-- Somebody is reminded of proposed times; nothing where they were, or where the times are not open any more.
update meeting_proposal set reminded_at = :now
where mentorship_id = :mentorship_id and number = :number and closed_at is null and reminded_at is null
returning true;

-- name: automatic_email_between$
-- Whether an automatic email to one side of a mentorship was due between two moments.
select exists (
    select from outbox
    where scope_id = :mentorship_id and recipient = :side and automatic and due_at > :after and due_at <= :until
);

-- name: save_meeting_date$
-- Keep a revision of a meeting's date; return what its workflow is told of it.
insert into meeting_date (
    id, revision, mentorship_id, milestone_id, side, starts_at, minutes, place, question, cancelled, event,
    signal_payload, received_at
) values (
    :id, :revision, :mentorship_id, :milestone_id, :side, :starts_at, :minutes, :place, :question, :cancelled, :event,
    cast(:signal_payload as jsonb) || jsonb_build_object('stored_at', clock_timestamp()), :received_at
)
returning signal_payload;

-- name: meeting_dates
-- The newest date of each meeting that a pair agreed on, in order of time.
select * from (
    select distinct on (milestone_id)
        mentorship_id, milestone_id, revision, side, starts_at, minutes, place, question, cancelled, event, received_at
    from meeting_date where mentorship_id = :mentorship_id order by milestone_id, revision desc
) newest order by starts_at, milestone_id;

-- name: meeting_date^
-- One revision of a meeting's date.
select mentorship_id, milestone_id, revision, side, starts_at, minutes, place, question, cancelled, event, received_at
from meeting_date where mentorship_id = :mentorship_id and milestone_id = :milestone_id and revision = :revision;

-- name: usual_times^
-- When both people of a mentorship can usually meet, as they said when they applied.
select
    coalesce(mentor.answers -> 'availability', '[]') as mentor,
    coalesce(mentee.answers -> 'availability', '[]') as mentee
from mentorship m
join application mentor on mentor.cohort_id = m.cohort_id and mentor.person_id = m.mentor_id
join application mentee on mentee.cohort_id = m.cohort_id and mentee.person_id = m.mentee_id
where m.id = :mentorship_id;
