"""Guidance texts: versioned, credited, for both sides, and part of the emails they belong to (A43)."""

import re

import pytest

from emails.guidance import (
    Guidance,
    conversation_starter,
    guidance,
    names,
    standard_handbook,
    topic_of,
    topic_prompt,
)
from emails.kinds._base.participant import ParticipantEmail
from emails.rendering import render
from emails.samples import SAMPLE_COHORT, all_samples
from schemas.enums import GoalArea, Phase, Side
from tests.reading import HIGHEST_GRADE, reading_grade


@pytest.mark.parametrize("name", names())
def test_each_text_has_version_source_and_credit_and_words_for_both(name: str) -> None:
    text = guidance(name)
    assert text.version >= 1
    assert "Zachary" in text.source
    assert "CILIP" in text.source
    assert text.credit
    for side in Side:
        assert text.for_side(side)


def test_there_is_a_text_for_every_occasion() -> None:
    occasions = {"agreement", "meeting", "feedback", "closing", "stuck"}
    topics = {"topic_goal_setting", "topic_networking", "topic_leadership"}
    starters = {"starter_preparing", "starter_negotiating", "starter_closure", "starter_after"}
    assert set(names()) == occasions | topics | starters


def test_topics_rotate_by_meeting() -> None:
    rotation = [topic_prompt(topic_of(meeting)).name for meeting in range(1, 7)]
    assert rotation[:3] == ["topic_goal_setting", "topic_networking", "topic_leadership"]
    assert rotation[3:] == rotation[:3]


def test_every_topic_may_be_skipped() -> None:
    for meeting in (1, 2, 3):
        for side in Side:
            assert any(paragraph.startswith("Skip it") for paragraph in topic_prompt(topic_of(meeting)).for_side(side))


def test_a_text_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        guidance("no_such_text")


def test_emails_have_the_texts_they_are_given_and_leave_the_sources_to_the_page() -> None:
    used = 0
    contexts = [context for context in all_samples(SAMPLE_COHORT).values() if isinstance(context, ParticipantEmail)]
    for context in contexts:
        email = render(context)
        assert "Zachary" not in email.text + email.html
        for text in map(guidance, names()):
            quoted = _is_quoted(text, context.recipient.side, email.text)
            assert quoted == (text in context.guidance + context.beside)
            used += quoted
    assert used > len(names())


def _is_quoted(text: Guidance, side: Side, body: str) -> bool:
    return all(_on_one_line(paragraph) in _on_one_line(body) for paragraph in text.for_side(side))


def _on_one_line(words: str) -> str:
    return re.sub(r"\s+", " ", words)


@pytest.mark.parametrize("side", list(Side))
def test_handbook_is_short_and_easy_to_read_and_ends_with_its_version_and_sources(side: Side) -> None:
    text = standard_handbook(side)
    assert len(text.split()) <= 900
    paragraphs = [re.sub(r"^(#|-) |\*\*", "", line) for line in text.splitlines()]
    assert reading_grade(paragraphs) <= HIGHEST_GRADE
    sentences = (sentence for line in paragraphs for sentence in re.split(r"(?<=[.?!:]) ", line))
    assert [sentence for sentence in sentences if len(sentence.split()) > 25] == []
    *_, last = text.strip().splitlines()
    assert re.match(r"Version \d+, [A-Z][a-z]+ \d{1,2}, 20\d\d\. These are our own words\. ", last)
    assert all(source in last for source in ("Zachary", "CILIP", "MLA Leadership Institute"))


@pytest.mark.parametrize("phase", list(Phase))
def test_each_phase_has_something_to_talk_about_for_both(phase: Phase) -> None:
    starter = conversation_starter(phase, GoalArea.NETWORKING)
    assert starter is not None
    assert all(starter.for_side(side) for side in Side)
    assert (starter.name == "topic_networking") == (phase is Phase.ENABLING)


def test_pair_that_wants_no_topic_gets_none_while_it_works_on_the_goals() -> None:
    assert conversation_starter(Phase.ENABLING, None) is None
