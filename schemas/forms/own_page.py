"""What a participant can ask and change on their own page."""

from schemas.enums import EndingReason
from schemas.forms.application_questions import ABOUT_YOU, CARD, LANGUAGE
from schemas.forms.questions import Choice, FormPage, Question, Reader

_FOR_STAFF: tuple[Reader, ...] = ("you", "staff")

CALL = FormPage(
    title="Ask for a call",
    lead="Staff will call you within two working days.",
    questions=(
        Question(
            name="about",
            kind="choice",
            label="What is it about?",
            choices=(
                Choice(value="call", label="Please call me"),
                Choice(value="not_working", label="It is not working between the two of us"),
            ),
            required=True,
            readers=_FOR_STAFF,
        ),
        Question(
            name="words",
            kind="text",
            label="Is there something we should know first?",
            hint="You can also leave this empty and tell us when we call.",
            readers=_FOR_STAFF,
        ),
    ),
)

_CHANGEABLE = ("name", "preferred_name", "pronouns")
DETAILS = FormPage(
    title="Your name and how to reach you",
    lead="This is how your partner and our emails call you.",
    questions=(
        *(question for question in ABOUT_YOU if question.name in _CHANGEABLE),
        Question(
            name="reach",
            kind="line",
            label="How does your partner reach you best?",
            hint="For example: by text message to 218-555-0100, after 4 p.m.",
            readers=CARD,
            longest=300,
        ),
        Question(
            name="time_zone",
            kind="choice",
            label="Which time do you live by?",
            hint="Times of meetings are shown in it. Without an answer, it is that of the class.",
            choices=(
                Choice(value="America/New_York", label="Eastern Time (New York)"),
                Choice(value="America/Chicago", label="Central Time (Chicago)"),
                Choice(value="America/Denver", label="Mountain Time (Denver)"),
                Choice(value="America/Phoenix", label="Arizona (Phoenix)"),
                Choice(value="America/Los_Angeles", label="Pacific Time (Los Angeles)"),
                Choice(value="America/Anchorage", label="Alaska (Anchorage)"),
                Choice(value="Pacific/Honolulu", label="Hawaii (Honolulu)"),
            ),
            readers=CARD,
        ),
        LANGUAGE,
    ),
)

ADDRESS = FormPage(
    title="Change your address",
    lead="We email the new address a link. From the moment you confirm there, our emails go to it. We tell your old "
    "address, too.",
    questions=(
        Question(
            name="email",
            kind="email",
            label="What is your new email address?",
            required=True,
            readers=CARD,
            longest=254,
            autocomplete="email",
        ),
    ),
)

PAUSE = FormPage(
    title="Pause reminders",
    lead="You stay in the program. You still get the first email about each step. We will tell staff, but not your "
    "partner.",
    questions=(
        Question(
            name="until",
            kind="date",
            label="Until which day?",
            hint="Leave this empty to pause them until you come back here.",
            readers=_FOR_STAFF,
        ),
    ),
)
RESUME = FormPage(
    title="Send me reminders again", lead="We remind you again of what you have not answered.", questions=()
)

LEAVE = FormPage(
    title="Leave your mentorship",
    lead="We are sorry that it comes to this. No one is at fault. You see what happens before you decide.",
    questions=(
        Question(
            name="reason",
            kind="choice",
            label="What is the main reason?",
            choices=(
                Choice(value=EndingReason.TIME, label="I have too little time"),
                Choice(value=EndingReason.CIRCUMSTANCES, label="Something in my life or at work has changed"),
                Choice(value=EndingReason.FIT, label="The two of us do not fit"),
                Choice(value=EndingReason.NO_CONTACT, label="We have lost touch"),
                Choice(value=EndingReason.GOALS_REACHED, label="The goals are reached"),
            ),
            required=True,
            readers=("you", "staff", "report"),
        ),
    ),
)

STAY_IN_TOUCH = FormPage(
    title="Stay in touch",
    lead="Your mentorship has ended, so this page no longer shows how to reach your partner. If you both say yes, it "
    "does again.",
    questions=(
        Question(
            name="touch",
            kind="choice",
            label="Would you like to stay in touch?",
            hint="Your partner learns of a yes only if they say yes, too. No one else ever learns it.",
            choices=(Choice(value="yes", label="Yes"), Choice(value="no", label="No")),
            required=True,
            readers=("you",),
        ),
    ),
)

CALENDAR = FormPage(
    title="Let us see when you are busy",
    lead="When you look for a date with your partner, the page then marks the times at which you are busy. We read "
    "your calendar every six hours and keep only when you are busy, not what with. Your partner sees none of it.",
    questions=(
        Question(
            name="calendar",
            kind="line",
            label="Private address of your calendar",
            hint="It begins with https:// or webcal://. Google Calendar calls it “Secret address in iCal format”, in "
            "the settings of your calendar. In Outlook on the web, publish your calendar in the settings and copy the "
            "ICS link.",
            required=True,
            readers=("you",),
            longest=2000,
        ),
    ),
)
CALENDAR_REMOVED = FormPage(
    title="Stop reading your calendar",
    lead="We forget the address of your calendar, and when you are busy. You can enter it again at any time.",
    questions=(),
)

NEW_LINK = FormPage(
    title="Get a new link",
    lead="Has someone else seen your link? We email you a new one. All links in our older emails stop working.",
    questions=(),
)
