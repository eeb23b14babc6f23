"""The promises about being good company: prompts before meetings, thanks, whom to ask, and whose advice it is."""

from datetime import timedelta

from domain.formatting import format_weekday
from emails.guidance import TOPICS, guidance, names
from rehearsal.checks.evidence import EmailEvidence, Evidence, ResponseEvidence
from rehearsal.checks.questions import form_asks, forms_of
from rehearsal.checks.verdict import Verdict, combine, judge
from schemas.enums import EmailKind, MilestoneKind, Recipient
from schemas.forms.catalog import MEETING

NO_MEETING = "no meeting was written of"
SENT_WITHIN = timedelta(hours=1)
GUIDED = (EmailKind.MEETING, EmailKind.AGREEMENT, EmailKind.CLOSING_CONVERSATION)


def introductions_are_counted(evidence: Evidence) -> Verdict:
    """A14: check-ins count introductions, and the mentor is reminded of whom to introduce."""
    prompt = guidance("topic_networking").mentor[0].partition("?")[0]
    networking = [each for each in evidence.emails_of(EmailKind.MEETING, Recipient.MENTOR) if _topic(each) == TOPICS[1]]
    return combine(
        form_asks(evidence, MilestoneKind.CHECK_IN, None, "introductions"),
        judge(
            ((each.key, prompt in each.text) for each in networking),
            "mentors were asked whom to introduce",
            otherwise="",
        ),
    )


def meeting_topics_rotate(evidence: Evidence) -> Verdict:
    """A24: prompts before meetings go through goal-setting, networking and leadership in turn."""
    cases = (
        (each.key, _topic(each) == TOPICS[(_number(each) - 1) % len(TOPICS)])
        for each in evidence.emails_of(EmailKind.MEETING)
    )
    return judge(
        cases, f"emails before meetings had the topic whose turn it was, of {len(TOPICS)}", otherwise=NO_MEETING
    )


def meetings_are_noted_by_topic_only(evidence: Evidence) -> Verdict:
    """A32: a meeting is noted by its topics; nobody is asked what was said."""
    private = {question.name for question in MEETING.questions if question.readers == ("you",)}
    forms = (
        (page, "topics" in fields and {name for name, kind in fields.items() if kind == "textarea"} <= private)
        for page, fields in forms_of(evidence, MilestoneKind.MEETING)
    )
    noted = sum("topics" in each.answers for each in evidence.answers if each.kind is MilestoneKind.MEETING)
    return judge(forms, f"meeting pages ask for topics only ({noted} noted some)", otherwise="no meeting was noted")


def goals_are_recalled(evidence: Evidence) -> Verdict:
    """A33: each email to the mentor before a meeting recalls the mentee's current goals, word for word."""
    cases = ((each.key, _recalls(evidence, each)) for each in evidence.emails_of(EmailKind.MEETING, Recipient.MENTOR))
    return judge(cases, "emails before meetings recalled the goals as agreed", otherwise=NO_MEETING)


def mentee_names_one_question(evidence: Evidence) -> Verdict:
    """A37: before each meeting the mentee is asked to name one question."""
    emails = evidence.emails_of(EmailKind.MEETING, Recipient.MENTEE)
    return judge(
        ((each.key, "one question" in each.text) for each in emails), "mentees were asked for one", otherwise=NO_MEETING
    )


def gratitude_is_sent(evidence: Evidence) -> Verdict:
    """A39: thanks reach the mentor as they were written, at once; both get a certificate at the end."""
    thanked = [each for each in evidence.answers if each.kind is MilestoneKind.THANKS]
    farewells = (
        (f"{mentorship.id}/{to}", any("farewell" in email.asks for email in mentorship.emails if email.to is to))
        for mentorship in evidence.completed()
        for to in (Recipient.MENTOR, Recipient.MENTEE)
    )
    sent = ((each.id, _new_rows(evidence, each)) for each in thanked)
    return combine(
        judge(sent, "thanks reached the mentor word for word", otherwise="nobody sent thanks"),
        judge(farewells, "participants were sent their certificate", otherwise="no mentorship was completed"),
    )


def contact_is_named(evidence: Evidence) -> Verdict:
    """A41: every email names the role to ask, and an answer to it reaches that role."""
    contact = evidence.settings.contact
    cases = (
        (each.key, contact.role in each.text and contact.email in each.text and contact.email in each.reply_to)
        for each in evidence.emails
        if each.to is not Recipient.STAFF
    )
    return judge(cases, f"emails name the {contact.role} and answer to that address", otherwise="nobody was written to")


def sources_are_credited(evidence: Evidence) -> Verdict:
    """A43: emails with guidance name its version and after whom it is written."""
    references = [guidance(name).reference for name in names()]
    guided = [each for each in evidence.emails if each.kind in GUIDED and each.automatic]
    cases = ((each.key, any(reference in each.text for reference in references)) for each in guided)
    return judge(cases, "emails with guidance credit its source", otherwise="no guidance was sent")


def places_come_from_settings(evidence: Evidence) -> Verdict:
    """A21: the welcome names this cohort's venue, town and kickoff, as the settings have them."""
    institute, kickoff = (
        evidence.settings.institute,
        format_weekday(evidence.settings.kickoff, evidence.settings.locale, today=evidence.settings.kickoff),
    )
    first = {mentorship.id for mentorship in evidence.record.mentorships if mentorship.predecessor is None}
    cases = (
        (each.key, all(words in each.text for words in (institute.venue, institute.town, kickoff)))
        for each in evidence.emails_of(EmailKind.WELCOME)
        if each.mentorship in first
    )
    return judge(
        cases, f"welcomes name {institute.venue}, {institute.town}, {kickoff}", otherwise="nobody was welcomed"
    )


def _topic(email: EmailEvidence) -> str | None:
    return next((area for area in TOPICS if guidance(f"topic_{area}").title in email.text), None)


def _number(email: EmailEvidence) -> int:
    return int(email.asks[0].rpartition("-")[2])


def _recalls(evidence: Evidence, email: EmailEvidence) -> bool:
    standing = evidence.agreement_in_force(email.mentorship, email.at)
    if standing is None:
        return False
    goals = [words for name, words in standing.contents.items() if name in {f"goal_{number}" for number in range(1, 6)}]
    return all(" ".join(goal.split()) in email.text for goal in goals)


def _new_rows(evidence: Evidence, thanks: ResponseEvidence) -> bool:
    words = " ".join(thanks.answers["text"].split())
    return any(
        each.mentorship == thanks.mentorship
        and thanks.milestone in each.asks
        and words in each.text
        and thanks.at <= each.at <= thanks.at + SENT_WITHIN
        for each in evidence.emails_of(EmailKind.GRATITUDE, Recipient.MENTOR)
    )
