"""What participants are asked about opportunities: which kinds our emails should list to them (A16, A40)."""

from schemas.enums import OpportunityKind
from schemas.forms.questions import Choice, Question

KINDS = Question(
    name="kinds",
    kind="ticks",
    label="What should our emails tell you about?",
    hint="Check as many as you like. If you check none, our emails list none.",
    choices=(
        Choice(value=OpportunityKind.COMMITTEE, label="Seats in committees, sections, and round tables"),
        Choice(value=OpportunityKind.CONFERENCE, label="Conferences and training days"),
        Choice(value=OpportunityKind.COURSE, label="Courses, talks, and webinars"),
        Choice(value=OpportunityKind.FUNDING, label="Scholarships and grants"),
        Choice(value=OpportunityKind.SPEAKING, label="Speaking and writing"),
        Choice(value=OpportunityKind.OTHER, label="Anything else"),
    ),
    readers=("you",),
)
