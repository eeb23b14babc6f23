"""What staff print for the last day: for those who are expected, for nobody else's eyes, never over another file."""

import csv
import json
import stat
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess

import asyncpg
import pytest
from pypdf import PdfReader

from runtime.local_stack.stack import LocalStack
from storage.database import open_pool
from tests.cli.small_class import FILES, small_class

Mile = Callable[..., Awaitable[CompletedProcess[str]]]

KICKOFF = date(2100, 5, 10)
HALF_DAYS = """
[proposals]
[session]
[[session.half_days]]
id = "morning"
label = "Morning"
day = 2100-05-10
begins = 09:00:00
ends = 12:00:00
"""


def read(file: Path) -> str:
    return " ".join(word for page in PdfReader(file).pages for word in page.extract_text().split())


async def published(mile: Mile, folder: Path, cohort: str) -> Path:
    assert (await mile("cohort", "create", str(folder))).returncode == 0
    assert (await mile("cohort", "match", cohort)).returncode == 0
    assert (await mile("cohort", "publish", cohort, "--run", "1")).returncode == 0
    return folder


async def change(stack: LocalStack, sql: str, *given: object) -> None:
    async with open_pool(stack.settings.database_url.get_secret_value(), size=1) as pool:
        await pool.execute(sql, *given)


async def pairs_of(mile: Mile, cohort: str) -> list[tuple[str, str]]:
    shown = json.loads((await mile("cohort", "show", cohort, "--json")).stdout)
    return sorted((pair["mentor"], pair["mentee"]) for pair in shown["match_run"]["pairs"])


def names_of(folder: Path) -> dict[str, str]:
    texts = [(folder / name).read_text(encoding="utf-8") for name in FILES.values()]
    return {row["id"]: row["name"] for text in texts for row in csv.DictReader(text.splitlines())}


async def test_each_pair_gets_a_card_with_why_they_match_and_nothing_they_wrote(
    mile: Mile, tmp_path: Path, stack: LocalStack
) -> None:
    folder = await published(mile, small_class(tmp_path / "printed", "printed", KICKOFF), "printed")
    await mile("cohort", "role", "printed", "set", "Team", "--email", "team@example.org", "--from", "2100-05-01")
    out = tmp_path / "new" / "cards.pdf"
    ran = await mile("cohort", "cards", "printed", "--out", str(out))
    assert (ran.returncode, ran.stdout) == (0, f"Written to {out}: 3 pair cards.\n")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    printed = read(out)
    for mentor, mentee in await pairs_of(mile, "printed"):
        for person in (mentor, mentee):
            assert printed.count(names_of(folder)[person]) == 1
    assert "What you have in common" in printed
    # On the last day somebody else answers than today.
    assert printed.count("Ask the Team, team@example.org.") == 3
    with (folder / "participants.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            own_words = filter(None, (row[column] for column in ("goal_1", "challenges", "hopes", "email")))
            assert not [words for words in own_words if words in printed]
    assert await remembered(stack, "printed", "pair_cards_written") == [{"cards": 3}]


async def test_one_pairs_card_can_be_printed_alone(mile: Mile, tmp_path: Path) -> None:
    folder = await published(mile, small_class(tmp_path / "alone-pair", "alone-pair", KICKOFF), "alone-pair")
    mentor, mentee = (await pairs_of(mile, "alone-pair"))[1]
    out = tmp_path / "card.pdf"
    ran = await mile("cohort", "cards", "alone-pair", "--out", str(out), "--pair", f"{mentor}:{mentee}")
    assert ran.stdout == f"Written to {out}: 1 pair card.\n"
    found = {person for person, name in names_of(folder).items() if name in read(out)}
    assert found == {mentor, mentee}
    for wrong, said in (("P01", "is no pair"), (f"P99:{mentor}", "is no published pair")):
        refused = await mile("cohort", "cards", "alone-pair", "--out", str(tmp_path / "no.pdf"), "--pair", wrong)
        assert refused.returncode == 2
        assert said in refused.stderr
        assert not (tmp_path / "no.pdf").exists()


async def test_a_match_that_is_not_final_has_no_card_and_its_mentor_no_tag(
    mile: Mile, tmp_path: Path, stack: LocalStack
) -> None:
    folder = small_class(tmp_path / "asked", "asked", KICKOFF, more=HALF_DAYS)
    await published(mile, folder, "asked")
    cards, tags, names = tmp_path / "cards.pdf", tmp_path / "tags.pdf", names_of(folder)
    early = await mile("cohort", "cards", "asked", "--out", str(cards))
    assert (early.returncode, cards.exists()) == (2, False)
    assert "No match of asked that was asked for is final" in early.stderr
    (first, _), (second, _), (third, last) = await pairs_of(mile, "asked")
    for mentor in (first, second):
        await change(
            stack,
            """insert into proposal (cohort_id, mentor_id, mentee_id, run, proposed_at, confirmed_at)
            select 'asked', $1, pair ->> 'mentee', 1, now(), now()
            from match_run, jsonb_array_elements(result -> 'pairs') pair
            where cohort_id = 'asked' and pair ->> 'mentor' = $1
            on conflict (cohort_id, mentor_id, mentee_id) do update set confirmed_at = now()""",
            mentor,
        )
    await change(
        stack,
        "insert into rsvp (cohort_id, person_id, status, answered_at) values ('asked', $1, 'no', now())",
        second,
    )
    ran = await mile("cohort", "cards", "asked", "--out", str(cards))
    assert "2 pair cards." in ran.stdout
    assert f"No card yet, because the match is not final: {third}:{last}." in ran.stdout
    assert names[third] not in read(cards)
    assert "4 name tags" in (await mile("cohort", "nametags", "asked", "--out", str(tags))).stdout
    tagged = {person for person, name in names.items() if name in read(tags)}
    # Participants attend the institute whether or not they have a mentor.
    assert tagged == {"P01", "P02", "P03", first}


async def test_name_tags_are_in_the_order_of_names_and_show_every_letter(mile: Mile, tmp_path: Path) -> None:
    long = "Cabdiraxmaan Maxamed Xuseen Cabdullaahi Faarax Warsame Jaamac"
    renamed = {"P01": "Žofie Škodová", "P02": long, "P03": "Ānang Giizhigookwe", "M01": "bo Vang"}
    folder = small_class(tmp_path / "lettered", "lettered", KICKOFF, renamed=renamed)
    await published(mile, folder, "lettered")
    out = tmp_path / "tags.pdf"
    ran = await mile("cohort", "nametags", "lettered", "--out", str(out))
    assert ran.stdout == f"Written to {out}: 6 name tags.\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    shown = read(out)
    assert all(name in shown for name in names_of(folder).values())
    in_order = sorted(names_of(folder).values(), key=str.casefold)
    assert sorted(in_order, key=shown.index) == in_order


async def test_letters_that_no_font_has_are_pointed_out_by_id(mile: Mile, tmp_path: Path) -> None:
    renamed = {"P02": "Bo \U00016b1c\U00016b04"}
    await published(mile, small_class(tmp_path / "unlettered", "unlettered", KICKOFF, renamed=renamed), "unlettered")
    for command in ("cards", "nametags"):
        ran = await mile("cohort", command, "unlettered", "--out", str(tmp_path / f"{command}.pdf"))
        assert ran.returncode == 0
        assert "No font of this machine has every letter of P02; there are empty boxes instead." in ran.stdout


@pytest.mark.parametrize("command", ["cards", "nametags"])
async def test_no_file_is_replaced_unasked(mile: Mile, tmp_path: Path, stack: LocalStack, command: str) -> None:
    cohort = f"kept-{command}"
    await published(mile, small_class(tmp_path / cohort, cohort, KICKOFF), cohort)
    out = tmp_path / "there.pdf"
    out.write_text("precious")
    out.chmod(0o644)
    refused = await mile("cohort", command, cohort, "--out", str(out))
    assert refused.returncode == 2
    assert "is there already and was left alone. Add --force to replace it." in refused.stderr
    assert out.read_text() == "precious"
    assert (await mile("cohort", command, cohort, "--out", str(out), "--force")).returncode == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    folder = await mile("cohort", command, cohort, "--out", str(tmp_path), "--force")
    assert (folder.returncode, "is a folder" in folder.stderr) == (2, True)


async def test_before_pairs_are_published_there_is_no_card(mile: Mile, tmp_path: Path) -> None:
    await mile("cohort", "create", str(small_class(tmp_path / "unpublished", "unpublished", KICKOFF)))
    ran = await mile("cohort", "cards", "unpublished", "--out", str(tmp_path / "cards.pdf"))
    assert (ran.returncode, ran.stderr) == (2, "Cohort unpublished has no published matches yet.\n")
    for command in ("cards", "nametags"):
        nowhere = await mile("cohort", command, "nowhere", "--out", str(tmp_path / "cards.pdf"))
        assert (nowhere.returncode, nowhere.stderr) == (2, "There is no cohort nowhere.\n")
    assert not (tmp_path / "cards.pdf").exists()


async def remembered(stack: LocalStack, cohort: str, action: str) -> list[object]:
    connection = await asyncpg.connect(stack.settings.database_url.get_secret_value())
    try:
        sql = "select details from audit_event where cohort_id = $1 and action = $2 order by id"
        return [json.loads(row["details"]) for row in await connection.fetch(sql, cohort, action)]
    finally:
        await connection.close()
