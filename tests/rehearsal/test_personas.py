"""Simulated participants: which emails they answer, what they write, and how they come to an agreement."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rehearsal.agreement_answers import AgreementAnswers
from rehearsal.applying import personal_page_url
from rehearsal.http_client import FormPageRead, read_page
from rehearsal.inbox import ReceivedEmail, ReceivedInvitation
from rehearsal.personas import SimulatedParticipant
from rehearsal.staff_actions import planned_calls
from schemas.enums import Commitment, EmailKind, MilestoneKind, RsvpStatus, Side, WindowStatus
from schemas.errors import MileError
from schemas.forms.agreement import CLAUSES
from schemas.mentorship.state import Ask
from schemas.mentorship.terms import TimelineSettings
from schemas.personas import Persona, PersonaScript

AT = datetime(2019, 7, 22, 14, tzinfo=UTC)
ZONE = "America/Chicago"
TICKS = "".join(f'<input type="checkbox" name="{clause.name}" value="yes">' for clause in CLAUSES)
RHYTHM = '<input type="radio" name="meetings" value="1"><input type="radio" name="meetings" value="3" checked>'
UPDATES = '<input type="radio" name="goal_updates" value="3" checked>'


def participant(persona: Persona, **days: date) -> SimulatedParticipant:
    script = PersonaScript(persona=persona, otherwise=Persona.KEEN, **days)
    return SimulatedParticipant("P01", script, TimelineSettings(), ZONE, seed=1)


def email(kind: MilestoneKind, occurrence: int = 0, *, automatic: bool = True) -> ReceivedEmail:
    ask = Ask(milestone=f"{kind}-1", occurrence=occurrence)
    return ReceivedEmail(
        key=f"m/{kind}", to=Side.MENTEE, at=AT, automatic=automatic, links=((ask, kind, "https://x/r/a"),)
    )


def agreement(version: int, *, mentee: bool, **written: str) -> FormPageRead:
    goal = f'<textarea name="goal_1">{written.get("goal_1", "")}</textarea>' if mentee else ""
    comment = "" if mentee else f'<textarea name="comment">{written.get("comment", "")}</textarea>'
    others = "".join(
        f'<textarea name="{name}">{written.get(name, "")}</textarea>'
        for name in ("mentor_does", "mentee_does", "ground_rules")
    )
    hidden = f'<input type="hidden" name="version" value="{version}">'
    return read_page(f"<form>{hidden}{goal}{comment}{RHYTHM}{UPDATES}{TICKS}{others}</form>")


@pytest.mark.parametrize(
    ("persona", "occurrence", "automatic", "visits_for"),
    [
        (Persona.KEEN, 0, True, 1),
        (Persona.SILENT, 2, True, 0),
        (Persona.SLOW, 1, True, 0),
        (Persona.SLOW, 2, True, 1),
        (Persona.FORGETFUL, 0, True, 0),
        (Persona.FORGETFUL, 1, True, 1),
        (Persona.FORGETFUL, 0, False, 1),
        (Persona.SCANNER, 0, True, 1),
    ],
)
def test_persona_follows_the_emails_it_is_said_to(
    persona: Persona, occurrence: int, automatic: bool, visits_for: int
) -> None:
    asked = email(MilestoneKind.CHECK_IN, occurrence, automatic=automatic)
    assert len(participant(persona).visits_for(asked)) == visits_for


def test_a_meeting_is_noted_after_it_was_held() -> None:
    (visit,) = participant(Persona.KEEN).visits_for(email(MilestoneKind.MEETING))
    assert visit.at >= AT + timedelta(days=7)


def test_whoever_left_answers_nothing_any_more() -> None:
    gone = participant(Persona.LEAVES, starts_on=date(2019, 7, 22))
    assert gone.visits_for(email(MilestoneKind.CHECK_IN)) == []
    assert len(participant(Persona.LEAVES, starts_on=date(2019, 7, 23)).visits_for(email(MilestoneKind.CHECK_IN))) == 1


def invitation(kind: EmailKind, occurrence: int = 0) -> ReceivedInvitation:
    return ReceivedInvitation(
        key=f"c/M10/{kind}", kind=kind, at=AT, occurrence=occurrence, url="https://x/a/token/match"
    )


def test_whoever_declines_does_so_on_the_next_morning_and_once() -> None:
    somebody = participant(Persona.DECLINES)
    assert somebody.response_time(invitation(EmailKind.PROPOSAL), reminders=2) == datetime(2019, 7, 23, 14, tzinfo=UTC)
    assert somebody.answer_proposal()["act"] == Commitment.DECLINED
    again = somebody.response_time(invitation(EmailKind.PROPOSAL), reminders=2)
    assert again
    assert again >= AT + timedelta(days=2)
    assert somebody.answer_proposal() == {"act": Commitment.COMMITTED}


def test_an_invitation_to_the_session_waits_for_nobodys_decline() -> None:
    steady = participant(Persona.STEADY).response_time(invitation(EmailKind.KICKOFF), reminders=1)
    assert participant(Persona.DECLINES).response_time(invitation(EmailKind.KICKOFF), reminders=1) == steady


def test_a_question_called_status_gets_one_of_its_own_answers() -> None:
    for choices in (RsvpStatus, WindowStatus):
        inputs = "".join(f'<input type="radio" name="status" value="{choice}">' for choice in choices)
        answers = participant(Persona.KEEN).fill_form(read_page(f"<form>{inputs}</form>"), "status", AT)
        assert answers["status"] in set(choices)


def test_intake_is_completed_where_something_was_missing() -> None:
    told = participant(Persona.KEEN).complete_intake({"goal_1": "Lead.", "hopes": "Calm.", "town": "Duluth"})
    assert {name: told[name] for name in ("goal_1", "hopes", "town")} == {
        "goal_1": "Lead.",
        "hopes": "Calm.",
        "town": "Duluth",
    }
    assert told["challenges"].startswith("Between us, said P01")


@pytest.mark.parametrize("below", ["", "/match", "/kickoff"])
def test_personal_page_is_found_from_any_page_below_it(below: str) -> None:
    assert personal_page_url(f"https://mile.example.org/a/abc{below}") == "https://mile.example.org/a/abc"


def test_link_to_a_public_page_is_nobodys_own() -> None:
    with pytest.raises(MileError):
        personal_page_url("https://mile.example.org/apply/mile-2019")


def test_the_same_seed_acts_the_same() -> None:
    first, second = (participant(Persona.STEADY).visits_for(email(MilestoneKind.CHECK_IN)) for _ in range(2))
    assert first == second


def test_staff_are_told_a_week_before_a_pause_and_on_the_day_of_leaving() -> None:
    day = date(2020, 1, 6)
    (pause,) = planned_calls(Side.MENTEE, PersonaScript(persona=Persona.PAUSES, starts_on=day, ends_on=day), ZONE)
    (leave,) = planned_calls(Side.MENTOR, PersonaScript(persona=Persona.LEAVES, starts_on=day), ZONE)
    assert (pause.at, leave.at) == (datetime(2019, 12, 30, 18, tzinfo=UTC), datetime(2020, 1, 6, 18, tzinfo=UTC))
    assert planned_calls(Side.MENTEE, PersonaScript(persona=Persona.KEEN, starts_on=day), ZONE) == []


def test_mentee_drafts_mentor_comments_and_agrees_mentee_agrees() -> None:
    mentee, mentor = AgreementAnswers(lambda: "Words."), AgreementAnswers(lambda: "Words.")
    draft = mentee.fill(Persona.KEEN, agreement(0, mentee=True, goal_1="Lead."), reminded=False)
    assert draft is not None
    assert (draft["act"], draft["goal_1"], draft["version"]) == ("save", "Lead. Words.", "0")
    said = mentor.fill(Persona.KEEN, agreement(1, mentee=False), reminded=False)
    assert said is not None
    assert (said["act"], said["comment"]) == ("agree", "Words.")
    last = mentee.fill(Persona.KEEN, agreement(2, mentee=True, goal_1="Lead. Words."), reminded=False)
    assert last is not None
    assert (last["act"], last["goal_1"]) == ("agree", "Lead. Words.")


def test_nobody_acts_twice_on_their_own_version() -> None:
    mentee = AgreementAnswers(lambda: "Words.")
    assert mentee.fill(Persona.KEEN, agreement(0, mentee=True), reminded=False)
    assert mentee.fill(Persona.KEEN, agreement(1, mentee=True), reminded=True) is None


def test_mentor_waits_for_goals_until_reminded() -> None:
    mentor = AgreementAnswers(lambda: "Words.")
    assert mentor.fill(Persona.KEEN, agreement(0, mentee=False), reminded=False) is None
    assert mentor.fill(Persona.KEEN, agreement(0, mentee=False), reminded=True)


def test_whoever_negotiates_changes_the_agreement_once_more() -> None:
    mentee = AgreementAnswers(lambda: "Words.")
    assert mentee.fill(Persona.NEGOTIATES, agreement(0, mentee=True), reminded=False)
    again = mentee.fill(Persona.NEGOTIATES, agreement(2, mentee=True), reminded=False)
    assert again is not None
    assert (again["act"], again["ground_rules"]) == ("agree", "Words.")


@pytest.mark.parametrize(("persona", "months"), [(Persona.MONTHLY, "1"), (Persona.QUARTERLY, "3"), (Persona.KEEN, "3")])
def test_pair_meets_as_often_as_its_persona_wants(persona: Persona, months: str) -> None:
    values = AgreementAnswers(lambda: "Words.").fill(persona, agreement(0, mentee=True), reminded=False)
    assert values is not None
    assert values["meetings"] == months


def test_page_is_read_as_it_stands() -> None:
    page = read_page(
        '<form><input type="hidden" name="version" value="3"><textarea name="words">\nA &amp; B</textarea>'
        '<input type="checkbox" name="topics" value="a" checked><input type="checkbox" name="topics" value="b">'
        '<input name="how_many" value="4"><input name="theirs" value="x" disabled></form>'
    )
    assert page.hidden == {"version": "3"}
    assert page.current_values == {"words": "A & B", "topics": "a", "how_many": "4"}
    assert {field.name: field.values for field in page.fields} == {"words": (), "topics": ("a", "b"), "how_many": ()}
