-- name: add_opportunity$
-- Keep an opportunity.
insert into opportunity (cohort_id, area, title, url, closes_on, added_at)
values (:cohort_id, :area, :title, :url, :closes_on, :now)
returning id;

-- name: open_opportunities
-- The opportunities of a cohort that are open on a day, the one that ends first in front.
select id, area, title, url, closes_on from opportunity
where cohort_id = :cohort_id and closes_on >= :on
order by closes_on, id;

-- name: remove_opportunity!
-- Take an opportunity away.
delete from opportunity where cohort_id = :cohort_id and id = :id;
