"""What a letter to an applicant takes from what is known: its days and its page, and when there is nothing to tell."""

from datetime import UTC, date, datetime

import pytest

from emails.applicant_emails import applicant_email
from emails.kinds._base.applicant import Addressee, ApplicantEmail, ApplicantFacts, apply_by
from emails.kinds.application_link.context import ApplicationLinkEmail
from emails.kinds.match_final.context import MatchFinalEmail
from emails.kinds.mentors_needed.context import AskedPersonFacts, MentorsNeededEmail
from emails.kinds.proposal.context import ProposalEmail
from emails.links import is_token, personal_token
from emails.rendering import render
from emails.samples import MENTEE, MENTOR, SAMPLE_COHORT, SampleCast
from schemas.applications.applicant import Applicant, MentorPlaces, Proposal, Rsvp
from schemas.cohort.settings import ApplicationWindow
from schemas.emails.messages import QueuedEmail
from schemas.enums import ApplicationStatus, Commitment, EmailKind, Recipient, RsvpStatus, Side
from schemas.ids import applicant_scope, email_key, proposal_subject, subject_of

WINDOW = ApplicationWindow(opens_on=date(2019, 1, 7), closes_on=date(2019, 2, 28))
COHORT = SampleCast(SAMPLE_COHORT).cohort.model_copy(update={"applications": WINDOW})
IN_TIME, TOO_LATE = datetime(2019, 2, 1, 15, tzinfo=UTC), datetime(2019, 3, 1, 15, tzinfo=UTC)
LAST_SECOND = datetime(2019, 3, 1, 5, 59, 59, tzinfo=UTC)
PAGE = "https://mile.example.org/a/abc"
PROPOSED_AT, ANSWER_BY = datetime(2019, 3, 18, 14, tzinfo=UTC), datetime(2019, 3, 29, 5, tzinfo=UTC)
PROPOSAL = Proposal(partner=MENTEE, score=81, proposed_at=PROPOSED_AT, answer_by=ANSWER_BY)


def letter(
    kind: EmailKind, *, at: datetime = IN_TIME, number: int = 0, proposal: Proposal | None = None, **known: object
) -> ApplicantEmail | None:
    to = Recipient.MENTOR
    order = QueuedEmail(
        key=email_key(applicant_scope(COHORT.id, MENTOR.id), kind, "about", to, number),
        kind=kind,
        scope_id=applicant_scope(COHORT.id, MENTOR.id),
        to=to,
        at=at,
        now=at,
    )
    person = {"cohort": COHORT, "person_id": MENTOR.id, "side": Side.MENTOR, "email": MENTOR.email, "began_at": IN_TIME}
    applicant = Applicant.model_validate(person | {"status": None} | known)
    return applicant_email(order, ApplicantFacts(applicant=applicant, proposal=proposal), PAGE)


def asked_person(*, number: int = 0, at: datetime = IN_TIME, came: bool = False, missing: int = 0) -> bool:
    scope, kind, to = applicant_scope(COHORT.id, "mile-2017.M01"), EmailKind.MENTORS_NEEDED, Recipient.MENTOR
    order = QueuedEmail(key=email_key(scope, kind, "x", to, number), kind=kind, scope_id=scope, to=to, at=at, now=at)
    facts = AskedPersonFacts(
        cohort=COHORT,
        recipient=Addressee(id="M01", side=Side.MENTOR, name=MENTOR.name, email=MENTOR.email),
        was=Side.MENTOR,
        took_part_in="2017",
        came=came,
        places=MentorPlaces(mentor_places=1, mentees=1 + missing),
    )
    return MentorsNeededEmail.to_asked_person(order, facts, PAGE, f"{PAGE}/asks") is not None


@pytest.mark.parametrize(
    ("at", "status", "is_open", "by"),
    [
        (IN_TIME, None, True, date(2019, 2, 28)),
        (LAST_SECOND, None, True, date(2019, 2, 28)),
        (TOO_LATE, None, False, date(2019, 2, 28)),
        (IN_TIME, ApplicationStatus.ACCEPTED, True, date(2019, 5, 10)),
    ],
)
def test_link_says_by_when_to_hand_in_or_what_comes_next(
    *, at: datetime, status: ApplicationStatus | None, is_open: bool, by: date
) -> None:
    told = letter(EmailKind.APPLICATION_LINK, at=at, status=status)
    assert isinstance(told, ApplicationLinkEmail)
    assert (told.open, told.submitted, told.by) == (is_open, status is not None, by)
    assert told.minutes == (20 if is_open and not status else 1)
    assert told.url == PAGE


def test_a_window_that_staff_closed_early_ended_on_that_day() -> None:
    closed = WINDOW.model_copy(update={"closed_at": datetime(2019, 2, 20, 18, tzinfo=UTC)})
    assert apply_by(COHORT) == date(2019, 2, 28)
    assert apply_by(COHORT.model_copy(update={"applications": closed})) == date(2019, 2, 20)
    assert apply_by(COHORT.model_copy(update={"applications": None})) == date(2019, 5, 9)


def test_nobody_is_reminded_of_what_they_have_done_or_what_is_too_late() -> None:
    assert letter(EmailKind.APPLICATION_REMINDER) is not None
    assert letter(EmailKind.APPLICATION_REMINDER, status=ApplicationStatus.ACCEPTED) is None
    assert letter(EmailKind.APPLICATION_REMINDER, at=TOO_LATE) is None
    assert letter(EmailKind.INTAKE, status=ApplicationStatus.ACCEPTED) is None
    assert letter(EmailKind.APPLICATION_RECEIVED, status=ApplicationStatus.WITHDRAWN) is None
    assert letter(EmailKind.STATUS_CHANGED) is None


@pytest.mark.parametrize("kind", [EmailKind.PROPOSAL, EmailKind.KICKOFF, EmailKind.KICKOFF_CHANGED])
def test_a_letter_that_waited_does_not_reach_who_withdrew_meanwhile(kind: EmailKind) -> None:
    assert letter(kind, proposal=PROPOSAL, status=ApplicationStatus.ACCEPTED) is not None
    assert letter(kind, proposal=PROPOSAL, status=ApplicationStatus.WITHDRAWN) is None


def test_who_withdrew_is_told_so_and_finds_their_page_again() -> None:
    for kind in (EmailKind.STATUS_CHANGED, EmailKind.APPLICATION_LINK):
        assert letter(kind, status=ApplicationStatus.WITHDRAWN) is not None


@pytest.mark.parametrize("kind", [EmailKind.APPLICATION_RECEIVED, EmailKind.STATUS_CHANGED])
def test_nobody_is_told_to_wait_for_matches_that_are_made(kind: EmailKind) -> None:
    for published in (False, True):
        email = letter(kind, at=TOO_LATE, status=ApplicationStatus.ACCEPTED, published=published)
        assert email is not None
        written = render(email)
        for words in (" ".join(written.text.split()), written.html):
            assert ("you can change your answers" in words) is not published
            assert ("We have already made the matches." in words) is published


@pytest.mark.parametrize("kind", [EmailKind.APPLICATION_LINK, EmailKind.APPLICATION_REMINDER])
def test_a_letter_that_waited_does_not_reach_an_address_that_staff_imported_meanwhile(kind: EmailKind) -> None:
    assert letter(kind) is not None
    assert letter(kind, closed=True) is None


def test_b2_past_mentors_are_asked_while_they_help_and_not_once_they_came() -> None:
    assert asked_person()
    assert asked_person(number=1, missing=1)
    assert not asked_person(number=1)
    assert not asked_person(came=True, missing=1)
    assert not asked_person(at=TOO_LATE, missing=1)


@pytest.mark.parametrize(
    ("mine", "final", "number", "told"),
    [
        (None, False, 0, True),
        (None, False, 2, True),
        (Commitment.ASKED, False, 1, False),
        (Commitment.COMMITTED, False, 1, False),
        (Commitment.COMMITTED, True, 0, False),
        (None, True, 0, False),
    ],
)
def test_a23_proposal_is_told_until_it_is_answered_or_stands(
    *, mine: Commitment | None, final: bool, number: int, told: bool
) -> None:
    proposal = PROPOSAL.model_copy(update={"mine": mine, "final": final})
    written = letter(EmailKind.PROPOSAL, number=number, proposal=proposal)
    assert (written is not None) == told
    assert letter(EmailKind.PROPOSAL, number=number) is None
    if isinstance(written, ProposalEmail):
        assert (written.by, written.ends_on) == (date(2019, 3, 28), date(2020, 11, 10))
        assert written.url == f"{PAGE}/match"
        assert MENTEE.email not in render(written).text


def test_a23_final_match_is_told_while_it_stands() -> None:
    final = PROPOSAL.model_copy(update={"mine": Commitment.COMMITTED, "final": True})
    written = letter(EmailKind.MATCH_FINAL, proposal=final, status=ApplicationStatus.ACCEPTED)
    assert isinstance(written, MatchFinalEmail)
    assert (written.by, written.ends_on, written.url) == (date(2019, 5, 10), date(2020, 11, 10), f"{PAGE}/match")
    assert MENTEE.email not in render(written).text
    assert letter(EmailKind.MATCH_FINAL, proposal=PROPOSAL, status=ApplicationStatus.ACCEPTED) is None
    assert letter(EmailKind.MATCH_FINAL, proposal=final, status=ApplicationStatus.WITHDRAWN) is None
    assert letter(EmailKind.MATCH_FINAL) is None
    late = letter(EmailKind.MATCH_FINAL, at=datetime(2019, 5, 14, 15, tzinfo=UTC), proposal=final)
    assert late is not None
    assert late.by == date(2019, 5, 14)


@pytest.mark.parametrize("status", [*RsvpStatus, None])
def test_a20_only_who_has_not_made_up_their_mind_is_reminded_of_the_kickoff(status: RsvpStatus | None) -> None:
    rsvp = Rsvp(status=status) if status else None
    reminder = letter(EmailKind.KICKOFF, number=1, rsvp=rsvp, status=ApplicationStatus.ACCEPTED)
    assert (reminder is not None) == (status in {None, RsvpStatus.UNSURE})
    for kind in (EmailKind.KICKOFF, EmailKind.KICKOFF_CHANGED):
        told = letter(kind, rsvp=rsvp, status=ApplicationStatus.ACCEPTED)
        assert told is not None
        assert (told.by, told.url) == (date(2019, 5, 6), f"{PAGE}/kickoff")
    late = letter(EmailKind.KICKOFF_CHANGED, at=datetime(2019, 5, 9, 15, tzinfo=UTC), rsvp=rsvp)
    assert late is not None
    assert late.by == date(2019, 5, 9)


def test_key_of_a_proposal_tells_apart_who_was_proposed_to_whom_and_when() -> None:
    subject = proposal_subject("M03", "P07", PROPOSED_AT)
    assert subject == "P07-with-M03-2019-03-18T14:00"
    key = email_key("mile-2019/M03", EmailKind.PROPOSAL, subject, Recipient.MENTOR, 2)
    order = QueuedEmail(
        key=key, kind=EmailKind.PROPOSAL, scope_id="mile-2019/M03", to=Recipient.MENTOR, at=TOO_LATE, now=TOO_LATE
    )
    assert subject_of(order.key) == subject


def test_personal_token_is_the_same_each_time_and_another_once_it_was_revoked() -> None:
    secret = b"0123456789abcdef0123456789abcdef"
    first = personal_token(secret, "mile-2019", "M03")
    others = [
        personal_token(secret, "mile-2019", "M03", revoked=1),
        personal_token(secret, "mile-2019", "M04"),
        personal_token(secret, "mile-2021", "M03"),
    ]
    assert first == personal_token(secret, "mile-2019", "M03")
    assert len({first, *others}) == 4
    assert all(map(is_token, [first, *others]))
