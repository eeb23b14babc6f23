"""Letters that pages asked for, on real servers: each arrives once, and no full mailbox holds up another."""

import asyncio
import os
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from temporalio.testing import TimeSkipper, TimeSkippingConfig

from emails.links import token_hash
from emails.message import message_id
from rehearsal.environment import Environment
from rehearsal.inbox import plain_text
from runtime.local_stack.mail_sink import FULL_MAILBOXES, NO_SUCH_MAILBOXES
from runtime.temporal import connect
from schemas.applications.applicant import Inquiry
from schemas.cohort.folder import CohortFolder
from schemas.emails.messages import MAX_ATTEMPTS, RETRY_EVERY
from schemas.ids import SWEEPER_WORKFLOW, applicant_emails_workflow_id
from services.signals import ApplicantEmailsTrigger
from storage import outbox, personal_links
from storage.inquiries import save_inquiry
from tests.workflows.conftest import KeepHistory
from tests.workflows.expected_emails import (
    NOW,
    addresses,
    all_sent,
    arrived,
    ask_for_links,
    begin_drafts,
    keep_cohort,
    states,
    to,
    until,
)

if TYPE_CHECKING:
    from runtime.local_stack.stack import LocalStack

MANY = int(os.environ.get("MILE_TEST_MANY", "200"))
NOWHERE = "127.0.0.1:1"


async def test_link_asked_for_arrives_at_once_and_opens_its_owners_page(
    stage: "tuple[Environment, LocalStack]", mile_2019: CohortFolder
) -> None:
    ours, _ = stage
    cohort = (await keep_cohort(ours.pool, mile_2019, "letters-link", people=False)).id
    ours.clock.set(cohort, NOW)
    people = await begin_drafts(ours.pool, cohort, addresses(cohort, 1))
    (key,) = await ask_for_links(ours.pool, cohort, people)
    await ApplicantEmailsTrigger(ours.client).send_soon(cohort)
    await until(lambda: all_sent(ours.pool, cohort))
    (message,) = arrived(ours.inbox, cohort)
    assert str(message["Message-ID"]) == message_id(key, ours.settings.sender.rpartition("@")[2])
    (url,) = {line for line in plain_text(message).splitlines() if line.startswith(f"{ours.settings.public_url}/a/")}
    assert await personal_links.owner(ours.pool, token_hash(url.rpartition("/")[2])) == (cohort, "A0001")
    assert (await ours.http.get(url)).status_code == 200


async def test_letter_asked_for_while_temporal_was_away_leaves_with_the_next_sweep(
    stage: "tuple[Environment, LocalStack]", mile_2019: CohortFolder, keep_history: KeepHistory
) -> None:
    ours, _ = stage
    cohort = (await keep_cohort(ours.pool, mile_2019, "letters-swept", people=False)).id
    people = await begin_drafts(ours.pool, cohort, addresses(cohort, 1))
    await ask_for_links(ours.pool, cohort, people)
    away = await connect(ours.settings.model_copy(update={"temporal_address": NOWHERE}), lazy=True)
    await ApplicantEmailsTrigger(away).send_soon(cohort)
    assert await states(ours.pool, cohort) == {"waiting": 1}
    await ours.client.execute_workflow(
        SWEEPER_WORKFLOW, id="letters-sweep", task_queue=ours.settings.task_queue, result_type=int
    )
    await until(lambda: all_sent(ours.pool, cohort))
    assert to(ours.inbox, cohort) == Counter(addresses(cohort, 1))
    await keep_history(ours.client, "letters-sweep", "sweeper")


async def test_question_before_applying_reaches_staff_who_can_simply_reply(
    stage: "tuple[Environment, LocalStack]", mile_2019: CohortFolder
) -> None:
    ours, _ = stage
    settings = await keep_cohort(ours.pool, mile_2019, "letters-ask", people=False)
    asked = Inquiry(cohort_id=settings.id, email="asker@example.org", text="May I mentor <half time>?")
    await save_inquiry(ours.pool, asked, NOW)
    await ApplicantEmailsTrigger(ours.client).send_soon(settings.id)
    await until(lambda: all_sent(ours.pool, settings.id))
    (message,) = arrived(ours.inbox, settings.id)
    assert message["To"].addresses[0].addr_spec == settings.contact.email
    assert message["Reply-To"].addresses[0].addr_spec == "asker@example.org"
    assert "> May I mentor <half time>?" in plain_text(message)


async def test_a_thousand_letters_asked_for_at_once_all_leave_once(
    stage: "tuple[Environment, LocalStack]", mile_2019: CohortFolder
) -> None:
    ours, _ = stage
    cohort = (await keep_cohort(ours.pool, mile_2019, "letters-many", people=False)).id
    people = await begin_drafts(ours.pool, cohort, addresses(cohort, MANY))
    keys = await ask_for_links(ours.pool, cohort, people)
    await asyncio.gather(*(ApplicantEmailsTrigger(ours.client).send_soon(cohort) for _ in range(10)))
    await until(lambda: all_sent(ours.pool, cohort))
    assert await states(ours.pool, cohort) == {"sent": MANY}
    assert to(ours.inbox, cohort) == Counter(addresses(cohort, MANY))
    assert len(set(keys)) == MANY


async def test_full_mailbox_holds_up_nobody_and_gets_its_letter_once_it_is_emptied(
    stage: "tuple[Environment, LocalStack]", mile_2019: CohortFolder, keep_history: KeepHistory
) -> None:
    ours, _ = stage
    cohort = (await keep_cohort(ours.pool, mile_2019, "letters-full", people=False)).id
    people = await begin_drafts(ours.pool, cohort, [f"full{FULL_MAILBOXES}", *addresses(cohort, 1)])
    await ask_for_links(ours.pool, cohort, people)
    await ApplicantEmailsTrigger(ours.client).send_soon(cohort)

    async def other_one_left() -> bool:
        return await states(ours.pool, cohort) == {"waiting": 1, "sent": 1}

    await until(other_one_left)
    await ApplicantEmailsTrigger(ours.client).send_soon(cohort)
    await ours.pool.execute(
        "update draft set email = 'emptied@example.org' where cohort_id = $1 and person_id = 'A0001'", cohort
    )
    assert await states(ours.pool, cohort) == {"waiting": 1, "sent": 1}
    await _pass(ours, cohort, RETRY_EVERY)
    await until(lambda: all_sent(ours.pool, cohort))
    assert to(ours.inbox, cohort)["emptied@example.org"] == 1
    assert await ours.pool.fetchval("select attempts from outbox where cohort_id = $1 and attempts > 1", cohort) == 2
    workflow_id = applicant_emails_workflow_id(cohort)
    await keep_history(ours.client, workflow_id, workflow_id)


async def test_mailbox_full_for_days_and_address_that_refuses_are_told_to_staff_once(
    stage: "tuple[Environment, LocalStack]", mile_2019: CohortFolder
) -> None:
    ours, _ = stage
    settings = await keep_cohort(ours.pool, mile_2019, "letters-lost", people=False)
    cohort = settings.id
    people = await begin_drafts(ours.pool, cohort, [f"full{FULL_MAILBOXES}", f"gone{NO_SUCH_MAILBOXES}"])
    full, _ = await ask_for_links(ours.pool, cohort, people)
    await ours.pool.execute("update outbox set attempts = $1 where key = $2", MAX_ATTEMPTS - 2, full)
    await ApplicantEmailsTrigger(ours.client).send_soon(cohort)

    async def first_note_left() -> bool:
        return to(ours.inbox, cohort)[settings.contact.email] == 1

    await until(first_note_left)
    assert await outbox.email_state(ours.pool, full) == "waiting"
    await _pass(ours, cohort, RETRY_EVERY)

    async def second_note_left() -> bool:
        return to(ours.inbox, cohort)[settings.contact.email] == 2

    await until(second_note_left)
    assert await states(ours.pool, cohort) == {"undeliverable": 2, "sent": 2}
    assert await outbox.next_retry_at(ours.pool, cohort, NOW) is None


async def _pass(stage: "Environment", cohort: str, span: timedelta) -> None:
    handle = stage.client.get_workflow_handle(applicant_emails_workflow_id(cohort))
    skipper = TimeSkipper(stage.client, config=TimeSkippingConfig(max_session_skip_count=100))
    await skipper.fast_forward(handle, span)
