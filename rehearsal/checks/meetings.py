"""The promises about being good company: prompts before meetings, thanks, whom to ask, and whose advice it is."""

from datetime import timedelta

from domain.formatting import format_weekday
from emails.guidance import TOPICS, guidance, names
from rehearsal.checks.evidence import EmailEvidence, Evidence, ResponseEvidence
from rehearsal.checks.questions import asks_on, forms_of
from rehearsal.checks.verdict import Verdict, all_of, judged
from schemas.enums import EmailKind, MilestoneKind, Recipient
from schemas.forms.catalog import MEETING

NO_MEETING = "no meeting was written of"
SENT_WITHIN = timedelta(hours=1)
GUIDED = (EmailKind.MEETING, EmailKind.AGREEMENT, EmailKind.CLOSING_CONVERSATION)


def introductions_are_counted(seen: Evidence) -> Verdict:
    """A14: check-ins count introductions, and the mentor is reminded of whom to introduce."""
    prompt = guidance("topic_networking").mentor[0].partition("?")[0]
    networking = [each for each in seen.letters_of(EmailKind.MEETING, Recipient.MENTOR) if _topic(each) == TOPICS[1]]
    return all_of(
        asks_on(seen, MilestoneKind.CHECK_IN, None, "introductions"),
        judged(
            ((each.key, prompt in each.text) for each in networking), "mentors were asked whom to introduce", else_=""
        ),
    )


def prompts_rotate(seen: Evidence) -> Verdict:
    """A24: prompts before meetings go through goal-setting, networking and leadership in turn."""
    cases = (
        (each.key, _topic(each) == TOPICS[(_number(each) - 1) % len(TOPICS)])
        for each in seen.letters_of(EmailKind.MEETING)
    )
    return judged(cases, f"emails before meetings had the topic whose turn it was, of {len(TOPICS)}", else_=NO_MEETING)


def topics_not_contents(seen: Evidence) -> Verdict:
    """A32: a meeting is noted by its topics; nobody is asked what was said."""
    private = {question.name for question in MEETING.questions if question.readers == ("you",)}
    forms = (
        (page, "topics" in fields and {name for name, kind in fields.items() if kind == "textarea"} <= private)
        for page, fields in forms_of(seen, MilestoneKind.MEETING)
    )
    noted = sum("topics" in each.answers for each in seen.answers if each.kind is MilestoneKind.MEETING)
    return judged(forms, f"meeting pages ask for topics only ({noted} noted some)", else_="no meeting was noted")


def goals_are_recalled(seen: Evidence) -> Verdict:
    """A33: each email to the mentor before a meeting recalls the mentee's current goals, word for word."""
    cases = ((each.key, _recalls(seen, each)) for each in seen.letters_of(EmailKind.MEETING, Recipient.MENTOR))
    return judged(cases, "emails before meetings recalled the goals as agreed", else_=NO_MEETING)


def one_question_is_named(seen: Evidence) -> Verdict:
    """A37: before each meeting the mentee is asked to name one question."""
    letters = seen.letters_of(EmailKind.MEETING, Recipient.MENTEE)
    return judged(
        ((each.key, "one question" in each.text) for each in letters), "mentees were asked for one", else_=NO_MEETING
    )


def gratitude_is_sent(seen: Evidence) -> Verdict:
    """A39: thanks reach the mentor as they were written, at once; both get a certificate at the end."""
    thanked = [each for each in seen.answers if each.kind is MilestoneKind.THANKS]
    farewells = (
        (f"{one.id}/{to}", any("farewell" in email.asks for email in one.emails if email.to is to))
        for one in seen.completed()
        for to in (Recipient.MENTOR, Recipient.MENTEE)
    )
    sent = ((each.id, _arrived(seen, each)) for each in thanked)
    return all_of(
        judged(sent, "thanks reached the mentor word for word", else_="nobody sent thanks"),
        judged(farewells, "participants were sent their certificate", else_="no mentorship was completed"),
    )


def contact_is_named(seen: Evidence) -> Verdict:
    """A41: every email names the role to ask, and an answer to it reaches that role."""
    contact = seen.settings.contact
    cases = (
        (each.key, contact.role in each.text and contact.email in each.text and contact.email in each.reply_to)
        for each in seen.letters
        if each.to is not Recipient.STAFF
    )
    return judged(cases, f"emails name the {contact.role} and answer to that address", else_="nobody was written to")


def sources_are_credited(seen: Evidence) -> Verdict:
    """A43: emails with guidance name its version and after whom it is written."""
    references = [guidance(name).reference for name in names()]
    guided = [each for each in seen.letters if each.kind in GUIDED and each.automatic]
    cases = ((each.key, any(reference in each.text for reference in references)) for each in guided)
    return judged(cases, "emails with guidance credit its source", else_="no guidance was sent")


def places_come_from_settings(seen: Evidence) -> Verdict:
    """A21: the welcome names this cohort's venue, town and kickoff, as the settings have them."""
    institute, kickoff = seen.settings.institute, format_weekday(seen.settings.kickoff, seen.settings.locale)
    first = {one.id for one in seen.record.mentorships if one.predecessor is None}
    cases = (
        (each.key, all(words in each.text for words in (institute.venue, institute.town, kickoff)))
        for each in seen.letters_of(EmailKind.WELCOME)
        if each.mentorship in first
    )
    return judged(cases, f"welcomes name {institute.venue}, {institute.town}, {kickoff}", else_="nobody was welcomed")


def _topic(letter: EmailEvidence) -> str | None:
    return next((area for area in TOPICS if guidance(f"topic_{area}").title in letter.text), None)


def _number(letter: EmailEvidence) -> int:
    return int(letter.asks[0].rpartition("-")[2])


def _recalls(seen: Evidence, letter: EmailEvidence) -> bool:
    standing = seen.standing(letter.mentorship, letter.at)
    if standing is None:
        return False
    goals = [words for name, words in standing.contents.items() if name in {f"goal_{number}" for number in range(1, 6)}]
    return all(" ".join(goal.split()) in letter.text for goal in goals)


def _arrived(seen: Evidence, thanks: ResponseEvidence) -> bool:
    words = " ".join(thanks.answers["words"].split())
    return any(
        each.mentorship == thanks.mentorship
        and thanks.milestone in each.asks
        and words in each.text
        and thanks.at <= each.at <= thanks.at + SENT_WITHIN
        for each in seen.letters_of(EmailKind.GRATITUDE, Recipient.MENTOR)
    )
