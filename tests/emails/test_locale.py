"""A cohort's locale changes the dates and times of its emails, and nothing else."""

import pytest

from emails.kinds._base.email import EmailContext
from emails.rendering import render
from emails.samples import SAMPLE_COHORT, all_samples
from tests.british import in_british

BRITISH = all_samples(SAMPLE_COHORT.model_copy(update={"locale": "en_GB"}))
AMERICAN = all_samples(SAMPLE_COHORT)


def words(context: EmailContext) -> str:
    email = render(context)
    return " ".join(f"{email.subject}\n{email.text}\n{email.html}".split())


@pytest.mark.parametrize("name", list(AMERICAN))
def test_british_emails_differ_in_dates_and_times_only(name: str) -> None:
    assert words(BRITISH[name]) == in_british(words(AMERICAN[name]))


def test_some_emails_do_differ() -> None:
    differ = [name for name in AMERICAN if words(AMERICAN[name]) != words(BRITISH[name])]
    assert len(differ) > len(AMERICAN) / 2
