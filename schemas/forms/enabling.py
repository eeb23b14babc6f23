"""What is asked along the way of a mentorship: meetings, thanks, involvement, the agreement's review."""

from schemas.enums import GoalArea, MilestoneKind, Side
from schemas.forms.questions import CALL_REQUEST, MEDIA, Choice, Form, Question, Reader

_OF_BOTH: tuple[Reader, ...] = ("you", "partner", "staff_counts")

TOPICS = (
    Choice(value=GoalArea.GOAL_SETTING, label="Setting goals"),
    Choice(value=GoalArea.NETWORKING, label="Networking"),
    Choice(value=GoalArea.LEADERSHIP, label="Leadership"),
    Choice(value=GoalArea.SUPERVISION, label="Supervising others"),
    Choice(value=GoalArea.COMMUNICATION, label="Communication"),
    Choice(value=GoalArea.CAREER_CHANGE, label="Career steps"),
    Choice(value=GoalArea.ADVOCACY, label="Speaking up for libraries"),
    Choice(value="other", label="Another professional topic"),
)

MEETING = Form(
    kind=MilestoneKind.MEETING,
    title="Your meeting",
    ask="tell us if you two have met",
    link="Tell us about your meeting",
    submit="Save this meeting",
    minutes=1,
    questions=(
        Question(
            name="held",
            kind="choice",
            label="Did you meet?",
            hint="In person, phone, video, or email all count. Only one of you needs to tell us.",
            choices=(
                Choice(value="held", label="Yes, we have met"),
                Choice(value="planned", label="Not yet, but we have a date"),
                Choice(value="not_this_time", label="Not this time"),
            ),
            required=True,
            readers=_OF_BOTH,
        ),
        Question(
            name="held_on",
            kind="date",
            label="What day did you meet, or will you meet?",
            readers=_OF_BOTH,
        ),
        Question(
            name="medium",
            kind="choice",
            label="How did you meet?",
            choices=MEDIA,
            readers=_OF_BOTH,
        ),
        Question(
            name="topics",
            kind="ticks",
            label="What did you talk about?",
            hint="Topics only. We never ask what you said.",
            choices=TOPICS,
            readers=_OF_BOTH,
        ),
        Question(
            name="takeaway",
            kind="text",
            label="What is one thing you take away?",
            hint="A note for yourself. You’ll find it on this page.",
            readers=("you",),
        ),
        CALL_REQUEST,
    ),
)

THANKS = Form(
    kind=MilestoneKind.THANKS,
    title="A thank-you note",
    ask="write your mentor a thank-you note, if you like",
    link="Write a thank-you note",
    sent_once=True,
    minutes=2,
    questions=(
        Question(
            name="text",
            kind="text",
            label="What would you like to thank your mentor for?",
            hint="One sentence is plenty. We send it exactly as you write it.",
            required=True,
            asked=(Side.MENTEE,),
            readers=("you", "partner"),
        ),
    ),
)

INVOLVEMENT = Form(
    kind=MilestoneKind.INVOLVEMENT,
    title="You and the association",
    ask="tell us where you took part in the association this year",
    link="Tell us where you took part",
    minutes=1,
    questions=(
        Question(
            name="active",
            kind="choice",
            label="Have you taken part in the association in the past year?",
            hint="Nothing depends on your answer. It helps us choose what to tell you about.",
            choices=(Choice(value="yes", label="Yes"), Choice(value="not_this_year", label="Not this year")),
            required=True,
        ),
        Question(
            name="where",
            kind="ticks",
            label="Where?",
            choices=(
                Choice(value="committee", label="In a committee, section, or round table"),
                Choice(value="conference", label="At a conference or training day"),
                Choice(value="speaking", label="As a speaker or author"),
                Choice(value="advocacy", label="Speaking up for libraries"),
                Choice(value="other", label="Elsewhere in the association"),
            ),
        ),
    ),
)

AGREEMENT_REVIEW = Form(
    kind=MilestoneKind.AGREEMENT_REVIEW,
    title="Does your agreement still fit?",
    ask="tell us if your agreement still fits",
    link="Review your agreement",
    submit="Send my review",
    minutes=2,
    questions=(
        Question(
            name="fits",
            kind="choice",
            label="Does your agreement still fit you both?",
            hint="You can change it at any time on its own page. A change counts once you both agree.",
            choices=(
                Choice(value="fits", label="It still fits"),
                Choice(value="change", label="We want to change it"),
            ),
            required=True,
        ),
        Question(
            name="feedback_given",
            kind="tick",
            label="I told my partner what helps me and what I would like to change",
        ),
        Question(
            name="feedback_received",
            kind="tick",
            label="I asked my partner the same question and listened",
        ),
        CALL_REQUEST,
    ),
)
