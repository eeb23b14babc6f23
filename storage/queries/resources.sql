-- name: add_resource$
-- Keep a link.
insert into resource (cohort_id, area, title, url, about, added_at)
values (:cohort_id, :area, :title, :url, :about, :now)
returning id;

-- name: resources_of
-- The links of a cohort, by area and title.
select id, area, title, url, about from resource where cohort_id = :cohort_id order by area, title, id;

-- name: remove_resource!
-- Take a link away.
delete from resource where cohort_id = :cohort_id and id = :id;
