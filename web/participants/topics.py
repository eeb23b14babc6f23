"""The page of topics: which ones our emails suggest for a pair's next meetings (A29)."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.formatting import format_weekday
from domain.forms import read_answers
from domain.languages import gettext, translated
from emails.guidance import topic_of
from emails.links import TOPICS_PAGE
from schemas.enums import GoalArea
from schemas.forms.questions import Question
from schemas.forms.topics import NO_TOPIC, TOPIC
from services.topic_choices import TopicChoices, TopicChoiceService, UpcomingMeeting
from web.form import answered_fields, read_form, rejected_fields
from web.links import behind_link
from web.pages import Pages

PATH = f"/u/{{token}}{TOPICS_PAGE}"


class TopicPages:
    """Shows the topics of a pair's next meetings, and saves others."""

    def __init__(self, service: TopicChoiceService, pages: Pages) -> None:
        self._service = service
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes below a reminder link."""
        behind = behind_link(self._service.open, self._pages)
        return [
            Route(PATH, behind(self.show), methods=["GET"], name="topics"),
            Route(PATH, behind(self.choose), methods=["POST"], name="topics_chosen"),
        ]

    async def show(self, request: Request, page: TopicChoices) -> Response:
        """Show the topic of each meeting; scanners open links, so this changes nothing."""
        shown = {meeting.milestone_id: _shown_topic(meeting) for meeting in page.meetings}
        return self._page(
            request, page, answered_fields(_questions(page), shown), saved="saved" in request.query_params
        )

    async def choose(self, request: Request, page: TopicChoices) -> Response:
        """Save the topics; where one is missing, show the form again."""
        questions = _questions(page)
        posted = read_form(request, questions)
        reading = read_answers(questions, posted)
        if reading.problems:
            return self._page(request, page, rejected_fields(questions, posted, reading), status=422)
        await self._service.choose(page, _topics(reading.answers))
        return RedirectResponse(f"/u/{request.path_params['token']}{TOPICS_PAGE}?saved=yes", status_code=303)

    def _page(
        self, request: Request, page: TopicChoices, fields: object, *, saved: bool = False, status: int = 200
    ) -> Response:
        return self._pages.page(
            "topics.html",
            status,
            cohort=page.cohort,
            token=request.path_params["token"],
            partner=page.partner,
            fields=fields,
            saved=saved,
        )


def _questions(page: TopicChoices) -> tuple[Question, ...]:
    return tuple(_question(meeting, format_weekday(meeting.day, page.cohort.locale)) for meeting in page.meetings)


def _question(meeting: UpcomingMeeting, day: str) -> Question:
    label = gettext(TOPIC.label, day=day)
    return translated(TOPIC).model_copy(update={"name": meeting.milestone_id, "label": label})


def _shown_topic(meeting: UpcomingMeeting) -> str:
    topic = meeting.topic if meeting.chosen else topic_of(meeting.number)
    return topic or NO_TOPIC


def _topics(answers: Mapping[str, str]) -> dict[str, GoalArea | None]:
    return {name: None if topic == NO_TOPIC else GoalArea(topic) for name, topic in answers.items()}
