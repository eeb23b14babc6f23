-- name: agreement_version^
-- One version of an agreement; without a number the newest.
select * from agreement
where mentorship_id = :mentorship_id and version = coalesce(cast(:version as integer), version)
order by version desc limit 1;

-- name: agreement_versions
-- Every version of an agreement, the newest last.
select * from agreement where mentorship_id = :mentorship_id order by version;

-- name: agreement_in_force^
-- The newest version both sides agreed to.
select * from agreement
where mentorship_id = :mentorship_id and mentor_confirmed_at is not null and mentee_confirmed_at is not null
order by version desc limit 1;

-- name: agreement_defaults^
-- What a proposal is made from: the mentee's intake and the cohort's settings, and the mentorship's days.
select a.answers as intake, c.settings, m.starts_on, m.ends_on
from mentorship m
join cohort c on c.id = m.cohort_id
join application a on a.cohort_id = m.cohort_id and a.person_id = m.mentee_id
where m.id = :mentorship_id;

-- name: save_agreement_version!
-- Keep a new version, which nobody has agreed to yet; one that is there already stays as it is.
insert into agreement (mentorship_id, version, contents, written_by, written_at)
values (:mentorship_id, :version, :contents, :written_by, :now)
on conflict (mentorship_id, version) do nothing;

-- name: confirm_agreement!
-- One side agrees to a version; the first time counts.
update agreement
set mentor_confirmed_at = case when :side = 'mentor' then coalesce(mentor_confirmed_at, :now) else mentor_confirmed_at end,
    mentee_confirmed_at = case when :side = 'mentee' then coalesce(mentee_confirmed_at, :now) else mentee_confirmed_at end
where mentorship_id = :mentorship_id and version = :version;

-- name: agreement_draft^
-- What one side saved on the way to its next version.
select version, answers from agreement_draft where mentorship_id = :mentorship_id and side = :side;

-- name: save_agreement_draft!
-- Keep what one side has so far; the last save counts.
insert into agreement_draft (mentorship_id, side, version, answers, saved_at)
values (:mentorship_id, :side, :version, :answers, :now)
on conflict (mentorship_id, side) do update
set version = excluded.version, answers = excluded.answers, saved_at = excluded.saved_at;

-- name: delete_agreement_draft!
-- Forget what one side had on the way: it is sent.
delete from agreement_draft where mentorship_id = :mentorship_id and side = :side;
