"""The settings of a class as forms: each key of cohort.toml is a question of one page."""

from schemas.base import FrozenModel
from schemas.cohort.settings import LONGEST_HANDBOOK
from schemas.forms.questions import LANGUAGES, Choice, FormPage, Question

_LINES = "One sentence on each line. Left empty, the standard text is shown."
_DAYS_BEFORE = "Days with a minus sign, such as -14, -3."
# From which day the steps of a mentorship count.
_ANCHORS = {
    "first_contact": "Days from the pair’s first day.",
    "agreement": "Days from the pair’s first day.",
    "meeting": "Days from the day of a meeting. A minus sign means before it.",
    "thanks": "Days from the day the first meeting was reported.",
    "check_in": "Days from the end of the months. A minus sign means before it.",
    "goal_check_in": "Days from the end of its months. A minus sign means before it.",
    "agreement_review": "Days from the end of its months.",
    "closing_conversation": "Days from the mentorship’s end. A minus sign means before it.",
    "closure_survey": "Days from the mentorship’s end. A minus sign means before it.",
    "follow_up": "Days from so many months after the end.",
}


class SettingsPage(FormPage):
    """One page of a class's settings; ``section`` is what the box in its first question brings in or leaves out."""

    slug: str
    section: str | None = None


class SettingKinds(FrozenModel):
    """What an answer becomes where the kind of its question does not say so: numbers, sentences, whole half days.

    ``texts`` stay as they were typed.
    """

    numbers: frozenset[str]
    sentences: frozenset[str]
    texts: frozenset[str]
    half_days: str = "session.half_days"


def _number(name: str, label: str, hint: str = "", *, least: int = 0, most: int = 1000) -> Question:
    return Question(name=name, kind="count", label=label, hint=hint, required=True, least=least, most=most)


def _line(name: str, label: str, hint: str = "", *, required: bool = True) -> Question:
    return Question(name=name, kind="line", label=label, hint=hint, required=required, longest=200)


def _sentences(name: str, label: str) -> Question:
    return Question(name=name, kind="text", label=label, hint=_LINES)


def _handbook(name: str, label: str) -> Question:
    hint = "Markdown: # for a heading, - for a list, **bold**. Left empty, the standard handbook is shown."
    return Question(name=name, kind="text", label=label, hint=hint, longest=LONGEST_HANDBOOK)


def _window(name: str) -> tuple[Question, ...]:
    words = name.replace("_", " ").replace("check in", "check-in").capitalize()
    return (
        _line(f"timeline.{name}.opens", f"{words}: opens", _ANCHORS[name]),
        _line(f"timeline.{name}.reminders", f"{words}: reminders", "Days, such as 7, 14.", required=False),
        _line(f"timeline.{name}.closes", f"{words}: closes"),
    )


SETTINGS_PAGES = (
    SettingsPage(
        slug="texts",
        title="Names and texts",
        lead="What the class and the program call themselves, in emails and on pages.",
        questions=(
            _line("title", "Name of the class"),
            _line("program.name", "Name of the program"),
            _line("program.short_name", "Its short name"),
            _line("program.association", "The association behind it"),
            _sentences("program.value_for_mentors", "What mentoring brings to mentors"),
            _sentences("program.value_for_participants", "What it brings to participants"),
            _sentences("program.value_for_association", "What it brings to the association"),
            _sentences("program.mentor_responsibilities", "What you ask of mentors"),
            _sentences("program.mentee_responsibilities", "What you ask of mentees"),
        ),
    ),
    SettingsPage(
        slug="handbooks",
        title="Handbooks",
        lead="Mentors and mentees read them before they commit, and on their own pages.",
        questions=(
            _handbook("program.mentor_handbook", "Your handbook for mentors"),
            _handbook("program.mentee_handbook", "Your handbook for mentees"),
            Question(
                name="program.handbooks_revised_on",
                kind="date",
                label="Day of this version",
                hint="Your own handbooks show it at their end.",
            ),
        ),
    ),
    SettingsPage(
        slug="dates",
        title="Dates and place",
        lead="Where and when the class meets, and when the mentorships begin.",
        questions=(
            _line("institute.venue", "Where does the class meet?"),
            _line("institute.town", "City"),
            _line("institute.address", "Street address", required=False),
            Question(
                name="institute.first_day",
                kind="date",
                label="First day of the institute",
                hint="Left empty, it is the last day.",
            ),
            Question(name="institute.last_day", kind="date", label="Last day of the institute", required=True),
            Question(
                name="kickoff_on",
                kind="date",
                label="Day on which the mentorships begin",
                hint="Within the institute. Left empty, it is its last day.",
            ),
            _line("time_zone", "Time zone", "All days and hours are local to it, such as America/Chicago."),
            _line("locale", "How dates are written", "en_US writes May 10, 2019, and en_GB 10 May 2019."),
            Question(
                name="languages",
                kind="ticks",
                label="Languages that participants can choose",
                hint="Let someone who grew up with Spanish read the Spanish texts first. Your own texts stay as you "
                "wrote them.",
                choices=LANGUAGES,
                required=True,
            ),
        ),
    ),
    SettingsPage(
        slug="contact",
        title="Contact",
        lead="Who answers questions. Staff get their notes there. To hand over a role on a day, use the roles instead.",
        questions=(
            _line("contact.role", "Role", "A role, not a person."),
            Question(name="contact.email", kind="email", label="Email address of the role", required=True),
        ),
    ),
    SettingsPage(
        slug="applications",
        title="Applications",
        lead="Who may mentor, when people apply, and how we remind them.",
        section="applications",
        questions=(
            Question(
                name="applications",
                kind="tick",
                label="People apply on our pages",
                hint="If not, staff import applications.",
            ),
            Question(name="applications.opens_on", kind="date", label="First day to apply"),
            Question(name="applications.closes_on", kind="date", label="Last day to apply", hint="Until midnight."),
            _number(
                "applications.grace_minutes",
                "Minutes after the close",
                "People who began before the close may submit for so long.",
                most=1440,
            ),
            Question(name="applications.waiting_list", kind="tick", label="People who come later may wait"),
            _line("applications.reminders", "Days before the close: reminders to submit", _DAYS_BEFORE, required=False),
            _number(
                "applications.recruit_every_days",
                "Days after which we ask past mentors again",
                "While places are missing.",
                least=1,
                most=90,
            ),
            _number(
                "applications.expected_participants",
                "How many participants you expect",
                "Counts while no participant is imported.",
            ),
            _line(
                "applications.intake_reminders",
                "Days before the kickoff: reminders of missing goals",
                _DAYS_BEFORE,
                required=False,
            ),
            _number("eligibility.min_years", "Years of library work a mentor needs", most=50),
            _number("eligibility.sit_out_years", "Years between a mentor’s own class and mentoring", most=20),
        ),
    ),
    SettingsPage(
        slug="matching",
        title="Matching",
        lead="How much each question counts. Only the proportions matter, and 0 switches a question off.",
        questions=(
            Question(
                name="matching.objective",
                kind="choice",
                label="What counts most?",
                choices=(
                    Choice(value="bands", label="As few poor matches as possible, then the best total"),
                    Choice(value="total", label="The best total"),
                    Choice(value="bottleneck", label="The worst match as good as possible"),
                    Choice(value="stable", label="No two who would both prefer each other"),
                ),
                required=True,
            ),
            Question(
                name="matching.allow_same_employer", kind="tick", label="Two people of one library may be matched"
            ),
            _number("matching.weights.goals", "Goals", "What the mentee wants and the mentor offers."),
            _number("matching.weights.rankings", "Rankings", "Whom both ranked."),
            _number("matching.weights.career_path", "Experience", "How much more of it the mentor has."),
            _number("matching.weights.library_type", "Kind of library"),
            _number("matching.weights.distance", "Distance", "Between their cities."),
            _number("matching.weights.availability", "Availability", "When both can meet."),
            _number("matching.weights.working_style", "Working style"),
            _number("matching.weights.words", "Their own words", "0 to 10. The server needs an extra for it.", most=10),
            _number("matching.bands.poor", "A match is poor below", "Of 100.", most=100),
            _number("matching.bands.fair", "A match is fair below", "Of 100. Any other is good.", most=100),
        ),
    ),
    SettingsPage(
        slug="proposals",
        title="Proposals",
        lead="Both sides are asked before a match is final. Without this, what you publish is final.",
        section="proposals",
        questions=(
            Question(name="proposals", kind="tick", label="Both sides are asked about a match"),
            _number("proposals.answer_days", "Days to answer", least=1, most=90),
            _line(
                "proposals.reminders",
                "Days after the proposal: reminders to answer",
                "Such as 5, 8.",
                required=False,
            ),
        ),
    ),
    SettingsPage(
        slug="kickoff",
        title="Kickoff and half-day session",
        lead="How the mentorships start, and the half-day session that everyone is invited to.",
        section="session",
        questions=(
            Question(
                name="kickoff.confirm_attendance",
                kind="tick",
                label="Start when staff have said who was there",
                hint="At the latest at 9:00 AM on the next business day. If not, at 8:00 AM on kickoff day.",
            ),
            Question(name="session", kind="tick", label="Invite people to a half-day session"),
            _line("session.title", "Its name"),
            _number("session.invite_days", "Days before the kickoff: the invitation", least=1, most=180),
            _number("session.remind_days", "Days before the kickoff: the reminder", least=1, most=180),
            Question(
                name="session.half_days",
                kind="text",
                label="Half days",
                hint="One on each line: an id, the day, from, to, and the name. "
                "Such as: friday_morning 2019-05-10 09:00 12:00 Friday morning",
            ),
        ),
    ),
    SettingsPage(
        slug="rhythm",
        title="Rhythm of a mentorship",
        lead="How long a mentorship lasts, and how often we ask. It cannot change once mentorships have begun.",
        questions=(
            _number("timeline.months", "Months that a mentorship lasts", least=3, most=60),
            _number("timeline.check_in_every_months", "Months from check-in to check-in", least=1, most=12),
            _number(
                "timeline.goal_check_in_every_months", "Months from goal check-in to goal check-in", least=1, most=12
            ),
            _number("timeline.meetings_every_months", "Months from meeting to meeting", least=1, most=12),
            _number(
                "timeline.agreement_review_every_months", "Months between reviews of the agreement", least=1, most=24
            ),
            _line(
                "timeline.follow_up_after_months",
                "Months after the end: how have things gone?",
                "Such as 3, 6.",
                required=False,
            ),
        ),
    ),
    SettingsPage(
        slug="steps",
        title="Steps of a mentorship",
        lead="When each step opens, when we remind people, and when it closes. A step is open for seven days at least.",
        questions=tuple(question for name in _ANCHORS for question in _window(name)),
    ),
)
SETTING_KINDS = SettingKinds(
    numbers=frozenset(
        question.name
        for page in SETTINGS_PAGES
        for question in page.questions
        if question.name.rpartition(".")[2]
        in {"reminders", "intake_reminders", "follow_up_after_months", "opens", "closes"}
    ),
    sentences=frozenset(
        question.name
        for page in SETTINGS_PAGES
        for question in page.questions
        if question.name.startswith("program.value") or question.name.endswith("_responsibilities")
    ),
    texts=frozenset({"program.mentor_handbook", "program.mentee_handbook"}),
)
