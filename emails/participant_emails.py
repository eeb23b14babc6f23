"""Emails to a mentor or a mentee about their mentorship: read from PostgreSQL, and put together."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from domain.calendar import local_day
from domain.cohort.roles import settings_with_contact
from domain.languages import gettext
from domain.links import milestone_links_end_on
from emails.guidance import Guidance, guidance, topic_of, topic_prompt
from emails.kinds._base.participant import HAVE_PAGES, AskBlock, MeetingAhead, MentorshipFacts, ParticipantEmail
from emails.links import OPPORTUNITIES_PAGE, MilestoneLinks
from emails.registry import PARTICIPANT_EMAILS
from schemas.cohort.opportunities import Opportunity
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, MilestoneKind, Recipient, Side
from schemas.ids import subject_of
from schemas.mentorship.responses import DueMilestone
from schemas.mentorship.state import Ask
from storage import meetings, mentorships, responses
from storage.database import Db
from storage.mentorship_emails import KnownMentorship

# By when an agreement is asked for whose due date is past: its page stays open until the end.
OVERDUE_WITHIN = timedelta(days=14)
# The guidance that goes with what is asked, in whichever email it is asked.
_GUIDANCE = {
    MilestoneKind.AGREEMENT: ("agreement", "stuck"),
    MilestoneKind.MEETING: ("meeting",),
    MilestoneKind.AGREEMENT_REVIEW: ("feedback",),
    MilestoneKind.CLOSING_CONVERSATION: ("closing",),
}


async def read_facts(pool: Db, queued: QueuedEmail, known: KnownMentorship) -> MentorshipFacts:
    """Return all that an email needs to know of its mentorship.

    Only what few kinds read is fetched here, by itself.
    """
    day = local_day(queued.now, known.pair.cohort.time_zone)
    cohort = settings_with_contact(known.pair.cohort, known.role_holders, day)
    due = {milestone.id: milestone for milestone in known.milestones}
    asked = {due[ask.milestone].kind for ask in queued.asks}
    has_topic = MilestoneKind.MEETING in asked or queued.kind is EmailKind.MEETING_AGREED
    facts = MentorshipFacts(
        pair=known.pair.model_copy(update={"cohort": cohort}),
        due=due,
        dates=known.dates,
        topics=known.topics if has_topic else {},
    )
    reads = PARTICIPANT_EMAILS[queued.kind].reads
    # The question is asked in the meeting's email where both come at once, and shows what is open there, too.
    if MilestoneKind.INVOLVEMENT in asked:
        reads |= {"openings"}
    more = {name: await read(pool, queued, known) for name, read in _READERS.items() if name in reads}
    return facts.model_copy(update=more)


def answerable(queued: QueuedEmail, facts: MentorshipFacts) -> tuple[Ask, ...]:
    """Return what of an email's asks has a page for its recipient.

    The page on which a mentee wrote words of thanks is the mentee's own; the mentor gets the words.
    """
    if queued.kind is EmailKind.GRATITUDE:
        return ()
    return tuple(ask for ask in queued.asks if facts.due[ask.milestone].kind in HAVE_PAGES)


def are_too_old(queued: QueuedEmail, facts: MentorshipFacts) -> bool:
    """Tell whether links of a mentorship would open nothing any more."""
    last = max((due.closes_on for due in facts.due.values()), default=facts.pair.ends_on)
    return facts.written_on(queued) > milestone_links_end_on(max(last, facts.pair.ends_on))


def is_settled(queued: QueuedEmail, facts: MentorshipFacts) -> bool:
    """Tell whether an email brings times that are not open any more, as after an outage."""
    return queued.kind is EmailKind.MEETING_PROPOSED and (
        facts.proposal is None or facts.proposal.closed_at is not None
    )


def participant_email(queued: QueuedEmail, facts: MentorshipFacts, links: MilestoneLinks) -> ParticipantEmail:
    """Return all that an email to a participant needs to know."""
    if queued.kind not in PARTICIPANT_EMAILS:
        raise TypeError(f"{queued.kind} is not an email to a participant")
    context, side, pair, day = PARTICIPANT_EMAILS[queued.kind], Side(queued.to), facts.pair, facts.written_on(queued)
    return context.model_validate(
        {
            "cohort": pair.cohort,
            "written_on": day,
            "recipient": pair.of(side),
            "partner": pair.of(side.partner),
            "page_url": facts.page_url,
            "ends_on": pair.ends_on,
            "began_on": pair.starts_on if pair.starts_on != pair.cohort.kickoff_day else None,
            "over": pair.ends_on < day or queued.kind is EmailKind.FAREWELL,
            "occurrence": queued.asks[0].occurrence if queued.asks else 0,
            "asks": tuple(
                _block(queued.key, facts.due[ask.milestone], links, _by(facts.due[ask.milestone], day, pair.ends_on))
                for ask in answerable(queued, facts)
            ),
        }
        | _guidance(queued, facts)
        | context.details(queued, facts)
    )


def _guidance(queued: QueuedEmail, facts: MentorshipFacts) -> dict[str, Any]:
    """A meeting keeps its goals, topic and preparation also where another email announces it (A33, A37)."""
    asked = [facts.due[ask.milestone] for ask in queued.asks]
    first, others = [due for due in asked[:1] if due.kind == str(queued.kind)], asked[1:]
    return {
        "guidance": tuple(text for due in first or _invited(queued, facts) for text in _texts(due, facts)),
        "beside": tuple(
            text
            for due in others
            if due.kind is not MilestoneKind.MEETING or _is_ahead(queued, facts, due)
            for text in _texts(due, facts)
        ),
        "meeting_beside": _meeting_beside(queued, facts, others),
        "openings_beside": _openings_beside(queued, facts, others),
        "openings_beside_url": f"{facts.reminders_url}{OPPORTUNITIES_PAGE}",
    }


def _invited(queued: QueuedEmail, facts: MentorshipFacts) -> list[DueMilestone]:
    """Return the meeting that an email invites to for the first time, if the plan knows of it."""
    date = facts.meeting_date
    new = queued.kind is EmailKind.MEETING_AGREED and date is not None and not date.changed
    return [due for due in facts.due.values() if new and date is not None and due.id == date.milestone_id]


def _texts(due: DueMilestone, facts: MentorshipFacts) -> tuple[Guidance, ...]:
    topic = facts.topics.get(due.id, topic_of(due.number)) if due.kind is MilestoneKind.MEETING else None
    prompts = (topic_prompt(topic),) if topic else ()
    return prompts + tuple(guidance(name) for name in _GUIDANCE.get(due.kind, ()))


def _meeting_beside(queued: QueuedEmail, facts: MentorshipFacts, others: list[DueMilestone]) -> MeetingAhead | None:
    meeting = next((due for due in others if _is_ahead(queued, facts, due)), None)
    if meeting is None:
        return None
    goals = () if PARTICIPANT_EMAILS[queued.kind].lists_goals else facts.goals_for_mentor(queued)
    agreed = facts.agreed(meeting)
    words = facts.moment_for(agreed.starts_at, Side(queued.to), facts.written_on(queued)) if agreed else None
    return MeetingAhead(day=facts.meeting_day(meeting), agreed_at=words, goals=goals)


def _is_ahead(queued: QueuedEmail, facts: MentorshipFacts, due: DueMilestone) -> bool:
    """Tell whether something asked is a meeting to prepare for: not one whose agreed day is past."""
    if due.kind is not MilestoneKind.MEETING:
        return False
    return facts.agreed(due) is None or facts.meeting_day(due) >= facts.written_on(queued)


def _openings_beside(
    queued: QueuedEmail, facts: MentorshipFacts, others: list[DueMilestone]
) -> tuple[Opportunity, ...]:
    """Return what is open in the association where its question stands beside another; some emails list it anyway."""
    beside = any(due.kind is MilestoneKind.INVOLVEMENT for due in others)
    if not beside or "openings" in PARTICIPANT_EMAILS[queued.kind].reads:
        return ()
    return tuple(opening for opening in facts.openings if opening.area == "involvement")


def _block(key: str, milestone: DueMilestone, links: MilestoneLinks, by: date) -> AskBlock:
    ask, minutes = HAVE_PAGES[milestone.kind]
    return AskBlock(
        kind=milestone.kind,
        ask=gettext(ask),
        url=links.url(key, milestone.id),
        closes_on=by,
        minutes=minutes,
    )


def _by(milestone: DueMilestone, day: date, ends_on: date) -> date:
    if milestone.kind is MilestoneKind.AGREEMENT and milestone.closes_on < day <= ends_on:
        return min(day + OVERDUE_WITHIN, ends_on)
    return milestone.closes_on


async def _stuck(pool: Db, queued: QueuedEmail, known: KnownMentorship) -> object:
    return known.stuck_goals if queued.to is Recipient.MENTOR else frozenset()


async def _openings(pool: Db, queued: QueuedEmail, known: KnownMentorship) -> object:
    kinds, day = known.wanted_kinds.get(known.pair.of(Side(queued.to)).id), _written_on(queued, known)
    openings = (opening for opening in known.opportunities if opening.closes_on >= day)
    return tuple(opening for opening in openings if kinds is None or opening.kind in kinds)


async def _coming(pool: Db, queued: QueuedEmail, known: KnownMentorship) -> object:
    return await mentorships.milestones_after(pool, queued.scope_id, _written_on(queued, known))


def _written_on(queued: QueuedEmail, known: KnownMentorship) -> date:
    return local_day(queued.at, known.pair.cohort.time_zone)


async def _outcome(pool: Db, queued: QueuedEmail, known: KnownMentorship) -> object:
    return known.outcome


async def _replaced(pool: Db, queued: QueuedEmail, known: KnownMentorship) -> object:
    return await mentorships.successor(pool, queued.scope_id) is not None


async def _thanks(pool: Db, queued: QueuedEmail, known: KnownMentorship) -> object:
    return await responses.thanks_text(pool, queued.scope_id, queued.asks[0].milestone) or ""


async def _meeting_date(pool: Db, queued: QueuedEmail, known: KnownMentorship) -> object:
    milestone, _, revision = subject_of(queued.key).rpartition("-")
    return await meetings.date_at(pool, queued.scope_id, milestone, int(revision))


async def _proposal(pool: Db, queued: QueuedEmail, known: KnownMentorship) -> object:
    return await meetings.proposal(pool, queued.scope_id, int(subject_of(queued.key).rpartition("-")[2]))


_READERS: dict[str, Callable[[Db, QueuedEmail, KnownMentorship], Awaitable[object]]] = {
    "stuck": _stuck,
    "openings": _openings,
    "coming": _coming,
    "outcome": _outcome,
    "replaced": _replaced,
    "thanks": _thanks,
    "meeting_date": _meeting_date,
    "proposal": _proposal,
}
