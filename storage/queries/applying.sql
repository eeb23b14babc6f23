-- name: person_of_address^
-- Who in a cohort has an address; what staff imported goes before what somebody began.
select person_id, side from (
    select person_id, side, 1 as rank from application where cohort_id = :cohort_id and lower(email) = lower(:email)
    union all
    select person_id, side, 2 from draft where cohort_id = :cohort_id and lower(email) = lower(:email)
) known
order by rank limit 1;

-- name: lock_new_applicants!
-- Let one of two who begin at the same moment wait for the other, so that each gets an id of their own.
select pg_advisory_xact_lock(hashtextextended('begin ' || :cohort_id, 0));

-- name: lock_applicant!
-- Let one of two tabs of the same person wait for the other, so that a double click counts once.
select pg_advisory_xact_lock(hashtextextended('applicant ' || :scope_id, 0));

-- name: begin_draft$
-- Begin an application under the next free id, such as A001, if it is to begin at all.
insert into draft (cohort_id, person_id, side, email, answers, began_at, saved_at)
select :cohort_id, 'A' || lpad(next_number::text, greatest(3, length(next_number::text)), '0'), 'mentor', :email, cast(:answers as jsonb), :now, :now
from (
    select coalesce(max(number), 0) + 1 as next_number from (
        select substring(person_id from '^A(\d{1,8})$')::integer as number from draft where cohort_id = :cohort_id
        union all
        select substring(person_id from '^A(\d{1,8})$')::integer from application where cohort_id = :cohort_id
    ) taken
) numbers
where cast(:begins as boolean)
returning person_id;

-- name: save_draft!
-- Keep what somebody typed so far; somebody staff imported gets a draft with the first page they save.
insert into draft (cohort_id, person_id, side, email, answers, began_at, saved_at, submitted_at)
values (:cohort_id, :person_id, :side, :email, :answers, :now, :now, :submitted_at)
on conflict (cohort_id, person_id) do update set
    answers = excluded.answers,
    saved_at = excluded.saved_at,
    submitted_at = coalesce(excluded.submitted_at, draft.submitted_at);

-- name: set_language!
-- Write to an applicant in a language from now on; an answer that was left empty changes nothing.
update application set language = coalesce(:language, language)
where cohort_id = :cohort_id and person_id = :person_id;

-- name: lock_settings^
-- A cohort's settings, which nobody changes before the transaction is over.
select settings from cohort where id = :cohort_id for share;

-- name: submit_application!
-- Keep an application as it was submitted; of one that is changed, the moment it first came stays.
insert into application (cohort_id, side, person_id, email, answers, status, submitted_at)
values (:cohort_id, :side, :person_id, :email, :answers, :status, :now)
on conflict (cohort_id, person_id) do update set
    answers = excluded.answers,
    submitted_at = case
        when application.status = 'withdrawn' or application.submitted_at is null then excluded.submitted_at
        else application.submitted_at
    end,
    status = excluded.status;

-- name: withdraw_application$
-- Take an application back; nothing comes back where it was taken back before, or never submitted.
update application set status = 'withdrawn'
where cohort_id = :cohort_id and person_id = :person_id and status <> 'withdrawn'
returning person_id;

-- name: count_links$
-- How many links a cohort was asked for since a moment.
select count(*) from outbox where cohort_id = :cohort_id and kind = 'application_link' and due_at > :since;

-- name: link_is_pending$
-- Whether somebody was sent their link since a moment, or will be.
select exists (
    select from outbox
    where scope_id = :scope_id and kind = 'application_link' and (due_at > :since or state in ('queued', 'sending'))
);
