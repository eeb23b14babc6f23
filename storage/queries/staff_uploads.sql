-- name: save_staff_upload!
-- Keep one side's file for whoever uploaded it; a second one replaces it.
insert into staff_upload (cohort_id, email, side, file_name, content, mapping, uploaded_at)
values (:cohort_id, :email, :side, :file_name, :content, :mapping, :now)
on conflict (cohort_id, email, side) do update set
    file_name = excluded.file_name, content = excluded.content, mapping = excluded.mapping,
    uploaded_at = excluded.uploaded_at;

-- name: staff_uploads
-- The files that somebody uploaded for a cohort since a moment.
select side, file_name, content, mapping from staff_upload
where cohort_id = :cohort_id and email = :email and uploaded_at >= :since;

-- name: change_staff_upload!
-- A file with corrected cells, or read in another way.
update staff_upload set content = :content, mapping = :mapping
where cohort_id = :cohort_id and email = :email and side = :side;

-- name: delete_staff_uploads!
-- The files are saved, or given up.
delete from staff_upload where cohort_id = :cohort_id and email = :email;

-- name: forget_staff_uploads!
-- Nobody goes on with a file after a day.
delete from staff_upload where uploaded_at < :before;
