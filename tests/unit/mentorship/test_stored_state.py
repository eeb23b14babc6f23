"""The stored state of a mentorship: what one run passes to the next, and what an older release stored."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from temporalio.contrib.pydantic import pydantic_data_converter

from domain.mentorship.forecast import forecast
from domain.mentorship.progression import next_moment
from schemas.enums import EmailKind, Outcome, Recipient, Side
from schemas.mentorship.changes import ResendRequest, StaffDecision
from schemas.mentorship.state import Answer, EmailRequest, MentorshipState
from tests.unit.mentorship.histories import A_FEW_HISTORIES, History, acts, redrawn

# What the first release carried; later ones must still read it.
OLDER = {
    "terms": {"mentorship_id": "mile-2019-001", "cohort_id": "mile-2019", "kickoff_on": "2019-05-10", "goals": 2},
    "plan": {
        "milestones": [
            {
                "id": "check_in-1",
                "kind": "check_in",
                "number": 1,
                "asked": ["mentor", "mentee"],
                "opens_on": "2019-07-20",
                "closes_on": "2019-08-10",
                "opens_at": "2019-07-22T14:00:00Z",
                "closes_at": "2019-08-11T05:00:00Z",
                "told_at": "2019-08-12T14:00:00Z",
            }
        ],
        "emails": [{"to": "mentor", "at": "2019-07-22T14:00:00Z", "asks": [{"milestone": "check_in-1"}]}],
        "ends_on": "2020-11-10",
        "ends_at": "2020-11-11T06:00:00Z",
    },
    "done_through": "2019-06-01T05:00:00Z",
    "answers": [{"milestone": "first_contact", "side": "mentor", "received_at": "2019-05-12T15:00:00Z"}],
    "closings": [{"milestone": "first_contact"}],
    "calls_told": ["mentee:check_in-1"],
    "needs_attention": True,
    "run_count": 2,
}


def _through_the_engine(state: MentorshipState) -> MentorshipState:
    converter = pydantic_data_converter.payload_converter
    payloads = converter.to_payloads([state])
    (back,) = converter.from_payloads(payloads, [MentorshipState])
    assert converter.to_payloads([back]) == payloads
    assert isinstance(back, MentorshipState)
    return back


@A_FEW_HISTORIES
@given(history=..., data=st.data(), offset=st.timedeltas(), runs=st.integers(1, 20))
def test_whole_state_survives_the_way_into_the_next_run(
    history: History, data: st.DataObject, offset: timedelta, runs: int
) -> None:
    acted = data.draw(acts(history.state, history.now))
    state = acted.model_copy(update={"clock_offset": offset, "run_count": runs, "unrecognized_messages": runs - 1})
    assert _through_the_engine(state) == state


@A_FEW_HISTORIES
@given(...)
def test_state_before_its_first_plan_round_trips_too(history: History) -> None:
    state = MentorshipState(terms=history.state.terms)
    assert _through_the_engine(state) == state


@A_FEW_HISTORIES
@given(...)
def test_mentorship_continues_in_the_next_run_as_it_would_have_in_this_one(history: History) -> None:
    assert forecast(_through_the_engine(history.state)) == forecast(history.state)


def test_every_field_of_the_state_makes_the_journey(begun: MentorshipState) -> None:
    """Set each field to something other than its default, so that one that is not carried shows."""
    at = datetime(2019, 7, 1, tzinfo=UTC)
    full = begun.model_copy(
        update={
            "clock_offset": timedelta(days=3),
            "done_through": at,
            "answers": (Answer(milestone="agreement", side=Side.MENTOR, received_at=at, version=1, confirmed=True),),
            "recent_emails": (EmailRequest(key="a", kind=EmailKind.CHECK_IN, to=Recipient.MENTOR, at=at),),
            "open_call_requests": ("mentee:check_in-1",),
            "unreachable": (Side.MENTOR,),
            "unrecognized_messages": 1,
            "resend_count": 1,
            "notified_of_agreement": (Side.MENTEE,),
            "successor": "mile-2019-009",
            "decisions": (StaffDecision(at=at, change=ResendRequest(side=Side.MENTOR, decision="4f1d2c3b5a69")),),
            "refused_decisions": ("7c1e9a0b2d44",),
            "planned_as_of": at,
            "plan_requested": True,
            "outcome": Outcome.MENTOR_WITHDREW,
            "run_count": 4,
        }
    )
    back = _through_the_engine(full)
    assert back == full
    unset = {name for name, field in MentorshipState.model_fields.items() if getattr(back, name) == field.default}
    assert unset == {"closings", "pending_emails"}


def test_state_of_the_first_release_is_still_understood() -> None:
    converter = pydantic_data_converter.payload_converter
    (payload,) = converter.to_payloads([OLDER])
    (state,) = converter.from_payloads([payload], [MentorshipState])
    assert (state.run_count, state.terms.kickoff_on, state.plan.ends_on) == (2, date(2019, 5, 10), date(2020, 11, 10))
    assert (state.open_call_requests, state.pending_emails, state.terms.pauses) == ((), (), ())
    assert [line.asks[0].milestone for line in forecast(state)] == ["check_in-1"]
    assert next_moment(state) is not None


def test_replanning_keeps_what_was_sent() -> None:
    state = MentorshipState.model_validate(OLDER)
    now = datetime(2019, 7, 22, 15, tzinfo=UTC)
    lived = state.model_copy(update={"done_through": datetime(2019, 7, 22, 14, tzinfo=UTC)})
    revised = lived.model_copy(update={"terms": lived.terms.model_copy(update={"revision": 1})})
    drawn = redrawn(revised, now).plan
    assert drawn is not None
    assert lived.plan is not None
    assert drawn.emails[0] == lived.plan.emails[0]
