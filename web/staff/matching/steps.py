"""Drafting a match run, and publishing one."""

from collections.abc import Iterable

from schemas.cohort.settings import Objective
from schemas.forms.questions import Choice, Question
from schemas.matching.messages import MatchRequest
from schemas.preview import Preview
from services import match_review
from services.match_review import ClassPeople
from services.matching import check_rules, match_cohort, preview_match, preview_publish, publish
from web.staff.console import StaffVisit
from web.staff.matching.addresses import MATCHING, RUN, as_run, run_number
from web.staff.step_form import StepForm
from web.staff.steps import Answers, Step, step

AS_SET, ANEW = "settings", "0"
_OBJECTIVES: dict[Objective, str] = {
    "bands": "As few poor matches as possible, then the best total",
    "total": "The best total",
    "bottleneck": "The worst match as good as possible",
    "stable": "No two people who would both rather have each other",
}
PAIRS_IN_WORDS = "Check or uncheck. To add a pair, open it in a match run."


def matching_steps() -> tuple[Step, ...]:
    """Return the steps of matching."""
    return (
        step(MATCHING, "draft", _draft_form, _preview_draft, _draft, name="match-draft", in_background=True),
        step(RUN, "publish", _publish_form, _preview_publish, _publish, name="match-publish", back=MATCHING),
    )


async def _draft_form(visit: StaffVisit) -> StepForm:
    request = await match_review.next_request(visit.services, visit.cohort.id)
    people = await match_review.class_people(visit.services, visit.cohort.id)
    # A pair's page leads here with the pair in the address; it is checked, and can be unchecked like the others.
    fixed, apart = _named_pair(visit, people, "fix"), _named_pair(visit, people, "apart")
    pins, forbid = _union(request.pins, fixed, but=apart), _union(request.forbid, apart, but=fixed)
    return StepForm(
        title="Draft a match run",
        lead="A draft is for staff only. Nobody is told, and nothing is asked, until you publish it.",
        questions=(
            *_pairs_question("pins", "These stay together", (*request.pins, *fixed), people),
            *_pairs_question("forbid", "These are kept apart", (*request.forbid, *apart), people),
            _objective_question(visit),
            *await _close_to_question(visit),
        ),
        submit="Make the draft",
        typed={
            "pins": _joined(pins),
            "forbid": _joined(forbid),
            "objective": request.objective or AS_SET,
            "close_to": ANEW,
        },
    )


def _named_pair(visit: StaffVisit, people: ClassPeople, parameter: str) -> tuple[tuple[str, str], ...]:
    mentor, _, mentee = visit.request.query_params.get(parameter, "").partition(":")
    return ((mentor, mentee),) if mentor in people.by_id and mentee in people.by_id else ()


def _union(
    pairs: Iterable[tuple[str, str]], more: Iterable[tuple[str, str]], *, but: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    left_out = set(but)
    return [pair for pair in dict.fromkeys((*pairs, *more)) if pair not in left_out]


def _joined(pairs: Iterable[tuple[str, str]]) -> str:
    return ",".join(":".join(pair) for pair in pairs)


def _pairs_question(
    name: str, label: str, pairs: Iterable[tuple[str, str]], people: ClassPeople
) -> tuple[Question, ...]:
    choices = tuple(
        Choice(value=f"{mentor}:{mentee}", label=f"{people.name(mentor)} and {people.name(mentee)}")
        for mentor, mentee in dict.fromkeys(pairs)
    )
    return (Question(name=name, kind="ticks", label=label, hint=PAIRS_IN_WORDS, choices=choices),) if choices else ()


def _objective_question(visit: StaffVisit) -> Question:
    own = _OBJECTIVES[visit.cohort.matching.objective]
    choices = (
        Choice(value=AS_SET, label=f"As the settings say: {own[0].lower()}{own[1:]}"),
        *(Choice(value=value, label=label) for value, label in _OBJECTIVES.items()),
    )
    return Question(name="objective", kind="choice", label="What should the matching aim at?", choices=choices)


async def _close_to_question(visit: StaffVisit) -> tuple[Question, ...]:
    runs = await match_review.match_runs(visit.services, visit.cohort.id)
    if not runs:
        return ()
    kept = (Choice(value=str(run.run), label=f"Keep most pairs of match run {run.run}") for run in runs)
    choices = (Choice(value=ANEW, label="Match everyone anew"), *kept)
    return (Question(name="close_to", kind="choice", label="Start from an earlier run?", choices=choices),)


def _request(answers: Answers) -> MatchRequest:
    objective, close_to = answers.get("objective", AS_SET), answers.get("close_to", ANEW)
    return MatchRequest(
        pins=_pairs(answers.get("pins", "")),
        forbid=_pairs(answers.get("forbid", "")),
        objective=next((each for each in _OBJECTIVES if each == objective), None),
        close_to=None if close_to == ANEW else as_run(close_to),
    )


def _pairs(typed: str) -> tuple[tuple[str, str], ...]:
    parts = (pair.partition(":") for pair in typed.split(",") if pair)
    return tuple(sorted((mentor, mentee) for mentor, _, mentee in parts))


async def _preview_draft(visit: StaffVisit, answers: Answers) -> Preview:
    people = await match_review.class_people(visit.services, visit.cohort.id)
    drafted = await preview_match(visit.services, visit.cohort.id, _request(answers), people.name)
    return drafted.preview or Preview()


async def _draft(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    drafted = await match_cohort(visit.services, visit.member.actor, visit.cohort.id, _request(answers), note=note)
    return drafted.describe()


async def _publish_form(visit: StaffVisit) -> StepForm:
    run = run_number(visit)
    broken = await check_rules(visit.services.pool, visit.cohort.id, run, waived=True)
    people = await match_review.class_people(visit.services, visit.cohort.id)
    pairs = (f"{people.name(rule.mentor)} and {people.name(rule.mentee)}: {rule.why}." for rule in broken)
    waiver = Question(
        name="waiver",
        kind="text",
        label="Why do you make an exception?",
        hint=f"These pairs break a rule today. {' '.join(pairs)} To keep to the rules, draft again.",
        longest=500,
        required=True,
    )
    return StepForm(
        title=f"Publish match run {run}",
        lead="The people of these pairs are asked, or told where nobody is asked.",
        questions=(waiver,) if broken else (),
        submit="Publish it",
    )


async def _preview_publish(visit: StaffVisit, answers: Answers) -> Preview:
    people = await match_review.class_people(visit.services, visit.cohort.id)
    waiver = answers.get("waiver")
    publication = await preview_publish(visit.services, visit.cohort.id, run_number(visit), waiver, people.name)
    return publication.preview or Preview()


async def _publish(visit: StaffVisit, answers: Answers, note: str | None) -> str:
    people = await match_review.class_people(visit.services, visit.cohort.id)
    publication = await publish(
        visit.services, visit.member.actor, visit.cohort.id, run_number(visit), answers.get("waiver"), note=note
    )
    return " ".join(line.strip() for line in publication.describe(people.name))
