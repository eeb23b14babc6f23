"""Finding a date on one's own page: propose times, choose among them, move, change or cancel a meeting."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.forms import FormReading, read_answers
from domain.languages import gettext, translated
from domain.mentorship.meeting_times import both_times, moment_of, zone_of
from schemas.days import YEARS
from schemas.errors import Refusal
from schemas.forms.meetings import CHANGE_PLACE, CHOOSE, OWN_TIMES, PROPOSE, times_question
from schemas.forms.questions import FormPage, Question
from schemas.mentorship.meetings import MOST_TIMES, MeetingDate, ProposedTimes
from schemas.mentorship.my_mentorship import MyMentorship
from services.meetings import MeetingService
from services.my_mentorship import MyMentorshipService
from web.form import answered_fields, copyable_answers, number_of, read_form, rejected_fields
from web.links import behind_link
from web.pages import Pages
from web.participants.addresses import own_page

PATH = "/m/{token}/{mentorship_id}/meetings"
# The form of a moment's value in a form: UTC, to the minute.
VALUE = "%Y%m%dT%H%MZ"
# For which a time that is suggested has to be free, before anybody says how long.
USUAL_MINUTES = 60


class MeetingPages:
    """Shows the forms about a pair's meetings, and takes each step."""

    def __init__(self, service: MyMentorshipService, steps: MeetingService, pages: Pages) -> None:
        self._service = service
        self._steps = steps
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes below somebody's own page."""
        behind = behind_link(self._service.open, self._pages, "mentorship_id")
        shown = {
            "find": self.show_find,
            "choose": self.show_choose,
            "{milestone}/move": self.show_find,
            "{milestone}/change": self.show_change,
            "{milestone}/cancel": self.show_cancel,
        }
        taken = {
            "find": self.propose,
            "choose": self.choose,
            "take-back": self.take_back,
            "{milestone}/move": self.propose,
            "{milestone}/change": self.change,
            "{milestone}/cancel": self.cancel,
        }
        return [
            *(
                Route(f"{PATH}/{path}", behind(show), methods=["GET"], name=f"my_meeting_{_name(path)}")
                for path, show in shown.items()
            ),
            *(
                Route(f"{PATH}/{path}", behind(take), methods=["POST"], name=f"my_meeting_{_name(path)}_taken")
                for path, take in taken.items()
            ),
        ]

    async def show_find(self, request: Request, page: MyMentorship) -> Response:
        """Ask for up to five times; scanners open links, so this changes nothing."""
        if page.outcome is not None or (_moves(request) and _ahead(page, request) is None):
            return self._over(request, page)
        questions = await self._proposal_questions(page, {})
        known = _ahead(page, request)
        saved = {"minutes": str(known.minutes), "place": known.place, "question": known.question} if known else {}
        return self._form(request, page, PROPOSE, answered_fields(questions, saved), gettext("Send these times"))

    async def propose(self, request: Request, page: MyMentorship) -> Response:
        """Send the times to the partner."""
        posted = read_form(request, (times_question((), ""),))
        if _moves(request) and _ahead(page, request) is None:
            return self._over(request, page, PROPOSE, posted)
        questions = await self._proposal_questions(page, posted)
        reading = _read_times(questions, posted, page)
        if reading.problems:
            fields = rejected_fields(questions, posted, reading)
            return self._form(request, page, PROPOSE, fields, gettext("Send these times"), 422)
        said = reading.answers
        proposed = ProposedTimes(
            side=page.side,
            times=tuple(_moment(value) for value in said["times"].split(",")),
            minutes=int(said["minutes"]),
            place=said.get("place", ""),
            question=said.get("question", ""),
            moves=request.path_params.get("milestone"),
            proposed_at=page.now,
        )
        try:
            await self._steps.propose(page, proposed)
        except Refusal as refusal:
            return self._refused(request, page, refusal, questions, posted)
        return _back(request, "times")

    async def show_choose(self, request: Request, page: MyMentorship) -> Response:
        """Show the times that the partner proposes."""
        questions = await self._choice_questions(page)
        if questions is None:
            return self._over(request, page)
        return self._form(
            request, page, CHOOSE, answered_fields(questions, {}), gettext("These suit me"), choosing=True
        )

    async def choose(self, request: Request, page: MyMentorship) -> Response:
        """Take the first time that suits both."""
        questions = await self._choice_questions(page)
        posted = read_form(request, questions or ())
        if questions is None or page.proposal is None:
            return self._over(request, page, CHOOSE, posted)
        reading = read_answers(questions, posted)
        if reading.problems:
            fields = rejected_fields(questions, posted, reading)
            return self._form(request, page, CHOOSE, fields, gettext("These suit me"), 422, choosing=True)
        times = [_moment(value) for value in reading.answers["times"].split(",")]
        try:
            await self._steps.choose(page, page.proposal.number, times, reading.answers.get("question", ""))
        except Refusal as refusal:
            return self._refused(request, page, refusal, questions, posted)
        return _back(request, "date")

    async def take_back(self, request: Request, page: MyMentorship) -> Response:
        """Take back the times that one proposed."""
        await self._steps.take_back(page)
        return _back(request, "taken-back")

    async def show_change(self, request: Request, page: MyMentorship) -> Response:
        """Show where a meeting is and how long it takes."""
        known = _ahead(page, request)
        if known is None:
            return self._over(request, page)
        said = {"minutes": str(known.minutes), "place": known.place, "question": known.question}
        fields = answered_fields(_asked(CHANGE_PLACE, page), said)
        return self._form(request, page, CHANGE_PLACE, fields, gettext("Save and tell us both"), seen=known.revision)

    async def change(self, request: Request, page: MyMentorship) -> Response:
        """Save where a meeting is and how long it takes."""
        questions = _asked(CHANGE_PLACE, page)
        posted = read_form(request, questions)
        reading = read_answers(questions, posted)
        if reading.problems:
            fields = rejected_fields(questions, posted, reading)
            submit, seen = gettext("Save and tell us both"), _seen(posted)
            return self._form(request, page, CHANGE_PLACE, fields, submit, 422, seen=seen)
        said = reading.answers
        try:
            await self._steps.change_place(
                page,
                request.path_params["milestone"],
                int(said["minutes"]),
                said.get("place", ""),
                said.get("question", ""),
                seen=_seen(posted),
            )
        except Refusal as refusal:
            return self._refused(request, page, refusal, questions, posted)
        return _back(request, "changed")

    async def show_cancel(self, request: Request, page: MyMentorship) -> Response:
        """Ask once more, and say what happens."""
        known = _ahead(page, request)
        if known is None:
            return self._over(request, page)
        return self._pages.page(
            "meeting_cancelled.html",
            cohort=page.cohort,
            back=own_page(request),
            when=meeting_words(page, known.starts_at),
            seen=known.revision,
            partner=page.pair.of(page.side.partner),
            move=f"{own_page(request)}/meetings/{known.milestone_id}/move",
        )

    async def cancel(self, request: Request, page: MyMentorship) -> Response:
        """Cancel a meeting."""
        try:
            await self._steps.cancel(page, request.path_params["milestone"], seen=_seen(read_form(request, ())))
        except Refusal as refusal:
            return self._refused(request, page, refusal, (), {})
        return _back(request, "cancelled")

    async def _proposal_questions(self, page: MyMentorship, posted: Mapping[str, str]) -> tuple[Question, ...]:
        suggested = await self._steps.suggestions(page)
        # What was on the page when it was opened is still an answer, even if it is not suggested any more.
        ticked = [_moment(value) for value in posted.get("times", "").split(",") if _is_moment(value)]
        times = sorted({*suggested, *ticked})
        hint = gettext("Your partner sees each time in their own time zone.") if _zones_differ(page) else ""
        busy = await self._steps.busy_at(page, times, USUAL_MINUTES)
        offered = times_question(_values(page, times, busy), gettext("Which times suit you?"), hint)
        return offered, *_asked(PROPOSE, page)

    async def _choice_questions(self, page: MyMentorship) -> tuple[Question, ...] | None:
        """Return what is asked of whoever chooses, or None where there is nothing to choose from."""
        proposed = page.proposal
        ahead = [at for at in sorted(proposed.times) if at > page.now] if proposed else []
        if proposed is None or proposed.side is page.side or page.outcome is not None or not ahead:
            return None
        busy = await self._steps.busy_at(page, ahead, proposed.minutes)
        offered = times_question(_values(page, ahead, busy), gettext("Which of them suit you?"))
        return offered.model_copy(update={"required": True}), *_asked(CHOOSE, page)

    def _form(  # noqa: PLR0917 - they are what a form is
        self,
        request: Request,
        page: MyMentorship,
        form: FormPage,
        fields: object,
        submit: str,
        status: int = 200,
        *,
        choosing: bool = False,
        seen: int | None = None,
    ) -> Response:
        return self._pages.page(
            "meeting_step.html",
            status,
            cohort=page.cohort,
            back=own_page(request),
            form=translated(form),
            submit=submit,
            fields=fields,
            proposal=page.proposal if choosing else None,
            seen=seen,
            partner=page.pair.of(page.side.partner),
            find=f"{own_page(request)}/meetings/find",
        )

    def _over(
        self,
        request: Request,
        page: MyMentorship,
        form: FormPage | None = None,
        posted: Mapping[str, str] | None = None,
    ) -> Response:
        """Say that a step is not open any more; what was typed into its form can be copied from there."""
        typed = copyable_answers(_asked(form, page), posted or {}, page.cohort.locale) if form else []
        return self._pages.notice(
            gettext("This is not open any more"),
            gettext("Your page shows what you two have planned."),
            status=409,
            cohort=page.cohort,
            typed=typed,
            back=own_page(request),
        )

    def _refused(
        self,
        request: Request,
        page: MyMentorship,
        refusal: Refusal,
        questions: tuple[Question, ...],
        posted: Mapping[str, str],
    ) -> Response:
        typed = copyable_answers(questions, posted, page.cohort.locale) if questions else []
        return self._pages.notice(
            gettext("We could not do this"),
            str(refusal),
            status=409,
            cohort=page.cohort,
            typed=typed,
            back=own_page(request),
        )


def meeting_words(page: MyMentorship, moment: datetime) -> str:
    """Return a moment as the page's owner reads it, and as their partner does where clocks differ."""
    reader, partner, cohort = page.pair.of(page.side), page.pair.of(page.side.partner), page.cohort
    return both_times(moment, reader, partner, cohort.time_zone, cohort.locale)


def _asked(form: FormPage, page: MyMentorship) -> tuple[Question, ...]:
    return tuple(question for question in translated(form).questions if page.side in question.asked)


def _values(page: MyMentorship, times: list[datetime], busy: Collection[datetime]) -> tuple[tuple[str, str], ...]:
    words = [
        gettext("%(time)s (you are busy then)", time=meeting_words(page, at)) if at in busy else meeting_words(page, at)
        for at in times
    ]
    return tuple((at.astimezone(UTC).strftime(VALUE), said) for at, said in zip(times, words, strict=True))


def _read_times(questions: tuple[Question, ...], posted: Mapping[str, str], page: MyMentorship) -> FormReading:
    """Read a proposal: the times that were ticked, and those that were typed as a day and a time."""
    reading = read_answers(questions, posted)
    answers, problems = dict(reading.answers), dict(reading.problems)
    times = {value for value in answers.get("times", "").split(",") if value}
    for number in range(1, OWN_TIMES + 1):
        day, at = f"day_{number}", f"time_{number}"
        if day in problems or at in problems or not (day in answers or at in answers):
            continue
        if not (day in answers and at in answers):
            if day in answers:
                problems[at] = gettext("Please enter the time, too.")
            else:
                problems[day] = gettext("Please enter the day, too.")
            continue
        try:
            moment = moment_of(
                date.fromisoformat(answers[day]),
                time.fromisoformat(answers[at]),
                zone_of(page.pair.of(page.side), page.cohort.time_zone),
            )
        except Refusal as refusal:
            problems[at] = str(refusal)
            continue
        times.add(moment.strftime(VALUE))
    if not problems and not times:
        problems["times"] = gettext("Please choose at least one time.")
    if len(times) > MOST_TIMES:
        problems["times"] = gettext(
            "You chose %(count)s times. Please choose at most %(most)s.", count=len(times), most=MOST_TIMES
        )
    return FormReading(answers=answers | {"times": ",".join(sorted(times))}, problems=problems)


def _zones_differ(page: MyMentorship) -> bool:
    zone = page.cohort.time_zone
    return zone_of(page.pair.mentor, zone) != zone_of(page.pair.mentee, zone)


def _is_moment(value: str) -> bool:
    try:
        return _moment(value).year in YEARS
    except ValueError:
        return False


def _moment(value: str) -> datetime:
    return datetime.strptime(value, VALUE).replace(tzinfo=UTC)


def _seen(posted: Mapping[str, str]) -> int:
    """Return the revision of the meeting that the page showed from which a form was sent."""
    return number_of(posted.get("seen", ""))


def _moves(request: Request) -> bool:
    return "milestone" in request.path_params


def _ahead(page: MyMentorship, request: Request) -> MeetingDate | None:
    """Return the meeting that a path names, if it is ahead."""
    known = page.dates.get(request.path_params.get("milestone", ""))
    over = known is None or known.cancelled or known.ends_at <= page.now or page.outcome is not None
    return None if over else known


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _back(request: Request, saved: str) -> RedirectResponse:
    return RedirectResponse(f"{own_page(request)}?saved={saved}", status_code=303)
