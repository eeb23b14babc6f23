"""What mentors are asked when they apply, and participants at intake; and the question anybody may ask before (A42).

A question that ends up in somebody's application has the name of its field there; goals are numbered.
"""

from schemas.enums import Side
from schemas.forms.application_questions import ABOUT_YOU, AREAS, CARD, FOR_MATCHING, WORKING, YEARS
from schemas.forms.questions import Choice, FormPage, Question

GOALS_ASKED = 3
MENTOR_PAGES = (
    FormPage(
        title="About you",
        lead="This is what the person you mentor sees first: who you are and where you work.",
        questions=ABOUT_YOU,
    ),
    FormPage(
        title="Your experience",
        lead="Mentors have worked in libraries for a while, in whatever role.",
        questions=(
            YEARS,
            Question(
                name="last_attended",
                kind="count",
                label="If you attended the institute yourself: in which year was that last?",
                hint="Leave it empty if you never did.",
                readers=FOR_MATCHING,
                least=1900,
                most=2200,
            ),
            Question(
                name="mentored_before",
                kind="choice",
                label="Have you been a mentor before, here or elsewhere?",
                choices=(
                    Choice(value="no", label="No, this is the first time"),
                    Choice(value="once", label="Once"),
                    Choice(value="often", label="More than once"),
                ),
                readers=FOR_MATCHING,
            ),
        ),
    ),
    FormPage(
        title="What you can offer",
        lead="Matches are made from what mentors offer and what participants hope for.",
        questions=(
            Question(
                name="offers",
                kind="ticks",
                label="In which areas can you help somebody along?",
                hint="Tick as many as you like.",
                choices=AREAS,
                readers=FOR_MATCHING,
            ),
            Question(
                name="about",
                kind="text",
                label="What would you like us to know about you as a mentor?",
                hint="A few sentences: what you are good at, what you enjoy, what you have learned the hard way.",
                readers=FOR_MATCHING,
                longest=2000,
            ),
        ),
    ),
    FormPage(
        title="How you work",
        lead="None of these answers is better than another; they help us to find somebody who suits you.",
        questions=(
            *WORKING,
            Question(
                name="capacity",
                kind="count",
                label="How many people can you mentor?",
                hint="Most mentors take one. Leave it empty for one.",
                readers=FOR_MATCHING,
                least=1,
                most=20,
            ),
        ),
    ),
    FormPage(
        title="Whom you should not be matched with",
        lead="Nobody has to fill this in, and nobody it names ever learns of it.",
        questions=(
            Question(
                name="keep_apart",
                kind="text",
                label="Are there people or employers you should not be matched with?",
                hint="For example somebody who reports to you, or a relative. No reasons are needed.",
                readers=FOR_MATCHING,
                longest=2000,
            ),
        ),
    ),
)

INTAKE_PAGES = (
    FormPage(
        title="About you",
        lead="This is what your mentor sees first: who you are and where you work.",
        questions=ABOUT_YOU,
    ),
    FormPage(
        title="Your goals",
        lead="Your mentor learns your goals before the two of you meet; you can change them together later.",
        questions=(
            *(
                Question(
                    name=f"goal_{number}",
                    kind="text",
                    label=label,
                    hint=hint,
                    required=number == 1,
                    readers=CARD,
                    longest=2000,
                )
                for number, (label, hint) in enumerate(
                    (
                        (
                            "What is your first goal for these months?",
                            "Where do you want to get to, and by what would you notice that you have arrived?",
                        ),
                        ("A second goal", "One goal is enough; leave this empty if you have no other."),
                        ("A third goal", ""),
                    ),
                    start=1,
                )
            ),
            Question(
                name="wants",
                kind="ticks",
                label="Which areas do your goals belong to?",
                hint="Tick as many as fit.",
                choices=AREAS,
                readers=FOR_MATCHING,
            ),
        ),
    ),
    FormPage(
        title="Challenges and hopes",
        lead="A mentor who knows what is hard for you can help you better.",
        questions=(
            Question(
                name="challenges",
                kind="text",
                label="What are the challenges of your work at the moment?",
                required=True,
                readers=FOR_MATCHING,
                longest=2000,
            ),
            Question(
                name="hopes",
                kind="text",
                label="What do you hope for from a mentor?",
                required=True,
                readers=FOR_MATCHING,
                longest=2000,
            ),
        ),
    ),
    FormPage(
        title="How you work",
        lead="None of these answers is better than another; they help us to find somebody who suits you.",
        questions=(YEARS.model_copy(update={"required": False}), *WORKING),
    ),
)

PAGES: dict[Side, tuple[FormPage, ...]] = {Side.MENTOR: MENTOR_PAGES, Side.MENTEE: INTAKE_PAGES}

_EMAIL = Question(
    name="email",
    kind="email",
    label="Your email address",
    required=True,
    readers=FOR_MATCHING,
    longest=254,
    autocomplete="email",
)

BEGINNING = FormPage(
    title="Begin your application",
    lead="Type your email address, and we send you a link to your application. There is no account and no password.",
    questions=(
        _EMAIL.model_copy(
            update={
                "hint": "Use an address you will still read in two years. Your mentee sees it once both of you agreed "
                "to the match.",
                "readers": CARD,
            }
        ),
    ),
)

INQUIRY = FormPage(
    title="Ask before you apply",
    lead="Not sure yet whether mentoring is for you? Ask us; asking does not commit you to anything.",
    questions=(
        Question(
            name="name",
            kind="line",
            label="Your name, if you like",
            readers=FOR_MATCHING,
            longest=200,
            autocomplete="name",
        ),
        _EMAIL.model_copy(update={"hint": "The answer goes to this address, and nothing else does."}),
        Question(name="text", kind="text", label="Your question", required=True, readers=FOR_MATCHING, longest=4000),
    ),
)
