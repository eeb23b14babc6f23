"""The kinds of email there are: each is a folder below ``emails/kinds``, found by its name."""

from importlib import import_module
from typing import TypeVar

from emails.kinds._base.applicant import ApplicantEmail
from emails.kinds._base.email import EmailContext
from emails.kinds._base.participant import ParticipantEmail
from schemas.enums import ADDRESS_EMAILS, EmailKind

Context = TypeVar("Context", bound=EmailContext)


def _context(kind: EmailKind) -> type[EmailContext]:
    module = import_module(f"emails.kinds.{kind}.context")
    defined = (value for value in vars(module).values() if isinstance(value, type) and issubclass(value, EmailContext))
    return next(context for context in defined if vars(context).get("kind") is kind)


def _of(base: type[Context]) -> dict[EmailKind, type[Context]]:
    return {kind: context for kind, context in CONTEXTS.items() if issubclass(context, base)}


CONTEXTS: dict[EmailKind, type[EmailContext]] = {kind: _context(kind) for kind in EmailKind}
PARTICIPANT_EMAILS = _of(ParticipantEmail)
APPLICANT_EMAILS = _of(ApplicantEmail)
# Those whose readers choose a language; staff read English.
EMAILS_TO_PEOPLE = frozenset({*PARTICIPANT_EMAILS, *APPLICANT_EMAILS, *ADDRESS_EMAILS, EmailKind.MESSAGE})
