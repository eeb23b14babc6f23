"""Finding a date: one side proposes times, the other chooses, and both get an invitation that follows each change."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta

import asyncpg
import httpx
import icalendar
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette

from domain.mentorship.response_effects import apply_answer
from domain.mentorship.terms import initial_terms
from emails.links import LinkKey
from emails.outgoing import OutgoingEmail
from emails.samples import SAMPLE_COHORT
from emails.writer import EmailWriter
from runtime.settings import Settings
from schemas.availability.busy_times import BusyTime
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient, Side
from schemas.mentorship.responses import StoredReminderLink
from schemas.mentorship.state import Ask, MentorshipState
from services.meetings import remind_of_proposals
from storage import calendar_subscriptions, outbox, reminders, responses
from storage.outbox import queued_email
from tests.clocks import HandSetClock
from tests.emails.relay import settings_for
from tests.emails.stored import PAIR, PLAN
from tests.services.conftest import FakeTemporal
from tests.web.applicants.people import text_of
from tests.web.browser import assert_without_barriers, follow, open_browser_page, press, served
from tests.web.participants.own_page.people import COHORT, context_of, read_all

MENTOR, MENTEE = Side.MENTOR, Side.MENTEE
# A Tuesday and a Thursday in September: 3 PM and 10 AM in Chicago.
FIRST, SECOND = "20190924T2000Z", "20190926T1500Z"
PROPOSED = {"times": [FIRST, SECOND], "minutes": "45", "place": "https://video.example.org/ours", "question": "How?"}
CHICAGO_FIRST = "Tuesday, September 24, 2019, 3:00 PM CDT"


async def send(client: httpx.AsyncClient, path: str, **typed: object) -> str:
    """Press a button and return what the page says then."""
    taken = await client.post(path, data=typed, follow_redirects=True)
    assert taken.status_code == 200, text_of(taken)
    return text_of(taken)


def at(mine: dict[Side, str], side: Side, step: str) -> str:
    return f"{mine[side]}/{PAIR}/meetings/{step}"


async def own(client: httpx.AsyncClient, mine: dict[Side, str], side: Side) -> str:
    return text_of(await client.get(mine[side], follow_redirects=True))


async def agree(client: httpx.AsyncClient, mine: dict[Side, str], chosen: str = SECOND, **proposed: object) -> None:
    """Let the mentee propose, and the mentor choose."""
    await send(client, at(mine, MENTEE, "find"), **PROPOSED | proposed)
    await send(client, at(mine, MENTOR, "choose"), times=chosen)


async def emails(pool: asyncpg.Pool, kind: EmailKind, to: Side | None = None) -> list[OutgoingEmail]:
    """Write the emails of a kind that are in the outbox, in the order in which they came."""
    settings: Settings = settings_for("postgresql://nobody@127.0.0.1/none", 25)
    writer = EmailWriter(pool, settings)
    rows = await pool.fetch(
        "select * from outbox where kind = $1 and recipient = coalesce($2, recipient) "
        "order by due_at, enqueued_at, key",
        kind,
        to,
    )
    written = [await writer.write(queued_email(row), LinkKey(b"k" * 32)) for row in rows]
    return [email for email in written if email]


async def events(pool: asyncpg.Pool, kind: EmailKind, to: Side) -> list[tuple[str, icalendar.Event]]:
    """Return (method, event) of each calendar file that one side was emailed."""
    found = []
    for email in await emails(pool, kind, to):
        [file] = email.calendar
        calendar = icalendar.Calendar.from_ical(file.content)
        assert file.media_type.endswith(f"method={calendar['method']}")
        [event] = calendar.events
        found.append((str(calendar["method"]), event))
    return found


async def test_times_are_proposed_chosen_and_become_the_meeting_of_both(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    said = await send(client, at(mine, MENTEE, "find"), **PROPOSED)
    assert "We emailed your times to your partner." in said
    assert "You suggested these times. Person has not chosen yet." in said
    assert "Person suggests times to meet: choose one" in await own(client, mine, MENTOR)
    [email] = await emails(pool, EmailKind.MEETING_PROPOSED)
    assert email.recipient.addr_spec == "m@example.org"
    assert "Tuesday, September 24, 3:00 PM CDT" in email.rendered.text
    assert f"{PAIR}/meetings/choose" in email.rendered.text
    shown = text_of(await client.get(at(mine, MENTOR, "choose")))
    assert CHICAGO_FIRST in shown
    # Both suit: the first of them is the meeting.
    said = await send(client, at(mine, MENTOR, "choose"), times=[SECOND, FIRST])
    assert "You two have a date." in said
    for side in Side:
        page = await own(client, mine, side)
        assert f"You meet on {CHICAGO_FIRST} for 45 minutes." in page
        assert "Where: https://video.example.org/ours" in page
        assert "suggests times" not in page
    assert temporal.messages == [(f"mentorship-{PAIR}", "response_received")]
    actions = await pool.fetch("select action, actor, details::text from audit_event order by id")
    assert [(row["action"], row["actor"]) for row in actions] == [
        ("meeting_proposed", "participant:P01"),
        ("meeting_agreed", "participant:M01"),
    ]
    assert "video" not in "".join(row["details"] for row in actions)


async def test_invitation_says_what_the_email_before_a_meeting_would(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await agree(client, mine, question="")
    [(to_mentor, to_mentee)] = [
        [(await emails(pool, EmailKind.MEETING_AGREED, side))[0].rendered.text for side in Side]
    ]
    assert "Person’s goals" in to_mentor
    assert "Please pick one question" not in to_mentor
    assert "Please pick one question to ask Person." in one_line(to_mentee)
    assert f"/{PAIR}/meetings/meeting-2/change" in to_mentee
    for text in (to_mentor, to_mentee):
        assert "A topic for this meeting: networking" in text
        assert "If neither of you has, we may ask one of you the day after." in one_line(text)
    await send(client, at(mine, MENTEE, "meeting-2/change"), minutes="45", question="How?", seen="1")
    changed = (await emails(pool, EmailKind.MEETING_AGREED, MENTEE))[-1].rendered.text
    assert "Your question: How?" in changed
    assert "A topic for this meeting" not in changed


def one_line(text: str) -> str:
    return " ".join(text.split())


async def test_times_at_which_someone_is_busy_are_marked_for_them_alone(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    # The meeting would be from 3:00 to 3:45 PM; the mentor is busy from 3:30 on.
    await calendar_subscriptions.save(pool, COHORT, "M01", b"sealed", clock.time)
    [calendar] = await calendar_subscriptions.to_read(pool, clock.time, 1)
    from_half_past = datetime(2019, 9, 24, 20, 30, tzinfo=UTC)
    busy = BusyTime(starts_at=from_half_past, ends_at=from_half_past + timedelta(hours=1))
    await calendar_subscriptions.save_times(pool, calendar, [busy], clock.time)
    await send(client, at(mine, MENTEE, "find"), **PROPOSED)
    shown = text_of(await client.get(at(mine, MENTOR, "choose")))
    assert f"{CHICAGO_FIRST} (you are busy then)" in shown
    assert shown.count("busy then") == 1
    for page in (at(mine, MENTEE, "find"), at(mine, MENTEE, "choose"), mine[MENTEE]):
        assert "busy then" not in text_of(await client.get(page, follow_redirects=True))


async def test_workflow_is_told_the_day_and_no_word(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock, temporal: FakeTemporal
) -> None:
    temporal.away = True
    await agree(client, mine, FIRST)
    temporal.away = False
    [pending] = await responses.unsignaled(pool)
    told = pending.answer.model_dump_json()
    assert "video" not in told
    assert "How?" not in told
    assert (pending.answer.milestone, pending.answer.side) == ("meeting_date-2", MENTOR)
    # By PostgreSQL's clock, which is not set by hand.
    assert datetime.now(UTC) - pending.answer.stored_at < timedelta(minutes=1)
    state = apply_answer(MentorshipState(terms=initial_terms(SAMPLE_COHORT, PAIR), plan=PLAN), pending.answer)
    assert [(one.number, one.on) for one in state.terms.agreed_meetings] == [(2, date(2019, 9, 24))]
    await responses.set_signaled(pool, pending, clock.time)
    assert await responses.unsignaled(pool) == []


async def test_each_change_is_the_same_event_with_the_next_sequence(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await agree(client, mine, FIRST)
    await send(client, at(mine, MENTOR, "meeting-2/change"), minutes="60", place="The café", seen="1")
    # Moved: the mentor proposes, the mentee chooses; until then the old date stands.
    await send(client, at(mine, MENTOR, "meeting-2/move"), **PROPOSED | {"times": SECOND, "minutes": "30"})
    assert CHICAGO_FIRST in await own(client, mine, MENTEE)
    await send(client, at(mine, MENTEE, "choose"), times=SECOND, question="")
    assert "Thursday, September 26, 2019, 10:00 AM CDT for 30 minutes" in await own(client, mine, MENTEE)
    said = await send(client, at(mine, MENTEE, "meeting-2/cancel"), seen="3")
    assert "The meeting is called off. We told your partner." in said
    assert "You meet on" not in said
    for side in Side:
        agreed = await events(pool, EmailKind.MEETING_AGREED, side)
        [off] = await events(pool, EmailKind.MEETING_CANCELLED, side)
        every = [*agreed, off]
        assert [(method, event["sequence"]) for method, event in every] == [
            ("REQUEST", 0),
            ("REQUEST", 1),
            ("REQUEST", 2),
            ("CANCEL", 3),
        ]
        assert len({event.uid for _, event in every}) == 1
        assert [event.start for _, event in every] == [
            datetime(2019, 9, 24, 20, tzinfo=UTC),
            datetime(2019, 9, 24, 20, tzinfo=UTC),
            datetime(2019, 9, 26, 15, tzinfo=UTC),
            datetime(2019, 9, 26, 15, tzinfo=UTC),
        ]
        assert [event.end - event.start for _, event in every[:3]] == [timedelta(minutes=n) for n in (45, 60, 30)]
        assert str(off[1]["status"]) == "CANCELLED"
        # Each file names the one it is for.
        [attendee] = off[1].attendees
        assert attendee == f"mailto:{'m' if side is MENTOR else 'p'}@example.org"
    # What is agreed on then is another event, for the same meeting.
    await agree(client, mine, FIRST)
    again = (await events(pool, EmailKind.MEETING_AGREED, MENTEE))[-1]
    assert (again[0], again[1]["sequence"]) == ("REQUEST", 4)
    assert again[1].uid != off[1].uid


@pytest.mark.parametrize(("ended_at", "methods"), [("2019-09-20", ["CANCEL"]), ("2019-09-25", [])])
async def test_farewell_takes_a_meeting_that_was_to_come_out_of_both_calendars(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, ended_at: str, methods: list[str]
) -> None:
    await agree(client, mine, FIRST)
    now = datetime.fromisoformat(f"{ended_at}T15:00:00+00:00")
    for side in Side:
        farewell = QueuedEmail(
            key=f"{PAIR}/farewell/ended_early/{side}/0",
            kind=EmailKind.FAREWELL,
            scope_id=PAIR,
            to=Recipient(side),
            at=now,
            now=now,
            asks=(Ask(milestone="farewell"),),
        )
        await outbox.enqueue(pool, farewell)
        [(_, invited)] = await events(pool, EmailKind.MEETING_AGREED, side)
        [email] = await emails(pool, EmailKind.FAREWELL, side)
        assert ("out of your calendar" in " ".join(email.rendered.text.split())) is bool(methods)
        off = [icalendar.Calendar.from_ical(file.content) for file in email.calendar]
        assert [str(calendar["method"]) for calendar in off] == methods
        for event in (event for calendar in off for event in calendar.events):
            assert (event.uid, event["sequence"], str(event["status"])) == (invited.uid, 1, "CANCELLED")
            assert event.attendees == [f"mailto:{'m' if side is MENTOR else 'p'}@example.org"]


async def test_invitation_has_goals_and_question_and_no_way_into_the_page(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await agree(client, mine)
    for side, words in ((MENTOR, "Person’s question: How?"), (MENTEE, "Your question: How?")):
        [(_, event)] = await events(pool, EmailKind.MEETING_AGREED, side)
        description = str(event["description"])
        assert "A secret goal" in description
        assert words in description
        assert "/m/" not in description
        assert str(event["class"]) == "PRIVATE"
    [email] = await emails(pool, EmailKind.MEETING_AGREED, MENTEE)
    assert "Where: https://video.example.org/ours" in email.rendered.text
    # Of both people only the mentee may word the question.
    await send(client, at(mine, MENTOR, "meeting-2/change"), minutes="60", place="", question="Mine", seen="1")
    assert "Your question: How?" in str((await events(pool, EmailKind.MEETING_AGREED, MENTEE))[-1][1]["description"])


async def test_each_reads_times_in_their_own_zone(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    details = {"name": "Person M", "time_zone": "America/Phoenix"}
    await client.post(f"{mine[MENTOR]}/{PAIR}/details", data=details)
    # After the end of daylight saving time in Chicago; Phoenix has none.
    times = {"times": ["20191008T2000Z", "20191112T2100Z"]}
    await send(client, at(mine, MENTEE, "find"), **PROPOSED | times)
    [email] = await emails(pool, EmailKind.MEETING_PROPOSED)
    assert "Tuesday, October 8, 1:00 PM MST (3:00 PM CDT for Person)" in email.rendered.text
    assert "Tuesday, November 12, 2:00 PM MST (3:00 PM CST for Person)" in email.rendered.text
    await send(client, at(mine, MENTOR, "choose"), times="20191112T2100Z")
    assert "3:00 PM CST (2:00 PM MST for Person)" in await own(client, mine, MENTEE)
    [(_, event)] = await events(pool, EmailKind.MEETING_AGREED, MENTEE)
    assert event.start == datetime(2019, 11, 12, 21, tzinfo=UTC)


async def test_own_day_and_time_is_read_in_the_zone_of_who_types_it(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    details = {"name": "Person P", "time_zone": "America/Phoenix"}
    await client.post(f"{mine[MENTEE]}/{PAIR}/details", data=details)
    typed = {"day_1": "2019-09-24", "time_1": "3:30 PM", "minutes": "30"}
    await send(client, at(mine, MENTEE, "find"), **typed)
    times = await pool.fetchval("select times from meeting_proposal")
    assert times == [datetime(2019, 9, 24, 22, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Please choose at least one time."),
        ({"day_1": "2019-09-24"}, "Please enter the time, too."),
        ({"time_1": "15:00"}, "Please enter the day, too."),
        ({"day_1": "2019-09-24", "time_1": "half past"}, "Please enter a time, such as 3:30 PM."),
        ({"day_1": "2020-03-08", "time_1": "2:30 AM"}, "Clocks go forward that night"),
        ({"day_1": "0026-05-10", "time_1": "15:50"}, "“0026-05-10” has the year 26. Please check it."),
        ({"day_1": "9999-12-31", "time_1": "23:00"}, "“9999-12-31” has the year 9999. Please check it."),
        *(({"times": [FIRST, f"{odd}T2300Z"]}, "Please check only boxes") for odd in ("00010101", "99991231")),
        ({"times": [f"201909{day}T2000Z" for day in range(20, 26)]}, "You chose 6 times. Please choose at most 5."),
        ({"times": FIRST, "minutes": "600"}, "Please choose one of these answers."),
    ],
)
async def test_what_cannot_be_a_proposal_is_said_where_it_was_typed(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, typed: dict[str, object], words: str
) -> None:
    refused = await client.post(at(mine, MENTEE, "find"), data={"minutes": "30"} | typed)
    assert refused.status_code == 422
    assert words in text_of(refused)
    assert await pool.fetchval("select count(*) from meeting_proposal") == 0


@pytest.mark.parametrize(
    ("times", "words"), [("20190701T2000Z", "is past"), ("20201201T2000Z", "after the end of your mentorship")]
)
async def test_times_outside_what_is_left_are_refused_in_words(
    client: httpx.AsyncClient, mine: dict[Side, str], times: str, words: str
) -> None:
    refused = await client.post(at(mine, MENTEE, "find"), data=PROPOSED | {"times": times})
    assert refused.status_code == 409
    assert words in text_of(refused)


async def test_nobody_chooses_their_own_times_twice_or_what_is_not_open(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    async def refused(side: Side, step: str, **typed: object) -> None:
        answer = await client.post(at(mine, side, step), data=typed)
        assert answer.status_code == 409, step

    await refused(MENTOR, "choose", times=FIRST)
    await send(client, at(mine, MENTEE, "find"), **PROPOSED)
    await refused(MENTEE, "choose", times=FIRST)
    await send(client, at(mine, MENTOR, "choose"), times=FIRST)
    await refused(MENTOR, "choose", times=FIRST)
    await refused(MENTOR, "meeting-1/cancel")
    await send(client, at(mine, MENTOR, "meeting-2/cancel"), seen="1")
    await refused(MENTOR, "meeting-2/cancel")
    await pool.execute("update mentorship set outcome = 'completed'")
    await refused(MENTEE, "find", **PROPOSED)
    assert len(await emails(pool, EmailKind.MEETING_CANCELLED)) == 2


async def test_what_was_typed_into_a_form_that_closed_meanwhile_can_be_copied(
    client: httpx.AsyncClient, mine: dict[Side, str]
) -> None:
    await agree(client, mine, FIRST)
    await send(client, at(mine, MENTOR, "meeting-2/move"), **PROPOSED | {"times": SECOND})
    await send(client, at(mine, MENTOR, "take-back"))
    typed = {"times": SECOND, "question": "How do I begin?"}
    late = await client.post(at(mine, MENTEE, "choose"), data=typed)
    assert (late.status_code, "How do I begin?" in text_of(late)) == (409, True)
    await send(client, at(mine, MENTOR, "meeting-2/cancel"), seen="1")
    late = await client.post(at(mine, MENTEE, "meeting-2/move"), data=PROPOSED | {"place": "Under the old oak"})
    assert (late.status_code, "Under the old oak" in text_of(late)) == (409, True)


async def test_page_that_is_stale_neither_calls_off_nor_overwrites_what_the_partner_changed(
    client: httpx.AsyncClient, mine: dict[Side, str]
) -> None:
    await agree(client, mine, FIRST)
    for step in ("meeting-2/cancel", "meeting-2/change"):
        assert '<input type="hidden" name="seen" value="1">' in (await client.get(at(mine, MENTEE, step))).text
    await send(client, at(mine, MENTOR, "meeting-2/move"), **PROPOSED | {"times": SECOND, "place": "The café"})
    await send(client, at(mine, MENTEE, "choose"), times=SECOND, question="")
    typed = {"minutes": "30", "place": "Under the old oak", "seen": "1"}
    for step in ("meeting-2/cancel", "meeting-2/change"):
        refused = await client.post(at(mine, MENTEE, step), data=typed)
        assert refused.status_code == 409
        assert "This meeting was changed while you had its page open." in text_of(refused)
    assert "Under the old oak" in text_of(refused)
    page = await own(client, mine, MENTEE)
    assert "Thursday, September 26, 2019, 10:00 AM CDT" in page
    assert "Where: The café" in page
    # The same button twice is no change by somebody else.
    for _ in range(2):
        await send(client, at(mine, MENTEE, "meeting-2/change"), **typed | {"seen": "2"})


async def test_other_times_replace_those_that_were_open_and_can_be_taken_back(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await send(client, at(mine, MENTEE, "find"), **PROPOSED)
    assert "Suggest others" in text_of(await client.get(at(mine, MENTOR, "choose")))
    await send(client, at(mine, MENTOR, "find"), **PROPOSED)
    assert "Person suggests times to meet" in await own(client, mine, MENTEE)
    # The mentee's times are not open any more, and an email about them says nothing.
    assert [email.recipient.addr_spec for email in await emails(pool, EmailKind.MEETING_PROPOSED)] == ["p@example.org"]
    assert "You took your times back." in await send(client, at(mine, MENTOR, "take-back"))
    assert "suggests times" not in await own(client, mine, MENTEE)


async def test_partner_is_not_flooded_with_proposals(client: httpx.AsyncClient, mine: dict[Side, str]) -> None:
    for _ in range(5):
        await send(client, at(mine, MENTEE, "find"), **PROPOSED)
    refused = await client.post(at(mine, MENTEE, "find"), data=PROPOSED)
    assert (refused.status_code, "proposed times 5 times today" in text_of(refused)) == (409, True)


async def test_who_does_not_choose_is_reminded_once_in_office_hours(
    client: httpx.AsyncClient,
    mine: dict[Side, str],
    pool: asyncpg.Pool,
    clock: HandSetClock,
    temporal: FakeTemporal,
) -> None:
    context = context_of(pool, temporal, clock)
    await send(client, at(mine, MENTEE, "find"), **PROPOSED)
    proposed_at = clock.time
    for moment, reminded in (
        (proposed_at + timedelta(days=2), 0),
        # A Friday at noon, then at night.
        (datetime(2019, 8, 3, 3, tzinfo=UTC), 0),
        (datetime(2019, 8, 5, 14, 1, tzinfo=UTC), 1),
        (datetime(2019, 8, 12, 14, 1, tzinfo=UTC), 0),
    ):
        clock.time = moment
        assert await remind_of_proposals(context) == reminded, moment
    rows = await pool.fetch("select key, automatic from outbox where kind = 'meeting_proposed' order by key")
    assert [(row["key"].rpartition("/")[2], row["automatic"]) for row in rows] == [("0", False), ("1", True)]
    _, reminder = await emails(pool, EmailKind.MEETING_PROPOSED)
    assert "reminder" in reminder.rendered.subject


@pytest.mark.parametrize("reason", ["paused", "emailed", "chosen"])
async def test_nobody_is_reminded_who_paused_was_just_emailed_or_has_chosen(  # noqa: PLR0917 - they are fixtures
    client: httpx.AsyncClient,
    mine: dict[Side, str],
    pool: asyncpg.Pool,
    clock: HandSetClock,
    temporal: FakeTemporal,
    reason: str,
) -> None:
    await send(client, at(mine, MENTEE, "find"), **PROPOSED)
    if reason == "paused":
        link = StoredReminderLink(token_hash=b"reminders", key_id="0", mentorship_id=PAIR, side=MENTOR)
        await reminders.ensure_link(pool, COHORT, "M01", link)
        await reminders.pause(pool, b"reminders", clock.time, None)
    if reason == "chosen":
        await send(client, at(mine, MENTOR, "choose"), times=FIRST)
    clock.time = datetime(2019, 8, 5, 14, 1, tzinfo=UTC)
    if reason == "emailed":
        await pool.execute(
            "update outbox set automatic = true, due_at = $1, key = 'x' where kind = 'meeting_proposed'",
            clock.time - timedelta(days=1),
        )
    assert await remind_of_proposals(context_of(pool, temporal, clock)) == 0


async def test_nothing_of_a_meeting_is_in_an_address_or_what_staff_see(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await agree(client, mine)
    for row in await pool.fetch("select subject, key, asks::text from outbox"):
        assert "video" not in json.dumps(dict(row), default=str)
    pages = await read_all(client, mine[MENTEE])
    assert any("/meetings/find" in path for path in pages)
    assert not any("video" in path for path in pages)


async def test_availability_suggests_times_and_tells_nothing_of_the_partner(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    async def usual(person: str, *times: str) -> None:
        await pool.execute(
            "update application set answers = answers || jsonb_build_object('availability', $2::jsonb) "
            "where person_id = $1",
            person,
            json.dumps(times),
        )

    async def suggested() -> list[str]:
        page = await client.get(at(mine, MENTEE, "find"))
        return re.findall(r"(\d+:\d\d [AP]M|noon) C[DS]T", page.text)

    await usual("P01", "mornings", "evenings")
    await usual("M01", "evenings", "lunch")
    assert set(await suggested()) == {"6:00 PM"}
    # Where nothing suits both, only what the reader said themselves.
    seen = []
    for partners in (("lunch",), ("weekends",), ()):
        await usual("M01", *partners)
        seen.append(await suggested())
    assert set(seen[0]) == {"10:00 AM", "6:00 PM"}
    assert seen[0] == seen[1] == seen[2]


async def test_looking_and_taking_back_nothing_changes_nothing(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    await agree(client, mine)
    before = await pool.fetchrow("select (select count(*) from outbox), (select count(*) from meeting_date)")
    told = list(temporal.messages)
    for side in Side:
        await read_all(client, mine[side])
    await send(client, at(mine, MENTOR, "take-back"))
    assert await pool.fetchrow("select (select count(*) from outbox), (select count(*) from meeting_date)") == before
    assert temporal.messages == told


async def test_date_beyond_the_rhythm_is_a_meeting_of_its_own(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await agree(client, mine, FIRST)
    await agree(client, mine, "20190925T2000Z", times="20190925T2000Z")
    rows = await pool.fetch("select distinct milestone_id from meeting_date order by 1")
    assert [row["milestone_id"] for row in rows] == ["meeting-101", "meeting-2"]
    page = await own(client, mine, MENTEE)
    assert page.count("You meet on") == 2


async def test_meeting_that_is_over_is_asked_about_on_the_page(
    client: httpx.AsyncClient, mine: dict[Side, str], clock: HandSetClock
) -> None:
    await agree(client, mine, FIRST)
    clock.time = datetime(2019, 9, 24, 20, 46, tzinfo=UTC)
    page = await client.get(mine[MENTEE], follow_redirects=True)
    assert f"You planned to meet on {CHICAGO_FIRST}." in text_of(page)
    [link] = re.findall(r'<a href="([^"]*)">Did you meet\?</a>', page.text)
    assert link == f"{mine[MENTEE]}/{PAIR}/forms/meeting-2"


async def calendar_address(client: httpx.AsyncClient, mine: dict[Side, str], side: Side) -> str:
    made = await client.post(f"{mine[side]}/{PAIR}/feed")
    [address] = re.findall(r'value="https?://[^/"]*(/m/[a-z2-7]{26}/calendar\.ics)"', made.text)
    return str(address)


async def test_page_about_a_meeting_knows_the_day_on_which_the_two_agreed(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    await agree(client, mine)
    # Nine in the evening in Chicago is the next day elsewhere.
    await pool.execute("update meeting_date set starts_at = '2019-09-27 02:00Z'")
    milestone = await pool.fetchval("select milestone_id from meeting_date")
    clock.time = datetime(2019, 9, 28, 15, tzinfo=UTC)
    form = f"{mine[MENTOR]}/{PAIR}/forms/{milestone}"
    assert 'id="held_on" value="2019-09-26"' in (await client.get(form)).text
    refused = await client.post(form, data={"held": "held", "held_on": "0026-09-26", "medium": "video"})
    assert (refused.status_code, "“0026-09-26” has the year 26." in text_of(refused)) == (422, True)
    # Left in the form, it says nothing of a meeting that was not held.
    await client.post(form, data={"held": "not_this_time", "held_on": "2019-09-26"})
    answers = await pool.fetchval("select answers from response where milestone_id = $1", milestone)
    assert json.loads(answers) == {"held": "not_this_time"}
    assert 'id="held_on" value=""' in (await client.get(form)).text
    await pool.execute("update meeting_date set cancelled = true")
    assert 'id="held_on" value=""' in (await client.get(f"{mine[MENTEE]}/{PAIR}/forms/{milestone}")).text


async def test_calendar_has_meetings_last_days_and_the_end_behind_an_address_of_its_own(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    await agree(client, mine, FIRST)
    address = await calendar_address(client, mine, MENTEE)
    token = address.split("/")[2]
    assert token not in mine[MENTEE]
    before = await pool.fetchrow("select (select count(*) from audit_event), (select count(*) from calendar_feed)")
    answer = await client.get(address)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/calendar")
    assert (
        await pool.fetchrow("select (select count(*) from audit_event), (select count(*) from calendar_feed)") == before
    )
    read = {str(event["summary"]): event for event in icalendar.Calendar.from_ical(answer.content).events}
    assert read["MILE: meeting with Person M"].start == datetime(2019, 9, 24, 20, tzinfo=UTC)
    assert read["MILE: Your check-in: last day"].start >= date(2019, 8, 10)
    assert read["MILE: Your mentorship ends"].start == date(2020, 11, 10)
    assert b"example.org" not in answer.content.replace(b"mentorship.chair@example.org", b"").replace(
        b"video.example.org", b""
    )
    # It opens nothing but the calendar, and the page's own link is no calendar.
    assert (await client.get(f"/m/{token}")).status_code == 404
    assert (await client.get(f"/m/{token}/{PAIR}")).status_code == 404
    assert (await client.get(f"{mine[MENTEE]}/calendar.ics")).status_code == 404


async def test_calendar_address_ends_when_it_is_stopped_replaced_or_too_old(
    client: httpx.AsyncClient, mine: dict[Side, str], clock: HandSetClock
) -> None:
    first = await calendar_address(client, mine, MENTEE)
    second = await calendar_address(client, mine, MENTEE)
    assert [(await client.get(address)).status_code for address in (first, second)] == [404, 200]
    now = clock.time
    clock.time = datetime.combine(date(2023, 1, 1), time(), UTC)
    assert (await client.get(second)).status_code == 404
    clock.time = now
    said = await send(client, f"{mine[MENTEE]}/{PAIR}/feed/stop")
    assert "Your calendar address opens nothing any more." in said
    assert (await client.get(second)).status_code == 404
    third = await calendar_address(client, mine, MENTEE)
    # Who gets a new link has lost the old ones to somebody.
    await client.post(f"{mine[MENTEE]}/{PAIR}/new-link")
    assert (await client.get(third)).status_code == 404


@pytest.mark.browser
async def test_date_is_found_in_a_browser_by_keyboard_and_without_barriers(
    app: Starlette, browser: Browser, mine: dict[Side, str]
) -> None:
    async with served(app) as site, open_browser_page(browser, site, scripts=False) as page:
        await page.goto(mine[MENTEE])
        await press(page.get_by_role("link", name="Find a date for your next meeting"))
        await page.get_by_role("checkbox").first.check()
        await page.get_by_label("45 minutes").check()
        await press(page.get_by_role("button", name="Send these times"))
        await page.goto(mine[MENTOR])
        await press(page.get_by_role("link", name="suggests times to meet"))
        await page.get_by_role("checkbox").first.check()
        await press(page.get_by_role("button", name="These suit me"))
        assert await page.get_by_text("You two have a date.").is_visible()
        await follow(page.get_by_role("link", name="call it off"))
        await press(page.get_by_role("button", name="Call off this meeting"))
        assert await page.get_by_text("The meeting is called off.").is_visible()
    async with served(app) as site, open_browser_page(browser, site) as page:
        for path in ("meetings/find", "feed"):
            await page.goto(f"{mine[MENTEE]}/{PAIR}/{path}")
            await assert_without_barriers(page)
        await follow(page.get_by_role("button", name="Make my calendar address"))
        await assert_without_barriers(page)
        await page.goto(f"{mine[MENTEE]}/{PAIR}/meetings/find")
        await follow(page.get_by_role("button"))
        await assert_without_barriers(page)
        await page.get_by_role("checkbox").first.check()
        await page.get_by_label("45 minutes").check()
        await follow(page.get_by_role("button"))
        await assert_without_barriers(page)
        await page.goto(f"{mine[MENTOR]}/{PAIR}/meetings/choose")
        await assert_without_barriers(page)
        await page.get_by_role("checkbox").first.check()
        await follow(page.get_by_role("button"))
        await assert_without_barriers(page)
        for name in ("change where", "call it off"):
            await follow(page.get_by_role("link", name=name))
            await assert_without_barriers(page)
            await follow(page.get_by_role("link", name="Back to your mentorship"))
