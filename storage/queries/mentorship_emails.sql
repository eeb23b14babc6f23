-- name: known_for_emails
-- What emails to participants have to know of mentorships beyond their people: their milestones in order of opening,
-- everybody who holds, held or will hold a role of the cohort, both sides' links to pause reminders and to their own
-- pages, the newest date of each meeting and the topic chosen for it, how it ended, and the cohort's opportunities with
-- the kinds that each side wants.
select m.id, m.outcome, (
    select jsonb_agg(jsonb_build_object(
        'id', s.id, 'kind', s.kind, 'number', s.number, 'opens_on', s.opens_on, 'closes_on', s.closes_on
    ) order by s.opens_at, s.closes_at, s.id)
    from milestone s where s.mentorship_id = m.id
) as milestones, (
    select jsonb_agg(to_jsonb(h) - 'cohort_id' order by h.starts_on, h.id) from role_holder h
    where h.cohort_id = m.cohort_id
) as role_holders, (
    select jsonb_object_agg(l.person_id, jsonb_build_object(
        'token_hash', encode(l.token_hash, 'hex'), 'key_id', l.key_id, 'revocations', l.revocations,
        'mentorship_id', l.mentorship_id, 'side', l.side, 'paused_at', l.paused_at, 'resumed_at', l.resumed_at
    ))
    from reminder_link l where l.cohort_id = m.cohort_id and l.person_id in (m.mentor_id, m.mentee_id)
) as reminder_links, (
    select jsonb_object_agg(person_id, links) from (
        select l.person_id, jsonb_build_object(
            'token_hashes', coalesce(
                jsonb_agg(encode(l.token_hash, 'hex')) filter (where l.revoked_at is null), '[]'
            ),
            'revocations', count(l.revoked_at)
        ) as links
        from personal_link l where l.cohort_id = m.cohort_id and l.person_id in (m.mentor_id, m.mentee_id)
        group by l.person_id
    ) of_each
) as personal_links, (
    select jsonb_object_agg(d.milestone_id, to_jsonb(d) - '{id,signal_payload,stored_at,signaled_at}'::text[])
    from (
        select distinct on (milestone_id) * from meeting_date
        where mentorship_id = m.id order by milestone_id, revision desc
    ) d
) as dates, (
    select jsonb_object_agg(t.milestone_id, t.topic) from topic_choice t where t.mentorship_id = m.id
) as topics, (
    select jsonb_agg(to_jsonb(o) - '{cohort_id,added_at}'::text[] order by o.closes_on, o.id) from opportunity o
    where o.cohort_id = m.cohort_id
) as opportunities, (
    select jsonb_object_agg(w.person_id, w.kinds) from opportunity_wish w
    where w.cohort_id = m.cohort_id and w.person_id in (m.mentor_id, m.mentee_id)
) as wanted_kinds
from mentorship m where m.id = any(:ids);
