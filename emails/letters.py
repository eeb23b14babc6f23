"""From what is due to what an email needs to know: whom it is for, what it asks, where that is answered."""

from collections.abc import Mapping
from typing import Any

from emails.contexts import CONTEXTS, AskBlock, ParticipantEmail, StaffNoteEmail
from emails.tokens import token, token_hash
from schemas.base import Value
from schemas.cohort import CohortSettings
from schemas.forms import FORMS
from schemas.mentorship import Ask
from schemas.messages import SendEmail
from schemas.pages import DueMilestone, Link, Partners
from schemas.words import EmailKind, MilestoneKind, Recipient, Side


class Pages(Value):
    """Where participants' pages are, and the key their links are derived with."""

    public_url: str
    secret: bytes

    def url(self, key: str, milestone: str) -> str:
        """Return the address of the page where an email's recipient answers a milestone."""
        return f"{self.public_url}/r/{self._token(key, milestone)}"

    def known(self, order: SendEmail, asks: tuple[Ask, ...]) -> list[tuple[bytes, Link]]:
        """Return the token hashes of an email's links with what they stand for."""
        side = Side(order.to)
        return [
            (
                token_hash(self._token(order.key, ask.milestone)),
                Link(mentorship_id=order.scope_id, milestone=ask.milestone, side=side),
            )
            for ask in asks
        ]

    def _token(self, key: str, milestone: str) -> str:
        return token(self.secret, milestone, key)


def answerable(order: SendEmail, due: Mapping[str, DueMilestone]) -> tuple[Ask, ...]:
    """Return what of an email's asks is answered on a page."""
    return tuple(ask for ask in order.asks if due[ask.milestone].kind in FORMS)


def participant_email(
    order: SendEmail, pair: Partners, due: Mapping[str, DueMilestone], pages: Pages, stuck: frozenset[int]
) -> ParticipantEmail:
    """Return all that an email to a participant needs to know; ``stuck`` are the numbers of goals stuck twice."""
    side, context = Side(order.to), CONTEXTS[order.kind]
    if not issubclass(context, ParticipantEmail):
        raise TypeError(f"{order.kind} is not an email to a participant")
    return context(
        cohort=pair.cohort,
        recipient=pair.of(side),
        partner=pair.of(side.partner),
        ends_on=pair.ends_on,
        occurrence=order.asks[0].occurrence,
        asks=tuple(_block(order.key, due[ask.milestone], pages) for ask in answerable(order, due)),
        **_own(order, pair, due, stuck),
    )


def _own(order: SendEmail, pair: Partners, due: Mapping[str, DueMilestone], stuck: frozenset[int]) -> dict[str, Any]:
    """Return what only this kind of email knows; the mentor's check-in recalls the mentee's goals (A33)."""
    recalled = pair.goals if order.to is Recipient.MENTOR else ()
    match order.kind:
        case EmailKind.WELCOME:
            return {"contact_by": due[MilestoneKind.FIRST_CONTACT].closes_on}
        case EmailKind.CHECK_IN:
            twice = tuple(goal for number, goal in enumerate(recalled, start=1) if number in stuck)
            return {"number": due[order.asks[0].milestone].number, "goals": recalled, "stuck_goals": twice}
        case EmailKind.GOAL_CHECK_IN:
            return {"goals": pair.goals}
        case _:
            return {}


def _block(key: str, milestone: DueMilestone, pages: Pages) -> AskBlock:
    form = FORMS[milestone.kind]
    return AskBlock(
        kind=milestone.kind,
        ask=form.ask,
        url=pages.url(key, milestone.id),
        closes_on=milestone.closes_on,
        minutes=form.minutes,
    )


def staff_note(
    order: SendEmail, cohort: CohortSettings, pair: Partners | None, milestone: DueMilestone | None
) -> StaffNoteEmail:
    """Return all that a note to staff needs to know; ``pair`` and ``milestone`` where it is about a mentorship."""
    if order.reason is None:
        raise ValueError(f"{order.key} has no reason")
    return StaffNoteEmail(
        cohort=cohort,
        reason=order.reason,
        scope_id=order.scope_id,
        mentor=pair.mentor if pair else None,
        mentee=pair.mentee if pair else None,
        about=order.about,
        quarter=milestone.number if milestone and milestone.kind is MilestoneKind.CHECK_IN else None,
    )
