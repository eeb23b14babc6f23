-- name: latest_call_request^
-- What somebody last asked staff from their own page.
select revision, about, words, received_at from call_request where id = :id order by revision desc limit 1;

-- name: save_call_request$
-- Keep what somebody asks staff; return what its workflow is told of it.
insert into call_request (id, revision, mentorship_id, side, about, words, signal_payload, received_at)
values (
    :id, :revision, :mentorship_id, :side, :about, :words,
    cast(:signal_payload as jsonb) || jsonb_build_object('stored_at', clock_timestamp()), :received_at
)
returning signal_payload;

-- name: call_requests_of
-- What both sides of a mentorship asked staff, the oldest first.
select side, about, words, received_at from call_request where mentorship_id = :mentorship_id order by received_at;
