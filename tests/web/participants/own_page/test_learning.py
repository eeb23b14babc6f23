"""What prepares somebody on their own page: the handbook, the list that is theirs alone, something to talk about."""

from typing import get_args

import asyncpg
import httpx

from schemas.cohort.resources import NewResource, ResourceArea
from schemas.enums import GoalArea, Side
from schemas.forms.agreement import AREAS
from storage import resources, topics
from tests.clocks import HandSetClock
from tests.emails.stored import PAIR
from tests.web.applicants.people import text_of
from tests.web.participants.own_page.people import COHORT, read_all, respond


async def shown(client: httpx.AsyncClient, path: str) -> str:
    return text_of(await client.get(path, follow_redirects=True))


async def set_phase(pool: asyncpg.Pool, phase: str) -> None:
    await pool.execute("update mentorship set phase = $1", phase)


async def test_list_is_saved_changed_and_seen_by_its_owner_alone(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await set_phase(pool, "preparing")
    before = await read_all(client, mine[Side.MENTEE])
    path = f"{mine[Side.MENTOR]}/{PAIR}"
    for checked in (["handbook", "time"], ["time", "goals"]):
        saved = await client.post(f"{path}/ready", data={"ready": checked})
        assert saved.headers["location"] == f"{path}?saved=ready"
    page = await client.get(saved.headers["location"])
    assert "We saved your list. Only you can see it." in page.text
    assert [value for value in ("handbook", "goals", "time") if f'value="{value}" checked' in page.text] == [
        "goals",
        "time",
    ]
    assert await read_all(client, mine[Side.MENTEE]) == before
    assert await pool.fetchval("select count(*) from audit_event") == 0
    await client.post(f"{path}/ready", data={})
    assert " checked" not in (await client.get(f"{path}/ready")).text


async def test_box_that_is_not_on_the_list_is_refused(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    answer = await client.post(f"{mine[Side.MENTOR]}/{PAIR}/ready", data={"ready": "hard"})
    assert answer.status_code == 422
    assert await pool.fetchval("select count(*) from readiness") == 0


async def test_each_phase_leads_to_its_part_of_the_handbook_with_something_to_talk_about(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    said = {
        "preparing": "how did you get to where you are?",
        "negotiating": "what would be a good first step",
        "enabling": "Draw a map together",
        "closure": "one moment that mattered",
    }
    for phase, words in said.items():
        await set_phase(pool, phase)
        page = await client.get(mine[Side.MENTEE], follow_redirects=True)
        assert words in page.text
        [part] = [link.partition('"')[0] for link in page.text.split("/handbook#")[1:]]
        assert f'id="{part}"' in (await client.get(f"{mine[Side.MENTEE]}/{PAIR}/handbook")).text


async def test_topic_that_the_pair_chose_is_what_they_could_talk_about(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    await set_phase(pool, "enabling")
    meeting = await pool.fetchval(
        "select id from milestone where kind = 'meeting' and closes_at > $1 order by opens_at limit 1", clock.time
    )
    for topic, words in ((GoalArea.LEADERSHIP, "had to take the lead"), (None, "Read your handbook")):
        await topics.save_topics(pool, PAIR, {meeting: topic}, clock.time)
        assert words in await shown(client, mine[Side.MENTOR])


async def test_nobody_is_told_to_talk_once_one_of_them_has_left(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await pool.execute("update mentorship set outcome = 'mentor_withdrew', phase = 'after'")
    page = await shown(client, mine[Side.MENTEE])
    assert "A short message is enough" not in page
    assert "Are you ready?" not in page


async def test_links_of_staff_are_beside_the_goals_they_are_for_and_the_others_behind_a_fold(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    assert "from staff" not in await shown(client, mine[Side.MENTEE])
    for area, title in (("networking", "A map <b>"), ("leadership", "A talk"), ("other", "A list")):
        new = NewResource.model_validate(
            {"area": area, "title": title, "url": f"https://example.org/{area}", "about": "Try it."}
        )
        await resources.add_resource(pool, COHORT, new, clock.time)
    assert "Links from staff Networking A map <b> . Try it. Leadership" in await shown(client, mine[Side.MENTEE])
    await respond(pool, "agreement", Side.MENTEE, {"goal_1": "A secret goal", "goal_1_area": "networking"})
    for path in mine.values():
        page = await shown(client, path)
        assert "A secret goal A map <b> . Try it. More links from staff Leadership A talk" in page


def test_links_have_the_areas_that_goals_of_an_agreement_have() -> None:
    assert list(get_args(ResourceArea)) == [area.value for area in AREAS]
