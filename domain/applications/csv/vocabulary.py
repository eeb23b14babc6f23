"""The words in which other forms ask our questions and offer our answers; a likeness to them is proposed, never used.

Each list is what forms of libraries and of mentoring programs commonly say, in lower case.
"""

from collections.abc import Mapping, Sequence

from schemas.enums import Availability, GoalArea, LibraryType, LibraryTypeWish, WorkingStyle

Phrases = Mapping[str, Sequence[str]]

QUESTIONS: Phrases = {
    "name": ("name", "full name", "your name", "first and last name", "participant name", "mentor name"),
    "preferred_name": ("preferred name", "nickname", "what should we call you", "what do you go by"),
    "pronouns": ("pronouns", "preferred pronouns"),
    "email": ("email", "email address", "e-mail", "e-mail address", "work email", "contact email"),
    "library": (
        *("library", "where do you work", "current institution", "institution", "employer", "organization"),
        *("workplace", "place of work", "name of your library", "library name", "current employer"),
    ),
    "library_type": ("library type", "type of library", "kind of library", "type of institution", "sector", "type"),
    "town": (
        *("town", "city", "city or town", "location", "where is your library", "library city", "in which town"),
        *("town where you work", "city where you work", "library location", "work location"),
    ),
    "role": ("role", "job title", "position", "title", "current position", "role there", "job", "occupation"),
    "working_style": (
        *("working style", "prefer to work", "like to work with a partner", "preferred working style"),
        *("mentoring style", "learning style"),
    ),
    "availability": (
        *("availability", "when can you meet", "best times to meet", "when can you usually meet"),
        *("preferred meeting times", "times available", "when are you free"),
    ),
    "library_type_wish": (
        *("partner from another kind of library", "would you like a partner from another kind of library"),
        *("same or different type of library", "preferred library type of your partner"),
    ),
    "ranks": (
        *("mentor preference", "preferred mentor", "mentee preference", "whom would you like as your mentor"),
        *("first choice", "second choice", "third choice", "1st choice", "2nd choice", "3rd choice"),
        *("top mentor choice", "top mentee choice", "mentor choice", "mentee choice", "top choice", "requested mentor"),
    ),
    "vetoes": (
        *("anyone you should not be paired with", "anyone we should not match you with", "do not match with"),
        *("who should you not be matched with", "anyone not to be paired with", "conflicts of interest"),
    ),
    "reports_to": ("who do you report to", "supervisor", "your supervisor's name", "manager"),
    "years": (
        *("years in libraries", "years worked in libraries", "how many years have you worked in libraries"),
        *("years of experience", "how long have you worked in libraries", "years of library experience"),
    ),
    "offers": (
        *("areas you can help with", "what areas could you help a mentee with", "areas of expertise", "strengths"),
        *("which areas can you offer help with", "topics you can mentor in", "areas you can mentor in"),
    ),
    "capacity": ("how many mentees could you take", "number of mentees", "how many mentees", "maximum mentees"),
    "last_attended": (
        *("year you attended mile", "when did you attend mile", "mile class year", "year of attendance"),
        *("what year were you in mile", "mile year"),
    ),
    "about": ("tell us about yourself", "about you", "bio", "biography", "short bio", "introduce yourself"),
    "wants": (
        *("areas i want to grow in", "areas your goals belong to", "what would you like help with"),
        *("areas of interest", "skills you want to develop", "topics you want help with", "areas you want to work on"),
        *("areas for growth", "focus areas", "topics", "like to work on", "like to learn"),
    ),
    "goal_1": (
        "goal 1",
        "first goal",
        "top goal",
        "main goal",
        "main goal for the next 18 months",
        "goals",
        "what are your goals",
    ),
    "goal_2": ("goal 2", "second goal"),
    "goal_3": ("goal 3", "third goal"),
    "goal_4": ("goal 4", "fourth goal"),
    "goal_5": ("goal 5", "fifth goal"),
    "challenges": ("challenges", "what challenges you", "biggest challenge", "challenges you face"),
    "hopes": (
        *("hopes", "what do you hope to get from a mentor", "what do you hope for", "expectations"),
        *("what do you want from a mentor", "hope to gain", "looking for in a mentor"),
    ),
}

_AREAS: Phrases = {
    GoalArea.GOAL_SETTING: ("goal setting", "setting goals", "goals"),
    GoalArea.NETWORKING: ("networking", "building a network", "professional connections"),
    GoalArea.LEADERSHIP: ("leadership", "leading people", "leading change", "leadership development"),
    GoalArea.SUPERVISION: ("supervision", "supervising staff", "managing people", "managing staff", "supervising"),
    GoalArea.COMMUNICATION: ("communication", "public speaking", "presenting", "communication skills"),
    GoalArea.CAREER_CHANGE: ("career change", "career transition", "changing careers", "career development"),
    GoalArea.ADVOCACY: ("advocacy", "library advocacy", "speaking up for libraries", "lobbying"),
    GoalArea.BUDGETING: ("budgeting", "budgets", "budgets grants money", "finance", "grants", "fundraising"),
    GoalArea.TECHNOLOGY: ("technology", "tech", "systems", "digital services", "information technology"),
    GoalArea.COLLECTIONS: ("collections", "collection development", "collection management", "cataloging"),
    GoalArea.OUTREACH: ("outreach", "community engagement", "community outreach", "marketing"),
    GoalArea.TEACHING: ("teaching", "instruction", "information literacy", "training", "programs"),
}
ANSWERS: Mapping[str, Phrases] = {
    "library_type": {
        LibraryType.PUBLIC: ("public", "public library", "city library", "county library"),
        LibraryType.ACADEMIC: ("academic", "college", "university", "college university", "community college"),
        LibraryType.SCHOOL: ("school", "school library", "k-12", "school k 12", "media center"),
        LibraryType.SPECIAL: (
            *("special", "special library", "medical", "medical special", "hospital", "law", "corporate"),
            *("museum", "archive", "museum archive", "archives"),
        ),
        LibraryType.STATE: ("state", "state agency", "state library", "government", "federal", "state government"),
    },
    "working_style": {
        WorkingStyle.STRUCTURED: ("structured", "by a plan", "with a plan", "planned", "with an agenda"),
        WorkingStyle.FLEXIBLE: ("flexible", "as things come up", "as needed", "informal"),
        WorkingStyle.REFLECTIVE: ("reflective", "talking things over", "by talking things over", "discussion"),
        WorkingStyle.HANDS_ON: ("hands on", "trying things out", "by trying things out", "learning by doing"),
    },
    "availability": {
        ";".join(Availability): ("any time", "anytime", "always", "flexible", "whenever", "all of the above", "open"),
        Availability.MORNINGS: ("mornings", "morning", "before noon"),
        Availability.LUNCH: ("lunch", "noon", "midday", "lunchtime", "over lunch"),
        Availability.AFTERNOONS: ("afternoons", "afternoon", "after lunch"),
        Availability.EVENINGS: ("evenings", "evening", "after work", "nights"),
        Availability.WEEKENDS: ("weekends", "weekend", "saturdays", "sundays"),
    },
    "library_type_wish": {
        LibraryTypeWish.SAME: ("same", "same kind", "same type", "no from the same kind"),
        LibraryTypeWish.OTHER: ("other", "another kind", "different", "different type", "yes from another kind"),
        LibraryTypeWish.EITHER: ("either", "either is fine", "both", "does not matter"),
    },
    "offers": _AREAS,
    "wants": _AREAS,
}

# What people write where they have no answer.
NO_ANSWER = frozenset(
    {
        *("-", "--", "n/a", "na", "n.a.", "no", "none", "nope", "nobody", "no one", "no-one", "never", "nothing"),
        *("not applicable", "no preference", "not that i know of", "not that i can think of", "not sure", "unsure"),
        *("did not attend", "have not attended", "no conflicts", "any", "anyone", "tbd", "x", "?"),
    }
)
NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
}
# Words that say nothing about what a question asks.
FILLERS = frozenset(
    {
        *("a", "an", "the", "is", "are", "do", "does", "did", "you", "your", "yours", "i", "my", "me", "we", "us"),
        *("our", "of", "in", "at", "to", "for", "please", "have", "has", "be", "as", "it", "with", "and", "or"),
        *("could", "by", "would", "can", "if", "most", "right", "now", "little", "what", "which", "there", "so"),
        *("that", "this", "from", "on", "any"),
    }
)
