"""Applying, step by step: begun with an address, saved page by page, submitted, withdrawn."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import asyncpg

from domain.applications.applying import read_application, readable_answer, status_on_submission
from domain.applications.window import can_begin, can_change, can_withdraw, is_in_time
from domain.languages import gettext
from schemas.applications.applicant import Applicant, SubmissionResult
from schemas.enums import ApplicationStatus, EmailKind, Language, Side
from schemas.errors import Refusal
from schemas.forms.application_questions import LANGUAGE
from schemas.ids import applicant_scope
from schemas.translatable import gettext_noop
from storage import applicants, typed_addresses
from storage.applicants import Stored
from storage.application_review import enqueue_email
from storage.cohorts import cohort_settings
from storage.database import Connection, Db, kept_if, queries, transaction

LINK_AGAIN_AFTER = timedelta(minutes=2)
# No class has so many applicants in an hour. Whoever types addresses by the thousand delays those, and no other email.
MOST_LINKS_AT_ONCE = 100
DELAY_OF_MORE_LINKS = timedelta(minutes=10)
# In the place of an id, for an address that gets nothing.
_NOBODY = "-"

CLOSED_FOR_CHANGES = gettext_noop("You can’t change this here any more. If something is wrong, please email us.")
ADDRESS_TAKEN = gettext_noop(
    "Someone in this class already uses your email address. Please email us, so that we can help."
)

Clock = Callable[[], datetime]


async def begin(db: Db, cohort_id: str, email: str, now: datetime, language: Language | None = None) -> None:
    """Have the link to somebody's own page sent to an address; somebody new begins an application as a mentor.

    Nobody new begins while the window is closed. Nothing is sent to a mailbox that got its links of a day, or whose
    owner wants none. The page does not reveal whether an address is known: the email is the only answer, and for each
    address the same statements run. Raises UnknownCohort.
    """
    limit = typed_addresses.EmailLimit(cohort_id)
    async with transaction(db) as connection:
        settings = await cohort_settings(connection, cohort_id)
        await queries.lock_new_applicants(connection, cohort_id=cohort_id)
        # Counted under the lock, so that simultaneous requests see each other's links.
        may_email = await typed_addresses.may_email(connection, limit, email, now)
        owner = await queries.person_of_address(connection, cohort_id=cohort_id, email=email)
        begins = may_email and owner is None and can_begin(settings, now)
        answers = json.dumps({LANGUAGE.name: language} if language else {})
        begun = await queries.begin_draft(
            connection, cohort_id=cohort_id, email=email, answers=answers, now=now, begins=begins
        )
        person_id, side = (owner["person_id"], Side(owner["side"])) if owner else (begun, Side.MENTOR)
        may_email = may_email and person_id is not None
        sent = await _send_link(connection, cohort_id, person_id or _NOBODY, side, now, if_allowed=may_email)
        await typed_addresses.count_email(connection, limit, email, now, sent=sent)


async def save_page(db: Db, cohort_id: str, person_id: str, page: Mapping[str, str], now: datetime) -> bool:
    """Store what was typed on one page, by question name, valid or not; the other pages stay as they are.

    Return whether that changed anything. Raises Refusal where nothing can be changed any more.
    """
    async with transaction(db) as connection:
        await _lock(connection, cohort_id, person_id)
        # An import that commits first is read below, and not overwritten with what the page showed.
        await queries.lock_settings(connection, cohort_id=cohort_id)
        applicant = await applicants.applicant(connection, cohort_id, person_id)
        if not can_change(applicant, now):
            raise Refusal(gettext(CLOSED_FOR_CHANGES))
        answers = {name: typed for name, typed in ({**applicant.answers, **page}).items() if typed}
        if answers != applicant.answers:
            await _save_draft(connection, applicant, answers, now)
        return answers != applicant.answers


async def submit(db: Db, cohort_id: str, person_id: str, clock: Clock) -> SubmissionResult:
    """Submit what somebody typed, if it is complete and in time, and request an email that confirms it.

    The clock is read once the cohort's settings are locked, so an application and a close that arrive together have an
    order (decision 13). The same again changes nothing. Raises Refusal where nothing can be changed any more, or
    somebody else has the address.
    """
    async with transaction(db) as connection:
        await _lock(connection, cohort_id, person_id)
        await queries.lock_settings(connection, cohort_id=cohort_id)
        now = clock()
        applicant, stored = await applicants.applicant_and_application(connection, cohort_id, person_id)
        if not can_change(applicant, now):
            raise Refusal(gettext(CLOSED_FOR_CHANGES))
        return await _submitted(connection, applicant, stored, now)


async def withdraw(db: Db, cohort_id: str, person_id: str, now: datetime) -> bool:
    """Withdraw somebody's application at their own wish, and request an email that confirms it; safe to run twice.

    Return whether that changed anything. Raises Refusal where others count on them already.
    """
    async with transaction(db) as connection:
        await _lock(connection, cohort_id, person_id)
        applicant = await applicants.applicant(connection, cohort_id, person_id)
        if applicant.status is ApplicationStatus.WITHDRAWN:
            return False
        if not can_withdraw(applicant, now):
            raise Refusal(
                gettext("You can’t withdraw here any more, because your match counts on you. Please email us.")
            )
        await queries.withdraw_application(connection, cohort_id=cohort_id, person_id=person_id)
        await enqueue_email(connection, cohort_id, person_id, applicant.side, kind=EmailKind.STATUS_CHANGED, now=now)
        return True


async def _submitted(db: Db, applicant: Applicant, stored: Stored | None, now: datetime) -> SubmissionResult:
    read = read_application(
        applicant.side, applicant.answers, person_id=applicant.person_id, email=applicant.email, stored=stored
    )
    if read.application is None:
        return SubmissionResult(problems=read.problems)
    punctual = is_in_time(applicant.cohort, applicant.began_at, now)
    status = status_on_submission(
        read.application, applicant.cohort, in_time=punctual, status=applicant.status, stored=stored
    )
    if status and (status is not applicant.status or read.application != stored or applicant.submitted_at is None):
        await _keep(db, applicant, read.application, status, now)
    return SubmissionResult(status=status)


async def _keep(db: Db, applicant: Applicant, application: Stored, status: ApplicationStatus, now: datetime) -> None:
    person = {"cohort_id": applicant.cohort.id, "person_id": applicant.person_id}
    try:
        await queries.submit_application(
            db,
            side=applicant.side,
            email=application.email,
            answers=application.model_dump_json(),
            status=status,
            now=now,
            **person,
        )
    # An import, or another applicant, may have taken the address since this page was opened.
    except asyncpg.UniqueViolationError:
        raise Refusal(gettext(ADDRESS_TAKEN)) from None
    await _save_draft(db, applicant, applicant.answers, now, submitted_at=now)
    if applicant.submitted_at is None or applicant.status is ApplicationStatus.WITHDRAWN:
        await enqueue_email(
            db, applicant.cohort.id, applicant.person_id, applicant.side, kind=EmailKind.APPLICATION_RECEIVED, now=now
        )


async def _save_draft(
    db: Db, applicant: Applicant, answers: Mapping[str, str], now: datetime, *, submitted_at: datetime | None = None
) -> None:
    await queries.save_draft(
        db,
        cohort_id=applicant.cohort.id,
        person_id=applicant.person_id,
        side=applicant.side,
        email=applicant.email,
        answers=json.dumps(answers),
        now=now,
        submitted_at=submitted_at,
    )
    # It is how we write to them, and no answer that is submitted: what an application has follows at once.
    language = readable_answer(applicant.side, answers, LANGUAGE.name)
    await queries.set_language(
        db, cohort_id=applicant.cohort.id, person_id=applicant.person_id, language=language or None
    )


async def _send_link(
    db: Connection, cohort_id: str, person_id: str, side: Side, now: datetime, *, if_allowed: bool
) -> bool:
    """Send somebody their link, if they may have it and it is not on its way; return whether it was sent."""
    scope = applicant_scope(cohort_id, person_id)
    sends = not await queries.link_is_pending(db, scope_id=scope, since=now - LINK_AGAIN_AFTER) and if_allowed
    asked = await queries.count_links(db, cohort_id=cohort_id, since=now - timedelta(hours=1))
    delay = asked // MOST_LINKS_AT_ONCE * DELAY_OF_MORE_LINKS
    async with kept_if(sends, db):
        await enqueue_email(db, cohort_id, person_id, side, kind=EmailKind.APPLICATION_LINK, now=now, delay=delay)
    return sends


async def _lock(db: Db, cohort_id: str, person_id: str) -> None:
    await queries.lock_applicant(db, scope_id=applicant_scope(cohort_id, person_id))
