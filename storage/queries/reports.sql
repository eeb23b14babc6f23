-- name: closed_milestones
-- The milestones of a cohort that have closed, with what was said about check-in windows.
select s.kind, s.number, s.asked, s.mentor_status, s.mentee_status
from milestone s join mentorship m on m.id = s.mentorship_id
where m.cohort_id = :cohort_id and s.closed_at is not null
order by s.mentorship_id, s.opens_at, s.id;

-- name: last_responses
-- The last revision of each response of a cohort that came before its window closed, for windows that have closed:
-- more answers than were asked for would make no rate.
select distinct on (r.id) r.form, r.side, r.answers
from response r
join milestone s on s.mentorship_id = r.mentorship_id and s.id = r.milestone
join mentorship m on m.id = r.mentorship_id
where m.cohort_id = :cohort_id and r.received_at < s.closes_at and s.closed_at is not null
order by r.id, r.revision desc;

-- name: save_report!
-- Keep a cohort's closing report.
insert into report (cohort_id, figures, written_at) values (:cohort_id, :figures, :now)
on conflict (cohort_id) do update set figures = excluded.figures, written_at = excluded.written_at;

-- name: report_figures$
-- A cohort's closing report.
select figures from report where cohort_id = :cohort_id;
