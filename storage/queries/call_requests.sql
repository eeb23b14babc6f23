-- name: latest_call_request^
-- What somebody last asked staff from their own page.
select revision, about, words, received_at from call_request where id = :id order by revision desc limit 1;

-- name: save_call_request!
-- Keep what somebody asks staff.
insert into call_request (id, revision, mentorship_id, side, about, words, signal_payload, received_at)
values (:id, :revision, :mentorship_id, :side, :about, :words, :signal_payload, :received_at);

-- name: call_requests_of
-- What both sides of a mentorship asked staff, the oldest first.
select side, about, words, received_at from call_request where mentorship_id = :mentorship_id order by received_at;
