"""Refusals and failures; each message is a sentence a person can act on."""

from dataclasses import dataclass


class MileError(Exception):
    """Anything the program itself refuses or fails at; the command line exits with status 1.

    The message serves everywhere; ``shell_advice`` follows it on the command line only, and names a command.
    """

    def __init__(self, message: str = "", *, shell_advice: str = "") -> None:
        super().__init__(message)
        self.shell_advice = shell_advice


class Refusal(MileError):
    """Bad input or a request that a rule forbids; the command line exits with status 2."""


class NoReportYet(Refusal):
    """A cohort's closing report is not written yet."""


class LinkRevoked(MileError):
    """The link behind which a page was opened was revoked before what was sent from it could be stored."""


class CalendarRefused(Refusal):
    """A participant's calendar cannot be read; the sentence says why, and is fit for their page."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file that a person wrote: where it is, what was found, what to do.

    In a TOML file ``row`` is the line and ``column`` the key, as in ``institute.last_day``.
    """

    file: str
    message: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        row, column = ("line", "key") if self.file.endswith(".toml") else ("row", "column")
        where = [self.file]
        if self.row is not None:
            where.append(f"{row} {self.row}")
        if self.column is not None:
            where.append(f"{column} {self.column}")
        shown = "" if self.value is None else f" (found: {self.value!r})"
        return f"{', '.join(where)}: {self.message}{shown}"


class BadInput(Refusal):
    """Files that cannot be used as they are; nothing of them was imported.

    ``problems`` holds all that was found; the message shows the first 50 and counts the rest.
    """

    SHOWN = 50

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        lines = [str(problem) for problem in problems[: self.SHOWN]]
        if len(problems) > self.SHOWN:
            lines.append(f"… and {len(problems) - self.SHOWN} more")
        super().__init__("\n".join(lines))


class UnknownMentorship(Refusal):
    """There is no such mentorship."""

    def __init__(self, mentorship_id: str) -> None:
        self.mentorship_id = mentorship_id
        super().__init__(f"There is no mentorship {mentorship_id}.")


class UnknownCohort(Refusal):
    """There is no such cohort."""

    def __init__(self, cohort_id: str) -> None:
        self.cohort_id = cohort_id
        super().__init__(f"There is no cohort {cohort_id}.")


class TemporalUnavailable(MileError):
    """Temporal does not answer; the signal is sent later, because what it is about is stored."""


class SignalRefused(TemporalUnavailable):
    """Temporal answers, but refuses this one signal; others may succeed."""


class InvalidHeader(MileError, ValueError):
    """A header of an email cannot be written so that every reader understands the same; the email is not sent."""

    def __init__(self, header: str, reason: str) -> None:
        self.header = header
        super().__init__(f"The header {header} cannot be sent: {reason}.")
