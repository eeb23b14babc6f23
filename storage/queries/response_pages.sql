-- name: milestone_link^
-- What a link in an email leads to, unless it was revoked.
select mentorship_id, milestone, side from link where token_hash = :token_hash and revoked_at is null;

-- name: response_page^
-- What the page of a milestone shows to a side; least() passes over what is not set, so a dropped milestone is closed.
select
    s.kind, s.number, s.closes_on,
    least(s.opens_at, s.dropped_at) as opens_at,
    least(coalesce(s.open_until, s.closes_at), s.dropped_at) as closes_at,
    (
        select coalesce(max(x.closes_on), m.ends_on) from milestone x
        where x.mentorship_id = s.mentorship_id and x.dropped_at is null
    ) as last_milestone_on,
    m.starts_on, m.ends_on, m.outcome, c.settings, r.answers, r.received_at as answered_at,
    (
        select p.answers from response p
        where s.kind = 'farewell' and p.mentorship_id = s.mentorship_id and p.form = 'closure_survey' and p.side <> :side
        order by p.revision desc limit 1
    ) as partner_survey
from milestone s
join mentorship m on m.id = s.mentorship_id
join cohort c on c.id = m.cohort_id
left join lateral (
    select answers, received_at from response
    where mentorship_id = s.mentorship_id and milestone_id = s.id and side = :side
    order by revision desc limit 1
) r on true
where s.mentorship_id = :mentorship_id and s.id = :milestone;

-- name: steps_of_email
-- What the email asked that a link came with, in its order: whether its recipient is asked, and has answered. What one
-- answer settles for both counts as answered once either has said something.
select s.id as milestone, s.kind, s.opens_at, s.open_until, s.closes_at, s.dropped_at, l.side = any(s.asked) as asked, exists (
    select from response r
    where r.mentorship_id = s.mentorship_id and r.milestone_id = s.id
    and (r.side = l.side or s.kind = any(:settled_by_either))
) as answered
from link l
join outbox o on o.key = l.email_key
cross join lateral jsonb_array_elements(o.asks) with ordinality asked (ask, place)
join milestone s on s.mentorship_id = l.mentorship_id and s.id = asked.ask ->> 'milestone'
where l.token_hash = :token_hash and l.revoked_at is null
order by asked.place;
