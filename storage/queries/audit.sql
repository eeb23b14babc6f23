-- name: save_audit_event$
-- Add an event to the audit log, and return its number.
insert into audit_event (happened_at, cohort_id, mentorship_id, person_id, actor, action, details, decision, completed)
values (
    :happened_at, :cohort_id, :mentorship_id, :person_id, :actor, :action, :details, cast(:decision as jsonb), :completed
)
returning id;

-- name: complete_audit_event!
-- The step was carried out; its results join the details, and a decision has the moment as of which it was made.
update audit_event
set completed = true, details = details || :details,
    decision = decision || jsonb_build_object('at', coalesce(cast(:decided_at as text), decision ->> 'at'))
where id = :id;

-- name: confirmed_decisions
-- What staff decided about a mentorship and saw confirmed, in that order, but for what was lost and about which they have decided since.
select e.decision from audit_event e
where e.mentorship_id = :mentorship_id and e.decision is not null and e.completed
and not (e.lost_at is not null and exists (
    select from audit_event later
    where later.mentorship_id = e.mentorship_id and later.decision is not null and later.completed
    and later.happened_at > e.lost_at
))
order by e.happened_at, e.id;

-- name: set_lost_decisions!
-- Which decisions about a mentorship its workflow can no longer make, by their ids; others are not lost any more.
update audit_event
set lost_at = case
    when decision -> 'change' ->> 'decision' = any(:ids::text[]) then coalesce(lost_at, clock_timestamp())
end
where mentorship_id = :mentorship_id and decision is not null
and (lost_at is not null or decision -> 'change' ->> 'decision' = any(:ids::text[]));

-- name: lost_decisions
-- What staff decided about a mentorship, was lost, and is not settled by what they decided since.
select e.decision from audit_event e
where e.mentorship_id = :mentorship_id and e.lost_at is not null
and not exists (
    select from audit_event later
    where later.mentorship_id = e.mentorship_id and later.decision is not null and later.completed
    and later.happened_at > e.lost_at
);

-- name: count_decisions$
-- How many changes staff decided about a mentorship, whether or not each is known to be made.
select count(*) from audit_event where mentorship_id = :mentorship_id and decision is not null;

-- name: confirm_decision!
-- Record a decision that its workflow has made: whether or not there is an event of it, it is confirmed.
insert into audit_event (happened_at, cohort_id, mentorship_id, actor, action, details, decision)
values (:happened_at, :cohort_id, :mentorship_id, :actor, :action, :details, cast(:decision as jsonb))
on conflict (mentorship_id, (decision -> 'change' ->> 'decision')) where decision is not null
do update set completed = true, decision = excluded.decision;

-- name: remove_audit_event!
-- The step was refused, so nothing happened.
delete from audit_event where id = :id and not completed;

-- name: audit_events
-- The newest events that match every filter that is not null, oldest first; a person's are those that name them too.
select happened_at, actor, action, cohort_id, mentorship_id, person_id, details, completed from (
    select id, happened_at, actor, action, cohort_id, mentorship_id, person_id, details, completed
    from audit_event
    where (:cohort_id::text is null or cohort_id = :cohort_id)
        and (:action::text is null or action = :action)
        and (:mentorship_id::text is null or mentorship_id = :mentorship_id)
        and (
            :person_id::text is null
            or person_id = :person_id
            or jsonb_path_exists(details, '$.** ? (@ == $person)', jsonb_build_object('person', :person_id::text))
        )
        and happened_at >= coalesce(cast(:since as timestamptz), '-infinity')
        and happened_at < coalesce(cast(:until as timestamptz), 'infinity')
    order by happened_at desc, id desc limit :limit
) newest
order by happened_at, id;
