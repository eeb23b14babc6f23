-- name: checked_items$
-- What one side has checked on its list.
select items from readiness where mentorship_id = :mentorship_id and side = :side;

-- name: save_checked_items!
-- Keep what one side has checked; the last list counts.
insert into readiness (mentorship_id, side, items, changed_at)
values (:mentorship_id, :side, :items, :now)
on conflict (mentorship_id, side) do update set items = excluded.items, changed_at = excluded.changed_at;
