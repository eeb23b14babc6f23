"""The agreement in steps: both write it in turn, and it is in force once both agreed to the same version (A26, A30)."""

from collections.abc import Mapping, Sequence

from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.calendar import local_day
from domain.formatting import format_weekday
from domain.forms import FormReading, read_answers
from domain.languages import gettext, translated
from domain.mentorship.agreement import agreement_problems, apply_answers
from emails.guidance import guidance
from schemas.actor import Actor
from schemas.errors import Refusal
from schemas.forms.agreement import (
    AGREEMENT,
    PRIVATELY,
    SECTIONS,
    AgreementChangedMeanwhile,
    AgreementSection,
)
from schemas.forms.catalog import CALL_REQUEST, Question
from schemas.mentorship.responses import AgreementDraft, AgreementVersion, NewResponse, ResponsePage
from services.responses import ResponseService
from web.form import Field, answered_fields, copyable_answers, number_of, rejected_fields
from web.pages import Pages
from web.participants.addresses import PageAddress
from web.participants.agreement_view import (
    AgreementText,
    FieldProblem,
    TextChange,
    agreement_text,
    changed_meanwhile,
    draft_contents,
    form_part,
    lines_to_sign,
    problems_named,
    typed_contents,
    what_changed,
)

AGREE = "agree"
# The button of a step that leads to the last one.
REVIEW = "review"
_BY_SLUG = {section.slug: section for section in SECTIONS}


class AgreementPages:
    """Shows and saves the agreement at an address; nobody can agree to a version they have not seen."""

    def __init__(self, responses: ResponseService, pages: Pages, address: PageAddress) -> None:
        self._responses = responses
        self._pages = pages
        self._address = address

    def show(self, page: ResponsePage, *, changing: bool) -> Response:
        """Show the first step, or the text where this side has agreed to the newest version and is not ``changing``."""
        if unavailable := self._unavailable(page):
            return unavailable
        if page.link.side in _newest(page).confirmed_by and not changing:
            return self._text(page)
        return self._step(page, SECTIONS[0])

    def show_step(self, page: ResponsePage, slug: str, *, saved: bool) -> Response:
        """Show one step with what was saved so far; the last one has the whole text, and the button that agrees."""
        if slug not in _BY_SLUG:
            return self._pages.unknown_link()
        if unavailable := self._unavailable(page):
            return unavailable
        section = _BY_SLUG[slug]
        return self._sign(page, saved=saved) if section is PRIVATELY else self._step(page, section, saved=saved)

    async def save_step(self, page: ResponsePage, slug: str, posted: Mapping[str, str]) -> Response:
        """Save one step for oneself, and go on to the next; what is wrong in it is shown in it."""
        section = _BY_SLUG.get(slug, PRIVATELY)
        if section is PRIVATELY:
            return self._pages.unknown_link(copyable_answers((), posted))
        if unavailable := self._unavailable(page, posted):
            return unavailable
        questions = _questions(page, section)
        reading = read_answers(questions, posted)
        if reading.problems:
            return self._step(page, section, rejected_fields(questions, posted, reading), 422)
        here = {question.name for question in questions}
        before = {field.question.name: field.typed for field in _filled(page) if field.typed}
        answers = {name: words for name, words in before.items() if name not in here} | reading.answers
        # What was typed first was typed into this version: later changes of the partner are shown beside it.
        seen = page.agreement_draft.seen.version if page.agreement_draft else number_of(posted.get("version", ""))
        await self._responses.save_agreement_draft(page.link, seen, answers)
        following = PRIVATELY if posted.get("go") == REVIEW else SECTIONS[SECTIONS.index(section) + 1]
        return RedirectResponse(f"{self._address.path}/parts/{following.slug}?saved=yes", status_code=303)

    async def save(self, page: ResponsePage, posted: Mapping[str, str]) -> Response:
        """Send what stands on the last step to the partner, and that its sender agrees where that button was pressed.

        Everything comes with the form, so that what somebody agrees to is what they had before their eyes.
        """
        if unavailable := self._unavailable(page, posted):
            return unavailable
        reading = read_answers(_questions(page), posted)
        sent = self._response(page, posted, reading)
        if problems := reading.problems or _left(page, sent):
            fields = rejected_fields(_questions(page), posted, FormReading(answers=reading.answers, problems=problems))
            return self._sign(page, fields, 422, problems=problems)
        try:
            await self._responses.save(
                Actor.participant(page.person.id), page.cohort.id, sent, in_steps=page.place() > 0
            )
        except AgreementChangedMeanwhile as conflict:
            # The partner saved a version after this page was loaded: their words must not be overwritten unseen.
            return await self._decide(page, sent, conflict)
        except Refusal as refusal:
            return self._notice(page, gettext("We could not save this"), str(refusal), posted=posted)
        return RedirectResponse(f"{self._address.path}/thanks", status_code=303)

    def show_thanks(self, page: ResponsePage) -> Response:
        """Show what was saved, and what happens next."""
        return self._text(page, sent=True)

    def _unavailable(self, page: ResponsePage, posted: Mapping[str, str] | None = None) -> HTMLResponse | None:
        now = self._responses.now(page.link.mentorship_id)
        if now < page.opens_at:
            opens_on = format_weekday(local_day(page.opens_at, page.cohort.time_zone), page.cohort.locale)
            return self._notice(
                page,
                gettext("Your agreement is not open yet"),
                gettext("You can write it from %(day)s. We’ll email you then. The same link will work.", day=opens_on),
                posted=posted,
            )
        return None if self._open(page) else self._closed(page, posted)

    def _open(self, page: ResponsePage) -> bool:
        return page.outcome is None and self._responses.now(page.link.mentorship_id) < page.closes_at

    def _notice(
        self, page: ResponsePage, heading: str, sentence: str, *, posted: Mapping[str, str] | None
    ) -> HTMLResponse:
        return self._pages.notice(
            heading,
            sentence,
            status=200 if posted is None else 409,
            cohort=page.cohort,
            back=self._address.opened_from,
            typed=copyable_answers(_questions(page), posted or {}, page.cohort.locale),
        )

    def _closed(self, page: ResponsePage, posted: Mapping[str, str] | None) -> HTMLResponse:
        return self._page(
            "agreement_closed.html",
            page,
            200 if posted is None else 409,
            text=_text_of(page.agreement_in_force, page) if page.agreement_in_force else None,
            typed=copyable_answers(_questions(page), posted or {}, page.cohort.locale),
        )

    def _text(self, page: ResponsePage, *, sent: bool = False) -> HTMLResponse:
        newest = _newest(page)
        return self._page(
            "agreement.html",
            page,
            newest=newest,
            text=_text_of(newest, page),
            agreed=page.link.side in newest.confirmed_by,
            wrote=sent and newest.written_by is page.link.side,
            changeable=self._open(page),
        )

    async def _decide(self, page: ResponsePage, sent: NewResponse, conflict: AgreementChangedMeanwhile) -> HTMLResponse:
        """Show what the partner changed meanwhile, with everything typed still there."""
        await self._responses.save_agreement_draft(page.link, conflict.seen.version, sent.answers)
        draft = AgreementDraft(seen=conflict.seen, answers=sent.answers)
        now = {"agreement": conflict.newest, "agreement_before": None, "agreement_draft": draft}
        return self._sign(page.model_copy(update=now), status=409)

    def _step(
        self,
        page: ResponsePage,
        section: AgreementSection,
        fields: Sequence[Field] | None = None,
        status: int = 200,
        *,
        saved: bool = False,
    ) -> HTMLResponse:
        newest = _newest(page)
        return self._page(
            "agreement_step.html",
            page,
            status,
            **self._place(page, section, saved=saved),
            part=form_part(translated(section), _filled(page) if fields is None else fields, newest),
            text=_text_of(newest, page),
            in_force=_text_of(page.agreement_in_force, page) if page.agreement_in_force else None,
            changed=what_changed(page),
            changes_here={change.question.name: change for change in what_changed(page)},
            guidance=guidance("agreement"),
        )

    def _sign(
        self,
        page: ResponsePage,
        fields: Sequence[Field] | None = None,
        status: int = 200,
        *,
        problems: Mapping[str, str] | None = None,
        saved: bool = False,
    ) -> HTMLResponse:
        shown = _filled(page) if fields is None else fields
        lines = lines_to_sign(page, shown)
        return self._page(
            "agreement_sign.html",
            page,
            status,
            **self._place(page, PRIVATELY, saved=saved),
            fields=[field for field in shown if field.question.name != CALL_REQUEST.name],
            call=next(field for field in shown if field.question.name == CALL_REQUEST.name),
            lines=lines,
            refused=problems is not None,
            problems=self._named(shown, _missing(page, shown) if problems is None else problems),
        )

    def _named(self, fields: Sequence[Field], problems: Mapping[str, str]) -> tuple[FieldProblem, ...]:
        return problems_named(fields, problems, f"{self._address.path}/parts")

    def _place(self, page: ResponsePage, section: AgreementSection, *, saved: bool) -> dict[str, object]:
        """Return what each step says: which it is, and what the partner changed since this side began."""
        draft, newest = page.agreement_draft, _newest(page)
        meanwhile: tuple[TextChange, ...] = ()
        if draft and draft.seen.version != newest.version:
            mine = apply_answers(draft.seen.contents, page.link.side, draft.answers)
            meanwhile = changed_meanwhile(draft.seen.contents, mine, newest.contents, page.cohort.locale)
        return {
            "form": translated(AGREEMENT),
            "sections": tuple(map(translated, SECTIONS)),
            "section": translated(section),
            "newest": newest,
            "meanwhile": meanwhile,
            "saved": saved,
            "drafted": draft is not None,
        }

    def _page(self, template: str, page: ResponsePage, status: int = 200, **words: object) -> HTMLResponse:
        return self._pages.page(
            template,
            status,
            cohort=page.cohort,
            opened=page,
            back=self._address.opened_from,
            address=self._address,
            next_step=page.next_step(),
            **words,
        )

    def _response(self, page: ResponsePage, posted: Mapping[str, str], reading: FormReading) -> NewResponse:
        return NewResponse(
            link=page.link,
            form=page.kind,
            answers=reading.answers,
            received_at=self._responses.now(page.link.mentorship_id),
            version=number_of(posted.get("version", "")),
            confirmed=posted.get("act") == AGREE,
        )


def _text_of(version: AgreementVersion, page: ResponsePage) -> AgreementText:
    names = {person.side: person.name for person in (page.person, page.partner)}
    return agreement_text(version, names, page.cohort.time_zone)


def _newest(page: ResponsePage) -> AgreementVersion:
    return page.agreement or AgreementVersion()


def _questions(page: ResponsePage, section: AgreementSection | None = None) -> tuple[Question, ...]:
    names = {question.name for question in (section or AGREEMENT).questions}
    return tuple(question for question in translated(AGREEMENT).for_side(page.link.side) if question.name in names)


def _left(page: ResponsePage, sent: NewResponse) -> dict[str, str]:
    """Return what must be settled before this side can agree; an outdated version is left for storage to refuse."""
    newest = _newest(page)
    if not sent.confirmed or sent.version != newest.version:
        return {}
    contents = apply_answers(newest.contents, page.link.side, sent.answers)
    return agreement_problems(contents, page.starts_on, page.ends_on, page.cohort.locale)


def _missing(page: ResponsePage, fields: Sequence[Field]) -> dict[str, str]:
    """Return what must be settled before this side can agree to what stands on its page."""
    return agreement_problems(typed_contents(page, fields), page.starts_on, page.ends_on, page.cohort.locale)


def _filled(page: ResponsePage) -> list[Field]:
    """Return the form with what stands for this side now: the newest version, with what it saved on the way."""
    newest, draft = _newest(page), page.agreement_draft
    answers = draft.answers if draft else page.answers
    contents = draft_contents(page.link.side, draft, newest) if draft else newest.contents
    # The wish to be called is no part of the agreement, and the partner never sees it.
    private = {CALL_REQUEST.name: answers.get(CALL_REQUEST.name, "")}
    return answered_fields(_questions(page), {**contents, **private})
