"""The promises that are questions: each is asked on the page it belongs to, of whom it is about, before and after."""

from collections.abc import Iterator

from rehearsal.checks.evidence import Evidence, kind_of
from rehearsal.checks.verdict import Cases, Verdict, all_of, judged
from rehearsal.http_client import read_page
from schemas.enums import MilestoneKind, Recipient, Side
from schemas.rehearsal import MentorshipRecord

BEFORE, HALFWAY, AFTER = "self_assessment-1", "self_assessment-2", "self_assessment-3"
YEAR = 12


def forms_of(seen: Evidence, kind: MilestoneKind, side: Side | None = None) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the forms of one kind that a side (or either) was shown: where, and the kind of each field by name."""
    for page in seen.pages:
        if kind_of(page.milestone) is kind and side in (None, page.side):
            fields = {field.name: field.kind for field in read_page(page.html).fields}
            if fields:
                yield f"{page.mentorship}/{page.milestone}/{page.side}", fields


def asks_on(seen: Evidence, kind: MilestoneKind, side: Side | None, *names: str) -> Verdict:
    """Judge whether every form of one kind asks what it must, and count how many answered."""
    answered = sum(
        each.kind is kind and side in (None, each.side) and bool(set(names) & set(each.answers))
        for each in seen.answers
    )
    said = f"{_words(kind)} pages asked for {', '.join(map(_words, names))} ({answered} answers)"
    cases = ((page, set(names) <= set(fields)) for page, fields in forms_of(seen, kind, side))
    return judged(cases, said, else_=f"nobody opened a form of the {_words(kind)}")


def mentor_rates_own_skills(seen: Evidence) -> Verdict:
    """A10: mentors rate their communication and leadership before and after."""
    return all_of(
        judged(_asked_all(seen, Recipient.MENTOR, BEFORE, AFTER), "mentors were asked before and after", else_=NOBODY),
        asks_on(seen, MilestoneKind.SELF_ASSESSMENT, Side.MENTOR, "communication", "leadership"),
    )


def mentee_rates_own_skills(seen: Evidence) -> Verdict:
    """A15: mentees rate their skills and confidence before and after."""
    return all_of(
        judged(_asked_all(seen, Recipient.MENTEE, BEFORE, AFTER), "mentees were asked before and after", else_=NOBODY),
        asks_on(seen, MilestoneKind.SELF_ASSESSMENT, Side.MENTEE, "skills", "confidence"),
    )


def isolation_is_measured(seen: Evidence) -> Verdict:
    """A13: the same question about isolation at the start, half-way and at the end, for both sides."""
    both = (
        case for to in (Recipient.MENTOR, Recipient.MENTEE) for case in _asked_all(seen, to, BEFORE, HALFWAY, AFTER)
    )
    return all_of(
        judged(both, "participants were asked three times", else_=NOBODY),
        asks_on(seen, MilestoneKind.SELF_ASSESSMENT, None, "isolation"),
    )


def strengthens_the_profession(seen: Evidence) -> Verdict:
    """A8: closure and follow-up ask what came of it for the profession and its leaders."""
    return all_of(
        asks_on(seen, MilestoneKind.CLOSURE_SURVEY, None, "profession"),
        asks_on(seen, MilestoneKind.FOLLOW_UP, None, "new_role", "leadership"),
    )


def mentors_learn(seen: Evidence) -> Verdict:
    """A9: mentors say what they learned; it is passed on only by their consent."""
    return asks_on(seen, MilestoneKind.CLOSURE_SURVEY, Side.MENTOR, "learned", "share_takeaway")


def mentors_are_satisfied(seen: Evidence) -> Verdict:
    """A11: mentors rate their satisfaction on the way and at the end, and say whether they would do it again."""
    return all_of(
        asks_on(seen, MilestoneKind.CHECK_IN, Side.MENTOR, "satisfaction"),
        asks_on(seen, MilestoneKind.CLOSURE_SURVEY, Side.MENTOR, "satisfaction", "again"),
    )


def advice_is_received(seen: Evidence) -> Verdict:
    """A12: what is taken away after a meeting, and what advice the mentee received in the end."""
    return all_of(
        asks_on(seen, MilestoneKind.MEETING, None, "takeaway"),
        asks_on(seen, MilestoneKind.CLOSURE_SURVEY, Side.MENTEE, "advice", "career"),
    )


def opportunities_are_taken(seen: Evidence) -> Verdict:
    """A16: mentees say whether they took up an opportunity."""
    return asks_on(seen, MilestoneKind.CHECK_IN, Side.MENTEE, "opportunity")


def ideas_are_open(seen: Evidence) -> Verdict:
    """A38: both say whether they came across new ideas."""
    return asks_on(seen, MilestoneKind.CLOSURE_SURVEY, None, "new_ideas")


def involvement_is_asked(seen: Evidence) -> Verdict:
    """A40: once a year both are asked where they took part in the association."""
    asked = (
        (f"{one.id}/{to}", f"involvement-{number}" in _asked(one, to))
        for one in seen.completed()
        if one.predecessor is None
        for number in range(1, (seen.settings.timeline.months - 1) // YEAR + 1)
        for to in (Recipient.MENTOR, Recipient.MENTEE)
    )
    return all_of(
        judged(asked, "participants were asked once a year", else_="no mentorship lasted longer than a year"),
        asks_on(seen, MilestoneKind.INVOLVEMENT, None, "active", "where"),
    )


NOBODY = "no mentorship was completed"


def _asked_all(seen: Evidence, to: Recipient, *milestones: str) -> Cases:
    for one in seen.completed():
        if one.predecessor is None:
            yield f"{one.id}/{to}", set(milestones) <= _asked(one, to)


def _asked(one: MentorshipRecord, to: Recipient) -> set[str]:
    return {milestone for email in one.emails if email.to is to for milestone in email.asks}


def _words(name: str) -> str:
    return name.replace("_", " ")
