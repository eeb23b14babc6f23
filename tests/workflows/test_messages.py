"""Messages to a running mentorship: understood, repeated, late, broken, unknown, or sent while the engine was away."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from activities.sweeper import LEFT_TO_THE_PAGE
from runtime.local_stack.ports import Ports
from runtime.sealing import Seal
from runtime.temporal import connect
from schemas.actor import Actor
from schemas.cohort.state import CohortState
from schemas.enums import EmailKind, MilestoneKind, Recipient, Side, StaffReason, WindowStatus
from schemas.ids import (
    CALENDARS_WORKFLOW,
    COHORT_WORKFLOW,
    MENTORSHIP_WORKFLOW,
    SWEEPER_WORKFLOW,
    cohort_workflow_id,
)
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.state import Answer, MentorshipState
from schemas.signals import Envelope, answers_envelope
from services.calendar_subscriptions import PURPOSE
from services.responses import ResponseService
from storage import calendar_subscriptions, cohorts, responses
from tests.workflows.conftest import KeepHistory
from tests.workflows.one_pair import Handle, OnePair

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]
IN_THE_FIRST_WINDOW = datetime(2019, 7, 23, 12, tzinfo=UTC)
IN_THE_SECOND_WINDOW = datetime(2019, 10, 22, 12, tzinfo=UTC)


def said(side: Side = Side.MENTOR, *, call: bool = False, revision: int = 1) -> Answer:
    return Answer(
        milestone="check_in-1",
        side=side,
        revision=revision,
        received_at=IN_THE_FIRST_WINDOW,
        status=WindowStatus.PLANNED,
        call_requested=call,
    )


def answer(side: Side = Side.MENTOR, *, call: bool = False, revision: int = 1) -> Envelope:
    return answers_envelope([said(side, call=call, revision=revision)])


async def test_an_answer_ends_the_waiting_for_it(one_pair: Begin) -> None:
    pair = await one_pair("answering")
    where = await pair.run_until(IN_THE_FIRST_WINDOW)
    assert "mentor:check_in-1" in where.waiting_for
    await pair.handle.signal("response_received", answer())
    await pair.handle.signal("response_received", answer())
    assert "mentor:check_in-1" not in (await pair.progress_at()).waiting_for


async def test_an_answer_that_is_there_before_the_plan_counts(one_pair: Begin) -> None:
    pair = await one_pair("answered-early")
    now = (await pair.progress_at()).now
    begun = await pair.handle.query("state", result_type=MentorshipState)
    await pair.handle.terminate()
    draft = Answer(milestone="agreement", side=Side.MENTEE, received_at=now, version=1, confirmed=True)
    handle: Handle = await pair.environment.client.start_workflow(
        MENTORSHIP_WORKFLOW,
        MentorshipState(terms=begun.terms, clock_offset=begun.clock_offset),
        id=pair.handle.id,
        task_queue=pair.environment.settings.task_queue,
        start_signal="response_received",
        start_signal_args=[answers_envelope([draft])],
    )
    again = replace(pair, handle=handle)
    await again.progress_at()
    told = [(row["kind"], row["recipient"]) for row in await again.emails()]
    assert told == [(EmailKind.AGREEMENT_CHANGED, Recipient.MENTOR)]


async def test_an_envelope_nobody_understands_is_flagged_and_harms_nothing(one_pair: Begin) -> None:
    pair = await one_pair("broken-envelope")
    await pair.progress_at()
    await pair.handle.signal("response_received", Envelope(body={"side": "neither"}))
    assert (await pair.progress_at()).concerns == (StaffReason.NOT_UNDERSTOOD,)
    assert await pair.run_until(IN_THE_FIRST_WINDOW)


async def test_what_is_understood_of_a_signal_is_taken_in_beside_what_is_not(one_pair: Begin) -> None:
    pair = await one_pair("several-answers")
    await pair.run_until(IN_THE_FIRST_WINDOW)
    first, second = (said(side).model_dump(mode="json") for side in Side)
    await pair.handle.signal("response_received", Envelope(body={"answers": [first, {"side": "neither"}, second]}))
    where = await pair.progress_at()
    assert not {"mentor:check_in-1", "mentee:check_in-1"} & set(where.waiting_for)
    assert StaffReason.NOT_UNDERSTOOD in where.concerns


async def test_an_unknown_signal_is_flagged(one_pair: Begin) -> None:
    pair = await one_pair("unknown-signal")
    await pair.progress_at()
    await pair.handle.signal("meeting_held", "what a later version sends")
    assert (await pair.progress_at()).concerns == (StaffReason.NOT_UNDERSTOOD,)


async def test_an_upgraded_mentorship_goes_on_in_a_fresh_run_with_all_it_knew(one_pair: Begin) -> None:
    pair = await one_pair("upgraded")
    before = await pair.run_until(IN_THE_FIRST_WINDOW)
    await pair.handle.signal("response_received", answer())
    first_run = (await pair.handle.describe()).run_id
    await pair.handle.signal("upgrade_requested")
    after = await pair.progress_at()
    assert (await pair.handle.describe()).run_id != first_run
    assert after.next_due_at == before.next_due_at
    assert "mentor:check_in-1" not in after.waiting_for
    assert "mentee:check_in-1" in after.waiting_for


async def test_a_wish_to_be_called_that_comes_after_the_window_still_reaches_staff_once(one_pair: Begin) -> None:
    pair = await one_pair("late-call")
    await pair.run_until(IN_THE_SECOND_WINDOW)
    await pair.handle.signal("response_received", answer(Side.MENTEE, call=True))
    await pair.handle.signal("response_received", answer(Side.MENTEE, call=True, revision=2))
    await pair.progress_at()
    told = [row for row in await pair.emails() if "call_requested" in row["key"]]
    assert [(row["recipient"], row["automatic"], row["state"]) for row in told] == [(Recipient.STAFF, False, "sent")]


async def test_a_response_stored_while_temporal_was_away_is_told_by_the_sweeper(
    one_pair: Begin, keep_history: KeepHistory
) -> None:
    pair = await one_pair("engine-away")
    await pair.run_until(IN_THE_FIRST_WINDOW)
    nowhere = pair.environment.settings.model_copy(update={"temporal_address": f"127.0.0.1:{Ports.free().temporal}"})
    service = ResponseService(pair.environment.pool, await connect(nowhere, lazy=True), pair.environment.clock)
    response = NewResponse(
        link=Link(mentorship_id=pair.mentorship, milestone="check_in-1", side=Side.MENTOR),
        form=MilestoneKind.CHECK_IN,
        answers={"status": "met"},
        received_at=IN_THE_FIRST_WINDOW,
    )
    await service.save(Actor.participant("M01"), "mile-2019", response)
    assert "mentor:check_in-1" in (await pair.progress_at()).waiting_for
    # The sweeper leaves to the page what came in a moment ago.
    aged = "update response set stored_at = stored_at - $1::interval where mentorship_id = $2"
    await pair.environment.pool.execute(aged, LEFT_TO_THE_PAGE, pair.mentorship)
    waiting = await responses.unsignaled(pair.environment.pool)
    assert [saved.mentorship_id for saved in waiting] == [pair.mentorship]
    queue = pair.environment.settings.task_queue
    # The schedule's own sweep may come first once in a while, and leaves nothing to this one.
    await pair.environment.client.execute_workflow(SWEEPER_WORKFLOW, id="sweep-now", task_queue=queue)
    assert await responses.unsignaled(pair.environment.pool) == []
    await keep_history(pair.environment.client, "sweep-now", "sweeper")
    assert "mentor:check_in-1" not in (await pair.progress_at()).waiting_for


async def test_publishing_before_matching_is_refused_in_a_sentence(one_pair: Begin) -> None:
    pair = await one_pair("unmatched")
    environment = pair.environment
    state = CohortState(cohort_id="unmatched")
    handle = await environment.client.start_workflow(
        COHORT_WORKFLOW, state, id=cohort_workflow_id("unmatched"), task_queue=environment.settings.task_queue
    )
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update("publish", 1)
    assert "There is no match run 1; match first." in str(refused.value.cause)
    await handle.terminate()


async def test_a21_a_changed_venue_and_contact_reach_every_later_email(one_pair: Begin) -> None:
    pair = await one_pair("moved")
    await pair.run_until(IN_THE_FIRST_WINDOW)
    settings = pair.folder.settings
    institute = settings.institute.model_copy(update={"venue": "The Other Lodge"})
    contact = settings.contact.model_copy(update={"role": "New Chair", "email": "new-chair@example.org"})
    changed = settings.model_copy(update={"institute": institute, "contact": contact})
    await cohorts.save_settings(pair.environment.pool, changed, IN_THE_FIRST_WINDOW)
    await pair.run_until(IN_THE_SECOND_WINDOW)
    for message in pair.environment.inbox.messages:
        if "moved." not in str(message["List-Id"]) or "staff" in str(message["Subject"]):
            continue
        body = message.get_body(preferencelist=("plain",))
        assert body is not None
        text, later = " ".join(body.get_content().split()), message["Date"].datetime > IN_THE_FIRST_WINDOW
        # Only what happens at the venue names it, and whatever names one names the new one.
        assert not (later and settings.institute.venue in text)
        assert ("new-chair@example.org" in text) is later
        assert ("new-chair@example.org" in str(message["Reply-To"])) is later


async def test_the_worker_reads_calendars_and_reaches_nothing_inside(
    one_pair: Begin, keep_history: KeepHistory
) -> None:
    pair = await one_pair("calendars")
    environment = pair.environment
    seal = Seal(environment.settings.link_keys, PURPOSE)
    async with await asyncio.start_server(lambda *_: pytest.fail("it was asked"), "127.0.0.1", 0) as inside:
        address = f"https://127.0.0.1:{inside.sockets[0].getsockname()[1]}/a.ics"
        await calendar_subscriptions.save(environment.pool, "calendars", "M01", seal.seal(address), datetime.now(UTC))
        queue = environment.settings.task_queue
        assert await environment.client.execute_workflow(CALENDARS_WORKFLOW, id="read-now", task_queue=queue) == 0
    kept = await calendar_subscriptions.subscription(environment.pool, "calendars", "M01")
    assert kept is not None
    assert kept.problem == "This address is not on the public internet, so we do not read it."
    await keep_history(environment.client, "read-now", "calendars")
