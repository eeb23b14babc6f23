"""What both sides are asked when they apply: who they are, where they work, how and when they like to meet."""

from schemas.enums import Availability, GoalArea, LibraryType, LibraryTypeWish, WorkingStyle
from schemas.forms.questions import LANGUAGES, Choice, Question, Reader

CARD: tuple[Reader, ...] = ("you", "staff", "partner")
FOR_MATCHING: tuple[Reader, ...] = ("you", "staff")

AREAS = (
    Choice(value=GoalArea.GOAL_SETTING, label="Setting goals"),
    Choice(value=GoalArea.NETWORKING, label="Networking"),
    Choice(value=GoalArea.LEADERSHIP, label="Leadership"),
    Choice(value=GoalArea.SUPERVISION, label="Supervising others"),
    Choice(value=GoalArea.COMMUNICATION, label="Communication"),
    Choice(value=GoalArea.CAREER_CHANGE, label="Career steps"),
    Choice(value=GoalArea.ADVOCACY, label="Speaking up for libraries"),
    Choice(value=GoalArea.BUDGETING, label="Budgets and grants"),
    Choice(value=GoalArea.TECHNOLOGY, label="Technology"),
    Choice(value=GoalArea.COLLECTIONS, label="Collections"),
    Choice(value=GoalArea.OUTREACH, label="Outreach and programs"),
    Choice(value=GoalArea.TEACHING, label="Teaching and training"),
)

ABOUT_YOU = (
    Question(
        name="name",
        kind="line",
        label="What is your full name?",
        required=True,
        readers=CARD,
        longest=200,
        autocomplete="name",
    ),
    Question(
        name="preferred_name",
        kind="line",
        label="What should we call you?",
        hint="For example Kate or Mai See. If you leave this empty, we use your first name.",
        readers=CARD,
        longest=100,
        autocomplete="nickname",
    ),
    Question(
        name="pronouns",
        kind="line",
        label="What are your pronouns?",
        hint="For example she/her, he/him or they/them.",
        readers=CARD,
        longest=60,
    ),
    Question(
        name="role",
        kind="line",
        label="What is your job title?",
        hint="Or tell us in your own words what you do. You don’t need a degree or a title to take part.",
        required=True,
        readers=CARD,
        longest=200,
        autocomplete="organization-title",
    ),
    Question(
        name="library",
        kind="line",
        label="Where do you work?",
        hint="The usual name of your library or organization. We don’t match people who share an employer.",
        required=True,
        readers=CARD,
        longest=200,
        autocomplete="organization",
    ),
    Question(
        name="library_type",
        kind="choice",
        label="What kind of library is it?",
        choices=(
            Choice(value=LibraryType.PUBLIC, label="Public"),
            Choice(value=LibraryType.ACADEMIC, label="College or university"),
            Choice(value=LibraryType.SCHOOL, label="School"),
            Choice(value=LibraryType.SPECIAL, label="Special, or another kind of organization"),
            Choice(value=LibraryType.STATE, label="State agency or library system"),
        ),
        required=True,
        readers=FOR_MATCHING,
    ),
    Question(
        name="town",
        kind="line",
        label="In which city do you work?",
        hint="It shows us how far apart two people are. Pairs from different regions are welcome.",
        required=True,
        readers=CARD,
        longest=200,
        autocomplete="address-level2",
    ),
)

# Asked where the class offers several.
LANGUAGE = Question(
    name="language",
    kind="choice",
    label="Which language should we write to you in?",
    hint="What people write themselves stays as they wrote it.",
    choices=LANGUAGES,
    readers=FOR_MATCHING,
)

YEARS = Question(
    name="years",
    kind="count",
    label="How many years have you worked in libraries?",
    hint="Count every kind of library work. A whole number is enough.",
    required=True,
    readers=FOR_MATCHING,
    most=70,
)

WORKING = (
    Question(
        name="working_style",
        kind="choice",
        label="How do you like to work with someone?",
        choices=(
            Choice(value=WorkingStyle.STRUCTURED, label="With a plan and an agenda"),
            Choice(value=WorkingStyle.FLEXIBLE, label="As it comes"),
            Choice(value=WorkingStyle.REFLECTIVE, label="By talking and thinking things through"),
            Choice(value=WorkingStyle.HANDS_ON, label="By trying things out together"),
        ),
        readers=FOR_MATCHING,
    ),
    Question(
        name="availability",
        kind="ticks",
        label="When can you usually meet?",
        hint="In person, phone, or video all count as a meeting.",
        choices=(
            Choice(value=Availability.MORNINGS, label="Mornings"),
            Choice(value=Availability.LUNCH, label="Over lunch"),
            Choice(value=Availability.AFTERNOONS, label="Afternoons"),
            Choice(value=Availability.EVENINGS, label="Evenings"),
            Choice(value=Availability.WEEKENDS, label="Weekends"),
        ),
        readers=FOR_MATCHING,
    ),
    Question(
        name="library_type_wish",
        kind="choice",
        label="Would you like a partner from another kind of library?",
        hint="Someone from a school, for example, sees a public library with fresh eyes.",
        choices=(
            Choice(value=LibraryTypeWish.OTHER, label="Yes, from another kind"),
            Choice(value=LibraryTypeWish.SAME, label="No, from the same kind"),
            Choice(value=LibraryTypeWish.EITHER, label="Either is fine"),
        ),
        readers=FOR_MATCHING,
    ),
)
