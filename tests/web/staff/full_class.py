"""A class that has something for every page of staff: people, matches, a question, a mentorship, emails, files."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

import asyncpg
import httpx
from starlette.applications import Starlette

from schemas.applications.applicant import Rsvp
from schemas.cohort.messages import CohortOverview
from schemas.cohort.opportunities import NewOpportunity
from schemas.cohort.resources import NewResource
from schemas.cohort.settings import ApplicationWindow, HalfDay, HalfDaySession
from schemas.cohort.state import CohortState
from schemas.enums import CohortStage, EmailKind, OpportunityKind, Phase, RsvpStatus, Side, StaffAccess, StaffReason
from schemas.ids import cohort_workflow_id, mentorship_workflow_id
from schemas.matching.messages import MatchRequest
from schemas.mentorship.state import Progress
from schemas.mentorship.what_if import WhatIf
from services.matching import compute_matches
from storage import (
    application_review,
    cohorts,
    email_wordings,
    kickoff,
    mentorships,
    opportunities,
    outbox,
    proposals,
    resources,
)
from tests.emails.stored import PLAN
from tests.services.conftest import FakeTemporal
from tests.web.staff.conftest import CHAIR, COORDINATOR, READER, TODAY, give
from tests.web.staff.matching.conftest import CLASS, MENTEES, MENTORS, SETTINGS
from tests.web.staff.test_authorization import PARTS, staff_routes
from web.staff.emails.addresses import email_part

BASE = f"/staff/classes/{CLASS}"
MENTORSHIP = f"{CLASS}-001"
NOW = datetime.now(UTC)
# As a form with another heading has it: the columns are to be chosen, and the rows hold a bad cell each.
UPLOADED = "\n".join(
    (
        "id,Full name,email,library,library_type,town,role,years",
        "M21,Ada Lund,ada@example.org,Roseau Library,public,Roseau,Director,a lot",
        "M22,Bo Berg,bo at example.org,Ely Library,public,Ely,Clerk,7",
    )
).encode()
# Routes that send a file.
NO_PAGE = {
    "staff_audit_file",
    "staff_import_bad_rows",
    "staff_kickoff_cards",
    "staff_kickoff_tags",
    "staff_report_file",
    "staff_settings_download",
}
# What makes no sense in this class says so, on a page that looks like all refusals.
REFUSED = {
    "staff_archive",
    "staff_delete",
    "staff_emails_release",
    "staff_email_release",
    "staff_proposal_reply_to_mentor",
    "staff_start",
}
QUERIES = {"staff_match_compare": "before=1&after=2", "staff_match_pair": "mentor=M1&mentee=P1"}
_ROLE = {"email": "new@example.org", "role": "Reader", "access": "reader", "starts_on": "2030-01-02"}
# What is sent from each kind of form, and the status of what it leads to.
SENT: Mapping[str, tuple[int, str, Mapping[str, str | list[str]]]] = {
    "what a decision leads to": (200, f"{BASE}/applications/waiting-list", {"people": ["P1", "M3"]}),
    "what a pause leads to": (200, f"/staff/mentorships/{MENTORSHIP}/pause", {"until_on": "2030-02-01"}),
    "what a role leads to": (200, f"{BASE}/roles/give", _ROLE),
    "a role with mistakes": (422, f"{BASE}/roles/give", {"email": "nobody", "starts_on": "soon"}),
    "an ending with mistakes": (422, f"/staff/mentorships/{MENTORSHIP}/end", {}),
    "a rhythm that is refused": (409, f"/staff/mentorships/{MENTORSHIP}/cadence", {}),
    "settings with mistakes": (422, f"{BASE}/settings/applications", {"applications.opens_on": "2030-01-01"}),
    "a message with mistakes": (422, f"{BASE}/emails/messages/new", {}),
    "an upload of nothing": (422, f"{BASE}/settings/upload", {}),
    "an address with mistakes": (422, "/staff/sign-in", {"email": "nobody"}),
}


def full_temporal() -> FakeTemporal:
    """Return a Temporal in which the workflows of the class and of its mentorship answer."""
    progress = Progress(
        now=NOW,
        phase=Phase.ENABLING,
        quarter=1,
        next_due_at=NOW + timedelta(days=3),
        waiting_for=("mentor:check_in-1",),
        concerns=(StaffReason.CALL_REQUESTED,),
    )
    ends_on = TODAY + timedelta(days=400)
    return FakeTemporal(
        running={cohort_workflow_id(CLASS), mentorship_workflow_id(MENTORSHIP)},
        answers={
            "state": CohortState(cohort_id=CLASS, published_run=1, published_at=(NOW,)),
            "progress": progress,
            f"{cohort_workflow_id(CLASS)} progress": CohortOverview(now=NOW, stage=CohortStage.PUBLISHED),
            "timeline": [],
            "what_if": WhatIf(ends_on_before=ends_on, ends_on=ends_on + timedelta(days=30)),
        },
    )


async def store_full_class(pool: asyncpg.Pool) -> None:
    """Store the class: two pairs are asked, the first of them has begun all the same."""
    kickoff_day = SETTINGS.kickoff_day
    half_days = tuple(
        HalfDay(id=name, label=f"The {name}", day=kickoff_day, begins=time(hour), ends=time(hour + 3))
        for name, hour in (("morning", 8), ("afternoon", 13))
    )
    window = ApplicationWindow(opens_on=TODAY - timedelta(days=9), closes_on=TODAY + timedelta(days=20))
    settings = SETTINGS.model_copy(update={"session": HalfDaySession(half_days=half_days), "applications": window})
    await cohorts.save_cohort(pool, settings, MENTORS, MENTEES, NOW)
    for email, access in (
        (CHAIR, StaffAccess.CHAIR),
        (COORDINATOR, StaffAccess.COORDINATOR),
        (READER, StaffAccess.READER),
    ):
        await give(pool, CLASS, email, access)
    await _match(pool)
    await kickoff.save_rsvp(pool, CLASS, "P1", Rsvp(status=RsvpStatus.YES, half_day="morning", meals="no nuts"), NOW)
    chance = NewOpportunity(
        area="chance", kind=OpportunityKind.OTHER, title="A course", url="https://example.org/c", closes_on=kickoff_day
    )
    await opportunities.add_opportunity(pool, CLASS, chance, NOW)
    guide = NewResource(area="networking", title="A guide", url="https://example.org/guide", about="How to begin.")
    await resources.add_resource(pool, CLASS, guide, NOW)
    await application_review.enqueue_email(pool, CLASS, "P1", Side.MENTEE, kind=EmailKind.INTAKE, now=NOW)
    await pool.execute("update application set uninvited_at = now() where person_id = 'M2'")


async def _match(pool: asyncpg.Pool) -> None:
    result = await compute_matches(pool, CLASS, MatchRequest(pins=(("M1", "P1"), ("M2", "P2"))))
    run = await cohorts.save_match_run(pool, CLASS, result, NOW)
    await cohorts.publish_match_run(pool, CLASS, run, NOW)
    await proposals.propose(pool, CLASS, NOW)
    await pool.execute(
        "update proposal set mentee_answer = 'asked', mentee_question = 'May I ask?', mentee_answered_at = now() "
        "where mentee_id = 'P2'"
    )
    await pool.execute(
        "update proposal set mentor_answer = 'committed', mentor_answered_at = now(), mentee_answer = 'committed', "
        "mentee_answered_at = now() where mentee_id = 'P1'"
    )
    await cohorts.save_match_run(pool, CLASS, await compute_matches(pool, CLASS, MatchRequest()), NOW)
    days = {"starts_on": TODAY - timedelta(days=40), "ends_on": TODAY + timedelta(days=400)}
    pair, *_ = await mentorships.save_pairs(pool, CLASS, result, **days, now=NOW)
    await mentorships.save_plan(pool, pair, PLAN, NOW)
    # So that somebody could take over from the mentor of the mentorship.
    await pool.execute("update application set answers = answers || '{\"capacity\": 2}' where person_id = 'M2'")


async def pages_of_full_class(app: Starlette, client: httpx.AsyncClient, pool: asyncpg.Pool) -> dict[str, str]:
    """Store the class, and return every page as its chair gets it, by the name of its route, and what forms lead to."""
    await store_full_class(pool)
    await _type(client, pool)
    parts = await _parts(pool)
    pages, statuses = {}, {}
    for route in staff_routes(app):
        name = str(route.name)
        if route.methods and "GET" in route.methods and name not in NO_PAGE:
            path = route.path.format(**parts, token="a" * 26)
            answer = await client.get(f"{path}?{QUERIES.get(name, '')}")
            pages[name], statuses[name] = answer.text, answer.status_code
    for name, (_, path, typed) in SENT.items():
        answer = await client.post(path, data=dict(typed))
        pages[name], statuses[name] = answer.text, answer.status_code
    other = dict.fromkeys(REFUSED, 409) | {"staff_sign_in_link": 404} | {name: one[0] for name, one in SENT.items()}
    # A new page must have something to show here, or a reason why not.
    unexpected = {name: status for name, status in statuses.items() if status != other.get(name, 200)}
    assert unexpected == {}, f"a page without anything to show: {unexpected}"
    return pages


async def _type(client: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    """Upload a file, write a message, and change an email's words twice, as staff do; the first words are used."""
    message = {"sides": "both", "who": "accepted", "subject": "A webinar", "body": "It **begins** at noon."}
    wording = {"subject": "you two agree", "opening": "Well done!", "more": "We’ll email you both."}
    edit = f"{BASE}/emails/wording/agreed/edit"
    for answer in (
        await client.post(f"{BASE}/import", files={"mentor": ("mentors.csv", UPLOADED)}),
        await client.post(f"{BASE}/emails/messages/new", data=message),
        await client.post(edit, data=wording),
        await client.post(edit, data=wording | {"opening": "Very well done!"}),
    ):
        assert answer.status_code == 303, answer.text
    await email_wordings.set_used(pool, CLASS, await pool.fetchval("select min(id) from email_wording"), NOW)


async def _parts(pool: asyncpg.Pool) -> dict[str, str]:
    """Return what the parts of an address stand for in this class."""
    (email,) = await outbox.emails_of_cohort(pool, CLASS)
    return PARTS | {
        "cohort": CLASS,
        "mentorship": MENTORSHIP,
        "person": "P2",
        "run": "1",
        "mentor": "M2",
        "mentee": "P2",
        "number": str(await pool.fetchval("select id from opportunity")),
        "resource": str(await pool.fetchval("select id from resource")),
        "email": email_part(email["key"]),
        "kind": "agreed",
        "version": str(await pool.fetchval("select max(id) from email_wording")),
        "message": str(await pool.fetchval("select id from staff_message")),
    }
