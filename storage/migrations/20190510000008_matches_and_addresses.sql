-- migrate:up

-- Somebody was imported under another id with the address of what nobody had gone on with: its links lead nowhere, its id
-- is never given again, and its address is free (it is set to the id, which no address can be).
alter table draft add column closed_at timestamptz;

-- A proposal with where both applications stand and what became of it, told once for every query; the same as
-- ProposedMatch says of it.
create view proposed_match as
select told.*, withdrawn_at is null and both_there and (confirmed_at is not null or both_committed) as final
from (
    select
        o.*, m.standing as mentor_standing, p.standing as mentee_standing,
        m.standing = 'accepted' and p.standing = 'accepted' as both_there,
        coalesce(o.mentor_answer = 'committed' and o.mentee_answer = 'committed', false) as both_committed,
        o.confirmed_at is null and coalesce('declined' in (o.mentor_answer, o.mentee_answer), false) as declined
    from proposal o
    join application m on m.cohort_id = o.cohort_id and m.person_id = o.mentor_id
    join application p on p.cohort_id = o.cohort_id and p.person_id = o.mentee_id
) told;

-- The match run of each cohort that was published last: its pairs count.
create view published_run as
select distinct on (cohort_id) cohort_id, run, result, wishes from match_run
where published_at is not null
order by cohort_id, published_at desc, run desc;

-- Every match that stands: final, or, in a cohort that asks nobody, published last with both still there.
create view standing_match as
select cohort_id, mentor_id, mentee_id from proposed_match where final
union all
select c.id, m.person_id, p.person_id
from cohort c
join published_run published on published.cohort_id = c.id
cross join lateral jsonb_array_elements(published.result -> 'pairs') pair
join application m on m.cohort_id = c.id and m.person_id = pair ->> 'mentor' and m.standing = 'accepted'
join application p on p.cohort_id = c.id and p.person_id = pair ->> 'participant' and p.standing = 'accepted'
where c.settings ->> 'proposals' is null;

-- What the queries look for, so that a page, a reminder or an audit reads its own rows and not those of all classes.
create index application_by_address on application (lower(email));
create index personal_link_by_person on personal_link (cohort_id, person_id);
create index link_by_mentorship on link (mentorship_id);
create index link_by_email on link (email_key);
create index mentorship_by_mentee on mentorship (cohort_id, mentee_id);
create index mentorship_by_start on mentorship (starts_on);
create index response_by_mentorship on response (mentorship_id, milestone, side);
create index outbox_by_cohort on outbox (cohort_id, due_at);
create index role_holder_by_cohort on role_holder (cohort_id, from_on);
create index opportunity_by_cohort on opportunity (cohort_id, until_on);
create index inquiry_by_cohort on inquiry (cohort_id);

-- migrate:down
drop index inquiry_by_cohort, opportunity_by_cohort, role_holder_by_cohort, outbox_by_cohort, response_by_mentorship,
    mentorship_by_start, mentorship_by_mentee, link_by_email, link_by_mentorship, personal_link_by_person,
    application_by_address;
drop view standing_match, published_run, proposed_match;
delete from draft where closed_at is not null;
alter table draft drop column closed_at;
