"""An agreement as its pages show it: as a text, as a form in parts, and as what changed between two versions."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.calendar import local_day
from domain.forms import answer_label
from domain.languages import gettext, translated
from domain.mentorship.agreement import apply_answers, differences, merge_contents
from schemas.base import FrozenModel
from schemas.enums import Side
from schemas.forms.agreement import SECTIONS, SHARED, AgreementSection
from schemas.forms.catalog import Question
from schemas.mentorship.responses import AgreementDraft, AgreementVersion, ResponsePage
from web.form import Field, answered_fields


class Signature(FrozenModel):
    """Who agreed, and on which day."""

    name: str
    on: date


class AgreementText(FrozenModel):
    """A version as a text: its parts with their answers, and who agreed to it."""

    parts: tuple[tuple[str, tuple[Field, ...]], ...]
    written_on: date | None
    signatures: tuple[Signature, ...]


class FormPart(FrozenModel):
    """A part of the form: what this side writes, and what only the partner writes, to be read.

    ``spare`` are the fields of further goals, which the page shows only on request.
    """

    section: AgreementSection
    fields: tuple[Field, ...]
    spare: tuple[Field, ...]
    partners: tuple[Field, ...]


class TextChange(FrozenModel):
    """How the answer to one question changed, by its labels; ``mine`` is what this side wrote in the meantime."""

    question: Question
    before: str
    after: str
    mine: str | None = None


class LineToSign(FrozenModel):
    """An answer of the text that somebody is about to agree to, in words.

    ``changed_by`` is who changed it since the version before, and ``before`` what stood there.
    """

    label: str
    words: str
    changed_by: Side | None = None
    before: str = ""


class FieldProblem(FrozenModel):
    """A problem of a form, and the address of the input that it is about."""

    at: str
    label: str
    message: str


def agreement_text(version: AgreementVersion, names: Mapping[Side, str], zone: str) -> AgreementText:
    """Return a version as a text without the questions it leaves open; ``names`` are those of both sides."""
    answered = [(section.heading, _answered(section, version)) for section in map(translated, SECTIONS)]
    return AgreementText(
        parts=tuple((heading, fields) for heading, fields in answered if fields),
        written_on=local_day(version.written_at, zone) if version.written_at else None,
        signatures=tuple(
            Signature(name=names[side], on=local_day(at, zone)) for side, at in version.confirmed_at.items()
        ),
    )


def form_part(section: AgreementSection, fields: Sequence[Field], newest: AgreementVersion) -> FormPart:
    """Return one part of the form; what only the partner may write is shown as it stands."""
    by_name = {field.question.name: field for field in fields}
    mine = [by_name[question.name] for question in section.questions if question.name in by_name]
    shown_at_once = _shown_count(mine)
    partners = [question for question in section.questions if question.name not in by_name]
    return FormPart(
        section=section,
        fields=tuple(mine[:shown_at_once]),
        spare=tuple(mine[shown_at_once:]),
        partners=tuple(answered_fields(partners, newest.contents)),
    )


def _shown_count(fields: Sequence[Field]) -> int:
    """Return how many of a part's fields are shown at once: of the goals those that are written, and one more."""
    if not fields or fields[0].question.name != "goal_1":
        return len(fields)
    filled = [place for place, field in enumerate(fields) if field.typed or field.problem]
    # Each goal has two fields: its words, and what it is about.
    return min(len(fields), 2 * (max(filled, default=-1) // 2 + 2))


def what_changed(page: ResponsePage) -> tuple[TextChange, ...]:
    """Return what the partner changed in the newest version; nothing where this side wrote it."""
    newest, before = page.agreement, page.agreement_before
    if newest is None or before is None or newest.written_by is not page.link.side.partner:
        return ()
    return tuple(
        TextChange(
            question=difference.question,
            before=answer_label(difference.question, difference.before, page.cohort.locale),
            after=answer_label(difference.question, difference.after, page.cohort.locale),
        )
        for difference in differences(before.contents, newest.contents)
    )


def changed_meanwhile(
    seen: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str], locale: str
) -> tuple[TextChange, ...]:
    """Return what the partner changed since the version this side saw, with what this side made of the same."""
    changes = []
    for difference in differences(seen, theirs):
        name, question = difference.question.name, difference.question
        own = mine.get(name, "") if mine.get(name) != seen.get(name) else None
        changes.append(
            TextChange(
                question=question,
                before=answer_label(question, difference.before, locale),
                after=answer_label(question, difference.after, locale),
                mine=None if own is None else answer_label(question, own, locale),
            )
        )
    return tuple(changes)


def draft_contents(side: Side, draft: AgreementDraft, newest: AgreementVersion) -> dict[str, str]:
    """Return what a side's draft makes of the newest version: its own words where it changed some, all others kept."""
    seen = draft.seen.contents
    return merge_contents(seen, apply_answers(seen, side, draft.answers), newest.contents)


def typed_contents(page: ResponsePage, fields: Sequence[Field]) -> dict[str, str]:
    """Return the contents of the newest version with what stands in one side's fields."""
    newest = page.agreement or AgreementVersion()
    typed = {field.question.name: field.typed for field in fields if field.typed}
    return apply_answers(newest.contents, page.link.side, typed)


def lines_to_sign(
    page: ResponsePage, fields: Sequence[Field]
) -> tuple[tuple[AgreementSection, tuple[LineToSign, ...]], ...]:
    """Return the text that a side is about to agree to, in its parts, with every difference to the last version."""
    newest, contents = page.agreement or AgreementVersion(), typed_contents(page, fields)
    theirs = {change.question.name: change.before for change in what_changed(page)}
    names = {question.name for question in SHARED}
    shown = [
        (section, [question for question in section.questions if question.name in names])
        for section in map(translated, SECTIONS)
    ]
    return tuple(
        (section, tuple(line for question in questions if (line := _line(page, question, newest, contents, theirs))))
        for section, questions in shown
        if questions
    )


def _line(
    page: ResponsePage,
    question: Question,
    newest: AgreementVersion,
    contents: Mapping[str, str],
    theirs: Mapping[str, str],
) -> LineToSign | None:
    locale, now, last = page.cohort.locale, contents.get(question.name, ""), newest.contents.get(question.name, "")
    words, changed_by, before = answer_label(question, now, locale) if now else "", None, ""
    # Version 0 is what both start from, and nobody wrote it.
    if now != last and newest.version:
        changed_by, before = page.link.side, answer_label(question, last, locale) if last else ""
    elif question.name in theirs:
        changed_by, before = page.link.side.partner, theirs[question.name]
    if not words and changed_by is None:
        return None
    return LineToSign(label=question.label, words=words, changed_by=changed_by, before=before)


def problems_named(fields: Sequence[Field], problems: Mapping[str, str], parts_path: str) -> tuple[FieldProblem, ...]:
    """Return each problem with its place in the step it is about, also where only the partner can write there."""
    inputs = {field.question.name: field.first_input for field in fields}
    labels = {question.name: gettext(question.label) for section in SECTIONS for question in section.questions}
    steps = {question.name: section.slug for section in SECTIONS for question in section.questions}
    return tuple(
        FieldProblem(at=f"{parts_path}/{steps[name]}#{inputs.get(name, name)}", label=labels[name], message=message)
        for name, message in problems.items()
    )


def _answered(section: AgreementSection, version: AgreementVersion) -> tuple[Field, ...]:
    questions = [question for question in section.questions if question.name in version.contents]
    return tuple(answered_fields(questions, version.contents))
