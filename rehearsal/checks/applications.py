"""The promises about the way in: one public page, rules that say why, a question before, an intake without gaps."""

import re
from datetime import datetime, timedelta

from domain.applications.eligibility import ineligible_because, not_eligible, rules_in_words
from domain.applications.review import intake_gaps
from domain.applications.window import window_state
from domain.calendar import morning
from domain.cohort.campaigns import rounds
from rehearsal.checks.evidence import Evidence
from rehearsal.checks.verdict import Cases, Verdict, all_of, judged
from rehearsal.http_client import read_page
from rehearsal.pages_seen import Asked, OpeningSeen
from schemas.applications.people import MentorApplication, ParticipantApplication
from schemas.enums import ApplicationStatus, CampaignKind, EmailKind, Recipient, StaffReason, WindowState

NO_PAGE = "nobody opened the public page"
BROUGHT_WITHIN = timedelta(hours=1)
INTAKE = frozenset({"goal_1", "challenges", "hopes"})
# What the public page says in each state, and in no other.
SAYS = {
    WindowState.NOT_YET_OPEN: "Applications open on",
    WindowState.OPEN: "Applications are open.",
    WindowState.WAITING_LIST: "<strong>waiting list</strong>",
    WindowState.CLOSED: "Applications for this class are closed.",
}
# Without a window, nobody applies on the page.
OPENED_IN_TURN = (WindowState.NOT_YET_OPEN, WindowState.OPEN)


def mentors_are_experienced(seen: Evidence) -> Verdict:
    """A2: the public page tells the rules, whoever does not meet them is told why, and nobody mentors against them."""
    rules = rules_in_words(seen.settings.eligibility)
    if not rules:
        return Verdict(held=None, evidence="this cohort asks nothing of its mentors")
    shown = ((str(page.at), all(rule in page.html for rule in rules)) for page in seen.gathered.openings)
    return all_of(
        judged(_meet_the_rules(seen), "mentors of pairs meet the rules, or staff waived them", else_="no pair"),
        judged(_told_why(seen), "mentors who did not were told why and left out", else_="all applicants met the rules"),
        judged(shown, "looks at the public page found them", else_=NO_PAGE),
    )


def one_page_tells_where_it_stands(seen: Evidence) -> Verdict:
    """A7: one link, which says at any moment whether applications are not yet open, open, closed or wait on a list."""
    pages = seen.gathered.openings
    if seen.settings.applications is None:
        return Verdict(held=None, evidence="nobody applies to this cohort on its page")
    told = ((str(page.at), _states(page) == {window_state(seen.settings, page.at)}) for page in pages)
    closed = WindowState.WAITING_LIST if seen.settings.applications.waiting_list else WindowState.CLOSED
    found = {state for page in pages for state in _states(page)}
    states = ((state, state in found) for state in (*OPENED_IN_TURN, closed) if pages)
    said = ", ".join(state.replace("_", " ") for state in WindowState if state in found)
    return all_of(
        judged(told, f"looks by one link found what was so then ({said})", else_=NO_PAGE),
        judged(states, "states of the window were seen", else_=NO_PAGE),
    )


def mentors_are_recruited(seen: Evidence) -> Verdict:
    """B2: the public page counts the mentors still needed, and letters to past mentors stop once there are enough."""
    taken = (WindowState.OPEN, WindowState.WAITING_LIST)
    pages = [page for page in seen.gathered.openings if window_state(seen.settings, page.at) in taken]
    counted = ((str(page.at), _needed(page) == page.missing) for page in pages)
    counts = ", ".join(str(page.missing) for page in pages)
    return all_of(
        judged(
            counted, f"looks at the open page found how many mentors were needed ({counts})", else_="it was never open"
        ),
        judged(_silent_rounds(seen), "weekly rounds wrote to nobody once there were enough", else_="none was due"),
    )


def intake_is_complete(seen: Evidence) -> Verdict:
    """A35: the intake asks for goals, challenges and hopes; before the kickoff it is complete, or staff know."""
    if seen.settings.applications is None:
        return Verdict(held=None, evidence="intakes of this cohort come from staff's files, and nobody is reminded")
    told = _staff_told(seen)
    mentees = [
        one
        for one in seen.gathered.applications
        if isinstance(one.person, ParticipantApplication) and one.standing is ApplicationStatus.ACCEPTED
    ]
    cases = ((one.person.id, not intake_gaps(one.person) or told) for one in mentees)
    reminded = {each.mentorship for each in seen.letters_of(EmailKind.INTAKE, Recipient.MENTEE)}
    gaps = sum(bool(intake_gaps(one.person)) for one in mentees)
    fields = {field.name for page in seen.gathered.forms for field in read_page(page.html).fields}
    asked = [("intake", fields >= INTAKE)] if reminded and fields & INTAKE else []
    said = f"intakes were complete before kickoff, or staff knew ({len(reminded)} reminded, {gaps} with gaps left)"
    return all_of(
        judged(cases, said, else_="nobody is on the participants' list"),
        judged(asked, "form asked for goals, challenges and hopes", else_="nobody opened an intake"),
    )


def questions_come_first(seen: Evidence) -> Verdict:
    """A42: what somebody asks before applying reaches the role's mailbox, and an answer goes to whoever asked."""
    cases = ((f"question {number}", _arrived(seen, each)) for number, each in enumerate(seen.gathered.asked, start=1))
    return judged(cases, f"questions reached the {seen.settings.contact.role} within the hour", else_="nobody asked")


def _mentors(seen: Evidence) -> dict[str, tuple[MentorApplication, ApplicationStatus]]:
    every = ((one.person, one.standing) for one in seen.gathered.applications)
    return {person.id: (person, standing) for person, standing in every if isinstance(person, MentorApplication)}


def _meet_the_rules(seen: Evidence) -> Cases:
    mentors = _mentors(seen)
    for one in seen.record.mentorships:
        if one.mentor in mentors:
            person, _ = mentors[one.mentor]
            yield one.mentor, ineligible_because(person, seen.settings.eligibility, seen.settings.kickoff) is None


def _told_why(seen: Evidence) -> Cases:
    matched = {one.mentor for one in seen.record.mentorships}
    for id_, (person, standing) in _mentors(seen).items():
        if standing is ApplicationStatus.INELIGIBLE:
            why = not_eligible(person, seen.settings)
            letters = [
                each.text
                for each in seen.letters_of(EmailKind.APPLICATION_RECEIVED, Recipient.MENTOR)
                if each.mentorship.endswith(f"/{id_}")
            ]
            yield id_, why is not None and id_ not in matched and any(why in text for text in letters)


def _states(page: OpeningSeen) -> set[WindowState]:
    return {state for state, words in SAYS.items() if words in page.html}


def _needed(page: OpeningSeen) -> int:
    found = re.search(r"Mentors still needed: (\d+)", page.html)
    return int(found.group(1)) if found else 0


def _silent_rounds(seen: Evidence) -> Cases:
    written = {_minute(each.at) for each in seen.letters_of(EmailKind.MENTORS_NEEDED)}
    for each in rounds(seen.settings):
        before = [page for page in seen.gathered.openings if page.at <= each.at]
        if each.kind is CampaignKind.RECRUITING and before and not before[-1].missing:
            yield f"round {each.number}", _minute(each.at) not in written


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _staff_told(seen: Evidence) -> bool:
    begins_at = morning(seen.settings.kickoff, seen.settings.time_zone)
    return any(
        StaffReason.INTAKE_INCOMPLETE in note.key and note.at < begins_at
        for note in seen.letters_of(EmailKind.STAFF_NOTE, Recipient.STAFF)
    )


def _arrived(seen: Evidence, asked: Asked) -> bool:
    words, contact = " ".join(asked.inquiry.words.split()), seen.settings.contact.email
    return any(
        words in each.text
        and contact in each.sent_to
        and asked.inquiry.email in each.reply_to
        and asked.at <= each.at <= asked.at + BROUGHT_WITHIN
        for each in seen.letters_of(EmailKind.INQUIRY, Recipient.STAFF)
    )
