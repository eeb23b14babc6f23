"""The agreement of a pair: every version is stored, and one is final once both confirmed it (A26, A30)."""

import json
from datetime import datetime

import asyncpg

from domain.forms import TICKED
from domain.languages import gettext
from domain.mentorship.agreement import agreed_of, agreement_problems, apply_answers, initial_contents
from schemas.applications.people import MenteeApplication
from schemas.audit_event import AuditEvent
from schemas.cohort.settings import CohortSettings
from schemas.enums import Side
from schemas.errors import Refusal, UnknownMentorship
from schemas.forms.agreement import SHARED, AgreementChangedMeanwhile
from schemas.forms.questions import CALL_REQUEST, Question
from schemas.mentorship.responses import AgreementDraft, AgreementVersion, Link, NewResponse, SavedResponse
from schemas.mentorship.state import Agreed, Answer
from storage.database import Db, queries, stored_as, transaction
from storage.responses import save_response


async def newest(db: Db, mentorship: str) -> AgreementVersion:
    """Return the newest version of an agreement: the proposal (version 0) while nobody has written one.

    Raises UnknownMentorship.
    """
    row = await queries.agreement_version(db, mentorship_id=mentorship, version=None)
    return _version(row) if row else await _proposed(db, mentorship)


async def version(db: Db, mentorship: str, number: int) -> AgreementVersion:
    """Return one version of an agreement, the proposal where there is none of this number."""
    # The number comes from a form, and PostgreSQL's integer ends below 2**31.
    row = await queries.agreement_version(db, mentorship_id=mentorship, version=number) if 0 < number < 2**31 else None
    return _version(row) if row else await _proposed(db, mentorship)


async def versions(db: Db, mentorship: str) -> tuple[AgreementVersion, ...]:
    """Return every version of an agreement that somebody wrote, the newest last."""
    return tuple([_version(row) async for row in queries.agreement_versions(db, mentorship_id=mentorship)])


async def in_force(db: Db, mentorship: str) -> AgreementVersion | None:
    """Return the newest version both sides agreed to, or None while there is none."""
    row = await queries.agreement_in_force(db, mentorship_id=mentorship)
    return _version(row) if row else None


async def save_agreement(db: Db, response: NewResponse, event: AuditEvent | None = None) -> SavedResponse:
    """Store one side's changes to the version it saw, and its confirmation; the same response again counts once.

    The answer names the version, whether its sender confirms it, and what both agreed to where this response completes
    the agreement. A change makes a new version, which both have to confirm. ``event`` is kept with the response. Raises
    AgreementChangedMeanwhile where the partner wrote another version since, and Refusal where something is missing
    before it can be confirmed.
    """
    async with transaction(db) as connection:
        # One lock for both sides, so that of two simultaneous responses the second sees the version of the first.
        await queries.lock_response(connection, id=f"{response.link.mentorship_id}/{response.link.milestone}")
        before = await _written(connection, response)
        after = await _confirmed(connection, response, before) if response.confirmed else before
        completed = agreed_of(after.contents) if after.in_force and not before.in_force else None
        await queries.delete_agreement_draft(
            connection, mentorship_id=response.link.mentorship_id, side=response.link.side
        )
        return await _respond(connection, response, after, completed, event)


async def draft(db: Db, link: Link) -> AgreementDraft | None:
    """Return what one side saved on the way to its next version, or None where there is nothing."""
    row = await queries.agreement_draft(db, mentorship_id=link.mentorship_id, side=link.side)
    if row is None:
        return None
    seen = await version(db, link.mentorship_id, row["version"])
    return AgreementDraft(seen=seen, answers=json.loads(row["answers"]))


async def save_draft(db: Db, link: Link, number: int, answers: dict[str, str], now: datetime) -> None:
    """Store what one side has so far on the way from the version of this number; the partner never sees it."""
    values = {"mentorship_id": link.mentorship_id, "side": link.side, "version": number}
    await queries.save_agreement_draft(db, **values, answers=json.dumps(answers), now=now)


async def take_over(db: Db, from_mentorship: str, to_mentorship: str, now: datetime) -> None:
    """Copy the newest version of an agreement to a successor, as an unconfirmed draft; safe to run twice (A25).

    What the former mentor wrote in their own words, or may have written, is left out.
    """
    former = await newest(db, from_mentorship)
    if former.version:
        left_out = {
            question.name for question in SHARED if Side.MENTEE not in question.asked or _in_words_of_both(question)
        }
        contents = {name: words for name, words in former.contents.items() if name not in left_out}
        await _write(db, to_mentorship, contents, number=1, by=None, now=now)


async def _written(db: Db, response: NewResponse) -> AgreementVersion:
    """Return the version a response is about, a new one where it changes something."""
    mentorship, side = response.link.mentorship_id, response.link.side
    current = await newest(db, mentorship)
    base = await version(db, mentorship, response.version or 0)
    contents = apply_answers(base.contents, side, response.answers)
    if contents == current.contents and (current.version or _only_wants_a_call(response)):
        return current
    if base.version != current.version:
        raise AgreementChangedMeanwhile(seen=base, newest=current)
    await _write(db, mentorship, contents, number=current.version + 1, by=side, now=response.received_at)
    return await newest(db, mentorship)


def _only_wants_a_call(response: NewResponse) -> bool:
    # The partner gets an email about every new version, so a private request for a call must not make one (A34).
    return CALL_REQUEST.name in response.answers and not response.confirmed


async def _confirmed(db: Db, response: NewResponse, current: AgreementVersion) -> AgreementVersion:
    link = response.link
    row = await queries.agreement_defaults(db, mentorship_id=link.mentorship_id)
    locale = stored_as(CohortSettings, row["settings"]).locale
    if problems := agreement_problems(current.contents, row["starts_on"], row["ends_on"], locale):
        raise Refusal(" ".join([gettext("You can’t sign off on this yet."), *problems.values()]))
    await queries.confirm_agreement(
        db, mentorship_id=link.mentorship_id, version=current.version, side=link.side, now=response.received_at
    )
    return await newest(db, link.mentorship_id)


async def _respond(
    db: Db, response: NewResponse, about: AgreementVersion, completed: Agreed | None, event: AuditEvent | None
) -> SavedResponse:
    link: Link = response.link
    confirmed = link.side in about.confirmed_by
    called = response.answers.get(CALL_REQUEST.name) == TICKED
    answers = {
        "version": str(about.version),
        **({"confirmed": TICKED} if confirmed else {}),
        **({CALL_REQUEST.name: TICKED} if called else {}),
    }
    answer = Answer(
        milestone=link.milestone,
        side=link.side,
        received_at=response.received_at,
        call_requested=called,
        version=about.version,
        confirmed=confirmed,
        agreed=completed,
    )
    return await save_response(db, response.model_copy(update={"answers": answers}), answer, event)


async def _write(
    db: Db, mentorship: str, contents: dict[str, str], *, number: int, by: Side | None, now: datetime
) -> None:
    await queries.save_agreement_version(
        db, mentorship_id=mentorship, version=number, contents=json.dumps(contents), written_by=by, now=now
    )


async def _proposed(db: Db, mentorship: str) -> AgreementVersion:
    row = await queries.agreement_defaults(db, mentorship_id=mentorship)
    if row is None:
        raise UnknownMentorship(mentorship)
    intake = stored_as(MenteeApplication, row["intake"])
    timeline = stored_as(CohortSettings, row["settings"]).timeline
    return AgreementVersion(contents=initial_contents(intake.goals, timeline))


def _version(row: asyncpg.Record) -> AgreementVersion:
    confirmed_at = {side: row[f"{side}_confirmed_at"] for side in Side if row[f"{side}_confirmed_at"]}
    return AgreementVersion(
        version=row["version"],
        contents=json.loads(row["contents"]),
        written_by=row["written_by"],
        written_at=row["written_at"],
        confirmed_by=tuple(confirmed_at),
        confirmed_at=confirmed_at,
    )


def _in_words_of_both(question: Question) -> bool:
    return question.kind == "text" and set(question.asked) == set(Side)
