"""Immediate effects of what somebody did: who gets an email, how often, what changes (A26, A27, A30, A34, A39)."""

import itertools
from datetime import date, datetime, timedelta

import pytest

from domain.calendar import local_day, local_time
from domain.mentorship.calendar_math import meeting_days
from domain.mentorship.progression import complete_moment, next_moment, plan_of
from domain.mentorship.response_effects import apply_answer, record_undeliverable, request_resend, resolve_concerns
from schemas.enums import EmailKind, MilestoneKind, Recipient, Side, StaffReason, WindowStatus
from schemas.errors import Refusal
from schemas.mentorship.state import Agreed, Answer, Ask, EmailRequest, MentorshipState
from schemas.mentorship.terms import Rhythm
from tests.unit.mentorship.histories import AN_HOUR, History, executed_to_the_end, redrawn

MENTOR, MENTEE = Side.MENTOR, Side.MENTEE
AGREEMENT = MilestoneKind.AGREEMENT
MONTHLY = Agreed(meetings=Rhythm(every_months=1), goal_updates=Rhythm(every_months=6), goals=2)


def _at(day: str, hour: int = 12) -> datetime:
    return local_time(date.fromisoformat(day), datetime.min.time().replace(hour=hour), "America/Chicago")


def _answer(milestone: str, side: Side, at: datetime, **fields: object) -> Answer:
    return Answer.model_validate({"milestone": milestone, "side": side, "received_at": at, **fields})


def _executed_until(state: MentorshipState, at: datetime) -> MentorshipState:
    while (moment := next_moment(state)) and moment.at <= at:
        state = complete_moment(state, moment)
    return state


def _emails(state: MentorshipState) -> list[tuple[EmailKind, Recipient]]:
    return [(request.kind, request.to) for request in state.pending_emails]


def _version(number: int, side: Side, at: datetime, **fields: object) -> Answer:
    return _answer(AGREEMENT, side, at, version=number, revision=number, **fields)


def test_call_request_is_emailed_to_staff_at_once_and_never_to_the_partner(begun: MentorshipState) -> None:
    at = _at("2019-07-24")
    state = apply_answer(begun, _answer("check_in-1", MENTEE, at, status=WindowStatus.NOT_YET, call_requested=True))
    (request,) = state.pending_emails
    assert (request.to, request.reason, request.about, request.at) == (
        Recipient.STAFF,
        StaffReason.CALL_REQUESTED,
        MENTEE,
        at,
    )
    assert state.open_call_requests == ("mentee:check_in-1",)


def test_call_request_is_emailed_once_for_each_form_and_side(begun: MentorshipState) -> None:
    state = begun
    for milestone, side, revision in (
        ("check_in-1", MENTEE, 1),
        ("check_in-1", MENTEE, 2),
        ("check_in-1", MENTOR, 1),
        ("check_in-2", MENTEE, 1),
    ):
        wish = _answer(milestone, side, _at("2019-07-24"), revision=revision, call_requested=True)
        state = apply_answer(state, wish)
    assert state.open_call_requests == ("mentee:check_in-1", "mentor:check_in-1", "mentee:check_in-2")
    assert len({request.key for request in state.pending_emails}) == len(state.pending_emails) == 3


def test_call_that_staff_attended_to_is_emailed_again_only_where_it_is_requested_again(begun: MentorshipState) -> None:
    wish = _answer("check_in-1", MENTEE, _at("2019-07-24"), call_requested=True)
    state = resolve_concerns(apply_answer(begun, wish))
    assert apply_answer(state, wish) == state
    # The form came back with its tick, and another answer was changed.
    assert apply_answer(state, wish.model_copy(update={"revision": 2})).open_call_requests == ()
    taken_back = apply_answer(state, wish.model_copy(update={"revision": 2, "call_requested": False}))
    anew = apply_answer(taken_back, wish.model_copy(update={"revision": 3}))
    assert anew.open_call_requests == ("mentee:check_in-1",)
    assert len({request.key for request in anew.pending_emails}) == 2


@pytest.mark.parametrize("milestone", ["check_in-1", "meeting-9"])
def test_call_request_counts_even_if_its_form_is_closed_or_removed(begun: MentorshipState, milestone: str) -> None:
    closed = _executed_until(begun, _at("2019-09-01"))
    state = apply_answer(closed, _answer(milestone, MENTOR, _at("2019-09-01"), call_requested=True))
    assert [request.reason for request in state.pending_emails] == [StaffReason.CALL_REQUESTED]
    assert state.answers == closed.answers


def test_call_request_counts_before_there_is_a_plan_and_after_the_end(begun: MentorshipState) -> None:
    wish = _answer("closure_survey", MENTEE, _at("2021-06-30"), call_requested=True)
    ended = executed_to_the_end(History(begun, _at("2019-05-10", 8))).state
    for state in (ended, begun.model_copy(update={"plan": None})):
        assert [request.reason for request in apply_answer(state, wish).pending_emails] == [StaffReason.CALL_REQUESTED]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_whoever_is_behind_with_the_agreement_is_told_in_whatever_order_answers_come(
    begun: MentorshipState, order: tuple[int, ...]
) -> None:
    days = ("2019-05-20", "2019-05-21", "2019-05-22")
    sides = (MENTEE, MENTOR, MENTEE)
    answers = [
        _version(number, side, _at(day), confirmed=True)
        for number, (side, day) in enumerate(zip(sides, days, strict=True), start=1)
    ]
    state = begun
    for position in order:
        state = apply_answer(state, answers[position])
    # The mentor has seen the first version and not the third, which the mentee wrote.
    keys = {email.key.partition("/")[2] for email in state.pending_emails}
    assert "agreement_changed/v3/mentor/0" in keys
    assert "agreement_changed/v3/mentee/0" not in keys
    # The mentee is behind until the third version, whatever the mentor is told of.
    assert ("agreement_changed/v2/mentee/0" in keys) is (order.index(1) < order.index(2))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_page_whose_clock_was_ahead_does_not_hide_a_newer_answer(
    begun: MentorshipState, order: tuple[int, ...]
) -> None:
    stored_at = _at("2019-05-20")
    ahead = stored_at + timedelta(days=2)
    answers = [
        _answer(AGREEMENT, MENTEE, received, version=number, revision=number, stored_at=stored_at + number * AN_HOUR)
        for number, received in enumerate((ahead, stored_at, stored_at + AN_HOUR), start=1)
    ]
    state = begun
    for position in order:
        state = apply_answer(state, answers[position])
    assert [answer.version for answer in state.answers] == [3]


def test_partner_gets_one_email_about_changes_to_the_agreement_until_they_look(begun: MentorshipState) -> None:
    changed_kind = EmailKind.AGREEMENT_CHANGED
    state = apply_answer(begun, _version(1, MENTEE, _at("2019-05-20")))
    assert _emails(state) == [(changed_kind, Recipient.MENTOR)]
    state = apply_answer(state, _version(2, MENTEE, _at("2019-05-21")))
    assert _emails(state) == [(changed_kind, Recipient.MENTOR)]
    state = apply_answer(state, _version(3, MENTOR, _at("2019-05-22")))
    assert _emails(state) == [(changed_kind, Recipient.MENTOR), (changed_kind, Recipient.MENTEE)]
    state = apply_answer(state, _version(4, MENTEE, _at("2019-05-23")))
    assert _emails(state)[2:] == [(changed_kind, Recipient.MENTOR)]
    assert len({request.key for request in state.pending_emails}) == 3
    assert {request.asks for request in state.pending_emails} == {(Ask(milestone=AGREEMENT),)}


def test_both_get_an_email_once_they_agreed_and_the_plan_follows_their_rhythm(begun: MentorshipState) -> None:
    at = _at("2019-06-03")
    drafted = apply_answer(_executed_until(begun, at), _version(1, MENTEE, _at("2019-05-20"), confirmed=True))
    agreed = apply_answer(drafted, _version(1, MENTOR, at, confirmed=True, agreed=MONTHLY))
    assert _emails(agreed)[1:] == [(EmailKind.AGREED, Recipient.MENTOR), (EmailKind.AGREED, Recipient.MENTEE)]
    assert (agreed.terms.agreed_on, agreed.terms.goals) == (date(2019, 6, 3), 2)
    due = plan_of(redrawn(agreed, at)).milestones
    assert sum(milestone.kind is MilestoneKind.MEETING for milestone in due) == len(meeting_days(agreed.terms)) == 17
    assert [milestone.closes_on.isoformat() for milestone in due if milestone.kind is MilestoneKind.GOAL_CHECK_IN] == [
        "2019-11-10",
        "2020-05-10",
        "2020-11-10",
    ]
    assert [milestone.number for milestone in due if milestone.kind is MilestoneKind.AGREEMENT_REVIEW] == [1, 2]


def test_agreement_takes_the_place_of_the_one_before(begun: MentorshipState) -> None:
    first = apply_answer(begun, _version(1, MENTOR, _at("2019-05-24"), confirmed=True, agreed=MONTHLY))
    quarterly = MONTHLY.model_copy(update={"meetings": Rhythm(every_months=3)})
    second = apply_answer(
        redrawn(first, _at("2019-05-24")), _version(2, MENTOR, _at("2019-12-24"), confirmed=True, agreed=quarterly)
    )
    assert [cadence.since for cadence in second.terms.cadences] == [date(2019, 5, 24), date(2019, 12, 24)]
    before, later = (
        [day for day in meeting_days(state.terms) if day <= date(2019, 12, 24)] for state in (first, second)
    )
    assert before == later
    assert len(meeting_days(second.terms)) < len(meeting_days(first.terms))


def test_agreement_reaches_the_workflow_although_a_newer_draft_came_first(begun: MentorshipState) -> None:
    agreed = _version(1, MENTOR, _at("2019-05-24"), confirmed=True, agreed=MONTHLY)
    draft = _version(2, MENTOR, _at("2019-05-27"))
    in_order = apply_answer(apply_answer(begun, agreed), draft)
    out_of_order = apply_answer(apply_answer(begun, draft), agreed)
    assert out_of_order.terms.agreed_on == in_order.terms.agreed_on == date(2019, 5, 24)
    assert apply_answer(out_of_order, agreed) == out_of_order


def test_first_meeting_makes_thanks_due_on_the_next_business_day(begun: MentorshipState) -> None:
    friday = _at("2019-08-02")
    state = apply_answer(_executed_until(begun, friday), _answer("check_in-1", MENTOR, friday, status=WindowStatus.MET))
    assert state.terms.first_met_on == date(2019, 8, 2)
    thanks = plan_of(redrawn(state, friday)).milestone("thanks-1")
    assert local_day(thanks.opens_at, "America/Chicago") == date(2019, 8, 5)
    assert thanks.asked == (MENTEE,)


def test_meeting_log_counts_as_a_first_meeting_and_only_the_first_counts(begun: MentorshipState) -> None:
    agreed = apply_answer(begun, _version(1, MENTOR, _at("2019-06-03"), confirmed=True, agreed=MONTHLY))
    state = redrawn(_executed_until(redrawn(agreed, _at("2019-06-03")), _at("2019-06-28")), _at("2019-06-28"))
    state = apply_answer(state, _answer("meeting-1", MENTEE, _at("2019-06-28"), met=True))
    assert state.terms.first_met_on == date(2019, 6, 28)
    again = apply_answer(redrawn(state, _at("2019-06-28")), _answer("meeting-2", MENTEE, _at("2019-07-28"), met=True))
    assert again.terms == state.terms


@pytest.mark.parametrize("fields", [{"status": WindowStatus.PLANNED}, {"status": WindowStatus.NOT_YET}, {}])
def test_without_a_meeting_there_is_nothing_to_be_thankful_for(
    begun: MentorshipState, fields: dict[str, object]
) -> None:
    state = apply_answer(begun, _answer("check_in-1", MENTOR, _at("2019-08-02"), **fields))
    assert state.terms == begun.terms


def test_thanks_reach_the_mentor_once(begun: MentorshipState) -> None:
    at = _at("2020-10-01")
    thanks = _answer("thanks-2", MENTEE, at)
    state = apply_answer(apply_answer(begun, thanks), thanks)
    assert [(request.kind, request.to, request.asks) for request in state.pending_emails] == [
        (EmailKind.GRATITUDE, Recipient.MENTOR, (Ask(milestone="thanks-2"),))
    ]
    reworded = apply_answer(state, thanks.model_copy(update={"revision": 2}))
    assert {request.key for request in reworded.pending_emails} == {request.key for request in state.pending_emails}


def test_refused_address_is_emailed_to_staff_and_partner_once(begun: MentorshipState) -> None:
    at = _at("2019-05-10")
    state = record_undeliverable(record_undeliverable(begun, MENTOR, at), MENTOR, at + AN_HOUR)
    assert [(request.kind, request.to, request.about) for request in state.pending_emails] == [
        (EmailKind.STAFF_NOTE, Recipient.STAFF, MENTOR),
        (EmailKind.PARTNER_UNREACHABLE, Recipient.MENTEE, None),
    ]
    both = record_undeliverable(state, MENTEE, at + AN_HOUR)
    assert _emails(both)[2:] == [(EmailKind.STAFF_NOTE, Recipient.STAFF)]


@pytest.mark.parametrize("later", [AN_HOUR, timedelta(days=31)])
def test_address_that_refuses_again_after_staff_attended_is_emailed_again(
    begun: MentorshipState, later: timedelta
) -> None:
    first = record_undeliverable(begun, MENTOR, _at("2019-05-10"))
    again = record_undeliverable(resolve_concerns(first), MENTOR, _at("2019-05-10") + later)
    assert len({request.key for request in again.pending_emails}) == 4


def test_resending_names_what_still_waits(begun: MentorshipState) -> None:
    at = _at("2019-05-28")
    state = apply_answer(_executed_until(begun, at), _answer("self_assessment-1", MENTEE, at))
    request = request_resend(state, MENTEE, at).pending_emails[-1]
    assert (request.kind, request.to) == (EmailKind.AGREEMENT, Recipient.MENTEE)
    assert [ask.milestone for ask in request.asks] == ["agreement"]


def test_resending_where_nothing_waits_repeats_the_last_email_that_asked_for_nothing(begun: MentorshipState) -> None:
    at = _at("2021-01-15")
    request = request_resend(_executed_until(begun, at), MENTOR, at).pending_emails[-1]
    assert [ask.milestone for ask in request.asks] == ["farewell"]


def test_resending_twice_is_two_emails(begun: MentorshipState) -> None:
    state = _executed_until(begun, _at("2019-05-28"))
    for _ in range(2):
        state = request_resend(state, MENTOR, _at("2019-05-28"))
    assert (len({request.key for request in state.pending_emails}), state.resend_count) == (2, 2)


def test_what_was_never_sent_cannot_be_sent_again(begun: MentorshipState) -> None:
    with pytest.raises(Refusal, match="Nothing was sent to the mentee yet"):
        request_resend(begun, MENTEE, plan_of(begun).emails[0].at - timedelta(minutes=30))


def test_email_requests_keep_their_order(begun: MentorshipState) -> None:
    at = _at("2019-07-24")
    state = apply_answer(begun, _answer("check_in-1", MENTEE, at, call_requested=True))
    first: EmailRequest = state.pending_emails[0]
    assert record_undeliverable(state, MENTOR, at).pending_emails[0] == first
