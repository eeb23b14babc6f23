"""Drawing up a plan anew: nothing that is due is lost, nothing is asked twice, and what was asked stays as it was."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from domain.calendar import morning
from domain.mentorship.milestones import milestones, writing_day
from domain.mentorship.plan import ONE_EMAIL_EVERY, plan
from domain.mentorship.progression import answer_of, next_moment, plan_of, sent_emails
from schemas.enums import EndingReason, Outcome, Recipient, Side
from schemas.mentorship.changes import ExtendRequest
from schemas.mentorship.state import Ask, MentorshipState, Milestone, PlannedEmail
from schemas.mentorship.terms import Cadence, Ending, Rhythm, Terms, TimelineSettings
from tests.unit.mentorship.histories import (
    A_FEW_HISTORIES,
    History,
    changed_if_allowed,
    changes,
    day_in,
    executed_to_the_end,
    histories,
)

# The longest anybody waits for room: three days, and then a long weekend of holidays.
ROOM = timedelta(days=9)


def _told(due: Milestone, side: Side) -> bool:
    """Tell whether the plan's first email about something goes to one side."""
    return not due.announced and (not due.asked or due.settled_by_either or side in due.asked)


def _nudges(state: MentorshipState, side: Side) -> Iterator[tuple[Milestone, datetime]]:
    """Yield each moment at which something should be said to one side that was not said in this window yet."""
    zone = state.terms.time_zone
    for due, reminders in milestones(state.terms):
        said = _said(state, due, side)
        if _told(due, side) and said < 0:
            yield due, morning(writing_day(state.terms, due.opens_on), zone)
        if side in due.asked and side in (due.reminded or due.asked):
            for day in reminders[max(said, 0) :]:
                yield due, morning(writing_day(state.terms, day, not_after=due.closes_on), zone)


def _said(state: MentorshipState, due: Milestone, side: Side) -> int:
    """Return the last occurrence that one side was emailed since a window opened, -1 where there was none."""
    lived = (email for email in sent_emails(state) if email.to == Recipient(side) and email.at >= due.opens_at)
    asks = (ask for email in lived for ask in email.asks if ask.milestone == due.id)
    return max((ask.occurrence for ask in asks), default=-1)


def _ahead(state: MentorshipState, now: datetime, side: Side) -> list[PlannedEmail]:
    return [email for email in plan_of(state).emails if email.at > now and email.to == Recipient(side)]


def _names(email: PlannedEmail) -> set[str]:
    return {ask.milestone for ask in email.asks}


@A_FEW_HISTORIES
@given(...)
def test_whoever_is_written_to_reads_of_all_that_is_due_by_then(history: History) -> None:
    state, now = history.state, history.now
    following_moment = next_moment(state)
    assume(state.terms.ending is None and following_moment and following_moment.at > now)
    for side in Side:
        emails = _ahead(state, now, side)
        for due, at in _nudges(state, side):
            following = next((email for email in emails if email.at >= at), None)
            if at > now and following and following.at < due.closes_at:
                assert due.id in _names(following), (due, at)


@A_FEW_HISTORIES
@given(histories(st.just(TimelineSettings())))
def test_nobody_waits_longer_than_room_is_made(history: History) -> None:
    state, now = history.state, history.now
    assume(state.terms.ending is None and not state.terms.pauses)
    for side in Side:
        emails = _ahead(state, now, side)
        for due, at in _nudges(state, side):
            if now < at < due.closes_at - ROOM:
                assert any(at <= email.at <= at + ROOM and due.id in _names(email) for email in emails), (due, at)


@A_FEW_HISTORIES
@given(...)
def test_what_opened_and_was_never_said_is_said_with_the_next_email(history: History) -> None:
    state, now = history.state, history.now
    assume(state.terms.ending is None)
    lived = sent_emails(state)
    for side in Side:
        said = {ask.milestone for email in lived if email.to == Recipient(side) for ask in email.asks}
        following = next(iter(_ahead(state, max(state.done_through or now, now), side)), None)
        for due in plan_of(state).milestones:
            unsaid = _told(due, side) and due.id not in said and due.opens_at <= now
            if unsaid and lived and following and following.at < due.closes_at:
                late = any(email.at <= now and due.id in _names(email) for email in plan_of(state).emails)
                assert late or due.id in _names(following), due


@A_FEW_HISTORIES
@given(...)
def test_nothing_is_said_twice_in_one_window(history: History) -> None:
    ended = executed_to_the_end(history)
    said = Counter((sent.email.to, window) for sent in ended.sent for window in sent.windows)
    assert not [each for each, times in said.items() if times > 1]


@A_FEW_HISTORIES
@given(...)
def test_every_email_of_a_life_has_a_key_of_its_own(history: History) -> None:
    keys = Counter(sent.key for sent in executed_to_the_end(history).sent)
    assert not [key for key, times in keys.items() if times > 1]


@A_FEW_HISTORIES
@given(...)
def test_nobody_gets_two_emails_within_three_days_in_a_whole_life(history: History) -> None:
    ended = executed_to_the_end(history)
    for side in Side:
        moments = [sent.email.at for sent in ended.sent if sent.email.to == Recipient(side)]
        assert all(later - earlier >= ONE_EMAIL_EVERY for earlier, later in pairwise(moments))


@A_FEW_HISTORIES
@given(...)
def test_nobody_is_asked_for_what_they_answered_in_its_window(history: History) -> None:
    state = history.state
    answered = {
        (due.id, side) for due in plan_of(state).milestones for side in due.asked if answer_of(state, due.id, side)
    }
    for sent in executed_to_the_end(history).sent[len(history.sent) :]:
        for milestone, _, _ in sent.windows:
            assert (milestone, Side(sent.email.to)) not in answered


@A_FEW_HISTORIES
@given(...)
def test_what_went_out_stays_in_the_plan(history: History) -> None:
    kept = set(sent_emails(history.state))
    assert all(any(sent.email.at == email.at and sent.email.to == email.to for email in kept) for sent in history.sent)


@A_FEW_HISTORIES
@given(...)
def test_planning_the_same_terms_again_changes_nothing(history: History) -> None:
    state = history.state
    # An email that was needless when its moment came is planned anew, and is as needless then.
    settled = history.now if state.done_through is None else state.done_through
    assume(sent_emails(state) and not [each for each in plan_of(state).emails if settled < each.at <= history.now])
    again = plan(state.terms, history.now, sent_emails(state))
    assert again == plan_of(state)


@A_FEW_HISTORIES
@given(histories(st.just(TimelineSettings())), st.data())
def test_numbers_and_days_of_what_has_opened_stay_as_they_were(history: History, data: st.DataObject) -> None:
    state, now = history.state, history.now
    change = data.draw(changes(day_in(state, now)))
    assume(not isinstance(change, ExtendRequest))
    drawn = changed_if_allowed(state, change, now)
    assume(drawn.terms.ending is None)
    opened = {(due.id, due.opens_on) for due in plan_of(state).milestones if due.opens_at <= now}
    assert opened <= {(due.id, due.opens_on) for due in plan_of(drawn).milestones}


@A_FEW_HISTORIES
@given(...)
def test_mentorship_that_ended_early_writes_nothing_more_by_itself(history: History) -> None:
    if history.state.terms.ending:
        assert executed_to_the_end(history).sent == history.sent


def test_nobody_counts_as_silent_about_a_date_that_comes_before_the_next_email() -> None:
    # Found by chance: on March 28 the pair agrees on a goal report for the next day, and was emailed that morning.
    day = date(2000, 3, 28)
    tomorrow = Rhythm(on=(day + timedelta(days=1),))
    terms = Terms(
        mentorship_id="mile-2019-001",
        cohort_id="mile-2019",
        kickoff_on=date(2000, 2, 29),
        time_zone="America/Chicago",
        goals=1,
        agreed_on=day,
        cadences=(Cadence(since=day, goal_updates=tomorrow),),
    )
    sent = PlannedEmail(to=Recipient.MENTEE, at=morning(day, terms.time_zone), asks=(Ask(milestone="agreement"),))
    reports = {milestone.id for milestone in plan(terms, sent.at, (sent,)).milestones if "goal" in milestone.kind}
    assert "goal_check_in-1" in {milestone.id for milestone, _ in milestones(terms)}
    assert "goal_check_in-1" not in reports


def test_a_plan_made_again_long_after_an_early_end_still_has_its_last_milestones() -> None:
    terms = Terms(
        mentorship_id="mile-2019-001",
        cohort_id="mile-2019",
        kickoff_on=date(2019, 5, 10),
        time_zone="America/Chicago",
        timeline=TimelineSettings(),
    )
    ended_at = morning(date(2019, 8, 1), terms.time_zone)
    sent = tuple(
        email for email in plan(terms, morning(terms.kickoff_on, terms.time_zone)).emails if email.at < ended_at
    )
    ending = Ending(on=date(2019, 8, 1), outcome=Outcome.ENDED_EARLY, reason=EndingReason.GOALS_REACHED)
    ended = terms.model_copy(update={"ending": ending, "revision": 1})
    at_the_end, a_year_later = plan(ended, ended_at, sent), plan(ended, ended_at + timedelta(days=365), sent)
    assert "closure_survey" in {due.id for due in at_the_end.milestones}
    assert a_year_later == at_the_end
