"""Which part of the report each figure belongs to, and which promise it is about (A8-A19, B6)."""

from schemas.enums import MilestoneKind, Side
from schemas.report.figures import ReportPart

_PART_OF_SIDE = {Side.MENTOR: ReportPart.MENTORS, Side.MENTEE: ReportPart.PARTICIPANTS}
# Here the question decides the part, whoever answered it; beside it is its promise.
_OF_THE_ASSOCIATION = {
    (MilestoneKind.CLOSURE_SURVEY, "profession"): "A8",
    (MilestoneKind.CLOSURE_SURVEY, "connected"): "A19",
    (MilestoneKind.FOLLOW_UP, "goal_progress"): "A18",
    (MilestoneKind.FOLLOW_UP, "in_touch"): "A18",
    (MilestoneKind.FOLLOW_UP, "leadership"): "A8",
    (MilestoneKind.FOLLOW_UP, "mentor_one_day"): "A18",
    (MilestoneKind.FOLLOW_UP, "new_role"): "A8",
    (MilestoneKind.FOLLOW_UP, "still_learning"): "A18",
    (MilestoneKind.INVOLVEMENT, "active"): "A40",
    (MilestoneKind.INVOLVEMENT, "where"): "A40",
    (MilestoneKind.MEETING, "held"): "A28",
    (MilestoneKind.MEETING, "medium"): "A22",
    (MilestoneKind.MEETING, "topics"): "A24",
    (MilestoneKind.CLOSING_CONVERSATION, "held"): "A39",
    (MilestoneKind.CLOSING_CONVERSATION, "medium"): "A39",
    (MilestoneKind.AGREEMENT_REVIEW, "fits"): "A30",
    (MilestoneKind.AGREEMENT_REVIEW, "feedback_given"): "A36",
    (MilestoneKind.AGREEMENT_REVIEW, "feedback_received"): "A36",
}
_OF_WHO_ANSWERED = {
    (MilestoneKind.CLOSURE_SURVEY, "satisfaction"): "A11",
    (MilestoneKind.CLOSURE_SURVEY, "learned"): "A9",
    (MilestoneKind.CLOSURE_SURVEY, "again"): "A11",
    (MilestoneKind.CLOSURE_SURVEY, "advice"): "A12",
    (MilestoneKind.CLOSURE_SURVEY, "career"): "A12",
    (MilestoneKind.CLOSURE_SURVEY, "criticism"): "A36",
    (MilestoneKind.CLOSURE_SURVEY, "new_ideas"): "A38",
    (MilestoneKind.SELF_ASSESSMENT, "isolation"): "A13",
    (MilestoneKind.SELF_ASSESSMENT, "skills"): "A15",
    (MilestoneKind.SELF_ASSESSMENT, "confidence"): "A15",
    (MilestoneKind.SELF_ASSESSMENT, "own_goals"): "A15",
    (MilestoneKind.SELF_ASSESSMENT, "communication"): "A10",
    (MilestoneKind.SELF_ASSESSMENT, "leadership"): "A10",
    (MilestoneKind.CHECK_IN, "satisfaction"): "A11",
    (MilestoneKind.CHECK_IN, "meetings"): "A22",
    (MilestoneKind.CHECK_IN, "introductions"): "A14",
    (MilestoneKind.CHECK_IN, "opportunity"): "A16",
    (MilestoneKind.GOAL_CHECK_IN, "goals"): "A12",
}


def part_of(form: MilestoneKind, question: str, side: Side | None) -> ReportPart:
    """Return the part of the report a question's figure stands in; what pairs counted is what participants gained."""
    if (form, question) in _OF_THE_ASSOCIATION:
        return ReportPart.ASSOCIATION
    return _PART_OF_SIDE[side or Side.MENTEE]


def promise_of(form: MilestoneKind, question: str) -> str:
    """Return the promise a question's figure is about; B6, the report itself, where it is about no other."""
    return _OF_THE_ASSOCIATION.get((form, question)) or _OF_WHO_ANSWERED.get((form, question), "B6")
