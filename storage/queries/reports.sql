-- name: closed_milestones
-- The milestones of a cohort that have closed by a moment, with what both said in check-in windows. An agreement is not
-- answered but comes to stand.
select s.kind, s.number, s.asked, c.mentor_status as mentor, c.mentee_status as mentee
from milestone s join mentorship m on m.id = s.mentorship_id
left join check_in c on c.mentorship_id = s.mentorship_id and c.number = s.number and s.kind = 'check_in'
where m.cohort_id = :cohort_id and s.closes_at <= :now and coalesce(s.dropped_at >= s.closes_at, true)
and s.kind <> 'agreement'
order by s.mentorship_id, s.opens_at, s.id;

-- name: last_responses
-- The last revision of each response of a cohort that came before its window closed, for windows that have closed by a moment:
-- more answers than were asked for would make no rate. Drafts of an agreement are no answers.
select distinct on (r.id)
    r.form, r.side, r.answers, s.number, r.mentorship_id,
    case r.side when 'mentor' then m.mentor_id else m.mentee_id end as person
from response r
join milestone s on s.mentorship_id = r.mentorship_id and s.id = r.milestone_id
join mentorship m on m.id = r.mentorship_id
where m.cohort_id = :cohort_id and r.form <> 'agreement' and r.received_at < s.closes_at
and s.closes_at <= :now and coalesce(s.dropped_at >= s.closes_at, true)
order by r.id, r.revision desc;

-- name: endings
-- The two people of each mentorship of a cohort, how it ended, and whether another mentor took over from it.
select
    m.mentor_id as mentor, m.mentee_id as mentee, m.outcome,
    m.outcome is not distinct from 'mentor_withdrew'
    and exists (select from mentorship later where later.predecessor_id = m.id) as replaced
from mentorship m
where m.cohort_id = :cohort_id order by m.id;

-- name: first_agreements
-- When each mentorship's agreement first came to stand: in days from its first, and whether by the day it was due.
select first.agreed_on - m.starts_on as days, first.agreed_on <= due.closes_on as in_time
from (
    select
        a.mentorship_id,
        (min(greatest(a.mentor_confirmed_at, a.mentee_confirmed_at)) at time zone (c.settings ->> 'time_zone'))::date
            as agreed_on
    from agreement a
    join mentorship m on m.id = a.mentorship_id
    join cohort c on c.id = m.cohort_id
    where m.cohort_id = :cohort_id and a.mentor_confirmed_at is not null and a.mentee_confirmed_at is not null
    group by a.mentorship_id, c.settings
) first
join mentorship m on m.id = first.mentorship_id
join milestone due on due.mentorship_id = m.id and due.kind = 'agreement'
order by m.id;

-- name: people_of_report
-- Who took part in a cohort, each once: what they do and where they work, in their own words.
-- Not one condition on either side: each application would be compared with each mentorship.
with member as (
    select mentor_id as id from mentorship where cohort_id = :cohort_id
    union select mentee_id from mentorship where cohort_id = :cohort_id
)
select a.person_id as person, a.answers ->> 'role' as role, a.answers ->> 'town' as town
from member join application a on a.cohort_id = :cohort_id and a.person_id = member.id
order by a.person_id;

-- name: applications_of_report
-- Where each application of a cohort stands, and how many mentees a mentor can take.
select
    side, status,
    case side when 'mentor' then coalesce((answers ->> 'capacity')::integer, 1) else 0 end as places
from application where cohort_id = :cohort_id order by person_id;

-- name: openings_of_report^
-- How many asked something before applying, how many openings and chances a cohort was told of, and who of those who took
-- part took any up.
select
    (select count(*) from inquiry i where i.cohort_id = :cohort_id) as inquiries,
    (select count(*) from opportunity o where o.cohort_id = :cohort_id) as recommended,
    array(
        select distinct t.person_id from opportunity o
        join opportunity_taken t on t.opportunity_id = o.id
        join mentorship m on m.cohort_id = o.cohort_id and t.person_id in (m.mentor_id, m.mentee_id)
        where o.cohort_id = :cohort_id order by 1
    ) as took_up;

-- name: save_report!
-- Keep a cohort's closing report.
insert into report (cohort_id, figures, written_at) values (:cohort_id, :figures, :now)
on conflict (cohort_id) do update set figures = excluded.figures, written_at = excluded.written_at;

-- name: report_figures$
-- A cohort's closing report.
select figures from report where cohort_id = :cohort_id;
