"""From what is due to what an email needs to know: whom it is for, what it asks, where that is answered."""

from datetime import date, timedelta

from emails.contexts import AskBlock, ParticipantEmail
from emails.facts import Facts, written_on
from emails.kinds import PARTICIPANT_EMAILS
from emails.links import MilestoneLinks
from emails.particulars import particulars
from schemas.emails.messages import SendEmail
from schemas.enums import EmailKind, MilestoneKind, Side
from schemas.forms.agreement import AGREEMENT
from schemas.forms.catalog import FORMS
from schemas.mentorship.responses import DueMilestone
from schemas.mentorship.state import Ask

# What a page that asks no questions is good for, and how many minutes it takes.
WITHOUT_QUESTIONS = {MilestoneKind.FAREWELL: ("look at your dates and fetch your certificate", 1)}
ASKED = {kind: (form.ask, form.minutes) for kind, form in (FORMS | {AGREEMENT.kind: AGREEMENT}).items()}
HAVE_PAGES = ASKED | WITHOUT_QUESTIONS
# By when an agreement is asked for whose due date is past: its page stays open.
OVERDUE_WITHIN = timedelta(days=14)


def answerable(order: SendEmail, facts: Facts) -> tuple[Ask, ...]:
    """Return what of an email's asks has a page for its recipient.

    The page on which a mentee wrote words of thanks is the mentee's own; the mentor gets the words.
    """
    if order.kind is EmailKind.GRATITUDE:
        return ()
    return tuple(ask for ask in order.asks if facts.due[ask.milestone].kind in HAVE_PAGES)


def participant_email(order: SendEmail, facts: Facts, pages: MilestoneLinks) -> ParticipantEmail:
    """Return all that an email to a participant needs to know."""
    if order.kind not in PARTICIPANT_EMAILS:
        raise TypeError(f"{order.kind} is not an email to a participant")
    side, pair, day = Side(order.to), facts.pair, written_on(order, facts)
    asks = answerable(order, facts)
    return PARTICIPANT_EMAILS[order.kind](
        cohort=pair.cohort,
        recipient=pair.of(side),
        partner=pair.of(side.partner),
        ends_on=pair.ends_on,
        began_on=pair.starts_on if pair.starts_on != pair.cohort.kickoff else None,
        over=pair.ends_on < day or order.kind is EmailKind.FAREWELL,
        occurrence=order.asks[0].occurrence if order.asks else 0,
        asks=tuple(_block(order.key, facts.due[ask.milestone], pages, day) for ask in asks),
        **particulars(order, facts),
    )


def _block(key: str, milestone: DueMilestone, pages: MilestoneLinks, day: date) -> AskBlock:
    ask, minutes = HAVE_PAGES[milestone.kind]
    return AskBlock(
        kind=milestone.kind,
        ask=ask,
        url=pages.url(key, milestone.id),
        closes_on=_by(milestone, day),
        minutes=minutes,
    )


def _by(milestone: DueMilestone, day: date) -> date:
    if milestone.kind is MilestoneKind.AGREEMENT and milestone.closes_on < day:
        return day + OVERDUE_WITHIN
    return milestone.closes_on
