"""What a play must come to, computed from its script: who does what, and what each of them is asked."""

from collections.abc import Iterator

from rehearsal.checks.evidence import Evidence
from schemas.enums import MilestoneKind, Outcome, Side
from schemas.personas import Persona
from schemas.rehearsal import MentorshipRecord

# Whoever acts like one of these all the time answers every form that they are asked to fill in.
ANSWERS_ALL = (
    Persona.KEEN,
    Persona.STEADY,
    Persona.CLICKS_TWICE,
    Persona.ASKS_FOR_CALL,
    Persona.NEGOTIATES,
    Persona.MONTHLY,
    Persona.QUARTERLY,
    Persona.DECLINES,
    Persona.ABSENT,
)
# Whoever acts like one of these never sends an answer.
ANSWERS_NOTHING = (Persona.SILENT, Persona.SCANNER)
YEAR = 12


def person_of(mentorship: MentorshipRecord, side: Side) -> str:
    """Return who is on a side of a mentorship."""
    return mentorship.mentor if side is Side.MENTOR else mentorship.mentee


def expected_outcome(evidence: Evidence, mentorship: MentorshipRecord) -> Outcome:
    """Return how a mentorship ends by its people's scripts; whoever leaves first ends it."""
    leaving = [
        (script.starts_on, outcome)
        for side, outcome in ((Side.MENTOR, Outcome.MENTOR_WITHDREW), (Side.MENTEE, Outcome.MENTEE_WITHDREW))
        if (script := evidence.personas.get(person_of(mentorship, side))) and script.persona is Persona.LEAVES
        if script.starts_on and script.starts_on >= mentorship.starts_on
    ]
    return min(leaving)[1] if leaving else Outcome.COMPLETED


def undisturbed(evidence: Evidence) -> Iterator[MentorshipRecord]:
    """Yield the mentorships in which staff changed nothing, from the kickoff to their own end."""
    return (mentorship for mentorship in evidence.completed() if not mentorship.changes and not mentorship.predecessor)


def without_agreement(evidence: Evidence) -> list[MentorshipRecord]:
    """Return the first mentorships that cannot come to an agreement, because one of the two never answers."""
    silent = evidence.always(*ANSWERS_NOTHING)
    return [pair for pair in evidence.first_mentorships() if silent & {pair.mentor, pair.mentee}]


def milestones_of(evidence: Evidence, kind: MilestoneKind) -> tuple[str, ...]:
    """Return all milestones of a kind that a whole mentorship has, by the cohort's settings."""
    rules = evidence.settings.timeline
    counts = {
        MilestoneKind.CHECK_IN: rules.months // rules.check_in_every_months,
        MilestoneKind.SELF_ASSESSMENT: 3,
        MilestoneKind.INVOLVEMENT: (rules.months - 1) // YEAR,
        MilestoneKind.AGREEMENT_REVIEW: (rules.months - 1) // rules.agreement_review_every_months,
        MilestoneKind.FOLLOW_UP: len(rules.follow_up_after_months),
    }
    return tuple(f"{kind}-{number}" for number in range(1, counts[kind] + 1)) if kind in counts else (kind,)
