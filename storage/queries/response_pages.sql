-- name: response_page^
-- What a link opens, with all its page shows; least() passes over what is not set, so a dropped milestone is closed.
select
    l.mentorship_id, l.milestone, l.side, l.revoked_at is not null as revoked,
    s.kind, s.number, s.closes_on,
    least(s.opens_at, s.dropped_at) as opens_at,
    least(coalesce(s.open_until, s.closes_at), s.dropped_at) as closes_at,
    (
        select coalesce(max(x.closes_on), m.ends_on) from milestone x
        where x.mentorship_id = l.mentorship_id and x.dropped_at is null
    ) as last_milestone_on,
    m.starts_on, m.ends_on, m.outcome, c.settings, r.answers, r.received_at as answered_at,
    (
        select p.answers from response p
        where s.kind = 'farewell' and p.mentorship_id = l.mentorship_id and p.form = 'closure_survey' and p.side <> l.side
        order by p.revision desc limit 1
    ) as partner_survey
from link l
join milestone s on s.mentorship_id = l.mentorship_id and s.id = l.milestone
join mentorship m on m.id = l.mentorship_id
join cohort c on c.id = m.cohort_id
left join lateral (
    select answers, received_at from response
    where mentorship_id = l.mentorship_id and milestone_id = l.milestone and side = l.side
    order by revision desc limit 1
) r on true
where l.token_hash = :token_hash;
