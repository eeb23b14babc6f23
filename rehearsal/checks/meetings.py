"""The promises about meetings and emails: prompts, thanks, the contact, and the sources of guidance."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from domain.formatting import format_weekday
from emails.guidance import TOPICS, Guidance, guidance, names
from rehearsal.checks.evidence import EmailEvidence, Evidence, ResponseEvidence
from rehearsal.checks.questions import form_asks, forms_of
from rehearsal.checks.verdict import Verdict, combine, judge
from schemas.applications.people import MenteeApplication
from schemas.enums import EmailKind, MilestoneKind, Recipient
from schemas.forms.catalog import MEETING

NO_MEETING = "no meeting was written of"
SENT_WITHIN = timedelta(hours=1)
GOALS = frozenset(f"goal_{number}" for number in range(1, 6))
GUIDED = (EmailKind.MEETING, EmailKind.AGREEMENT, EmailKind.CLOSING_CONVERSATION)


def introductions_are_counted(evidence: Evidence) -> Verdict:
    """A14: check-ins count introductions, and the mentor is reminded of whom to introduce."""
    prompt = guidance("topic_networking").mentor[0].partition("?")[0]
    networking = [
        email for email in evidence.emails_of(EmailKind.MEETING, Recipient.MENTOR) if _topic(email) == TOPICS[1]
    ]
    return combine(
        form_asks(evidence, MilestoneKind.CHECK_IN, None, "introductions"),
        judge(
            ((email.key, prompt in email.text) for email in networking),
            "mentors were asked whom to introduce",
            otherwise="",
        ),
    )


def meeting_topics_rotate(evidence: Evidence) -> Verdict:
    """A24: prompts before meetings go through goal-setting, networking and leadership in turn."""
    cases = (
        (email.key, _topic(email) == TOPICS[(_number(email) - 1) % len(TOPICS)])
        for email in evidence.emails_of(EmailKind.MEETING)
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
    noted = sum("topics" in response.answers for response in evidence.answers if response.kind is MilestoneKind.MEETING)
    return judge(forms, f"meeting pages ask for topics only ({noted} noted some)", otherwise="no meeting was noted")


def goals_are_recalled(evidence: Evidence) -> Verdict:
    """A33: each email to the mentor before a meeting recalls the mentee's current goals, word for word."""
    cases = (
        (email.key, _recalls_goals(evidence, email))
        for email in evidence.emails_of(EmailKind.MEETING, Recipient.MENTOR)
    )
    return judge(cases, "emails before meetings recalled the goals of that day", otherwise=NO_MEETING)


def mentee_names_one_question(evidence: Evidence) -> Verdict:
    """A37: before each meeting the mentee is asked to name one question, and nothing depends on an agreement."""
    emails = evidence.emails_of(EmailKind.MEETING, Recipient.MENTEE)
    return combine(
        judge(
            ((email.key, "one question" in email.text) for email in emails),
            "mentees were asked for one",
            otherwise=NO_MEETING,
        ),
        judge(
            _reminded_without_agreement(evidence),
            "participants without an agreement were reminded of every meeting",
            otherwise="every pair agreed on a schedule",
        ),
    )


def _reminded_without_agreement(evidence: Evidence) -> Iterator[tuple[str, bool]]:
    """Yield whether each side of a pair that never agreed on anything got an email before each of its meetings."""
    rules = evidence.settings.timeline
    meetings = {f"meeting-{number}" for number in range(1, -(-rules.months // rules.meetings_every_months) + 1)}
    for mentorship in evidence.completed():
        if mentorship.changes or mentorship.predecessor or evidence.agreement_in_force(mentorship.id):
            continue
        for to in (Recipient.MENTOR, Recipient.MENTEE):
            asked = {ask for email in mentorship.emails if email.to is to for ask in email.asks}
            yield f"{mentorship.id}/{to}", {ask for ask in asked if ask.startswith("meeting-")} == meetings


def gratitude_is_sent(evidence: Evidence) -> Verdict:
    """A39: thanks reach the mentor as they were written, at once; both get a certificate at the end."""
    thanked = [response for response in evidence.answers if response.kind is MilestoneKind.THANKS]
    farewells = (
        (f"{mentorship.id}/{to}", any("farewell" in email.asks for email in mentorship.emails if email.to is to))
        for mentorship in evidence.completed()
        for to in (Recipient.MENTOR, Recipient.MENTEE)
    )
    sent = ((response.id, _reached_mentor(evidence, response)) for response in thanked)
    return combine(
        judge(sent, "thanks reached the mentor word for word", otherwise="nobody sent thanks"),
        judge(farewells, "participants were sent their certificate", otherwise="no mentorship was completed"),
    )


def contact_is_named(evidence: Evidence) -> Verdict:
    """A41: every email names the role to ask, and an answer to it reaches that role."""
    contact = evidence.settings.contact
    cases = (
        (email.key, contact.role in email.text and contact.email in email.text and contact.email in email.reply_to)
        for email in evidence.emails
        if email.to is not Recipient.STAFF
    )
    return judge(cases, f"emails name the {contact.role} and answer to that address", otherwise="nobody was written to")


def sources_are_credited(evidence: Evidence) -> Verdict:
    """A43: a public page names version and sources of each text in an email, and participants' pages link to it."""
    texts = [guidance(name) for name in names()]
    credited = {text.title for text in texts if all(words in evidence.guidance_page for words in _credits(text))}
    guided = [email for email in evidence.emails if email.kind in GUIDED and email.automatic]
    sent = ((email.key, {text.title for text in texts if text.title in email.text}) for email in guided)
    cases = ((key, bool(titles) and titles <= credited) for key, titles in sent)
    links = ((page.milestone, 'href="/guidance"' in page.html) for page in evidence.pages)
    return combine(
        judge(cases, "emails had guidance that a page credits", otherwise="no guidance was sent"),
        judge(links, "pages link to the sources of guidance", otherwise="no page was opened"),
    )


def places_come_from_settings(evidence: Evidence) -> Verdict:
    """A21: the welcome names this cohort's venue, town and kickoff, as the settings have them."""
    institute, kickoff = (
        evidence.settings.institute,
        format_weekday(evidence.settings.kickoff_day, evidence.settings.locale, today=evidence.settings.kickoff_day),
    )
    first = {mentorship.id for mentorship in evidence.record.mentorships if mentorship.predecessor is None}
    cases = (
        (email.key, all(words in email.text for words in (institute.venue, institute.town, kickoff)))
        for email in evidence.emails_of(EmailKind.WELCOME)
        if email.mentorship in first
    )
    return judge(
        cases, f"welcomes name {institute.venue}, {institute.town}, {kickoff}", otherwise="nobody was welcomed"
    )


def _credits(text: Guidance) -> tuple[str, ...]:
    return (text.reference, *text.works)


def _topic(email: EmailEvidence) -> str | None:
    return next((area for area in TOPICS if guidance(f"topic_{area}").title in email.text), None)


def _number(email: EmailEvidence) -> int:
    return int(email.asks[0].rpartition("-")[2])


def _recalls_goals(evidence: Evidence, email: EmailEvidence) -> bool:
    return all(" ".join(goal.split()) in email.text for goal in _goals_at(evidence, email))


def _goals_at(evidence: Evidence, email: EmailEvidence) -> Iterable[str]:
    """Return the goals of a pair at the moment of an email: those agreed on, or until then those of the intake."""
    agreement = evidence.agreement_in_force(email.mentorship, email.at)
    if agreement:
        return [words for name, words in agreement.contents.items() if name in GOALS]
    mentee = next(pair.mentee for pair in evidence.record.mentorships if pair.id == email.mentorship)
    people = (application.person for application in evidence.pre_kickoff.applications)
    return next(person.goals for person in people if isinstance(person, MenteeApplication) and person.id == mentee)


def _reached_mentor(evidence: Evidence, thanks: ResponseEvidence) -> bool:
    words = " ".join(thanks.answers["text"].split())
    return any(
        email.mentorship == thanks.mentorship
        and thanks.milestone in email.asks
        and words in email.text
        and thanks.at <= email.at <= thanks.at + SENT_WITHIN
        for email in evidence.emails_of(EmailKind.GRATITUDE, Recipient.MENTOR)
    )
