"""What mentors are asked when they apply, and participants at intake; and the question anybody may ask before (A42).

A question that ends up in somebody's application has the name of its field there; goals are numbered.
"""

from schemas.enums import Side
from schemas.forms.application_questions import ABOUT_YOU, AREAS, CARD, FOR_MATCHING, LANGUAGE, WORKING, YEARS
from schemas.forms.questions import Choice, FormPage, Question

GOALS_ASKED = 3
MENTOR_PAGES = (
    FormPage(
        title="About you",
        lead="This is what your mentee sees first: who you are and where you work.",
        questions=(*ABOUT_YOU, LANGUAGE),
    ),
    FormPage(
        title="Your experience",
        lead="Tell us how long you have worked in libraries. Any role counts.",
        questions=(
            YEARS,
            Question(
                name="last_attended",
                kind="count",
                label="In which year did you last attend the institute?",
                hint="Leave this empty if you never did.",
                readers=FOR_MATCHING,
                least=1900,
                most=2200,
            ),
            Question(
                name="mentored_before",
                kind="choice",
                label="Have you been a mentor before?",
                hint="Here or anywhere else.",
                choices=(
                    Choice(value="no", label="No, this is my first time"),
                    Choice(value="once", label="Once"),
                    Choice(value="often", label="More than once"),
                ),
                readers=FOR_MATCHING,
            ),
        ),
    ),
    FormPage(
        title="What you can offer",
        lead="We match what mentors offer with what mentees hope for.",
        questions=(
            Question(
                name="offers",
                kind="ticks",
                label="What can you help someone with?",
                hint="Check as many as you like.",
                choices=AREAS,
                readers=FOR_MATCHING,
            ),
            Question(
                name="about",
                kind="text",
                label="What would you like us to know about you as a mentor?",
                hint="A few sentences: what you are good at, what you enjoy, what you learned the hard way.",
                readers=FOR_MATCHING,
                longest=2000,
            ),
        ),
    ),
    FormPage(
        title="How you work",
        lead="There are no right or wrong answers. They help us find someone who suits you.",
        questions=(
            *WORKING,
            Question(
                name="capacity",
                kind="count",
                label="How many people can you mentor?",
                hint="Most mentors take one. If you leave this empty, we count on one.",
                readers=FOR_MATCHING,
                least=1,
                most=20,
            ),
        ),
    ),
    FormPage(
        title="Anyone we should not match you with?",
        lead="We never tell them.",
        questions=(
            Question(
                name="keep_apart",
                kind="text",
                label="Which people or employers should we not match you with?",
                hint="For example someone who reports to you, or a relative. You don’t need to give reasons.",
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
        questions=(*ABOUT_YOU, LANGUAGE),
    ),
    FormPage(
        title="Your goals",
        lead="Your mentor sees your goals with the match, before you meet. You can change them together later.",
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
                            "What is your first goal for the mentorship?",
                            "What do you want to reach, and how will you know that you have?",
                        ),
                        ("What is your second goal?", "One goal is enough."),
                        ("What is your third goal?", ""),
                    ),
                    start=1,
                )
            ),
            Question(
                name="wants",
                kind="ticks",
                label="What are your goals about?",
                hint="Check as many as fit.",
                choices=AREAS,
                readers=FOR_MATCHING,
            ),
        ),
    ),
    FormPage(
        title="Challenges and hopes",
        lead="Tell us what is hard right now, and how a mentor could help. Your mentor sees this with the match.",
        questions=(
            Question(
                name="challenges",
                kind="text",
                label="What is hard in your work right now?",
                required=True,
                readers=CARD,
                longest=2000,
            ),
            Question(
                name="hopes",
                kind="text",
                label="What do you hope to get from a mentor?",
                required=True,
                readers=CARD,
                longest=2000,
            ),
        ),
    ),
    FormPage(
        title="How you work",
        lead="There are no right or wrong answers. They help us find someone who suits you.",
        questions=(YEARS.model_copy(update={"required": False}), *WORKING),
    ),
)

PAGES: dict[Side, tuple[FormPage, ...]] = {Side.MENTOR: MENTOR_PAGES, Side.MENTEE: INTAKE_PAGES}

_EMAIL = Question(
    name="email",
    kind="email",
    label="What is your email address?",
    required=True,
    readers=FOR_MATCHING,
    longest=254,
    autocomplete="email",
)

BEGINNING = FormPage(
    title="Start your application",
    lead="Enter your email address, and we’ll send you a link to your application. You don’t need a password.",
    questions=(
        _EMAIL.model_copy(
            update={
                "hint": "Use an address you will still read in two years. Your mentee sees it once you both agree to "
                "the match.",
                "readers": CARD,
            }
        ),
        LANGUAGE,
    ),
)

LOST_LINKS = FormPage(
    title="Get your links again",
    lead="Are you a mentor or a mentee? Enter your email address, and we’ll send you all links that are open for you.",
    questions=(_EMAIL.model_copy(update={"hint": "The one at which you get our emails."}),),
)

INQUIRY = FormPage(
    title="Ask before you apply",
    lead="Not sure if mentoring is for you? Ask us. You don’t commit to anything.",
    questions=(
        Question(
            name="name",
            kind="line",
            label="What is your name?",
            readers=FOR_MATCHING,
            longest=200,
            autocomplete="name",
        ),
        _EMAIL.model_copy(update={"hint": "We only use this address to answer you."}),
        Question(
            name="text",
            kind="text",
            label="What is your question?",
            required=True,
            readers=FOR_MATCHING,
            longest=4000,
        ),
    ),
)
