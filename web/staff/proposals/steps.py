"""Confirming or declining a match for people who said so to staff, and answering a question."""

from schemas.enums import DeclineReason, Side
from schemas.forms.invitations import DECLINE_REASON
from schemas.forms.questions import Choice, Question
from schemas.preview import Preview
from services import match_review
from services.match_review import ClassPeople
from services.proposals import (
    ProposalDecline,
    ProposalSide,
    confirm,
    decline_for,
    preview_confirm,
    preview_decline,
)
from services.question_replies import asked_question, preview_reply, reply
from web.staff.console import StaffVisit
from web.staff.proposals.page import PROPOSAL, PROPOSALS
from web.staff.step_form import StepForm
from web.staff.steps import Answers, MakeForm, MakePreview, Step, TakeStep, step

ANSWER = Question(name="answer", kind="text", label="Your answer", longest=2000, required=True)


def proposal_steps() -> tuple[Step, ...]:
    """Return the steps about proposals."""
    return (
        _of_pair("confirm", _confirm_form, _preview_confirm, _confirm),
        _of_pair("decline", _decline_form, _preview_decline, _decline),
        *(_of_pair(f"reply-to-{side}", _form_of(side), _preview_of(side), _reply_to(side)) for side in Side),
    )


def _of_pair(part: str, form: MakeForm, preview: MakePreview, take: TakeStep) -> Step:
    return step(PROPOSAL, part, form, preview, take, name=f"proposal-{part}", back=PROPOSALS)


async def _people(visit: StaffVisit) -> ClassPeople:
    return await match_review.class_people(visit.services, visit.cohort.id)


def _ids(visit: StaffVisit) -> tuple[str, str]:
    return visit.params["mentor"], visit.params["mentee"]


async def _confirm_form(visit: StaffVisit) -> StepForm:
    mentor, mentee = map((await _people(visit)).name, _ids(visit))
    return StepForm(
        title="Make a match final",
        lead=f"Only if both {mentee} and {mentor} told you that they commit.",
        questions=(),
        submit="Make it final",
        note_hint="Say how you know. It goes in the audit log. Staff of this class can read it.",
        note_required=True,
    )


async def _preview_confirm(visit: StaffVisit, _: Answers) -> Preview:
    name = (await _people(visit)).name
    return (await preview_confirm(visit.services, visit.cohort.id, *_ids(visit), name)).preview or Preview()


async def _confirm(visit: StaffVisit, _: Answers, note: str | None) -> str:
    result = await confirm(visit.services, visit.member.actor, visit.cohort.id, *_ids(visit), note=note or "")
    return result.describe((await _people(visit)).name)


async def _decline_form(visit: StaffVisit) -> StepForm:
    people, (mentor, mentee) = await _people(visit), _ids(visit)
    ids = {Side.MENTEE: mentee, Side.MENTOR: mentor}
    return StepForm(
        title="Decline a match for someone",
        lead=f"The match of {people.name(mentee)} and {people.name(mentor)} ends, and we make a new draft without it.",
        questions=(
            Question(
                name="side",
                kind="choice",
                label="Who told you no?",
                choices=tuple(Choice(value=side, label=f"{people.name(id_)} ({side})") for side, id_ in ids.items()),
                required=True,
            ),
            DECLINE_REASON.model_copy(update={"label": "Why doesn’t it suit them?", "required": False}),
        ),
        submit="Decline it for them",
        note_required=True,
    )


def _decline_request(visit: StaffVisit, answers: Answers) -> ProposalDecline:
    mentor, mentee = _ids(visit)
    reason = DeclineReason(answers.get("reason", DeclineReason.WITHOUT_SAYING))
    return ProposalDecline(mentor=mentor, mentee=mentee, side=Side(answers["side"]), reason=reason)


async def _preview_decline(visit: StaffVisit, answers: Answers) -> Preview:
    name, request = (await _people(visit)).name, _decline_request(visit, answers)
    return (await preview_decline(visit.services, visit.cohort.id, request, name)).preview or Preview()


async def _decline(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    request = _decline_request(visit, answers)
    result = await decline_for(visit.services, visit.member.actor, visit.cohort.id, request, note=note or "")
    said = result.describe((await _people(visit)).name)
    return f"{said} We are making a new draft without this pair." if result.changed else said


def _asked(visit: StaffVisit, side: Side) -> ProposalSide:
    mentor, mentee = _ids(visit)
    return ProposalSide(mentor=mentor, mentee=mentee, side=side)


def _form_of(side: Side) -> MakeForm:
    async def form(visit: StaffVisit) -> StepForm:
        asked, people = _asked(visit, side), await _people(visit)
        question = await asked_question(visit.services, visit.cohort.id, asked)
        return StepForm(
            title=f"Answer {people.name(asked.person)}",
            lead=f"They asked about their match with {people.name(asked.partner)}: “{question}”",
            questions=(ANSWER,),
            submit="Send the answer",
        )

    return form


def _preview_of(side: Side) -> MakePreview:
    async def preview(visit: StaffVisit, _: Answers) -> Preview:
        return await preview_reply(visit.services, visit.cohort.id, _asked(visit, side), (await _people(visit)).name)

    return preview


def _reply_to(side: Side) -> TakeStep:
    async def take(visit: StaffVisit, answers: Answers, note: str | None) -> str:
        asked, people = _asked(visit, side), await _people(visit)
        await reply(visit.services, visit.member.actor, visit.cohort.id, asked, text=answers["answer"], note=note)
        return f"Your answer goes to {people.name(asked.person)}."

    return take
