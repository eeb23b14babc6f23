"""The promises that are measured by questions: each is asked on the right form, of the right side, often enough."""

from collections.abc import Iterator

from rehearsal.checks.evidence import Evidence, kind_of
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from rehearsal.http_client import read_page
from schemas.enums import MilestoneKind, Recipient, Side
from schemas.rehearsal import MentorshipRecord

BEFORE, HALFWAY, AFTER = "self_assessment-1", "self_assessment-2", "self_assessment-3"
YEAR = 12


def forms_of(evidence: Evidence, kind: MilestoneKind, side: Side | None = None) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the forms of one kind that a side (or either) was shown: where, and the kind of each field by name."""
    for page in evidence.pages:
        if kind_of(page.milestone) is kind and side in (None, page.side):
            fields = {field.name: field.kind for field in read_page(page.html).fields}
            if fields:
                yield f"{page.mentorship}/{page.milestone}/{page.side}", fields


def form_asks(evidence: Evidence, kind: MilestoneKind, side: Side | None, *names: str) -> Verdict:
    """Judge whether every form of one kind asks what it must, and count how many answered."""
    answered = sum(
        response.kind is kind and side in (None, response.side) and bool(set(names) & set(response.answers))
        for response in evidence.answers
    )
    summary = f"{_text(kind)} pages asked for {', '.join(map(_text, names))} ({answered} answers)"
    cases = ((page, set(names) <= set(fields)) for page, fields in forms_of(evidence, kind, side))
    return judge(cases, summary, otherwise=f"nobody opened a form of the {_text(kind)}")


def mentors_rate_own_skills(evidence: Evidence) -> Verdict:
    """A10: mentors rate their communication and leadership before and after."""
    return combine(
        judge(
            _request_cases(evidence, Recipient.MENTOR, BEFORE, AFTER),
            "mentors were asked before and after",
            otherwise=NOBODY,
        ),
        form_asks(evidence, MilestoneKind.SELF_ASSESSMENT, Side.MENTOR, "communication", "leadership"),
    )


def mentees_rate_own_skills(evidence: Evidence) -> Verdict:
    """A15: mentees rate their skills and confidence before and after."""
    return combine(
        judge(
            _request_cases(evidence, Recipient.MENTEE, BEFORE, AFTER),
            "mentees were asked before and after",
            otherwise=NOBODY,
        ),
        form_asks(evidence, MilestoneKind.SELF_ASSESSMENT, Side.MENTEE, "skills", "confidence"),
    )


def isolation_is_measured(evidence: Evidence) -> Verdict:
    """A13: the same question about isolation at the start, half-way and at the end, for both sides."""
    both = (
        case
        for to in (Recipient.MENTOR, Recipient.MENTEE)
        for case in _request_cases(evidence, to, BEFORE, HALFWAY, AFTER)
    )
    return combine(
        judge(both, "participants were asked three times", otherwise=NOBODY),
        form_asks(evidence, MilestoneKind.SELF_ASSESSMENT, None, "isolation"),
    )


def contribution_to_profession_is_asked_about(evidence: Evidence) -> Verdict:
    """A8: closure and follow-up ask what came of it for the profession and its leaders."""
    return combine(
        form_asks(evidence, MilestoneKind.CLOSURE_SURVEY, None, "profession"),
        form_asks(evidence, MilestoneKind.FOLLOW_UP, None, "new_role", "leadership"),
    )


def mentors_say_what_they_learned(evidence: Evidence) -> Verdict:
    """A9: mentors say what they learned; it is passed on only by their consent."""
    return form_asks(evidence, MilestoneKind.CLOSURE_SURVEY, Side.MENTOR, "learned", "share_takeaway")


def mentor_satisfaction_is_measured(evidence: Evidence) -> Verdict:
    """A11: mentors rate their satisfaction on the way and at the end, and say whether they would do it again."""
    return combine(
        form_asks(evidence, MilestoneKind.CHECK_IN, Side.MENTOR, "satisfaction"),
        form_asks(evidence, MilestoneKind.CLOSURE_SURVEY, Side.MENTOR, "satisfaction", "again"),
    )


def advice_is_asked_about(evidence: Evidence) -> Verdict:
    """A12: what is taken away after a meeting, and what advice the mentee received in the end."""
    return combine(
        form_asks(evidence, MilestoneKind.MEETING, None, "takeaway"),
        form_asks(evidence, MilestoneKind.CLOSURE_SURVEY, Side.MENTEE, "advice", "career"),
    )


def opportunities_are_counted(evidence: Evidence) -> Verdict:
    """A16: mentees say whether they took up an opportunity."""
    return form_asks(evidence, MilestoneKind.CHECK_IN, Side.MENTEE, "opportunity")


def new_ideas_are_asked_about(evidence: Evidence) -> Verdict:
    """A38: both say whether they came across new ideas."""
    return form_asks(evidence, MilestoneKind.CLOSURE_SURVEY, None, "new_ideas")


def involvement_is_asked(evidence: Evidence) -> Verdict:
    """A40: once a year both are asked where they took part in the association."""
    cases = (
        (f"{mentorship.id}/{to}", f"involvement-{number}" in _milestones_asked(mentorship, to))
        for mentorship in evidence.completed()
        if mentorship.predecessor is None
        for number in range(1, (evidence.settings.timeline.months - 1) // YEAR + 1)
        for to in (Recipient.MENTOR, Recipient.MENTEE)
    )
    return combine(
        judge(cases, "participants were asked once a year", otherwise="no mentorship lasted longer than a year"),
        form_asks(evidence, MilestoneKind.INVOLVEMENT, None, "active", "where"),
    )


NOBODY = "no mentorship was completed"


def _request_cases(evidence: Evidence, to: Recipient, *milestones: str) -> Cases:
    for mentorship in evidence.completed():
        if mentorship.predecessor is None:
            yield f"{mentorship.id}/{to}", set(milestones) <= _milestones_asked(mentorship, to)


def _milestones_asked(mentorship: MentorshipRecord, to: Recipient) -> set[str]:
    return {milestone for email in mentorship.emails if email.to is to for milestone in email.asks}


def _text(name: str) -> str:
    return name.replace("_", " ")
