"""Every route of the staff pages, for everybody who may come: a route without a row here fails."""

from collections.abc import Awaitable, Callable, Iterator

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from tests.web.staff.conftest import CHAIR, COORDINATOR, OTHER_CHAIR, READER, SignIn

VISITORS = ("nobody", READER, COORDINATOR, CHAIR, OTHER_CHAIR, "expired session", "unknown cookie")
Answer = tuple[int, str | None]
TO_SIGN_IN: Answer = (303, "/staff/sign-in")
SHOWN: Answer = (200, None)
DEAD: Answer = (404, None)
SIGNED_OUT: Answer = (403, None)
PUBLIC = dict.fromkeys(VISITORS, SHOWN)
SIGNED_IN = {visitor: SHOWN if "@" in visitor else TO_SIGN_IN for visitor in VISITORS}
# What each visitor gets: status, and where they are led.
EXPECTED: dict[str, dict[str, Answer]] = {
    "staff_sign_in": PUBLIC,
    "staff_sign_in_asked": dict.fromkeys(VISITORS, (303, "/staff/sign-in/sent")),
    "staff_sign_in_sent": PUBLIC,
    "staff_sign_in_link": dict.fromkeys(VISITORS, DEAD),
    "staff_signed_in": dict.fromkeys(VISITORS, DEAD),
    "staff_sign_out": {visitor: TO_SIGN_IN if "@" in visitor else SIGNED_OUT for visitor in VISITORS},
    "staff_home": SIGNED_IN,
    "staff_passkey_sign_in": dict.fromkeys(VISITORS, SIGNED_OUT),
    "staff_passkeys": SIGNED_IN,
    # Without a name and without a passkey nothing is added.
    "staff_passkey_added": {visitor: (422, None) if "@" in visitor else SIGNED_OUT for visitor in VISITORS},
    "staff_passkey_removed": {
        visitor: (303, "/staff/passkeys") if "@" in visitor else SIGNED_OUT for visitor in VISITORS
    },
    "staff_sessions": SIGNED_IN,
    "staff_session_ended": {
        visitor: (303, "/staff/sessions") if "@" in visitor else SIGNED_OUT for visitor in VISITORS
    },
}
# Who may open a page about a class, by the least access that it takes. A chair of another class never may.
READERS, COORDINATORS, CHAIRS = {READER, COORDINATOR, CHAIR}, {COORDINATOR, CHAIR}, {CHAIR}
ABOUT_A_CLASS = {
    "staff_class": READERS,
    "staff_heat_map": READERS,
    "staff_calendar": COORDINATORS,
    "staff_pooled_report": COORDINATORS,
    "staff_board": COORDINATORS,
    "staff_reports": READERS,
    "staff_report_file": READERS,
    "staff_roles": COORDINATORS,
    "staff_hand_over": CHAIRS,
    "staff_role_give": CHAIRS,
    "staff_role_end": CHAIRS,
    "staff_emails": COORDINATORS,
    "staff_email": COORDINATORS,
    "staff_email_retry": COORDINATORS,
    "staff_email_drop": COORDINATORS,
    "staff_email_hold": COORDINATORS,
    "staff_email_release": COORDINATORS,
    "staff_messages": COORDINATORS,
    "staff_message_new": COORDINATORS,
    "staff_message": COORDINATORS,
    "staff_message_edit": COORDINATORS,
    "staff_message_send": COORDINATORS,
    "staff_message_test": COORDINATORS,
    "staff_message_delete": COORDINATORS,
    "staff_wordings": COORDINATORS,
    "staff_wording": COORDINATORS,
    "staff_wording_edit": COORDINATORS,
    "staff_wording_version": COORDINATORS,
    "staff_wording_use": COORDINATORS,
    "staff_wording_test": COORDINATORS,
    "staff_wording_standard": COORDINATORS,
    "staff_emails_hold": COORDINATORS,
    "staff_emails_release": COORDINATORS,
    "staff_audit": COORDINATORS,
    "staff_audit_file": COORDINATORS,
    "staff_drift_audit": CHAIRS,
    "staff_mentorship": COORDINATORS,
    "staff_cost": COORDINATORS,
    "staff_pause": COORDINATORS,
    "staff_resume": COORDINATORS,
    "staff_extend": COORDINATORS,
    "staff_cadence": COORDINATORS,
    "staff_end": CHAIRS,
    "staff_replace": COORDINATORS,
    "staff_resolve": COORDINATORS,
    "staff_attend": COORDINATORS,
    "staff_resend": COORDINATORS,
    "staff_contact": COORDINATORS,
    "staff_reminders": COORDINATORS,
    "staff_upgrade": COORDINATORS,
    "staff_applications": COORDINATORS,
    "staff_application": COORDINATORS,
    "staff_keep_apart": COORDINATORS,
    "staff_accepted": COORDINATORS,
    "staff_waived": COORDINATORS,
    "staff_waitlisted": COORDINATORS,
    "staff_withdrawn": COORDINATORS,
    "staff_window_open": COORDINATORS,
    "staff_window_extend": COORDINATORS,
    "staff_window_close": COORDINATORS,
    "staff_prospects": COORDINATORS,
    "staff_uninvite": COORDINATORS,
    "staff_invite_again": COORDINATORS,
    "staff_allow": COORDINATORS,
    "staff_export": COORDINATORS,
    "staff_intake": COORDINATORS,
    "staff_intake_call": COORDINATORS,
    "staff_matching": COORDINATORS,
    "staff_match_compare": COORDINATORS,
    "staff_match_run": COORDINATORS,
    "staff_match_pair": COORDINATORS,
    "staff_match_draft": COORDINATORS,
    "staff_match_publish": COORDINATORS,
    "staff_kickoff": COORDINATORS,
    "staff_kickoff_needs": COORDINATORS,
    "staff_kickoff_guests": COORDINATORS,
    "staff_kickoff_cards": COORDINATORS,
    "staff_kickoff_tags": COORDINATORS,
    "staff_attendance": COORDINATORS,
    "staff_start": COORDINATORS,
    "staff_proposals": COORDINATORS,
    "staff_proposal_confirm": COORDINATORS,
    "staff_proposal_decline": COORDINATORS,
    "staff_proposal_reply_to_mentor": COORDINATORS,
    "staff_proposal_reply_to_mentee": COORDINATORS,
    "staff_import": COORDINATORS,
    "staff_import_give_up": COORDINATORS,
    "staff_import_mapping": COORDINATORS,
    "staff_import_rows": COORDINATORS,
    "staff_import_bad_rows": COORDINATORS,
    "staff_import_save": COORDINATORS,
    "staff_settings": CHAIRS,
    "staff_settings_download": CHAIRS,
    "staff_settings_upload": CHAIRS,
    "staff_settings_texts": CHAIRS,
    "staff_settings_handbooks": CHAIRS,
    "staff_settings_dates": CHAIRS,
    "staff_settings_contact": CHAIRS,
    "staff_settings_applications": CHAIRS,
    "staff_settings_matching": CHAIRS,
    "staff_settings_proposals": CHAIRS,
    "staff_settings_kickoff": CHAIRS,
    "staff_settings_rhythm": CHAIRS,
    "staff_settings_steps": CHAIRS,
    "staff_settings_file": CHAIRS,
    "staff_settings_next_class": CHAIRS,
    "staff_archive": CHAIRS,
    "staff_delete": CHAIRS,
    "staff_resources": COORDINATORS,
    "staff_resource_add": COORDINATORS,
    "staff_resource_remove": COORDINATORS,
    "staff_opportunities": COORDINATORS,
    "staff_opportunity_add": COORDINATORS,
    "staff_opportunity_remove": COORDINATORS,
}

# A link that was used already, or never was one, signs nobody in.
LINK = f"/staff/sign-in/{'b' * 26}"
ADDRESSES = {
    "staff_sign_in": ("GET", "/staff/sign-in"),
    "staff_sign_in_asked": ("POST", "/staff/sign-in"),
    "staff_sign_in_sent": ("GET", "/staff/sign-in/sent"),
    "staff_sign_in_link": ("GET", LINK),
    "staff_signed_in": ("POST", LINK),
    "staff_sign_out": ("POST", "/staff/sign-out"),
    "staff_home": ("GET", "/staff"),
    "staff_passkey_sign_in": ("POST", "/staff/sign-in/passkey"),
    "staff_passkeys": ("GET", "/staff/passkeys"),
    "staff_passkey_added": ("POST", "/staff/passkeys"),
    "staff_passkey_removed": ("POST", "/staff/passkeys/remove"),
    "staff_sessions": ("GET", "/staff/sessions"),
    "staff_session_ended": ("POST", "/staff/sessions"),
}
# What the audit log records of people who only look.
LOOKS = ["application_viewed", "name_tags_written", "needs_viewed", "pair_cards_written", "rsvp_exported"]
# What the parts of an address stand for in the class of these tests.
PARTS = {
    "cohort": "mile-2019",
    "mentorship": "mile-2019-001",
    "person": "M01",
    "run": "1",
    "mentor": "M01",
    "mentee": "P01",
    "number": "1",
    "resource": "1",
    "side": "mentor",
    "file": "interim.csv",
    "email": "bWlsZS0yMDE5",
    "message": "1",
    "kind": "check_in",
    "version": "1",
}


def staff_routes(app: Starlette) -> Iterator[Route]:
    for route in app.routes:
        if isinstance(route, Route) and route.path.startswith("/staff"):
            yield route


def about_a_class(app: Starlette) -> list[Route]:
    return [route for route in staff_routes(app) if route.name not in EXPECTED]


def test_every_route_has_its_row(app: Starlette) -> None:
    # A step has one row for its two routes: to look, and to send.
    named = {str(route.name).removesuffix("_sent") for route in about_a_class(app)}
    assert named == ABOUT_A_CLASS.keys()
    assert {str(route.name) for route in staff_routes(app)} >= EXPECTED.keys()


@pytest.fixture
def come(client: httpx.AsyncClient, pool: asyncpg.Pool, sign_in: SignIn) -> Callable[[str], Awaitable[None]]:
    """Return what gives the client the cookie of a visitor."""

    async def come_as(visitor: str) -> None:
        if "@" in visitor:
            await sign_in(client, visitor)
        elif visitor == "expired session":
            await sign_in(client, CHAIR)
            await pool.execute("update staff_session set seen_at = now() - interval '13 hours'")
        elif visitor == "unknown cookie":
            client.cookies.set("__Host-mile-staff", "a" * 43, domain="mile.example.org")

    return come_as


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("route", EXPECTED)
async def test_route_answers_each_visitor_as_it_must(
    client: httpx.AsyncClient, pool: asyncpg.Pool, come: Callable[[str], Awaitable[None]], route: str, visitor: str
) -> None:
    await come(visitor)
    method, path = ADDRESSES[route]
    before = await counts(pool)
    answer = await client.request(method, path, data={"email": "x@example.org"} if method == "POST" else None)
    location = answer.headers.get("location")
    assert (answer.status_code, location) == EXPECTED[route][visitor]
    if method == "GET":
        assert await counts(pool) == before


@pytest.mark.parametrize("visitor", VISITORS)
async def test_pages_of_a_class_let_in_whom_they_must(
    app: Starlette, client: httpx.AsyncClient, pool: asyncpg.Pool, come: Callable[[str], Awaitable[None]], visitor: str
) -> None:
    await come(visitor)
    before = await counts(pool)
    for route in about_a_class(app):
        name = str(route.name).removesuffix("_sent")
        method = "POST" if route.methods == {"POST"} else "GET"
        answer = await client.request(method, route.path.format(**PARTS), data={} if method == "POST" else None)
        got = "let in"
        if answer.headers.get("location") == "/staff/sign-in" or "You are signed out" in answer.text:
            got = "sent to sign in"
        elif answer.status_code == 404 and "We can’t find this page" in answer.text:
            got = "not found"
        elif answer.status_code == 403 and "Your role does not allow this" in answer.text:
            got = "refused"
        assert got == expected(name, visitor), f"{method} {route.path}: {answer.status_code}"
    # Nobody gave a yes, so whatever was sent changed nothing; to look is to look.
    assert await counts(pool) == before


async def test_address_that_nothing_can_have_is_not_found(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, CHAIR)
    for path in ("/staff/mentorships/a%00", "/staff/classes/mile-2019/applications/a%00"):
        assert (await client.get(path)).status_code == 404


def expected(name: str, visitor: str) -> str:
    if "@" not in visitor:
        return "sent to sign in"
    if visitor == OTHER_CHAIR:
        return "not found"
    return "let in" if visitor in ABOUT_A_CLASS[name] else "refused"


async def counts(pool: asyncpg.Pool) -> dict[str, int]:
    """Return how many rows each table has, but for the audit of looks: a GET adds and deletes none."""
    tables = await pool.fetch("select tablename from pg_tables where schemaname = 'public'")
    rows = {
        row["tablename"]: await pool.fetchval(f"select count(*) from {row['tablename']}")  # noqa: S608 - our tables
        for row in tables
    }
    looks = await pool.fetchval("select count(*) from audit_event where action = any($1)", LOOKS)
    return rows | {"audit_event": rows["audit_event"] - looks}
