-- name: published_run$
-- The number of the match run that was published last.
select run from published_run where cohort_id = :cohort_id;

-- name: published_request^
-- What staff asked of the match run that was published last, and its number.
select run, request from published_run where cohort_id = :cohort_id;

-- name: proposals_of_cohort
-- All proposals of a cohort, those withdrawn too, with who took back their application since.
select * from proposed_match where cohort_id = :cohort_id order by mentee_id, mentor_id;

-- name: proposals_to
-- The proposals to one person, the newest first, with what both applied with and the reasons the match run gave.
select o.*,
    m.answers as mentor_application, p.answers as mentee_application,
    (
        select pair from match_run r, jsonb_array_elements(r.result -> 'pairs') as pair
        where r.cohort_id = o.cohort_id and r.run = o.run
            and pair ->> 'mentor' = o.mentor_id and pair ->> 'mentee' = o.mentee_id
    ) as pair
from proposed_match o
join application m on m.cohort_id = o.cohort_id and m.person_id = o.mentor_id
join application p on p.cohort_id = o.cohort_id and p.person_id = o.mentee_id
where o.cohort_id = :cohort_id and :person_id in (o.mentor_id, o.mentee_id)
order by o.withdrawn_at is not null, o.proposed_at desc, o.mentee_id, o.mentor_id;

-- name: propose_pair*!
-- Propose a pair. One that is proposed already keeps its answers; one that was withdrawn is asked anew.
insert into proposal (cohort_id, mentor_id, mentee_id, run, proposed_at)
values (:cohort_id, :mentor_id, :mentee_id, :run, :now)
on conflict (cohort_id, mentor_id, mentee_id) do update set
    run = excluded.run,
    proposed_at = case when proposal.withdrawn_at is null then proposal.proposed_at else excluded.proposed_at end,
    mentor_answer = case when proposal.withdrawn_at is null then proposal.mentor_answer end,
    mentor_answered_at = case when proposal.withdrawn_at is null then proposal.mentor_answered_at end,
    mentor_reason = case when proposal.withdrawn_at is null then proposal.mentor_reason end,
    mentor_question = case when proposal.withdrawn_at is null then proposal.mentor_question else '' end,
    mentee_answer = case when proposal.withdrawn_at is null then proposal.mentee_answer end,
    mentee_answered_at = case when proposal.withdrawn_at is null then proposal.mentee_answered_at end,
    mentee_reason = case when proposal.withdrawn_at is null then proposal.mentee_reason end,
    mentee_question = case when proposal.withdrawn_at is null then proposal.mentee_question else '' end,
    confirmed_at = case when proposal.withdrawn_at is null then proposal.confirmed_at end,
    reported_at = case when proposal.withdrawn_at is null then proposal.reported_at end,
    withdrawn_at = null;

-- name: withdraw_proposals!
-- Withdraw what is proposed and no longer among the published pairs, which the last proposing put under this run.
update proposal set withdrawn_at = :now
where cohort_id = :cohort_id and run <> :run and withdrawn_at is null;

-- name: count_proposed_at$
-- How many proposals were made at a moment and still stand.
select count(*) from proposal where cohort_id = :cohort_id and proposed_at = :now and withdrawn_at is null;

-- name: report_proposals^
-- Mark what is reported to staff at a moment, and count it: asked again for the same moment, it counts the same.
with reported as (
    update proposal o set reported_at = :now
    from application m, application p
    where o.cohort_id = :cohort_id and o.withdrawn_at is null and o.confirmed_at is null
        and (o.reported_at is null or o.reported_at = :now)
        and m.cohort_id = o.cohort_id and m.person_id = o.mentor_id
        and p.cohort_id = o.cohort_id and p.person_id = o.mentee_id
        and (
            o.mentor_answer in ('declined', 'asked') or o.mentee_answer in ('declined', 'asked')
            or m.status <> 'accepted' or p.status <> 'accepted'
        )
    returning
        (
            o.mentor_answer is not distinct from 'declined' or o.mentee_answer is not distinct from 'declined'
            or m.status <> 'accepted' or p.status <> 'accepted'
        ) as declined,
        (
            o.mentor_answer is not distinct from 'asked' or o.mentee_answer is not distinct from 'asked'
        ) as asked
)
select count(*) filter (where declined) as declined, count(*) filter (where asked) as asked from reported;
