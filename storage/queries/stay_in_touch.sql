-- name: wishes_to_stay_in_touch
-- Whether each side wants to stay in touch after the end, where they said so.
select side, wanted from stay_in_touch where mentorship_id = :mentorship_id;

-- name: save_wish_to_stay_in_touch!
-- Keep whether one side wants to stay in touch; the last answer counts.
insert into stay_in_touch (mentorship_id, side, wanted, said_at)
values (:mentorship_id, :side, :wanted, :now)
on conflict (mentorship_id, side) do update set wanted = excluded.wanted, said_at = excluded.said_at;
