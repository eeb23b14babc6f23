"""The forms on a participant's own page: a call, their details and address, reminders, and a new link."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.forms import form_for, read_answers
from domain.languages import gettext
from schemas.errors import Refusal
from schemas.forms.own_page import (
    ADDRESS,
    CALENDAR,
    CALENDAR_REMOVED,
    CALL,
    DETAILS,
    NEW_LINK,
    PAUSE,
    RESUME,
    STAY_IN_TOUCH,
)
from schemas.forms.questions import FormPage
from schemas.mentorship.my_mentorship import MyMentorship, ParticipantDetails
from schemas.translatable import gettext_noop
from services.my_mentorship import MyMentorshipService
from services.participant_steps import ParticipantStepService
from web.form import answered_fields, copyable_answers, read_form, rejected_fields
from web.links import Endpoint, behind_link
from web.pages import Pages
from web.participants.addresses import own_page

# What the page says after a step, by its name.
SAVED = {
    "call": gettext_noop("We told staff that you would like a call. We did not tell your partner."),
    "details": gettext_noop("We saved your changes."),
    "address": gettext_noop(
        "We emailed your new address a link. Please confirm there. Until then, our emails come to the old one."
    ),
    "ready": gettext_noop("We saved your list. Only you can see it."),
    "pause": gettext_noop("Your reminders are paused."),
    "resume": gettext_noop("You get reminders again."),
    "calendar": gettext_noop("We will read your calendar within a few minutes."),
    "calendar-remove": gettext_noop("We no longer read your calendar."),
    "touch": gettext_noop("We saved your answer."),
    "leave": gettext_noop("We noted that you want to leave, and told staff. You can take it back here."),
    "stay": gettext_noop("You stay. Nothing has changed."),
    "times": gettext_noop("We emailed your times to your partner."),
    "date": gettext_noop("You two have a date. We emailed an invitation to both of you."),
    "taken-back": gettext_noop("You took your times back."),
    "changed": gettext_noop("We saved the change, and emailed the invitation to both of you again."),
    "cancelled": gettext_noop("The meeting is called off. We told your partner."),
    "no-calendar": gettext_noop("Your calendar address opens nothing any more."),
}


_YES_NO = {True: "yes", False: "no", None: ""}


@dataclass(frozen=True)
class OwnStep:
    """A step on a participant's own page: its form and button, and what it does with the answers."""

    form: FormPage
    submit: str
    take: Callable[[MyMentorship, Mapping[str, str]], Awaitable[None]]


class OwnStepPages:
    """Shows the form of each step, and takes it."""

    def __init__(self, service: MyMentorshipService, steps: ParticipantStepService, pages: Pages) -> None:
        self._service = service
        self._pages = pages
        self._service_of_steps = steps
        self._steps = {
            "call": OwnStep(CALL, gettext_noop("Ask for a call"), self._call),
            "details": OwnStep(DETAILS, gettext_noop("Save my changes"), self._details),
            "address": OwnStep(ADDRESS, gettext_noop("Email my new address"), self._address),
            "pause": OwnStep(PAUSE, gettext_noop("Pause reminders"), self._pause),
            "resume": OwnStep(RESUME, gettext_noop("Send me reminders again"), self._resume),
            "calendar": OwnStep(CALENDAR, gettext_noop("Save the address"), self._calendar),
            "calendar-remove": OwnStep(CALENDAR_REMOVED, gettext_noop("Stop reading it"), self._calendar_removed),
            "touch": OwnStep(STAY_IN_TOUCH, gettext_noop("Save my answer"), self._touch),
            "new-link": OwnStep(NEW_LINK, gettext_noop("Email me a new link"), self._new_link),
        }

    @property
    def routes(self) -> list[Route]:
        """Return the routes of the steps below somebody's own page."""
        return [route for name in self._steps for route in self._routes_of(name)]

    def _routes_of(self, name: str) -> list[Route]:
        behind = behind_link(self._service.open, self._pages, "mentorship_id")
        path, step = f"/m/{{token}}/{{mentorship_id}}/{name}", self._steps[name]

        async def show(request: Request, page: MyMentorship) -> Response:
            form = form_for(step.form, page.cohort)
            asked = {question.name for question in form.questions if step.form is not ADDRESS}
            stored = page.pair.of(page.side).model_dump(include=asked, exclude_none=True)
            known = stored | {"touch": _YES_NO[page.wants_contact]}
            return self._form(request, page, step, answered_fields(form.questions, known))

        async def take(request: Request, page: MyMentorship) -> Response:
            return await self._take(request, page, name)

        shown: Endpoint = behind(show)
        taken: Endpoint = behind(take)
        return [
            Route(path, shown, methods=["GET"], name=f"my_{name}"),
            Route(path, taken, methods=["POST"], name=f"my_{name}_taken"),
        ]

    async def _take(self, request: Request, page: MyMentorship, name: str) -> Response:
        step = self._steps[name]
        questions = form_for(step.form, page.cohort).questions
        posted = read_form(request, questions)
        reading = read_answers(questions, posted)
        if reading.problems:
            return self._form(request, page, step, rejected_fields(questions, posted, reading), 422)
        try:
            await step.take(page, reading.answers)
        except Refusal as refusal:
            typed = copyable_answers(questions, posted, page.cohort.locale)
            return self._pages.notice(
                gettext("We could not do this"),
                str(refusal),
                status=409,
                cohort=page.cohort,
                typed=typed,
                back=own_page(request),
            )
        if name == "new-link":
            return self._pages.notice(
                gettext("Check your email"),
                gettext("We sent you a new link. The link that you used until now does not work any more."),
                cohort=page.cohort,
            )
        return RedirectResponse(f"{own_page(request)}?saved={name}", status_code=303)

    def _form(self, request: Request, page: MyMentorship, step: OwnStep, fields: object, status: int = 200) -> Response:
        return self._pages.page(
            "own_step.html",
            status,
            cohort=page.cohort,
            back=own_page(request),
            form=form_for(step.form, page.cohort),
            submit=gettext(step.submit),
            fields=fields,
        )

    async def _call(self, page: MyMentorship, answers: Mapping[str, str]) -> None:
        await self._service_of_steps.ask_for_call(page, answers["about"], answers.get("words", ""))

    async def _details(self, page: MyMentorship, answers: Mapping[str, str]) -> None:
        await self._service_of_steps.change_details(page, ParticipantDetails.model_validate(answers))

    async def _address(self, page: MyMentorship, answers: Mapping[str, str]) -> None:
        await self._service_of_steps.addresses.ask(page, answers["email"])

    async def _pause(self, page: MyMentorship, answers: Mapping[str, str]) -> None:
        until = date.fromisoformat(answers["until"]) if "until" in answers else None
        await self._service_of_steps.pause_reminders(page, until)

    async def _resume(self, page: MyMentorship, _: Mapping[str, str]) -> None:
        await self._service_of_steps.resume_reminders(page)

    async def _calendar(self, page: MyMentorship, answers: Mapping[str, str]) -> None:
        await self._service_of_steps.calendars.subscribe(page, answers["calendar"])

    async def _calendar_removed(self, page: MyMentorship, _: Mapping[str, str]) -> None:
        await self._service_of_steps.calendars.unsubscribe(page)

    async def _touch(self, page: MyMentorship, answers: Mapping[str, str]) -> None:
        await self._service_of_steps.say_stay_in_touch(page, wanted=answers["touch"] == "yes")

    async def _new_link(self, page: MyMentorship, _: Mapping[str, str]) -> None:
        await self._service_of_steps.send_new_link(page)
