"""The promises that are measured by questions: each is asked in its words, of the right side, and answered."""

from collections.abc import Iterator, Mapping

from rehearsal.checks.evidence import Evidence, fields_of, kind_of
from rehearsal.checks.expected import ANSWERS_ALL, milestones_of, person_of, undisturbed
from rehearsal.checks.own_calendar import months_later
from rehearsal.checks.recruiting import earlier_mentors_are_asked
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from schemas.enums import MilestoneKind, Recipient, Side
from schemas.rehearsal import MentorshipRecord

BEFORE, HALFWAY, AFTER = "self_assessment-1", "self_assessment-2", "self_assessment-3"
NOBODY = "no mentorship was completed"
DAYS_ASIDE = 45

Phrases = Mapping[str, str]


def pages_of(evidence: Evidence, kind: MilestoneKind, side: Side | None = None) -> Iterator[tuple[str, str]]:
    """Yield the pages with a form of one kind that a side (or either) was shown: which, and its HTML."""
    for page in evidence.pages:
        if kind_of(page.milestone) is kind and side in (None, page.side) and fields_of(page.html):
            yield f"{page.mentorship}/{page.milestone}/{page.side}", page.html


def pages_ask(evidence: Evidence, kind: MilestoneKind, side: Side | None, phrases: Phrases) -> Verdict:
    """Judge whether every page of one kind asks each question in these words."""
    pages = (
        (page, all(_asks(html, name, words) for name, words in phrases.items()))
        for page, html in pages_of(evidence, kind, side)
    )
    topics = ", ".join(map(_text, phrases))
    return judge(
        pages, f"{_text(kind)} pages asked for {topics}", otherwise=f"nobody opened a form of the {_text(kind)}"
    )


def form_asks(evidence: Evidence, kind: MilestoneKind, side: Side | None, phrases: Phrases) -> Verdict:
    """Judge whether every page of one kind asks each question in these words, and who always answers did so."""
    return combine(
        pages_ask(evidence, kind, side, phrases),
        judge(
            _answer_cases(evidence, kind, (side,) if side else tuple(Side)),
            f"answers to the {_text(kind)} came that had to come",
            otherwise=f"nobody had to answer the {_text(kind)}",
        ),
    )


def mentors_rate_own_skills(evidence: Evidence) -> Verdict:
    """A10: mentors rate their communication and leadership before and after."""
    return combine(
        judge(
            _request_cases(evidence, Recipient.MENTOR, BEFORE, AFTER),
            "mentors were asked before and after",
            otherwise=NOBODY,
        ),
        form_asks(
            evidence,
            MilestoneKind.SELF_ASSESSMENT,
            Side.MENTOR,
            {"communication": "I listen, ask, and explain well", "leadership": "I lead well"},
        ),
    )


def mentees_rate_own_skills(evidence: Evidence) -> Verdict:
    """A15: mentees rate their skills and confidence before and after."""
    return combine(
        judge(
            _request_cases(evidence, Recipient.MENTEE, BEFORE, AFTER),
            "mentees were asked before and after",
            otherwise=NOBODY,
        ),
        form_asks(
            evidence,
            MilestoneKind.SELF_ASSESSMENT,
            Side.MENTEE,
            {"skills": "the skills I need for my goals", "confidence": "I feel confident about tasks"},
        ),
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
        judge(_halfway_cases(evidence), "were asked again half-way", otherwise="staff changed every mentorship"),
        form_asks(evidence, MilestoneKind.SELF_ASSESSMENT, None, {"isolation": "no one to ask about work"}),
    )


def contribution_to_profession_is_asked_about(evidence: Evidence) -> Verdict:
    """A8: closure and follow-up ask what came of it for the profession and its leaders."""
    return combine(
        form_asks(evidence, MilestoneKind.CLOSURE_SURVEY, None, {"profession": "library profession a little stronger"}),
        form_asks(
            evidence,
            MilestoneKind.FOLLOW_UP,
            None,
            {"new_role": "taken on a new role", "leadership": "I take the lead more often"},
        ),
    )


def mentors_say_what_they_learned(evidence: Evidence) -> Verdict:
    """A9: mentors say what they learned; it is passed on only by their consent."""
    return combine(
        form_asks(
            evidence,
            MilestoneKind.CLOSURE_SURVEY,
            Side.MENTOR,
            {"learned": "I learned from my mentee", "share_takeaway": "You may share this answer with my partner"},
        ),
        judge(_takeaway_cases(evidence), "takeaways were shown only by consent", otherwise="nobody took anything away"),
    )


def mentor_satisfaction_is_measured(evidence: Evidence) -> Verdict:
    """A11: mentors rate their satisfaction and say whether they would mentor again, and who would not is left alone."""
    return combine(
        form_asks(evidence, MilestoneKind.CHECK_IN, Side.MENTOR, {"satisfaction": "How satisfied are you"}),
        form_asks(
            evidence,
            MilestoneKind.CLOSURE_SURVEY,
            Side.MENTOR,
            {"satisfaction": "how satisfied are you", "again": "Would you mentor again?"},
        ),
        earlier_mentors_are_asked(evidence),
    )


def advice_is_asked_about(evidence: Evidence) -> Verdict:
    """A12: what is taken away after a meeting, and what advice the mentee received in the end."""
    return combine(
        pages_ask(evidence, MilestoneKind.MEETING, None, {"takeaway": "What is one thing you take away?"}),
        form_asks(
            evidence,
            MilestoneKind.CLOSURE_SURVEY,
            Side.MENTEE,
            {"advice": "knowledge and advice that help my career", "career": "my next career steps"},
        ),
    )


def new_ideas_are_asked_about(evidence: Evidence) -> Verdict:
    """A38: both say whether they came across new ideas."""
    return form_asks(evidence, MilestoneKind.CLOSURE_SURVEY, None, {"new_ideas": "ideas that were new to me"})


def _asks(html: str, name: str, words: str) -> bool:
    return words in html and any(field.name == name for field in fields_of(html))


def _answer_cases(evidence: Evidence, kind: MilestoneKind, sides: tuple[Side, ...]) -> Cases:
    answered, reliable = {response.id for response in evidence.answers}, evidence.always(*ANSWERS_ALL)
    for mentorship in undisturbed(evidence):
        for side in sides:
            if person_of(mentorship, side) in reliable:
                for milestone in milestones_of(evidence, kind):
                    yield (id_ := f"{mentorship.id}/{milestone}/{side}"), id_ in answered


def _request_cases(evidence: Evidence, to: Recipient, *milestones: str) -> Cases:
    for mentorship in evidence.completed():
        if mentorship.predecessor is None:
            yield f"{mentorship.id}/{to}", set(milestones) <= milestones_asked(mentorship, to)


def milestones_asked(mentorship: MentorshipRecord, to: Recipient) -> set[str]:
    """Return all milestones that emails to one side of a mentorship asked for."""
    return {milestone for email in mentorship.emails if email.to is to for milestone in email.asks}


def _halfway_cases(evidence: Evidence) -> Cases:
    half = months_later(evidence.settings.kickoff_day, evidence.settings.timeline.months // 2)
    for mentorship in undisturbed(evidence):
        days = [email.at.date() for email in mentorship.emails if HALFWAY in email.asks]
        yield mentorship.id, bool(days) and abs((min(days) - half).days) <= DAYS_ASIDE


def _takeaway_cases(evidence: Evidence) -> Cases:
    """Yield for each takeaway at the end whether the partner's last page shows it, and only by consent."""
    for response in evidence.answers:
        words = response.answers.get("takeaway")
        if response.kind is MilestoneKind.CLOSURE_SURVEY and words:
            shown = any(
                words in page.html
                for page in evidence.pages
                if page.mentorship == response.mentorship and page.side is not response.side
            )
            yield response.id, not shown or "share_takeaway" in response.answers


def _text(name: str) -> str:
    return name.replace("_", " ")
