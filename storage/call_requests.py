"""What participants ask staff from their own page, for staff alone; each is signaled like a response."""

from datetime import timedelta

from domain.languages import gettext
from schemas.errors import Refusal
from schemas.ids import response_id
from schemas.mentorship.my_mentorship import CallRequest
from schemas.mentorship.responses import SavedResponse
from schemas.mentorship.state import Answer
from storage.database import Db, queries, stored_as
from storage.responses import MOST_REVISIONS, lock_response

# In place of a milestone's id. No plan has such a milestone, so the request is all that a workflow takes from it.
CALL_REQUEST_ID = "call_request"
# The same words again within that time are one request.
REPEATED_WITHIN = timedelta(hours=1)


async def save_call_request(db: Db, mentorship: str, request: CallRequest) -> SavedResponse:
    """Store a request within the caller's transaction; the same one again soon is no new one.

    Raises Refusal after ``MOST_REVISIONS`` requests.
    """
    id_ = response_id(mentorship, CALL_REQUEST_ID, request.side)
    await lock_response(db, id_)
    latest = await queries.latest_call_request(db, id=id_)
    revision = latest["revision"] + 1 if latest else 1
    answer = Answer(
        milestone=CALL_REQUEST_ID,
        side=request.side,
        revision=revision,
        received_at=request.received_at,
        call_requested=True,
    )
    saved = SavedResponse(id=id_, mentorship_id=mentorship, answer=answer, changed=True)
    repeated = latest and (latest["about"], latest["words"]) == (request.about, request.words)
    if repeated and request.received_at - latest["received_at"] < REPEATED_WITHIN:
        return saved.model_copy(update={"changed": False})
    if revision > MOST_REVISIONS:
        raise Refusal(
            gettext("You asked us many times. Please write to us instead; whom to ask is at the end of this page.")
        )
    stored = await queries.save_call_request(
        db,
        id=id_,
        revision=revision,
        mentorship_id=mentorship,
        signal_payload=answer.model_dump_json(),
        **request.model_dump(),
    )
    return saved.model_copy(update={"answer": stored_as(Answer, stored)})


async def call_requests_of(db: Db, mentorship: str) -> tuple[CallRequest, ...]:
    """Return what both sides of a mentorship asked staff, the oldest first; it is for staff and its author alone."""
    return tuple([CallRequest(**row) async for row in queries.call_requests_of(db, mentorship_id=mentorship)])
