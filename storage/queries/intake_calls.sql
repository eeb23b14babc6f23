-- name: intake_contacts
-- When each accepted mentee of a cohort was last reminded of missing answers, and what staff noted of their last call.
select a.person_id, reminder.sent_at as reminded_at, call.happened_at as called_at, call.actor, call.note
from application a
left join lateral (
    select max(o.sent_at) as sent_at from outbox o
    where o.scope_id = a.cohort_id || '/' || a.person_id and o.kind = 'intake'
) reminder on true
left join lateral (
    select e.happened_at, e.actor, e.details ->> 'note' as note from audit_event e
    where e.cohort_id = a.cohort_id and e.person_id = a.person_id and e.action = 'intake_call_noted'
    order by e.happened_at desc limit 1
) call on true
where a.cohort_id = :cohort_id and a.side = 'mentee' and a.status = 'accepted'
and (reminder.sent_at is not null or call.happened_at is not null);
