"""What mentoring brings, and what the program asks of both sides: the standard text, or what a cohort's settings say.

Each point of the program's pages is here in our own words, with the promise it is about (A44, A45).
"""

from collections.abc import Sequence

from schemas.base import FrozenModel
from schemas.cohort.settings import Program
from schemas.enums import Side
from schemas.mentorship.terms import TimelineSettings


class ProgramPoint(FrozenModel):
    """One point of the standard text; ``{months}``, ``{often}`` and ``{association}`` follow the settings."""

    promise: str
    text: str


class ProgramValue(FrozenModel):
    """What mentoring brings to mentors, to participants, and to the association."""

    mentors: tuple[str, ...]
    participants: tuple[str, ...]
    association: tuple[str, ...]


FOR_MENTORS = (
    ProgramPoint(promise="A8", text="You make our profession stronger, because you help its next leaders grow."),
    ProgramPoint(promise="A9", text="You learn from your mentee, and you grow too."),
    ProgramPoint(promise="A10", text="You get better at talking with people and at leading them."),
    ProgramPoint(promise="A11", text="You see someone do well with your help. That feels good."),
)
FOR_PARTICIPANTS = (
    ProgramPoint(promise="A12", text="You get advice on your career goals from someone who knows the field."),
    ProgramPoint(promise="A13", text="You have someone to ask, so you feel less alone in your work."),
    ProgramPoint(promise="A14", text="You meet more people in the profession."),
    ProgramPoint(promise="A15", text="You gain new skills, and you trust yourself more."),
    ProgramPoint(promise="A16", text="You hear of new chances to take part, learn, and lead."),
)
FOR_ASSOCIATION = (
    ProgramPoint(promise="A17", text="Skilled people from all kinds of library work, whatever their degree or title."),
    ProgramPoint(promise="A18", text="People who keep learning all through their careers."),
    ProgramPoint(promise="A19", text="A network that reaches across the whole state."),
)
OF_MENTORS = (
    ProgramPoint(promise="A23", text="Commit to {months} months with your mentee."),
    ProgramPoint(promise="A25", text="Work with the mentee we match you with."),
    ProgramPoint(promise="A22", text="Try to meet {often}. In person, phone, video, or email all count."),
    ProgramPoint(promise="A24", text="Help your mentee set goals, get to know people, and learn to lead."),
    ProgramPoint(promise="A26", text="Understand your mentee’s goals, and help put them into words."),
    ProgramPoint(promise="A27", text="Make the first contact. Find a schedule for meetings and goals that suits both."),
    ProgramPoint(promise="A28", text="Stay in touch on that schedule. We recommend at least every three months."),
    ProgramPoint(promise="A29", text="Go by what your mentee needs. No two mentorships are the same."),
    ProgramPoint(promise="A30", text="Work out together who does what. Let your mentee’s goals and needs guide you."),
    ProgramPoint(promise="A31", text="Do this early on, in the first weeks."),
    ProgramPoint(promise="A32", text="Talk about questions of the profession."),
    ProgramPoint(promise="A33", text="Take an interest in your mentee’s career goals."),
    ProgramPoint(promise="A34", text="Make it safe to talk about hard things. What you talk about stays between you."),
)
OF_MENTEES = (
    ProgramPoint(promise="A23", text="Commit to {months} months with your mentor."),
    ProgramPoint(promise="A22", text="Try to meet {often}. In person, phone, video, or email all count."),
    ProgramPoint(promise="A35", text="Know your goals and what is hard in your work, and tell your mentor."),
    ProgramPoint(promise="A36", text="Be open to criticism that helps you."),
    ProgramPoint(promise="A37", text="Help the talks along: ask your mentor for advice and feedback."),
    ProgramPoint(promise="A38", text="Be open to new ideas."),
    ProgramPoint(promise="A39", text="Show your gratitude. Tell your mentor what helped you."),
    ProgramPoint(promise="A40", text="Take an active part in the {association}."),
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
        "often": _often(timeline.meetings_every_months),
        "association": program.association,
    }
    return own or _texts(standard, **filled_in)


def _texts(points: Sequence[ProgramPoint], **filled_in: str) -> tuple[str, ...]:
    return tuple(point.text.format(**filled_in) for point in points)


def _often(months: int) -> str:
    return {1: "every month", 3: "about every three months"}.get(months, f"about every {months} months")
