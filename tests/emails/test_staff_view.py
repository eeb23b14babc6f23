"""What staff see of each email: nothing that people wrote for each other alone, and no link that works."""

import re

import pytest

from emails.rendering import render
from emails.samples import GOALS, SAMPLE_COHORT, WORDS, all_samples
from emails.staff_view import render_for_staff

EMAILS = all_samples(SAMPLE_COHORT)
SECRETS = (*GOALS, *filter(None, WORDS), "I am new to leading people.", "Somebody to think aloud with.")


def squeezed(text: str) -> str:
    return " ".join(text.replace("&#39;", "'").replace("&amp;", "&").replace("> ", " ").split())


@pytest.mark.parametrize("name", EMAILS)
def test_nobodys_words_and_no_link_are_shown(name: str) -> None:
    shown = render_for_staff(EMAILS[name])
    for part in (shown.text, shown.html):
        assert [secret for secret in SECRETS if squeezed(secret) in squeezed(part)] == []
        assert re.findall(r"[a-z2-7]{26}|href", part) == []
    assert shown.subject == render(EMAILS[name]).subject


def test_these_words_are_in_what_the_two_were_sent() -> None:
    sent = " ".join(squeezed(render(email).text) for email in EMAILS.values())
    assert [secret for secret in SECRETS if squeezed(secret) not in sent] == []
