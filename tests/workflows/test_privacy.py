"""No name, no address and no free word of anyone enters Temporal or a log: everything a rehearsal left is searched."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schemas.cohort.folder import CohortFolder

if TYPE_CHECKING:
    from tests.workflows.conftest import Simulated

SHORTEST_NEEDLE = 5
# A link's token: 26 characters of base32, at the end of a path.
LINK = re.compile(r"/[a-z2-7]{26}(?![a-z2-7])")


def words_of(folder: CohortFolder) -> set[str]:
    """Return everything a cohort's people gave away: names, their parts, addresses, libraries, and free text."""
    words: set[str] = set()
    for person in (*folder.mentors, *folder.mentees):
        words |= {person.name, person.email, person.email.partition("@")[0], person.library, *person.name.split()}
    for mentor in folder.mentors:
        words.add(mentor.about)
    for mentee in folder.mentees:
        words |= {*mentee.goals, mentee.challenges, mentee.hopes}
    return {word for word in words if len(word) >= SHORTEST_NEEDLE} | {"Between us, said"}


def found_in(haystack: bytes, words: set[str]) -> set[str]:
    """Return the words that stand in some bytes, plainly or as JSON writes them."""
    text = haystack.decode(errors="replace").casefold()
    return {word for word in words if word.casefold() in text or json.dumps(word)[1:-1].casefold() in text}


def _histories(simulated: "Simulated") -> bytes:
    return b"\n".join(
        event.SerializeToString() for runs in simulated.histories.values() for run in runs for event in run.events
    )


def test_a34_histories_carry_nobodys_words(simulated: "Simulated") -> None:
    histories = _histories(simulated)
    assert len(histories) > 1_000_000
    assert found_in(histories, words_of(simulated.folder)) == set()


async def test_a34_search_attributes_memos_and_summaries_carry_nobodys_words(simulated: "Simulated") -> None:
    described = b""
    async for execution in simulated.environment.client.list_workflows():
        described += execution.raw_info.SerializeToString()
        description = await simulated.environment.client.get_workflow_handle(execution.id).describe()
        described += description.raw_description.SerializeToString()
    assert b"MilePhase" in described
    assert found_in(described, words_of(simulated.folder)) == set()


def test_a34_logs_carry_nobodys_words(simulated: "Simulated") -> None:
    logs = sorted((simulated.stack.folder / "logs").glob("*.log"))
    text = b"\n".join(log.read_bytes() for log in logs)
    assert b"email_sent" in text
    assert found_in(text, words_of(simulated.folder)) == set()


@pytest.mark.parametrize("word", ["check_in-1", "mile-2019-001"])
def test_the_search_finds_what_is_there(simulated: "Simulated", word: str) -> None:
    assert found_in(_histories(simulated), {word}) == {word}


def test_the_search_knows_the_words_of_everybody(mile_2019: CohortFolder) -> None:
    words = words_of(mile_2019)
    mailbox = f"{mile_2019.mentors[0].name} <{mile_2019.mentors[0].email}>".encode()
    assert len(words) > 100
    assert len(found_in(mailbox, words)) >= 2


def test_links_in_logs_are_hidden(simulated: "Simulated") -> None:
    logs = {log.name: log.read_text(errors="replace") for log in Path(simulated.stack.folder / "logs").glob("*.log")}
    assert logs["worker.log"]
    assert not any(LINK.search(text) for text in logs.values())
