"""The promises about applying: one public page, rules with reasons, inquiries, and a complete intake."""

import re
from datetime import datetime, timedelta

from domain.applications.eligibility import eligibility_rules, ineligibility_for_applicant, ineligibility_for_staff
from domain.applications.review import missing_intake_answers
from domain.applications.window import window_state
from domain.calendar import morning
from domain.cohort.campaigns import planned_campaigns
from rehearsal.checks.evidence import Evidence
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from rehearsal.http_client import read_page
from rehearsal.pages_seen import InquirySent, PublicPageSeen
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.enums import ApplicationStatus, CampaignKind, EmailKind, Recipient, StaffReason, WindowState
from schemas.ids import applicant_scope

NO_PAGE = "nobody opened the public page"
FORWARDED_WITHIN = timedelta(hours=1)
INTAKE = frozenset({"goal_1", "challenges", "hopes"})
# What the public page says in each state, and in no other.
SAYS = {
    WindowState.NOT_YET_OPEN: "Applications open on",
    WindowState.OPEN: "Applications are open.",
    WindowState.WAITING_LIST: "<strong>waiting list</strong>",
    WindowState.CLOSED: "Applications for this class are closed.",
}
# Without a window, nobody applies on the page.
STATES_IN_ORDER = (WindowState.NOT_YET_OPEN, WindowState.OPEN)


def mentors_are_experienced(evidence: Evidence) -> Verdict:
    """A2: the public page tells the rules, others get the reason, and nobody mentors against them."""
    rules = eligibility_rules(evidence.settings.eligibility)
    if not rules:
        return Verdict(held=None, evidence="this cohort asks nothing of its mentors")
    shown = ((str(page.at), all(rule in page.html for rule in rules)) for page in evidence.pre_kickoff.public_pages)
    return combine(
        judge(
            _eligibility_cases(evidence), "mentors of pairs meet the rules, or staff waived them", otherwise="no pair"
        ),
        judge(
            _reason_cases(evidence),
            "mentors who did not were told why and left out",
            otherwise="all applicants met the rules",
        ),
        judge(shown, "looks at the public page found them", otherwise=NO_PAGE),
    )


def public_page_shows_application_status(evidence: Evidence) -> Verdict:
    """A7: one link, which says at any moment whether applications are not yet open, open, closed or wait on a list."""
    pages = evidence.pre_kickoff.public_pages
    if evidence.settings.applications is None:
        return Verdict(held=None, evidence="nobody applies to this cohort on its page")
    cases = ((str(page.at), _states(page) == {window_state(evidence.settings, page.at)}) for page in pages)
    closed = WindowState.WAITING_LIST if evidence.settings.applications.waiting_list else WindowState.CLOSED
    seen = {state for page in pages for state in _states(page)}
    states = ((state, state in seen) for state in (*STATES_IN_ORDER, closed) if pages)
    names = ", ".join(state.replace("_", " ") for state in WindowState if state in seen)
    return combine(
        judge(cases, f"looks by one link found what was so then ({names})", otherwise=NO_PAGE),
        judge(states, "states of the window were seen", otherwise=NO_PAGE),
    )


def mentors_are_recruited(evidence: Evidence) -> Verdict:
    """B2: the public page counts the mentors still needed, and emails to past mentors stop once there are enough."""
    accepting = (WindowState.OPEN, WindowState.WAITING_LIST)
    pages = [
        page for page in evidence.pre_kickoff.public_pages if window_state(evidence.settings, page.at) in accepting
    ]
    counted = ((str(page.at), _mentors_needed(page) == page.missing) for page in pages)
    counts = ", ".join(str(page.missing) for page in pages)
    return combine(
        judge(
            counted,
            f"looks at the open page found how many mentors were needed ({counts})",
            otherwise="it was never open",
        ),
        judge(
            _silent_campaigns(evidence),
            "weekly mailings wrote to no one once there were enough",
            otherwise="none was due",
        ),
    )


def intake_is_complete(evidence: Evidence) -> Verdict:
    """A35: the intake asks for goals, challenges and hopes; before the kickoff it is complete, or staff know.

    The mentor reads it before the two meet: with the proposal, when the match is final, or with the welcome.
    """
    told = judge(
        _mentor_told_cases(evidence), "mentors read what their mentee told before they met", otherwise="no pair began"
    )
    if evidence.settings.applications is None:
        return told
    staff_know = _staff_were_notified(evidence)
    mentees = [
        application
        for application in evidence.pre_kickoff.applications
        if isinstance(application.person, MenteeApplication) and application.status is ApplicationStatus.ACCEPTED
    ]
    cases = ((mentee.person.id, not missing_intake_answers(mentee.person) or staff_know) for mentee in mentees)
    reminded = {email.mentorship for email in evidence.emails_of(EmailKind.INTAKE, Recipient.MENTEE)}
    gaps = sum(bool(missing_intake_answers(mentee.person)) for mentee in mentees)
    fields = {field.name for page in evidence.pre_kickoff.forms for field in read_page(page.html).fields}
    form_cases = [("intake", fields >= INTAKE)] if reminded and fields & INTAKE else []
    summary = f"intakes were complete before kickoff, or staff knew ({len(reminded)} reminded, {gaps} with gaps left)"
    return combine(
        judge(cases, summary, otherwise="nobody is on the participants' list"),
        judge(form_cases, "form asked for goals, challenges and hopes", otherwise="nobody opened an intake"),
        told,
    )


def _mentor_told_cases(evidence: Evidence) -> Cases:
    """Yield for each first mentorship whether an email to the mentor had every word that the mentee told at intake."""
    people = {application.person.id: application.person for application in evidence.pre_kickoff.applications}
    before = (EmailKind.PROPOSAL, EmailKind.MATCH_FINAL, EmailKind.WELCOME)
    for pair in evidence.first_mentorships():
        mentee = people.get(pair.mentee)
        if isinstance(mentee, MenteeApplication):
            scopes = {pair.id, applicant_scope(evidence.settings.id, pair.mentor)}
            texts = [
                mail.text
                for kind in before
                for mail in evidence.emails_of(kind, Recipient.MENTOR)
                if mail.mentorship in scopes
            ]
            words = [" ".join(told.split()) for told in (*mentee.goals, mentee.challenges, mentee.hopes) if told]
            yield pair.id, any(all(told in text.replace("> ", "") for told in words) for text in texts)


def inquiries_reach_the_contact(evidence: Evidence) -> Verdict:
    """A42: what somebody asks before applying reaches the role's mailbox, and an answer goes to whoever asked."""
    cases = (
        (f"question {number}", _reached_contact(evidence, inquiry))
        for number, inquiry in enumerate(evidence.pre_kickoff.inquiries, start=1)
    )
    return judge(
        cases, f"questions reached the {evidence.settings.contact.role} within the hour", otherwise="nobody asked"
    )


def _mentors(evidence: Evidence) -> dict[str, tuple[MentorApplication, ApplicationStatus]]:
    people = ((application.person, application.status) for application in evidence.pre_kickoff.applications)
    return {person.id: (person, status) for person, status in people if isinstance(person, MentorApplication)}


def _eligibility_cases(evidence: Evidence) -> Cases:
    mentors = _mentors(evidence)
    for mentorship in evidence.record.mentorships:
        if mentorship.mentor in mentors:
            person, _ = mentors[mentorship.mentor]
            yield (
                mentorship.mentor,
                ineligibility_for_staff(person, evidence.settings.eligibility, evidence.settings.kickoff_day) is None,
            )


def _reason_cases(evidence: Evidence) -> Cases:
    matched = {mentorship.mentor for mentorship in evidence.record.mentorships}
    for id_, (person, status) in _mentors(evidence).items():
        if status is ApplicationStatus.INELIGIBLE:
            why = ineligibility_for_applicant(person, evidence.settings)
            emails = [
                email.text
                for email in evidence.emails_of(EmailKind.APPLICATION_RECEIVED, Recipient.MENTOR)
                if email.mentorship.endswith(f"/{id_}")
            ]
            yield id_, why is not None and id_ not in matched and any(why in text for text in emails)


def _states(page: PublicPageSeen) -> set[WindowState]:
    return {state for state, words in SAYS.items() if words in page.html}


def _mentors_needed(page: PublicPageSeen) -> int:
    match = re.search(r"Mentors still needed: (\d+)", page.html)
    return int(match.group(1)) if match else 0


def _silent_campaigns(evidence: Evidence) -> Cases:
    written = {_minute(each.at) for each in evidence.emails_of(EmailKind.MENTORS_NEEDED)}
    for each in planned_campaigns(evidence.settings):
        # The page counts the missing places, so the last look before a campaign says whether it was needed.
        before = [page for page in evidence.pre_kickoff.public_pages if page.at <= each.at]
        if each.kind is CampaignKind.RECRUITING and before and not before[-1].missing:
            yield f"round {each.number}", _minute(each.at) not in written


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _staff_were_notified(evidence: Evidence) -> bool:
    begins_at = morning(evidence.settings.kickoff_day, evidence.settings.time_zone)
    return any(
        StaffReason.INTAKE_INCOMPLETE in note.key and note.at < begins_at
        for note in evidence.emails_of(EmailKind.STAFF_NOTE, Recipient.STAFF)
    )


def _reached_contact(evidence: Evidence, sent: InquirySent) -> bool:
    words, contact = " ".join(sent.inquiry.text.split()), evidence.settings.contact.email
    return any(
        words in email.text
        and contact in email.sent_to
        and sent.inquiry.email in email.reply_to
        and sent.at <= email.at <= sent.at + FORWARDED_WITHIN
        for email in evidence.emails_of(EmailKind.INQUIRY, Recipient.STAFF)
    )
