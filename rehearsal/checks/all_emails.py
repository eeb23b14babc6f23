"""The promises about what emails have in common: whom to ask, the place, and the sources of guidance."""

import re

from rehearsal.checks.evidence import EmailEvidence, Evidence
from rehearsal.checks.own_calendar import local_date, names_day
from rehearsal.checks.verdict import Verdict, combine, judge
from schemas.cohort.settings import ProgramContact
from schemas.enums import EmailKind, Recipient

GUIDED = (EmailKind.MEETING, EmailKind.AGREEMENT, EmailKind.CLOSING_CONVERSATION)
# Whom the page of sources names (A43), and that guidance has versions.
SOURCES = ("Zachary", "2000", "CILIP", "first MLA Leadership Institute")
GUIDANCE_TITLES = (
    "A topic for this meeting: goals",
    "A topic for this meeting: networking",
    "A topic for this meeting: leadership",
    "Making an agreement",
    "Closing well",
)


def contact_is_named(evidence: Evidence) -> Verdict:
    """A41: every email names who answers that day, and an answer to it reaches them, also after a change."""
    own, new = evidence.settings.contact, evidence.events.contact
    later = ProgramContact(role=new.role, email=new.email)
    written = [email for email in evidence.emails if email.to is not Recipient.STAFF]
    before = [email for email in written if _day(evidence, email) < str(new.starts_on)]
    after = [email for email in written if _day(evidence, email) >= str(new.starts_on)]
    return combine(
        judge(
            ((email.key, _names(email, own) and new.email not in email.text) for email in before),
            f"emails name the {own.role} and answer to that address",
            otherwise="nobody was written to",
        ),
        judge(
            ((email.key, _names(email, later) and own.email not in email.text) for email in after),
            f"emails since {new.starts_on} name the {new.role}",
            otherwise="nobody was written to after the contact changed",
        ),
        judge(
            (
                (email.key, (new.email if _day(evidence, email) >= str(new.starts_on) else own.email) in email.sent_to)
                for email in evidence.emails
                if email.to is Recipient.STAFF
            ),
            "notes to staff went to who answered then",
            otherwise="staff were not written to",
        ),
    )


def sources_are_credited(evidence: Evidence) -> Verdict:
    """A43: a public page names the versions and sources of all guidance, and participants' pages link to it."""
    page = evidence.guidance_page
    guided = [email for email in evidence.emails if email.kind in GUIDED and email.automatic]
    titles = ((email.key, any(title in email.text for title in GUIDANCE_TITLES)) for email in guided)
    named = [(words, words in page) for words in (*SOURCES, *GUIDANCE_TITLES)] if page else []
    versions = (
        [("versions", len(re.findall(r"version \d+", page, re.IGNORECASE)) >= len(GUIDANCE_TITLES))] if page else []
    )
    links = ((page.milestone, 'href="/guidance"' in page.html) for page in evidence.pages)
    return combine(
        judge(titles, "emails had guidance with its title", otherwise="no guidance was sent"),
        judge(named, "titles and sources are on the page that credits", otherwise="nobody opened it"),
        judge(versions, "texts have versions", otherwise="nobody opened it"),
        judge(links, "pages link to the sources of guidance", otherwise="no page was opened"),
    )


def places_come_from_settings(evidence: Evidence) -> Verdict:
    """A21: the welcome names this cohort's venue, town and kickoff, as the settings have them."""
    institute = evidence.settings.institute
    kickoff = evidence.settings.kickoff_on or institute.last_day
    first = {pair.id for pair in evidence.first_mentorships()}
    cases = (
        (
            email.key,
            institute.venue in email.text and institute.town in email.text and names_day(email.text, kickoff),
        )
        for email in evidence.emails_of(EmailKind.WELCOME)
        if email.mentorship in first
    )
    return judge(
        cases, f"welcomes name {institute.venue}, {institute.town}, {kickoff}", otherwise="nobody was welcomed"
    )


def _day(evidence: Evidence, email: EmailEvidence) -> str:
    return local_date(email.at, evidence.settings.time_zone).isoformat()


def _names(email: EmailEvidence, contact: ProgramContact) -> bool:
    return contact.role in email.text and contact.email in email.text and contact.email in email.reply_to
