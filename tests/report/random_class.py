"""A class with random answers, silences, revisions and late answers, as rows in PostgreSQL."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg

from domain.forms import confidence_question, goal_question
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, MilestoneKind, Outcome, Side
from schemas.forms.catalog import FORMS, Question
from storage import cohorts

KICKOFF = date(2019, 5, 10)
OPENS, CLOSES, STILL_OPEN = (datetime(year, 1, day, tzinfo=UTC) for year, day in ((2020, 1), (2020, 20), (2120, 20)))
TIMES_ASKED = {
    MilestoneKind.FIRST_CONTACT: 1,
    MilestoneKind.SELF_ASSESSMENT: 3,
    MilestoneKind.MEETING: 2,
    MilestoneKind.THANKS: 1,
    MilestoneKind.CHECK_IN: 3,
    MilestoneKind.GOAL_CHECK_IN: 2,
    MilestoneKind.INVOLVEMENT: 1,
    MilestoneKind.AGREEMENT_REVIEW: 2,
    MilestoneKind.CLOSING_CONVERSATION: 1,
    MilestoneKind.CLOSURE_SURVEY: 1,
    MilestoneKind.FOLLOW_UP: 2,
}
TOWNS = ("Duluth", "St. Paul", "Minneapolis, MN", "Bemidji", "Mankato", "Duluth", "Rochester", "Sioux Falls")
ROLES = (
    "Library director",
    "Branch manager",
    "Reference librarian",
    "Archivist",
    "Media specialist",
    "Library assistant",
    "Circulation associate",
    "Systems technician",
    "Consultant",
)
TABLES = ("application", "mentorship", "milestone", "response", "agreement", "inquiry")


class RandomClass:
    """Creates the rows of one cohort; how often people answer, differ and share a mentor is drawn for each."""

    def __init__(self, cohort: CohortSettings, rng: random.Random, pairs: int) -> None:
        self.cohort = cohort
        self.chance = rng
        self.pairs = pairs
        self.eagerness = rng.choice((0.3, 0.9, 1.0))
        self.spread = rng.choice((1, 2, 9))
        self.sharing = rng.choice((0.2, 0.2, 0.95))
        self.rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}

    async def fill(self, pool: asyncpg.Pool) -> None:
        """Write all rows to the database."""
        await cohorts.save_cohort(pool, self.cohort, (), (), OPENS)
        self._people()
        for number in range(1, self.pairs + 1):
            self._mentorship(number)
        for _ in range(self.chance.choice((0, 1, 7))):
            inquiry = {"email": "who@example.org", "mailbox": "who@example.org", "text": "May I?", "received_at": OPENS}
            self.rows["inquiry"].append({"cohort_id": self.cohort.id, **inquiry})
        for table in TABLES:
            for columns in {tuple(row) for row in self.rows[table]}:
                rows = [tuple(row.values()) for row in self.rows[table] if tuple(row) == columns]
                places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
                await pool.executemany(f"insert into {table} ({', '.join(columns)}) values ({places})", rows)  # noqa: S608

    def _people(self) -> None:
        for side, prefix in ((Side.MENTOR, "M"), (Side.MENTEE, "P")):
            for number in range(1, self.pairs + 4):
                answers: dict[str, object] = {
                    "role": self.chance.choice(ROLES[: self.spread]),
                    "town": self.chance.choice(TOWNS[: self.spread]),
                }
                if side is Side.MENTOR:
                    answers["capacity"] = self.chance.randrange(1, 4)
                status = (
                    ApplicationStatus.ACCEPTED if number <= self.pairs else self.chance.choice(list(ApplicationStatus))
                )
                person, address = f"{prefix}{number:03}", f"{prefix}{number}@{self.cohort.id}.example.org"
                row = {"side": side, "person_id": person, "email": address, "answers": json.dumps(answers)}
                self.rows["application"].append({"cohort_id": self.cohort.id, **row, "status": status})

    def _mentorship(self, number: int) -> None:
        id_, predecessor = f"{self.cohort.id}-{number:03}", None
        mentor, mentee = number, number
        outcome = self.chance.choice([None, *Outcome, *[Outcome.COMPLETED] * 4])
        before = self.rows["mentorship"][-1] if self.rows["mentorship"] else None
        if before and before["outcome"] == Outcome.MENTOR_WITHDREW and self.chance.random() < 0.6:
            predecessor, mentee = before["id"], int(before["mentee_id"][1:])
        elif number > 2 and self.chance.random() < self.sharing:
            mentor = 1
        row = {"id": id_, "cohort_id": self.cohort.id, "mentor_id": f"M{mentor:03}", "mentee_id": f"P{mentee:03}"}
        dates = {"score": 0, "starts_on": KICKOFF, "ends_on": date(2020, 11, 10), "updated_at": OPENS}
        self.rows["mentorship"].append({**row, **dates, "outcome": outcome, "predecessor_id": predecessor})
        self._agreement(id_)
        for kind, times in TIMES_ASKED.items():
            for time in range(1, times + 1):
                self._milestone(id_, kind, time)

    def _agreement(self, mentorship: str) -> None:
        due = {"opens_on": KICKOFF, "closes_on": KICKOFF + timedelta(days=42), "opens_at": OPENS, "closes_at": CLOSES}
        row = {"mentorship_id": mentorship, "id": "agreement", "kind": "agreement", "number": 0, "asked": list(Side)}
        self.rows["milestone"].append({**row, **due})
        for version in range(1, self.chance.randrange(1, 4)):
            confirmed = [self._some_day() if self.chance.random() < 0.8 else None for _ in Side]
            self.rows["agreement"].append(
                {
                    "mentorship_id": mentorship,
                    "version": version,
                    "contents": "{}",
                    "written_at": OPENS,
                    "mentor_confirmed_at": confirmed[0],
                    "mentee_confirmed_at": confirmed[1],
                }
            )

    def _some_day(self) -> datetime:
        return datetime(2019, 5, 10, 3, tzinfo=UTC) + timedelta(hours=self.chance.randrange(24, 24 * 80))

    def _milestone(self, mentorship: str, kind: MilestoneKind, number: int) -> None:
        closes = CLOSES if self.chance.random() < 0.9 else STILL_OPEN
        asked = [Side.MENTEE] if kind in {MilestoneKind.THANKS, MilestoneKind.GOAL_CHECK_IN} else list(Side)
        row = {"mentorship_id": mentorship, "id": f"{kind}-{number}", "kind": kind, "number": number, "asked": asked}
        days = {"opens_on": OPENS.date(), "closes_on": closes.date(), "opens_at": OPENS, "closes_at": closes}
        self.rows["milestone"].append({**row, **days})
        for side in asked:
            if self.chance.random() < self.eagerness:
                self._response(mentorship, kind, f"{kind}-{number}", side)

    def _response(self, mentorship: str, kind: MilestoneKind, milestone: str, side: Side) -> None:
        for revision in range(1, self.chance.choice((2, 2, 3, 4))):
            late = self.chance.random() < 0.1
            row = {"id": f"{mentorship}/{milestone}/{side}", "revision": revision, "mentorship_id": mentorship}
            about = {
                "milestone_id": milestone,
                "side": side,
                "form": kind,
                "answers": json.dumps(self._said(kind, side)),
            }
            received = {
                "received_at": CLOSES if late else CLOSES - timedelta(days=9 - revision),
                "signal_payload": "{}",
            }
            self.rows["response"].append({**row, **about, **received})

    def _said(self, kind: MilestoneKind, side: Side) -> dict[str, str]:
        questions = list(FORMS[kind].for_side(side))
        if side is Side.MENTEE and kind is MilestoneKind.SELF_ASSESSMENT:
            questions += [confidence_question(1, ""), confidence_question(2, "")]
        if kind is MilestoneKind.GOAL_CHECK_IN:
            questions += [goal_question(1, ""), goal_question(2, "")]
        answers = {question.name: self._chosen(question) for question in questions if self.chance.random() < 0.9}
        return {name: answer for name, answer in answers.items() if answer}

    def _chosen(self, question: Question) -> str:
        values = [str(choice.value) for choice in question.choices]
        if question.kind == "choice":
            return self.chance.choice(values[: max(1, self.spread)] * 3 + values)
        if question.kind == "ticks":
            return ",".join(value for value in values if self.chance.random() < 0.3)
        if question.kind == "tick":
            return "yes" if self.chance.random() < 0.5 else ""
        return {"count": str(self.chance.randrange(4))}.get(question.kind, "Ours alone")
