"""The digests of the simulated class, as staff received them: few, and none says what the one before said."""

import re
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from schemas.enums import EmailKind
from web.mailbox_reader import CapturedEmail, read_email, read_emails

if TYPE_CHECKING:
    from tests.workflows.conftest import Simulated

MOST_DIGESTS = 40


def _digests(simulated: "Simulated") -> list[CapturedEmail]:
    """Return the digests to the role, the oldest first; whoever else reads them gets copies."""
    folder, settings = simulated.stack.folder / "mail", simulated.folder.settings
    emails = (read_email(folder, each.key) for each in read_emails(folder) if "to look at" in each.subject)
    digests = [each for each in emails if each and f"mile mentorship attend {settings.id}-" in each.text]
    to_role = [each for each in digests if settings.contact.role in each.envelope.to]
    return sorted(to_role, key=_at)


def _at(email: CapturedEmail) -> datetime:
    return email.envelope.at


def test_digests_of_a_class_are_few_and_each_has_news(simulated: "Simulated") -> None:
    digests = _digests(simulated)
    sent = [row for row in simulated.outbox if row["kind"] == EmailKind.STAFF_DIGEST and row["state"] == "sent"]
    assert 0 < len(digests) <= len(sent) <= MOST_DIGESTS
    words = [re.sub(r"\d", "", each.envelope.subject + each.text) for each in digests]
    assert [before for before, after in pairwise(words) if before == after] == []


def test_every_command_of_a_digest_names_its_mentorship(simulated: "Simulated") -> None:
    for digest in _digests(simulated):
        commands = re.findall(r"^ +mile mentorship .*", digest.text, re.MULTILINE)
        assert commands
        assert [each for each in commands if not re.search(r"mile-2019-\d{3}", each)] == []
