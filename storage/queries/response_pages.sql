-- name: response_page^
-- A pair, and what the page of a milestone shows to a side: of the milestone that the link of an email leads to, unless
-- it was revoked, or of another one to the same side; without a link of the milestone and side that are named. Beside it
-- all that the email asked, in its order: whether its recipient is asked, and has answered; what one answer settles for both
-- counts as answered once either has said something. least() passes over what is not set, so a dropped milestone is
-- closed.
with opened as (
    select mentorship_id, coalesce(:milestone, milestone) as milestone, side, email_key from link
    where token_hash = :token_hash and revoked_at is null
    union all
    select :mentorship_id, :milestone, :side, null where cast(:token_hash as bytea) is null
)
select
    m.*, l.milestone, l.side, s.kind, s.number, s.closes_on,
    least(s.opens_at, s.dropped_at) as opens_at,
    least(coalesce(s.open_until, s.closes_at), s.dropped_at) as closes_at,
    (
        select coalesce(max(x.closes_on), m.ends_on) from milestone x
        where x.mentorship_id = s.mentorship_id and x.dropped_at is null
    ) as last_milestone_on,
    r.answers, r.received_at as answered_at,
    (
        select p.answers from response p
        where s.kind = 'farewell' and p.mentorship_id = s.mentorship_id and p.form = 'closure_survey' and p.side <> l.side
        order by p.revision desc limit 1
    ) as partner_survey,
    (
        select jsonb_agg(to_jsonb(h) - 'cohort_id' order by h.starts_on, h.id) from role_holder h
        where h.cohort_id = m.cohort_id
    ) as role_holders,
    (
        select jsonb_agg(jsonb_build_object(
            'milestone', e.id, 'kind', e.kind, 'opens_at', e.opens_at, 'closes_at', coalesce(e.open_until, e.closes_at),
            'asked', l.side = any(e.asked) and e.dropped_at is null, 'answered', exists (
                select from response a
                where a.mentorship_id = e.mentorship_id and a.milestone_id = e.id
                and (a.side = l.side or e.kind = any(:settled_by_either))
            )
        ) order by asked.place)
        from outbox o
        cross join lateral jsonb_array_elements(o.asks) with ordinality asked (ask, place)
        join milestone e on e.mentorship_id = l.mentorship_id and e.id = asked.ask ->> 'milestone'
        where o.key = l.email_key
    ) as steps
from opened l
join milestone s on s.mentorship_id = l.mentorship_id and s.id = l.milestone
join mentorship_pair m on m.id = s.mentorship_id
left join lateral (
    select answers, received_at from response
    where mentorship_id = s.mentorship_id and milestone_id = s.id and side = l.side
    order by revision desc limit 1
) r on true;
