"""One application as staff read it: its answers, what speaks against it, and what was decided about it."""

from domain.applications.applying import typed_answers
from domain.applications.review import eligibility_objection, missing_intake_answers
from domain.forms import answers_readable_by
from schemas.actor import Actor
from schemas.applications.applicant import Applicant
from schemas.applications.imports import Applied, StoredApplication
from schemas.audit_event import AuditEvent, AuditFilter
from schemas.base import FrozenModel
from schemas.forms.applying import PAGES
from schemas.forms.questions import FormPage
from services.context import ServiceContext
from storage import applicants, audit, names

# Looks are many, and none of them is about what became of the application.
LOOK = "application_viewed"


class NamedPeople(FrozenModel):
    """People whom somebody's application names, by what they are to it."""

    words: str
    names: tuple[str, ...]


class ApplicationDetails(FrozenModel):
    """An application with the answers that staff may read; there are none before it is submitted."""

    applicant: Applicant
    submitted: Applied | None
    answers: dict[str, str]
    objection: str | None = None
    missing: tuple[str, ...] = ()
    named: tuple[NamedPeople, ...] = ()
    events: tuple[AuditEvent, ...] = ()

    @property
    def pages(self) -> tuple[FormPage, ...]:
        """Return the pages of its form."""
        return PAGES[self.applicant.side]


async def view_application(context: ServiceContext, actor: Actor, cohort: str, person: str) -> ApplicationDetails:
    """Return somebody's application; raises Refusal where nobody has this id.

    Each look leaves an audit event, which is not among the events of the application itself.
    """
    applicant, submitted = await applicants.applicant_and_application(context.pool, cohort, person)
    stored_events = await audit.events(context.pool, AuditFilter(cohort_id=cohort, person_id=person))
    events = tuple(event for event in stored_events if event.action != LOOK)
    await context.audit(actor, LOOK, cohort, None, person)
    details = ApplicationDetails(applicant=applicant, submitted=submitted, answers={}, events=events)
    if submitted is None or applicant.status is None:
        return details
    stored = StoredApplication(side=applicant.side, status=applicant.status, person=submitted)
    # What is typed and not submitted is nobody else's yet.
    typed = typed_answers(submitted) if applicant.changed else applicant.answers
    questions = [question for page in details.pages for question in page.questions]
    return details.model_copy(
        update={
            "answers": answers_readable_by("staff", questions, typed),
            "objection": eligibility_objection(stored, applicant.cohort),
            "missing": missing_intake_answers(submitted),
            "named": _named(submitted, await names.person_names(context.pool, cohort)),
        }
    )


def _named(person: Applied, names: dict[str, str]) -> tuple[NamedPeople, ...]:
    lists = (
        ("Would like best", person.ranks),
        ("Asked not to be matched with", person.vetoes),
        ("Staff keep apart from", person.conflicts),
        ("Reports to", (person.reports_to,) if person.reports_to else ()),
    )
    return tuple(
        NamedPeople(words=words, names=tuple(names.get(each, each) for each in ids)) for words, ids in lists if ids
    )
