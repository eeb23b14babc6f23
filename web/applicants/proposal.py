"""The page of a proposed match: who, why, until when, and three answers to choose from (A23, A25)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.calendar import local_day, months_after
from domain.forms import FormReading
from domain.matching.proposals import (
    QUESTIONS_BY_COMMITMENT,
    ProposalClosedReason,
    proposal_closed_reason,
    read_proposal_answer,
)
from emails.links import is_token, token_hash
from schemas.enums import Commitment, Side
from schemas.errors import Refusal
from schemas.forms.invitations import DECLINE_REASON, QUESTION_FIRST
from schemas.forms.questions import Question
from schemas.matching.proposals import OpenedProposal
from storage.proposal_answers import ProposalClosed
from web.form import Field, sent_back, to_copy, typed
from web.invitations import Invitation, Invitations
from web.pages import Pages

QUESTIONS: tuple[Question, ...] = (QUESTION_FIRST, DECLINE_REASON)
A_MOMENT = timedelta(seconds=1)


class ProposalPages:
    """Shows what is proposed to somebody, and takes in what they say to it."""

    def __init__(self, invitations: Invitations, pages: Pages) -> None:
        self._invitations = invitations
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of the match page."""
        return [
            Route("/a/{token}/match", self.show, methods=["GET"], name="match"),
            Route("/a/{token}/match", self.take_in, methods=["POST"], name="match_answered"),
        ]

    async def show(self, request: Request) -> Response:
        """Show the match proposed to somebody, or those there are to choose from, or why there is none."""
        opened = await self._opened(request)
        if opened is None:
            return self._pages.unknown_link()
        found = await self._invitations.proposals(opened)
        standing = [one for one in found if not one.match.withdrawn_at]
        if wanted := _with(standing, request.query_params.get("with", "")):
            return self._proposal(opened, wanted, request)
        if len(standing) == 1:
            return self._proposal(opened, standing[0], request)
        if standing:
            return self._several(opened, standing, request)
        return self._withdrawn(opened, found[0]) if found else self._nothing_yet(opened)

    async def take_in(self, request: Request) -> Response:
        """Take in an answer; what cannot be taken comes back with everything typed."""
        opened = await self._opened(request)
        posted = await typed(request, QUESTIONS)
        if opened is None:
            return self._pages.unknown_link(to_copy((), posted))
        found = await self._invitations.proposals(opened)
        wanted = _with(found, posted.get("partner", ""))
        if wanted is None:
            return self._nothing_yet(opened, posted)
        if wanted.match.withdrawn_at:
            return self._withdrawn(opened, wanted, posted)
        return await self._taken(opened, wanted, request, posted)

    async def _taken(
        self, opened: Invitation, wanted: OpenedProposal, request: Request, posted: Mapping[str, str]
    ) -> Response:
        read = read_proposal_answer(posted)
        if read.answer is None and (closed := self._closed(opened, wanted)):
            return self._refused(opened, wanted, ProposalClosed(closed), posted)
        if read.answer is None:
            return self._proposal(opened, wanted, request, posted=posted, problems=read.problems)
        try:
            await self._invitations.answer(opened, wanted.shown.partner.id, read.answer)
        except Refusal as refusal:
            return self._refused(opened, wanted, refusal, posted)
        return RedirectResponse(f"/a/{request.path_params['token']}/match?with={wanted.shown.partner.id}", 303)

    async def _opened(self, request: Request) -> Invitation | None:
        token = request.path_params["token"]
        return await self._invitations.open(token_hash(token)) if is_token(token) else None

    def _closed(self, opened: Invitation, wanted: OpenedProposal) -> ProposalClosedReason | None:
        now = self._invitations.now(opened.cohort.id)
        return proposal_closed_reason(wanted.match, wanted.person.side, opened.cohort, now)

    def _proposal(
        self,
        opened: Invitation,
        wanted: OpenedProposal,
        request: Request,
        *,
        posted: Mapping[str, str] | None = None,
        problems: Mapping[str, str] | None = None,
    ) -> Response:
        cohort, zone = opened.cohort, opened.cohort.time_zone
        fields = _fields(wanted, posted or {}, problems or {})
        return self._pages.page(
            "proposal.html",
            422 if problems else 200,
            cohort=cohort,
            token=request.path_params["token"],
            opened=wanted,
            partner=wanted.shown.partner,
            mentor=wanted.person.side is Side.MENTOR,
            mine=wanted.mine,
            closed=self._closed(opened, wanted),
            answer_on=local_day(wanted.shown.answer_by - A_MOMENT, zone),
            answered_on=local_day(wanted.mine.at, zone) if wanted.mine.at else None,
            ends_on=months_after(cohort.kickoff, cohort.timeline.months),
            contact_by=cohort.kickoff + timedelta(days=cohort.timeline.first_contact.closes),
            fields=fields,
            problems=problems or {},
        )

    def _several(self, opened: Invitation, standing: Sequence[OpenedProposal], request: Request) -> Response:
        return self._pages.page(
            "proposals.html", cohort=opened.cohort, token=request.path_params["token"], standing=standing
        )

    def _withdrawn(
        self, opened: Invitation, withdrawn: OpenedProposal, posted: Mapping[str, str] | None = None
    ) -> Response:
        partner = withdrawn.shown.partner.name
        return self._pages.notice(
            "This match is no longer proposed",
            f"The match with {partner} was part of an arrangement that had to change, so there is nothing for you to "
            "answer now. It says nothing about either of you.",
            "If another match is proposed to you, we write to you, and you find it on this page.",
            status=200 if posted is None else 409,
            cohort=opened.cohort,
            typed=to_copy(QUESTIONS, posted or {}),
        )

    def _nothing_yet(self, opened: Invitation, posted: Mapping[str, str] | None = None) -> Response:
        return self._pages.notice(
            "There is no match for you to answer",
            "As soon as one is proposed to you, we write to you, and you find it on this page.",
            status=200 if posted is None else 409,
            cohort=opened.cohort,
            typed=to_copy(QUESTIONS, posted or {}),
        )

    def _refused(
        self, opened: Invitation, wanted: OpenedProposal, refusal: Refusal, posted: Mapping[str, str]
    ) -> Response:
        return self._pages.notice(
            "Your answer was not saved",
            str(refusal),
            f"If you want something else than what we noted about you and {wanted.shown.partner.name}, please tell "
            f"the {opened.cohort.contact.role}.",
            status=409,
            cohort=opened.cohort,
            typed=to_copy(QUESTIONS, posted),
        )


def _with(found: Sequence[OpenedProposal], partner_id: str) -> OpenedProposal | None:
    return next((one for one in found if one.shown.partner.id == partner_id), None)


def _fields(wanted: OpenedProposal, posted: Mapping[str, str], problems: Mapping[str, str]) -> dict[str, Field]:
    """Return the fields by name as they were sent, or else as they were answered before."""
    mine = wanted.mine
    kept = {QUESTION_FIRST.name: mine.question, DECLINE_REASON.name: mine.reason or ""}
    act = posted.get("act", "")
    shown = kept | {question.name: posted[question.name] for question in QUESTIONS if question.name in posted}
    asked = QUESTIONS_BY_COMMITMENT[Commitment(act)] if problems and act in set(Commitment) else ()
    told = {name: problem for name, problem in problems.items() if name in {question.name for question in asked}}
    fields = sent_back(QUESTIONS, shown, FormReading(answers={}, problems=told))
    return {field.question.name: field for field in fields}
