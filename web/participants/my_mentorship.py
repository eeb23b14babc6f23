"""A participant's own page: everything about their mentorship, with the way to all that they can do."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.calendar import local_day
from domain.forms import form_for, questions_for
from domain.languages import gettext, translated
from domain.mentorship.my_mentorship import (
    answered,
    certificate,
    coming,
    goals,
    meetings,
    other_resources,
    title_of,
    waiting,
)
from emails.guidance import Guidance, conversation_starter, topic_of
from emails.links import token_hash
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import MilestoneKind, Outcome, Phase, Side
from schemas.forms.agreement import AGREEMENT
from schemas.forms.applying import PAGES
from schemas.forms.catalog import FORMS, Question
from schemas.forms.meetings import MINUTES, PLACE, PROPOSE, QUESTION
from schemas.forms.own_page import ADDRESS, CALENDAR, CALL, DETAILS, LEAVE, PAUSE, STAY_IN_TOUCH
from schemas.forms.questions import MEDIA
from schemas.forms.readiness import READINESS
from schemas.mentorship.my_mentorship import MilestoneForSide, MyMentorship
from services.my_mentorship import LinkOwner, MyMentorshipService
from web.form import SENT_ONCE, Field, answered_fields, readers_sentence
from web.handbook import handbook_page
from web.links import behind_link
from web.pages import Pages
from web.participants.addresses import own_page
from web.participants.agreement_view import agreement_text
from web.participants.meetings import meeting_words
from web.participants.own_steps import SAVED
from web.participants.readiness import readiness_fields

# What is to come is shown at once only so far.
NEXT_SHOWN = 3
# The part of the standard handbook that belongs to a phase. Where a class has no such part, the page opens at its top.
HANDBOOK_PARTS = {
    Phase.PREPARING: "get-ready",
    Phase.NEGOTIATING: "agree",
    Phase.ENABLING: "work-on-the-goals",
    Phase.CLOSURE: "close-well",
    Phase.AFTER: "after-the-end",
}


class AnsweredForm(FrozenModel):
    """What somebody answered to one milestone, and whether they can still change it."""

    milestone: MilestoneForSide
    title: str
    fields: tuple[Field, ...]
    changeable: bool


class ReadersGroup(FrozenModel):
    """Questions whose answers the same people can see: the sentence about that, and the labels by form."""

    sentence: str
    forms: tuple[tuple[str, tuple[str, ...]], ...]


class MyMentorshipPages:
    """Shows a participant's own page, and what is too long for it."""

    def __init__(self, service: MyMentorshipService, pages: Pages) -> None:
        self._service = service
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes below a personal link."""
        owned = behind_link(self._service.owner, self._pages)
        opened = behind_link(self._service.open, self._pages, "mentorship_id")
        page = "/m/{token}/{mentorship_id}"
        return [
            Route("/m/{token}", owned(self.choose), methods=["GET"], name="my_mentorships"),
            Route(page, opened(self.show), methods=["GET"], name="my_mentorship"),
            Route(f"{page}/agreements", opened(self.show_agreements), methods=["GET"], name="my_agreements"),
            Route(f"{page}/handbook", opened(self.show_handbook), methods=["GET"], name="my_handbook"),
            Route(f"{page}/readers", opened(self.show_readers), methods=["GET"], name="my_readers"),
        ]

    async def choose(self, request: Request, owner: LinkOwner) -> Response:
        """Lead to the only mentorship, or show all; before the first one, lead to the application."""
        token = request.path_params["token"]
        if not owner.mentorships:
            return RedirectResponse(f"/a/{token}", status_code=303)
        if len(owner.mentorships) == 1:
            return RedirectResponse(f"/m/{token}/{owner.mentorships[0].id}", status_code=303)
        newest = await self._service.open(token_hash(token), owner.mentorships[-1].id)
        if newest is None:
            return self._pages.unknown_link()
        return self._pages.page("my_mentorships.html", cohort=newest.cohort, token=token, mentorships=owner.mentorships)

    async def show(self, request: Request, page: MyMentorship) -> Response:
        """Show everything about a mentorship; scanners open links, so this changes nothing."""
        today = local_day(page.now, page.cohort.time_zone)
        newest = page.agreements[-1] if page.agreements else None
        return self._pages.page(
            "my_mentorship.html",
            cohort=page.cohort,
            mine=page,
            token=request.path_params["token"],
            path=own_page(request),
            today=today,
            person=page.pair.of(page.side),
            partner=page.pair.of(page.side.partner),
            waiting=waiting(page),
            meetings=meetings(page, today),
            coming=coming(page),
            next_shown=NEXT_SHOWN,
            answered=tuple(_answered(page)),
            certificate=certificate(page),
            saved=gettext(said) if (said := SAVED.get(request.query_params.get("saved", ""))) else None,
            newest=newest,
            in_force=next((each for each in reversed(page.agreements) if each.in_force), None),
            known={each.id for each in page.milestones},
            moment_words=lambda moment: meeting_words(page, moment),
            goals=goals(page),
            other_resources=other_resources(page),
            starter=_starter(page),
            handbook_part=HANDBOOK_PARTS[page.phase],
            begins=page.phase in {Phase.PREPARING, Phase.NEGOTIATING},
            readiness=readiness_fields(page),
            media={str(choice.value): gettext(choice.label).lower() for choice in MEDIA},
        )

    async def show_agreements(self, request: Request, page: MyMentorship) -> Response:
        """Show every version of the agreement, the newest first."""
        people = {side: page.pair.of(side).name for side in Side}
        texts = [(each, agreement_text(each, people, page.cohort.time_zone)) for each in reversed(page.agreements)]
        return self._pages.page(
            "my_agreements.html", cohort=page.cohort, back=own_page(request), texts=texts, people=people
        )

    async def show_handbook(self, request: Request, page: MyMentorship) -> Response:
        """Show the handbook of the owner's side."""
        return handbook_page(self._pages, page.cohort, page.side, own_page(request))

    async def show_readers(self, request: Request, page: MyMentorship) -> Response:
        """Show who can see the answer to every question, from the rule that decides it (A34)."""
        return self._pages.page(
            "my_readers.html",
            cohort=page.cohort,
            back=own_page(request),
            groups=readers_groups(page.side, page.cohort),
        )


def readers_groups(side: Side, cohort: CohortSettings) -> tuple[ReadersGroup, ...]:
    """Return every question that one side is asked, by who can see its answer; the fewest readers come first."""
    by_sentence: dict[str, dict[str, list[str]]] = {}
    order: dict[str, int] = {}
    for title, question in _all_questions(side, cohort):
        sentence = readers_sentence(question, cohort.locale)
        order.setdefault(sentence, len(question.readers) + len(question.consents))
        by_sentence.setdefault(sentence, {}).setdefault(title, []).append(question.label)
    return tuple(
        ReadersGroup(
            sentence=sentence, forms=tuple((title, tuple(labels)) for title, labels in by_sentence[sentence].items())
        )
        for sentence in sorted(by_sentence, key=lambda each: order[each])
    )


def _all_questions(side: Side, cohort: CohortSettings) -> Iterator[tuple[str, Question]]:
    for page in (form_for(page, cohort) for page in PAGES[side]):
        yield from ((gettext("Your application"), question) for question in page.questions)
    for step in (READINESS[side], CALL, DETAILS, ADDRESS, PAUSE, CALENDAR, LEAVE, STAY_IN_TOUCH):
        shown = form_for(step, cohort)
        yield from ((shown.title, question) for question in shown.questions)
    for asked in map(translated, (MINUTES, PLACE, QUESTION)):
        if side in asked.asked:
            yield translated(PROPOSE).title, asked
    yield from ((title_of(AGREEMENT.kind), question) for question in translated(AGREEMENT).for_side(side))
    for kind in FORMS:
        # A goal check-in asks about goals, whatever they are.
        questions = questions_for(kind, side, (gettext("Each of your goals"),))
        yield from ((title_of(kind), question) for question in questions)


def _answered(page: MyMentorship) -> Iterator[AnsweredForm]:
    for milestone in answered(page):
        # The agreement has its own part of the page.
        if milestone.kind in FORMS:
            questions = questions_for(milestone.kind, page.side, page.pair.goals)
            said = [question for question in questions if question.name in milestone.answers]
            yield AnsweredForm(
                milestone=milestone,
                title=title_of(milestone.kind),
                fields=tuple(answered_fields(said, milestone.answers)),
                changeable=milestone.is_open(page.now) and milestone.kind not in SENT_ONCE,
            )


def _starter(page: MyMentorship) -> Guidance | None:
    """Return what the pair could talk about next; nothing where one of them left."""
    if page.outcome not in {None, Outcome.COMPLETED}:
        return None
    meetings = (each for each in page.milestones if each.kind is MilestoneKind.MEETING and each.closes_at > page.now)
    meeting = next(meetings, None)
    topic = page.topics.get(meeting.id, topic_of(meeting.number)) if meeting else None
    return conversation_starter(page.phase, topic)
