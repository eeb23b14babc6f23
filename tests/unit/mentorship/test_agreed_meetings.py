"""A meeting that a pair agreed on: the email before goes to its date, and the day after both are asked about it."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import local_time
from domain.mentorship.decisions import missed_steps
from domain.mentorship.progression import answer_of, complete_moment, next_moment, plan_of
from domain.mentorship.response_effects import apply_answer, would_change
from schemas.enums import Recipient, Side
from schemas.mentorship.state import Answer, MentorshipState
from schemas.mentorship.terms import EXTRA_MEETINGS, AgreedMeeting, Pause
from tests.unit.mentorship.histories import redrawn

CHICAGO = "America/Chicago"


def at_noon(day: str) -> datetime:
    return local_time(date.fromisoformat(day), time(12), CHICAGO)


def agrees(
    state: MentorshipState,
    on: str,
    said_on: str,
    *,
    number: int = 1,
    revision: int = 1,
    cancelled: bool = False,
    by: Side | None = Side.MENTOR,
) -> Answer:
    return Answer(
        milestone=f"meeting_date-{number}",
        side=Side.MENTEE,
        received_at=at_noon(said_on),
        meeting=AgreedMeeting(
            number=number,
            on=date.fromisoformat(on),
            cancelled=cancelled,
            revision=revision,
            by=by,
            agreed_at=at_noon(said_on),
        ),
    )


def agreed(state: MentorshipState, on: str, said_on: str, **more: object) -> MentorshipState:
    """Let time pass until a day, then agree on a date."""
    while (moment := next_moment(state)) and moment.at < at_noon(said_on):
        state = complete_moment(state, moment)
    return redrawn(apply_answer(state, agrees(state, on, said_on, **more)), at_noon(said_on))  # type: ignore[arg-type]


def asked(
    state: MentorshipState, milestone: str = "meeting-1", to: Recipient = Recipient.MENTEE
) -> list[tuple[str, int]]:
    """Return the local days on which one side is emailed about a meeting, each with the occurrence."""
    return [
        (email.at.astimezone(ZoneInfo(CHICAGO)).date().isoformat(), ask.occurrence)
        for email in plan_of(state).emails
        if email.to is to
        for ask in email.asks
        if ask.milestone == milestone
    ]


def test_email_before_goes_to_the_date_and_the_day_after_one_is_asked(begun: MentorshipState) -> None:
    assert asked(begun) == [("2019-06-18", 0)]
    # A Wednesday; a week before is a Wednesday, the day after a Thursday.
    state = agreed(begun, "2019-07-10", "2019-05-20")
    assert asked(state) == [("2019-07-03", 0), ("2019-07-11", 1)]
    assert asked(state, to=Recipient.MENTOR) == [("2019-07-03", 0)]
    due = plan_of(state).milestone("meeting-1")
    assert (due.opens_on, due.closes_on) == (date(2019, 7, 3), date(2019, 7, 24))


def test_whoever_proposed_the_date_is_asked_and_both_where_that_is_not_known(begun: MentorshipState) -> None:
    for chosen_by, to_mentee, to_mentor in ((Side.MENTOR, 1, 0), (Side.MENTEE, 0, 1), (None, 1, 1)):
        state = agreed(begun, "2019-06-12", "2019-06-10", by=chosen_by)
        assert asked(state) == [("2019-06-13", 1)] * to_mentee
        assert asked(state, to=Recipient.MENTOR) == [("2019-06-13", 1)] * to_mentor


def test_meeting_on_a_friday_is_asked_about_on_the_next_business_day(begun: MentorshipState) -> None:
    assert asked(agreed(begun, "2019-07-12", "2019-05-20"))[-1] == ("2019-07-15", 1)


def test_who_agrees_within_four_weeks_before_has_an_invitation_and_is_asked_the_day_after_only(
    begun: MentorshipState,
) -> None:
    state = agreed(begun, "2019-06-12", "2019-06-10")
    assert asked(state) == [("2019-06-13", 1)]
    # It can be logged at once.
    assert plan_of(state).milestone("meeting-1").opens_at < at_noon("2019-06-10")
    for said_on, before in (("2019-06-12", []), ("2019-06-11", [("2019-07-03", 0)])):
        assert asked(agreed(begun, "2019-07-10", said_on)) == [*before, ("2019-07-11", 1)], said_on


def test_meeting_that_was_moved_is_asked_about_after_its_new_date(begun: MentorshipState) -> None:
    first = agreed(begun, "2019-07-03", "2019-05-20")
    moved = agreed(first, "2019-07-17", "2019-07-01", revision=2)
    assert asked(moved) == [("2019-06-26", 0), ("2019-07-18", 1)]


def test_cancelled_meeting_is_expected_around_its_day_again(begun: MentorshipState) -> None:
    early = agreed(begun, "2019-06-05", "2019-05-20")
    off = agreed(early, "2019-06-05", "2019-05-21", revision=2, cancelled=True)
    assert asked(off) == [("2019-06-18", 0)]
    late = agreed(begun, "2019-07-10", "2019-05-20")
    off = agreed(late, "2019-07-10", "2019-05-21", revision=2, cancelled=True)
    assert asked(off) == [("2019-07-03", 0)]


def test_meeting_near_the_end_is_never_asked_about_before_it(begun: MentorshipState) -> None:
    # The closure survey opens on October 20, and nobody gets two emails within three days.
    for on, days in (("2020-10-28", [("2020-10-23", 0), ("2020-10-29", 1)]), ("2020-11-09", [("2020-11-02", 0)])):
        assert asked(agreed(begun, on, "2019-05-20", number=6), "meeting-6") == days


@pytest.mark.parametrize("on", ["2020-11-09", "2020-11-10"])
def test_meeting_on_one_of_the_last_days_can_be_logged_though_nobody_is_asked(begun: MentorshipState, on: str) -> None:
    milestone = f"meeting-{EXTRA_MEETINGS}"
    state = agreed(begun, on, "2020-11-05", number=EXTRA_MEETINGS)
    assert asked(state, milestone) == asked(state, milestone, Recipient.MENTOR) == []
    logged = Answer(milestone=milestone, side=Side.MENTOR, received_at=at_noon("2020-11-10"), met=True)
    after = apply_answer(state, logged)
    assert answer_of(after, milestone, Side.MENTOR) == logged
    while (moment := next_moment(after)) and moment.at < at_noon("2020-11-20"):
        after = complete_moment(after, moment)
    assert [closing.silent for closing in after.closings if closing.milestone == milestone] == [()]
    # A plan that another release makes afterwards has it still.
    assert answer_of(redrawn(after, at_noon("2020-11-20")), milestone, Side.MENTOR) == logged


def test_meeting_beyond_the_rhythm_is_in_the_plan_until_it_is_cancelled(begun: MentorshipState) -> None:
    milestone = f"meeting-{EXTRA_MEETINGS}"
    state = agreed(begun, "2019-08-28", "2019-05-20", number=EXTRA_MEETINGS)
    assert asked(state, milestone) == [("2019-08-21", 0), ("2019-08-29", 1)]
    assert asked(state) == asked(begun)
    off = agreed(state, "2019-08-28", "2019-05-21", number=EXTRA_MEETINGS, revision=2, cancelled=True)
    assert asked(off, milestone) == []


def test_log_that_either_gave_takes_away_the_question(begun: MentorshipState) -> None:
    state = agreed(begun, "2019-07-10", "2019-05-20")
    while (moment := next_moment(state)) and moment.at < at_noon("2019-07-10"):
        state = complete_moment(state, moment)
    logged = Answer(milestone="meeting-1", side=Side.MENTOR, received_at=at_noon("2019-07-10"), met=True)
    after = redrawn(apply_answer(state, logged), at_noon("2019-07-10"))
    left: list[str] = []
    while moment := next_moment(after):
        left += [ask.milestone for email in moment.emails for ask in email.asks]
        after = complete_moment(after, moment)
    assert "meeting-1" not in left
    assert "meeting-2" in left


def test_repetition_and_an_older_revision_change_nothing(begun: MentorshipState) -> None:
    first, second = agrees(begun, "2019-07-10", "2019-05-20"), agrees(begun, "2019-07-17", "2019-05-21", revision=2)
    state = apply_answer(apply_answer(begun, first), second)
    assert not would_change(state, first)
    assert apply_answer(apply_answer(state, second), first) == state
    # The clock of the pages was days ahead when the first was received.
    ahead = agrees(begun, "2019-07-10", "2019-05-23").model_copy(update={"stored_at": first.stored_at})
    assert not would_change(state, ahead)
    # After a restore PostgreSQL may give a number again, but later.
    again = agrees(begun, "2019-07-24", "2019-05-25", revision=1)
    assert apply_answer(state, again).terms.agreed_meetings[0].on == date(2019, 7, 24)


def test_what_was_missed_is_taken_in_after_a_restore(begun: MentorshipState) -> None:
    missed = agrees(begun, "2019-07-10", "2019-05-20")
    assert missed_steps(begun, [missed], [], at_noon("2019-05-22")) == (missed,)
    assert missed_steps(apply_answer(begun, missed), [missed], [], at_noon("2019-05-22")) == ()


def test_date_stays_on_its_day_when_a_pause_moves_the_rest(begun: MentorshipState) -> None:
    state = agreed(begun, "2019-10-02", "2019-05-20")
    pause = Pause(from_on=date(2019, 7, 1), until_on=date(2019, 8, 1))
    terms = state.terms.model_copy(update={"pauses": (pause,), "revision": state.terms.revision + 1})
    paused = redrawn(state.model_copy(update={"terms": terms}), at_noon("2019-05-21"))
    assert asked(paused) == asked(state) == [("2019-09-25", 0), ("2019-10-03", 1)]


def test_nothing_is_agreed_on_after_the_end(begun: MentorshipState) -> None:
    over = begun.model_copy(update={"outcome": "completed"})
    assert apply_answer(over, agrees(over, "2019-07-10", "2019-05-20")) == over
