"""Samples of the closing conversation email."""

from emails.guidance import guidance
from emails.kinds.closing_conversation.context import ClosingConversationEmail
from emails.samples import SampleCast
from schemas.enums import MilestoneKind


def samples(cast: SampleCast) -> dict[str, ClosingConversationEmail]:
    """Return the emails by what they are."""
    return {
        "closing conversation": ClosingConversationEmail(
            **cast.to_mentee, asks=(cast.ask(MilestoneKind.CLOSING_CONVERSATION, 550),), guidance=(guidance("closing"),)
        ),
        "closing conversation to the mentor": ClosingConversationEmail(
            **cast.to_mentor, asks=(cast.ask(MilestoneKind.CLOSING_CONVERSATION, 550),), guidance=(guidance("closing"),)
        ),
    }
