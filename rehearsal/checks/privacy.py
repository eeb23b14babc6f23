"""The promise of a safe environment (A34): whoever may not read an answer finds it nowhere."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from rehearsal.checks.evidence import Evidence, PreKickoffEvidence, ResponseEvidence
from rehearsal.checks.questions import pages_of
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from rehearsal.http_client import read_page
from schemas.applications.people import MenteeApplication
from schemas.enums import MilestoneKind, Recipient, Side
from schemas.personas import Persona

STAFF_NOTIFIED_WITHIN = timedelta(hours=1)
CALL = "call_requested"
# A shorter answer is one of a list, or may occur by chance.
SHORTEST_WORDS = 12
# What the partner may read of an answer's free words: all of these, and at the end what its writer gave leave for.
SHARED = (MilestoneKind.AGREEMENT, MilestoneKind.THANKS)
CONSENT = "share_takeaway"
SAYS_READERS = ("Who can see", "can see")


def private_answers_stay_private(evidence: Evidence) -> Verdict:
    """A34: free words reach nobody but their readers, and never the engine; a wish for a call reaches staff alone."""
    return combine(
        judge(_leak_cases(evidence), "texts were seen by nobody but their readers", otherwise="nobody wrote anything"),
        judge(
            _call_request_cases(evidence),
            "wishes for a call reached staff at once, and no partner",
            otherwise="nobody asked for a call",
        ),
        judge(_engine_cases(evidence), "texts stayed out of the engine", otherwise="nobody wrote anything"),
        judge(
            (
                (page, any(words in html for words in SAYS_READERS))
                for kind in (MilestoneKind.CHECK_IN, MilestoneKind.MEETING, MilestoneKind.CLOSURE_SURVEY)
                for page, html in pages_of(evidence, kind)
            ),
            "pages say who can see the answers",
            otherwise="nobody opened a form",
        ),
    )


def _leak_cases(evidence: Evidence) -> Cases:
    """Search all emails and pages that partner and staff saw for texts they may not read."""
    partners, staff = _texts_shown(evidence)
    for response in evidence.answers:
        to_partner = partners[response.mentorship, response.side.partner]
        for text in _free_words(response):
            leaked = not _partner_may_read(response) and text in to_partner
            yield response.id, not leaked and text not in staff


class _TextsShown(dict[tuple[str, str], str]):
    def __missing__(self, key: tuple[str, str]) -> str:
        return ""


def _texts_shown(evidence: Evidence) -> tuple[_TextsShown, str]:
    partners, staff = _TextsShown(), ""
    for page in evidence.pages:
        partners[page.mentorship, page.side] += page.html
    for email in evidence.emails:
        if email.to is Recipient.STAFF:
            staff += email.text
        else:
            partners[email.mentorship, email.to.value] += email.text
    return partners, staff


def _free_words(response: ResponseEvidence) -> Iterator[str]:
    return (text for text in response.answers.values() if len(text) > SHORTEST_WORDS and " " in text)


def _partner_may_read(response: ResponseEvidence) -> bool:
    closing = response.kind is MilestoneKind.CLOSURE_SURVEY and CONSENT in response.answers
    return response.kind in SHARED or closing


def private_texts(
    answers: Iterable[ResponseEvidence], pre_kickoff: PreKickoffEvidence
) -> Iterator[tuple[str, set[str]]]:
    """Yield what people wrote that the engine must never have: what it is, and its texts."""
    for response in answers:
        yield response.id, set(_free_words(response))
    for application in pre_kickoff.applications:
        person = application.person
        if isinstance(person, MenteeApplication):
            yield person.id, {*person.goals, person.challenges, person.hopes}
    for proposal in pre_kickoff.proposals:
        yield f"proposal to {proposal.mentee_id}", {proposal.of(side).question for side in Side}
    for guest in pre_kickoff.guests:
        if guest.rsvp:
            yield f"reply of {guest.person.id}", {guest.rsvp.meals, guest.rsvp.access}
    for person_id, request in pre_kickoff.keep_apart.items():
        yield f"wish of {person_id} to be kept apart", {request}
    for inquiry in pre_kickoff.inquiries:
        yield "question", {inquiry.inquiry.text}


def _engine_cases(evidence: Evidence) -> Cases:
    """Yield for everything that somebody wrote whether its words are in no history."""
    leaked = set(evidence.leaked_to_temporal)
    for what, texts in private_texts(evidence.answers, evidence.pre_kickoff):
        if words := {text for text in texts if text}:
            yield what, not words & leaked


def _call_request_cases(evidence: Evidence) -> Cases:
    """Yield each wish for a call; whoever is to ask for one by their script must have."""
    asked = {_person(evidence, response) for response in evidence.answers if CALL in response.answers}
    started = {person for pair in evidence.record.mentorships for person in (pair.mentor, pair.mentee)}
    for person in sorted(evidence.played(Persona.ASKS_FOR_CALL) & started):
        yield person, person in asked
    for response in evidence.answers:
        if CALL in response.answers:
            yield response.id, _staff_were_notified(evidence, response) and not _partner_learned(evidence, response)


def _person(evidence: Evidence, response: ResponseEvidence) -> str:
    pair = next(one for one in evidence.record.mentorships if one.id == response.mentorship)
    return pair.mentor if response.side == "mentor" else pair.mentee


def _staff_were_notified(evidence: Evidence, response: ResponseEvidence) -> bool:
    return any(
        note.key.startswith(f"{response.mentorship}/")
        and CALL in note.key
        and response.side in note.key
        and response.at <= note.at <= response.at + STAFF_NOTIFIED_WITHIN
        for note in evidence.emails
        if note.to is Recipient.STAFF
    )


def _partner_learned(evidence: Evidence, response: ResponseEvidence) -> bool:
    """Tell whether a partner's own form had the box ticked though they never did, or an email spoke of it."""
    partner = response.side.partner
    partner_asked = any(
        other.mentorship == response.mentorship and other.side is partner and CALL in other.answers
        for other in evidence.answers
    )
    ticked = any(
        CALL in read_page(page.html).current_values
        for page in evidence.pages
        if page.mentorship == response.mentorship and page.side is partner and CALL in page.html
    )
    emailed = any(
        email.mentorship == response.mentorship and email.to == Recipient(partner) and _mentions_call(email.text)
        for email in evidence.emails
    )
    return (ticked and not partner_asked) or emailed


def _mentions_call(text: str) -> bool:
    return any(words in text.lower() for words in (CALL, "asked for a call", "asks for a call", "to be called"))
