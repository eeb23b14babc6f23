"""Everybody's answers to the matches proposed to them, their questions, and the draft that follows a decline."""

from datetime import datetime, timedelta

from starlette.responses import Response
from starlette.routing import Route

from domain.calendar import local_day
from domain.formatting import format_day
from domain.labels import label
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import Commitment, Side, StaffAccess
from schemas.matching.proposals import QuestionReply
from services import match_review
from services.proposals import ProposalDetails, ProposalStatus, SideDetails, list_proposals
from services.question_replies import question_replies
from web.staff.console import CLASS, Console, StaffVisit

PROPOSALS = f"{CLASS}/proposals"
PROPOSAL = f"{PROPOSALS}/{{mentor}}/{{mentee}}"
# A deadline is the midnight that ends the last day, and people are told that day.
A_MOMENT = timedelta(seconds=1)
# What needs staff comes first.
_ORDER = (
    ProposalStatus.DECLINED,
    ProposalStatus.ASKED,
    ProposalStatus.WAITING,
    ProposalStatus.FINAL,
    ProposalStatus.WITHDRAWN,
)
_WORDS = {
    ProposalStatus.DECLINED: "declined",
    ProposalStatus.ASKED: "a question is open",
    ProposalStatus.WAITING: "waits for an answer",
    ProposalStatus.FINAL: "final",
    ProposalStatus.WITHDRAWN: "taken back",
}
_SAID = {Commitment.COMMITTED: "yes", Commitment.DECLINED: "no", Commitment.ASKED: "asked a question"}


class ProposalRow(FrozenModel):
    """One proposal as the table shows it; ``open`` ones can be confirmed or declined for somebody."""

    mentor: str
    mentee: str
    mentor_said: str
    mentee_said: str
    days_left: str
    status: str
    open: bool


class QuestionCard(FrozenModel):
    """Somebody's open question about a match, and what staff answered to it so far."""

    mentor: str
    mentee: str
    side: Side
    asker: str
    partner: str
    question: str
    replies: tuple[QuestionReply, ...]


class ProposalsPage:
    """Shows the proposals of a class."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            self._console.route(PROPOSALS, self.show, name="staff_proposals", needed=StaffAccess.COORDINATOR),
        ]

    async def show(self, visit: StaffVisit) -> Response:
        """Show questions first, then everybody's answers, then the draft that changes them."""
        listing = await list_proposals(visit.services, visit.cohort.id)
        replies = await question_replies(visit.services, visit.cohort.id)
        ordered = sorted(listing.proposals, key=lambda each: (_ORDER.index(each.status), each.answer_by))
        now = visit.services.now(visit.cohort.id)
        return await self._console.show(
            visit,
            "staff_proposals.html",
            asks=listing.asks,
            rows=[_row(each, visit.cohort, now) for each in ordered],
            questions=[card for each in ordered for card in _questions(each, replies)],
            names=listing.names,
            draft=await match_review.waiting_draft(visit.services, visit.cohort.id),
            base=visit.path(PROPOSALS),
            runs=visit.path(f"{CLASS}/matching/runs"),
        )


def _row(proposal: ProposalDetails, cohort: CohortSettings, now: datetime) -> ProposalRow:
    return ProposalRow(
        mentor=proposal.mentor.person,
        mentee=proposal.mentee.person,
        mentor_said=_said(proposal.mentor, cohort),
        mentee_said=_said(proposal.mentee, cohort),
        days_left=_days_left(proposal, cohort, now),
        status=_WORDS[proposal.status],
        open=proposal.status is not ProposalStatus.WITHDRAWN,
    )


def _said(side: SideDetails, cohort: CohortSettings) -> str:
    if side.took_back_application:
        return "withdrew"
    if side.commitment is None or side.at is None:
        return "nothing yet"
    why = f" ({label(side.reason)})" if side.reason else ""
    return f"{_SAID[side.commitment]}{why}, {format_day(local_day(side.at, cohort.time_zone), cohort.locale)}"


def _days_left(proposal: ProposalDetails, cohort: CohortSettings, now: datetime) -> str:
    if proposal.status in {ProposalStatus.FINAL, ProposalStatus.WITHDRAWN}:
        return "–"
    last = local_day(proposal.answer_by - A_MOMENT, cohort.time_zone)
    days = (last - local_day(now, cohort.time_zone)).days
    if days < 0:
        return f"over since {format_day(last, cohort.locale)}"
    return "today" if days == 0 else "1 day" if days == 1 else f"{days} days"


def _questions(proposal: ProposalDetails, replies: tuple[QuestionReply, ...]) -> list[QuestionCard]:
    """Return the open questions about a proposal; one about a match that was taken back is not open."""
    if proposal.status is ProposalStatus.WITHDRAWN:
        return []
    sides = ((Side.MENTEE, proposal.mentee, proposal.mentor), (Side.MENTOR, proposal.mentor, proposal.mentee))
    return [
        QuestionCard(
            mentor=proposal.mentor.person,
            mentee=proposal.mentee.person,
            side=side,
            asker=asker.person,
            partner=partner.person,
            question=asker.question,
            replies=tuple(each for each in replies if _answers(each, proposal, side, asker.question)),
        )
        for side, asker, partner in sides
        if asker.question
    ]


def _answers(reply: QuestionReply, proposal: ProposalDetails, side: Side, question: str) -> bool:
    pair = (reply.mentor_id, reply.mentee_id) == (proposal.mentor.person, proposal.mentee.person)
    return pair and (reply.side, reply.question) == (side, question)
