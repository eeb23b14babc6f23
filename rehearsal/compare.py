"""Compare two rehearsals' records: ``python -m rehearsal.compare A.json B.json``.

Of two rehearsals with one seed it lists what a change of the code or of the settings changed: outcomes, emails,
responses, promises and problems. It reads only the fields it compares, so records of an older version can be read too.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
# Days as English locales write them, such as "Friday, May 10, 2019", "10 May" and "Friday 10 May 2019".
_AMERICAN = rf"(?:{_MONTH}) \d{{1,2}}\b(?:, \d{{4}})?"
_BRITISH = rf"\d{{1,2}} (?:{_MONTH})\b(?: \d{{4}})?"
_DAY = re.compile(rf"(?:{_WEEKDAY},? )?(?:{_AMERICAN}|{_BRITISH})")
_TIME = re.compile(r"\b\d{1,2}:\d{2}(?: [AP]M)?")
WORDS_SHOWN = 8


# Models of their own rather than schemas.rehearsal: records of older versions must stay readable here.
class _Compared(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Email(_Compared):
    key: str
    kind: str
    to: str
    automatic: bool
    at: AwareDatetime
    subject: str
    state: str
    text: str = ""


class _WithId(_Compared):
    id: str


class _Response(_WithId):
    form: str
    at: AwareDatetime
    revision: int


class _Mentorship(_WithId):
    mentor: str
    mentee: str
    score: int
    outcome: str | None
    starts_on: date
    ends_on: date
    emails: tuple[_Email, ...]
    responses: tuple[_Response, ...]


class _Unmatched(_WithId):
    why: str


class _Promise(_WithId):
    held: bool


class ComparedRecord(_Compared):
    """The fields of a rehearsal's record that are compared."""

    unmatched: tuple[_Unmatched, ...]
    mentorships: tuple[_Mentorship, ...]
    staff_emails: tuple[_Email, ...]
    applicant_emails: tuple[_Email, ...] = ()
    promises: tuple[_Promise, ...] = ()
    problems: tuple[str, ...] = ()

    def emails(self) -> dict[str, _Email]:
        """Return all emails by their keys."""
        to_participants = (email for mentorship in self.mentorships for email in mentorship.emails)
        return {email.key: email for email in (*to_participants, *self.applicant_emails, *self.staff_emails)}

    def responses(self) -> dict[str, _Response]:
        """Return all responses by their ids."""
        return {response.id: response for mentorship in self.mentorships for response in mentorship.responses}


def differences(first: ComparedRecord, second: ComparedRecord, *, dates_only: bool = False) -> Iterator[str]:
    """Yield one line for each difference between two records.

    With ``dates_only`` the cohorts differ in their locale, so every day in an email must differ, and nothing else may.
    """
    mentorships, second_mentorships = _by_id(first.mentorships), _by_id(second.mentorships)
    yield from _differing("mentorship", mentorships, second_mentorships, frozenset({"emails", "responses"}))
    yield from _differing("unmatched", _by_id(first.unmatched), _by_id(second.unmatched))
    emails, second_emails = first.emails(), second.emails()
    yield from _differing("email", emails, second_emails, frozenset({"subject", "text"}))
    for key in (key for key in emails if key in second_emails):
        for field in ("subject", "text"):
            texts = (getattr(email, field) for email in (emails[key], second_emails[key]))
            yield from _differing_text(f"email {key}: {field}", *texts, dates_only=dates_only)
    yield from _differing("response", first.responses(), second.responses())
    yield from _differing("promise", _by_id(first.promises), _by_id(second.promises))
    problems, second_problems = set(first.problems), set(second.problems)
    yield from (f"only in the first: problem {problem}" for problem in sorted(problems - second_problems))
    yield from (f"only in the second: problem {problem}" for problem in sorted(second_problems - problems))


def _by_id(items: Sequence[_WithId]) -> dict[str, _WithId]:
    return {item.id: item for item in items}


def _differing(
    label: str, first: Mapping[str, BaseModel], second: Mapping[str, BaseModel], exclude: frozenset[str] = frozenset()
) -> Iterator[str]:
    yield from (f"only in the first: {label} {id_}" for id_ in first if id_ not in second)
    yield from (f"only in the second: {label} {id_}" for id_ in second if id_ not in first)
    for id_ in (id_ for id_ in first if id_ in second):
        before, after = (item[id_].model_dump(mode="json", exclude=set(exclude)) for item in (first, second))
        for field in before:
            if before[field] != after[field]:
                yield f"{label} {id_}: {field} {before[field]} → {after[field]}"


def _differing_text(label: str, first: str, second: str, *, dates_only: bool) -> Iterator[str]:
    if dates_only:
        pairs = zip_longest(_DAY.findall(first), _DAY.findall(second))
        yield from (f"{label}: {day} is the same in both" for day, second_day in pairs if day == second_day)
        first, second = (_TIME.sub("<time>", _DAY.sub("<day>", text)) for text in (first, second))
    if first != second:
        before, after = first.split(), second.split()
        start = next((place for place, pair in enumerate(zip_longest(before, after)) if pair[0] != pair[1]), 0)
        shown = (" ".join(words[start : start + WORDS_SHOWN]) for words in (before, after))
        yield f"{label}: {' → '.join(shown)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the differences between two records; return 1 where there are any, and 0 where there are none."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal.compare", description="Compare two rehearsals' records.")
    parser.add_argument("first", type=Path, metavar="A.json")
    parser.add_argument("second", type=Path, metavar="B.json")
    parser.add_argument(
        "--dates-only",
        action="store_true",
        help="The cohorts differ in their locale: list what differs but dates, and dates that do not differ.",
    )
    chosen = parser.parse_args(arguments)
    first, second = (ComparedRecord.model_validate_json(path.read_bytes()) for path in (chosen.first, chosen.second))
    lines = list(differences(first, second, dates_only=chosen.dates_only))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stderr.write(f"{len(lines)} differences\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
