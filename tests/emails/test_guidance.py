"""Guidance texts: versioned, credited, for both sides, and part of the emails they belong to (A43)."""

import re

import pytest

from emails.guidance import Guidance, guidance, names, topic_of, topic_prompt
from emails.kinds._base.participant import ParticipantEmail
from emails.rendering import render
from emails.samples import SAMPLE_COHORT, all_samples
from schemas.enums import Side


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
    assert set(names()) == occasions | topics


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
