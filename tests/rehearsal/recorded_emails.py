"""The emails that the people of a recorded class received, before the kickoff and in their mentorships."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from domain.applications.eligibility import ineligibility_for_applicant
from domain.calendar import months_after
from domain.formatting import format_weekday
from rehearsal.checks.evidence import EmailEvidence
from schemas.enums import EmailKind, Recipient
from schemas.rehearsal import EmailRecord, RehearsalRecord
from tests.rehearsal.recorded_class import (
    ASKED_AT,
    ASKER,
    EARLIER,
    KICKOFF,
    LOCAL,
    PAIRS,
    PROPOSED_AT,
    QUESTION,
    SETTINGS,
    TOLD,
    WORDS,
    mentor,
)
from tests.rehearsal.recorded_pairs import CALLED_AT, THANKS
from tests.rehearsal.recorded_texts import CHOICES, at, contact_on, words_of


def emails_received(played: RehearsalRecord) -> Iterator[EmailEvidence]:
    """Yield the emails of all mentorships as they were received, then those that answers brought about."""
    for mentorship in played.mentorships:
        for email in mentorship.emails:
            day = email.at.date()
            yield EmailEvidence(
                mentorship=mentorship.id,
                text=words_of(email.kind, day, email.asks, lists=_lists_all(email, mentorship.id)),
                reply_to=contact_on(day)[1],
                **email.model_dump(exclude={"state", "text"}),
            )
    yield _brought_about("mile-2019-001/gratitude/thanks-1/mentor/0", CALLED_AT, THANKS, "thanks-1")
    yield _brought_about("mile-2019-005/staff_note/call_requested-check_in-1-mentor/staff/0", CALLED_AT, "Please call.")
    for days, heading in ((24, "No first contact"), (45, "No agreement")):
        key, moment = f"mile-2019/staff_digest/week-{days}/staff/0", at(KICKOFF + timedelta(days=days))
        yield _brought_about(key, moment, f"New: {heading} Ask both. - mile-2019-004: Ada and Bo. Not now?")


def _lists_all(email: EmailRecord, mentorship: str) -> bool:
    """Tell whether an email is not one to somebody who has chosen other kinds of opportunities by then."""
    chose = [one for one in CHOICES if one.kinds and one.mentorship == mentorship and one.side.value == email.to.value]
    return not any(choice.at < email.at for choice in chose)


def _brought_about(key: str, moment: datetime, text: str, *asks: str) -> EmailEvidence:
    scope, kind, _, to, _ = key.split("/")
    role, address = contact_on(moment.date())
    return EmailEvidence(
        key=key,
        mentorship=scope,
        kind=EmailKind(kind),
        to=Recipient(to),
        at=moment,
        subject=kind,
        text=f"{text} {words_of(EmailKind(kind), moment.date())}",
        reply_to=address,
        sent_to=f"{role} <{address}>",
        asks=asks,
        automatic=False,
    )


def emails_before_kickoff() -> tuple[EmailEvidence, ...]:
    """Return the emails to applicants and past mentors, and those to staff."""
    why = str(ineligibility_for_applicant(mentor("A001", years=4), SETTINGS))
    last_day = format_weekday(months_after(KICKOFF, 18))
    people = [
        (to, person) for pair in PAIRS for to, person in zip((Recipient.MENTOR, Recipient.MENTEE), pair, strict=True)
    ]
    asked_again = [
        (person, day, mailing)
        for person in ("E01", "F01")
        for day, mailing in ((date(2019, 2, 1), "opening"), (date(2019, 2, 8), "recruiting-1"))
    ]
    return (
        _received_email(EmailKind.APPLICATION_RECEIVED, Recipient.MENTOR, "A001", ASKED_AT, f"We have it. {why}"),
        _received_email(EmailKind.INTAKE, Recipient.MENTEE, "P02", ASKED_AT, "Please tell us your hopes."),
        _received_email(EmailKind.INQUIRY, Recipient.STAFF, "", ASKED_AT, QUESTION).model_copy(
            update={"reply_to": ASKER}
        ),
        _received_email(EmailKind.STAFF_NOTE, Recipient.STAFF, "", PROPOSED_AT, "intake_incomplete"),
        *(
            _received_email(EmailKind.PROPOSAL, to, person, PROPOSED_AT, f"Until {last_day}. {TOLD}")
            for to, person in people
        ),
        *(
            _received_email(
                EmailKind.KICKOFF, to, person, PROPOSED_AT, "Are you coming? You don’t have to come."
            ).model_copy(update={"calendar": "BEGIN:VCALENDAR\nDTSTART:20190510T090000"})
            for to, person in people
        ),
        *(
            _received_email(
                EmailKind.MENTORS_NEEDED,
                Recipient.MENTOR,
                f"{EARLIER.settings.id}.{person}",
                datetime(day.year, day.month, day.day, 9, tzinfo=LOCAL),
                mailing,
            )
            for person, day, mailing in asked_again
        ),
    )


def _received_email(kind: EmailKind, to: Recipient, person: str, moment: datetime, text: str) -> EmailEvidence:
    scope = f"mile-2019/{person}" if person else "mile-2019"
    return EmailEvidence(
        key=f"{scope}/{kind}/{text if to is Recipient.STAFF else kind}@{moment:%m-%d}/{to}/0",
        mentorship=scope,
        kind=kind,
        to=to,
        at=moment,
        subject=kind,
        text=f"{text} {WORDS}",
        reply_to="chair@example.org",
        sent_to="Chair <chair@example.org>",
    )
