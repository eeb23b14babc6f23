"""A pair that meets every quarter and answers everything is not written to too often: counted over its whole plan."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from domain.calendar import local_day, morning
from domain.mentorship.plan import plan
from domain.mentorship.progression import (
    Moment,
    answer_of,
    awaited_sides,
    complete_moment,
    email_kind,
    is_plan_stale,
    next_moment,
    plan_of,
    sent_emails,
)
from domain.mentorship.response_effects import apply_answer
from schemas.enums import EmailKind, MilestoneKind, Recipient, Side, WindowStatus
from schemas.mentorship.state import Agreed, Answer, Ask, MentorshipState
from schemas.mentorship.terms import Rhythm, Terms

MOST_EMAILS = 24
QUARTERLY = Agreed(meetings=Rhythm(every_months=3), goal_updates=Rhythm(every_months=3), goals=2)
BOTH_GET = {
    "welcome": 1,
    "agreement": 1,
    "agreed": 1,
    "meeting": 6,
    "check_in": 6,
    "agreement_review": 2,
    "closing_conversation": 1,
}


@dataclass
class DiligentPair:
    """Answers all it is asked ``within`` a time, and writes ``further_versions`` of the agreement before agreeing."""

    terms: Terms
    within: timedelta
    further_versions: int = 0
    sent: list[tuple[Side, EmailKind, datetime]] = field(default_factory=list)
    asked: list[tuple[datetime, Side, str]] = field(default_factory=list)
    versions: int = 0

    def play(self) -> None:
        """Let everything happen until nothing more is due."""
        self._now = morning(self.terms.kickoff_on, self.terms.time_zone)
        self.state = MentorshipState(terms=self.terms, plan=plan(self.terms, self._now))
        while True:
            if is_plan_stale(self.state):
                drawn = plan(self.state.terms, self._now, sent_emails(self.state))
                self.state = self.state.model_copy(update={"plan": drawn})
            moment = next_moment(self.state)
            self.asked.sort()
            if self.asked and (moment is None or self.asked[0][0] < moment.at):
                self._answer(*self.asked.pop(0))
            elif moment:
                self._execute(moment)
            else:
                return

    def counted(self, side: Side) -> Counter[str]:
        """Return the emails to one side until the last day, by kind."""
        ends_on = plan_of(self.state).ends_on
        return Counter(
            str(kind) for to, kind, at in self.sent if to is side and local_day(at, self.terms.time_zone) <= ends_on
        )

    def _execute(self, moment: Moment) -> None:
        self._now = moment.at
        for email in moment.emails:
            self.sent.append((Side(email.to), email_kind(self.state, email), email.at))
            self._note(Side(email.to), email.asks)
        self.state = complete_moment(self.state, moment)

    def _note(self, side: Side, asks: tuple[Ask, ...]) -> None:
        for ask in asks:
            milestone = plan_of(self.state).milestone(ask.milestone)
            if side in milestone.asked:
                at = self._now + self.within
                if milestone.kind is MilestoneKind.MEETING:
                    # They meet a week after its email, and note it then.
                    at += timedelta(days=8)
                self.asked.append((at, side, ask.milestone))

    def _answer(self, at: datetime, side: Side, milestone_id: str) -> None:
        self._now, milestone = at, plan_of(self.state).milestone(milestone_id)
        if answer_of(self.state, milestone_id, side) or side not in awaited_sides(self.state, milestone):
            return
        said: dict[str, object] = {}
        if milestone.kind is MilestoneKind.CHECK_IN:
            said = {"status": WindowStatus.MET}
        elif milestone.kind is MilestoneKind.MEETING:
            said = {"met": True}
        elif milestone.kind is MilestoneKind.AGREEMENT:
            said = self._agree(at, side, milestone_id)
            if not said:
                return
        self.state = apply_answer(
            self.state,
            Answer(milestone=milestone_id, side=side, revision=1 + self.versions, received_at=at, **said),
        )
        self.sent += [
            (Side(email.to), email.kind, email.at) for email in self.state.pending_emails if email.to != Recipient.STAFF
        ]
        self.state = self.state.model_copy(update={"pending_emails": ()})

    def _agree(self, at: datetime, side: Side, milestone_id: str) -> dict[str, object]:
        """Draft it as the mentee, then change it in turns, then agree to what the other one wrote last."""
        if (side is Side.MENTEE) == bool(self.versions % 2):
            return {}
        if self.versions > self.further_versions:
            return {"version": self.versions, "confirmed": True, "agreed": QUARTERLY}
        self.versions += 1
        self.asked.append((at + self.within, side.partner, milestone_id))
        return {"version": self.versions, "confirmed": True}


@pytest.mark.parametrize("within", [timedelta(hours=3), timedelta(days=2), timedelta(days=5)], ids=str)
def test_participant_who_answers_everything_gets_at_most_24_emails_in_18_months(
    mile_2019: Terms, within: timedelta
) -> None:
    pair = DiligentPair(mile_2019, within)
    pair.play()
    mentor, mentee = pair.counted(Side.MENTOR), pair.counted(Side.MENTEE)
    assert mentor == BOTH_GET | {"agreement_changed": 1, "gratitude": 2}
    assert mentee == BOTH_GET | {"thanks": 1}
    assert (mentor.total(), mentee.total()) == (21, 19)
    assert max(mentor.total(), mentee.total()) <= MOST_EMAILS


def test_pair_that_changes_its_agreement_twice_more_gets_no_more_than_24(mile_2019: Terms) -> None:
    pair = DiligentPair(mile_2019, timedelta(days=2), further_versions=2)
    pair.play()
    assert pair.versions == 3
    assert max(pair.counted(side).total() for side in Side) <= MOST_EMAILS


def test_nobody_is_reminded_of_what_they_answered_and_everything_is_answered(mile_2019: Terms) -> None:
    pair = DiligentPair(mile_2019, timedelta(days=5))
    pair.play()
    assert [closing for closing in pair.state.closings if closing.silent] == []
