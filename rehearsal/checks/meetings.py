"""The promises about meetings and emails: prompts, thanks, the contact, and the sources of guidance."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from rehearsal.checks.evidence import EmailEvidence, Evidence, ResponseEvidence, fields_of
from rehearsal.checks.expected import ANSWERS_NOTHING, milestones_of, undisturbed
from rehearsal.checks.questions import form_asks, milestones_asked, pages_of
from rehearsal.checks.verdict import Verdict, combine, judge
from schemas.applications.people import MenteeApplication
from schemas.enums import EmailKind, MilestoneKind, Recipient, Side

NO_MEETING = "no meeting was written of"
SENT_WITHIN = timedelta(hours=1)
GOALS = frozenset(f"goal_{number}" for number in range(1, 6))
# What an email before a meeting says of its topic, in the order of their turns (A24), and whom to introduce (A14).
TOPIC = "A topic for this meeting:"
TURNS = ("goals", "networking", "leadership")
INTRODUCE = "Who could you introduce?"
ONE_QUESTION = "Please pick one question to ask"
# What a meeting's page may ask in free words: neither is about what was said (A32).
OWN_WORDS = frozenset({"takeaway", "note_to_self"})


def introductions_are_counted(evidence: Evidence) -> Verdict:
    """A14: check-ins count introductions, and each quarter the mentor is reminded of whom to introduce."""
    emails = list(evidence.emails_of(EmailKind.CHECK_IN, Recipient.MENTOR))
    return combine(
        form_asks(evidence, MilestoneKind.CHECK_IN, Side.MENTOR, {"introductions": "introduced your mentee to"}),
        form_asks(evidence, MilestoneKind.CHECK_IN, Side.MENTEE, {"introductions": "met through your mentor"}),
        judge(
            ((email.key, INTRODUCE in email.text) for email in emails),
            "mentors were asked whom to introduce",
            otherwise="no check-in was sent",
        ),
        judge(
            (
                (
                    pair.id,
                    set(milestones_of(evidence, MilestoneKind.CHECK_IN)) <= milestones_asked(pair, Recipient.MENTOR),
                )
                for pair in undisturbed(evidence)
            ),
            "mentors were asked so each quarter",
            otherwise="no mentorship was completed",
        ),
    )


def meeting_topics_rotate(evidence: Evidence) -> Verdict:
    """A24: prompts before meetings go through goal-setting, networking and leadership in turn."""
    emails = list(evidence.emails_of(EmailKind.MEETING))
    cases = ((email.key, _topics(email) == [TURNS[(_number(email) - 1) % len(TURNS)]]) for email in emails)
    seen = {topic for email in emails for topic in _topics(email)}
    return combine(
        judge(cases, f"emails before meetings had the topic whose turn it was, of {len(TURNS)}", otherwise=NO_MEETING),
        judge(((topic, topic in seen) for topic in TURNS if emails), "topics had their turn", otherwise=NO_MEETING),
    )


def meetings_are_noted_by_topic_only(evidence: Evidence) -> Verdict:
    """A32: a meeting is noted by its topics; nobody is asked what was said."""
    pages = ((page, fields_of(html)) for page, html in pages_of(evidence, MilestoneKind.MEETING))
    forms = (
        (
            page,
            any(field.name == "topics" for field in fields)
            and {field.name for field in fields if field.kind == "textarea"} <= OWN_WORDS,
        )
        for page, fields in pages
    )
    noted = [response for response in evidence.answers if response.kind is MilestoneKind.MEETING]
    return combine(
        judge(forms, "meeting pages ask for topics only", otherwise="nobody opened one"),
        judge(
            [("topics", any("topics" in one.answers for one in noted))] if noted else [],
            "list of topics was used",
            otherwise="no meeting was noted",
        ),
    )


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
            ((email.key, ONE_QUESTION in email.text) for email in emails),
            "mentees were asked for one",
            otherwise=NO_MEETING,
        ),
        judge(
            _reminded_in_silence(evidence),
            "participants of pairs that never agreed were reminded of every meeting",
            otherwise="no pair stayed silent",
        ),
    )


def _reminded_in_silence(evidence: Evidence) -> Iterator[tuple[str, bool]]:
    """Yield whether each side of a pair that cannot agree on anything got an email before each of its meetings."""
    rules, silent = evidence.settings.timeline, evidence.always(*ANSWERS_NOTHING)
    expected = {f"meeting-{number}" for number in range(1, -(-rules.months // rules.meetings_every_months) + 1)}
    for pair in undisturbed(evidence):
        if silent & {pair.mentor, pair.mentee}:
            for to in (Recipient.MENTOR, Recipient.MENTEE):
                asked = {ask for ask in milestones_asked(pair, to) if ask.startswith("meeting-")}
                yield f"{pair.id}/{to}", asked == expected


def gratitude_is_sent(evidence: Evidence) -> Verdict:
    """A39: thanks reach the mentor as they were written, at once; both get a certificate at the end."""
    thanked = [response for response in evidence.answers if response.kind is MilestoneKind.THANKS]
    farewells = list(evidence.emails_of(EmailKind.FAREWELL))
    certified = (
        (
            f"{pair.id}/{to}",
            any(
                email.mentorship == pair.id and email.to is to and "certificate is ready" in email.text
                for email in farewells
            ),
        )
        for pair in evidence.completed()
        for to in (Recipient.MENTOR, Recipient.MENTEE)
    )
    pages = (
        (f"{page.mentorship}/{page.side}", "Download your certificate" in page.html)
        for page in evidence.pages
        if page.milestone == MilestoneKind.FAREWELL
    )
    return combine(
        judge(
            ((response.id, _reached_mentor(evidence, response)) for response in thanked),
            "thanks reached the mentor word for word",
            otherwise="nobody sent thanks",
        ),
        judge(certified, "participants were sent their certificate", otherwise="no mentorship was completed"),
        judge(pages, "farewell pages had the certificate", otherwise="nobody opened a farewell"),
    )


def _topics(email: EmailEvidence) -> list[str]:
    return re.findall(rf"{TOPIC} (\w+)", email.text)


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
