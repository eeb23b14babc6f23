"""The promise that mentors are recruited while there are too few, and that whoever said never is left alone."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from rehearsal.checks.evidence import EmailEvidence, Evidence
from rehearsal.checks.own_calendar import local_date, soon_after
from rehearsal.checks.verdict import Cases, Verdict, combine, judge, left_out
from rehearsal.pages_seen import PublicPageSeen
from rehearsal.public_visitors import mentors_imported_at
from schemas.cohort.settings import ApplicationWindow
from schemas.enums import EmailKind

OVER_A_WEEKEND = timedelta(days=4)
NOBODY_APPLIES = "nobody applies to this cohort on its page"


def mentors_are_recruited(evidence: Evidence) -> Verdict:
    """B2: the page counts the mentors still needed; emails to past mentors come weekly and stop with enough."""
    window = evidence.settings.applications
    if window is None:
        return left_out(NOBODY_APPLIES)
    pages = list(_open_pages(evidence))
    counts = ", ".join(str(page.missing) for page in pages)
    return combine(
        judge(
            ((str(page.at), _mentors_needed(page) == page.missing) for page in pages),
            f"looks at the open page found how many mentors were needed ({counts})",
            otherwise="it was never open",
        ),
        judge(
            ((state, any(bool(page.missing) is needed for page in pages)) for state, needed in STATES if pages),
            "looks came while mentors were needed, and when there were enough",
            otherwise="it was never open",
        ),
        judge(
            _mailing_cases(evidence, window),
            "mailings asked past mentors while mentors were needed, and none later",
            otherwise="none was due",
        ),
    )


def earlier_mentors_are_asked(evidence: Evidence) -> Verdict:
    """A11: who would mentor again is asked for the next class; who said no, or not now, is left alone."""
    if evidence.settings.applications is None:
        return left_out(NOBODY_APPLIES)
    cases = (
        (mentor.application.id, _is_asked(evidence, mentor.application.id) is mentor.invited)
        for mentor in evidence.events.earlier.mentors
    )
    return judge(cases, "mentors of an earlier class were asked again as they had said", otherwise="there was none")


def earlier_mentees_are_asked(evidence: Evidence) -> Verdict:
    """A18: a mentee who would be a mentor one day is asked once they have sat out; others are left alone."""
    if evidence.settings.applications is None:
        return left_out(NOBODY_APPLIES)
    cases = (
        (mentee.application.id, _is_asked(evidence, mentee.application.id) is mentee.invited)
        for mentee in evidence.events.earlier.mentees
    )
    return judge(cases, "mentees of an earlier class were asked as they had said", otherwise="there was none")


STATES = (("needed", True), ("enough", False))


def _open_pages(evidence: Evidence) -> Iterator[PublicPageSeen]:
    window, kickoff = evidence.settings.applications, evidence.settings.kickoff_day
    for page in evidence.pre_kickoff.public_pages:
        day = local_date(page.at, evidence.settings.time_zone)
        last = kickoff - timedelta(days=1) if window and window.waiting_list else window and window.closes_on
        if window and last and window.opens_on <= day <= last:
            yield page


def _mailing_cases(evidence: Evidence, window: ApplicationWindow) -> Cases:
    """Yield for each past mentor who may be asked whether they were at each mailing until the mentors came."""
    zone = evidence.settings.time_zone
    imported_on = local_date(mentors_imported_at(window, zone), zone)
    due = _mailing_days(window, imported_on)
    for mentor in evidence.events.earlier.mentors:
        if mentor.invited:
            days = sorted(local_date(email.at, zone) for email in _emails_to(evidence, mentor.application.id))
            in_time = all(soon_after(day, first) for day, first in zip(days, due, strict=False))
            # One that is due on a weekend may roll past the day on which the mentors came.
            certain = sum(day + OVER_A_WEEKEND < imported_on for day in due)
            yield mentor.application.id, certain <= len(days) <= len(due) and in_time and days[-1:] <= [imported_on]


def _mailing_days(window: ApplicationWindow, imported_on: date) -> list[date]:
    every, day = timedelta(days=window.recruit_every_days), window.opens_on
    days = [day]
    while (day := day + every) < window.closes_on and day <= imported_on:
        days.append(day)
    return days


def _emails_to(evidence: Evidence, person: str) -> Iterator[EmailEvidence]:
    return (email for email in evidence.emails_of(EmailKind.MENTORS_NEEDED) if email.mentorship.endswith(f".{person}"))


def _is_asked(evidence: Evidence, person: str) -> bool:
    return any(_emails_to(evidence, person))


def _mentors_needed(page: PublicPageSeen) -> int:
    match = re.search(r"Mentors still needed: (\d+)", page.html)
    return int(match.group(1)) if match else 0
