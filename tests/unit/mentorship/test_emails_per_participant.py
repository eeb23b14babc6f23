"""A pair that meets every quarter and answers everything is not written to too often: counted over its whole plan.

Emails that finding dates on their page causes are counted, too.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from domain.calendar import local_day, local_time, morning
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
from schemas.mentorship.state import Agreed, Answer, Ask, MentorshipState, Milestone
from schemas.mentorship.terms import AgreedMeeting, Rhythm, Terms

MOST_EMAILS = 24
# What people are told of these figures, in one line.
FEWER_EMAILS = " ".join((Path(__file__).parents[3] / "docs" / "mentorship.md").read_text().split())
FAR = datetime(2100, 1, 1, tzinfo=UTC)
QUARTERLY = Agreed(meetings=Rhythm(every_months=3), goal_updates=Rhythm(every_months=3), goals=2)
BOTH_GET = {
    "welcome": 1,
    "agreement": 1,
    "agreed": 1,
    "meeting": 6,
    "check_in": 6,
    "closing_conversation": 1,
}


@dataclass
class DiligentPair:
    """Answers all it is asked ``within`` a time, and writes ``further_versions`` of the agreement before agreeing.

    A pair that ``plans`` finds a date for each meeting on its page three weeks before it. They take turns to propose,
    or one of them always is the ``proposer``.
    """

    terms: Terms
    within: timedelta
    further_versions: int = 0
    plans: bool = False
    proposer: Side | None = None
    agreed: Agreed = QUARTERLY
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
            if self.plans and (meeting := self._to_plan(moment)):
                self._plan_meeting(meeting)
            elif self.asked and (moment is None or self.asked[0][0] < moment.at):
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
                    # They meet a week after its email, and note it then; the day after a date they have met.
                    at += timedelta(days=0 if ask.occurrence else 8)
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

    def _to_plan(self, moment: Moment | None) -> Milestone | None:
        """Return the next meeting to find a date for, three weeks before, if nothing else comes first."""
        known = {meeting.number for meeting in self.state.terms.agreed_meetings}
        meetings = [each for each in plan_of(self.state).milestones if each.kind is MilestoneKind.MEETING]
        open_ones = [each for each in meetings if each.number not in known]
        first = min(open_ones, key=lambda each: each.opens_on, default=None)
        if first is None or self.state.terms.agreed_on is None:
            return None
        others = [*([moment.at] if moment else []), *(asked[0] for asked in self.asked)]
        return first if self._planned_at(first) < min(others, default=FAR) else None

    def _planned_at(self, meeting: Milestone) -> datetime:
        at = local_time(meeting.opens_on - timedelta(days=14), time(12), self.terms.time_zone)
        return max(at, self._now + timedelta(hours=1))

    def _plan_meeting(self, meeting: Milestone) -> None:
        """Let the sides take turns to propose; the partner chooses, and both get an invitation."""
        self._now = at = self._planned_at(meeting)
        proposer = self.proposer or (Side.MENTEE if meeting.number % 2 else Side.MENTOR)
        day = meeting.opens_on + timedelta(days=7)
        agreed = AgreedMeeting(number=meeting.number, on=day, revision=1, by=proposer.partner, agreed_at=at)
        self.state = apply_answer(
            self.state,
            Answer(milestone=f"meeting_date-{meeting.number}", side=proposer.partner, received_at=at, meeting=agreed),
        )
        self.sent.append((proposer.partner, EmailKind.MEETING_PROPOSED, at))
        self.sent += [(side, EmailKind.MEETING_AGREED, at) for side in Side]

    def _agree(self, at: datetime, side: Side, milestone_id: str) -> dict[str, object]:
        """Draft it as the mentee, then change it in turns, then agree to what the other one wrote last."""
        if (side is Side.MENTEE) == bool(self.versions % 2):
            return {}
        if self.versions > self.further_versions:
            return {"version": self.versions, "confirmed": True, "agreed": self.agreed}
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
    assert (mentor.total(), mentee.total()) == (19, 17)
    assert "at most 24 emails in 18 months: today the mentor 19, and the mentee 17." in FEWER_EMAILS
    assert max(mentor.total(), mentee.total()) <= MOST_EMAILS


@pytest.mark.parametrize(
    ("proposer", "totals"),
    # Whoever is not asked about the last meeting gets the email about the closing conversation by itself.
    [(None, (24, 23)), (Side.MENTOR, (24, 23)), (Side.MENTEE, (25, 22))],
)
def test_each_meeting_that_is_planned_on_the_page_costs_two_emails(
    mile_2019: Terms, proposer: Side | None, totals: tuple[int, int]
) -> None:
    pair = DiligentPair(mile_2019, timedelta(days=2), plans=True, proposer=proposer)
    pair.play()
    counted = {side: pair.counted(side) for side in Side}
    assert len(pair.state.terms.agreed_meetings) == 6
    for side in Side:
        # An invitation, and either the times to choose from or the question whether they met.
        assert counted[side]["meeting_agreed"] == 6
        assert counted[side]["meeting_proposed"] + counted[side]["meeting"] == 6
        assert proposer is None or counted[side]["meeting_proposed"] == (0 if side is proposer else 6)
    assert tuple(counted[side].total() for side in Side) == totals
    assert "{} and {}".format(*totals) in FEWER_EMAILS


def test_pair_that_meets_every_month_gets_more(mile_2019: Terms) -> None:
    monthly = QUARTERLY.model_copy(update={"meetings": Rhythm(every_months=1)})
    totals = []
    for plans in (False, True):
        pair = DiligentPair(mile_2019, timedelta(days=2), plans=plans, agreed=monthly)
        pair.play()
        totals.append(tuple(pair.counted(side).total() for side in Side))
    assert totals == [(28, 26), (49, 46)]
    assert "every month gets 28 and 26, or 49 and 46 with every meeting planned." in FEWER_EMAILS


def test_pair_that_changes_its_agreement_twice_more_gets_no_more_than_24(mile_2019: Terms) -> None:
    pair = DiligentPair(mile_2019, timedelta(days=2), further_versions=2)
    pair.play()
    assert pair.versions == 3
    assert max(pair.counted(side).total() for side in Side) <= MOST_EMAILS


def test_nobody_is_reminded_of_what_they_answered_and_everything_is_answered(mile_2019: Terms) -> None:
    pair = DiligentPair(mile_2019, timedelta(days=5))
    pair.play()
    assert [closing for closing in pair.state.closings if closing.silent] == []
