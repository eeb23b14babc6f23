"""What a rehearsal shows on the terminal: its progress while it runs, and its result."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from types import TracebackType
from typing import Self

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from domain.calendar import local_day, months_after
from domain.cohort.schedule import too_little_time
from schemas.cohort.settings import CohortSettings
from schemas.enums import EmailKind, NotShown, Outcome, Side, WindowStatus
from schemas.mentorship.terms import TimelineSettings
from schemas.rehearsal import MentorshipRecord, ParticipantEmailsRecord, RehearsalRecord

SIGNS = {
    WindowStatus.MET: ("●", "green"),
    WindowStatus.PLANNED: ("◐", "yellow"),
    WindowStatus.NOT_YET: ("○", "yellow"),
    WindowStatus.UNANSWERED: ("·", "dim"),
}
NOT_SHOWN = {
    NotShown.NOT_TESTED: "Not put to the test",
    NotShown.LEFT_OUT: "Left out by the cohort's settings",
    NotShown.CANNOT_BE_SHOWN: "No rehearsal can show",
}


class ProgressBars:
    """Shows progress: the simulated days of all mentorships together, and the day reached last."""

    def __init__(self, settings: CohortSettings, console: Console) -> None:
        self._settings = settings
        self._days: dict[str, int] = {}
        self._bars = Progress(
            TextColumn("{task.description:<24}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(), console=console,
        )  # fmt: skip

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._bars.start()
        self._task = self._bars.add_task("applications, matching", total=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the finished bar behind."""
        self._bars.stop()

    def expect(self, mentorships: int) -> None:
        """Take note of how many mentorships will run."""
        self._bars.update(self._task, total=mentorships * _length_in_days(self._settings))

    def reached(self, mentorship: str, moment: datetime) -> None:
        """Note how far one mentorship got."""
        day = local_day(moment, self._settings.time_zone)
        self._days[mentorship] = (day - self._settings.kickoff_day).days
        self._bars.update(self._task, completed=sum(self._days.values()), description=f"{mentorship}  {day}")


def _length_in_days(settings: CohortSettings) -> int:
    timeline: TimelineSettings = settings.timeline
    ends_on = months_after(settings.kickoff_day, timeline.months)
    last = max((months_after(ends_on, months) for months in timeline.follow_up_after_months), default=ends_on)
    return (last - settings.kickoff_day).days + max(timeline.closure_survey.closes, timeline.follow_up.closes, 0)


def verdict(record: RehearsalRecord, settings: CohortSettings) -> Iterator[Text]:
    """Say in sentences what the rehearsal came to, and where nothing could happen why."""
    started, completed = len(record.mentorships), _completed(record)
    if not started:
        yield Text(f"No pair could start. {too_little_time(settings) or _why_none(record)}", style="bold red")
        return
    pairs = "1 pair" if started == 1 else f"{started} pairs"
    yield Text(f"{pairs} started on {record.kickoff_on}, and {completed} completed their mentorship.", style="bold")
    if record.unmatched:
        yield Text(f"{len(record.unmatched)} without a mentor: {', '.join(one.id for one in record.unmatched)}.")
    if short := too_little_time(settings):
        yield Text(short, style="yellow")
    kept = sum(promise.held for promise in record.promises)
    yield Text(f"{kept} of {len(record.promises)} promises of the program were kept. To see them: --promises")
    if untested := [promise.id for promise in record.promises_not_shown if promise.reason is NotShown.NOT_TESTED]:
        yield Text(f"Not put to the test: {', '.join(untested)}.", style="yellow")


def _completed(record: RehearsalRecord) -> int:
    return sum(one.outcome is Outcome.COMPLETED for one in record.mentorships)


def _why_none(record: RehearsalRecord) -> str:
    return "Nobody could be matched." if record.unmatched else "No match was final on the day of the kickoff."


def summary(record: RehearsalRecord) -> Group:
    """Return the result of a rehearsal: a line for each mentorship, a sign for each quarter and side, the totals."""
    table = Table(
        title=f"{record.cohort}: kickoff {record.kickoff_on}",
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for heading in ("mentorship", "mentor", "says", "mentee", "says", "score", "emails", "outcome"):
        # Folded, because a shortened sign or outcome says nothing.
        table.add_column(heading, justify="right" if heading in ("score", "emails") else "left", overflow="fold")
    for mentorship in record.mentorships:
        table.add_row(
            mentorship.id,
            mentorship.mentor,
            _signs(mentorship, Side.MENTOR),
            mentorship.mentee,
            _signs(mentorship, Side.MENTEE),
            f"{mentorship.score / 100:.0f}",
            str(len(mentorship.emails)),
            _text(mentorship.outcome or "running"),
        )
    legend = Text("  ".join(f"{sign} {_text(status)}" for status, (sign, _) in SIGNS.items()), style="dim")
    unmatched = [Text(f"{person.id} has no mentor. {person.why}") for person in record.unmatched]
    return Group(table, legend, *unmatched, Text(_totals(record)))


def participant_emails(record: RehearsalRecord) -> Group:
    """Return how many emails each participant got about their mentorship, and of which kinds."""
    table = Table(title="Emails", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("mentorship", "who", "until the end", "after", "by kind"):
        table.add_column(heading, justify="right" if heading in ("until the end", "after") else "left", overflow="fold")
    for each in record.emails_per_participant:
        kinds = ", ".join(f"{count} {_text(kind)}" for kind, count in each.kinds.items())
        table.add_row(each.mentorship, each.participant, str(each.during), str(each.afterwards), kinds)
    return Group(table, *(Text(line) for line in _most_emails(record)))


def _most_emails(record: RehearsalRecord) -> Iterator[str]:
    """Say what the most was that anybody got, and those who answered everything, by side and rhythm."""
    told = record.emails_per_participant
    yield f"Anyone got at most {max(each.during for each in told)} emails until the end of their mentorship."
    answered = [each for each in told if not (each.silent_about or each.reminders)]
    for rhythm, quarterly in (("every quarter", True), ("more often", False)):
        those = [each for each in answered if _meets_quarterly(each) is quarterly]
        for side in Side:
            if counts := [each.during for each in those if each.side is side]:
                who = f"{side.capitalize()}s who answered everything, unreminded, and met {rhythm}"
                yield f"{who}: at most {max(counts)}."


def _meets_quarterly(emails: ParticipantEmailsRecord) -> bool:
    """Tell whether somebody was emailed about no more meetings than a quarterly pair has in 18 months."""
    return emails.kinds.get(EmailKind.MEETING, 0) <= 6


def ledger(record: RehearsalRecord) -> Group:
    """Return the promise ledger: a line for each promise that was put to the test, and those that were not."""
    table = Table(title="Promises", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("promise", "", "says", "evidence"):
        table.add_column(heading, overflow="fold")
    for promise in record.promises:
        sign = Text("held", style="green") if promise.held else Text("not held", style="bold red")
        table.add_row(promise.id, sign, promise.says, promise.evidence)
    return Group(
        table, *(line for reason, heading in NOT_SHOWN.items() for line in _not_shown(record, reason, heading))
    )


def _not_shown(record: RehearsalRecord, reason: NotShown, heading: str) -> Iterator[Text]:
    promises = [promise for promise in record.promises_not_shown if promise.reason is reason]
    if promises:
        yield Text(f"{heading}: {len(promises)}", style="bold")
    yield from (Text(f"{promise.id}  {promise.says}: {promise.why}", style="dim") for promise in promises)


def broken_promises(record: RehearsalRecord) -> list[str]:
    """Return one sentence for each promise that did not hold."""
    return [
        f"Promise {promise.id} is not held ({promise.says}): {promise.evidence}."
        for promise in record.promises
        if not promise.held
    ]


def untested_promises(record: RehearsalRecord) -> list[str]:
    """Return one sentence for each promise that nothing put to the test."""
    return [
        f"Promise {promise.id} was not put to the test ({promise.says}): {promise.why}."
        for promise in record.promises_not_shown
        if promise.reason is NotShown.NOT_TESTED
    ]


def _signs(mentorship: MentorshipRecord, side: Side) -> Text:
    signs = [SIGNS[getattr(quarter, side)] for quarter in mentorship.quarters]
    return Text.assemble(*signs)


def _text(status: str) -> str:
    return status.replace("_", " ")


def _totals(record: RehearsalRecord) -> str:
    outcomes = Counter(_text(mentorship.outcome or "running") for mentorship in record.mentorships)
    emails = sum(len(mentorship.emails) for mentorship in record.mentorships)
    answers = sum(len(mentorship.responses) for mentorship in record.mentorships)
    ends = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    return (
        f"{len(record.mentorships)} mentorships ({ends}), {len(record.problems)} problems, {record.seconds:.0f} s\n"
        f"{emails} emails, {len(record.staff_emails)} to staff, {answers} responses"
    )
