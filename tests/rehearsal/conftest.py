"""The evidence of a recorded rehearsal by which every promise holds."""

import pytest

from emails.guidance import guidance, names
from rehearsal.checks.evidence import Evidence
from rehearsal.pages_seen import PageSeen
from schemas.cohort.settings import CohortSettings
from schemas.enums import Side
from tests.rehearsal.recorded_class import MENTEES, MENTORS, SETTINGS, pre_kickoff, report
from tests.rehearsal.recorded_emails import emails_before_kickoff, emails_received
from tests.rehearsal.recorded_pairs import CALLED_AT, PERSONAS, agreements, answers, record
from tests.rehearsal.recorded_texts import CHOICES, EVENTS, PAGES
from web.documents.report import report_page


@pytest.fixture
def settings() -> CohortSettings:
    return SETTINGS


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    """Return evidence by which every promise holds; it is frozen, so that a test that breaks one makes a copy."""
    played, closing = record(), report()
    return Evidence(
        record=played,
        settings=SETTINGS,
        emails=(*emails_received(played), *emails_before_kickoff()),
        answers=answers(),
        agreements=agreements(),
        pages=tuple(
            PageSeen(mentorship="mile-2019-001", milestone=milestone_id, side=side, at=CALLED_AT, html=html)
            for milestone_id, html in PAGES.items()
            for side in Side
        ),
        guidance_page="\n".join(words for text in map(guidance, names()) for words in (text.reference, text.source)),
        mentors=MENTORS,
        mentees=MENTEES,
        personas=PERSONAS,
        pre_kickoff=pre_kickoff(),
        choices=CHOICES,
        taken_up={EVENTS.chance.title: 1, EVENTS.opening.title: 0},
        report=closing,
        report_page=report_page(closing, SETTINGS),
    )
