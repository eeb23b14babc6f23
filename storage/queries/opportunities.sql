-- name: add_opportunity$
-- Keep an opportunity.
insert into opportunity (cohort_id, area, kind, title, url, closes_on, added_at)
values (:cohort_id, :area, :kind, :title, :url, :closes_on, :now)
returning id;

-- name: open_opportunities
-- The opportunities of a cohort that are open on a day, the one that ends first in front.
select id, area, kind, title, url, closes_on from opportunity
where cohort_id = :cohort_id and closes_on >= :on
order by closes_on, id;

-- name: listed_opportunities
-- All opportunities of a cohort with how many took each up, the one that ends first in front.
select
    o.id, o.area, o.kind, o.title, o.url, o.closes_on,
    (select count(*) from opportunity_taken t where t.opportunity_id = o.id) as taken_up
from opportunity o where o.cohort_id = :cohort_id
order by o.closes_on, o.id;

-- name: wanted_kinds$
-- Which kinds of opportunities somebody wants emails to list, or nothing where they have not chosen.
select kinds from opportunity_wish where cohort_id = :cohort_id and person_id = :person_id;

-- name: save_wanted_kinds!
-- Keep which kinds of opportunities somebody wants emails to list.
insert into opportunity_wish (cohort_id, person_id, kinds, chosen_at)
values (:cohort_id, :person_id, :kinds, :now)
on conflict (cohort_id, person_id) do update set kinds = excluded.kinds, chosen_at = excluded.chosen_at;

-- name: taken_opportunities
-- Which opportunities of a cohort somebody took up.
select t.opportunity_id from opportunity o join opportunity_taken t on t.opportunity_id = o.id
where o.cohort_id = :cohort_id and t.person_id = :person_id;

-- name: take_opportunity$
-- Note that somebody took an opportunity of a cohort up; nothing where that was noted before, or there is none.
insert into opportunity_taken (opportunity_id, person_id, taken_at)
select o.id, :person_id, :now from opportunity o where o.cohort_id = :cohort_id and o.id = :id
on conflict do nothing returning true;

-- name: give_back_opportunity$
-- Take back that somebody took an opportunity of a cohort up; nothing where that was not noted.
delete from opportunity_taken t using opportunity o
where t.opportunity_id = o.id and o.cohort_id = :cohort_id and o.id = :id and t.person_id = :person_id returning true;

-- name: remove_opportunity!
-- Take an opportunity away.
delete from opportunity where cohort_id = :cohort_id and id = :id;
