"""Campaigns on real servers: whomever one concerns is emailed once, also where the worker is killed in the middle."""

import asyncio
from collections import Counter
from datetime import date, timedelta

from emails.sender import CONNECTIONS
from rehearsal.environment import Environment
from rehearsal.inbox import plain_text
from schemas.cohort.campaigns import CampaignResult
from schemas.cohort.folder import CohortFolder
from schemas.enums import CampaignKind
from storage import cohorts
from tests.own_stack import own_stack
from tests.waiting import until
from tests.workflows.expected_emails import (
    NOW,
    addresses,
    arrived,
    begin_drafts,
    campaign_runner,
    keep_cohort,
    published,
    to,
)
from tests.workflows.test_privacy import found_in

KILLED_AFTER = 60


async def test_campaign_run_twice_emails_nobody_twice_and_leaves_out_who_is_done(
    environment: Environment, mile_2019: CohortFolder
) -> None:
    cohort = (await keep_cohort(environment.pool, mile_2019, "emails-twice", people=False)).id
    await begin_drafts(environment.pool, cohort, addresses(cohort, 5))
    async with campaign_runner(environment) as run_campaign:
        assert await run_campaign(cohort, CampaignKind.UNFINISHED, 1) == CampaignResult(enqueued=5, missing=5)
        assert await run_campaign(cohort, CampaignKind.UNFINISHED, 1) == CampaignResult(enqueued=5, missing=5)
        assert to(environment.inbox, cohort) == Counter(addresses(cohort, 5))
        await environment.pool.execute(
            "update draft set submitted_at = $2 where cohort_id = $1 and person_id < 'A0003'", cohort, NOW
        )
        assert await run_campaign(cohort, CampaignKind.UNFINISHED, 2) == CampaignResult(missing=3), (
            "not twice on one day"
        )
        later = NOW + timedelta(days=1)
        assert await run_campaign(cohort, CampaignKind.UNFINISHED, 2, later) == CampaignResult(enqueued=3, missing=3)
    assert sorted(to(environment.inbox, cohort).values()) == [1, 1, 2, 2, 2]


async def test_past_mentors_are_asked_until_there_are_places_enough(
    environment: Environment, mile_2019: CohortFolder
) -> None:
    earlier, cohort = "emails-before", "emails-recruit"
    # Others of this stack know the same people, and whoever came to a class since is not asked.
    own = [mentor.model_copy(update={"email": f"recruit.{mentor.email}"}) for mentor in mile_2019.mentors]
    mile_2019 = mile_2019.model_copy(update={"mentors": tuple(own)})
    await keep_cohort(environment.pool, mile_2019, earlier)
    settings = await keep_cohort(environment.pool, mile_2019, cohort, people=False)
    # There is no list of participants yet, only their number (B2).
    window = settings.applications.model_copy(update={"expected_participants": 1}) if settings.applications else None
    settings = settings.model_copy(update={"applications": window})
    await cohorts.save_settings(environment.pool, settings, NOW)
    host = mile_2019.mentors[0]
    await environment.pool.execute(
        "insert into mentorship (id, cohort_id, mentor_id, mentee_id, score, starts_on, ends_on, updated_at)"
        " values ($1, $2, $3, $4, 1, $5, $5, $6)",
        f"{earlier}-001",
        earlier,
        host.id,
        mile_2019.mentees[0].id,
        date(2017, 5, 5),
        NOW,
    )
    try:
        async with campaign_runner(environment) as run_campaign:
            opening = await run_campaign(cohort, CampaignKind.OPENING)
            recruiting = await run_campaign(cohort, CampaignKind.RECRUITING, 1, NOW + timedelta(days=7))
            newcomer = mile_2019.mentors[1]
            await cohorts.save_cohort(environment.pool, settings, (newcomer,), mile_2019.mentees[:1], NOW)
            enough = await run_campaign(cohort, CampaignKind.RECRUITING, 2)
    finally:
        # Every other class of this stack would ask this past mentor, too.
        await environment.pool.execute("delete from reminder_link where cohort_id = $1", earlier)
        await environment.pool.execute("delete from mentorship where cohort_id = $1", earlier)
    assert (opening.missing, recruiting.missing, enough) == (1, 1, CampaignResult())
    ours_only = [one for one in arrived(environment.inbox, cohort) if str(one["To"]).endswith(f"<{host.email}>")]
    assert len(ours_only) == 2
    assert all(f"{environment.settings.public_url}/apply/{cohort}" in plain_text(one) for one in ours_only)
    assert "Mentors still needed: 1." in plain_text(ours_only[-1])
    assert f"you were a mentor in Class {earlier}" in " ".join(plain_text(ours_only[-1]).split())


async def test_a35_gaps_are_asked_for_and_staff_learn_how_many_remain(
    environment: Environment, mile_2019: CohortFolder
) -> None:
    settings = await keep_cohort(environment.pool, mile_2019, "emails-gaps", people=False)
    told = {"goals": ("Lead a team",), "challenges": "Little time", "hopes": "An honest ear"}
    silent = [one.model_copy(update=told | {"hopes": ""}) for one in mile_2019.mentees[:2]]
    open_one = mile_2019.mentees[2].model_copy(update=told)
    await cohorts.save_cohort(environment.pool, settings, (), (*silent, open_one), NOW)
    async with campaign_runner(environment) as run_campaign:
        assert await run_campaign(settings.id, CampaignKind.INTAKE, 1) == CampaignResult(enqueued=3, missing=2)
    expected = Counter([*(one.email for one in silent), settings.contact.email])
    assert to(environment.inbox, settings.id) == expected
    (note,) = [one for one in arrived(environment.inbox, settings.id) if "staff" in str(one["Subject"])]
    assert "2 participants with missing intake answers" in " ".join(plain_text(note).split())


async def test_a20_a23_proposal_and_invitation_go_to_both_sides_and_only_to_those_concerned(
    environment: Environment, mile_2019: CohortFolder
) -> None:
    cohort = (await keep_cohort(environment.pool, mile_2019, "emails-match")).id
    mentor, mentee = mile_2019.mentors[0], mile_2019.mentees[0]
    await environment.pool.execute(
        "insert into match_run (cohort_id, run, inputs_sha256, result, created_at, published_at)"
        " values ($1, 1, '', $2, $3, $3)",
        cohort,
        published(mentor.id, mentee.id),
        NOW,
    )
    await environment.pool.execute(
        "insert into proposal (cohort_id, mentor_id, mentee_id, run, proposed_at) values ($1, $2, $3, 1, $4)",
        cohort,
        mentor.id,
        mentee.id,
        NOW,
    )
    async with campaign_runner(environment) as run_campaign:
        assert await run_campaign(cohort, CampaignKind.PROPOSAL) == CampaignResult(enqueued=2, missing=1)
        assert await run_campaign(cohort, CampaignKind.KICKOFF) == CampaignResult()
        await environment.pool.execute("update proposal set mentor_answer = 'committed' where cohort_id = $1", cohort)
        assert await run_campaign(cohort, CampaignKind.PROPOSAL, 1) == CampaignResult(missing=1)
        later = NOW + timedelta(days=5)
        assert await run_campaign(cohort, CampaignKind.PROPOSAL, 1, later) == CampaignResult(enqueued=1, missing=1)
        await environment.pool.execute("update proposal set mentee_answer = 'committed' where cohort_id = $1", cohort)
        assert await run_campaign(cohort, CampaignKind.PROPOSAL, 2, later) == CampaignResult()
        assert await run_campaign(cohort, CampaignKind.KICKOFF, 0, later) == CampaignResult(enqueued=2, missing=2)
        assert await run_campaign(cohort, CampaignKind.KICKOFF_CHANGED, 0, later) == CampaignResult(enqueued=2)
    assert to(environment.inbox, cohort) == {mentor.email: 3, mentee.email: 4}
    messages = arrived(environment.inbox, cohort)
    proposals = [plain_text(one) for one in messages if "proposal" in str(one["Feedback-ID"])]
    assert all("Tuesday, November 10" in " ".join(text.split()) for text in proposals)
    invitations = [one for one in messages if "kickoff" in str(one["Feedback-ID"])]
    assert [one.get_content_type() for one in invitations] == ["multipart/mixed"] * 4
    files = [part.get_filename() for one in invitations for part in one.iter_attachments()]
    assert files == ["half-day-last.ics", "kickoff.ics"] * 4


async def test_campaign_of_a_killed_worker_goes_on_where_it_was_killed(mile_2019: CohortFolder) -> None:
    async with own_stack() as (stack, own):
        cohort = (await keep_cohort(own.pool, mile_2019, "emails-killed", people=False)).id
        everybody = addresses(cohort, 300)
        await begin_drafts(own.pool, cohort, everybody)

        async def some_left() -> bool:
            return len(own.inbox.messages) >= KILLED_AFTER

        async with campaign_runner(own) as run_campaign:
            running = asyncio.create_task(run_campaign(cohort, CampaignKind.UNFINISHED, 1))
            await until(some_left)
            await stack.kill_worker()
            before = len(own.inbox.messages)
            # As if the leases of what was on its way had ended.
            await own.pool.execute("update outbox set next_attempt_at = now() where state = 'sending'")
            await stack.start_worker()
            result = await running
        logs = b"".join(file.read_bytes() for file in (stack.folder / "logs").glob("worker*.log"))
    assert KILLED_AFTER <= before < len(everybody)
    assert result == CampaignResult(enqueued=300, missing=300)
    assert set(to(own.inbox, cohort)) == set(everybody)
    assert len({str(one["Message-ID"]) for one in own.inbox.messages}) == len(everybody)
    # Those that were on their way may have come twice, under one Message-ID and byte for byte the same.
    assert len(own.inbox.messages) <= len(everybody) + CONNECTIONS
    assert len({one.as_bytes() for one in own.inbox.messages}) == len(everybody)
    assert found_in(logs, set(everybody)) == set()
