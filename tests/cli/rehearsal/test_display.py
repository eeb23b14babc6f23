from datetime import date
from io import StringIO

import pytest
from rich.console import Console

from cli.common.tables import print_table
from cli.rehearsal.display import broken_promises, ledger, participant_emails, summary, untested_promises, verdict
from schemas.cohort.settings import (
    ApplicationWindow,
    CohortSettings,
    Institute,
    ProgramContact,
    ProposalSettings,
)
from schemas.enums import EmailKind, NotShown, Outcome, Side, WindowStatus
from schemas.rehearsal import (
    MentorshipRecord,
    ParticipantEmailsRecord,
    PromiseRecord,
    QuarterRecord,
    RehearsalRecord,
    UnmatchedRecord,
    UntestedPromiseRecord,
)

KICKOFF = date(2019, 5, 10)
ENDS_ON = date(2020, 11, 10)


def _quarter(number: int) -> QuarterRecord:
    said = WindowStatus.NOT_YET if number == 3 else WindowStatus.MET
    return QuarterRecord(
        number=number, opens_on=KICKOFF, closes_on=ENDS_ON, mentor=said, mentee=WindowStatus.UNANSWERED
    )


def _record(quarters: int = 6) -> RehearsalRecord:
    played = MentorshipRecord(
        id="mile-2019-001",
        mentor="M02",
        mentee="P01",
        score=8670,
        outcome=Outcome.MENTOR_WITHDREW,
        starts_on=KICKOFF,
        ends_on=ENDS_ON,
        quarters=tuple(_quarter(number + 1) for number in range(quarters)),
        emails=(),
        responses=(),
        runs=1,
        events=10,
        actions=5,
    )
    return RehearsalRecord(
        cohort="mile-2019",
        seed=1,
        kickoff_on=KICKOFF,
        seconds=45,
        people={"mentors": 1, "participants": 2},
        unmatched=(UnmatchedRecord(id="P12", why="Every mentor is taken."),),
        mentorships=(played,),
        staff_emails=(),
    )


def _shown(record: RehearsalRecord, width: int) -> list[str]:
    console = Console(file=StringIO(), width=width)
    print_table(summary(record), console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


def test_a_mentorship_is_one_line_of_eighty_columns() -> None:
    (line,) = (line for line in _shown(_record(), 80) if "mile-2019-001" in line)
    assert line.split() == ["mile-2019-001", "M02", "●●○●●●", "P01", "······", "87", "0", "mentor", "withdrew"]


@pytest.mark.parametrize("width", [40, 60, 80])
def test_nothing_is_cut_however_narrow_the_terminal(width: int) -> None:
    assert "…" not in "".join(_shown(_record(quarters=24), width))


def test_a_participant_without_a_mentor_is_named_with_the_reason() -> None:
    assert "P12 has no mentor. Every mentor is taken." in _shown(_record(), 80)


def test_emails_of_each_participant_are_counted_by_kind() -> None:
    counts = (("M02", Side.MENTOR, 21, 0, 6), ("P01", Side.MENTEE, 31, 4, 6), ("P02", Side.MENTEE, 29, 0, 18))
    told = tuple(
        ParticipantEmailsRecord(
            mentorship="mile-2019-001",
            side=side,
            participant=participant,
            during=during,
            afterwards=3,
            reminders=0,
            kinds={EmailKind.CHECK_IN: during - meetings + 3, EmailKind.MEETING: meetings},
            silent_about=silent_about,
        )
        for participant, side, during, silent_about, meetings in counts
    )
    console = Console(file=StringIO(), width=80)
    print_table(participant_emails(_record().model_copy(update={"emails_per_participant": told})), console)
    assert isinstance(console.file, StringIO)
    lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]
    assert "mile-2019-001 M02 21 3 18 check in, 6 meeting" in lines
    assert lines[-3:] == [
        "Anyone got at most 31 emails until the end of their mentorship.",
        "Mentors who answered everything, unreminded, and met every quarter: at most 21.",
        "Mentees who answered everything, unreminded, and met more often: at most 29.",
    ]


def test_ledger_tells_what_held_what_did_not_and_what_is_not_shown() -> None:
    record = _record().model_copy(
        update={
            "promises": (
                PromiseRecord(id="A6", says="18 months", held=True, evidence="12 of 12"),
                PromiseRecord(id="A22", says="six windows", held=False, evidence="5 of 6"),
            ),
            "promises_not_shown": (
                UntestedPromiseRecord(id="A5", says="they meet", why="nobody came"),
                UntestedPromiseRecord(id="A20", says="a session", why="none", reason=NotShown.LEFT_OUT),
            ),
        }
    )
    console = Console(file=StringIO(), width=120)
    print_table(ledger(record), console)
    assert isinstance(console.file, StringIO)
    lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]
    assert "A6 held 18 months 12 of 12" in lines
    assert "A22 not held six windows 5 of 6" in lines
    assert lines[-4:] == [
        "Not put to the test: 1",
        "A5 they meet: nobody came",
        "Left out by the cohort's settings: 1",
        "A20 a session: none",
    ]
    assert broken_promises(record) == ["Promise A22 is not held (six windows): 5 of 6."]
    assert untested_promises(record) == ["Promise A5 was not put to the test (they meet): nobody came."]
    assert "Not put to the test: A5." in [line.plain for line in verdict(record, _settings(date(2019, 3, 15)))]


def _settings(closes_on: date) -> CohortSettings:
    return CohortSettings(
        id="mile-2019",
        title="2019",
        institute=Institute(venue="Lodge", town="Ely", last_day=KICKOFF),
        contact=ProgramContact(role="Chair", email="chair@example.org"),
        applications=ApplicationWindow(opens_on=date(2019, 2, 1), closes_on=closes_on),
        proposals=ProposalSettings(),
    )


def test_verdict_is_sentences_for_people() -> None:
    lines = [line.plain for line in verdict(_record(), _settings(date(2019, 3, 15)))]
    assert lines[:2] == [
        "1 pair started on 2019-05-10, and 0 completed their mentorship.",
        "1 without a mentor: P12.",
    ]


@pytest.mark.parametrize(("closes_on", "is_short"), [(date(2019, 4, 26), False), (date(2019, 4, 27), True)])
def test_rehearsal_in_which_nothing_could_happen_says_why(closes_on: date, *, is_short: bool) -> None:
    empty = _record().model_copy(update={"mentorships": ()})
    (line,) = (line.plain for line in verdict(empty, _settings(closes_on)))
    why = "Applications close on 2019-04-27, too late for the kickoff" if is_short else "Nobody could be matched."
    assert line.startswith(f"No pair could start. {why}")
