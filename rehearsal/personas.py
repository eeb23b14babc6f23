"""How simulated participants behave: which emails they answer, when, how often they submit, and what they write."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from domain.calendar import first_business_morning, local_day
from rehearsal.agreement_answers import AgreementAnswers
from rehearsal.http_client import CHOICE_KINDS, FormField, FormPageRead, FormValues
from rehearsal.inbox import ReceivedEmail, ReceivedInvitation
from schemas.base import FrozenModel
from schemas.enums import Commitment, DeclineReason, EmailKind, MilestoneKind, WindowStatus
from schemas.mentorship.state import Ask
from schemas.mentorship.terms import TimelineSettings, Window
from schemas.personas import Persona, PersonaScript

RESPONSE_DELAYS: dict[Persona, tuple[timedelta, timedelta]] = {
    Persona.KEEN: (timedelta(minutes=5), timedelta(hours=20)),
    Persona.STEADY: (timedelta(days=2), timedelta(days=5)),
    Persona.SLOW: (timedelta(hours=6), timedelta(days=2)),
    Persona.FORGETFUL: (timedelta(hours=2), timedelta(days=2)),
    Persona.CLICKS_TWICE: (timedelta(hours=1), timedelta(days=3)),
    Persona.SCANNER: (timedelta(seconds=20), timedelta(minutes=2)),
    Persona.ASKS_FOR_CALL: (timedelta(hours=3), timedelta(days=2)),
    Persona.NEGOTIATES: (timedelta(hours=3), timedelta(days=2)),
    Persona.MONTHLY: (timedelta(days=2), timedelta(days=5)),
    Persona.QUARTERLY: (timedelta(days=2), timedelta(days=5)),
    Persona.DECLINES: (timedelta(days=2), timedelta(days=5)),
    Persona.ABSENT: (timedelta(days=2), timedelta(days=5)),
}
# Who takes up the first opportunity they read of, and who wants to read of other kinds only.
TAKES_UP, CHOOSES = Persona.KEEN, Persona.MONTHLY
NEVER_RESPONDS = frozenset({Persona.SILENT, Persona.PAUSES, Persona.LEAVES})
MET_PROBABILITY = {
    Persona.STEADY: 0.8,
    Persona.DECLINES: 0.8,
    Persona.ABSENT: 0.8,
    Persona.SLOW: 0.6,
    Persona.FORGETFUL: 0.5,
    Persona.MONTHLY: 0.9,
    Persona.QUARTERLY: 0.9,
}
ONE_MINUTE = timedelta(minutes=1)
OVERNIGHT = timedelta(hours=12)
# What a participant must answer before the kickoff (A35), by the names of the intake's questions.
INTAKE_QUESTIONS = ("goal_1", "challenges", "hopes")
# The answer whether a meeting or conversation was held, by the status that a check-in would report.
MEETING_ANSWERS = {WindowStatus.MET: "held", WindowStatus.PLANNED: "planned"}


class Visit(FrozenModel):
    """One visit to a page: when, by which link, and how often the form is submitted (0: the page is only opened).

    ``asks_for_call`` is true where the visitor may ask staff for a call, ``goes_on`` where they answer something else
    that the email asked right after it.
    """

    at: datetime
    url: str
    email_key: str
    milestone: str
    submissions: int
    reminded: bool = False
    asks_for_call: bool = False
    goes_on: bool = False


class SimulatedParticipant:
    """One simulated participant. The same seed behaves the same, whatever happens at the same time."""

    def __init__(
        self, person_id: str, script: PersonaScript, timeline: TimelineSettings, time_zone: str, seed: int
    ) -> None:
        self.script = script
        self._person = person_id
        self._timeline = timeline
        self._zone = time_zone
        self._seed = seed
        self._asked_for_call = False
        self._chose_opportunities = False
        self._will_decline = script.persona is Persona.DECLINES
        self._agreement = AgreementAnswers(lambda: self._text(self._random(f"agreement#{next(self._occasions)}")))
        self._occasions = iter(range(1_000))

    def visits_for(self, email: ReceivedEmail) -> list[Visit]:
        """Return the visits that follow from an email: one for each link this participant opens, a minute apart."""
        persona = self._persona(email.at)
        if persona in NEVER_RESPONDS:
            return []
        response_time = self._moment(persona, email)
        visits = [
            Visit(
                at=self._after_meeting(kind, response_time) + minute * ONE_MINUTE,
                url=url,
                email_key=email.key,
                milestone=ask.milestone,
                submissions=_submissions(persona),
                reminded=ask.occurrence > 0,
                asks_for_call=persona is Persona.ASKS_FOR_CALL and not self._asked_for_call,
            )
            for minute, (ask, kind, url) in enumerate(email.links)
            if self._follows(persona, email, ask, kind)
        ]
        following = {visit.at for visit in visits}
        return [visit.model_copy(update={"goes_on": visit.at + ONE_MINUTE in following}) for visit in visits]

    def response_time(self, email: ReceivedInvitation, *, reminders: int) -> datetime | None:
        """Return when this person follows an invitation of which ``reminders`` may come, or None where they do not."""
        persona = self._persona(email.at)
        patience = {Persona.SLOW: reminders, Persona.FORGETFUL: min(reminders, 1)}.get(persona, 0)
        if persona in NEVER_RESPONDS or email.occurrence < patience:
            return None
        if self._will_decline and email.kind is EmailKind.PROPOSAL:
            return first_business_morning(email.at + OVERNIGHT, self._zone)
        return self._moment(persona, email)

    def opportunities_time(self, email: ReceivedEmail) -> datetime | None:
        """Return when this person says something of the opportunities in an email: once, and only some do."""
        persona = self._persona(email.at)
        if self._chose_opportunities or not email.opportunities_url or persona not in {TAKES_UP, CHOOSES}:
            return None
        self._chose_opportunities = True
        return self._moment(persona, email)

    def answer_proposal(self) -> dict[str, str]:
        """Return the answer to a proposed match; a participant who declines does so once."""
        if self._will_decline:
            self._will_decline = False
            return {"act": Commitment.DECLINED, "reason": DeclineReason.WITHOUT_SAYING}
        return {"act": Commitment.COMMITTED}

    def complete_intake(self, intake: Mapping[str, str]) -> dict[str, str]:
        """Return an intake with words of this person's own where goals, challenges or hopes were missing."""
        return {name: self._text(self._random(f"intake#{name}")) for name in INTAKE_QUESTIONS} | dict(intake)

    def submissions(self, at: datetime) -> int:
        """Return how often this participant submits a form on a day."""
        return _submissions(self._persona(at))

    def fill_form(self, page: FormPageRead, occasion: str, at: datetime) -> FormValues:
        """Fill in every field of a page."""
        persona, generator = self._persona(at), self._random(occasion)
        status = _status(persona, generator)
        values = {field.name: self._answer(persona, field, generator, status, at) for field in page.fields}
        return {**page.hidden, **{name: value for name, value in values.items() if value}}

    def respond_to(self, visit: Visit, page: FormPageRead) -> FormValues | None:
        """Fill in a page, or return None where this person leaves it as it is."""
        persona = self._persona(visit.at)
        if persona in NEVER_RESPONDS or not page.fields:
            return None
        if visit.milestone == MilestoneKind.AGREEMENT:
            return self._agreement.fill(persona, page, reminded=visit.reminded)
        return self.fill_form(page, f"{visit.email_key}#{visit.milestone}#answers", visit.at)

    def _persona(self, at: datetime) -> Persona:
        return self.script.on(local_day(at, self._zone))

    def _follows(self, persona: Persona, email: ReceivedEmail, ask: Ask, kind: MilestoneKind) -> bool:
        if not email.automatic:
            return True
        if persona is Persona.SLOW:
            return ask.occurrence >= self._reminders(kind, email)
        return persona is not Persona.FORGETFUL or ask.occurrence > 0

    def _reminders(self, kind: MilestoneKind, email: ReceivedEmail) -> int:
        """Return how many reminders a milestone has; one without a window of its own has those of the first link."""
        window = getattr(self._timeline, kind, None) or getattr(self._timeline, email.links[0][1], None)
        return len(window.reminders) if isinstance(window, Window) else 0

    def _moment(self, persona: Persona, email: ReceivedEmail | ReceivedInvitation) -> datetime:
        earliest, latest = RESPONSE_DELAYS[persona]
        minutes = self._random(email.key).randrange(int((latest - earliest) / ONE_MINUTE) + 1)
        return email.at + earliest + minutes * ONE_MINUTE

    def _after_meeting(self, kind: MilestoneKind, at: datetime) -> datetime:
        lead = timedelta(days=-min(self._timeline.meeting.opens, 0))
        return at + lead if kind is MilestoneKind.MEETING else at

    def _answer(
        self, persona: Persona, field: FormField, generator: random.Random, status: WindowStatus, at: datetime
    ) -> str | Sequence[str]:
        # An RSVP has a question of this name too, with other answers.
        if field.name == "status" and status in field.values:
            return status
        if field.name == "held":
            return MEETING_ANSWERS.get(status, field.values[-1])
        if field.name == "held_on":
            return local_day(at, self._zone).isoformat()
        if field.name == "call_requested":
            return self._call_request(persona, field)
        if field.kind in CHOICE_KINDS:
            return _choose(field, generator)
        return self._text(generator) if field.kind == "textarea" else str(generator.randrange(1, 5))

    def _call_request(self, persona: Persona, field: FormField) -> str:
        if persona is not Persona.ASKS_FOR_CALL or self._asked_for_call:
            return ""
        self._asked_for_call = True
        return field.values[0]

    def _text(self, generator: random.Random) -> str:
        # Unlike any other text, so that checks can search emails, pages and histories for it (A34).
        return f"Between us, said {self._person} on occasion {generator.randrange(10**9):09}: keep at it."

    def _random(self, occasion: str) -> random.Random:
        # A generator for each occasion: with one for all, a change of order would change every later answer.
        digest = hashlib.sha256(f"{self._seed}/{self._person}/{occasion}".encode()).digest()
        return random.Random(digest)  # noqa: S311 - simulation, not secrecy


def _submissions(persona: Persona) -> int:
    return {Persona.SCANNER: 0, Persona.CLICKS_TWICE: 2}.get(persona, 1)


def _choose(field: FormField, generator: random.Random) -> str | Sequence[str]:
    if field.kind == "radio":
        return generator.choice(field.values)
    return [value for value in field.values if generator.random() < 0.5]


def _status(persona: Persona, generator: random.Random) -> WindowStatus:
    if generator.random() < MET_PROBABILITY.get(persona, 1.0):
        return WindowStatus.MET
    return generator.choice((WindowStatus.PLANNED, WindowStatus.NOT_YET))
