-- name: revoke_calendar_feed!
-- Somebody's private calendar address opens nothing any more.
update calendar_feed set revoked_at = :now
where cohort_id = :cohort_id and person_id = :person_id and revoked_at is null;

-- name: save_calendar_feed!
-- Keep the hash of a private calendar address.
insert into calendar_feed (token_hash, cohort_id, person_id, made_at)
values (:token_hash, :cohort_id, :person_id, :now);

-- name: calendar_feed_owner^
-- Whose calendar address it is, unless it was revoked.
select cohort_id, person_id from calendar_feed where token_hash = :token_hash and revoked_at is null;

-- name: has_calendar_feed$
-- Whether somebody has a private calendar address.
select exists (
    select from calendar_feed where cohort_id = :cohort_id and person_id = :person_id and revoked_at is null
);
