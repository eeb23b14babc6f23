"""The outbox of a class: what waits, what left and what did not, and one email as it reads."""

from starlette.responses import Response
from starlette.routing import Route

from domain.labels import label
from schemas.base import FrozenModel
from schemas.emails.messages import OutboxEmail
from schemas.enums import EmailKind, EmailState, Recipient, StaffAccess
from schemas.forms.questions import Choice, Question
from schemas.ids import is_applicant
from services.class_names import ClassNames, class_names
from services.queued_emails import EmailStep, steps_from
from services.sent_emails import outbox_page, sent_email
from web.form import answered_fields
from web.middleware.protection import CONTENT_SECURITY_POLICY
from web.staff.console import Console, StaffVisit
from web.staff.emails.addresses import EMAIL, EMAILS, email_key_of, email_part

# The email stands in an iframe without scripts; it brings its own inline styles.
POLICY_WITH_FRAME = CONTENT_SECURITY_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
STEP_WORDS = {
    EmailStep.RETRY: "Send it now",
    EmailStep.HOLD: "Hold it",
    EmailStep.RELEASE: "Release it",
    EmailStep.DROP: "Never send it",
}


class EmailLine(FrozenModel):
    """One email of the list in words; ``part`` leads to its page."""

    when: str
    to: str
    what: str
    subject: str
    state: str
    part: str


class OutboxPages:
    """Lists the emails of a class, and shows one."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        needed = StaffAccess.COORDINATOR
        return [
            self._console.route(EMAILS, self.list_emails, name="staff_emails", needed=needed),
            self._console.route(EMAIL, self.show, name="staff_email", needed=needed),
        ]

    async def list_emails(self, visit: StaffVisit) -> Response:
        """List the newest emails that match, with how many there are in each state and whether they leave."""
        asked = visit.request.query_params
        state = EmailState(asked["state"]) if asked.get("state") in list(EmailState) else None
        kind = EmailKind(asked["kind"]) if asked.get("kind") in list(EmailKind) else None
        names = await class_names(visit.services, visit.cohort.id)
        mentorship = asked.get("mentorship") if asked.get("mentorship") in names.pairs else None
        page = await outbox_page(visit.services, visit.cohort.id, state=state, kind=kind, mentorship=mentorship)
        return await self._console.show(
            visit,
            "staff_emails.html",
            fields=answered_fields(_questions(list(page.counts), names), dict(asked)),
            lines=[_line(visit, email, names) for email in page.emails],
            page=page,
            totals=[(state, total) for state in EmailState if (total := page.in_state(state))],
            stuck=[(email_part(one.key), label(one.kind), one) for one in page.stuck],
            bounced=[(names.person(one.person), one) for one in page.bounced],
            base=visit.path(EMAILS),
            sees_steps=visit.may(StaffAccess.COORDINATOR),
        )

    async def show(self, visit: StaffVisit) -> Response:
        """Show one email: how it stands, and how it reads."""
        found = await sent_email(visit.services, visit.cohort.id, email_key_of(visit))
        names = await class_names(visit.services, visit.cohort.id)
        base = visit.path(EMAIL)
        response = await self._console.show(
            visit,
            "staff_email.html",
            line=_line(visit, found.email, names),
            found=found,
            mentorship=found.email.scope_id if found.email.scope_id in names.pairs else None,
            pair=names.pair(found.email.scope_id),
            steps=[(f"{base}/{step}", STEP_WORDS[step]) for step in steps_from(found.email.state)],
            emails=visit.path(EMAILS),
        )
        response.headers["Content-Security-Policy"] = POLICY_WITH_FRAME
        return response


def recipient_name(email: OutboxEmail, names: ClassNames) -> str:
    """Return whom an email is to, by name."""
    if email.recipient is Recipient.STAFF:
        return "Staff"
    if is_applicant(email.scope_id):
        return names.person(email.scope_id.partition("/")[2])
    pair = names.pairs.get(email.scope_id)
    return names.person(pair[0 if email.recipient is Recipient.MENTOR else 1]) if pair else email.recipient


def _line(visit: StaffVisit, email: OutboxEmail, names: ClassNames) -> EmailLine:
    reason = f": {label(email.reason)}" if email.reason else ""
    return EmailLine(
        when=visit.moment(email.sent_at or email.due_at),
        to=recipient_name(email, names),
        what=f"{label(email.kind).capitalize()}{reason}",
        subject=email.subject,
        state=f"{label(email.state)} {email.failure or ''}".strip(),
        part=email_part(email.key),
    )


def _questions(kinds: list[EmailKind], names: ClassNames) -> tuple[Question, ...]:
    return (
        Question(
            name="state",
            kind="choice",
            label="State",
            choices=tuple(Choice(value=state, label=label(state).capitalize()) for state in EmailState),
        ),
        Question(
            name="kind",
            kind="choice",
            label="Email",
            choices=tuple(Choice(value=kind, label=label(kind).capitalize()) for kind in kinds),
        ),
        Question(
            name="mentorship",
            kind="choice",
            label="Pair",
            choices=tuple(Choice(value=pair, label=names.pair(pair)) for pair in sorted(names.pairs, key=names.pair)),
        ),
    )
