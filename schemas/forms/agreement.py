"""The agreement of a mentor and a mentee: what is asked, in which order, and who may write and read it."""

from schemas.base import FrozenModel
from schemas.enums import GoalArea, MilestoneKind, Side
from schemas.errors import Refusal
from schemas.forms.questions import CALL_REQUEST, Choice, Form, Question, QuestionKind
from schemas.mentorship.responses import AgreementVersion
from schemas.translatable import Text

MOST_GOALS = 5
OWN_DATES = "dates"
BOTH = (Side.MENTOR, Side.MENTEE)

# The program's three areas (A24), the two that mentees come for (A12), and all the rest.
AREAS = (
    Choice(value=GoalArea.GOAL_SETTING, label="Setting goals"),
    Choice(value=GoalArea.NETWORKING, label="Networking"),
    Choice(value=GoalArea.LEADERSHIP, label="Leadership"),
    Choice(value="career", label="My career"),
    Choice(value="development", label="Professional development"),
    Choice(value="other", label="Something else"),
)

EVERY_MONTHS = (
    Choice(value="1", label="Every month"),
    Choice(value="2", label="Every other month"),
    Choice(value="3", label="Every three months"),
    Choice(value="6", label="Twice a year"),
)


class AgreementSection(FrozenModel):
    """A part of the agreement's form that belongs together; ``slug`` is what its page's address ends with."""

    slug: str
    heading: Text
    about: Text
    questions: tuple[Question, ...]


class AgreementChangedMeanwhile(Refusal):
    """A new version came while an older one was on the page; nothing of what was sent is saved yet.

    ``seen`` is the version that was on the page. The message holds no word of either version.
    """

    def __init__(self, *, seen: AgreementVersion, newest: AgreementVersion) -> None:
        self.seen = seen
        self.newest = newest
        super().__init__("Your partner changed the agreement. Please open the link again to see the change.")


def _shared(
    name: str,
    kind: QuestionKind,
    label: str,
    hint: str = "",
    *,
    choices: tuple[Choice, ...] = (),
    asked: tuple[Side, ...] = BOTH,
    needed: bool = False,
) -> Question:
    return Question(
        name=name,
        kind=kind,
        label=label,
        hint=hint,
        choices=choices,
        asked=asked,
        needed_to_agree=needed,
        # Staff see that there is an agreement, never what it says (A34).
        readers=("you", "partner"),
    )


def _goal(number: int) -> tuple[Question, Question]:
    hint = "What do you want to reach by the end of your mentorship?" if number == 1 else ""
    return (
        _shared(f"goal_{number}", "text", f"Goal {number}", hint, asked=(Side.MENTEE,), needed=number == 1),
        _shared(f"goal_{number}_area", "choice", f"What is goal {number} about?", choices=AREAS, asked=(Side.MENTEE,)),
    )


GOALS = AgreementSection(
    slug="goals",
    heading="Goals",
    about="The mentee writes the goals, and the mentor comments. One goal is enough. You can change them later.",
    questions=(
        *(question for number in range(1, MOST_GOALS + 1) for question in _goal(number)),
        _shared(
            "comment",
            "text",
            "The mentor’s comment on the goals",
            "What would make them clearer? What could be a good first step?",
            asked=(Side.MENTOR,),
        ),
    ),
)

RHYTHM = AgreementSection(
    slug="rhythm",
    heading="How often",
    about="We recommend at least every three months. You can change this at any time.",
    questions=(
        _shared(
            "meetings",
            "choice",
            "How often will you meet?",
            "In person, phone, video, or email all count.",
            choices=(*EVERY_MONTHS, Choice(value=OWN_DATES, label="On dates of our own")),
            needed=True,
        ),
        _shared("meeting_dates", "dates", "Your own dates", "Fill this in only if you chose dates of your own."),
        _shared(
            "goal_updates",
            "choice",
            "How often will the mentee report on the goals?",
            choices=EVERY_MONTHS,
            needed=True,
        ),
        _shared(
            "below_quarterly",
            "tick",
            "We know that every three months is recommended, and we choose less often",
            "Check this only if you chose less often than every three months.",
        ),
    ),
)

ROLES = AgreementSection(
    slug="roles",
    heading="Who does what",
    about="Look at the goals. What will each of you do to reach them?",
    questions=(
        _shared(
            "mentor_does",
            "text",
            "What the mentor will do",
            "For example: ask questions, share experience, introduce people, give feedback.",
        ),
        _shared(
            "mentee_does",
            "text",
            "What the mentee will do",
            "For example: choose the topic of a meeting, try things out, ask for feedback.",
        ),
        _shared(
            "contact",
            "text",
            "How you’ll stay in touch between meetings",
            "Who writes or calls, how, and how soon the other answers.",
        ),
    ),
)

# Without these there is no safe place to talk, no room for criticism and no honorable way out (A34, A36, A25).
CLAUSES = (
    _shared("confidentiality", "tick", "What we say stays between us, unless we both agree to share it", needed=True),
    _shared("criticism", "tick", "We tell each other kindly what could be better, and we take it as help", needed=True),
    _shared("no_fault", "tick", "Either of us can end the mentorship early, with no reasons and no blame", needed=True),
)

GROUND_RULES = AgreementSection(
    slug="rules",
    heading="How you treat each other",
    about="The three sentences with a box are part of every agreement. The rest is up to you.",
    questions=(
        *CLAUSES,
        _shared(
            "ground_rules",
            "text",
            "Our ground rules",
            "For example: what we do if one of us is late or has to cancel.",
        ),
        _shared(
            "when_stuck",
            "text",
            "What we do if we get stuck",
            "For example: talk about it at the next meeting. If that doesn’t help, ask staff.",
        ),
    ),
)

PRIVATELY = AgreementSection(
    slug="sign",
    heading="Between you and staff",
    about="This is not part of the agreement.",
    questions=(CALL_REQUEST,),
)

SECTIONS = (GOALS, RHYTHM, ROLES, GROUND_RULES, PRIVATELY)

AGREEMENT = Form(
    kind=MilestoneKind.AGREEMENT,
    title="Your mentorship agreement",
    ask="agree on your goals and how you’ll work together",
    link="Open your agreement",
    minutes=10,
    questions=tuple(question for section in SECTIONS for question in section.questions),
)

# The agreement itself is what both may read; what only its writer and staff may read is no part of it.
SHARED = tuple(question for question in AGREEMENT.questions if "partner" in question.readers)
