"""What is asked when a mentorship comes to its close, and some months after it."""

from schemas.enums import MilestoneKind, Side
from schemas.forms.questions import CALL_REQUEST, MEDIA, Choice, Consent, Form, Question, scale

CLOSING_CONVERSATION = Form(
    kind=MilestoneKind.CLOSING_CONVERSATION,
    title="Your closing conversation",
    ask="tell us if you have had your closing conversation",
    link="Tell us about your last talk",
    submit="Save this conversation",
    minutes=1,
    questions=(
        Question(
            name="held",
            kind="choice",
            label="Have you had your closing conversation?",
            hint="One last meeting to look back and decide how to stay in touch. In person, phone, or video all count.",
            choices=(
                Choice(value="held", label="Yes, we have had it"),
                Choice(value="planned", label="Not yet, but we have a date"),
                Choice(value="not_planned", label="We have no date"),
            ),
            required=True,
            readers=("you", "partner", "staff_counts"),
        ),
        Question(
            name="held_on",
            kind="date",
            label="What day was it, or will it be?",
            readers=("you", "partner", "staff_counts"),
        ),
        Question(
            name="medium",
            kind="choice",
            label="How did you talk?",
            choices=MEDIA,
            readers=("you", "partner", "staff_counts"),
        ),
        CALL_REQUEST,
    ),
)

CLOSURE_SURVEY = Form(
    kind=MilestoneKind.CLOSURE_SURVEY,
    title="Closing your mentorship",
    ask="tell us how your mentorship went",
    link="Answer the closure survey",
    submit="Send my closure survey",
    minutes=5,
    questions=(
        Question(
            name="satisfaction",
            kind="choice",
            label="Overall, how satisfied are you with your mentorship?",
            choices=scale("not at all", "very"),
            required=True,
        ),
        Question(
            name="learned",
            kind="choice",
            label="I learned from my mentee and grew as a professional",
            choices=scale("not at all", "very much"),
            asked=(Side.MENTOR,),
        ),
        Question(
            name="again",
            kind="choice",
            label="Would you mentor again?",
            choices=(
                Choice(value="yes", label="Yes"),
                Choice(value="later", label="Yes, but not in the next class"),
                Choice(value="no", label="No"),
            ),
            asked=(Side.MENTOR,),
            readers=("you", "staff"),
        ),
        Question(
            name="advice",
            kind="choice",
            label="I got knowledge and advice that help my career",
            choices=scale("not at all", "very much"),
            asked=(Side.MENTEE,),
        ),
        Question(
            name="career",
            kind="choice",
            label="I see my next career steps more clearly than before",
            choices=scale("not at all", "very much"),
            asked=(Side.MENTEE,),
        ),
        Question(
            name="criticism",
            kind="choice",
            label="We could tell each other what was not going well",
            choices=scale("not at all", "very much"),
        ),
        Question(
            name="new_ideas",
            kind="choice",
            label="I found ideas that were new to me, and tried some",
            choices=scale("not at all", "very much"),
        ),
        Question(
            name="profession",
            kind="choice",
            label="Our mentorship made Minnesota’s library profession a little stronger",
            choices=scale("not at all", "very much"),
        ),
        Question(
            name="connected",
            kind="choice",
            label="I feel connected to other library professionals in Minnesota",
            choices=scale("not at all", "very much"),
        ),
        Question(
            name="takeaway",
            kind="text",
            label="What is one thing you take away?",
            readers=("you",),
            consents=(
                Consent(tick="share_takeaway", reader="partner"),
                Consent(tick="quote_me", reader="report"),
            ),
        ),
        Question(
            name="share_takeaway",
            kind="tick",
            label="You may share this answer with my partner",
            readers=("you", "partner"),
        ),
        Question(
            name="quote_me",
            kind="tick",
            label="The report may quote this answer without my name",
            readers=("you", "staff"),
        ),
        CALL_REQUEST,
    ),
)

FOLLOW_UP = Form(
    kind=MilestoneKind.FOLLOW_UP,
    title="Looking back at your mentorship",
    ask="tell us how things turned out",
    link="Tell us how it turned out",
    minutes=2,
    questions=(
        Question(
            name="in_touch",
            kind="choice",
            label="Are you two still in touch?",
            choices=(
                Choice(value="regularly", label="Yes, regularly"),
                Choice(value="now_and_then", label="Now and then"),
                Choice(value="no", label="No"),
            ),
            required=True,
        ),
        Question(
            name="goal_progress",
            kind="choice",
            label="How much progress have you made on your goals since the end?",
            choices=scale("none", "a lot"),
            asked=(Side.MENTEE,),
        ),
        Question(
            name="new_role",
            kind="choice",
            label="Have you taken on a new role?",
            hint="At work, in the association, or anywhere else in the profession.",
            choices=(
                Choice(value="yes", label="Yes"),
                Choice(value="soon", label="Soon"),
                Choice(value="no", label="No"),
            ),
        ),
        Question(
            name="leadership",
            kind="choice",
            label="I take the lead more often than before",
            choices=scale("not at all", "very much"),
        ),
        Question(
            name="still_learning",
            kind="choice",
            label="What I learned helps me today",
            choices=scale("not at all", "very much"),
        ),
        Question(
            name="mentor_one_day",
            kind="choice",
            label="Would you be a mentor one day?",
            hint="If so, staff may email you when a later class needs mentors.",
            choices=(
                Choice(value="yes", label="Yes"),
                Choice(value="perhaps", label="Maybe"),
                Choice(value="no", label="No"),
            ),
            asked=(Side.MENTEE,),
            readers=("you", "staff"),
        ),
    ),
)
