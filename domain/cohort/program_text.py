"""What mentoring brings, and what the program asks of both sides: the standard text, or what a cohort's settings say.

Each point of the program's pages is here in our own words, with the promise it is about (A44, A45).
"""

from collections.abc import Sequence

from domain.languages import gettext
from schemas.base import FrozenModel
from schemas.cohort.settings import Program
from schemas.enums import Side
from schemas.mentorship.terms import TimelineSettings
from schemas.translatable import gettext_noop


class ProgramPoint(FrozenModel):
    """One point of the standard text; ``{months}``, ``{meetings}`` and ``{association}`` follow the settings."""

    promise: str
    text: str


class ProgramValue(FrozenModel):
    """What mentoring brings to mentors, to participants, and to the association."""

    mentors: tuple[str, ...]
    participants: tuple[str, ...]
    association: tuple[str, ...]


# How often: between two meetings are so many months.
_MEET = gettext_noop("Try to meet about every {meetings} months. In person, phone, video, or email all count.")
_MEET_EVERY = {
    1: gettext_noop("Try to meet every month. In person, phone, video, or email all count."),
    3: gettext_noop("Try to meet about every three months. In person, phone, video, or email all count."),
}

FOR_MENTORS = (
    ProgramPoint(
        promise="A8", text=gettext_noop("You make our profession stronger, because you help its next leaders grow.")
    ),
    ProgramPoint(promise="A9", text=gettext_noop("You learn from your mentee, and you grow too.")),
    ProgramPoint(promise="A10", text=gettext_noop("You get better at talking with people and at leading them.")),
    ProgramPoint(promise="A11", text=gettext_noop("You see someone do well with your help. That feels good.")),
)
FOR_PARTICIPANTS = (
    ProgramPoint(
        promise="A12", text=gettext_noop("You get advice on your career goals from someone who knows the field.")
    ),
    ProgramPoint(promise="A13", text=gettext_noop("You have someone to ask, so you feel less alone in your work.")),
    ProgramPoint(promise="A14", text=gettext_noop("You meet more people in the profession.")),
    ProgramPoint(promise="A15", text=gettext_noop("You gain new skills, and you trust yourself more.")),
    ProgramPoint(promise="A16", text=gettext_noop("You hear of new chances to take part, learn, and lead.")),
)
FOR_ASSOCIATION = (
    ProgramPoint(
        promise="A17",
        text=gettext_noop("Skilled people from all kinds of library work, whatever their degree or title."),
    ),
    ProgramPoint(promise="A18", text=gettext_noop("People who keep learning all through their careers.")),
    ProgramPoint(promise="A19", text=gettext_noop("A network that reaches across the whole state.")),
)
OF_MENTORS = (
    ProgramPoint(promise="A23", text=gettext_noop("Commit to {months} months with your mentee.")),
    ProgramPoint(promise="A25", text=gettext_noop("Work with the mentee we match you with.")),
    ProgramPoint(promise="A22", text=_MEET),
    ProgramPoint(
        promise="A24", text=gettext_noop("Help your mentee set goals, get to know people, and learn to lead.")
    ),
    ProgramPoint(promise="A26", text=gettext_noop("Understand your mentee’s goals, and help put them into words.")),
    ProgramPoint(
        promise="A27",
        text=gettext_noop("Make the first contact. Find a schedule for meetings and goals that suits both."),
    ),
    ProgramPoint(
        promise="A28", text=gettext_noop("Stay in touch on that schedule. We recommend at least every three months.")
    ),
    ProgramPoint(promise="A29", text=gettext_noop("Go by what your mentee needs. No two mentorships are the same.")),
    ProgramPoint(
        promise="A30",
        text=gettext_noop("Work out together who does what. Let your mentee’s goals and needs guide you."),
    ),
    ProgramPoint(promise="A31", text=gettext_noop("Do this early on, in the first weeks.")),
    ProgramPoint(promise="A32", text=gettext_noop("Talk about questions of the profession.")),
    ProgramPoint(promise="A33", text=gettext_noop("Take an interest in your mentee’s career goals.")),
    ProgramPoint(
        promise="A34",
        text=gettext_noop("Make it safe to talk about hard things. What you talk about stays between you."),
    ),
)
OF_MENTEES = (
    ProgramPoint(promise="A23", text=gettext_noop("Commit to {months} months with your mentor.")),
    ProgramPoint(promise="A22", text=_MEET),
    ProgramPoint(
        promise="A35", text=gettext_noop("Know your goals and what is hard in your work, and tell your mentor.")
    ),
    ProgramPoint(promise="A36", text=gettext_noop("Be open to criticism that helps you.")),
    ProgramPoint(promise="A37", text=gettext_noop("Help the talks along: ask your mentor for advice and feedback.")),
    ProgramPoint(promise="A38", text=gettext_noop("Be open to new ideas.")),
    ProgramPoint(promise="A39", text=gettext_noop("Show your gratitude. Tell your mentor what helped you.")),
    ProgramPoint(promise="A40", text=gettext_noop("Take an active part in the {association}.")),
)


def value_of_mentoring(program: Program) -> ProgramValue:
    """Return what the front page says mentoring brings (A44)."""
    return ProgramValue(
        mentors=program.value_for_mentors or _texts(FOR_MENTORS),
        participants=program.value_for_participants or _texts(FOR_PARTICIPANTS),
        association=program.value_for_association or _texts(FOR_ASSOCIATION),
    )


def responsibilities(program: Program, timeline: TimelineSettings, side: Side) -> tuple[str, ...]:
    """Return all that one side is asked, and accepts when it applies and when it commits to a match (A45)."""
    own, standard = {
        Side.MENTOR: (program.mentor_responsibilities, OF_MENTORS),
        Side.MENTEE: (program.mentee_responsibilities, OF_MENTEES),
    }[side]
    filled_in = {
        "months": str(timeline.months),
        "meetings": str(timeline.meetings_every_months),
        "association": program.association,
    }
    meet = _MEET_EVERY.get(timeline.meetings_every_months, _MEET)
    points = [meet if point.text == _MEET else point.text for point in standard]
    return own or tuple(gettext(text).format(**filled_in) for text in points)


def _texts(points: Sequence[ProgramPoint]) -> tuple[str, ...]:
    return tuple(gettext(point.text) for point in points)
