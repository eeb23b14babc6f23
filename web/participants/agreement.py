"""The agreement's page: the two write it in turn, and it stands once both agreed to the same words."""

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
from web.participants.agreement_view import (
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
    """Shows an agreement and takes in what is written; a version nobody saw is never agreed to."""

    def __init__(self, responses: ResponseService, pages: Pages) -> None:
        self._responses = responses
        self._pages = pages

    def show(self, opened: ResponsePage, token: str, *, changing: bool) -> Response:
        """Show what there is to write or to agree to, or the text where this side has agreed to it already."""
        if unavailable := self._unavailable(opened):
            return unavailable
        if opened.link.side in _newest(opened).confirmed_by and not changing:
            return self._text(opened, token)
        return self._form(opened, _filled(opened, _newest(opened).contents, opened.answers))

    async def save(self, opened: ResponsePage, token: str, posted: Mapping[str, str]) -> Response:
        """Take in what was written, and that its sender agrees where that button was pressed."""
        if unavailable := self._unavailable(opened, posted):
            return unavailable
        reading = read_answers(_questions(opened), posted)
        sent = self._response(opened, posted, reading)
        if problems := reading.problems or _left(opened, sent):
            return self._corrected(opened, posted, FormReading(answers=reading.answers, problems=problems))
        try:
            await self._responses.save(Actor.participant(opened.person.id), opened.cohort.id, sent)
        except AgreementChangedMeanwhile as written:
            return self._decide(opened, sent, written)
        except Refusal as refusal:
            return self._notice(opened, "This could not be saved", str(refusal), posted=posted)
        return RedirectResponse(f"/r/{token}/thanks", status_code=303)

    def show_thanks(self, opened: ResponsePage, token: str) -> Response:
        """Show what was kept, and what happens next."""
        return self._text(opened, token, sent=True)

    def _unavailable(self, opened: ResponsePage, posted: Mapping[str, str] | None = None) -> HTMLResponse | None:
        now = self._responses.now(opened.link.mentorship_id)
        if now < opened.opens_at:
            opens_on = format_weekday(local_day(opened.opens_at, opened.cohort.time_zone), opened.cohort.locale)
            return self._notice(
                opened,
                "Your agreement is not open yet",
                f"You can write it from {opens_on}. We write to you then; the same link will work.",
                posted=posted,
            )
        return None if self._open(opened) else self._closed(opened, posted)

    def _open(self, opened: ResponsePage) -> bool:
        return opened.outcome is None and self._responses.now(opened.link.mentorship_id) < opened.closes_at

    def _notice(
        self, opened: ResponsePage, heading: str, sentence: str, *, posted: Mapping[str, str] | None
    ) -> HTMLResponse:
        return self._pages.notice(
            heading,
            sentence,
            status=200 if posted is None else 409,
            cohort=opened.cohort,
            typed=copyable_answers(_questions(opened), posted or {}, opened.cohort.locale),
        )

    def _closed(self, opened: ResponsePage, posted: Mapping[str, str] | None) -> HTMLResponse:
        return self._pages.page(
            "agreement_closed.html",
            200 if posted is None else 409,
            cohort=opened.cohort,
            opened=opened,
            text=agreement_text(opened.standing, opened) if opened.standing else None,
            typed=copyable_answers(_questions(opened), posted or {}, opened.cohort.locale),
        )

    def _text(self, opened: ResponsePage, token: str, *, sent: bool = False) -> HTMLResponse:
        newest = _newest(opened)
        return self._pages.page(
            "agreement.html",
            cohort=opened.cohort,
            opened=opened,
            token=token,
            newest=newest,
            text=agreement_text(newest, opened),
            agreed=opened.link.side in newest.confirmed_by,
            wrote=sent and newest.written_by is opened.link.side,
            changeable=self._open(opened),
        )

    def _corrected(self, opened: ResponsePage, posted: Mapping[str, str], reading: FormReading) -> HTMLResponse:
        fields = rejected_fields(_questions(opened), posted, reading)
        return self._form(opened, fields, 422, problems=problems_named(fields, reading.problems))

    def _decide(self, opened: ResponsePage, sent: NewResponse, written: AgreementChangedMeanwhile) -> HTMLResponse:
        """Show what the partner changed meanwhile, with everything typed still there."""
        seen, theirs = written.seen.contents, written.newest.contents
        mine = apply_answers(seen, opened.link.side, sent.answers)
        fields = _filled(opened, merge_contents(seen, mine, theirs), sent.answers)
        now = opened.model_copy(update={"agreement": written.newest, "agreement_before": None})
        return self._form(now, fields, 409, meanwhile=changed_meanwhile(seen, mine, theirs, opened.cohort.locale))

    def _form(
        self,
        opened: ResponsePage,
        fields: Sequence[Field],
        status: int = 200,
        *,
        problems: Sequence[FieldProblem] = (),
        meanwhile: Sequence[TextChange] = (),
    ) -> HTMLResponse:
        return self._pages.page(
            "agreement_form.html",
            status,
            cohort=opened.cohort,
            opened=opened,
            form=AGREEMENT,
            newest=_newest(opened),
            parts=parts(fields, _newest(opened)),
            text=agreement_text(_newest(opened), opened),
            standing=agreement_text(opened.standing, opened) if opened.standing else None,
            changed=what_changed(opened),
            guidance=guidance("agreement"),
            problems=problems,
            meanwhile=meanwhile,
        )

    def _response(self, opened: ResponsePage, posted: Mapping[str, str], reading: FormReading) -> NewResponse:
        return NewResponse(
            link=opened.link,
            form=opened.kind,
            answers=reading.answers,
            received_at=self._responses.now(opened.link.mentorship_id),
            version=_number(posted.get("version", "")),
            confirmed=posted.get("act") == AGREE,
        )


def _newest(opened: ResponsePage) -> AgreementVersion:
    return opened.agreement or AgreementVersion()


def _questions(opened: ResponsePage) -> tuple[Question, ...]:
    return AGREEMENT.for_side(opened.link.side)


def _number(posted: str) -> int:
    return int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0


def _left(opened: ResponsePage, sent: NewResponse) -> dict[str, str]:
    """Return what is left to settle before one can agree; about a version that is not the newest, storage decides."""
    newest = _newest(opened)
    if not sent.confirmed or sent.version != newest.version:
        return {}
    contents = apply_answers(newest.contents, opened.link.side, sent.answers)
    return agreement_problems(contents, opened.starts_on, opened.ends_on, opened.cohort.locale)


def _filled(opened: ResponsePage, contents: Mapping[str, str], answers: Mapping[str, str]) -> list[Field]:
    """Return the form with an agreement's contents, and this side's wish to be called, which is no part of it."""
    private = {CALL_REQUEST.name: answers.get(CALL_REQUEST.name, "")}
    return answered_fields(_questions(opened), {**contents, **private})
