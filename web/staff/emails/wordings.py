"""What a class says itself in its emails: each kind, a version as a form, and how it reads."""

from collections.abc import Mapping, Sequence

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.forms import read_answers
from emails.passages import LONGEST_PASSAGE, is_subject
from emails.rendering import LONGEST_SUBJECT
from schemas.emails.wordings import EmailWording
from schemas.enums import StaffAccess
from schemas.errors import Refusal
from schemas.forms.questions import Question
from services.email_wordings import (
    WordedKind,
    find_worded_kind,
    find_wording,
    list_wordings,
    passage_label,
    read_wording,
    save_wording,
    wording_problems,
)
from web.form import Field, answered_fields, number_of, read_form, rejected_fields
from web.staff.console import Console, StaffVisit
from web.staff.emails.addresses import EMAILS
from web.staff.emails.outbox import POLICY_WITH_FRAME

WORDINGS = f"{EMAILS}/wording"
WORDING = f"{WORDINGS}/{{kind}}"
VERSION = f"{WORDING}/versions/{{version}}"


class WordingPages:
    """Lists the kinds of emails, shows how one reads, and saves versions of it."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        route, needed, edit = self._console.route, StaffAccess.COORDINATOR, f"{WORDING}/edit"
        return [
            route(WORDINGS, self.list_kinds, name="staff_wordings", needed=needed),
            route(WORDING, self.show, name="staff_wording", needed=needed),
            route(edit, self.show_form, name="staff_wording_edit", needed=needed),
            route(edit, self.save, name="staff_wording_edit_sent", needed=needed, method="POST"),
            route(VERSION, self.show_version, name="staff_wording_version", needed=needed),
        ]

    async def list_kinds(self, visit: StaffVisit) -> Response:
        """Show each kind of email, and whether the class words it itself."""
        kinds = await list_wordings(visit.services, visit.cohort.id)
        return await self._console.show(visit, "staff_wordings.html", kinds=kinds, base=visit.path(WORDINGS))

    async def show(self, visit: StaffVisit) -> Response:
        """Show how a kind of email reads now, and its versions."""
        worded = await worded_kind_of(visit)
        return await self._reading(visit, worded, worded.own_words, version=None)

    async def show_version(self, visit: StaffVisit) -> Response:
        """Show how one version reads, and what can be done with it."""
        worded, version = await worded_kind_of(visit), await version_of(visit)
        return await self._reading(visit, worded, version.passages, version=version)

    async def show_form(self, visit: StaffVisit) -> Response:
        """Show the passages as they are worded now, or in the version that a link of ours names."""
        worded, number = await worded_kind_of(visit), visit.request.query_params.get("version")
        chosen = [version.passages for version in worded.versions if str(version.id) == number]
        typed = worded.standard | (chosen[0] if chosen else worded.own_words)
        return await self._form(visit, worded, answered_fields(_questions(worded), typed))

    async def save(self, visit: StaffVisit) -> Response:
        """Save a version, and show how it reads."""
        worded = await worded_kind_of(visit)
        questions = _questions(worded)
        posted = read_form(visit.request, questions)
        reading = read_answers(questions, posted)
        own_words = _own_words(worded, reading.answers)
        # Where something is missing altogether, its sentence comes first.
        problems = await wording_problems(visit.services, visit.cohort.id, worded.kind, own_words) | reading.problems
        if problems:
            rejected = reading.model_copy(update={"problems": problems})
            return await self._form(visit, worded, rejected_fields(questions, posted, rejected), status=422)
        try:
            number = await save_wording(visit.services, visit.member.actor, visit.cohort.id, worded.kind, own_words)
        except Refusal as refusal:
            fields = answered_fields(questions, posted)
            return await self._form(visit, worded, fields, status=409, refusal=str(refusal))
        return RedirectResponse(f"{visit.path(WORDING)}/versions/{number}", status_code=303)

    async def _form(
        self,
        visit: StaffVisit,
        worded: WordedKind,
        fields: Sequence[Field],
        *,
        status: int = 200,
        refusal: str = "",
    ) -> Response:
        return await self._console.show(
            visit,
            "staff_wording_form.html",
            status,
            worded=worded,
            fields=fields,
            refusal=refusal,
            back=visit.path(WORDING),
        )

    async def _reading(
        self, visit: StaffVisit, worded: WordedKind, own_words: Mapping[str, str], version: EmailWording | None
    ) -> Response:
        response = await self._console.show(
            visit,
            "staff_wording.html",
            worded=worded,
            version=version,
            is_used=version is not None and worded.used is not None and version.id == worded.used.id,
            samples=await read_wording(visit.services, visit.cohort.id, worded.kind, own_words),
            base=visit.path(WORDING),
            wordings=visit.path(WORDINGS),
        )
        response.headers["Content-Security-Policy"] = POLICY_WITH_FRAME
        return response


async def worded_kind_of(visit: StaffVisit) -> WordedKind:
    """Return the kind of email that a page is about; raises Refusal where there is none."""
    return await find_worded_kind(visit.services, visit.cohort.id, visit.params["kind"])


async def version_of(visit: StaffVisit) -> EmailWording:
    """Return the version that a page is about; raises Refusal where there is none."""
    found = await find_wording(visit.services, visit.cohort.id, number_of(visit.params["version"]))
    if found is None or found.kind != visit.params["kind"]:
        raise Refusal("This class has no such version.")
    return found


def _questions(worded: WordedKind) -> tuple[Question, ...]:
    return tuple(
        Question(
            name=name,
            kind="line" if is_subject(name) else "text",
            label=passage_label(name),
            hint=f"The standard: {standard}",
            required=True,
            longest=LONGEST_SUBJECT * 2 if is_subject(name) else LONGEST_PASSAGE,
        )
        for name, standard in worded.standard.items()
    )


def _own_words(worded: WordedKind, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the passages that differ from the standard."""
    return {
        name: answers[name]
        for name, standard in worded.standard.items()
        if name in answers and answers[name].strip() != standard
    }
