"""Two records compared: each difference is listed once, and of two locales only what is no date."""

from pathlib import Path
from typing import Any

import pytest

from rehearsal.checks.evidence import Evidence
from rehearsal.compare import main
from schemas.enums import Outcome
from schemas.rehearsal import PromiseRecord, RehearsalRecord

AMERICAN = "Your mentor will contact you by Friday, May 31, 2019. You meet at 9:00 AM on May 10. See <link>"
BRITISH = "Your mentor will contact you by Friday 31 May 2019. You meet at 09:00 on 10 May. See <link>"


@pytest.fixture
def record(evidence: Evidence) -> RehearsalRecord:
    promise = PromiseRecord(id="A6", held=True, evidence="1 of 1")
    return with_first_email(evidence.record.model_copy(update={"promises": (promise,)}), text=AMERICAN)


def with_first_mentorship(record: RehearsalRecord, **different: Any) -> RehearsalRecord:
    first, *others = record.mentorships
    return record.model_copy(update={"mentorships": (first.model_copy(update=different), *others)})


def with_first_email(record: RehearsalRecord, **different: Any) -> RehearsalRecord:
    first, *others = record.mentorships[0].emails
    return with_first_mentorship(record, emails=(first.model_copy(update=different), *others))


def compared(
    folder: Path, capsys: pytest.CaptureFixture[str], first: RehearsalRecord, second: RehearsalRecord, *options: str
) -> list[str]:
    """Return the lines the command prints about two records, after checking its exit status."""
    paths = [folder / "first.json", folder / "second.json"]
    for path, record in zip(paths, (first, second), strict=True):
        path.write_text(record.model_dump_json(by_alias=True))
    status = main([*map(str, paths), *options])
    lines = capsys.readouterr().out.splitlines()
    assert status == (1 if lines else 0)
    return lines


def test_equal_records_have_no_differences_but_the_time_they_took(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], record: RehearsalRecord
) -> None:
    assert compared(tmp_path, capsys, record, record.model_copy(update={"seconds": 99.0})) == []


def test_each_difference_is_listed_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], record: RehearsalRecord
) -> None:
    changed = with_first_mentorship(record, outcome=Outcome.ENDED_EARLY, emails=record.mentorships[0].emails[1:])
    changed = changed.model_copy(
        update={"promises": (record.promises[0].model_copy(update={"held": False}),), "problems": ("It broke.",)}
    )
    assert compared(tmp_path, capsys, record, changed) == [
        "mentorship mile-2019-001: outcome completed → ended_early",
        "only in the first: email mile-2019-001/welcome/first_contact@0/mentor/0",
        "promise A6: held True → False",
        "only in the second: problem It broke.",
    ]


def test_a_changed_text_is_shown_from_its_first_changed_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], record: RehearsalRecord
) -> None:
    changed = with_first_email(record, text=AMERICAN.replace("contact", "call"))
    (line,) = compared(tmp_path, capsys, record, changed)
    assert line.endswith("text: contact you by Friday, May 31, 2019. You → call you by Friday, May 31, 2019. You")


def test_records_of_two_locales_differ_in_their_dates_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], record: RehearsalRecord
) -> None:
    british = with_first_email(record, text=BRITISH)
    assert len(compared(tmp_path, capsys, record, british)) == 1
    assert compared(tmp_path, capsys, record, british, "--dates-only") == []


@pytest.mark.parametrize(
    ("text", "difference"),
    [
        (BRITISH.replace("contact", "call"), "contact you by <day>."),
        (BRITISH.replace("10 May", "May 10"), "May 10 is the same in both"),
        (BRITISH.replace(" on 10 May", ""), "<time> on <day>. See <link> → <time>. See <link>"),
    ],
    ids=["word", "date", "missing"],
)
def test_what_two_locales_must_not_do_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], record: RehearsalRecord, text: str, difference: str
) -> None:
    lines = compared(tmp_path, capsys, record, with_first_email(record, text=text), "--dates-only")
    assert difference in lines[0]
