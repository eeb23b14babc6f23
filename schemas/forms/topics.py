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
# About each meeting to come: its name is the meeting's milestone.
TOPIC = Question(
    name="topic",
    kind="choice",
    label="Your meeting around %(day)s",
    choices=_CHOICES,
    required=True,
    readers=("you", "partner"),
)
