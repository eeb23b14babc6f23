-- name: begin_staff_step$
-- Claim a step by the token of its page; nothing where it was claimed before.
insert into staff_step (token_hash, email, begun_at) values (:token_hash, :email, :now)
on conflict (token_hash) do nothing
returning true;

-- name: finish_staff_step!
-- Keep what a step came to, so that the page behind it can say so.
update staff_step set outcome = :outcome where token_hash = :token_hash;

-- name: abandon_staff_step!
-- A step that was refused may be taken later from the same page.
delete from staff_step where token_hash = :token_hash;

-- name: staff_step_outcome$
-- What a step came to, for whoever took it; the empty text where it has not ended.
select coalesce(outcome, '') from staff_step where token_hash = :token_hash and email = :email;

-- name: forget_staff_steps!
-- Nobody sends a page again after a day.
delete from staff_step where begun_at < :before;
