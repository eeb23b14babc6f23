"""What files contain is shown on a terminal, and never obeyed by it."""

from datetime import UTC, datetime

import pytest

from cli.applications.list import keep_apart_lines
from cli.common.errors import explained
from cli.matching.proposal_tables import question_lines
from emails.samples import SAMPLE_COHORT
from schemas.applications.imports import ApplicationRow
from schemas.enums import ApplicationStatus, Commitment, Side, WindowState
from schemas.errors import BadInput, Problem
from schemas.matching.proposals import ProposedMatch, SideAnswer
from services.applications.listing import ApplicationList
from services.proposals import ProposalList, proposal_details


def test_a_heading_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [Problem("mentors.csv", "is not a column we know", 1, column) for column in ("a\x1b[2J", "b\u202ec\x9b")]
    with pytest.raises(SystemExit), explained():
        raise BadInput(problems)
    said = capsys.readouterr().err
    assert said.count("\n") == 2
    assert said.replace("\n", "").isprintable()
    assert "column a\\x1b[2J" in said
    assert "column b\\u202ec\\x9b" in said


def test_names_of_every_alphabet_are_left_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), explained():
        raise BadInput([Problem("Müll\u00a0Ł/ಅ/שלום.csv", "is empty")])
    assert capsys.readouterr().err == "Müll\u00a0Ł/ಅ/שלום.csv: is empty\n"


def test_a_question_cannot_command_the_terminal_of_the_staff_who_read_it() -> None:
    asked = SideAnswer(
        commitment=Commitment.ASKED, question="Why\x1b]0;owned\x07\x1b[2J me?\nP02 asks: \u202enothing\x9b"
    )
    at = datetime(2019, 4, 1, 15, tzinfo=UTC)
    match = ProposedMatch(
        mentor_id="M01", mentee_id="P01", run=1, proposed_at=at, mentor=asked, final=False, declined=False
    )
    shown = ProposalList(
        cohort=SAMPLE_COHORT.id,
        asks=True,
        proposals=(proposal_details(match, SAMPLE_COHORT),),
        names={"M01": "Amina"},
        time_zone=SAMPLE_COHORT.time_zone,
    )
    [line] = question_lines(shown)
    assert line.startswith("M01 Amina asks: Why")
    assert line.isprintable()


def test_staff_read_whom_somebody_should_not_be_matched_with_on_one_line_and_programs_do_not() -> None:
    began = datetime(2019, 2, 20, 18, tzinfo=UTC)
    line = ApplicationRow(
        id="A001",
        side=Side.MENTOR,
        complete=False,
        missing=3,
        began_at=began,
        name="Amina",
        status=ApplicationStatus.ACCEPTED,
    )
    shown = ApplicationList(
        cohort="mile-2019",
        state=WindowState.OPEN,
        mentor_places=1,
        mentees=1,
        places_missing=0,
        applications=(line,),
    )
    [wish] = keep_apart_lines(shown, {"A001": "Nobody from\x1b[2J Duluth.\nA002 asks nothing. " + "x " * 5000})
    assert wish.startswith("A001 Amina asks not to be matched with: Nobody from [2J Duluth. A002")
    assert wish.isprintable()
    assert len(wish) < 2100
    assert "Duluth" not in shown.model_dump_json()
