"""The promises about applying: one public page, rules with reasons, questions beforehand, and a complete intake."""

from datetime import timedelta

from rehearsal.checks.evidence import EmailEvidence, Evidence, fields_of
from rehearsal.checks.own_calendar import local_date
from rehearsal.checks.recruiting import NOBODY_APPLIES
from rehearsal.checks.verdict import Cases, Verdict, combine, judge, left_out
from rehearsal.pages_seen import InquirySent, PublicPageSeen
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import ApplicationWindow
from schemas.enums import ApplicationStatus, EmailKind, Recipient, Side, StaffReason, WindowState
from schemas.ids import applicant_scope

NO_PAGE = "nobody opened the public page"
FORWARDED_WITHIN = timedelta(hours=1)
INTAKE = frozenset({"goal_1", "challenges", "hopes"})
BEFORE_MEETING = (EmailKind.PROPOSAL, EmailKind.MATCH_FINAL, EmailKind.WELCOME)
# What the public page says in each state, and in no other.
SAYS = {
    WindowState.NOT_YET_OPEN: "Applications open on",
    WindowState.OPEN: "Applications are open.",
    WindowState.WAITING_LIST: "<strong>waiting list</strong>",
    WindowState.CLOSED: "Applications for this class are closed.",
}


def mentors_are_experienced(evidence: Evidence) -> Verdict:
    """A2: the public page tells the rules, others get the reason, and nobody mentors against them."""
    rules = evidence.settings.eligibility
    if not rules.min_years and not rules.sit_out_years:
        return left_out("this cohort asks nothing of its mentors")
    asked = [f"{years} years" for years in (rules.min_years, rules.sit_out_years) if years > 1]
    shown = ((str(page.at), all(words in page.html for words in asked)) for page in evidence.pre_kickoff.public_pages)
    too_few = list(_reason_cases(evidence))
    return combine(
        judge(
            _experience_cases(evidence), "mentors of pairs meet the rules, or staff waived them", otherwise="no pair"
        ),
        judge(too_few, "mentors who did not were told why and left out", otherwise="all applicants met the rules"),
        judge(shown, "looks at the public page found them", otherwise=NO_PAGE),
    )


def public_page_shows_application_status(evidence: Evidence) -> Verdict:
    """A7: one link, which says at any moment whether applications are not yet open, open, closed or wait on a list."""
    window, pages = evidence.settings.applications, evidence.pre_kickoff.public_pages
    if window is None:
        return left_out(NOBODY_APPLIES)
    cases = ((str(page.at), _states(page) == {_expected_state(evidence, window, page)}) for page in pages)
    after = WindowState.WAITING_LIST if window.waiting_list else WindowState.CLOSED
    seen = {_expected_state(evidence, window, page) for page in pages}
    states = ((state, state in seen) for state in (WindowState.NOT_YET_OPEN, WindowState.OPEN, after) if pages)
    names = ", ".join(state.replace("_", " ") for state in WindowState if state in seen)
    return combine(
        judge(cases, f"looks by one link found what was so then ({names})", otherwise=NO_PAGE),
        judge(states, "states of the window were looked at", otherwise=NO_PAGE),
    )


def intake_is_complete(evidence: Evidence) -> Verdict:
    """A35: who left out goals, challenges or hopes is asked for them; what is missing at the kickoff staff know.

    The mentor reads it before the two meet: with the proposal, when the match is final, or with the welcome.
    """
    told = judge(
        _mentor_told_cases(evidence), "mentors read what their mentee told before they met", otherwise="no pair began"
    )
    if evidence.settings.applications is None:
        return told
    fields = {field.name for page in evidence.pre_kickoff.forms for field in fields_of(page.html)}
    asked = {email.mentorship.rpartition("/")[2] for email in evidence.emails_of(EmailKind.INTAKE, Recipient.MENTEE)}
    gaps = {mentee.id for mentee in evidence.mentees if _has_gaps(mentee)}
    return combine(
        judge(
            ((mentee.id, (mentee.id in asked) is (mentee.id in gaps)) for mentee in evidence.mentees if gaps),
            f"mentees were asked for the rest, or told everything ({len(gaps)} had gaps)",
            otherwise="nobody left out anything",
        ),
        judge(_completed_cases(evidence), "intakes were complete before kickoff, or staff knew", otherwise="no mentee"),
        judge(
            [("intake", fields >= INTAKE)] if asked else [],
            "form asked for goals, challenges and hopes",
            otherwise="nobody opened an intake",
        ),
        told,
    )


def inquiries_reach_the_contact(evidence: Evidence) -> Verdict:
    """A42: what somebody asks before applying reaches the role's mailbox, and an answer goes to whoever asked."""
    if evidence.settings.applications is None:
        return left_out(NOBODY_APPLIES)
    cases = (
        (f"question {number}", _reached_contact(evidence, inquiry))
        for number, inquiry in enumerate(evidence.pre_kickoff.inquiries, start=1)
    )
    return judge(
        cases, f"questions reached the {evidence.settings.contact.role} within the hour", otherwise="nobody asked"
    )


def _meets_rules(evidence: Evidence, mentor: MentorApplication) -> bool:
    rules, year = evidence.settings.eligibility, evidence.settings.kickoff_day.year
    waited = mentor.last_attended is None or year - mentor.last_attended >= rules.sit_out_years
    return mentor.rules_waived or (mentor.years >= rules.min_years and waited)


def _mentors(evidence: Evidence) -> dict[str, tuple[MentorApplication, ApplicationStatus]]:
    people = ((application.person, application.status) for application in evidence.pre_kickoff.applications)
    return {person.id: (person, status) for person, status in people if isinstance(person, MentorApplication)}


def _experience_cases(evidence: Evidence) -> Cases:
    mentors = _mentors(evidence)
    for pair in evidence.record.mentorships:
        if pair.mentor in mentors:
            yield pair.mentor, _meets_rules(evidence, mentors[pair.mentor][0])


def _reason_cases(evidence: Evidence) -> Cases:
    """Yield whoever applied against the rules: told the number they lack, on no list of pairs and in no match."""
    matched = {pair.mentor for pair in evidence.record.mentorships} | {
        pair.mentor_id for pair in evidence.pre_kickoff.proposals
    }
    for id_, (mentor, status) in _mentors(evidence).items():
        if not _meets_rules(evidence, mentor) and evidence.settings.applications:
            texts = [
                email.text
                for email in evidence.emails_of(EmailKind.APPLICATION_RECEIVED, Recipient.MENTOR)
                if email.mentorship.endswith(f"/{id_}")
            ]
            told = any(_says_why(text, evidence, mentor) for text in texts)
            yield id_, status is ApplicationStatus.INELIGIBLE and id_ not in matched and told


def _says_why(text: str, evidence: Evidence, mentor: MentorApplication) -> bool:
    rules = evidence.settings.eligibility
    if mentor.years < rules.min_years:
        return f"{rules.min_years} years" in text and f"you wrote {mentor.years}" in text
    return str(mentor.last_attended) in text


def _expected_state(evidence: Evidence, window: ApplicationWindow, page: PublicPageSeen) -> WindowState:
    day = local_date(page.at, evidence.settings.time_zone)
    if day >= evidence.settings.kickoff_day:
        return WindowState.CLOSED
    if day > window.closes_on:
        return WindowState.WAITING_LIST if window.waiting_list else WindowState.CLOSED
    return WindowState.OPEN if day >= window.opens_on else WindowState.NOT_YET_OPEN


def _states(page: PublicPageSeen) -> set[WindowState]:
    return {state for state, words in SAYS.items() if words in page.html}


def _has_gaps(mentee: MenteeApplication) -> bool:
    return not (any(goal.strip() for goal in mentee.goals) and mentee.challenges.strip() and mentee.hopes.strip())


def _completed_cases(evidence: Evidence) -> Cases:
    staff_know = _staff_were_notified(evidence)
    for application in evidence.pre_kickoff.applications:
        person = application.person
        if isinstance(person, MenteeApplication) and application.status is ApplicationStatus.ACCEPTED:
            yield person.id, not _has_gaps(person) or staff_know


def _mentor_told_cases(evidence: Evidence) -> Cases:
    """Yield for each first mentorship whether an email to the mentor had every word that the mentee told at intake."""
    people = {one.person.id: one.person for one in evidence.pre_kickoff.applications if one.side is Side.MENTEE}
    for pair in evidence.first_mentorships():
        mentee = people.get(pair.mentee)
        if isinstance(mentee, MenteeApplication):
            words = [" ".join(told.split()) for told in (*mentee.goals, mentee.challenges, mentee.hopes) if told]
            scopes = {pair.id, applicant_scope(evidence.settings.id, pair.mentor)}
            texts = (email.text.replace("> ", "") for email in _before_meeting(evidence) if email.mentorship in scopes)
            yield pair.id, any(all(told in text for told in words) for text in texts)


def _before_meeting(evidence: Evidence) -> list[EmailEvidence]:
    return [email for kind in BEFORE_MEETING for email in evidence.emails_of(kind, Recipient.MENTOR)]


def _staff_were_notified(evidence: Evidence) -> bool:
    return any(
        StaffReason.INTAKE_INCOMPLETE in note.key
        and local_date(note.at, evidence.settings.time_zone) < evidence.settings.kickoff_day
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
