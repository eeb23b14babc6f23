"""How a mentorship and a change of it look on staff's terminal."""

from datetime import UTC, date, datetime

import pytest
from rich.console import Console, RenderableType

from cli.mentorship.concerns import concerns_with_advice
from cli.mentorship.tables import candidates_table, effect_table, progress_table
from domain.mentorship.concern_words import short_concerns
from domain.mentorship.digest import ORDER_OF_CONCERNS
from schemas.applications.people import Person
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.emails.incoming import NotedReply
from schemas.enums import EmailKind, Phase, Recipient, ReplyKind, Side, StaffReason
from schemas.matching.results import ReplacementCandidate
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.state import Forecast, Progress
from schemas.mentorship.terms import Pause
from schemas.mentorship.what_if import MovedEmail, WhatIf
from services.mentorships.concerns import RESOLVED_BY_ATTENDING

KICKOFF, END = date(2019, 5, 10), date(2020, 11, 10)


def person(id_: str, side: Side) -> Person:
    email = f"{id_.lower()}@example.org"
    return Person(id=id_, side=side, name=f"Test {id_}", email=email, library="Library", town="Ely", role="Clerk")


@pytest.fixture
def pair() -> MentorshipPair:
    settings = CohortSettings(
        id="mile-2019",
        title="2019 Mentorship Program",
        institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=KICKOFF),
        contact=ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
    )
    return MentorshipPair(
        mentorship_id="mile-2019-007",
        cohort=settings,
        mentor=person("M03", Side.MENTOR),
        mentee=person("P07", Side.MENTEE),
        starts_on=KICKOFF,
        ends_on=END,
    )


def shown(what: RenderableType) -> list[str]:
    """Return the lines of a table, each as its words."""
    console = Console(width=200, highlight=False, markup=False)
    with console.capture() as captured:
        console.print(what)
    return [" ".join(line.replace("│", " ").split()) for line in captured.get().splitlines()]


def email(day: date, to: Recipient = Recipient.MENTOR, kind: EmailKind = EmailKind.CHECK_IN) -> Forecast:
    at = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
    return Forecast(at=at, to=to, kind=kind, why="it is due", if_nobody_replies="nothing")


def test_a_mentorship_is_shown_with_its_pauses_its_end_and_what_to_do_about_each_concern(pair: MentorshipPair) -> None:
    progress = Progress(
        now=datetime(2019, 8, 1, tzinfo=UTC),
        phase=Phase.ENABLING,
        quarter=2,
        next_due_at=datetime(2019, 10, 21, 14, tzinfo=UTC),
        ends_on=date(2021, 1, 10),
        pauses=(Pause(from_on=date(2019, 8, 10), until_on=date(2019, 10, 10)),),
        concerns=(StaffReason.CALL_REQUESTED, StaffReason.NO_AGREEMENT),
    )
    lines = shown(progress_table(pair, progress))
    assert "From 2019-05-10 to 2021-01-10" in lines
    assert "Pauses 2019-08-10 to 2019-10-10" in lines
    assert "Next due 2019-10-21 09:00" in lines
    assert "Concerns asked for a call: call, then: mile mentorship resolve mile-2019-007 --note …" in lines
    assert any(line.startswith("no agreement: ") for line in lines)


def test_replies_are_shown_with_the_command_that_does_what_they_ask_for(pair: MentorshipPair) -> None:
    progress = Progress(now=datetime(2019, 8, 1, tzinfo=UTC), phase=Phase.ENABLING, quarter=2, next_due_at=None)
    at = datetime(2019, 8, 2, 14, 5, tzinfo=UTC)
    replies = (
        NotedReply(received_at=at, side=Side.MENTEE, kind=ReplyKind.NO_MORE_EMAILS),
        NotedReply(received_at=at, side=None, kind=ReplyKind.NEW_ADDRESS),
        NotedReply(received_at=at, side=Side.MENTOR, kind=ReplyKind.MESSAGE),
    )
    lines = shown(progress_table(pair, progress, replies))
    assert lines[lines.index("Concerns none") + 1 :] == [
        "Replies 2019-08-02 09:05 mentee: no more emails. If this is what they ask for: "
        'mile mentorship reminders mile-2019-007 --side mentee --pause --note "asked by email"',
        "2019-08-02 09:05 someone else: new address",
        "2019-08-02 09:05 mentor: message",
    ]


def test_the_emails_a_change_adds_moves_and_drops_are_shown_by_date(pair: MentorshipPair) -> None:
    effect = WhatIf(
        ends_on_before=END,
        ends_on=END,
        added=(email(date(2019, 9, 3), kind=EmailKind.MEETING),),
        moved=(MovedEmail(email=email(date(2019, 8, 1)), before=datetime(2019, 7, 1, 14, tzinfo=UTC)),),
        dropped=(email(date(2019, 8, 20), Recipient.MENTEE),),
    )
    lines = shown(effect_table(pair, effect))
    assert lines[0] == "Later emails: 1 added, 1 moved, 1 dropped"
    rows = [line for line in lines if line.endswith("it is due")]
    assert rows == [
        "moved 2019-08-01 09:00 2019-07-01 09:00 mentor check-in it is due",
        "dropped 2019-08-20 09:00 mentee check-in it is due",
        "added 2019-09-03 09:00 mentor meeting it is due",
    ]


def test_a_change_that_leaves_all_emails_alone_says_so(pair: MentorshipPair) -> None:
    unchanged = WhatIf(ends_on_before=END, ends_on=END)
    assert effect_table(pair, unchanged) == "No later email is added, moved, or dropped."


def test_mentors_are_offered_by_name_with_their_score_of_a_hundred() -> None:
    offered = (ReplacementCandidate(mentor="M05", score=8120, free=2),)
    assert "M05 Test M05 81 2" in shown(candidates_table("mile-2019-007", offered, {"M05": "Test M05"}))


def test_every_concern_about_a_mentorship_has_words_and_advice() -> None:
    assert short_concerns(ORDER_OF_CONCERNS).count(", ") == len(ORDER_OF_CONCERNS) - 1
    lines = concerns_with_advice("mile-2019-007", ORDER_OF_CONCERNS).splitlines()
    assert all(": " in line for line in lines)
    attended = [line for reason, line in zip(ORDER_OF_CONCERNS, lines, strict=True) if reason in RESOLVED_BY_ATTENDING]
    assert all("mile mentorship" in line for line in attended)
    assert (short_concerns(()), concerns_with_advice("mile-2019-007", ())) == ("", "none")
