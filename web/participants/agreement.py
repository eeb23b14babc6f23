"""The agreement's page: both write it in turn, and it is in force once both agreed to the same version (A26, A30)."""

from collections.abc import Mapping, Sequence

from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.calendar import local_day
from domain.formatting import format_weekday
from domain.forms import FormReading, read_answers
from domain.mentorship.agreement import agreement_problems, apply_answers, merge_contents
from emails.guidance import guidance
from schemas.actor import Actor
from schemas.errors import Refusal
from schemas.forms.agreement import AGREEMENT, AgreementChangedMeanwhile
from schemas.forms.catalog import CALL_REQUEST, Question
from schemas.mentorship.responses import AgreementVersion, NewResponse, ResponsePage
from services.responses import ResponseService
from web.form import Field, answered_fields, copyable_answers, rejected_fields
from web.pages import Pages
from web.participants.addresses import PageAddress
from web.participants.agreement_view import (
    AgreementText,
    FieldProblem,
    TextChange,
    agreement_text,
    changed_meanwhile,
    parts,
    problems_named,
    what_changed,
)

AGREE = "agree"


class AgreementPages:
    """Shows and saves the agreement at an address; nobody can agree to a version they have not seen."""

    def __init__(self, responses: ResponseService, pages: Pages, address: PageAddress) -> None:
        self._responses = responses
        self._pages = pages
        self._address = address

    def show(self, page: ResponsePage, *, changing: bool) -> Response:
        """Show the form, or the text where this side has agreed to the newest version and is not ``changing`` it."""
        if unavailable := self._unavailable(page):
            return unavailable
        if page.link.side in _newest(page).confirmed_by and not changing:
            return self._text(page)
        return self._form(page, _filled(page, _newest(page).contents, page.answers))

    async def save(self, page: ResponsePage, posted: Mapping[str, str]) -> Response:
        """Save what was written, and that its sender agrees where that button was pressed."""
        if unavailable := self._unavailable(page, posted):
            return unavailable
        reading = read_answers(_questions(page), posted)
        sent = self._response(page, posted, reading)
        if problems := reading.problems or _left(page, sent):
            return self._corrected(page, posted, FormReading(answers=reading.answers, problems=problems))
        try:
            await self._responses.save(Actor.participant(page.person.id), page.cohort.id, sent)
        except AgreementChangedMeanwhile as conflict:
            # The partner saved a version after this form was loaded: their words must not be overwritten unseen.
            return self._decide(page, sent, conflict)
        except Refusal as refusal:
            return self._notice(page, "We could not save this", str(refusal), posted=posted)
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
                "Your agreement is not open yet",
                f"You can write it from {opens_on}. We’ll email you then. The same link will work.",
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
        return self._pages.page(
            "agreement_closed.html",
            200 if posted is None else 409,
            cohort=page.cohort,
            opened=page,
            back=self._address.opened_from,
            text=_text_of(page.agreement_in_force, page) if page.agreement_in_force else None,
            address=self._address,
            next_step=page.next_step(),
            typed=copyable_answers(_questions(page), posted or {}, page.cohort.locale),
        )

    def _text(self, page: ResponsePage, *, sent: bool = False) -> HTMLResponse:
        newest = _newest(page)
        return self._pages.page(
            "agreement.html",
            cohort=page.cohort,
            opened=page,
            address=self._address,
            back=self._address.opened_from,
            newest=newest,
            text=_text_of(newest, page),
            agreed=page.link.side in newest.confirmed_by,
            wrote=sent and newest.written_by is page.link.side,
            changeable=self._open(page),
            next_step=page.next_step(),
        )

    def _corrected(self, page: ResponsePage, posted: Mapping[str, str], reading: FormReading) -> HTMLResponse:
        fields = rejected_fields(_questions(page), posted, reading)
        return self._form(page, fields, 422, problems=problems_named(fields, reading.problems))

    def _decide(self, page: ResponsePage, sent: NewResponse, conflict: AgreementChangedMeanwhile) -> HTMLResponse:
        """Show what the partner changed meanwhile, with everything typed still there."""
        seen, theirs = conflict.seen.contents, conflict.newest.contents
        mine = apply_answers(seen, page.link.side, sent.answers)
        fields = _filled(page, merge_contents(seen, mine, theirs), sent.answers)
        now = page.model_copy(update={"agreement": conflict.newest, "agreement_before": None})
        return self._form(now, fields, 409, meanwhile=changed_meanwhile(seen, mine, theirs, page.cohort.locale))

    def _form(
        self,
        page: ResponsePage,
        fields: Sequence[Field],
        status: int = 200,
        *,
        problems: Sequence[FieldProblem] = (),
        meanwhile: Sequence[TextChange] = (),
    ) -> HTMLResponse:
        return self._pages.page(
            "agreement_form.html",
            status,
            cohort=page.cohort,
            opened=page,
            back=self._address.opened_from,
            form=AGREEMENT,
            newest=_newest(page),
            parts=parts(fields, _newest(page)),
            text=_text_of(_newest(page), page),
            in_force=_text_of(page.agreement_in_force, page) if page.agreement_in_force else None,
            changed=what_changed(page),
            guidance=guidance("agreement"),
            problems=problems,
            meanwhile=meanwhile,
            address=self._address,
            next_step=page.next_step(),
        )

    def _response(self, page: ResponsePage, posted: Mapping[str, str], reading: FormReading) -> NewResponse:
        return NewResponse(
            link=page.link,
            form=page.kind,
            answers=reading.answers,
            received_at=self._responses.now(page.link.mentorship_id),
            version=_number(posted.get("version", "")),
            confirmed=posted.get("act") == AGREE,
        )


def _text_of(version: AgreementVersion, page: ResponsePage) -> AgreementText:
    names = {person.side: person.name for person in (page.person, page.partner)}
    return agreement_text(version, names, page.cohort.time_zone)


def _newest(page: ResponsePage) -> AgreementVersion:
    return page.agreement or AgreementVersion()


def _questions(page: ResponsePage) -> tuple[Question, ...]:
    return AGREEMENT.for_side(page.link.side)


def _number(posted: str) -> int:
    # A hidden field can be edited: int() also takes other scripts' digits, and a long number overflows PostgreSQL's.
    return int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0


def _left(page: ResponsePage, sent: NewResponse) -> dict[str, str]:
    """Return what must be settled before this side can agree; an outdated version is left for storage to refuse."""
    newest = _newest(page)
    if not sent.confirmed or sent.version != newest.version:
        return {}
    contents = apply_answers(newest.contents, page.link.side, sent.answers)
    return agreement_problems(contents, page.starts_on, page.ends_on, page.cohort.locale)


def _filled(page: ResponsePage, contents: Mapping[str, str], answers: Mapping[str, str]) -> list[Field]:
    """Return the form with an agreement's contents, and this side's call request, which its partner never sees."""
    private = {CALL_REQUEST.name: answers.get(CALL_REQUEST.name, "")}
    return answered_fields(_questions(page), {**contents, **private})
