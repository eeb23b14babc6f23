"""The promises about several classes: each is a cohort, and older ones stay readable."""

from rehearsal.checks.evidence import Evidence
from rehearsal.checks.verdict import Verdict, combine, judge
from schemas.enums import Side


def classes_stay_apart(evidence: Evidence) -> Verdict:
    """A1, B1: mentorships are numbered by their class, and the class before has its people and its page still."""
    earlier = evidence.events.earlier
    numbered = (
        (mentorship.id, mentorship.id == f"{evidence.record.cohort}-{number:03}")
        for number, mentorship in enumerate(sorted(evidence.record.mentorships, key=lambda one: one.id), start=1)
    )
    people = {(application.side, application.person.id) for application in evidence.pre_kickoff.earlier_applications}
    expected = {(Side.MENTOR, mentor.application.id) for mentor in earlier.mentors}
    expected |= {(Side.MENTEE, mentee.application.id) for mentee in earlier.mentees}
    page = [("page", earlier.settings.title in evidence.pre_kickoff.earlier_page)] if expected else []
    return combine(
        judge(numbered, "mentorships are numbered by their class", otherwise="no mentorship was played"),
        judge(
            ((id_, (side, id_) in people) for side, id_ in sorted(expected)),
            "people of an earlier class are kept",
            otherwise="there was no earlier class",
        ),
        judge(page, "page of an earlier class can be read", otherwise="there was no earlier class"),
    )


def classes_differ_by_settings(evidence: Evidence) -> Verdict:
    """B5: two classes have the same program, and each names its own venue, town and contact and not the other's."""
    own, other = evidence.settings, evidence.events.earlier.settings
    page = evidence.pre_kickoff.earlier_page
    foreign = (other.institute.venue, other.institute.town, other.contact.email, other.contact.role)
    emails = ((email.key, not any(words in email.text for words in foreign)) for email in evidence.emails)
    same = [
        ("its program", own.program.name in page),
        ("its own title", other.title in page and own.title not in page),
    ]
    mine = ((email.key, own.program.name in email.text and own.title in email.text) for email in evidence.emails)
    return combine(
        judge(emails, "emails name nothing of another class", otherwise="nobody was written to"),
        judge(mine, "emails name the program and their own class", otherwise="nobody was written to"),
        judge(same if page else [], "facts on another class's page are its own", otherwise="nobody opened one"),
    )
