"""What a pair is asked about the topics that emails suggest for its meetings (A29)."""

from schemas.enums import GoalArea
from schemas.forms.questions import Choice, Question

NO_TOPIC = "none"
_CHOICES = (
    Choice(value=GoalArea.GOAL_SETTING, label="Setting goals"),
    Choice(value=GoalArea.NETWORKING, label="Networking"),
    Choice(value=GoalArea.LEADERSHIP, label="Leadership"),
    Choice(value=NO_TOPIC, label="No topic, we have our own"),
)


def topic_question(milestone_id: str, day: str) -> Question:
    """Return the question about the topic of one meeting; ``day`` says in words around when it is."""
    return Question(
        name=milestone_id,
        kind="choice",
        label=f"Your meeting around {day}",
        choices=_CHOICES,
        required=True,
        readers=("you", "partner"),
    )
