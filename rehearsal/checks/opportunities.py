"""The promises about opportunities and taking part in the association: shown while they are open, and counted."""

from collections import Counter
from collections.abc import Iterable

from rehearsal.checks.evidence import EmailEvidence, Evidence, kind_of
from rehearsal.checks.expected import milestones_of, person_of
from rehearsal.checks.own_calendar import local_date
from rehearsal.checks.questions import form_asks, milestones_asked
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from rehearsal.pages_seen import OpportunityChoice
from schemas.cohort.opportunities import NewOpportunity
from schemas.enums import EmailKind, MilestoneKind, Recipient, Side

TAKEN_UP = "opportunity"


def opportunities_reach_participants(evidence: Evidence) -> Verdict:
    """A16: check-ins show what is open that day and nothing that is over, and mentees say what they took up."""
    events = evidence.events
    return combine(
        judge(
            _shown_cases(evidence, evidence.emails_of(EmailKind.CHECK_IN), events.chance, events.opening),
            "check-in emails showed the opportunities of their day",
            otherwise="no check-in was sent",
        ),
        judge(_both_ways(evidence, events.chance), "an opportunity was shown and left out again", otherwise=""),
        form_asks(evidence, MilestoneKind.CHECK_IN, Side.MENTEE, {TAKEN_UP: "I took an opportunity"}),
        judge(
            ((title, evidence.taken_up.get(title) == count) for title, count in sorted(_takers(evidence).items())),
            "opportunities were counted as often as taken up",
            otherwise="nobody took one up",
        ),
        judge(_unwanted_cases(evidence), "emails left out kinds that nobody wants", otherwise="nobody chose kinds"),
        judge(_counted_cases(evidence), "report counts the pairs that took one up", otherwise="no report was written"),
    )


def involvement_is_asked(evidence: Evidence) -> Verdict:
    """A40: once a year both are asked where they took part in the association, and see what is open there."""
    asked = (
        (
            f"{mentorship.id}/{to}",
            set(milestones_of(evidence, MilestoneKind.INVOLVEMENT)) <= milestones_asked(mentorship, to),
        )
        for mentorship in evidence.completed()
        if mentorship.predecessor is None
        for to in (Recipient.MENTOR, Recipient.MENTEE)
    )
    return combine(
        judge(asked, "participants were asked once a year", otherwise="no mentorship lasted longer than a year"),
        form_asks(
            evidence,
            MilestoneKind.INVOLVEMENT,
            None,
            {"active": "taken part in the association", "where": "At a conference or training day"},
        ),
        judge(
            _shown_cases(evidence, _yearly_emails(evidence), evidence.events.opening),
            "yearly emails showed the openings of their day",
            otherwise="no yearly question was sent",
        ),
    )


def _yearly_emails(evidence: Evidence) -> list[EmailEvidence]:
    """Return the emails that ask the yearly question, by themselves or beside a check-in."""
    return [
        email
        for email in evidence.emails
        if email.kind in {EmailKind.CHECK_IN, EmailKind.INVOLVEMENT}
        and any(kind_of(ask) is MilestoneKind.INVOLVEMENT for ask in email.asks)
    ]


def _shown_cases(evidence: Evidence, emails: Iterable[EmailEvidence], *opportunities: NewOpportunity) -> Cases:
    """Yield for each email whether it shows each opportunity exactly while that is open."""
    for email in emails:
        shown = (_is_due(evidence, one, email) is (one.title in email.text) for one in opportunities)
        yield email.key, all(shown)


def _takers(evidence: Evidence) -> Counter[str]:
    """Return how many took each opportunity up; whoever is in two mentorships counts once."""
    pairs = {pair.id: pair for pair in evidence.record.mentorships}
    taken = {
        (choice.taken_up, person_of(pairs[choice.mentorship], choice.side))
        for choice in evidence.choices
        if choice.taken_up
    }
    return Counter(title for title, _ in taken)


def _unwanted_cases(evidence: Evidence) -> Cases:
    """Yield each email to somebody after they chose kinds, and whether it has only those."""
    for choice in evidence.choices:
        for email in evidence.emails_of(EmailKind.CHECK_IN):
            if choice.kinds and email.at > choice.at and _is_to(email, choice):
                unwanted = (one for one in _all(evidence) if one.kind not in choice.kinds)
                yield email.key, not any(one.title in email.text for one in unwanted)


def _is_to(email: EmailEvidence, choice: OpportunityChoice) -> bool:
    return email.mentorship == choice.mentorship and email.to.value == choice.side.value


def _all(evidence: Evidence) -> tuple[NewOpportunity, ...]:
    return evidence.events.chance, evidence.events.opening


def _both_ways(evidence: Evidence, opportunity: NewOpportunity) -> Cases:
    """Yield that an opportunity was in some check-in and missing from a later one, so that both were tried."""
    found = {opportunity.title in email.text for email in evidence.emails_of(EmailKind.CHECK_IN)}
    return [(opportunity.title, found == {True, False})] if found else []


def _is_due(evidence: Evidence, opportunity: NewOpportunity, email: EmailEvidence) -> bool:
    """Tell whether an opportunity was open on the day of an email to somebody who wants its kind."""
    unwanted = any(
        choice.kinds and opportunity.kind not in choice.kinds and choice.at < email.at
        for choice in evidence.choices
        if _is_to(email, choice)
    )
    return not unwanted and local_date(email.at, evidence.settings.time_zone) <= opportunity.closes_on


def _counted_cases(evidence: Evidence) -> Cases:
    """Yield whether the report's figure is that of the answers, or withheld where it is of few pairs."""
    ticked = {
        response.mentorship
        for response in evidence.answers
        if response.kind is MilestoneKind.CHECK_IN and TAKEN_UP in response.answers
    }
    figures = [figure for figure in (evidence.report.sums if evidence.report else ()) if figure.question == TAKEN_UP]
    if evidence.report:
        yield TAKEN_UP, bool(figures) and all(figure.with_some in {None, len(ticked)} for figure in figures)
