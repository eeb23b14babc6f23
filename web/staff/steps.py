"""A step of staff as pages: a form, what it would lead to, and a yes with a note; every change goes this way."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.forms import read_answers
from domain.previews import email_lines
from emails.links import is_token, random_token
from schemas.enums import StaffAccess
from schemas.errors import MileError, Refusal
from schemas.forms.questions import Question
from schemas.preview import Preview
from services.staff_steps import outcome_of, take_in_background, take_once
from web.form import Field, answered_fields, read_form, rejected_fields
from web.staff.console import Console, StaffVisit, error_status
from web.staff.recipients import recipient_lines
from web.staff.step_form import StepForm

Answers = Mapping[str, str]
# The fields of our own on a step's pages; no question has a name like these.
ACTION, SEEN, TOKEN = "step-action", "step-seen", "step-token"
CONFIRM, EDIT = "confirm", "edit"


MakeForm = Callable[[StaffVisit], Awaitable[StepForm]]
MakePreview = Callable[[StaffVisit, Answers], Awaitable[Preview]]
TakeStep = Callable[[StaffVisit, Answers, str | None], Awaitable[str]]


@dataclass(frozen=True)
class Step:
    """A step of staff: where it is taken, who may take it, what it asks, what it would do, and how it is done.

    ``form`` raises Refusal where the step makes no sense now; ``preview`` raises it where the answers are refused.
    ``take`` returns what was done, as a sentence. ``signs_in_again`` is for what cannot be undone or gives access: it
    takes somebody who has just shown that it is them. ``in_background`` is for what may take longer than people wait
    for a page: it goes on then, and the page it leads back to says when it is done.
    """

    path: str
    name: str
    back: str
    needed: StaffAccess
    form: MakeForm
    preview: MakePreview
    take: TakeStep
    signs_in_again: bool = False
    in_background: bool = False


def step(
    base: str,
    part: str,
    form: MakeForm,
    preview: MakePreview,
    take: TakeStep,
    *,
    name: str | None = None,
    back: str | None = None,
    needed: StaffAccess = StaffAccess.COORDINATOR,
    signs_in_again: bool = False,
    in_background: bool = False,
) -> Step:
    """Return the step at ``base/part``; unless told otherwise, it is named by its part and leads back to its base."""
    return Step(
        path=f"{base}/{part}",
        name=f"staff_{(name or part).replace('-', '_')}",
        back=back or base,
        needed=needed,
        form=form,
        preview=preview,
        take=take,
        signs_in_again=signs_in_again,
        in_background=in_background,
    )


class StepPages:
    """The pages of steps."""

    def __init__(self, console: Console, steps: Sequence[Step]) -> None:
        self._console = console
        self._steps = steps

    @property
    def routes(self) -> list[Route]:
        """Return two routes for each step: to look, which changes nothing, and to send."""
        return [route for step in self._steps for route in self._routes_of(step)]

    def _routes_of(self, step: Step) -> list[Route]:
        pages = _OneStep(self._console, step)
        return [
            self._console.route(step.path, pages.show, name=step.name, needed=step.needed),
            self._console.route(step.path, pages.send, name=f"{step.name}_sent", needed=step.needed, method="POST"),
        ]


@dataclass(frozen=True)
class _OneStep:
    console: Console
    step: Step

    async def show(self, visit: StaffVisit) -> Response:
        """Show the form, or at once what the step would do where it asks nothing."""
        form = await self.step.form(visit)
        if not form.questions:
            return await self._preview(visit, form, {}, {}, await self.step.preview(visit, {}))
        typed = form.typed | _chosen_by_address(visit, form.questions)
        return await self._form(visit, form, answered_fields(form.questions, typed))

    async def send(self, visit: StaffVisit) -> Response:
        """Show what the step would do, or do it: only what was shown, and only once."""
        sent = read_form(visit.request, ())
        token = sent.get(TOKEN, "")
        # Sent twice: what it was about may be gone, so the first one's outcome comes before everything else.
        if sent.get(ACTION) == CONFIRM and await outcome_of(visit.services, visit.member, token) is not None:
            return self._done(visit, token)
        form = await self.step.form(visit)
        posted = read_form(visit.request, form.questions)
        reading = read_answers((*form.questions, form.note), posted)
        problems = reading.problems if posted.get(ACTION) == CONFIRM else _without_note(reading.problems)
        if posted.get(ACTION) == EDIT:
            return await self._form(visit, form, answered_fields(form.questions, posted))
        if problems.keys() - {"note"}:
            return await self._form(visit, form, rejected_fields(form.questions, posted, reading), status=422)
        answers = {name: value for name, value in reading.answers.items() if name != "note"}
        try:
            preview = await self.step.preview(visit, answers)
            if posted.get(ACTION) == CONFIRM and _is_as_seen(preview, posted) and not problems:
                return await self._take(visit, form, answers, reading.answers.get("note"), posted)
        except MileError as error:
            fields = answered_fields(form.questions, posted)
            return await self._form(visit, form, fields, status=error_status(error), refusal=str(error))
        return await self._preview(visit, form, answers, posted, preview, problem=problems.get("note", ""))

    async def _take(
        self, visit: StaffVisit, form: StepForm, answers: Answers, note: str | None, posted: Mapping[str, str]
    ) -> Response:
        if self.step.signs_in_again and not visit.member.authenticated_lately(datetime.now(UTC)):
            await self.console.sessions.send_link(visit.member)
            settings = visit.services.settings
            return await self.console.show(
                visit,
                "staff_step_again.html",
                403,
                form=form,
                hidden=_hidden(posted, form.questions, note=True),
                provider=settings.oidc_name if settings.signs_in_by_oidc else None,
            )
        token = posted.get(TOKEN, "")
        if not is_token(token):
            raise Refusal("This page was not sent as a whole. Please try again.")
        take = take_in_background if self.step.in_background else take_once
        await take(visit.services, visit.member, token, lambda: self.step.take(visit, answers, note))
        return self._done(visit, token)

    def _done(self, visit: StaffVisit, token: str) -> Response:
        return RedirectResponse(f"{visit.path(self.step.back)}?done={token}", status_code=303)

    async def _form(
        self, visit: StaffVisit, form: StepForm, fields: Sequence[Field], *, status: int = 200, refusal: str = ""
    ) -> Response:
        return await self.console.show(
            visit,
            "staff_step_form.html",
            status,
            form=form,
            fields=fields,
            refusal=refusal,
            who=await self.console.who(visit, refusal) if refusal else (),
            back=self._back(visit),
        )

    async def _preview(  # noqa: PLR0917 - they are the parts of one page
        self,
        visit: StaffVisit,
        form: StepForm,
        answers: Answers,
        posted: Mapping[str, str],
        preview: Preview,
        problem: str = "",
    ) -> Response:
        return await self.console.show(
            visit,
            "staff_step_preview.html",
            422 if problem else 200,
            form=form,
            answered=answered_fields([each for each in form.questions if each.name in answers], answers),
            preview=preview,
            emails=list(email_lines(preview, ids=False)),
            recipients=await recipient_lines(visit, preview),
            note=Field(question=form.note, typed=posted.get("note", ""), problem=problem),
            hidden=_hidden(posted, form.questions),
            seen=preview_fingerprint(preview),
            token=random_token(),
            # Somebody else was quicker, or time went on.
            changed=posted.get(ACTION) == CONFIRM and not problem,
            back=self._back(visit),
        )

    def _back(self, visit: StaffVisit) -> str:
        return visit.path(self.step.back)


def _chosen_by_address(visit: StaffVisit, questions: Sequence[Question]) -> dict[str, str]:
    """Return what a link of ours chooses in advance; never words or an address, which a link of others could bring."""
    asked = visit.request.query_params
    return {each.name: asked[each.name] for each in questions if each.kind == "choice" and each.name in asked}


def preview_fingerprint(preview: Preview) -> str:
    """Return what tells one preview from another; it travels with the page.

    An email that leaves some minutes after the yes leaves later while somebody reads, and is the same.
    """
    emails = tuple(email.model_copy(update={"at": None}) if email.soon else email for email in preview.emails)
    preview = preview.model_copy(update={"emails": emails})
    return hashlib.sha256(preview.model_dump_json().encode()).hexdigest()[:32]


def _is_as_seen(preview: Preview, posted: Mapping[str, str]) -> bool:
    return posted.get(SEEN) == preview_fingerprint(preview)


def _hidden(posted: Mapping[str, str], questions: Sequence[Question], *, note: bool = False) -> list[tuple[str, str]]:
    names = [question.name for question in questions]
    names += ["note", ACTION, SEEN, TOKEN] if note else []
    return [(name, posted[name]) for name in names if posted.get(name)]


def _without_note(problems: Mapping[str, str]) -> dict[str, str]:
    return {name: problem for name, problem in problems.items() if name != "note"}
