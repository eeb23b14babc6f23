"""Steps of staff that no workflow carries out, each taken twice on a class of its own at several moments."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import asyncpg

from domain.applications.csv.parsing import parse_file
from domain.applications.csv.writing import write_people
from domain.applications.import_comparison import EXTRA_COLUMNS
from runtime.settings import Settings
from schemas.applications.imports import ImportResult, StoredApplication
from schemas.applications.people import MenteeApplication
from schemas.cohort.opportunities import NewOpportunity
from schemas.cohort.resources import NewResource
from schemas.cohort.roles import NewRoleHolder
from schemas.emails.staff_messages import Audience, MessageWords
from schemas.enums import Side
from schemas.preview import StepResult
from services import (
    cohort_endings,
    links,
    opportunities,
    question_replies,
    queued_emails,
    resources,
    roles,
    staff_messages,
)
from services.applications import past_mentors, stopped_emails
from services.applications.imports import Sheets, import_applications, preview_import
from services.applications.review import Decision, preview_review, review
from services.kickoff import attendance
from services.links import LinkSelection
from services.proposals import ProposalSide
from services.queued_emails import EmailStep
from storage import cohorts, outbox, personal_links, proposals, typed_addresses
from storage.database import transaction
from tests.services.conftest import ACTOR
from tests.services.stored_class import StoredClass, StoredStep, UseCase, class_at, matches, own_person
from tests.workflows.previewed import KICKOFF, MOMENTS, Taken

MOMENTS_TAKEN = ("early", "in time", "late", "past")
STOPPED, CHAIR = "stopped@example.org", "new.chair@example.org"
LINK = NewResource(area="networking", title="A guide", url="https://example.org/guide", about="How to begin.")
OPENING = NewOpportunity(area="involvement", title="Chair", closes_on=date(2027, 12, 1))


def _review(decision: Decision, who: str) -> tuple[UseCase, UseCase]:
    return (
        lambda one: preview_review(one.context, one.id, who, decision),
        lambda one: review(one.context, ACTOR, one.id, who, decision, note="on the phone"),
    )


def _uninvite(*, undo: bool) -> tuple[UseCase, UseCase]:
    return (
        lambda one: past_mentors.preview_uninvite(one.context, one.id, "M01", undo=undo),
        lambda one: past_mentors.uninvite(one.context, ACTOR, one.id, "M01", note="asked", undo=undo),
    )


async def _ineligible(one: StoredClass) -> None:
    ineligible = "update application set status = 'ineligible' where cohort_id = $1 and person_id = 'M03'"
    await one.pool.execute(ineligible, one.id)


async def _uninvited(one: StoredClass) -> None:
    await past_mentors.uninvite(one.context, ACTOR, one.id, "M01", note="asked", undo=False)


async def _stopped(one: StoredClass) -> None:
    async with transaction(one.pool) as db:
        await typed_addresses.stop(db, one.id, "P09", STOPPED, one.now)


def _sheets(one: StoredClass) -> Sheets:
    """Return a file with a new participant, one who moved to another town, and one with another address."""
    given: tuple[tuple[int, dict[str, Any]], ...]
    given = ((1, {"email": f"new.{one.id}@example.org"}), (2, {"town": "Cook"}), (9, {}))
    people = [MenteeApplication.model_validate(own_person(one.id, "P", number) | new) for number, new in given]
    file = write_people(Side.MENTEE, [StoredApplication(side=Side.MENTEE, person=one) for one in people])
    return {Side.MENTEE: parse_file(MenteeApplication, "participants.csv", file, beside=EXTRA_COLUMNS)}


async def _preview_import(one: StoredClass) -> ImportResult:
    return (await preview_import(one.context, one.id, _sheets(one)))[0]


async def _import(one: StoredClass) -> None:
    await import_applications(one.context, ACTOR, one.id, _sheets(one))


async def _with_link(one: StoredClass) -> None:
    await personal_links.ensure(one.pool, one.id, "P01", sha256(one.id.encode()).digest())


async def _opening(one: StoredClass) -> None:
    added = await opportunities.add(one.context, ACTOR, one.id, OPENING)
    one.number = added.number or 0


async def _link(one: StoredClass) -> None:
    added = await resources.add_resource(one.context, ACTOR, one.id, LINK)
    one.number = added.number or 0


async def _role(one: StoredClass) -> None:
    await roles.set_role(one.context, ACTOR, one.id, NewRoleHolder(role="Chair", email=CHAIR, starts_on=KICKOFF))
    one.number = (await roles.list_roles(one.context, one.id)).holders[0].id


def _email(step: EmailStep) -> tuple[UseCase, UseCase]:
    return (
        lambda one: queued_emails.preview_step(one.context, one.waiting.key, step),
        lambda one: queued_emails.take_step(one.context, ACTOR, one.waiting.key, step, note="asked"),
    )


async def _held(one: StoredClass) -> None:
    await outbox.enqueue(one.pool, one.waiting)
    await queued_emails.take_step(one.context, ACTOR, one.waiting.key, EmailStep.HOLD, note="asked")


async def _waiting(one: StoredClass) -> None:
    await outbox.enqueue(one.pool, one.waiting)


async def _given_up(one: StoredClass) -> None:
    await _waiting(one)
    await one.pool.execute("update outbox set state = 'dead', attempts = 9 where key = $1", one.waiting.key)


async def _sent(one: StoredClass) -> None:
    await _waiting(one)
    await one.pool.execute("update outbox set state = 'sent', attempts = 1 where key = $1", one.waiting.key)


async def _proposed(one: StoredClass) -> None:
    asks = "update cohort set settings = settings || '{\"proposals\": {}}' where id = $1"
    await one.pool.execute(asks, one.id)
    run = await cohorts.save_match_run(one.pool, one.id, matches("M01", "M02"), one.now)
    await cohorts.publish_match_run(one.pool, one.id, run, one.now)
    await proposals.propose(one.pool, one.id, one.now)


async def _asked(one: StoredClass) -> None:
    await _proposed(one)
    asked = "update proposal set mentee_answer = 'asked', mentee_question = 'May I?' where cohort_id = $1"
    await one.pool.execute(asked, one.id)


async def _preview_answer(one: StoredClass) -> StepResult:
    return StepResult(done=False, preview=await question_replies.preview_reply(one.context, one.id, QUESTION))


async def _draft(one: StoredClass) -> None:
    words = MessageWords(subject="A webinar", body="It begins at noon.", audience=Audience(side=Side.MENTOR))
    one.number = await staff_messages.save_message(one.context, ACTOR, one.id, words)


QUESTION = ProposalSide(mentor="M01", mentee="P01", side=Side.MENTEE)
_ATTENDANCE = {"P01": True, "P02": False}
_LINKS = {"person_id": "P01"}
STEPS = {
    "waive": StoredStep(*_review(Decision.WAIVE, "M03"), _ineligible),
    "wait": StoredStep(*_review(Decision.WAIT, "M03"), _ineligible),
    "uninvite": StoredStep(*_uninvite(undo=False)),
    "invite again": StoredStep(*_uninvite(undo=True), _uninvited),
    "allow": StoredStep(
        lambda one: stopped_emails.preview_allow(one.context, one.id, STOPPED),
        lambda one: stopped_emails.allow(one.context, ACTOR, one.id, STOPPED, note="asked"),
        _stopped,
    ),
    "import": StoredStep(_preview_import, _import, _with_link),
    "attendance": StoredStep(
        lambda one: attendance.preview_note_attendance(one.context, one.id, _ATTENDANCE),
        lambda one: attendance.note_attendance(one.context, ACTOR, one.id, _ATTENDANCE),
    ),
    "opportunity add": StoredStep(
        lambda one: opportunities.preview_add(one.context, one.id, OPENING),
        lambda one: opportunities.add(one.context, ACTOR, one.id, OPENING),
    ),
    "opportunity remove": StoredStep(
        lambda one: opportunities.preview_remove(one.context, one.id, one.number),
        lambda one: opportunities.remove(one.context, ACTOR, one.id, one.number),
        _opening,
    ),
    "resource add": StoredStep(
        lambda one: resources.preview_add_resource(one.context, one.id, LINK),
        lambda one: resources.add_resource(one.context, ACTOR, one.id, LINK),
    ),
    "resource remove": StoredStep(
        lambda one: resources.preview_remove_resource(one.context, one.id, one.number),
        lambda one: resources.remove_resource(one.context, ACTOR, one.id, one.number),
        _link,
    ),
    "role end": StoredStep(
        lambda one: roles.preview_end_role(one.context, one.id, one.number, None),
        lambda one: roles.end_role(one.context, ACTOR, one.id, one.number, None),
        _role,
    ),
    "hand over": StoredStep(
        lambda one: roles.preview_hand_over(one.context, one.id, CHAIR, one.now.date() + timedelta(days=1)),
        lambda one: roles.hand_over(one.context, ACTOR, one.id, CHAIR, one.now.date() + timedelta(days=1)),
    ),
    "answer": StoredStep(
        _preview_answer,
        lambda one: question_replies.reply(one.context, ACTOR, one.id, QUESTION, text="Yes, you may."),
        _asked,
    ),
    "message": StoredStep(
        lambda one: staff_messages.preview_message(one.context, one.id, one.number),
        lambda one: staff_messages.send_message(one.context, ACTOR, one.id, one.number),
        _draft,
    ),
    "links revoke": StoredStep(
        lambda one: links.preview_revocation(one.context, LinkSelection(cohort_id=one.id, **_LINKS)),
        lambda one: links.revoke_links(one.context, ACTOR, LinkSelection(cohort_id=one.id, **_LINKS), note="lost"),
        _with_link,
    ),
    "email hold": StoredStep(*_email(EmailStep.HOLD), _waiting),
    "email drop": StoredStep(*_email(EmailStep.DROP), _waiting),
    "email release": StoredStep(*_email(EmailStep.RELEASE), _held),
    "email retry": StoredStep(*_email(EmailStep.RETRY), _given_up),
    "archive": StoredStep(
        lambda one: cohort_endings.preview_archive(one.context, one.id),
        lambda one: cohort_endings.archive(one.context, ACTOR, one.id),
        _waiting,
        tells=("terminated",),
    ),
    "delete": StoredStep(
        lambda one: cohort_endings.preview_delete(one.context, one.id),
        lambda one: cohort_endings.delete(one.context, ACTOR, one.id),
        _waiting,
        tells=("terminated",),
    ),
    "delete after an email": StoredStep(
        lambda one: cohort_endings.preview_delete(one.context, one.id),
        lambda one: cohort_endings.delete(one.context, ACTOR, one.id),
        _sent,
    ),
}


async def take_all(pool: asyncpg.Pool, settings: Settings) -> dict[tuple[str, str], tuple[Taken, Taken]]:
    """Take every step at every moment for the first time and again; nobody acts between the two."""
    taken = {}
    for name, step in STEPS.items():
        for moment in MOMENTS_TAKEN:
            one = await class_at(pool, settings, f"{name}-{moment}".replace(" ", "-"), MOMENTS[moment])
            if step.before:
                await step.before(one)
            taken[name, moment] = await one.take(step), await one.take(step)
    return taken
