"""The page of a proposed match: who, why, until when, and three answers to choose from (A23, A25)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.applications.mentee_answers import told_at_intake
from domain.calendar import local_day, months_after
from domain.forms import FormReading
from domain.languages import gettext, translated
from domain.matching.proposals import (
    QUESTIONS_BY_COMMITMENT,
    ProposalClosed,
    ProposalClosedReason,
    proposal_closed_reason,
    read_proposal_answer,
)
from schemas.actor import Actor
from schemas.enums import Commitment, Side
from schemas.errors import Refusal
from schemas.forms.invitations import DECLINE_REASON, QUESTION_FIRST
from schemas.forms.questions import Question
from schemas.matching.proposals import OpenedProposal
from services.invitations import Invitation, InvitationService
from web.applicants.called_off import called_off_page, is_called_off
from web.form import Field, copyable_answers, read_form, rejected_fields
from web.links import behind_link
from web.pages import Pages

QUESTIONS: tuple[Question, ...] = (QUESTION_FIRST, DECLINE_REASON)
# A deadline is the midnight that ends the last day, and people are told that day.
A_MOMENT = timedelta(seconds=1)


class ProposalPages:
    """Shows the matches proposed to a participant, and saves their answers."""

    def __init__(self, invitations: InvitationService, pages: Pages) -> None:
        self._invitations = invitations
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of the match page."""
        behind = behind_link(self._invitations.open, self._pages)
        return [
            Route("/a/{token}/match", behind(self.show_proposal), methods=["GET"], name="match"),
            Route("/a/{token}/match", behind(self.save_answer), methods=["POST"], name="match_answered"),
        ]

    async def show_proposal(self, request: Request, invitation: Invitation) -> Response:
        """Show the proposed match, or the list where a mentor has several, or why there is none."""
        if is_called_off(invitation, self._invitations.now(invitation.cohort.id)):
            return called_off_page(invitation, self._pages)
        proposals = await self._invitations.proposals(invitation)
        proposed = [proposal for proposal in proposals if not proposal.match.withdrawn_at]
        if proposal := _with(proposed, request.query_params.get("with", "")):
            return self._proposal(invitation, proposal, request)
        if len(proposed) == 1:
            return self._proposal(invitation, proposed[0], request)
        if proposed:
            return self._several(invitation, proposed, request)
        return self._withdrawn(invitation, proposals[0]) if proposals else self._no_proposal(invitation)

    async def save_answer(self, request: Request, invitation: Invitation) -> Response:
        """Save an answer; one that cannot be saved comes back with everything typed."""
        posted = read_form(request, QUESTIONS)
        proposals = await self._invitations.proposals(invitation)
        proposal = _with(proposals, posted.get("partner", ""))
        if proposal is None:
            return self._no_proposal(invitation, posted)
        if proposal.match.withdrawn_at:
            return self._withdrawn(invitation, proposal, posted)
        return await self._save(invitation, proposal, request, posted)

    async def _save(
        self, invitation: Invitation, proposal: OpenedProposal, request: Request, posted: Mapping[str, str]
    ) -> Response:
        reading = read_proposal_answer(posted)
        if reading.answer is None and (closed := self._closed(invitation, proposal)):
            return self._refused(invitation, proposal, ProposalClosed(closed), posted)
        if reading.answer is None:
            return self._proposal(invitation, proposal, request, posted=posted, problems=reading.problems)
        try:
            actor = Actor.participant(invitation.person_id)
            await self._invitations.answer_proposal(actor, invitation, proposal.shown.partner.id, reading.answer)
        except Refusal as refusal:
            return self._refused(invitation, proposal, refusal, posted)
        return RedirectResponse(f"/a/{request.path_params['token']}/match?with={proposal.shown.partner.id}", 303)

    def _closed(self, invitation: Invitation, proposal: OpenedProposal) -> ProposalClosedReason | None:
        now = self._invitations.now(invitation.cohort.id)
        return proposal_closed_reason(proposal.match, proposal.person.side, invitation.cohort, now)

    def _proposal(
        self,
        invitation: Invitation,
        proposal: OpenedProposal,
        request: Request,
        *,
        posted: Mapping[str, str] | None = None,
        problems: Mapping[str, str] | None = None,
    ) -> Response:
        cohort, zone = invitation.cohort, invitation.cohort.time_zone
        fields = _fields(proposal, posted or {}, problems or {})
        return self._pages.page(
            "proposal.html",
            422 if problems else 200,
            cohort=cohort,
            token=request.path_params["token"],
            opened=proposal,
            partner=proposal.shown.partner,
            mentor=proposal.person.side is Side.MENTOR,
            mine=proposal.mine,
            intake=told_at_intake(proposal.shown.intake),
            closed=self._closed(invitation, proposal),
            answer_on=local_day(proposal.shown.answer_by - A_MOMENT, zone),
            answered_on=local_day(proposal.mine.at, zone) if proposal.mine.at else None,
            ends_on=months_after(cohort.kickoff_day, cohort.timeline.months),
            contact_by=cohort.kickoff_day + timedelta(days=cohort.timeline.first_contact.closes),
            fields=fields,
            problems=problems or {},
        )

    def _several(self, invitation: Invitation, proposed: Sequence[OpenedProposal], request: Request) -> Response:
        return self._pages.page(
            "proposals.html", cohort=invitation.cohort, token=request.path_params["token"], proposals=proposed
        )

    def _withdrawn(
        self, invitation: Invitation, withdrawn: OpenedProposal, posted: Mapping[str, str] | None = None
    ) -> Response:
        return self._pages.notice(
            gettext("We took back this match"),
            gettext(
                "We had to change some matches, also the one with %(partner)s. You don’t need to do anything. It says "
                "nothing about either of you.",
                partner=withdrawn.shown.partner.name,
            ),
            gettext("We’ll email you when we have another match for you. You’ll find it on this page."),
            status=200 if posted is None else 409,
            cohort=invitation.cohort,
            typed=copyable_answers(_questions(), posted or {}),
        )

    def _no_proposal(self, invitation: Invitation, posted: Mapping[str, str] | None = None) -> Response:
        return self._pages.notice(
            gettext("We have no match for you yet"),
            gettext("We’ll email you when we have one. You’ll find it on this page."),
            status=200 if posted is None else 409,
            cohort=invitation.cohort,
            typed=copyable_answers(_questions(), posted or {}),
        )

    def _refused(
        self, invitation: Invitation, proposal: OpenedProposal, refusal: Refusal, posted: Mapping[str, str]
    ) -> Response:
        return self._pages.notice(
            gettext("We could not save your answer"),
            str(refusal),
            gettext(
                "If you want to change your answer about %(partner)s, please tell the %(role)s.",
                partner=proposal.shown.partner.name,
                role=invitation.cohort.contact.role,
            ),
            status=409,
            cohort=invitation.cohort,
            typed=copyable_answers(_questions(), posted),
        )


def _questions() -> tuple[Question, ...]:
    return tuple(map(translated, QUESTIONS))


def _with(proposals: Sequence[OpenedProposal], partner_id: str) -> OpenedProposal | None:
    return next((proposal for proposal in proposals if proposal.shown.partner.id == partner_id), None)


def _fields(proposal: OpenedProposal, posted: Mapping[str, str], problems: Mapping[str, str]) -> dict[str, Field]:
    """Return the fields by name as they were sent, or else as they were answered before."""
    answer = proposal.mine
    saved = {QUESTION_FIRST.name: answer.question, DECLINE_REASON.name: answer.reason or ""}
    act = posted.get("act", "")
    shown = saved | {question.name: posted[question.name] for question in QUESTIONS if question.name in posted}
    questions = QUESTIONS_BY_COMMITMENT[Commitment(act)] if problems and act in set(Commitment) else ()
    problems_shown = {
        name: problem for name, problem in problems.items() if name in {question.name for question in questions}
    }
    fields = rejected_fields(_questions(), shown, FormReading(answers={}, problems=problems_shown))
    return {field.question.name: field for field in fields}
