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
            label="Did the meeting take place?",
            hint="One of you noting it is enough. Any medium counts.",
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
            label="On which day did you meet, or will you?",
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
            label="What was it about?",
            hint="Topics only. Nobody asks what you said about them.",
            choices=TOPICS,
            readers=_OF_BOTH,
        ),
        Question(
            name="takeaway",
            kind="text",
            label="One thing I take away",
            hint="For yourself: it is here whenever you open this page again.",
            readers=("you",),
        ),
        CALL_REQUEST,
    ),
)

THANKS = Form(
    kind=MilestoneKind.THANKS,
    title="A word of thanks",
    ask="write your mentor a few words of thanks, if you like",
    link="Write a thank-you note",
    sent_once=True,
    minutes=2,
    questions=(
        Question(
            name="text",
            kind="text",
            label="Your words of thanks",
            hint="What has helped you? One sentence is plenty. They are sent exactly as you write them.",
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
            label="Have you taken part in the association's work in the past twelve months?",
            hint="Nothing depends on the answer. We use it to see which openings to tell you about.",
            choices=(Choice(value="yes", label="Yes"), Choice(value="not_this_year", label="Not this year")),
            required=True,
        ),
        Question(
            name="where",
            kind="ticks",
            label="Where?",
            choices=(
                Choice(value="committee", label="In a committee, section or round table"),
                Choice(value="conference", label="At a conference or a day of learning"),
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
            label="Does your agreement still fit the two of you?",
            hint="Its own page stays open. Either of you can write a new version there; it counts once both agree.",
            choices=(
                Choice(value="fits", label="It still fits"),
                Choice(value="change", label="We want to change it"),
            ),
            required=True,
        ),
        Question(
            name="feedback_given",
            kind="tick",
            label="I told my partner what helps me and what I would like otherwise",
        ),
        Question(
            name="feedback_received",
            kind="tick",
            label="I asked my partner the same and listened",
        ),
        CALL_REQUEST,
    ),
)
