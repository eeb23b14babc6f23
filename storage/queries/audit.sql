-- name: save_audit_event$
-- Add an event to the audit log, and return its number.
insert into audit_event (happened_at, cohort_id, mentorship_id, person_id, actor, action, details, completed)
values (:happened_at, :cohort_id, :mentorship_id, :person_id, :actor, :action, :details, :completed)
returning id;

-- name: complete_audit_event!
-- The step was carried out; its results join the details.
update audit_event set completed = true, details = details || :details where id = :id;

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
