"""The match proposed to two people: why it was made, how long they may think about it, and what a new run must keep."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from domain.calendar import morning
from domain.cohort import campaigns
from domain.forms import read_answers
from domain.input_files.spelling import comparable
from domain.languages import gettext, ngettext
from domain.matching.geography import distance_miles, find_town
from schemas.applications.applicant import ProposalAnswer
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings, ProposalSettings
from schemas.enums import Commitment, DeclineReason, Side
from schemas.errors import Refusal
from schemas.forms.invitations import DECLINE_REASON, QUESTION_FIRST
from schemas.forms.questions import Question
from schemas.matching.messages import MatchRequest
from schemas.matching.proposals import ProposedMatch
from schemas.matching.results import CriterionScore, Pair
from schemas.translatable import gettext_noop

NEAR_MILES = 60

# What people chose when they applied, as these sentences say it.
_ANSWERS = frozenset(
    {
        # areas
        gettext_noop("goal setting"),
        gettext_noop("networking"),
        gettext_noop("leadership"),
        gettext_noop("supervision"),
        gettext_noop("communication"),
        gettext_noop("career change"),
        gettext_noop("advocacy"),
        gettext_noop("budgeting"),
        gettext_noop("technology"),
        gettext_noop("collections"),
        gettext_noop("outreach"),
        gettext_noop("teaching"),
        # kinds of libraries
        gettext_noop("public"),
        gettext_noop("academic"),
        gettext_noop("school"),
        gettext_noop("special"),
        gettext_noop("state"),
        # times
        gettext_noop("mornings"),
        gettext_noop("lunch"),
        gettext_noop("afternoons"),
        gettext_noop("evenings"),
        gettext_noop("weekends"),
        # ways of working
        gettext_noop("structured"),
        gettext_noop("flexible"),
        gettext_noop("reflective"),
        gettext_noop("hands on"),
    }
)

QUESTIONS_BY_COMMITMENT: dict[Commitment, tuple[Question, ...]] = {
    Commitment.COMMITTED: (),
    Commitment.ASKED: (QUESTION_FIRST,),
    Commitment.DECLINED: (DECLINE_REASON,),
}


class ProposalClosedReason(StrEnum):
    """Why a proposal takes no answer any more."""

    WITHDRAWN = "withdrawn"
    FINAL = "final"
    LATE = "late"
    GONE = "gone"
    BEGUN = "begun"


CLOSED_REFUSALS = {
    ProposalClosedReason.WITHDRAWN: gettext_noop("Staff took back this match, so you can’t answer any more."),
    ProposalClosedReason.FINAL: gettext_noop("This match is final, so you can’t change it here any more."),
    ProposalClosedReason.LATE: gettext_noop("The last day to change your answer is over."),
    ProposalClosedReason.GONE: gettext_noop("You withdrew your application, so you can’t answer any more."),
    ProposalClosedReason.BEGUN: gettext_noop("The mentorships have started, so you can’t answer any more."),
}


class ProposalClosed(Refusal):
    """A proposal takes no answer any more; ``why`` says for which reason."""

    def __init__(self, why: ProposalClosedReason) -> None:
        self.why = why
        super().__init__(gettext(CLOSED_REFUSALS[why]))


class ProposalAnswerReading(FrozenModel):
    """A proposal's form as it came back: the answer, or what is wrong with it by question name."""

    answer: ProposalAnswer | None
    problems: dict[str, str]


def shared_reasons(pair: Pair) -> tuple[str, ...]:
    """Return why two people were matched, in sentences that both may read, and that may be printed on their card.

    They name only what both answered and what speaks for the match: no unmet wish, no points, no years, no ranking
    and no veto.
    """
    sentences = (_reason(criterion) for criterion in pair.criteria)
    return tuple(sentence for sentence in sentences if sentence)


def proposal_deadline(settings: CohortSettings, proposed_at: datetime) -> datetime:
    """Return the moment (UTC) by which both sides are asked to answer a proposal: the end of a local day."""
    return campaigns.answer_deadline(settings.proposals or ProposalSettings(), proposed_at, settings.time_zone)


def proposal_closed_reason(
    match: ProposedMatch, side: Side, settings: CohortSettings, now: datetime
) -> ProposalClosedReason | None:
    """Return why one side can answer no more, or None while it can.

    A mind can be changed until the match is final or the answers are due. Whoever has not made up theirs is not shut
    out by that day: a late commitment still helps, until the mentorships begin.
    """
    if match.withdrawn_at:
        return ProposalClosedReason.WITHDRAWN
    if side in match.gone:
        return ProposalClosedReason.GONE
    if match.final:
        return ProposalClosedReason.FINAL
    if now >= morning(settings.kickoff_day, settings.time_zone):
        return ProposalClosedReason.BEGUN
    decided = match.of(side).commitment in {Commitment.COMMITTED, Commitment.DECLINED}
    return ProposalClosedReason.LATE if decided and now >= proposal_deadline(settings, match.proposed_at) else None


def read_proposal_answer(posted: Mapping[str, str]) -> ProposalAnswerReading:
    """Read what one of the three buttons sent: commit, a question to staff, or a decline with its reason."""
    try:
        commitment = Commitment(posted.get("act", ""))
    except ValueError:
        return ProposalAnswerReading(answer=None, problems={"act": gettext("Please press one of the three buttons.")})
    reading = read_answers(QUESTIONS_BY_COMMITMENT[commitment], posted)
    if reading.problems:
        return ProposalAnswerReading(answer=None, problems=reading.problems)
    reason = reading.answers.get(DECLINE_REASON.name)
    answer = ProposalAnswer(
        commitment=commitment,
        reason=DeclineReason(reason) if reason else None,
        question=reading.answers.get(QUESTION_FIRST.name, ""),
    )
    return ProposalAnswerReading(answer=answer, problems={})


def next_match_request(
    proposals: Iterable[ProposedMatch], published: MatchRequest, *, there: Collection[str]
) -> MatchRequest:
    """Return what a new match run must keep: final pairs are fixed, declined ones ruled out, the rest kept if it can.

    ``published`` is what staff asked of the published run: it still applies, except for a pair which somebody declined.
    Declines count for good, also of proposals that were withdrawn since. Pairs of which somebody is no longer
    ``there`` are left to the matching, which does not see that person.
    """
    matches = tuple(proposals)
    final = {(match.mentor_id, match.mentee_id) for match in matches if match.final}
    declined = {(match.mentor_id, match.mentee_id) for match in matches if match.declined}
    # A decline outweighs a pin of staff, but a pair that was made final afterwards stays.
    fixed = final | ({*published.pins} - declined)
    ruled_out = (declined | {*published.forbid}) - fixed

    def of_those_there(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(pair for pair in pairs if all(person in there for person in pair)))

    return published.model_copy(update={"pins": of_those_there(fixed), "forbid": of_those_there(ruled_out)})


def _reason(criterion: CriterionScore) -> str:
    mentor, mentee = criterion.answers
    if not mentor or not mentee or criterion.name not in _REASONS:
        return ""
    return _REASONS[criterion.name](mentor, mentee)


def _areas(mentor: str, mentee: str) -> str:
    both = _in_common(mentor, mentee)
    return gettext("The mentor can offer what the mentee is looking for: %(areas)s.", areas=both) if both else ""


def _libraries(mentor: str, mentee: str) -> str:
    if mentor == mentee:
        return gettext("Both work in the same kind of library: %(kind)s.", kind=_said(mentor))
    return gettext(
        "Each knows another kind of library: %(mentors)s and %(mentees)s.", mentors=_said(mentor), mentees=_said(mentee)
    )


def _towns(mentor: str, mentee: str) -> str:
    mentor_town, mentee_town = find_town(mentor), find_town(mentee)
    if comparable(mentor) == comparable(mentee):
        return gettext("Both work in %(town)s.", town=mentor)
    if not mentor_town or not mentee_town:
        return ""
    miles = distance_miles(mentor_town, mentee_town)
    if miles <= NEAR_MILES:
        return ngettext(
            "Their places of work are about %(miles)s mile apart.",
            "Their places of work are about %(miles)s miles apart.",
            max(miles, 1),
            miles=max(miles, 1),
        )
    if mentor_town.region != mentee_town.region:
        return ""
    return gettext("Both work in the same part of the state (%(region)s).", region=mentor_town.region)


def _times(mentor: str, mentee: str) -> str:
    both = _in_common(mentor, mentee)
    return gettext("Both can usually meet at these times: %(times)s.", times=both) if both else ""


def _styles(mentor: str, mentee: str) -> str:
    if mentor != mentee:
        return ""
    return gettext("Both like to work the same way: %(style)s.", style=_said(mentor.replace("_", " ")))


def _in_common(mentor: str, mentee: str) -> str:
    mentee_words = mentee.split(", ")
    return ", ".join(_said(word) for word in mentor.split(", ") if word in mentee_words)


def _said(answer: str) -> str:
    return gettext(answer) if answer in _ANSWERS else answer


_REASONS: dict[str, Callable[[str, str], str]] = {
    "goals": _areas,
    "library_type": _libraries,
    "distance": _towns,
    "availability": _times,
    "working_style": _styles,
}
