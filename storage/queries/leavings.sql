-- name: save_leaving$
-- Keep that somebody wants to leave; nothing where they said so already.
insert into leaving (mentorship_id, side, asked_at, reason, ends_at)
values (:mentorship_id, :side, :asked_at, :reason, :ends_at)
on conflict (mentorship_id, side) where undone_at is null and done_at is null do nothing
returning true;

-- name: undo_leaving$
-- Somebody stays after all; nothing where they are not leaving, or it is too late.
update leaving set undone_at = :now
where mentorship_id = :mentorship_id and side = :side and undone_at is null and done_at is null and ends_at > :now
returning true;

-- name: open_leaving^
-- That one side of a mentorship is leaving, and when.
select mentorship_id, side, asked_at, reason, ends_at from leaving
where mentorship_id = :mentorship_id and side = :side and undone_at is null and done_at is null;

-- name: open_leavings
-- Everybody who is leaving, the first to go first. A rehearsal's clocks differ, so the caller knows who is due.
select mentorship_id, side, asked_at, reason, ends_at from leaving
where undone_at is null and done_at is null and mentorship_id > '' order by ends_at;

-- name: set_leaving_done!
-- A mentorship that somebody wanted to leave has ended.
update leaving set done_at = :now where mentorship_id = :mentorship_id and side = :side and asked_at = :asked_at;
