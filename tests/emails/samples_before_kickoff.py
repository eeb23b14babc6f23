"""Every kind of letter about somebody's place in a cohort, and the question that comes before all of them."""

from datetime import date, time
from typing import Any

from emails.applicants import (
    Addressee,
    ApplicantEmail,
    ApplicationLinkEmail,
    ApplicationReceivedEmail,
    ApplicationReminderEmail,
    InquiryEmail,
    IntakeEmail,
    KickoffChangedEmail,
    KickoffEmail,
    MatchFinalEmail,
    MentorsNeededEmail,
    ProposalEmail,
    StandingChangedEmail,
)
from schemas.cohort.settings import ApplicationWindow, HalfDay, HalfDaySession, Institute, ProposalSettings
from schemas.enums import ApplicationStatus, EmailKind, RsvpStatus, Side
from tests.emails.cast import COHORT, ENDS_ON, MENTEE, MENTOR

APPLYING = COHORT.model_copy(
    update={
        "institute": Institute(
            venue="Sugar Lake Lodge",
            town="Cohasset",
            address="37584 Otis Lane",
            first_day=date(2019, 5, 8),
            last_day=date(2019, 5, 10),
        ),
        "applications": ApplicationWindow(opens_on=date(2019, 1, 7), closes_on=date(2019, 2, 28)),
        "proposals": ProposalSettings(),
        "session": HalfDaySession(
            half_days=(
                HalfDay(id="wed", label="Arrival", day=date(2019, 5, 8), begins=time(13), ends=time(17, 30)),
                HalfDay(id="fri", label="Farewell", day=date(2019, 5, 10), begins=time(8, 30), ends=time(12)),
            )
        ),
    }
)
PAGE = f"https://mile.example.org/a/{'a2' * 13}"
CLOSES, KICKOFF, RSVP_BY = date(2019, 2, 28), date(2019, 5, 10), date(2019, 5, 6)


def _to(side: Side, *, named: bool = True, url: str = PAGE) -> dict[str, Any]:
    person = MENTOR if side is Side.MENTOR else MENTEE
    recipient = Addressee(id=person.id, side=side, name=person.name if named else "", email=person.email)
    return {"cohort": APPLYING, "recipient": recipient, "url": url}


MENTORS, MENTEES = _to(Side.MENTOR), _to(Side.MENTEE)
REASONS = (
    "The mentor can offer what the mentee is looking for: leadership.",
    "Both work in Minnesota & like to <read>.",
)
BEFORE_KICKOFF: dict[str, tuple[EmailKind, ApplicantEmail]] = {
    "link to somebody without a name": (
        EmailKind.APPLICATION_LINK,
        ApplicationLinkEmail(**_to(Side.MENTOR, named=False), by=CLOSES, minutes=20),
    ),
    "link to a participant": (EmailKind.APPLICATION_LINK, ApplicationLinkEmail(**MENTEES, by=CLOSES, minutes=20)),
    "link to somebody who has handed in": (
        EmailKind.APPLICATION_LINK,
        ApplicationLinkEmail(**MENTORS, by=KICKOFF, handed_in=True, occurrence=1),
    ),
    "link when applications have closed": (
        EmailKind.APPLICATION_LINK,
        ApplicationLinkEmail(**MENTORS, by=CLOSES, open=False),
    ),
    "application received": (
        EmailKind.APPLICATION_RECEIVED,
        ApplicationReceivedEmail(**MENTORS, by=KICKOFF, status=ApplicationStatus.ACCEPTED),
    ),
    "intake received": (
        EmailKind.APPLICATION_RECEIVED,
        ApplicationReceivedEmail(**MENTEES, by=KICKOFF, status=ApplicationStatus.ACCEPTED),
    ),
    "application received that is not eligible": (
        EmailKind.APPLICATION_RECEIVED,
        ApplicationReceivedEmail(
            **MENTORS,
            by=KICKOFF,
            status=ApplicationStatus.INELIGIBLE,
            why="Five years of library work are asked for.",
        ),
    ),
    "application received too late": (
        EmailKind.APPLICATION_RECEIVED,
        ApplicationReceivedEmail(**MENTORS, by=KICKOFF, status=ApplicationStatus.WAITING),
    ),
    **{
        f"reminder to hand in to a {to['recipient'].side}": (
            EmailKind.APPLICATION_REMINDER,
            ApplicationReminderEmail(**to, by=CLOSES, minutes=15, occurrence=2),
        )
        for to in (MENTORS, MENTEES)
    },
    **{
        f"mentors needed, {missing} places": (
            EmailKind.MENTORS_NEEDED,
            MentorsNeededEmail(
                **_to(Side.MENTOR, url="https://mile.example.org/apply/mile-2019"),
                by=CLOSES,
                minutes=20,
                mentored_in="2017 Mentorship Program",
                missing=missing,
                ends_on=ENDS_ON,
            ),
        )
        for missing in (0, 3)
    },
    "intake": (
        EmailKind.INTAKE,
        IntakeEmail(**MENTEES, by=CLOSES, minutes=15, gaps=("goals", "challenges", "hopes")),
    ),
    "intake reminder": (
        EmailKind.INTAKE,
        IntakeEmail(**MENTEES, by=date(2019, 5, 9), minutes=15, gaps=("hopes",), occurrence=2),
    ),
    **{
        f"standing changed to {status}": (
            EmailKind.STANDING_CHANGED,
            StandingChangedEmail(**MENTORS, by=KICKOFF, status=status),
        )
        for status in ApplicationStatus
    },
    "match that is off": (
        EmailKind.STANDING_CHANGED,
        StandingChangedEmail(**MENTORS, by=KICKOFF, status=ApplicationStatus.ACCEPTED, match_is_off=True),
    ),
    "proposal to the mentor": (
        EmailKind.PROPOSAL,
        ProposalEmail(**MENTORS, by=date(2019, 4, 5), minutes=5, partner=MENTEE, shared=REASONS, ends_on=ENDS_ON),
    ),
    "proposal reminder to the mentee": (
        EmailKind.PROPOSAL,
        ProposalEmail(**MENTEES, by=date(2019, 9, 25), minutes=5, partner=MENTOR, ends_on=ENDS_ON, occurrence=2),
    ),
    "final match to the mentor": (
        EmailKind.MATCH_FINAL,
        MatchFinalEmail(**MENTORS, by=KICKOFF, partner=MENTEE, ends_on=ENDS_ON),
    ),
    "final match to the mentee": (
        EmailKind.MATCH_FINAL,
        MatchFinalEmail(**MENTEES, by=KICKOFF, partner=MENTOR, ends_on=ENDS_ON),
    ),
    "kickoff to the mentor": (EmailKind.KICKOFF, KickoffEmail(**MENTORS, by=RSVP_BY, minutes=2)),
    "kickoff reminder to the mentee": (
        EmailKind.KICKOFF,
        KickoffEmail(**MENTEES, by=date(2019, 9, 25), minutes=2, occurrence=1, coming=RsvpStatus.UNSURE),
    ),
    **{
        f"kickoff changed, {coming}": (
            EmailKind.KICKOFF_CHANGED,
            KickoffChangedEmail(**MENTORS, by=RSVP_BY, coming=coming),
        )
        for coming in (*RsvpStatus, None)
    },
}
INQUIRIES: dict[str, tuple[EmailKind, InquiryEmail]] = {
    f"inquiry {who}": (
        EmailKind.INQUIRY,
        InquiryEmail(
            cohort=APPLYING,
            name=name,
            email="odalys.fernholm@example.org",
            words=("I work half time.", "", "Could I be a mentor <all the same>?"),
            received_on=date(2019, 1, 8),
            by=date(2019, 1, 15),
        ),
    )
    for who, name in (("with a name", "Odalys Fernholm"), ("without a name", ""))
}
