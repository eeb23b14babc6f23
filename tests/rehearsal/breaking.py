"""Deliberate breakages of a recorded play: each returns the evidence with one thing changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from rehearsal.checks.evidence import EmailEvidence, Evidence
from schemas.enums import EmailKind, Recipient, Side
from schemas.rehearsal import MentorshipRecord

Breaking = Callable[[Evidence], Evidence]


def change(number: int, **different: Any) -> Breaking:
    """Change one mentorship of the record, by its number from 1."""

    def broken(evidence: Evidence) -> Evidence:
        played = list(evidence.record.mentorships)
        played[number - 1] = played[number - 1].model_copy(update=different)
        return _with_mentorships(evidence, played)

    return broken


def rewrite(kind: EmailKind, **different: Any) -> Breaking:
    """Change every email of a kind."""
    return _emails(lambda email: email.model_copy(update=different) if email.kind is kind else email)


def reword(kind: EmailKind, old: str, new: str = "") -> Breaking:
    """Change words in every email of a kind."""
    return _emails(
        lambda email: email.model_copy(update={"text": email.text.replace(old, new)}) if email.kind is kind else email
    )


def drop(kind: EmailKind, ending: str = "") -> Breaking:
    """Leave out the emails of a kind, or those of them whose scope ends so."""
    return _emails(lambda email: None if email.kind is kind and email.mentorship.endswith(ending) else email)


def add_email(kind: EmailKind, scope: str) -> Breaking:
    """Add an email of a kind to somebody who had none."""

    def broken(evidence: Evidence) -> Evidence:
        like = next(evidence.emails_of(kind))
        return evidence.model_copy(
            update={"emails": (*evidence.emails, like.model_copy(update={"mentorship": scope, "key": f"{scope}/x"}))}
        )

    return broken


def on_pages(old: str, new: str = "", milestone: str = "") -> Breaking:
    """Change words of participants' pages, or those of one milestone."""

    def broken(evidence: Evidence) -> Evidence:
        pages = tuple(
            page.model_copy(update={"html": page.html.replace(old, new)}) if milestone in {"", page.milestone} else page
            for page in evidence.pages
        )
        return evidence.model_copy(update={"pages": pages})

    return broken


def without_question(milestone: str, question: str) -> Breaking:
    """Take a question from the pages of a milestone."""
    return on_pages(f'name="{question}"', 'name="other"', milestone)


def unasked(milestone: str, to: Recipient, number: int = 1) -> Breaking:
    """Take a milestone from all that one side of a mentorship was asked."""

    def broken(evidence: Evidence) -> Evidence:
        emails = tuple(
            email.model_copy(update={"asks": tuple(ask for ask in email.asks if ask != milestone)})
            if email.to is to
            else email
            for email in evidence.record.mentorships[number - 1].emails
        )
        return change(number, emails=emails)(evidence)

    return broken


def unanswered(milestone: str, side: Side) -> Breaking:
    """Lose what one side of the first mentorship answered."""
    return lambda evidence: evidence.model_copy(
        update={"answers": tuple(each for each in evidence.answers if each.id != f"mile-2019-001/{milestone}/{side}")}
    )


def agreed(**contents: str) -> Breaking:
    """Change what agreements say."""
    return lambda evidence: evidence.model_copy(
        update={
            "agreements": tuple(
                each.model_copy(update={"contents": each.contents | contents}) for each in evidence.agreements
            )
        }
    )


def in_sight_of(side: Side, words: str, mentorship: str) -> Breaking:
    """Show words on a page of one side."""

    def broken(evidence: Evidence) -> Evidence:
        like = next(page for page in evidence.pages if page.side is side)
        seen = like.model_copy(update={"mentorship": mentorship, "html": f"{like.html} {words}"})
        return evidence.model_copy(update={"pages": (*evidence.pages, seen)})

    return broken


def before_kickoff(what: str, **different: Any) -> Breaking:
    """Change all that was kept of one thing before the kickoff."""

    def broken(evidence: Evidence) -> Evidence:
        changed = tuple(each.model_copy(update=different) for each in getattr(evidence.pre_kickoff, what))
        return _with_pre_kickoff(evidence, **{what: changed})

    return broken


def replaced(what: str, old: str, new: str = "", field: str = "html") -> Breaking:
    """Change words of pages that were seen before the kickoff."""

    def broken(evidence: Evidence) -> Evidence:
        pages = tuple(
            page.model_copy(update={field: getattr(page, field).replace(old, new)})
            for page in getattr(evidence.pre_kickoff, what)
        )
        return _with_pre_kickoff(evidence, **{what: pages})

    return broken


def person(who: str, what: str, **different: Any) -> Breaking:
    """Change one application, guest or the like of somebody."""

    def broken(evidence: Evidence) -> Evidence:
        changed = tuple(
            each.model_copy(update=different) if each.person.id == who else each
            for each in getattr(evidence.pre_kickoff, what)
        )
        return _with_pre_kickoff(evidence, **{what: changed})

    return broken


def gathered(**different: Any) -> Breaking:
    """Change what is known from before the kickoff."""
    return lambda evidence: _with_pre_kickoff(evidence, **different)


def unseen(number: int) -> Breaking:
    """Leave out one look at the public page."""
    return lambda evidence: _with_pre_kickoff(
        evidence,
        public_pages=tuple(page for place, page in enumerate(evidence.pre_kickoff.public_pages) if place != number),
    )


def second_mentee(evidence: Evidence) -> Evidence:
    """Give the first mentor a second mentee at the same time."""
    first: MentorshipRecord = evidence.record.mentorships[0]
    twice = first.model_copy(update={"id": "mile-2019-006", "mentee": "P09"})
    return _with_mentorships(evidence, [*evidence.record.mentorships, twice])


def of_one_employer(evidence: Evidence) -> Evidence:
    """Have everybody work for the same library, in their own spelling."""
    applications = tuple(
        each.model_copy(update={"person": each.person.model_copy(update={"library": "Saint Croix  library"})})
        for each in evidence.pre_kickoff.applications
    )
    return _with_pre_kickoff(evidence, applications=applications)


def reported(**different: Any) -> Breaking:
    """Change the closing report."""

    def broken(evidence: Evidence) -> Evidence:
        assert evidence.report
        return evidence.model_copy(update={"report": evidence.report.model_copy(update=different)})

    return broken


def moved(kind: str, days: int) -> Breaking:
    """Move what was due of one kind in the first mentorship, but for the first one of it."""

    def broken(evidence: Evidence) -> Evidence:
        first = evidence.record.mentorships[0]
        later = tuple(
            due.model_copy(update={"closes_on": due.closes_on + timedelta(days=days)})
            if due.id.startswith(kind) and not due.id.endswith("-1")
            else due
            for due in first.milestones
        )
        return change(1, milestones=later)(evidence)

    return broken


def late_windows(evidence: Evidence) -> Evidence:
    """Close the windows of the first mentorship a week late."""
    late = tuple(
        quarter.model_copy(update={"closes_on": quarter.closes_on + timedelta(days=7)})
        for quarter in evidence.record.mentorships[0].quarters
    )
    return change(1, quarters=late)(evidence)


def _emails(changed: Callable[[EmailEvidence], EmailEvidence | None]) -> Breaking:
    return lambda evidence: evidence.model_copy(
        update={"emails": tuple(email for each in evidence.emails if (email := changed(each)))}
    )


def _with_mentorships(evidence: Evidence, mentorships: list[MentorshipRecord]) -> Evidence:
    record = evidence.record.model_copy(update={"mentorships": tuple(mentorships)})
    return evidence.model_copy(update={"record": record})


def _with_pre_kickoff(evidence: Evidence, **different: Any) -> Evidence:
    return evidence.model_copy(update={"pre_kickoff": evidence.pre_kickoff.model_copy(update=different)})
