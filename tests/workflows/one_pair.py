"""A single mentorship of a cohort of its own, driven by hand: time passes, participants answer, staff step in."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import asyncpg
from pydantic import BaseModel
from temporalio.client import WorkflowHandle

from domain.calendar import local_time
from domain.forms import questions_for
from rehearsal.delivery import wait_until_mentorship_idle
from rehearsal.environment import Environment
from rehearsal.time_skipping import EARLIEST_TIME
from schemas.actor import Actor
from schemas.cohort.folder import CohortFolder
from schemas.enums import MilestoneKind, Recipient, Side
from schemas.forms.questions import Question
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.changes import WhatIfRequest
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.state import Forecast, Progress
from schemas.mentorship.what_if import WhatIf
from services.responses import ResponseService
from storage import agreements, mentorships, outbox

Handle = WorkflowHandle[object, object]
Reply = TypeVar("Reply", bound=BaseModel)
Line = tuple[datetime, Recipient, str]
FAR = datetime(2030, 1, 1, tzinfo=UTC)
AGREES = {
    "goal_1": "Chair a committee",
    "meetings": "3",
    "goal_updates": "3",
    "confidentiality": "yes",
    "criticism": "yes",
    "no_fault": "yes",
}


@dataclass(frozen=True)
class OnePair:
    """One mentorship, its workflow, and its environment."""

    environment: Environment
    folder: CohortFolder
    mentorship: str
    handle: Handle

    async def progress_at(self, reached: datetime = EARLIEST_TIME) -> Progress:
        """Return where it stands once all that was due up to a moment is done."""
        await wait_until_mentorship_idle(self.environment, self.handle, self.mentorship, reached)
        return await self.environment.workflow_clocks.progress(self.handle, Progress, reached)

    async def run_until(self, moment: datetime, *, answering: tuple[Side, ...] = ()) -> Progress:
        """Let time pass from due moment to due moment; those who answer answer everything at once."""
        where = await self._answered(await self.progress_at(), answering)
        while where.next_due_at and where.next_due_at < moment:
            where = await self._answered(await self._skip(where, where.next_due_at), answering)
        return await self._skip(where, moment) if where.next_due_at else where

    async def on(self, day: date, at: time = time(12), *, answering: tuple[Side, ...] = ()) -> Progress:
        """Let time pass until a day, at noon unless another local time is given."""
        return await self.run_until(local_time(day, at, self.folder.settings.time_zone), answering=answering)

    async def answer(self, side: Side, milestone: str, **answers: str) -> None:
        """Hand in a response now, as the pages would: what is not given is filled in with the first choice."""
        pair = await mentorships.partners(self.environment.pool, self.mentorship)
        kind = MilestoneKind(milestone.partition("-")[0])
        asked = questions_for(kind, side, pair.goals)
        await self._submit(side, milestone, {q.name: _first(q) for q in asked if q.required} | answers)

    async def agree(self, side: Side, **changes: str) -> None:
        """Confirm the newest version of the agreement, with changes if there are any."""
        newest = await agreements.newest(self.environment.pool, self.mentorship)
        contents = AGREES | newest.contents | changes
        await self._submit(side, MilestoneKind.AGREEMENT, contents, version=newest.version, confirmed=True)

    async def staff(self, update: str, request: BaseModel, reply: type[Reply]) -> Reply:
        """Let staff step in."""
        done: Reply = await self.handle.execute_update(update, request, result_type=reply)
        return done

    async def staff_asks(self, request: WhatIfRequest) -> WhatIf:
        """Let staff ask what a change would bring."""
        would: WhatIf = await self.handle.query("what_if", request, result_type=WhatIf)
        return would

    async def successor(self, mentorship: str) -> "OnePair":
        """Return the mentorship that took over."""
        handle: Handle = self.environment.client.get_workflow_handle(mentorship_workflow_id(mentorship))
        pair = OnePair(self.environment, self.folder, mentorship, handle)
        self.environment.clock.set(mentorship, (await pair.progress_at()).now)
        return pair

    async def emails(self) -> list[asyncpg.Record]:
        """Return its outbox."""
        return await outbox.emails_of_scope(self.environment.pool, self.mentorship)

    async def email_lines(self) -> list[str]:
        """Return each email as a line: local date and time, recipient, kind, what it asks; ``*`` if it went at once."""
        zone = ZoneInfo(self.folder.settings.time_zone)
        return [_line(row, zone) for row in sorted(await self.emails(), key=_order)]

    async def forecast(self) -> list[Line]:
        """Return the emails its ``timeline`` query says are still to come if nobody replies."""
        emails: list[Forecast] = await self.handle.query("timeline", result_type=list[Forecast])
        return sorted((email.at, email.to, str(email.kind)) for email in emails)

    async def sent_emails(self, before: int = 0) -> list[Line]:
        """Return the emails it has sent, without the first so many, as ``forecast`` gives them."""
        rows = (await self.emails())[before:]
        return sorted((row["due_at"], Recipient(row["recipient"]), row["kind"]) for row in rows)

    async def _submit(
        self,
        side: Side,
        milestone: str,
        words: dict[str, str],
        *,
        version: int | None = None,
        confirmed: bool = False,
    ) -> None:
        service = ResponseService(self.environment.pool, self.environment.client, self.environment.clock)
        response = NewResponse(
            link=Link(mentorship_id=self.mentorship, milestone=milestone, side=side),
            form=MilestoneKind(milestone.partition("-")[0]),
            answers=words,
            received_at=self.environment.clock.now(self.mentorship),
            version=version,
            confirmed=confirmed,
        )
        await service.save(Actor.participant(side), "mile-2019", response)

    async def _answered(self, where: Progress, answering: tuple[Side, ...]) -> Progress:
        awaited = [one.split(":") for one in where.waiting_for]
        for side, milestone in ((Side(side), milestone) for side, milestone in awaited if side in answering):
            if milestone == MilestoneKind.AGREEMENT:
                await self.agree(side)
            else:
                await self.answer(side, milestone)
        return await self.progress_at() if awaited else where

    async def _skip(self, where: Progress, moment: datetime) -> Progress:
        due = moment == where.next_due_at
        await self.environment.workflow_clocks.advance_to(self.handle, moment, where.clock_offset, due=due)
        self.environment.clock.set(self.mentorship, moment + timedelta(minutes=10) if due else moment)
        return await self.progress_at(moment)


def _first(question: Question) -> str:
    return question.choices[0].value if question.choices else "Thank you for your time"


def _order(row: asyncpg.Record) -> tuple[datetime, str, str]:
    return row["due_at"], row["recipient"], row["key"]


def _line(row: asyncpg.Record, zone: ZoneInfo) -> str:
    at = row["due_at"].astimezone(zone)
    asks = " ".join(f"{ask['milestone']}/{ask['occurrence']}" for ask in json.loads(row["asks"]))
    to = Recipient(row["recipient"])
    return f"{at:%Y-%m-%d %H:%M} {'' if row['automatic'] else '*'}{to} {row['kind']} {asks}".rstrip()
