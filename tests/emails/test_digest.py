"""What staff read once a week, from real rows: each concern, since when, and never anyone's words (A34)."""

import json
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from emails.samples import SAMPLE_COHORT
from schemas.emails.digests import Concern, Digest
from schemas.enums import DigestNews, Outcome, Phase, Side, StaffReason, WindowStatus
from schemas.mentorship.messages import RecordProgress
from storage import mentorships
from storage.digests import concerns, put_off, save_told, weekly_digest
from tests.emails.stored import NOW, PAIR, PLAN

LATER = NOW + timedelta(days=600)


async def record(
    pool: asyncpg.Pool, *concerns: StaffReason, outcome: Outcome | None = None, now: datetime = NOW
) -> None:
    progress = RecordProgress(mentorship_id=PAIR, phase=Phase.ENABLING, concerns=concerns, outcome=outcome, now=now)
    await mentorships.record_progress(pool, progress)


async def since(pool: asyncpg.Pool, reason: StaffReason, at: datetime = LATER) -> date | None:
    await record(pool, reason)
    (concern,) = await concerns(pool, SAMPLE_COHORT, at)
    assert concern == Concern(
        mentorship_id=PAIR,
        mentor="Person M",
        mentee="Person P",
        reason=reason,
        raised_at=NOW,
        since=concern.since,
    )
    return concern.since


async def say(pool: asyncpg.Pool, number: int, said: WindowStatus, at: datetime | None = None) -> None:
    window = PLAN.milestone(f"check_in-{number}")
    await pool.execute(
        "insert into response"
        " (id, revision, mentorship_id, milestone_id, side, form, answers, signal_payload, received_at)"
        " values ($1, 1, $2, $1, 'mentor', 'check_in', $3, '{}', $4)",
        window.id,
        PAIR,
        json.dumps({"status": said}),
        at or window.opens_at,
    )


async def email(pool: asyncpg.Pool, key: str, state: str, days: int) -> None:
    await pool.execute(
        "insert into outbox"
        " (key, scope_id, cohort_id, kind, recipient, asks, automatic, priority, due_at, requested_at, state)"
        " values ($1, $2, $3, 'check_in', 'mentor', '[]', true, 1, $4, $4, $5)",
        key,
        PAIR,
        SAMPLE_COHORT.id,
        NOW + timedelta(days=days),
        state,
    )


async def test_where_nobody_needs_staff_there_is_nothing_to_tell(cohort: asyncpg.Pool) -> None:
    digest = await weekly_digest(cohort, SAMPLE_COHORT, LATER)
    assert digest == Digest()
    assert digest.mentorships == 0


async def test_a_missing_first_contact_and_a_missing_agreement_count_from_their_due_dates(cohort: asyncpg.Pool) -> None:
    assert await since(cohort, StaffReason.NO_FIRST_CONTACT) == date(2019, 5, 31)
    assert await since(cohort, StaffReason.NO_AGREEMENT) == date(2019, 6, 21)


async def test_silence_counts_from_the_first_window_after_the_last_meeting(cohort: asyncpg.Pool) -> None:
    await say(cohort, 1, WindowStatus.MET)
    await say(cohort, 2, WindowStatus.PLANNED)
    # In the third window nobody said anything in time.
    await say(cohort, 3, WindowStatus.MET, at=PLAN.milestone("check_in-3").closes_at)
    at = PLAN.milestone("check_in-4").opens_at
    assert await since(cohort, StaffReason.SILENT, at) == PLAN.milestone("check_in-2").closes_on


async def test_an_address_is_bad_since_the_first_email_that_came_back_after_the_last_that_did_not(
    cohort: asyncpg.Pool,
) -> None:
    for key, state, days in (("a", "undeliverable", 1), ("b", "sent", 2), ("c", "undeliverable", 3)):
        await email(cohort, key, state, days)
    await email(cohort, "d", "undeliverable", 4)
    assert await since(cohort, StaffReason.UNDELIVERABLE) == date(2019, 5, 13)


async def test_a_call_counts_from_the_local_day_it_was_asked_for(cohort: asyncpg.Pool) -> None:
    await cohort.execute(
        "insert into response"
        " (id, revision, mentorship_id, milestone_id, side, form, answers, signal_payload, received_at)"
        " values ('r', 1, $1, 'check_in-1', 'mentee', 'check_in', $2, $3, $4)",
        PAIR,
        json.dumps({"note_to_self": "Nobody else reads this"}),
        json.dumps({"call_requested": True}),
        datetime(2019, 8, 2, 3, tzinfo=UTC),
    )
    assert await since(cohort, StaffReason.CALL_REQUESTED) == date(2019, 8, 1)
    digest = await weekly_digest(cohort, SAMPLE_COHORT, LATER)
    assert "Nobody else reads this" not in digest.model_dump_json()
    assert "A secret goal" not in digest.model_dump_json()


async def test_what_was_not_understood_has_no_date(cohort: asyncpg.Pool) -> None:
    assert await since(cohort, StaffReason.NOT_UNDERSTOOD) is None


async def test_once_a_mentorship_is_over_only_what_staff_can_still_do_is_told(cohort: asyncpg.Pool) -> None:
    await record(cohort, *StaffReason, outcome=Outcome.COMPLETED)
    told = {concern.reason for concern in await concerns(cohort, SAMPLE_COHORT, LATER)}
    assert told == {StaffReason.CALL_REQUESTED, StaffReason.UNDELIVERABLE, StaffReason.NOT_UNDERSTOOD}


@pytest.mark.parametrize(
    ("mentor", "mentee", "waits_for"),
    [(NOW, None, Side.MENTEE), (None, NOW, Side.MENTOR), (NOW, NOW, None), (None, None, None)],
)
async def test_an_agreement_waits_where_one_side_confirmed_the_newest_version(
    cohort: asyncpg.Pool, mentor: datetime | None, mentee: datetime | None, waits_for: Side | None
) -> None:
    rows = [(PAIR, 1, "{}", NOW, NOW, NOW), (PAIR, 2, "{}", NOW, mentor, mentee)]
    await cohort.executemany(
        "insert into agreement (mentorship_id, version, contents, written_at, mentor_confirmed_at, mentee_confirmed_at)"
        " values ($1, $2, $3, $4, $5, $6)",
        rows,
    )
    waiting = await concerns(cohort, SAMPLE_COHORT, NOW + timedelta(days=14))
    assert [(each.reason, each.waits_for, each.since) for each in waiting] == (
        [(StaffReason.AGREEMENT_WAITING, waits_for, date(2019, 5, 10))] if waits_for else []
    )
    assert await concerns(cohort, SAMPLE_COHORT, NOW + timedelta(days=13)) == ()
    await record(cohort, StaffReason.NO_AGREEMENT)
    (late,) = await concerns(cohort, SAMPLE_COHORT, LATER)
    assert (late.reason, late.waits_for) == (StaffReason.NO_AGREEMENT, waits_for)


async def test_a_digest_tells_what_was_so_at_its_moment_whatever_happened_since(cohort: asyncpg.Pool) -> None:
    weeks = [NOW + timedelta(weeks=number) for number in range(5)]
    await record(cohort, StaffReason.SILENT, now=weeks[1])
    await record(cohort, StaffReason.SILENT, StaffReason.NO_AGREEMENT, now=weeks[2])
    await record(cohort, StaffReason.NO_AGREEMENT, now=weeks[3])
    await record(cohort, StaffReason.NO_AGREEMENT, outcome=Outcome.ENDED_EARLY, now=weeks[4])
    told = [[one.reason for one in await concerns(cohort, SAMPLE_COHORT, week)] for week in weeks]
    silent, open_agreement = StaffReason.SILENT, StaffReason.NO_AGREEMENT
    assert told == [[], [silent], [open_agreement, silent], [open_agreement], []]


async def tell(pool: asyncpg.Pool, at: datetime) -> list[tuple[DigestNews, bool]]:
    """Write a digest as the sender does, and return its news, each with whether the concern was there before."""
    digest = await weekly_digest(pool, SAMPLE_COHORT, at)
    await save_told(pool, digest)
    return [(item.news, item.concerns[0].raised_before) for item in digest.items]


async def test_a_concern_is_told_once_and_again_when_it_comes_back(cohort: asyncpg.Pool) -> None:
    weeks = [(StaffReason.SILENT,), (StaffReason.SILENT,), (), (StaffReason.SILENT,), (StaffReason.SILENT,)]
    told = []
    for week, raised in enumerate(weeks):
        await record(cohort, *raised, now=NOW + timedelta(weeks=week))
        told.append(await tell(cohort, NOW + timedelta(weeks=week, hours=1)))
    assert told == [[(DigestNews.NEW, False)], [], [], [(DigestNews.NEW, True)], []]


async def test_a_digest_that_is_written_again_tells_the_same(cohort: asyncpg.Pool) -> None:
    await record(cohort, StaffReason.CALL_REQUESTED)
    first, second = NOW + timedelta(days=1), NOW + timedelta(days=15)
    for at in (first, second, first, second):
        assert [news for news, _ in await tell(cohort, at)] == [DigestNews.NEW if at == first else DigestNews.WORSE]
    assert await cohort.fetchval("select count(*) from told_concern") == 2


async def test_what_staff_put_off_is_told_on_the_day_they_chose_with_their_note(cohort: asyncpg.Pool) -> None:
    await record(cohort, StaffReason.NO_FIRST_CONTACT)
    weeks = [NOW + timedelta(weeks=number) for number in range(4)]
    assert await tell(cohort, weeks[0] + timedelta(hours=1)) == [(DigestNews.NEW, False)]
    await put_off(cohort, PAIR, date(2019, 5, 20), "Ruth calls them.", weeks[0] + timedelta(hours=2))
    # The last word counts.
    await put_off(cohort, PAIR, date(2019, 5, 24), "Ruth calls them twice.", weeks[0] + timedelta(hours=3))
    assert (await weekly_digest(cohort, SAMPLE_COHORT, weeks[1])).put_off == 1
    due = await weekly_digest(cohort, SAMPLE_COHORT, weeks[2])
    assert [(item.news, item.note) for item in due.items] == [(DigestNews.LOOK_AGAIN, "Ruth calls them twice.")]
    await save_told(cohort, due)
    after = await weekly_digest(cohort, SAMPLE_COHORT, weeks[3])
    assert (after.items, after.as_before, after.put_off) == ((), 1, 0)
