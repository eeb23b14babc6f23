-- name: save_email_wording$
-- Keep a version of a class's own words, and return its number.
insert into email_wording (cohort_id, kind, passages, written_by, saved_at, used_since)
values (:cohort_id, :kind, :passages, :written_by, :now, :used_since)
returning id;

-- name: set_email_wording_used$
-- From now on a version counts; nothing where the class has none of this number.
update email_wording set used_since = :now where cohort_id = :cohort_id and id = :id
returning id;

-- name: email_wording^
-- One version.
select * from email_wording where id = :id;

-- name: email_wordings
-- The versions of one kind of email, the newest first.
select * from email_wording where cohort_id = :cohort_id and kind = :kind order by id desc;

-- name: email_wordings_in_use
-- The version of each kind of email that counts.
select distinct on (kind) * from email_wording
where cohort_id = :cohort_id and used_since is not null
order by kind, used_since desc, id desc;
