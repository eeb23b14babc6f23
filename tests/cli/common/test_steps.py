"""Before a step: who gets which email when, and a yes where many are emailed or nothing can be undone."""

from datetime import UTC, datetime

import pytest
import typer

from cli.common.steps import announce
from schemas.enums import EmailKind, Recipient, StaffReason
from schemas.errors import Refusal
from schemas.preview import FEW_PEOPLE, Preview, PreviewedEmail

MONDAY = datetime(2027, 4, 19, 14, tzinfo=UTC)


def emails(count: int, at: datetime | None = None, *, soon: bool = False) -> tuple[PreviewedEmail, ...]:
    return tuple(
        PreviewedEmail(to=f"P{number:02}", kind=EmailKind.INTAKE, side=Recipient.MENTEE, at=at, soon=soon)
        for number in range(count)
    )


def preview(*sent: PreviewedEmail, way_back: str | None = "do the opposite") -> Preview:
    return Preview(changes=("Something would change.",), emails=sent, way_back=way_back, time_zone="America/Chicago")


def test_emails_are_named_before_the_step_with_their_moment(capsys: pytest.CaptureFixture[str]) -> None:
    note = PreviewedEmail(
        to="staff", side=Recipient.STAFF, kind=EmailKind.STAFF_NOTE, reason=StaffReason.INTAKE_INCOMPLETE
    )
    announce(preview(*emails(2), note, *emails(1, MONDAY)), yes=False)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        "3 emails leave at once: 2 participants are asked for their goals, challenges and hopes, "
        "staff get a note (intake incomplete).",
        "1 email leaves on 2027-04-19 09:00: 1 participant is asked for their goals, challenges and hopes.",
    ]


@pytest.mark.parametrize(
    ("step", "needs_yes"),
    [
        (preview(*emails(FEW_PEOPLE)), False),
        (preview(*emails(FEW_PEOPLE + 1)), True),
        (preview(*emails(FEW_PEOPLE), *emails(FEW_PEOPLE)), False),
        (preview(*emails(FEW_PEOPLE + 1, MONDAY)), False),
        (preview(*emails(FEW_PEOPLE + 1, MONDAY, soon=True)), True),
        (preview(way_back=None), True),
        (Preview(), False),
    ],
    ids=["few", "many", "few, twice", "many, later", "many, when office hours begin", "no way back", "no change"],
)
def test_a_step_needs_a_yes_where_many_are_emailed_or_nothing_can_be_undone(step: Preview, *, needs_yes: bool) -> None:
    announce(step, yes=True)
    if needs_yes:
        with pytest.raises(Refusal, match="run it again with --yes"):
            announce(step, yes=False)
    else:
        announce(step, yes=False)


@pytest.mark.parametrize("answer", [True, False])
def test_at_a_terminal_staff_are_asked(monkeypatch: pytest.MonkeyPatch, *, answer: bool) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(typer, "confirm", lambda *_, **__: answer)
    if answer:
        announce(preview(way_back=None), yes=False)
    else:
        with pytest.raises(Refusal, match=r"^Nothing was changed\.$"):
            announce(preview(way_back=None), yes=False)
