-- name: archive_cohort!
-- No email leaves any more about a cohort, and lists leave it out.
update cohort set archived_at = :now, stage = 'closed', updated_at = :now where id = :id and archived_at is null;

-- name: drop_waiting_emails$
-- What has not left of a cohort never does; returns how many emails that are.
with dropped as (
    update outbox set state = 'dropped', failing_since = null
    where cohort_id = :cohort_id and state in ('queued', 'held', 'dead') returning key
)
select count(*) from dropped;

-- name: lock_emails!
-- Let no sender take an email of a cohort until this transaction is over.
select 1 from outbox where cohort_id = :cohort_id for update;

-- name: count_people_emailed$
-- How many people of a cohort an email has left for, or may have.
select count(distinct scope_id) from outbox
where cohort_id = :cohort_id and recipient <> 'staff' and (attempts > 0 or state not in ('queued', 'held', 'dropped'));

-- name: count_running_mentorships$
-- How many mentorships of a cohort have no outcome.
select count(*) from mentorship where cohort_id = :cohort_id and outcome is null;

-- name: count_contents^
-- How much is stored of a cohort.
select
    (select count(*) from application where cohort_id = :cohort_id) as applications,
    (select count(*) from draft where cohort_id = :cohort_id and submitted_at is null) as drafts,
    (select count(*) from match_run where cohort_id = :cohort_id) as match_runs,
    (select count(*) from mentorship where cohort_id = :cohort_id) as mentorships,
    (select count(*) from outbox where cohort_id = :cohort_id and state = 'queued') as waiting_emails;

-- name: delete_cohort!
-- Everything of a cohort that nobody was written to about. The audit log stays.
with
a as (delete from role_holder where cohort_id = :cohort_id),
a2 as (delete from staff_message where cohort_id = :cohort_id),
a3 as (delete from email_wording where cohort_id = :cohort_id),
b as (delete from opportunity where cohort_id = :cohort_id),
b2 as (delete from opportunity_wish where cohort_id = :cohort_id),
b3 as (delete from resource where cohort_id = :cohort_id),
c as (delete from inquiry where cohort_id = :cohort_id),
d as (delete from link_request where cohort_id = :cohort_id),
e as (delete from stopped_mailbox where cohort_id = :cohort_id),
f as (delete from personal_link where cohort_id = :cohort_id),
f2 as (delete from discarded_email where cohort_id = :cohort_id),
g as (delete from outbox where cohort_id = :cohort_id),
h0 as (delete from question_reply where cohort_id = :cohort_id),
h as (delete from proposal where cohort_id = :cohort_id),
i as (delete from match_run where cohort_id = :cohort_id),
j as (delete from rsvp where cohort_id = :cohort_id),
k as (delete from attendance where cohort_id = :cohort_id),
k2 as (delete from staff_upload where cohort_id = :cohort_id),
l as (delete from draft where cohort_id = :cohort_id),
m as (delete from application where cohort_id = :cohort_id)
delete from cohort where id = :cohort_id;
